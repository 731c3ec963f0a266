"""Encodings of cells by their live paths: which computation remains between the input and the output of a cell.

A live path has no `none`; skips add nothing to it. Sources/Spaces/Cells/LivePaths.swift has the same rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

NONE, SKIP, CONVOLUTION, POOLING, OTHER = "none", "skip", "convolution", "pooling", "other"
"""What an operation does to the data that passes."""


class Cell(NamedTuple):
    """What encodings need to know of a cell."""

    roles: tuple
    """The role of each operation of the space."""
    paths: list
    """For each live path the operations on it that compute something, in order, by number."""
    live: list
    """The operations on live paths, skips included, one per edge or vertex."""
    operations: list
    """The operation of each vertex between the input and the output."""
    edges: list
    """Pairs of vertices: 0 is the input, then the operations in their order, then the output."""


def counts(cell: Cell, longest: int) -> list:
    """How often each sequence of computing operations is a live path: sequences by length, then as numbers whose digits
    are the operations. `longest` is the length of the longest path of the space."""
    digits = {operation: digit for digit, operation in enumerate(
        number for number, role in enumerate(cell.roles) if role not in (NONE, SKIP))}
    base = len(digits)
    found = [0] * sum(base ** length for length in range(longest + 1))
    for path in cell.paths:
        first, number = sum(base ** length for length in range(len(path))), 0
        for operation in path:
            number = number * base + digits[operation]
        found[first + number] += 1
    return found


def summary(cell: Cell) -> list:
    """Counts along the live paths of a cell, 0 where none is live.

    - paths, and the operations on the longest and on the shortest;
    - per convolution the maximum and the sum on paths; per pooling and other operation the maximum, minimum and sum;
    - where there are convolutions, the maximum and minimum of all together;
    - 1 where a path computes nothing; where an operation passes nothing, 1 where no path is live;
    - per operation that passes something, how often it is live.
    """
    lengths = [len(path) for path in cell.paths]
    found = [len(cell.paths), max(lengths, default=0), min(lengths, default=0)]
    convolutions = [number for number, role in enumerate(cell.roles) if role == CONVOLUTION]
    for number, role in enumerate(cell.roles):
        if role in (NONE, SKIP):
            continue
        along = [path.count(number) for path in cell.paths]
        found.append(max(along, default=0))
        if role != CONVOLUTION:
            found.append(min(along, default=0))
        found.append(sum(along))
    if convolutions:
        along = [sum(path.count(number) for number in convolutions) for path in cell.paths]
        found += [max(along, default=0), min(along, default=0)]
    found.append(int(0 in lengths))
    if NONE in cell.roles:
        found.append(int(not cell.paths))
    return found + [cell.live.count(number) for number, role in enumerate(cell.roles) if role != NONE]


def graph(cell: Cell, vertices: int) -> list:
    """The cell as a graph of what computes: the number of vertices, then `vertices` labels, -1 where there are fewer,
    then for each pair of vertices 1 for an edge. Labels: 0 for the input, 1 for the output, 2 and more for operations.

    Vertices with `none`, and vertices on no path from the input to the output, are left out. The sources of a skip lead
    to its targets instead. Sources/Spaces/Cells/CellGraph.swift has the same rules.
    """
    kept, leads = _kept(cell.roles, cell.operations, cell.edges)
    output = len(cell.operations) + 1
    labels = [0 if one == 0 else 1 if one == output else cell.operations[one - 1] + 2 for one in kept]
    pairs = [int(target < len(kept) and leads[kept[source]][kept[target]])
             for source in range(vertices) for target in range(source + 1, vertices)]
    return [len(kept), *labels, *[-1] * (vertices - len(kept)), *pairs]


def _kept(roles: Sequence, operations: list, edges: list) -> tuple:
    """The vertices that remain, ascending, and by vertex the vertices that it leads to."""
    count = len(operations) + 2
    leads = [[False] * count for _ in range(count)]
    for source, target in edges:
        leads[source][target] = True
    removed = set()
    for vertex, operation in enumerate(operations, 1):
        if roles[operation] not in (NONE, SKIP):
            continue
        removed.add(vertex)
        if roles[operation] == SKIP:
            for source in range(vertex):
                if leads[source][vertex]:
                    leads[source] = [one or after for one, after in zip(leads[source], leads[vertex])]
        leads[vertex] = [False] * count
        for row in leads:
            row[vertex] = False
    reached, reaching = {0}, {count - 1}
    for vertex in range(1, count):
        if any(leads[source][vertex] for source in reached):
            reached.add(vertex)
    for vertex in range(count - 2, -1, -1):
        if any(leads[vertex][target] for target in reaching):
            reaching.add(vertex)
    return sorted({0, count - 1} | (reached & reaching) - removed), leads
