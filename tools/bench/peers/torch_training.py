"""PyTorch's side of the training benchmark: the eight event-sequence networks, written to be fast on one CPU thread.

All heads of an attention go through one matrix product, `scaled_dot_product_attention`, `nn.GRU`, `layer_norm`, the
foreach AdamW; eager and `torch.compile` are both offered, the caller takes the best. Dropout is on as in
training: 0.1 in encoder and decoder, none in the stem, no spatial dropout.

Reads commands on standard input, one a line, and answers each with one line of JSON:

    prepare ARCHITECTURE large|small MODE   builds the network and runs five warm-up steps
    steps N                                 {"seconds": ..., "loss": ...} of N training steps
    quit

MODE is `eager`, `compiled`, or `explicit`: eager with softmax(q kᵀ) v spelled out, which on one CPU thread is
sometimes faster than `scaled_dot_product_attention`.

A command that fails answers {"error": ...}; so does a compilation that takes longer than 90 seconds.
`python torch_training.py --check` compares every network with the reference in tools/golden and ends.
Needs tools/golden/requirements.txt, and a C++ compiler for `compiled`.
"""

import json
import os
import pathlib
import signal
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TORCHINDUCTOR_COMPILE_THREADS", "1")

import numpy as np  # noqa: E402
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from torch import nn  # noqa: E402

ATTENTION, GRU, CONVOLUTION = "attention", "gru", "convolution"
# (layers, operations, heads, decoder as (self heads, cross heads) a layer), in the order of the benchmark's names.
ARCHITECTURES = [
    (1, [GRU], 0, []),
    (1, [ATTENTION], 8, []),
    (1, [CONVOLUTION], 0, []),
    (2, [ATTENTION, GRU], 4, []),
    (2, [GRU, CONVOLUTION], 0, []),
    (4, [ATTENTION, GRU, CONVOLUTION], 4, []),
    (2, [ATTENTION, CONVOLUTION], 4, [(4, 4)]),
    (4, [ATTENTION, GRU, CONVOLUTION], 8, [(8, 8), (8, 8)]),
]
SIZES = {"large": (32, 32, 64), "small": (16, 16, 32)}  # embedding (d is twice that), hidden, batch
MODES = ("eager", "explicit", "compiled")
SEQUENCES, STEPS, ROWS, CLASSES, WARM_UP, COMPILE_SECONDS = 2000, 64, 101, 2, 5, 90


class Attention(nn.Module):
    """Self-attention when `memory` is absent, else attention of the queries over the memory."""

    def __init__(self, width, hidden, heads, cross=False):
        super().__init__()
        self.heads, self.hidden, self.cross, self.explicit = heads, hidden, cross, False
        inner = heads * hidden
        if cross:
            self.q, self.kv = nn.Linear(width, inner), nn.Linear(width, 2 * inner)
        else:
            self.qkv = nn.Linear(width, 3 * inner)
        self.scale = nn.Parameter(torch.ones(heads, 1, 1))
        self.norm, self.project = nn.LayerNorm(inner), nn.Linear(inner, width)

    def split(self, x, parts):
        """B×T×(parts·n·h) -> `parts` views of B×n×T×h."""
        return x.view(x.shape[0], x.shape[1], parts, self.heads, self.hidden).permute(2, 0, 3, 1, 4).unbind(0)

    def forward(self, x, memory=None):
        if self.cross:
            (q,), (k, v) = self.split(self.q(x), 1), self.split(self.kv(memory), 2)
        else:
            q, k, v = self.split(self.qkv(x), 3)
        if self.explicit:
            mixed = torch.softmax(q @ k.transpose(-1, -2) * self.hidden**-0.5, -1) @ v
        else:
            mixed = F.scaled_dot_product_attention(q, k, v)
        return self.project(self.norm((mixed * self.scale).transpose(1, 2).flatten(2)))


