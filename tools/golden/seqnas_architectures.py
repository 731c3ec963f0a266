#!/usr/bin/env python3
"""Writes Tests/SpacesTests/Fixtures/seqnas-architectures.json: twelve architectures with what must follow from them.

An independent second implementation, in plain Python 3.9 or later (standard library only), of the architecture vector,
of the layout in which the SeqNAS authors release architectures, and of the counts. Counts are sums over explicit lists
of tensors and of matrix products, not closed formulas. The texts are what our sampler draws with seed 6: eight with
numeric features, then four without.

    python3 tools/golden/seqnas_architectures.py > Tests/SpacesTests/Fixtures/seqnas-architectures.json
"""

import json
import math

TEXTS = [
    "stem:kwide/time:off/encoder:att1/decoder:off/head:mixed",
    "stem:k3+dropout/time:off/encoder:off/decoder:off/head:mixed+spatial",
    "stem:k1/time:on/encoder:off/decoder:self1+cross8/head:mixed",
    "stem:k1+dropout/time:off/encoder:att1,conv,conv,att8+gru/decoder:off/head:max+spatial",
    "stem:k5+dropout/time:on/encoder:off/decoder:self2+cross8/head:avg",
    "stem:k1/time:on/encoder:off/decoder:self2+cross1/head:mixed+spatial",
    "stem:k1/time:off/encoder:att8+gru+conv,att2+conv/decoder:self8+cross1,self4+cross8/head:max+spatial",
    "stem:k5/time:off/encoder:off/decoder:off/head:mixed+spatial",
    "stem:none/time:off/encoder:off/decoder:off/head:avg+spatial",
    "stem:none/time:on/encoder:att8+gru+conv,gru,gru,gru+conv/decoder:off/head:avg",
    "stem:none/time:off/encoder:att8,att1/decoder:self4+cross8,self1+cross1/head:avg",
    "stem:none/time:off/encoder:conv/decoder:self8+cross4,self1+cross2/head:max",
]

SUBSETS = [["att"], ["gru"], ["conv"], ["att", "gru"], ["att", "conv"], ["gru", "conv"], ["att", "gru", "conv"]]
KERNELS = ["k1", "k3", "k5", "kwide"]
POOLINGS = ["avg", "max", "mixed"]
HEADS = [1, 2, 4, 8]

# Two data sets of our own making: channels that do not divide by 2 or 3, and automatic widths.
WITH_NUMERIC = {
    "categoricalCardinalities": [7, 120, 2], "categoricalEmbedding": "auto", "numericEmbedding": "auto",
    "numericCount": 3, "sequenceLength": 18, "classCount": 3, "hidden": 12,
}
WITHOUT_NUMERIC = {
    "categoricalCardinalities": [40, 5], "categoricalEmbedding": 11, "numericEmbedding": 4,
    "numericCount": 0, "sequenceLength": 50, "classCount": 2, "hidden": 16,
}


def parse(text):
    sections = dict(part.split(":") for part in text.split("/"))
    stem = None
    if sections["stem"] != "none":
        kernel, *dropout = sections["stem"].split("+")
        stem = (KERNELS.index(kernel), bool(dropout))
    encoder = []
    for layer in [] if sections["encoder"] == "off" else sections["encoder"].split(","):
        words = layer.split("+")
        heads = next((int(word[3:]) for word in words if word.startswith("att")), None)
        encoder.append((SUBSETS.index([word.rstrip("1248") for word in words]), heads))
    decoder = []
    for layer in [] if sections["decoder"] == "off" else sections["decoder"].split(","):
        own, cross = layer.split("+")
        decoder.append((int(own[4:]), int(cross[5:])))
    pooling, *spatial = sections["head"].split("+")
    return {
        "stem": stem, "time": sections["time"] == "on", "encoder": encoder, "decoder": decoder,
        "spatial": bool(spatial), "pooling": POOLINGS.index(pooling),
    }


def one_hot(index, count):
    return [int(i == index) for i in range(count)]


def unary(value, count):
    return [int(i < value) for i in range(count)]


def released(a):
    """The `arch` object: keys are paths in the authors' supernet, active parts only."""
    arch = {}
    if a["stem"]:
        arch["stem.linear_prep.1"] = one_hot(a["stem"][0], 4)
        arch["stem.linear_prep.2"] = int(a["stem"][1])
    arch["position_encoding"] = int(a["time"])
    arch["encoder"] = int(bool(a["encoder"]))
    if a["encoder"]:
        arch["encoder.layer.layers"] = unary(len(a["encoder"]), 4)
    for i, (subset, heads) in enumerate(a["encoder"]):
        key = f"encoder.layer.layers.ops.{i}"
        arch[key] = one_hot(subset, 7)
        if heads:
            arch[f"{key}.ops.{subset}.split_layer.layers.0.heads"] = unary(heads, 8)
    arch["decoder"] = int(bool(a["decoder"]))
    if a["decoder"]:
        arch["decoder.layer.layers.repeated_layer"] = unary(len(a["decoder"]), 2)
    for i, (own, cross) in enumerate(a["decoder"]):
        key = f"decoder.layer.layers.repeated_layer.ops.{i}"
        arch[f"{key}.self_attention.heads"] = unary(own, 8)
        arch[f"{key}.enc_attention.heads"] = unary(cross, 8)
    arch["head.layers.1"] = int(a["spatial"])
    arch["head.layers.2"] = one_hot(a["pooling"], 3)
    return arch


