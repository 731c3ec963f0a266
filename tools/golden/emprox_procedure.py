"""EmProx as its authors' program runs it, in PyTorch, on the splits of `nasatlas evaluate predictors`.

    nasatlas evaluate predictors data/nasbench201.atlas --dataset cifar10 --train-size 121 --seed 1000 \
        --export-splits splits.csv
    python tools/golden/emprox_procedure.py splits.csv emprox-pytorch.csv
    nasatlas evaluate predictors data/nasbench201.atlas --dataset cifar10 --train-size 121 --seed 1000 \
        --predictor emprox --predictions emprox-pytorch.csv

Needs torch, scipy and the Python package `nasatlas` (PYTHONPATH=tools/python/src). Nothing is written for the tests: an
auto-encoder that begins otherwise has other neighbors, so what is compared is the mean over splits.
"""

import argparse

import numpy
import torch
from nasatlas import evaluate
from scipy.spatial.distance import cdist
from torch import nn
from torch.nn import functional

OPERATIONS = ["skip_connect", "none", "nor_conv_3x3", "nor_conv_1x1", "avg_pool_3x3"]
"""In the order of NASLib's numbers."""
TEXT_PLACES = [0, 1, 3, 2, 4, 5]
"""Where the published text has the operations of the edges 1-2, 1-3, 1-4, 2-3, 2-4, 3-4."""
ARROWS = [(0, 1), (0, 2), (0, 3), (1, 4), (1, 5), (2, 6), (3, 7), (4, 6), (5, 7), (6, 7)]
"""Operations as vertices between an input (0) and an output (7)."""
WORDS = 9
WIDTH, BATCH, EPOCHS, NEIGHBORS = 32, 100, 50, 60


def tokens(text):
    """Column by column of the triangular adjacency matrix: its marks, then the vertex's operation."""
    edges = [part.split("~")[0] for part in text.replace("+", "|").split("|") if part]
    vertices = [0] + [OPERATIONS.index(edges[place]) + 1 for place in TEXT_PLACES] + [6]
    words = []
    for column in range(1, 8):
        words += [int((row, column) in ARROWS) + 1 for row in range(column)]
        words.append(vertices[column] + 2)
    return words


class AutoEncoder(nn.Module):
    """Reads tokens into one embedding of length 1, and writes them again with attention to every step."""

    def __init__(self):
        super().__init__()
        self.read_words = nn.Embedding(WORDS, WIDTH)
        self.reader = nn.LSTM(WIDTH, WIDTH, batch_first=True, bidirectional=True)
        self.joined = nn.Linear(2 * WIDTH, WIDTH)
        self.written_words = nn.Embedding(WORDS, WIDTH)
        self.writer = nn.LSTM(WIDTH, WIDTH, batch_first=True)
        self.query = nn.Linear(WIDTH, WIDTH, bias=False)
        self.attended = nn.Linear(2 * WIDTH, WIDTH, bias=False)
        self.answer = nn.Linear(WIDTH, WORDS)

    def read(self, words):
        inputs = functional.dropout(self.read_words(words), 0.1, self.training)
        steps, _ = self.reader(inputs)
        steps = functional.normalize(inputs + self.joined(steps), dim=-1)
        return steps, functional.normalize(steps.mean(1), dim=-1)

    def write(self, words, steps, embedding):
        half = 0.5**0.5
        inputs = functional.dropout(self.written_words(words), 0.1, self.training)
        outputs, _ = self.writer(inputs, (embedding[None].contiguous(), embedding[None].contiguous()))
        outputs = (inputs + outputs) * half
        context = torch.softmax(self.query(outputs) @ steps.transpose(1, 2), -1) @ steps
        mixed = torch.tanh(self.attended(torch.cat([context, outputs], 2)))
        return functional.log_softmax(self.answer((outputs + mixed) * half), -1)


class Procedure:
    """`fit` and `predict` for `evaluate.predict_splits`; each fit begins with a seed of its own."""

    def __init__(self, seed):
        self.seed = seed

    def fit(self, architectures, values):
        torch.manual_seed(self.seed)
        self.seed += 1
        values = numpy.array(values)
        mean, deviation = values.mean(), values.std()
        scores = (values - mean) / deviation
        words = torch.tensor([tokens(text) for text in architectures])
        shifted = torch.cat([torch.zeros(len(words), 1, dtype=torch.long), words[:, :-1]], 1)
        network = AutoEncoder()
        optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, weight_decay=1e-4)
        embeddings, remembered = [], []
        for _ in range(EPOCHS):
            order = torch.randperm(len(words))
            for start in range(0, len(words), BATCH):
                rows = order[start : start + BATCH]
                steps, embedding = network.read(words[rows])
                # The published program keeps the embeddings of every batch of every epoch as neighbors.
                embeddings.append(embedding.detach().numpy().astype(float))
                remembered.append(scores[rows.numpy()])
                written = network.write(shifted[rows], steps, embedding)
                loss = functional.nll_loss(written.reshape(-1, WORDS), words[rows].reshape(-1))
                optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(network.parameters(), 5.0)
                optimizer.step()
        return network.eval(), numpy.concatenate(embeddings), numpy.concatenate(remembered), mean, deviation

    def predict(self, model, architectures):
        network, embeddings, remembered, mean, deviation = model
        with torch.no_grad():
            asked = network.read(torch.tensor([tokens(text) for text in architectures]))[1].numpy()
        distances = cdist(asked, embeddings)
        nearest = numpy.argpartition(distances, NEIGHBORS - 1, axis=1)[:, :NEIGHBORS]
        weights = 1 / numpy.take_along_axis(distances, nearest, 1)
        weights /= weights.sum(1, keepdims=True)
        return list((weights * remembered[nearest]).sum(1) * deviation + mean)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("splits")
    parser.add_argument("predictions")
    parser.add_argument("--seed", type=int, default=7000, help="of the first fit; the next has the next")
    options = parser.parse_args()
    torch.set_num_threads(1)
    procedure = Procedure(options.seed)
    count = evaluate.predict_splits(options.splits, options.predictions, procedure.fit, procedure.predict)
    print(f"{count} splits; predictions are in {options.predictions}")


if __name__ == "__main__":
    main()
