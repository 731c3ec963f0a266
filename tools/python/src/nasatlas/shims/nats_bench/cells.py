"""The cells of NATS-Bench: their published numbers, and readings of their texts."""

from __future__ import annotations

import functools
import itertools
import pkgutil

import numpy as np

from nasatlas.shims.nats_bench.faults import UnreadableCell

OPERATIONS = ("none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3")
CHANNELS = (8, 16, 24, 32, 40, 48, 56, 64)
LAYERS = 5


@functools.lru_cache(maxsize=1)
def topology() -> tuple:
    """The 15,625 cells by published number, which follows no rule: three letters a...y a cell, two edges a letter."""
    letters = pkgutil.get_data(__package__, "topology-order.txt").decode("ascii").replace("\n", "")
    pairs = {chr(ord("a") + 5 * i + j): (first, second)
             for i, first in enumerate(OPERATIONS) for j, second in enumerate(OPERATIONS)}
    shape = "|{}~0|+|{}~0|{}~1|+|{}~0|{}~1|{}~2|"
    words = zip(letters[0::3], letters[1::3], letters[2::3])
    return tuple(shape.format(*pairs[one], *pairs[two], *pairs[three]) for one, two, three in words)


@functools.lru_cache(maxsize=1)
def size() -> tuple:
    """The 32,768 choices of five widths by published number: as a counter counts, the last width first."""
    return tuple(":".join(map(str, widths)) for widths in itertools.product(CHANNELS, repeat=LAYERS))


def lists(arch_str: str) -> list:
    """By node, pairs of operation and source: `[(("nor_conv_1x1", 0),), ...]`."""
    nodes = []
    if not isinstance(arch_str, str):
        raise UnreadableCell(f"{arch_str!r} is not the text of a cell",
                             remedy="write a cell as |nor_conv_3x3~0|+|none~0|none~1|+|...|")
    for node in arch_str.split("+"):
        pairs = []
        for edge in filter(None, node.split("|")):
            operation, _, source = edge.partition("~")
            if not source.isdecimal():
                raise UnreadableCell(f"{edge!r} of {arch_str!r} is not OPERATION~NODE",
                                     remedy="write a cell as |nor_conv_3x3~0|+|none~0|none~1|+|...|")
            pairs.append((operation, int(source)))
        nodes.append(tuple(pairs))
    return nodes


def matrix(arch_str: str, search_space=OPERATIONS) -> np.ndarray:
    """Nodes by nodes: in row t and column s the number in `search_space` of the operation from node s to node t."""
    nodes = lists(arch_str)
    found = np.zeros((len(nodes) + 1, len(nodes) + 1))
    for target, pairs in enumerate(nodes, 1):
        for operation, source in pairs:
            if operation not in search_space:
                raise UnreadableCell(f"there is no operation {operation} here; known: {', '.join(search_space)}",
                                     known=list(search_space))
            found[target, source] = search_space.index(operation)
    return found


def unique(nodes, zeros: bool | None) -> str:
    """A text that isomorphic cells share: sums are sorted, and skips leave no trace. With `zeros` a sum of nothing is
    #; None keeps skips too."""
    texts = ["0"]
    for pairs in nodes:
        terms = []
        for operation, source in pairs:
            before = texts[source]
            if zeros and (operation == "none" or before == "#"):
                terms.append("#")
            elif operation == "skip_connect" and zeros is not None:
                terms.append(before)
            else:
                terms.append(f"({before})@{operation}")
        texts.append("+".join(sorted(terms)))
    return texts[-1]


def unique_text(arch_str: str) -> str:
    """A text that isomorphic cells share: zeros are #, skips leave no trace, sums are sorted."""
    return unique(lists(arch_str), True)