def vector(a):
    def padded(values, layers, width):
        return sum(values, []) + [0] * (width * (layers - len(values)))

    code = one_hot(a["stem"][0], 4) + [int(a["stem"][1])] if a["stem"] else []
    code += [int(a["time"])] + unary(len(a["encoder"]), 4)
    code += padded([one_hot(subset, 7) for subset, _ in a["encoder"]], 4, 7)
    code += padded([unary(heads or 0, 8) for _, heads in a["encoder"]], 4, 8)
    code += unary(len(a["decoder"]), 2)
    code += padded([one_hot(0, 7) for _ in a["decoder"]], 2, 7)
    code += padded([unary(own, 8) for own, _ in a["decoder"]], 2, 8)
    code += padded([unary(cross, 8) for _, cross in a["decoder"]], 2, 8)
    return code + [int(a["spatial"])] + one_hot(a["pooling"], 3)


def sizes(data):
    widths = []
    for cardinality in data["categoricalCardinalities"]:
        automatic = int(min(600, round(1.6 * cardinality**0.56)))
        widths.append(automatic if data["categoricalEmbedding"] == "auto" else data["categoricalEmbedding"])
    numeric = int(sum(widths) / len(widths)) if data["numericEmbedding"] == "auto" else data["numericEmbedding"]
    return widths, numeric, sum(widths) + data["numericCount"] * numeric


def chunks(d, count):
    size = math.ceil(d / count)
    return [min(size, d - i * size) for i in range(count)]


def linear(inputs, outputs):
    return [(outputs, inputs), (outputs,)]


def norm(width):
    return [(width,), (width,)]


def attention(m, h, heads, outputs):
    """`heads` heads with a scale each, and one norm and projection for each number in `outputs`."""
    return (3 * linear(m, h) + [(1,)]) * heads + [
        shape for n in outputs for shape in norm(n * h) + linear(n * h, m)]


def feed_forward(d, h):
    return norm(d) + linear(d, h) + norm(h) + linear(h, d)


def tensors(a, data, supernet):
    widths, numeric, d = sizes(data)
    h, n, classes = data["hidden"], data["numericCount"], data["classCount"]
    shapes = [(cardinality + 1, width) for cardinality, width in zip(data["categoricalCardinalities"], widths)]
    if n:
        kernel = [1, 3, 5, min(1 + data["sequenceLength"] // 4 * 2, 11)][a["stem"][0]]
        shapes += norm(n) + [(n * numeric, 1, kernel), (n * numeric,)]
    for subset, heads in a["encoder"]:
        for names in SUBSETS if supernet else [SUBSETS[subset]]:
            shapes += norm(d) + norm(d) + feed_forward(d, h)
            for name, m in zip(names, chunks(d, len(names))):
                if name == "att":
                    shapes += attention(m, h, 8, HEADS) if supernet else attention(m, h, heads, [heads])
                elif name == "gru":
                    shapes += 2 * [(3 * m, m), (3 * m,)]
                else:
                    shapes += [(m, m, 3), (m,)]
    for layer in a["decoder"]:
        shapes += 4 * norm(d) + feed_forward(d, h)
        for heads in layer:
            shapes += attention(d, h, 8, HEADS) if supernet else attention(d, h, heads, [heads])
    if supernet:
        shapes += linear(d, d)
    if supernet or a["decoder"]:
        shapes.append((classes, d))
    return shapes + linear(d, classes)


def products(a, data):
    """(rows, inner, columns) of every matrix product of a forward pass; convolutions as products over their taps."""
    _, numeric, d = sizes(data)
    h, t, q = data["hidden"], data["sequenceLength"], data["classCount"]
    found = []

    def attend(m, heads, own, other):
        for _ in range(heads):
            found.extend([(own, m, h), (other, m, h), (other, m, h), (own, h, other), (own, other, h)])
        found.append((own, heads * h, m))

    if a["stem"]:
        kernel = [1, 3, 5, min(1 + t // 4 * 2, 11)][a["stem"][0]]
        found.extend([(t, kernel, numeric)] * data["numericCount"])
    for subset, heads in a["encoder"]:
        for name, m in zip(SUBSETS[subset], chunks(d, len(SUBSETS[subset]))):
            if name == "att":
                attend(m, heads, t, t)
            elif name == "gru":
                found.extend([(1, m, 3 * m), (1, m, 3 * m)] * t)
            else:
                found.append((t, 3 * m, m))
        found.extend([(t, d, h), (t, h, d)])
    for own, cross in a["decoder"]:
        attend(d, own, q, q)
        attend(d, cross, q, t)
        found.extend([(q, d, h), (q, h, d)])
    found.append((1, d, q))
    return found


def entry(text):
    a = parse(text)
    data = WITH_NUMERIC if a["stem"] else WITHOUT_NUMERIC
    return {
        "text": text,
        "data": "withNumeric" if a["stem"] else "withoutNumeric",
        "parameters": sum(math.prod(shape) for shape in tensors(a, data, supernet=False)),
        "supernetParameters": sum(math.prod(shape) for shape in tensors(a, data, supernet=True)),
        "forwardFLOPs": 2 * sum(math.prod(product) for product in products(a, data)),
        "release": {"arch": released(a), "score": 0.5, "arch_code": vector(a)},
    }


def main():
    fixture = {
        "made by": "tools/golden/seqnas_architectures.py",
        "seed": 6,
        "dimensions": {"withNumeric": WITH_NUMERIC, "withoutNumeric": WITHOUT_NUMERIC},
    }
    print(json.dumps(fixture, indent=1)[:-2] + ',\n "architectures": [')
    print(",\n".join("  " + json.dumps(entry(text)) for text in TEXTS))
    print(" ]\n}")


if __name__ == "__main__":
    main()
