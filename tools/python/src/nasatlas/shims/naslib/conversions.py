"""Cells of NAS-Bench-201 as NASLib numbers them."""

from __future__ import annotations

import numbers
from collections.abc import Iterable

from nasatlas.errors import UnknownArchitecture

OP_NAMES = ["Identity", "Zero", "ReLUConvBN3x3", "ReLUConvBN1x1", "AvgPool1x1"]
OPERATIONS = ("skip_connect", "none", "nor_conv_3x3", "nor_conv_1x1", "avg_pool_3x3")
"""The operations, with the names of NAS-Bench-201."""
EDGE_LIST = ((1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4))
ORDER = (0, 1, 3, 2, 4, 5)
"""Where the edges of a text are in EDGE_LIST, and the other way round."""
DATASETS = {"cifar10": "cifar10-valid", "cifar100": "cifar100", "ImageNet16-120": "ImageNet16-120"}


def convert_op_indices_to_str(op_indices) -> str:
    """The text of NAS-Bench-201 for six numbers in OP_NAMES, in the order of EDGE_LIST."""
    indices = list(op_indices) if isinstance(op_indices, Iterable) else []
    if len(indices) != 6 or not all(
            isinstance(index, numbers.Integral) and not isinstance(index, bool) and 0 <= index < 5
            for index in indices):
        raise UnknownArchitecture(f"{op_indices!r} is not a sequence of six numbers from 0 to 4", known=OP_NAMES,
                                  remedy="give places of these names, in the order of EDGE_LIST")
    return "|{}~0|+|{}~0|{}~1|+|{}~0|{}~1|{}~2|".format(*(OPERATIONS[indices[place]] for place in ORDER))


def convert_str_to_op_indices(str_encoding: str) -> tuple:
    """Six numbers in OP_NAMES, in the order of EDGE_LIST."""
    names = [] if not isinstance(str_encoding, str) else [
        edge.partition("~")[0] for node in str_encoding.split("+") for edge in node.strip(" |").split("|")]
    if len(names) != 6 or not set(names) <= set(OPERATIONS):
        raise UnknownArchitecture(f"{str_encoding!r} is not a cell of NAS-Bench-201", known=list(OPERATIONS),
                                  remedy="write a cell as |nor_conv_3x3~0|+|none~0|none~1|+|...| with these operations")
    return tuple(OPERATIONS.index(names[place]) for place in ORDER)
