"""Encodings of the cells of NAS-Bench-Graph; Sources/Spaces/NASBenchGraph/NASBenchGraphSpace+Encodings.swift explains
them. A cell is its canonical links and the numbers of its operations."""

from __future__ import annotations

import math
from collections.abc import Callable

from nasatlas.shims.nas_bench_graph import gnn_list
from nasatlas.spaces import live_paths

_NUMBERS = range(len(gnn_list))
_SKIP, _FC = gnn_list.index("skip"), gnn_list.index("fc")
_SUMS = {gnn_list.index(name) for name in ("gin", "graph")}
_ROOT_WEIGHTS = {gnn_list.index(name) for name in ("arma", "cheb", "gin", "graph", "sage")}
_COMPUTING = [number for number in _NUMBERS if number != _SKIP]
_MESSAGES = set(_COMPUTING) - {_FC}
_TRAITS = (_MESSAGES, _SUMS, _ROOT_WEIGHTS, {_FC}, {_SKIP})
_ROLES = tuple(live_paths.SKIP if number == _SKIP else live_paths.OTHER for number in _NUMBERS)


def _leaves(link: tuple) -> list:
    """The nodes without a node below, from 1."""
    return [node for node in range(1, 5) if node not in link]


def _paths(link: tuple, ops: tuple) -> list:
    """The operations from the input to each leaf, skips included."""
    found = []
    for node in _leaves(link):
        path = []
        while node:
            path.insert(0, ops[node - 1])
            node = link[node - 1]
        found.append(path)
    return found


def _without_skips(paths: list) -> list:
    return [[one for one in path if one != _SKIP] for path in paths]


def _along(paths: list, counted) -> list:
    """How many counted operations each path has."""
    return [sum(one in counted for one in path) for path in paths]


def _one_hot(link: tuple, ops: tuple) -> list:
    links = [int(link[node] == parent) for node in range(1, 4) for parent in range(node + 1)]
    return links + [int(one == number) for one in ops for number in _NUMBERS]


def _categorical(link: tuple, ops: tuple) -> list:
    return [*link[1:], *ops]


def _sequence(link: tuple, ops: tuple) -> list:
    return [token for parent, one in zip(link, ops) for token in (1 + parent, 5 + one)]


def _path_features(link: tuple, ops: tuple) -> list:
    """50 numbers: counts in the cell, lengths of paths, and per operation counts on paths and whether it begins or ends
    one."""
    paths = _paths(link, ops)
    lengths, messages = _along(paths, _COMPUTING), _along(paths, _MESSAGES)
    found = [ops.count(one) for one in _NUMBERS]
    found += [len(paths), max(lengths), min(lengths), max(messages), min(messages)]
    found += [max(_along(paths, {one})) for one in _NUMBERS] + [min(_along(paths, {one})) for one in _NUMBERS]
    return found + [int(any(path[end] == one for path in paths)) for end in (0, -1) for one in _NUMBERS]


def _pair_counts(link: tuple, ops: tuple) -> list:
    """90 numbers: how often each operation is below each other one, then below the input."""
    found = [0] * 90
    for parent, one in zip(link, ops):
        found[(9 if parent == 0 else ops[parent - 1]) * 9 + one] += 1
    return found


def _path_traits(link: tuple, ops: tuple) -> list:
    """49 numbers along the paths, of traits of operations and of operations."""
    paths = _paths(link, ops)
    computing, leaves = _without_skips(paths), len(paths)
    along = [_along(paths, trait) for trait in _TRAITS]
    found = [max(one) for one in along] + [min(one) for one in along] + [sum(one) / leaves for one in along]
    found += [sum(one in trait for one in ops) for trait in _TRAITS]
    found += [leaves, sum(not path for path in computing) / leaves, _longest_summing_run(computing),
              len(set(map(tuple, computing))), _deviation(along[0])]
    found += [sum(_along(paths, {one})) / leaves for one in _COMPUTING]
    return found + [sum(path[end] == one for path in computing if path) / leaves
                    for end in (0, -1) for one in _COMPUTING]


def _deviation(numbers: list) -> float:
    mean, total = sum(numbers) / len(numbers), 0.0
    for one in numbers:
        total += (one - mean) * (one - mean)
    return math.sqrt(total / len(numbers))


def _longest_summing_run(computing: list) -> int:
    """The most operations in a row on a path that sum over neighbors; fully connected layers do not end a row."""
    longest = 0
    for path in computing:
        run = 0
        for one in path:
            if one != _FC:
                run = run + 1 if one in _SUMS else 0
                longest = max(longest, run)
    return longest


def _live(link: tuple, ops: tuple) -> live_paths.Cell:
    edges = [(parent, node) for node, parent in enumerate(link, 1)] + [(node, 5) for node in _leaves(link)]
    return live_paths.Cell(_ROLES, _without_skips(_paths(link, ops)), list(ops), list(ops), edges)


ENCODERS: dict[str, Callable] = {
    "one-hot": _one_hot, "categorical": _categorical, "sequence": _sequence, "path-features": _path_features,
    "pair-counts": _pair_counts, "path-traits": _path_traits,
    "path-summary": lambda link, ops: _path_traits(link, ops) + _path_features(link, ops),
    "live-path-counts": lambda link, ops: live_paths.counts(_live(link, ops), 4),
    "live-path-summary": lambda link, ops: live_paths.summary(_live(link, ops)),
    "graph": lambda link, ops: live_paths.graph(_live(link, ops), 6)}
"""The functions of links and operations by the name of the encoding, the default first."""
