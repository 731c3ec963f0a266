"""NAS-Bench-101: cells of up to seven vertices and nine edges."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from nasatlas.errors import NotInSpace
from nasatlas.seeded import SeededGenerator
from nasatlas.spaces import live_paths
from nasatlas.spaces.base import BLANKS, Space
from nasatlas.spaces.configurations import Choice, Choices

OPERATIONS = ("conv3x3", "conv1x1", "maxpool")
PUBLISHED = ("conv3x3-bn-relu", "conv1x1-bn-relu", "maxpool3x3")
VERTICES, EDGES = 7, 9
"""At most, with input and output."""
_ROLES = (live_paths.CONVOLUTION, live_paths.CONVOLUTION, live_paths.POOLING)
_PAIRS = list(itertools.combinations(range(VERTICES), 2))
"""The pairs of vertices that an edge may join, row by row."""


class _Graph:
    """Vertex 0 is the input, vertex 1 the output, all others have an operation. Labels need not follow the edges.

    `sources[v]` is a set of vertices as bits.
    """

    def __init__(self, sources: list, operations: list):
        self.sources = sources
        self.operations = operations
        """By vertex; 0 for input and output."""

    def __len__(self):
        return len(self.sources)

    @property
    def edges(self) -> list:
        """Pairs of source and target."""
        return [(source, target) for source in range(len(self)) for target in range(len(self))
                if self.sources[target] >> source & 1]

    def ancestors(self) -> list:
        """For each vertex, the vertices from which it can be reached, including itself."""
        found = [sources | 1 << vertex for vertex, sources in enumerate(self.sources)]
        for _ in range(3):
            # Each round doubles the length of paths that is covered.
            before = list(found)
            for vertex, other in itertools.product(range(len(self)), repeat=2):
                if before[vertex] >> other & 1:
                    found[vertex] |= before[other]
        return found

    def changed(self, source: int, target: int) -> _Graph:
        """With one edge put in, or taken out where it is there."""
        sources = list(self.sources)
        sources[target] ^= 1 << source
        return _Graph(sources, self.operations)

    def pruned(self) -> _Graph | None:
        """Without the vertices that are on no path from the input to the output; None where there is no path."""
        ancestors = self.ancestors()
        live = [vertex for vertex in range(len(self)) if ancestors[vertex] & 1 and ancestors[1] >> vertex & 1]
        if live[:2] != [0, 1]:
            return None
        sources = [sum(1 << new for new, source in enumerate(live) if self.sources[old] >> source & 1) for old in live]
        return _Graph(sources, [self.operations[old] for old in live])

    def code(self) -> tuple:
        """The number of vertices, then by position sources and operation, in the numbering where these are smallest.

        It is equal for isomorphic cells. The graph must be pruned.
        """
        count, best = len(self), None
        positions = {0: 0}

        def place(codes: tuple) -> None:
            nonlocal best
            if best is not None and codes > best[:len(codes)]:
                return
            if len(positions) == count - 1:
                complete = (*codes, moved(self.sources[1]) << 2)
                best = complete if best is None else min(best, complete)
                return
            placed = sum(1 << vertex for vertex in positions)
            for vertex in range(2, count):
                if vertex not in positions and not self.sources[vertex] & ~placed:
                    code = moved(self.sources[vertex]) << 2 | self.operations[vertex]
                    positions[vertex] = len(positions)
                    place((*codes, code))
                    del positions[vertex]

        def moved(sources: int) -> int:
            return sum(1 << position for vertex, position in positions.items() if sources >> vertex & 1)

        place((count,))
        return best


def _graph(code: tuple) -> _Graph:
    """The graph of a code: position 0 is vertex 0, the last one vertex 1."""
    count = code[0]
    label = [0, *range(2, count), 1]
    sources, operations = [0] * count, [0] * count
    for position, one in enumerate(code[1:], 1):
        sources[label[position]] = sum(1 << label[source] for source in range(position) if one >> 2 + source & 1)
        operations[label[position]] = one & 3
    return _Graph(sources, operations)


def _text(code: tuple) -> str:
    count = code[0]
    rows = [".".join(str(target) for target in range(source + 1, count) if code[target] >> 2 + source & 1)
            for source in range(count - 1)]
    names = ",".join(OPERATIONS[one & 3] for one in code[1:-1])
    return f"v{count}:{'/'.join(rows)}" + (f":{names}" if names else "")


_CHOICES = Choices(
    "nasbench101", [*(Choice(f"edge_{source}_{target}", (0, 1)) for source, target in _PAIRS),
                    *(Choice(f"op_node_{vertex}", PUBLISHED) for vertex in range(1, VERTICES - 1))],
    "matrix:" + "".join(f"{{edge_{source}_{target}}}" if source < target else "0"
                        for source in range(VERTICES) for target in range(VERTICES))
    + ":" + ",".join(f"{{op_node_{vertex}}}" for vertex in range(1, VERTICES - 1)), is_one_to_one=False)
"""The published matrix of seven vertices. Several configurations are one cell; a configuration without a path from
vertex 0 to vertex 6, or with more than nine edges on such paths, is none."""


class NASBench101Space(Space):
    """Pruned cells; isomorphic ones are one."""

    name = "nasbench101"
    kind = "cell"

    @property
    def size(self) -> int:
        return 423_624

    def _canonical(self, text: str) -> str:
        return _text(_read(text))

    @property
    def _choices(self) -> Choices:
        return _CHOICES

    def _choice_text(self, text: str) -> str:
        edges, operations = _padded(_read(text))
        rows = "".join(str(edges.get((source, target), 0)) for source in range(VERTICES) for target in range(VERTICES))
        return f"matrix:{rows}:{','.join(PUBLISHED[one or 0] for one in operations)}"

    def neighbors(self, architecture: str) -> list[str]:
        """The cells at one operation or one edge: an edge that comes or goes brings at most one vertex in or out."""
        graph = _graph(_read(architecture))
        return [_text(code) for code in sorted({*_other_operations(graph), *_other_edges(graph)})]

    def _draw(self, generator: SeededGenerator) -> str:
        while True:
            edges = [[target for target in range(source + 1, VERTICES) if generator.chance(0.5)]
                     for source in range(VERTICES - 1)]
            code = _cell(edges, [generator.below(len(OPERATIONS)) for _ in range(VERTICES - 2)])
            if code is not None:
                return _text(code)

    def _mutated(self, architecture: str, generator: SeededGenerator) -> str:
        """Changes an operation or an edge, each with probability 0.5; an edge where there is no inner vertex."""
        graph = _graph(_read(architecture))
        changes_operation = generator.chance(0.5)
        found = list(_other_operations(graph)) if changes_operation and len(graph) > 2 else sorted(_other_edges(graph))
        return _text(generator.pick(found))

    def _crossed(self, first: str, second: str, generator: SeededGenerator) -> str:
        """Takes each entry of the matrix of seven vertices and each operation from either parent, again until the result
        is a cell; if 100 draws give no cell, the child is one of the parents."""
        codes = _read(first), _read(second)
        parents = [_padded(code) for code in codes]
        for _ in range(100):
            edges = {pair: generator.pick(parents)[0][pair] for pair in _PAIRS}
            operations = []
            for place in range(VERTICES - 2):
                known = [one[place] for _, one in parents if one[place] is not None]
                operations.append(generator.pick(known) if known else 0)
            code = _cell([[target for target in range(source + 1, VERTICES) if edges[source, target]]
                          for source in range(VERTICES - 1)], operations)
            if code is not None:
                return _text(code)
        return _text(generator.pick(codes))

    def identifiers(self, architecture: str) -> dict[str, str]:
        from nasatlas.shims.nasbench.cell import graph_hash
        code = _read(architecture)
        count = code[0]
        matrix = [[int(target > source and code[target] >> 2 + source & 1) for target in range(count)]
                  for source in range(count)]
        operations = [one & 3 for one in code[1:-1]]
        return {"hash": graph_hash(matrix, [-1, *operations, -2]),
                "matrix": "".join(map(str, itertools.chain(*matrix))),
                "operations": ",".join(["input", *(PUBLISHED[one] for one in operations), "output"])}

    def _encoders(self) -> dict[str, Callable]:
        def of(function):
            return lambda architecture: function(_read(architecture))

        return {"adjacency": of(_adjacency), "categorical": of(_categorical), "path": of(_path_slots),
                "sequence": of(_sequence), "live-path-counts": of(lambda code: live_paths.counts(_live(code), 5)),
                "live-path-summary": of(lambda code: live_paths.summary(_live(code))),
                "graph": of(lambda code: live_paths.graph(_live(code), VERTICES))}


# Encodings: of a matrix of seven vertices, inner vertices from 1, the output at 6

def _padded(code: tuple) -> tuple:
    """Edges by pair of vertices, and the operations of the vertices 1 to 5, None where there is no vertex."""
    edges, last = dict.fromkeys(_PAIRS, 0), code[0] - 1
    for target in range(1, code[0]):
        for source in range(target):
            edges[source, VERTICES - 1 if target == last else target] |= code[target] >> 2 + source & 1
    operations = [one & 3 for one in code[1:-1]]
    return edges, operations + [None] * (VERTICES - 2 - len(operations))


def _adjacency(code: tuple) -> list:
    edges, operations = _padded(code)
    return [*edges.values(), *(int(one == known) for one in operations for known in range(len(OPERATIONS)))]


def _categorical(code: tuple) -> list:
    edges, operations = _padded(code)
    return [*edges.values(), *(-1 if one is None else one for one in operations)]


def _sequence(code: tuple) -> list:
    """27 tokens below 7: per vertex 1 or 2 for each earlier one, 2 where it leads here, then 3 to 5 for the operation,
    6 for the output; 0 for absent vertices."""
    edges, operations = _padded(code)
    tokens = []
    for vertex in range(1, VERTICES):
        operation = VERTICES - 1 if vertex == VERTICES - 1 else operations[vertex - 1]
        if operation is None:
            tokens += [0] * (vertex + 1)
        else:
            tokens += [1 + edges[source, vertex] for source in range(vertex)]
            tokens.append(operation if vertex == VERTICES - 1 else 3 + operation)
    return tokens


def _path_slots(code: tuple) -> list:
    """The path encoding of BANANAS: 364 slots, 1 where a path with these operations leads to the output."""
    slots = [0] * 364
    for path in _paths(code):
        slots[sum((operation + 1) * 3 ** place for place, operation in enumerate(path))] = 1
    return slots


def _paths(code: tuple, vertex: int = 0) -> list:
    """The operations on each path from a vertex to the output."""
    last, found = code[0] - 1, []
    for target in range(vertex + 1, code[0]):
        if code[target] >> 2 + vertex & 1:
            found += [[]] if target == last else [[code[target] & 3, *rest] for rest in _paths(code, target)]
    return found


def _live(code: tuple) -> live_paths.Cell:
    operations = [one & 3 for one in code[1:-1]]
    edges = [(source, target) for target in range(1, code[0]) for source in range(target)
             if code[target] >> 2 + source & 1]
    return live_paths.Cell(_ROLES, _paths(code), operations, operations, edges)


# Moves

def _other_edges(graph: _Graph) -> set:
    found = set(_without_an_edge(graph))
    if len(graph.edges) < EDGES:
        found.update(_with_an_edge(graph))
    if len(graph) < VERTICES:
        found.update(_with_a_vertex(graph))
    return found


def _cell(edges: list, operations: list) -> tuple | None:
    """The code of a cell by the targets of each vertex but the output, and the operations; None for an invalid cell."""
    count = len(edges) + 1
    label = [0, *range(2, count), 1]
    sources = [0] * count
    for source, targets in enumerate(edges):
        for target in targets:
            sources[label[target]] |= 1 << label[source]
    pruned = _Graph(sources, [0, 0, *operations]).pruned()
    return None if pruned is None or len(pruned.edges) > EDGES else pruned.code()


def _other_operations(graph: _Graph):
    for vertex in range(2, len(graph)):
        for one in range(len(OPERATIONS)):
            if one != graph.operations[vertex]:
                yield _Graph(graph.sources, [*graph.operations[:vertex], one, *graph.operations[vertex + 1:]]).code()


def _without_an_edge(graph: _Graph):
    for source, target in graph.edges:
        pruned = graph.changed(source, target).pruned()
        if pruned is not None and len(pruned) >= len(graph) - 1:
            yield pruned.code()


def _with_an_edge(graph: _Graph):
    ancestors = graph.ancestors()
    for source, target in itertools.product(range(len(graph)), repeat=2):
        # An edge to an ancestor would close a cycle.
        is_possible = source != 1 and target != 0 and not ancestors[source] >> target & 1
        if is_possible and not graph.sources[target] >> source & 1:
            yield graph.changed(source, target).code()


def _with_a_vertex(graph: _Graph):
    """With a vertex of one edge in and any out, or any in and one out."""
    count, ancestors = len(graph), graph.ancestors()
    left = EDGES - len(graph.edges)
    sets = [[vertex for vertex in range(count) if one >> vertex & 1] for one in range(1, 1 << count)]
    for sources, targets in itertools.product(sets, repeat=2):
        if 1 in sources or 0 in targets or min(len(sources), len(targets)) > 1 or len(sources) + len(targets) > left:
            continue
        reaching = 0
        for vertex in sources:
            reaching |= ancestors[vertex]
        if any(reaching >> vertex & 1 for vertex in targets):
            continue
        of_all = [one | (vertex in targets) << count for vertex, one in enumerate(graph.sources)]
        own = sum(1 << vertex for vertex in sources)
        for operation in range(len(OPERATIONS)):
            yield _Graph([*of_all, own], [*graph.operations, operation]).code()


def _of_rows(head: str, rows: str) -> tuple:
    """The number of vertices and the targets of each but the output, as canonical texts have them."""
    count = int(head[1:]) if head[:1] == "v" and head[1:].isascii() and head[1:].isdigit() else 0
    return count, [[int(target) for target in row.split(".")] for row in rows.split("/")]


def _of_matrix(entries: str) -> tuple:
    """The same of a published matrix: its entries as 0 and 1, row by row."""
    count = {vertices * vertices: vertices for vertices in range(2, VERTICES + 1)}.get(len(entries), 0)
    rows = [entries[vertex * count:(vertex + 1) * count] for vertex in range(count)]
    if set(entries) - {"0", "1"} or any("1" in row[:vertex + 1] for vertex, row in enumerate(rows)):
        raise ValueError("not the upper triangle of a matrix")
    return count, [[target for target, one in enumerate(row) if one == "1"] for row in rows[:-1]]


def _read(text: str) -> tuple:
    """The code of a text: `v5:1.2.4/2/3/4:conv3x3,conv1x1,maxpool`, in any numbering that edges follow upwards, or
    `matrix:011001010:conv3x3`."""
    head, *parts = text.strip(BLANKS).lower().split(":")
    try:
        count, edges = _of_matrix(parts[0]) if head == "matrix" else _of_rows(head, parts[0])
        names = parts[1].split(",") if len(parts) > 1 else []
        if head == "matrix" and len(names) == count and (names[0], names[-1]) == ("input", "output"):
            names = names[1:-1]
        operations = [(*OPERATIONS, *PUBLISHED).index(name) % len(OPERATIONS) for name in names]
    except (ValueError, IndexError):
        count, edges, operations = 0, [], []
    fits = 2 <= count <= VERTICES and len(parts) <= 2 and len(edges) == count - 1 and len(operations) == count - 2
    if not fits or any(len(set(row)) != len(row) or not all(source < target < count for target in row)
                       for source, row in enumerate(edges)):
        raise NotInSpace(f"{text!r} is not a cell of nasbench101; the form is v5:1.2.4/2/3/4:conv3x3,conv1x1,maxpool",
                         known=list(OPERATIONS), remedy="give the number of vertices, the targets of each vertex but "
                         "the output, and the operations of the inner vertices")
    code = _cell(edges, operations)
    if code is None:
        raise NotInSpace(f"{text!r} is not a cell of nasbench101: it has no path from the input to the output, or more "
                         f"than {EDGES} edges", remedy="change its edges")
    return code
