"""Forward values and every gradient of each layer -> Tests/NetsTests/Golden/layers.json.

Inputs and parameters are filled from their names in float32 and computed on in float64, so that what differs from
these values is the reader's rounding. The upstream gradient is the fill `upstream`, one per output. Run:
python layers.py
"""

import pathlib

import torch
import torch.nn.functional as F

import fill
from event_sequence_net import (
    Attention, DecoderLayer, EncoderLayer, EventSequenceNet, FeedForward, Head, MaskedBatchNorm, Stem,
    distillation_loss, pool, time_encoding)

PATH = pathlib.Path(__file__).parents[2] / "Tests" / "NetsTests" / "Golden" / "layers.json"


class Case:
    """Collects what a case is filled with and what came out of it."""

    def __init__(self, name, layer, **config):
        self.record = {"name": name, "layer": layer, "config": config, "fills": [], "outputs": {}, "gradients": {}}
        self.leaves = {}

    def input(self, name, shape, scale=1.0, offset=0.0, gradient=True):
        """A float input from the fill `name`."""
        self.record["fills"].append(fill.fill_record(name, shape, scale, offset))
        tensor = torch.from_numpy(fill.values(name, shape, scale, offset)).double()
        if gradient:
            self.leaves[name] = tensor.requires_grad_()
        return tensor

    def codes(self, name, shape, bound):
        """Integers from the fill `name`; they are also stored."""
        tensor = torch.from_numpy(fill.codes(name, shape, bound))
        self.record.setdefault("codes", {})[name] = {
            "shape": list(shape), "bound": bound, "values": tensor.reshape(-1).tolist()}
        return tensor

    def times(self, name, batch, steps, lengths):
        """Times by the rule of `fill.times`; they are also stored."""
        tensor = torch.from_numpy(fill.times(name, batch, steps, lengths))
        self.record.setdefault("times", {})[name] = {"shape": [batch, steps], "values": fill.flat(tensor)}
        return tensor.double()

    def module(self, module, prefix):
        """Fills a module's parameters, whose names then start with `prefix`."""
        self.record["fills"] += fill.fill_parameters(module, prefix)
        module.double()
        for name, _, tensor in fill.named_parameters(module, prefix):
            self.leaves[name] = tensor
        return module

    def finish(self, output, **others):
        """Runs backward from the fill `upstream` and stores the output and the gradients of all leaves."""
        shape = tuple(output.shape)
        self.record["outputs"]["output"] = {"shape": list(shape), "values": fill.flat(output)}
        for name, value in others.items():
            self.record["outputs"][name] = {"shape": list(value.shape), "values": fill.flat(value)}
        if self.leaves:
            upstream = torch.ones((), dtype=torch.float64)
            if shape:
                self.record["fills"].append(fill.fill_record("upstream", shape))
                upstream = torch.from_numpy(fill.values("upstream", shape)).double()
            output.backward(upstream)
            for name, leaf in self.leaves.items():
                gradient = torch.zeros_like(leaf) if leaf.grad is None else leaf.grad
                self.record["gradients"][name] = fill.flat(gradient)
        return self.record


def mask_of(lengths, steps):
    return torch.arange(steps) < torch.tensor(lengths).unsqueeze(1)


def embedding():
    case = Case("embedding", "embedding", batch=2, steps=5, rows=4, width=3)
    table = case.module(torch.nn.ModuleDict({"embedding": torch.nn.ModuleList([torch.nn.Embedding(4, 3)])}), "stem.")
    codes = case.codes("input.categorical.0", (2, 5), 4)
    return case.finish(table["embedding"][0](codes))


def batch_norm(lengths, training):
    steps, features, batch = 6, 3, len(lengths)
    mode = "train" if training else "eval"
    case = Case(f"batchnorm.{mode}.{'-'.join(map(str, lengths))}", "batchnorm", batch=batch, steps=steps,
                features=features, lengths=lengths, training=training)
    module = case.module(MaskedBatchNorm(features), "stem.norm.").train(training)
    if not training:
        module.running_mean.copy_(case.input("running_mean", (features,), 0.5, gradient=False))
        module.running_variance.copy_(case.input("running_variance", (features,), 0.5, 1.0, gradient=False))
    numeric = case.input("input.numeric", (batch, steps, features), 2)
    output = module(numeric, mask_of(lengths, steps))
    if not training:
        return case.finish(output)
    return case.finish(output, running_mean=module.running_mean, running_variance=module.running_variance)


