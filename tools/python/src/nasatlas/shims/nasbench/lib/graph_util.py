"""`nasbench.lib.graph_util`: the published hash of a cell, and small questions about graphs."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np

from nasatlas.errors import NotInSpace
from nasatlas.shims.nasbench.cell import graph_hash

__all__ = ["gen_is_edge_fn", "hash_module", "is_full_dag", "is_isomorphic", "num_edges", "permute_graph"]


def gen_is_edge_fn(bits: int) -> Callable:
    """Returns a function of two vertices: whether the graph of these bits has the edge between them.

    The bits count the entries above the diagonal column by column, the least significant bit first.
    """
    def is_edge(source, target):
        if source >= target:
            return 0
        return bits >> int(source + target * (target - 1) // 2) & 1 == 1

    return np.vectorize(is_edge)


def is_full_dag(matrix) -> bool:
    """Whether every vertex but the last has a target, and every vertex but the first has a source."""
    edges = np.asarray(matrix) != 0
    return bool(edges[:-1].any(axis=1).all() and edges[:, 1:].any(axis=0).all())


def num_edges(matrix) -> int:
    """The number of edges of a matrix of 0 and 1."""
    return np.sum(matrix)


def hash_module(matrix, labeling: Sequence) -> str:
    """The published hash of a cell with one label per vertex, 32 digits; the same for isomorphic cells."""
    edges = (np.asarray(matrix) != 0).tolist()
    if not len(edges) == len(labeling) == len(edges[0]):
        raise NotInSpace(f"{len(labeling)} labels do not fit a matrix of {len(edges)} rows",
                         remedy="give one label for each vertex of a square matrix")
    return graph_hash(edges, list(labeling))


def permute_graph(graph, label: Sequence, permutation: Sequence) -> tuple:
    """Matrix and labels with vertex v of the graph at `permutation[v]`."""
    order = np.argsort(permutation)
    return np.asarray(graph)[np.ix_(order, order)] == 1, [label[old] for old in order.tolist()]


def is_isomorphic(graph1: tuple, graph2: tuple) -> bool:
    """Whether two pairs of a matrix and labels are the same up to the numbering; tries every numbering."""
    first, wanted = np.asarray(graph1[0]), np.asarray(graph2[0]) == 1
    labels, wanted_labels = list(graph1[1]), list(graph2[1])
    for order in itertools.permutations(range(len(first))):
        found, renamed = permute_graph(first, labels, order)
        if renamed == wanted_labels and np.array_equal(found, wanted):
            return True
    return False
