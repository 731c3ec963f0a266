"""NASLib's encodings of architectures, number for number.

Facts from naslib/search_spaces/nasbench201 and nasbench101/encodings.py.
"""

from __future__ import annotations

from enum import Enum

import numpy as np

from nasatlas.shims.naslib.metrics import NotAnswered


class EncodingType(Enum):
    """How an architecture can be encoded; a space has some of them."""

    ADJACENCY_ONE_HOT = "adjacency_one_hot"
    ADJACENCY_MIX = "adjacency_mix"
    PATH = "path"
    GCN = "gcn"
    BONAS = "bonas"
    SEMINAS = "seminas"
    COMPACT = "compact"


KNOWN = ("adjacency_one_hot", "path", "gcn", "bonas", "seminas")


def spelled(encoding_type) -> str:
    """The value of an encoding type, of NASLib's EncodingType or ours, or of a text, which older NASLib takes."""
    value = getattr(encoding_type, "value", encoding_type)
    if value not in KNOWN:
        raise NotAnswered(f"there is no encoding {encoding_type!r} of this space; known: {', '.join(KNOWN)}",
                          known=list(KNOWN), code="shims.unknown_encoding",
                          remedy="ask for one of them, as EncodingType.PATH")
    return value


def as_graph(kind: str, adjacency, numbers: list, width: int) -> dict:
    """GCN, BONAS and SEMINAS: `adjacency` V by V, the number of each vertex's operation below `width`."""
    count = len(numbers)
    one_hot = np.zeros((count, width), np.float32)
    one_hot[np.arange(count), numbers] = 1
    if kind == "bonas":
        # A vertex more, which all lead to; edges turned round, each vertex with itself.
        linked = np.ones((count + 1, count + 1), np.float32)
        linked[:count, :count] = adjacency
        linked[count] = 0
        np.fill_diagonal(linked, 1)
        operations = np.zeros((count + 1, width + 1), np.float32)
        operations[:count, :width] = one_hot
        operations[count, width] = 1
        return {"adjacency": np.ascontiguousarray(linked.T), "operations": operations, "val_acc": 0.0}
    return {"num_vertices": count, "adjacency": adjacency, "operations": numbers if kind == "seminas" else one_hot,
            "mask": np.ones(count, np.float32), "val_acc": 0.0}
