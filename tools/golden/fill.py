"""Deterministic numbers from a name, so that no weights are stored beside the golden values.

Element i of the tensor `name` comes from the SplitMix64 finalizer of fnv1a64(name) + (i + 1) * golden. The README
beside this file states the rule; the tests of the Swift package implement the same one.
"""

import json

import numpy as np
import torch

MASK = (1 << 64) - 1


def fnv1a64(text):
    value = 0xCBF29CE484222325
    for byte in text.encode("utf-8"):
        value = ((value ^ byte) * 0x100000001B3) & MASK
    return value


def uniform(name, count):
    """`count` float32 numbers in [0, 1), multiples of 2^-24."""
    with np.errstate(over="ignore"):
        state = np.uint64(fnv1a64(name)) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state = state ^ (state >> np.uint64(31))
    return (state >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-24)


def values(name, shape, scale=1.0, offset=0.0):
    """(u - 0.5) * 2 * scale + offset, every operation rounded to float32."""
    centred = (uniform(name, int(np.prod(shape))) - np.float32(0.5)) * np.float32(2)
    return (centred * np.float32(scale) + np.float32(offset)).reshape(shape)


def codes(name, shape, bound):
    """floor(u * bound) as integers 0 ..< bound (the product in float64, so that it is exact)."""
    return np.floor(uniform(name, int(np.prod(shape))).astype(np.float64) * bound).astype(np.int64).reshape(shape)


def times(name, batch, steps, lengths):
    """Running float32 sums of u over a sequence's real events, divided by their total; padding holds 1."""
    steps_of = uniform(name, batch * steps).reshape(batch, steps)
    result = np.ones((batch, steps), dtype=np.float32)
    for row in range(batch):
        total = np.float32(0)
        for step in range(lengths[row]):
            total = total + steps_of[row, step]
            result[row, step] = total
        result[row, : lengths[row]] /= total
    return result


def parameter_rule(name, shape):
    """Scale and offset of the parameter `name`, whose logical shape is `shape`."""
    owner, _, leaf = ("." + name).rpartition(".")
    owner = owner.rpartition(".")[2]
    if leaf == "scale":
        return np.float32(0.2), np.float32(1)
    if leaf.startswith("bias"):
        return np.float32(0.1), np.float32(0)
    if owner.startswith("norm"):
        return np.float32(0.2), np.float32(1)
    if leaf == "query" or owner == "embedding":
        return np.float32(1), np.float32(0)
    return np.float32(1 / np.sqrt(np.prod(shape[1:]))), np.float32(0)


def contract_name(torch_name):
    """PyTorch's name of a parameter -> the name that both sides use."""
    name = torch_name.removesuffix("_l0")
    if name.endswith("_l0_reverse"):
        owner, _, leaf = name.removesuffix("_l0_reverse").rpartition(".")
        name = f"{owner}.reverse.{leaf}"
    parts = name.split(".")
    return ".".join(parts[:-1]) if len(parts) > 2 and parts[-3] == "embedding" else name


def contract_shape(name, shape):
    """The stem's grouped convolution is (M * e_n, k) here, (M * e_n, 1, k) in PyTorch; all else is alike."""
    return (shape[0], shape[2]) if name == "stem.conv.weight" else tuple(shape)


def named_parameters(module, prefix=""):
    """(contract name, contract shape, tensor) of every parameter."""
    for torch_name, tensor in module.named_parameters():
        name = contract_name(prefix + torch_name)
        yield name, contract_shape(name, tensor.shape), tensor


def fill_parameters(module, prefix=""):
    """Fills every parameter by the rule; returns what was filled as JSON-ready records."""
    records = []
    with torch.no_grad():
        for name, shape, tensor in named_parameters(module, prefix):
            scale, offset = parameter_rule(name, shape)
            filled = values(name, shape, scale, offset)
            tensor.copy_(torch.from_numpy(filled).reshape(tensor.shape))
            records.append(fill_record(name, shape, scale, offset))
    return records


def fill_record(name, shape, scale=1.0, offset=0.0):
    return {"name": name, "shape": list(shape), "scale": rounded(scale), "offset": rounded(offset)}


def rounded(value):
    """Nine significant digits: enough to name every float32."""
    return float(f"{float(value):.9g}")


def flat(tensor):
    """A tensor's values, row-major, nine significant digits."""
    return [rounded(value) for value in tensor.detach().reshape(-1).tolist()]


def write_cases(path, header, cases):
    """One case a line, so that a change of one case is a change of one line."""
    with open(path, "w", encoding="utf-8") as file:
        file.write("{")
        for key, value in header.items():
            file.write(f"{json.dumps(key)}: {json.dumps(value)},\n")
        file.write('"cases": [\n')
        file.write(",\n".join(json.dumps(case, separators=(",", ":"), allow_nan=False) for case in cases))
        file.write("\n]}\n")
    print(f"{path}: {len(cases)} cases")