class FeedForward(nn.Module):
    def __init__(self, width, hidden, dropout):
        super().__init__()
        self.norm1, self.linear1 = nn.LayerNorm(width), nn.Linear(width, hidden)
        self.norm2, self.linear2 = nn.LayerNorm(hidden), nn.Linear(hidden, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x):
        return self.dropout(self.linear2(self.norm2(F.mish(self.dropout(self.linear1(self.norm1(x)))))))


class EncoderLayer(nn.Module):
    def __init__(self, width, hidden, operations, heads, dropout):
        super().__init__()
        self.parts = [len(part) for part in torch.empty(width).chunk(len(operations))]
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.operations = nn.ModuleDict()
        for name, part in zip(operations, self.parts, strict=True):
            if name == ATTENTION:
                self.operations[name] = Attention(part, hidden, heads)
            elif name == GRU:
                self.operations[name] = nn.GRU(part, part, batch_first=True)
            else:
                self.operations[name] = nn.Conv1d(part, part, 3, padding=1)
        self.feedforward, self.dropout = FeedForward(width, hidden, dropout), nn.Dropout(dropout)

    def forward(self, x):
        mixed = []
        for (name, operation), part in zip(self.operations.items(), self.norm1(x).split(self.parts, -1)):
            if name == GRU:
                mixed.append(operation(part)[0])
            elif name == CONVOLUTION:
                mixed.append(operation(part.transpose(1, 2)).transpose(1, 2))
            else:
                mixed.append(operation(part))
        y = self.dropout(mixed[0] if len(mixed) == 1 else torch.cat(mixed, -1)) + x
        return self.feedforward(self.norm2(y)) + y


class DecoderLayer(nn.Module):
    def __init__(self, width, hidden, own, cross, dropout):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.normquery, self.normmemory = nn.LayerNorm(width), nn.LayerNorm(width)
        self.selfattention = Attention(width, hidden, own)
        self.crossattention = Attention(width, hidden, cross, cross=True)
        self.feedforward, self.dropout = FeedForward(width, hidden, dropout), nn.Dropout(dropout)

    def forward(self, queries, memory):
        y = self.dropout(self.selfattention(self.norm1(queries))) + queries
        z = self.dropout(self.crossattention(self.normquery(y), self.normmemory(memory))) + y
        return self.feedforward(self.norm2(z)) + z


