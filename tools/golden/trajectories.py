"""Losses of twenty training steps of eight architectures, dropout off -> Tests/NetsTests/Golden/trajectories.json.

`losses` are of float32, as training runs; `losses64` are of the same start in float64 and show how far rounding alone
moves a trajectory. Run: python trajectories.py
"""

import pathlib

import torch
import torch.nn.functional as F

import fill
from event_sequence_net import EventSequenceNet

PATH = pathlib.Path(__file__).parents[2] / "Tests" / "NetsTests" / "Golden" / "trajectories.json"

# The order is the order of the speed benchmark: encoder (operations, heads), decoder (self heads, cross heads).
ARCHITECTURES = [
    ("1x{gru}", 1, "gru", 0, []),
    ("1x{att8}", 1, "attention", 8, []),
    ("1x{conv}", 1, "convolution", 0, []),
    ("2x{att4,gru}", 2, "attention gru", 4, []),
    ("2x{gru,conv}", 2, "gru convolution", 0, []),
    ("4x{att4,gru,conv}", 4, "attention gru convolution", 4, []),
    ("2x{att4,conv}+1x(4,4)", 2, "attention convolution", 4, [(4, 4)]),
    ("4x{att8,gru,conv}+2x(8,8)", 4, "attention gru convolution", 8, [(8, 8), (8, 8)]),
]
SIZES = {
    "large": {"embedding": 32, "hidden": 32, "batch": 64},
    "small": {"embedding": 16, "hidden": 16, "batch": 32},
}
ROWS, STEPS_PER_SEQUENCE, CLASSES, POOL, STEPS = 101, 64, 2, 4, 20
SHORTEST = 8


def make_batch(prefix, batch):
    """The inputs named `prefix.input.*` and their labels."""
    steps = STEPS_PER_SEQUENCE
    lengths = (SHORTEST + fill.codes(f"{prefix}.input.lengths", (batch,), steps - SHORTEST + 1)).tolist()
    return {
        "codes": torch.from_numpy(fill.codes(f"{prefix}.input.categorical.0", (batch, steps, 1), ROWS)),
        "numeric": torch.from_numpy(fill.values(f"{prefix}.input.numeric", (batch, steps, 1), 2)),
        "times": torch.from_numpy(fill.times(f"{prefix}.input.times", batch, steps, lengths)),
        "lengths": torch.tensor(lengths),
    }, torch.from_numpy(fill.codes(f"{prefix}.input.labels", (batch,), CLASSES))


def losses(architecture, size, batches, dtype):
    _, layers, operations, heads, decoder = architecture
    net = EventSequenceNet(
        [ROWS], size["embedding"], 1, size["embedding"], size["hidden"], CLASSES, kernel=3, time=True,
        encoder=[(operations.split(), heads)] * layers, decoder=decoder, pooling="avg", dropout=0.0)
    fill.fill_parameters(net)
    net.to(dtype)
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2)
    result = []
    for step in range(STEPS):
        inputs, labels = batches[step % POOL]
        inputs = {name: value.to(dtype) if value.is_floating_point() else value for name, value in inputs.items()}
        loss = F.cross_entropy(net(**inputs), labels, weight=torch.ones(CLASSES, dtype=dtype))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        result.append(fill.rounded(loss.item()))
    return result, sum(parameter.numel() for parameter in net.parameters())


def main():
    torch.set_num_threads(1)
    cases = []
    for size_name, size in SIZES.items():
        batches = [make_batch(f"pool{index}", size["batch"]) for index in range(POOL)]
        for architecture in ARCHITECTURES:
            name, layers, operations, heads, decoder = architecture
            single, count = losses(architecture, size, batches, torch.float32)
            double, _ = losses(architecture, size, batches, torch.float64)
            worst = max(abs(a - b) / abs(b) for a, b in zip(single, double, strict=True))
            print(f"{size_name:6} {name:28} {count:8} parameters, loss {single[0]:.6f} -> {single[-1]:.6f}, "
                  f"float32 against float64 {worst:.1e}")
            cases.append({
                "name": f"{size_name} {name}", "size": size_name, **size, "layers": layers,
                "operations": operations.split(), "heads": heads, "decoder": decoder, "parameters": count,
                "lengths": [inputs["lengths"].tolist() for inputs, _ in batches],
                "losses": single, "losses64": double})
    header = {"oracle": f"torch {torch.__version__.split('+')[0]}", "rows": ROWS, "time_steps": STEPS_PER_SEQUENCE,
              "classes": CLASSES, "pool": POOL, "kernel": 3, "learning_rate": 1e-3, "weight_decay": 1e-2,
              "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    fill.write_cases(PATH, header, cases)


if __name__ == "__main__":
    main()
