"""Encodings of SeqNAS architectures: the vector of the paper, the block summary and a sequence of tokens.

Sources/Spaces/EventSequence/EventSequenceVector.swift, EventSequenceBlockSummary.swift and EventSequenceSequence.swift
explain them.
"""

from __future__ import annotations

import math
from collections.abc import Callable

OPERATIONS = ("att", "gru", "conv")
SUBSETS = (("att",), ("gru",), ("conv",), ("att", "gru"), ("att", "conv"), ("gru", "conv"), ("att", "gru", "conv"))
"""Of operations of an encoder layer, in the order of the authors."""
KERNELS = ("k1", "k3", "k5", "kwide")
HEADS = (1, 2, 4, 8)
POOLINGS = ("avg", "max", "mixed")
LENGTHS = (122, 117)
"""Slots of the vector with a stem and without."""
_WIDTHS = {None: 0, "k1": 1, "k3": 3, "k5": 5, "kwide": 11}
"""Events that the kernel of the stem sees."""


def vector(own) -> list:
    """The AVec: 122 slots, or 117 without a stem. Depths and heads are unary, other choices one-hot."""
    encoder = [*own.encoder, *[(None, None)] * (4 - len(own.encoder))]
    decoder = [*own.decoder, *[(0, 0)] * (2 - len(own.decoder))]
    slots = [] if own.kernel is None else [*_one_hot(own.kernel, KERNELS), int(own.stem_dropout)]
    slots += [int(own.has_time), *_unary(len(own.encoder), 4)]
    for subset, _ in encoder:
        slots += _one_hot(subset, SUBSETS)
    for _, heads in encoder:
        slots += _unary(heads or 0, 8)
    slots += _unary(len(own.decoder), 2)
    for among, _ in decoder:
        # A layer of the decoder always has the first operation.
        slots += _unary(int(among > 0), 7)
    for side in (0, 1):
        for layer in decoder:
            slots += _unary(layer[side], 8)
    return [*slots, int(own.has_spatial_dropout), *_one_hot(own.pooling, POOLINGS)]


def choice(slots: str, known: tuple):
    """The one of `known` whose slot is 1; None where this is not one slot."""
    return known[slots.index("1")] if slots.count("1") == 1 else None


def _one_hot(value, known) -> list:
    return [int(one == value) for one in known]


def _unary(count: int, slots: int) -> list:
    return [int(slot < count) for slot in range(slots)]


def _sequence(own) -> list:
    """17 tokens below 34, one per choice; 0 for what does not exist."""
    tokens = [0, 0] if own.kernel is None else [1 + KERNELS.index(own.kernel), 6 if own.stem_dropout else 5]
    tokens.append(8 if own.has_time else 7)
    for subset, heads in own.encoder:
        tokens += [9 + SUBSETS.index(subset), 16 if heads is None else 17 + HEADS.index(heads)]
    tokens += [0, 0] * (4 - len(own.encoder))
    for among, across in own.decoder:
        tokens += [21 + HEADS.index(among), 25 + HEADS.index(across)]
    tokens += [0, 0] * (2 - len(own.decoder))
    return [*tokens, 30 if own.has_spatial_dropout else 29, 31 + POOLINGS.index(own.pooling)]


def _block_summary(own) -> list:
    """48 numbers about the blocks, whatever the order of the layers between the first and the last."""
    subsets, depth = [subset for subset, _ in own.encoder], len(own.encoder)
    heads = [count or 0 for _, count in own.encoder]
    most, layers, has_decoder = max(heads, default=0), max(1, depth), bool(own.decoder)
    shares = [_share(one, subsets) for one in OPERATIONS]
    pooling = _one_hot(own.pooling, POOLINGS)
    return [
        depth, *(sum(one in subset for subset in subsets) for one in OPERATIONS),
        *(subsets.count((one,)) for one in OPERATIONS),
        *(int(one in subset) for subset in (subsets[0] if subsets else (), subsets[-1] if subsets else ())
          for one in OPERATIONS),
        sum(heads), most, len(own.decoder), sum(among for among, _ in own.decoder),
        sum(across for _, across in own.decoder), *_one_hot(own.kernel, KERNELS), int(own.stem_dropout),
        int(own.has_time), int(own.has_spatial_dropout), *pooling, int(depth > 0), int(has_decoder),
        *shares, *(share / layers for share in shares), math.log2(depth) if depth else -1.0, math.log2(max(1, most)),
        int(depth > 0 and has_decoder), sum(map(len, subsets)) / layers, int(not depth and not has_decoder),
        *(int(has_decoder) * one for one in pooling), *(int(not has_decoder) * one for one in pooling),
        _WIDTHS[own.kernel]]


def _share(operation: str, subsets: list) -> float:
    """The share of channels that an operation takes, summed over the layers in order."""
    total = 0.0
    for subset in subsets:
        total += 1 / len(subset) if operation in subset else 0
    return total


ENCODERS: dict[str, Callable] = {"avec": vector, "block-summary": _block_summary, "sequence": _sequence}
"""The functions of an architecture by the name of the encoding, the default first."""