class Net(nn.Module):
    """One categorical and one numeric feature, kernel 3, time encoding, average pooling."""

    def __init__(self, architecture, embedding, hidden, dropout=0.1):
        super().__init__()
        layers, operations, heads, decoder = architecture
        width = 2 * embedding
        self.embedding = nn.Embedding(ROWS, embedding)
        self.normweight, self.normbias = nn.Parameter(torch.ones(1)), nn.Parameter(torch.zeros(1))
        self.register_buffer("mean", torch.zeros(1))
        self.register_buffer("variance", torch.ones(1))
        self.conv = nn.Conv1d(1, embedding, 3, padding=1)
        even = 2 * (width // 2) + 2
        frequencies = torch.exp(torch.arange(0, width, 2) * (-np.log(10000.0) / even))
        self.register_buffer("frequencies", frequencies.float())
        self.encoder = nn.ModuleList(EncoderLayer(width, hidden, operations, heads, dropout) for _ in range(layers))
        self.query = nn.Parameter(torch.randn(CLASSES, width)) if decoder else None
        self.decoder = nn.ModuleList(DecoderLayer(width, hidden, *heads, dropout) for heads in decoder)
        self.linear = nn.Linear(width, CLASSES)

    def forward(self, codes, numeric, times, mask, count):
        """codes, numeric, times (0…1 a sequence) and mask (1 real, 0 padding) B×T; count: how many are real."""
        mean = (numeric * mask).sum() / count
        centred = (numeric - mean) * mask
        variance = centred.square().sum() / count
        with torch.no_grad():
            self.mean.lerp_(mean, 0.1)
            self.variance.lerp_(variance * (count / (count - 1)), 0.1)
        normalised = centred * (torch.rsqrt(variance + 1e-5) * self.normweight) + self.normbias * mask
        events = self.conv(normalised.unsqueeze(1)).transpose(1, 2)
        x = torch.cat([self.embedding(codes), events], -1) * mask.unsqueeze(-1)
        angles = times.unsqueeze(-1) * self.frequencies
        x = x + torch.stack([angles.sin(), angles.cos()], -1).flatten(2)
        for layer in self.encoder:
            x = layer(x)
        if self.query is not None:
            queries = self.query.expand(x.shape[0], -1, -1)
            for layer in self.decoder:
                queries = layer(queries, x)
            x = queries
        return self.linear(F.mish(x).mean(1))


class Data:
    """2,000 synthetic sequences of 8 to 64 events, and an endless shuffled stream of full batches of them."""

    def __init__(self, seed=0):
        random = np.random.default_rng(seed)
        self.lengths = random.integers(8, STEPS + 1, SEQUENCES)
        mask = np.arange(STEPS) < self.lengths[:, None]
        times = np.where(mask, np.cumsum(random.random((SEQUENCES, STEPS)) * mask, 1), 0)
        times = np.where(mask, times / times.max(1, keepdims=True), 1)
        low = times.min(1, keepdims=True)
        self.codes = torch.from_numpy(random.integers(0, ROWS, (SEQUENCES, STEPS)) * mask)
        self.numeric = torch.from_numpy((random.standard_normal((SEQUENCES, STEPS)) * mask).astype(np.float32))
        self.times = torch.from_numpy(((times - low) / (1 - low)).astype(np.float32))
        self.mask = torch.from_numpy(mask.astype(np.float32))
        self.labels = torch.from_numpy(random.integers(0, CLASSES, SEQUENCES))

    def batches(self, size):
        while True:
            order = torch.randperm(SEQUENCES)
            for first in range(0, SEQUENCES - size + 1, size):
                rows = order[first:first + size]
                mask = self.mask[rows]
                yield (self.codes[rows], self.numeric[rows], self.times[rows], mask, mask.sum()), self.labels[rows]


class Trainer:
    def __init__(self, architecture, size, mode, data):
        embedding, hidden, batch = SIZES[size]
        self.net = Net(ARCHITECTURES[architecture], embedding, hidden)
        self.parameters = sum(parameter.numel() for parameter in self.net.parameters())
        for module in self.net.modules():
            if isinstance(module, Attention):
                module.explicit = mode == "explicit"
        self.forward = torch.compile(self.net, dynamic=False) if mode == "compiled" else self.net
        self.optimizer = torch.optim.AdamW(self.net.parameters(), lr=1e-3, weight_decay=1e-2, foreach=True)
        self.weights = torch.ones(CLASSES)
        self.batches = data.batches(batch)

    def run(self, steps):
        """Runs the steps; seconds and the last loss."""
        start = time.perf_counter()
        for _ in range(steps):
            inputs, labels = next(self.batches)
            loss = F.cross_entropy(self.forward(*inputs), labels, weight=self.weights)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.optimizer.step()
        return time.perf_counter() - start, loss.item()


class Session:
    """The answers to the commands. Keeps the last trainer of each mode, so that modes may alternate."""

    def __init__(self):
        self.data, self.prepared, self.current = Data(), {}, None

    def prepare(self, architecture, size, mode):
        key, start = (int(architecture), size, mode), time.perf_counter()
        if mode not in MODES:
            raise ValueError(f"unknown mode {mode}; one of {', '.join(MODES)}")
        if key[0] not in range(len(ARCHITECTURES)) or size not in SIZES:
            raise ValueError(f"no network {architecture} {size}; 0 to {len(ARCHITECTURES) - 1}, {' or '.join(SIZES)}")
        held_key, trainer = self.prepared.get(mode, (None, None))
        if held_key != key:
            self.current = None
            self.prepared.pop(mode, None)
            trainer = self.build(*key)
            self.prepared[mode] = (key, trainer)
        self.current = trainer
        return {"ready": True, "parameters": trainer.parameters, "prepare_seconds": time.perf_counter() - start}

    def build(self, architecture, size, mode):
        trainer = Trainer(architecture, size, mode, self.data)
        if mode == "compiled":
            torch._dynamo.reset()  # else the recompilation limit turns later networks into eager ones in silence
            signal.signal(signal.SIGALRM, too_slow)
            signal.alarm(COMPILE_SECONDS)
        try:
            trainer.run(WARM_UP)
        finally:
            signal.alarm(0)
        return trainer

    def steps(self, count):
        if self.current is None:
            raise ValueError("no network is prepared")
        if int(count) < 1:
            raise ValueError(f"{count} steps; at least 1")
        seconds, loss = self.current.run(int(count))
        return {"seconds": seconds, "loss": loss}


def too_slow(_signal, _frame):
    raise TimeoutError(f"compiling took longer than {COMPILE_SECONDS} seconds")


def serve():
    session = Session()
    for line in sys.stdin:
        word, *arguments = line.split() or [""]
        if word == "quit":
            return
        try:
            if word not in ("prepare", "steps"):
                raise ValueError(f"unknown command {line.strip()!r}; prepare, steps or quit")
            answer = getattr(session, word)(*arguments)
        except Exception as error:  # the caller decides what a failed command means
            answer = {"error": f"{type(error).__name__}: {error}"[:500]}
        print(json.dumps(answer), flush=True)


def copy_reference(net, reference):
    """Copies the weights of tools/golden's EventSequenceNet into the fused network."""
    with torch.no_grad():
        renamed = {"embedding.weight": "stem.embedding.0.weight", "conv.weight": "stem.conv.weight",
                   "conv.bias": "stem.conv.bias", "normweight": "stem.norm.weight", "normbias": "stem.norm.bias",
                   "query": "decoder.query", "linear.weight": "head.linear.weight", "linear.bias": "head.linear.bias"}
        source = dict(reference.named_parameters())
        for name, target in net.named_parameters():
            owner, _, leaf = renamed.get(name, name).replace("operations.", "").rpartition(".")
            block, _, projection = owner.rpartition(".")
            heads = sum(1 for key in source if key.startswith(f"{block}.head") and key.endswith(".q.weight"))
            if projection in ("q", "kv", "qkv"):
                rows = [source[f"{block}.head{head}.{part}.{leaf}"] for part in projection for head in range(heads)]
                target.copy_(torch.cat(rows))
            elif leaf == "scale":
                rows = [value for key, value in source.items() if key.startswith(f"{owner}.head") and "scale" in key]
                target.copy_(torch.stack(rows).view_as(target))
            else:
                target.copy_(source[f"{owner}.{leaf}"])


def check():
    """Logits and the norm of all gradients, dropout off, against the reference."""
    sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "golden"))
    import fill
    from event_sequence_net import EventSequenceNet
    data = Data()
    for size, (embedding, hidden, batch) in SIZES.items():
        for index, (layers, operations, heads, decoder) in enumerate(ARCHITECTURES):
            reference = EventSequenceNet([ROWS], embedding, 1, embedding, hidden, CLASSES, dropout=0.0,
                                         encoder=[(operations, heads)] * layers, decoder=decoder)
            fill.fill_parameters(reference)
            net = Net(ARCHITECTURES[index], embedding, hidden, dropout=0.0)
            copy_reference(net, reference)
            inputs, _ = next(data.batches(batch))
            lengths = inputs[3].sum(1).long()
            ours = net(*inputs)
            theirs = reference(inputs[0].unsqueeze(-1), inputs[1].unsqueeze(-1), inputs[2], lengths)
            norms = []
            for module, logits in ((net, ours), (reference, theirs)):
                logits.square().sum().backward()
                norms.append(sum(p.grad.square().sum() for p in module.parameters()).sqrt().item())
            worst, drift = (ours - theirs).abs().max().item(), abs(norms[0] / norms[1] - 1)
            print(f"{size} {index}: logits differ by {worst:.1e}, gradient norms by {drift:.1e}")
            if not (worst < 1e-4 and drift < 1e-4):
                sys.exit("the peer does not compute the reference network")


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    torch.manual_seed(0)
    if "--check" in sys.argv[1:]:
        check()
    else:
        serve()
