"""Cells of NAS-Bench-101: pruning, the published hash, and the canonical text under which atlases keep them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from nasatlas.errors import NotInSpace

try:
    # CPython's own, which takes half the time of OpenSSL's for short texts.
    from _md5 import md5
except ImportError:
    import functools
    import hashlib

    md5 = functools.partial(hashlib.md5, usedforsecurity=False)

OPERATIONS = ("conv3x3-bn-relu", "conv1x1-bn-relu", "maxpool3x3")
SHORT = ("conv3x3", "conv1x1", "maxpool")
_LONG = dict(zip(SHORT, OPERATIONS))


class ModelSpec:
    """A cell by its matrix and operations, and what is left of both when unconnected vertices are pruned.

    Edges are the entries that are not 0, of any type of number. `valid_spec` is False, and `matrix` and `ops` are None,
    where no path leads from the input to the output.
    """

    def __init__(self, matrix, ops, data_format: str = "channels_last"):
        try:
            given = np.array(matrix)
            numeric = given.dtype.kind in "buifc"
        except ValueError:
            numeric = False
        if not numeric:
            raise NotInSpace(f"{matrix!r} is not a matrix of numbers", remedy="give a row of 0 and 1 for each vertex")
        if given.ndim != 2 or given.shape[0] != given.shape[1]:
            raise NotInSpace(f"the matrix is not square but {' by '.join(map(str, given.shape)) or 'one number'}",
                             remedy="give a row and a column for each vertex")
        if given.dtype.kind in "fc" and np.isnan(given).any():
            raise NotInSpace("the matrix has entries that are not a number", remedy="give 1 for an edge and 0 for none")
        if not isinstance(ops, (Sequence, np.ndarray)) or isinstance(ops, str):
            raise NotInSpace(f"{ops!r} is not a list of operations",
                             remedy='give one for each vertex, "input" first and "output" last')
        if len(given) != len(ops):
            raise NotInSpace(f"{len(ops)} operations do not fit a matrix of {len(given)} rows",
                             remedy='give one for each vertex, "input" first and "output" last')
        edges = given != 0
        rows = edges.tolist()
        if any([any(row[:source + 1]) for source, row in enumerate(rows)]):
            raise NotInSpace("the matrix has entries on or below the diagonal; edges lead to later vertices",
                             remedy="number the vertices so that edges lead to higher ones")
        self.original_matrix = given
        self.original_ops = list(ops)
        self.data_format = data_format
        kept = _connected(rows)
        self.valid_spec = len(kept) > 1
        self.matrix = self.ops = None
        if self.valid_spec:
            whole = len(kept) == len(rows)
            self.matrix = (edges if whole else edges[np.ix_(kept, kept)]).astype(np.int8)
            self.ops = [self.original_ops[vertex] for vertex in kept]

    def hash_spec(self, canonical_ops=OPERATIONS) -> str:
        """The published hash, 32 digits; the same for isomorphic cells."""
        labels = [-1, *(list(canonical_ops).index(name) for name in self.ops[1:-1]), -2]
        rows = self.matrix.tolist()
        found = graph_hash(rows, labels)
        if len(labels) <= 7 and max(labels) < len(OPERATIONS):
            _remember(found, rows, labels)
        return found


_hashed = {}
"""Cells whose hash was computed last, by hash: a hash cannot be turned back into a cell."""
LARGEST = 65_536


def _remember(module_hash: str, rows: list, labels: list) -> None:
    if len(_hashed) >= LARGEST:
        _hashed.clear()
    _hashed[module_hash] = bytes(itertools.chain(*rows)), bytes(labels[1:-1])


def known_cell(module_hash: str) -> tuple | None:
    """Matrix and operations of a cell whose hash `hash_spec` computed lately; None for other hashes."""
    found = _hashed.get(module_hash)
    if found is None:
        return None
    entries, labels = found
    count = len(labels) + 2
    return ([list(entries[count * row:count * (row + 1)]) for row in range(count)],
            ["input", *(OPERATIONS[label] for label in labels), "output"])


def _connected(rows: list) -> list:
    """The vertices on paths from the first to the last, ascending; none where there is no path."""
    if not rows:
        return []
    count = len(rows)
    reached, reaching = [False] * count, [False] * count
    reached[0] = reaching[-1] = True
    for source, row in enumerate(rows):
        if reached[source]:
            reached = [one or edge for one, edge in zip(reached, row)]
    for source in range(count - 2, -1, -1):
        reaching[source] = any([edge and one for edge, one in zip(rows[source], reaching)])
    kept = [vertex for vertex in range(count) if reached[vertex] and reaching[vertex]]
    return kept if kept and kept[0] == 0 and kept[-1] == count - 1 else []


def graph_hash(matrix: list, labels: list) -> str:
    """MD5 over labels, into which the labels of neighbors are hashed once per vertex of the cell."""
    vertices = range(len(matrix))
    sources = [[v for v in vertices if matrix[v][w]] for w in vertices]
    targets = [[w for w in vertices if row[w]] for row in matrix]
    around = list(zip(vertices, sources, targets))
    now = [_digest(str((len(to), len(of), labels[v])).encode()) for v, of, to in around]
    for _ in vertices:
        # A single neighbor needs no sorting.
        now = [_digest(b"%s|%s|%s" % (
            now[of[0]] if len(of) == 1 else b"".join(sorted([now[w] for w in of])),
            now[to[0]] if len(to) == 1 else b"".join(sorted([now[w] for w in to])), now[v])) for v, of, to in around]
    return _digest(str([one.decode() for one in sorted(now)]).encode()).decode()


def _digest(text: bytes) -> bytes:
    return md5(text).hexdigest().encode()


def canonical_text(matrix, ops) -> str:
    """The text of a pruned cell: of all numberings the one whose (sources, operation), by vertex, are smallest."""
    count = len(matrix)
    sources = [{v for v in range(count) if matrix[v][w]} for w in range(count)]
    labels = [OPERATIONS.index(name) for name in ops[1:-1]]
    best = []

    def place(order: list, codes: list):
        if best and codes > best[0][0][:len(codes)]:
            return
        position = {vertex: at for at, vertex in enumerate(order)}
        if len(order) == count - 1:
            codes = [*codes, sum(1 << position[v] for v in sources[-1]) << 2]
            if not best or codes < best[0][0]:
                best[:] = [(codes, order)]
            return
        for vertex in range(1, count - 1):
            if vertex not in position and sources[vertex] <= position.keys():
                code = sum(1 << position[v] for v in sources[vertex]) << 2 | labels[vertex - 1]
                place([*order, vertex], [*codes, code])

    place([0], [])
    order = [*best[0][1], count - 1]
    rows = [".".join(str(at) for at in range(row + 1, count) if matrix[order[row]][order[at]])
            for row in range(count - 1)]
    names = ",".join(SHORT[labels[vertex - 1]] for vertex in order[1:-1])
    return f"v{count}:{'/'.join(rows)}" + (f":{names}" if names else "")


def read_text(text: str) -> tuple:
    """Matrix, of shape V by V, and operations with `input` and `output`, of a canonical text."""
    parts = text.split(":")
    count = int(parts[0][1:])
    entries = bytearray(count * count)
    for source, targets in enumerate(parts[1].split("/")):
        for target in targets.split("."):
            entries[source * count + int(target)] = 1
    names = parts[2].split(",") if len(parts) > 2 else []
    return (np.frombuffer(entries, np.int8).reshape(count, count),
            ["input", *[_LONG[name] for name in names], "output"])
