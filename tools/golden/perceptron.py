"""Six steps of a perceptron of two hidden layers -> Tests/SurrogatesTests/Golden/perceptron.json.

Weights and biases start from the fills of their names, the table (7 rows of 5 features) is the fill `table` with scale 2,
the targets are the fill `targets` with scale 3 and offset 1. Mean absolute error, a penalty on the weights of the output
layer, Adam with betas 0.9 and 0.99, learning rate 0.01, in float64. Run: python perceptron.py
"""

import json
import pathlib

import torch

import fill

PATH = pathlib.Path(__file__).parents[2] / "Tests" / "SurrogatesTests" / "Golden" / "perceptron.json"
INPUTS, WIDTH, ROWS = 5, 18, 7
BATCHES = [[0, 1, 2, 3], [4, 5, 6], [6, 0, 5, 1], [2, 4, 3], [3, 2, 1, 0], [5, 6, 4]]
PENALTY = 0.2


class Perceptron(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = torch.nn.ModuleList([torch.nn.Linear(INPUTS, WIDTH), torch.nn.Linear(WIDTH, WIDTH)])
        self.out = torch.nn.Linear(WIDTH, 1)

    def forward(self, rows):
        for layer in self.layers:
            rows = torch.relu(layer(rows))
        return self.out(rows)[:, 0]


def main():
    network = Perceptron().double()
    fill.fill_parameters(network)
    table = torch.from_numpy(fill.values("table", (ROWS, INPUTS), 2.0)).double()
    targets = torch.from_numpy(fill.values("targets", (ROWS,), 3.0, 1.0)).double()
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01, betas=(0.9, 0.99))
    losses = []
    for batch in BATCHES:
        optimizer.zero_grad()
        penalty = PENALTY * network.out.weight.abs().sum()
        loss = (network(table[batch]) - targets[batch]).abs().mean() + penalty
        loss.backward()
        optimizer.step()
        losses.append(fill.rounded(loss.item()))
    golden = {
        "oracle": f"torch {torch.__version__.split('+')[0]}", "inputs": INPUTS, "width": WIDTH, "rows": ROWS,
        "batches": BATCHES, "losses": losses, "outputs": fill.flat(network(table)),
        "outputWeights": fill.flat(network.out.weight)}
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in golden.items()]
    PATH.write_text("{" + ",\n".join(lines) + "}\n", encoding="utf-8")
    print(PATH)


if __name__ == "__main__":
    main()