def grouped_convolution(kernel, features=2, numeric_embedding=3, steps=7):
    case = Case(f"groupedconvolution.k{kernel}", "groupedconvolution", batch=2, steps=steps, features=features,
                numeric_embedding=numeric_embedding, kernel=kernel)
    conv = torch.nn.Conv1d(features, features * numeric_embedding, kernel, padding=kernel // 2, groups=features)
    case.module(torch.nn.ModuleDict({"conv": conv}), "stem.")
    x = case.input("input", (2, steps, features))
    return case.finish(conv(x.transpose(1, 2)).transpose(1, 2))


def convolution(width, steps):
    case = Case(f"convolution.m{width}.t{steps}", "convolution", batch=2, steps=steps, width=width, kernel=3)
    conv = case.module(torch.nn.Conv1d(width, width, 3, padding=1), "convolution.")
    return case.finish(conv(case.input("input", (2, steps, width)).transpose(1, 2)).transpose(1, 2))


def gru(width):
    case = Case(f"gru.m{width}", "gru", batch=2, steps=6, width=width)
    module = case.module(torch.nn.GRU(width, width, batch_first=True), "gru.")
    return case.finish(module(case.input("input", (2, 6, width)))[0])


def self_attention(width, hidden, heads):
    case = Case(f"selfattention.m{width}.h{hidden}.n{heads}", "selfattention", batch=2, steps=5, width=width,
                hidden=hidden, heads=heads)
    module = case.module(Attention(width, hidden, heads), "attention.")
    x = case.input("input", (2, 5, width))
    return case.finish(module(x, x))


def cross_attention(width, hidden, heads):
    case = Case(f"crossattention.m{width}.h{hidden}.n{heads}", "crossattention", batch=2, steps=5, query_length=3,
                width=width, hidden=hidden, heads=heads)
    module = case.module(Attention(width, hidden, heads), "crossattention.")
    return case.finish(module(case.input("input", (2, 3, width)), case.input("memory", (2, 5, width))))


def layer_norm(width):
    case = Case(f"layernorm.d{width}", "layernorm", batch=2, steps=5, width=width)
    module = case.module(torch.nn.LayerNorm(width), "norm.")
    return case.finish(module(case.input("input", (2, 5, width), 2, 0.25)))


def mish():
    case = Case("mish", "mish", batch=2, steps=5, width=3)
    return case.finish(F.mish(case.input("input", (2, 5, 3), 8)))


def mish_extremes():
    case = Case("mish.extremes", "mish", batch=1, steps=2, width=9)
    return case.finish(F.mish(case.input("input", (1, 2, 9), 90)))


def time(width, lengths=(6, 1, 4, 2), steps=6):
    case = Case(f"timeencoding.d{width}", "timeencoding", batch=len(lengths), steps=steps, width=width,
                lengths=list(lengths))
    return case.finish(time_encoding(case.times("input.times", len(lengths), steps, lengths), width))


def pooling(kind):
    case = Case(f"pooling.{kind}", "pooling", batch=3, steps=5, width=4, kind=kind)
    return case.finish(pool(case.input("input", (3, 5, 4)), kind))


def linear(rows, fan_in, fan_out):
    case = Case(f"linear.{fan_in}.{fan_out}", "linear", batch=rows, fan_in=fan_in, fan_out=fan_out)
    module = case.module(torch.nn.Linear(fan_in, fan_out), "linear.")
    return case.finish(module(case.input("input", (rows, fan_in))))


def cross_entropy(classes, weights):
    case = Case(f"crossentropy.c{classes}.{'weighted' if weights else 'plain'}", "crossentropy", batch=5,
                classes=classes, class_weights=weights or [1.0] * classes)
    logits, labels = case.input("input", (5, classes), 4), case.codes("input.labels", (5,), classes)
    weight = torch.tensor(weights or [1.0] * classes, dtype=torch.float64)
    return case.finish(F.cross_entropy(logits, labels, weight=weight))


def distillation(classes, weights, missing):
    """`missing[i]` lists the rows for which teacher i holds NaN."""
    case = Case(f"distillation.c{classes}.t{len(missing)}.missing{sum(map(len, missing))}", "distillation", batch=5,
                classes=classes, class_weights=weights, missing=missing)
    logits, labels = case.input("input", (5, classes), 4), case.codes("input.labels", (5,), classes)
    teachers = []
    for index, rows in enumerate(missing):
        teacher = case.input(f"teacher.{index}", (5, classes), 4, gradient=False)
        teacher[rows] = float("nan")
        teachers.append(teacher)
    return case.finish(distillation_loss(logits, labels, torch.tensor(weights, dtype=torch.float64), teachers))


def feed_forward(width, hidden):
    case = Case(f"feedforward.d{width}.h{hidden}", "feedforward", batch=2, steps=5, width=width, hidden=hidden)
    module = case.module(FeedForward(width, hidden, 0.0), "feedforward.")
    return case.finish(module(case.input("input", (2, 5, width))))


def encoder_layer(width, hidden, operations, heads):
    case = Case(f"encoderlayer.d{width}.{'-'.join(operations)}", "encoderlayer", batch=2, steps=5, width=width,
                hidden=hidden, operations=operations, heads=heads)
    module = case.module(EncoderLayer(width, hidden, operations, heads, 0.0), "encoder.0.")
    return case.finish(module(case.input("input", (2, 5, width))))


def decoder_layer(width, hidden, own, cross):
    case = Case(f"decoderlayer.d{width}.n{own}-{cross}", "decoderlayer", batch=2, steps=5, query_length=3,
                width=width, hidden=hidden, self_heads=own, cross_heads=cross)
    module = case.module(DecoderLayer(width, hidden, own, cross, 0.0), "decoder.0.")
    return case.finish(module(case.input("input", (2, 3, width)), case.input("memory", (2, 5, width))))


def stem(kernel, lengths=(7, 3, 1), steps=7):
    rows, features = [4, 3], 2
    case = Case(f"stem.k{kernel}", "stem", batch=len(lengths), steps=steps, rows=rows, embedding=3,
                features=features, numeric_embedding=2, kernel=kernel, lengths=list(lengths))
    module = case.module(Stem(rows, 3, features, 2, kernel), "stem.")
    codes = [case.codes(f"input.categorical.{index}", (len(lengths), steps), count)
             for index, count in enumerate(rows)]
    numeric = case.input("input.numeric", (len(lengths), steps, features), 2)
    return case.finish(module(torch.stack(codes, -1), numeric, mask_of(lengths, steps)))


def head(kind, classes=3):
    case = Case(f"head.{kind}", "head", batch=2, steps=5, width=4, classes=classes, kind=kind)
    module = case.module(Head(4, classes, kind, False), "head.")
    return case.finish(module(case.input("input", (2, 5, 4), 2)))


def network(name, *, rows, features, time_on, encoder, decoder, kind):
    lengths, steps, embedding, classes = (6, 2, 4), 6, 5, 3
    case = Case(f"network.{name}", "network", batch=3, steps=steps, rows=rows, embedding=embedding,
                features=features, numeric_embedding=embedding, hidden=4, classes=classes, kernel=3, time=time_on,
                encoder=[{"operations": operations, "heads": heads} for operations, heads in encoder],
                decoder=[{"self_heads": own, "cross_heads": cross} for own, cross in decoder],
                pooling=kind, lengths=list(lengths))
    module = case.module(
        EventSequenceNet(rows, embedding, features, embedding, 4, classes, time=time_on, encoder=encoder,
                         decoder=decoder, pooling=kind, dropout=0.0), "")
    codes = [case.codes(f"input.categorical.{index}", (3, steps), count) for index, count in enumerate(rows)]
    codes = torch.stack(codes, -1) if codes else torch.zeros((3, steps, 0), dtype=torch.int64)
    numeric = case.input("input.numeric", (3, steps, features), 2, gradient=False) if features else None
    times = case.times("input.times", 3, steps, lengths)
    return case.finish(module(codes, numeric, times, torch.tensor(lengths)))


def cases():
    yield embedding()
    yield batch_norm([6, 2, 4], True)
    yield batch_norm([1, 0, 1], True)
    yield batch_norm([6, 2, 4], False)
    yield from (grouped_convolution(kernel) for kernel in (1, 3, 5, 11))
    yield from (convolution(*shape) for shape in ((4, 6), (5, 2), (3, 1)))
    yield from (gru(width) for width in (5, 16))
    yield from (self_attention(5, 4, heads) for heads in (1, 2, 8))
    yield self_attention(16, 8, 2)
    yield from (cross_attention(5, 4, heads) for heads in (1, 2))
    yield from (layer_norm(width) for width in (5, 16))
    yield mish()
    yield mish_extremes()
    yield from (time(width) for width in (7, 8))
    yield from (pooling(kind) for kind in ("avg", "max", "mixed"))
    yield from (linear(*shape) for shape in ((4, 5, 3), (3, 16, 8)))
    yield from (cross_entropy(*pair) for pair in ((2, None), (2, [0.5, 1.5]), (4, [0.4, 1.1, 0.9, 1.6])))
    yield distillation(2, [0.5, 1.5], [[], [], []])
    yield distillation(3, [0.6, 1.1, 1.3], [[1, 3], [], [0]])
    yield distillation(3, [1.0, 1.0, 1.0], [[0, 1, 2, 3, 4], [2]])
    yield feed_forward(5, 4)
    subsets = (["attention"], ["gru"], ["convolution"], ["attention", "gru"], ["attention", "convolution"],
               ["gru", "convolution"], ["attention", "gru", "convolution"])
    yield from (encoder_layer(7, 4, subset, 2 if "attention" in subset else 0) for subset in subsets)
    yield decoder_layer(6, 4, 2, 4)
    yield from (stem(kernel) for kernel in (1, 5))
    yield from (head(kind) for kind in ("avg", "max", "mixed"))
    yield network("encoder-decoder", rows=[4], features=1, time_on=True, kind="mixed",
                  encoder=[(["attention", "gru", "convolution"], 2), (["gru", "convolution"], 0)],
                  decoder=[(1, 2), (2, 1)])
    yield network("decoder-only", rows=[4, 3], features=0, time_on=True, kind="max", encoder=[], decoder=[(2, 1)])
    yield network("encoder-only", rows=[], features=2, time_on=False, kind="avg", encoder=[(["attention"], 1)],
                  decoder=[])
    yield network("bare", rows=[4], features=1, time_on=True, kind="avg", encoder=[], decoder=[])


if __name__ == "__main__":
    records = list(cases())
    assert len({record["name"] for record in records}) == len(records), "two cases share a name"
    fill.write_cases(PATH, {"oracle": f"torch {torch.__version__.split('+')[0]}"}, records)
