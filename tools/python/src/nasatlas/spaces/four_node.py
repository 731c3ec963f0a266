"""The cells of NAS-Bench-201 and SpikeNAS-Bench: four nodes, with one of five operations on each of six edges."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Mapping

from nasatlas.seeded import SeededGenerator
from nasatlas.spaces import live_paths
from nasatlas.spaces.choices import ChoiceSpace
from nasatlas.spaces.live_paths import CONVOLUTION, NONE, POOLING, SKIP
from nasatlas.spaces.parameters import Parameter

EDGES = ((0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3))
"""Of a four-node cell, in the order of its text."""
OPERATIONS = {
    "nasbench201": ("none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"),
    "spikenas": ("none", "skip", "low", "mid", "high")}
_ROLES = {"nasbench201": (NONE, SKIP, CONVOLUTION, CONVOLUTION, POOLING),
          "spikenas": (NONE, SKIP, CONVOLUTION, CONVOLUTION, CONVOLUTION)}
_PATHS = ((3,), (0, 4), (1, 5), (0, 2, 5))
"""The ways from the input to the output, by edges."""
_BY_SOURCE = (0, 1, 3, 2, 4, 5)
"""The places of edges in the order by source, then by target; it is its own inverse."""
_NASLIB = (1, 0, 3, 2, 4)
"""NASLib's numbers of the operations of NAS-Bench-201; it is its own inverse."""
_POPNAS = (1, 2, 3, 4)
"""The operations of POPNAS blocks, by number: all but none."""
_VERTEX_EDGES = [pair for number, (source, target) in enumerate(EDGES) for pair in (
    *([(0, number + 1)] if source == 0 else []), *([(number + 1, len(EDGES) + 1)] if target == 3 else []),
    *((number + 1, other + 1) for other, (start, _) in enumerate(EDGES) if start == target))]
"""The edges of a cell as vertices: one leads to another where it ends at the node at which that begins."""
_LARGEST_GRAPH = len(EDGES) + 2


class FourNodeSpace(ChoiceSpace):
    """15,625 cells. Two cells are isomorphic where the unique strings of NAS-Bench-201 are equal: 6,466 classes."""

    kind = "cell"

    def __init__(self, name: str):
        parameters = [Parameter(f"edge_{source}_{target}", OPERATIONS[name], False) for source, target in EDGES]
        super().__init__(name, parameters, ["|", "~0|+|", "~0|", "~1|+|", "~0|", "~1|", "~2|"], "[^|~]+")
        self._operations = OPERATIONS[name]
        self.published_index = "nats" if name == "nasbench201" else "id"
        self._roles = _ROLES[name]

    def _draw(self, generator: SeededGenerator) -> str:
        number, places = generator.below(self.size), []
        for parameter in reversed(self.parameters):
            number, place = divmod(number, len(parameter.values))
            places.insert(0, place)
        return self._spelled(places)

    def isomorphism_class(self, architecture: str | Mapping) -> str:
        places = self.places(architecture)
        return self._spelled(_representatives(self.name)[_unique(places, OPERATIONS[self.name])])

    def identifiers(self, architecture: str | Mapping) -> dict[str, str]:
        places = self.places(architecture)
        if self.name == "spikenas":
            by_source = reversed([places[edge] for edge in _BY_SOURCE])
            return {"id": str(functools.reduce(lambda number, place: number * 5 + place, by_source, 0))}
        return {"digits": "".join(map(str, places)), "nats": str(_nats_index()[self._spelled(places)]),
                "naslib": ",".join(map(str, _naslib(places)))}

    def _encoders(self) -> dict[str, Callable]:
        def of_places(function):
            return lambda architecture: function(self.places(architecture))

        def of_cell(function):
            return lambda architecture: function(self._cell(self.places(architecture)))

        found = {"adjacency": self.one_hot}
        if self.name == "nasbench201":
            found.update(path=of_places(_path), sequence=of_places(_sequence))
        found["categorical"] = of_places(list)
        if self.name == "nasbench201":
            found["popnas-blocks"] = of_places(_popnas_blocks)
        found["live-path-counts"] = of_cell(lambda cell: live_paths.counts(cell, 3))
        found["live-path-summary"] = of_cell(live_paths.summary)
        found["flow"] = of_places(lambda places: _flow(places, self._roles))
        found["flow-summary"] = of_places(
            lambda places: [*live_paths.summary(self._cell(places)), *_flow(places, self._roles)])
        found["graph"] = of_cell(lambda cell: live_paths.graph(cell, _LARGEST_GRAPH))
        return found

    def _cell(self, places: list) -> live_paths.Cell:
        paths = [path for path in _PATHS if all(self._roles[places[edge]] != NONE for edge in path)]
        computing = [[places[edge] for edge in path if self._roles[places[edge]] != SKIP] for path in paths]
        live = [places[edge] for edge in sorted(set(itertools.chain(*paths)))]
        return live_paths.Cell(self._roles, computing, live, places, _VERTEX_EDGES)


@functools.lru_cache(maxsize=1)
def _nats_index() -> dict:
    """The published number of each cell of NATS-Bench, by its text."""
    from nasatlas.shims.nats_bench import cells
    return {text: number for number, text in enumerate(cells.topology())}


def _unique(places, names: tuple) -> str:
    """The unique string of NAS-Bench-201: equal for exactly the cells of one class."""
    nodes, terms = ["0"], []
    for (source, target), place in zip(EDGES, places):
        before = nodes[source]
        terms.append("#" if place == 0 or before == "#" else before if place == 1 else f"({before})@{names[place]}")
        if source == target - 1:
            nodes.append("+".join(sorted(terms)))
            terms = []
    return nodes[3]


@functools.lru_cache(maxsize=2)
def _representatives(name: str) -> dict:
    """The first cell of each class, by its unique string."""
    found = {}
    for places in itertools.product(range(5), repeat=len(EDGES)):
        found.setdefault(_unique(places, OPERATIONS[name]), places)
    return found


# Encodings of NAS-Bench-201

def _naslib(places: list) -> list:
    """NASLib's numbers of the operations, on its edges, which are ordered by source."""
    return [_NASLIB[places[edge]] for edge in _BY_SOURCE]


def _path(places: list) -> list:
    """NASLib's path encoding: 5 + 25 + 125 slots. It takes the places of edges in its list for those in the text."""
    operations, slots = _naslib(places), [0] * 155
    for path in _PATHS:
        first = sum(5 ** length for length in range(1, len(path)))
        slots[first + sum(operations[edge] * 5 ** place for place, edge in enumerate(path))] = 1
    return slots


_SUCCESSORS = ({1, 2, 3}, {4, 5}, {6}, {7}, {6}, {7}, {7})
"""Where the input and NASLib's edges lead; 7 is the output."""


def _sequence(places: list) -> list:
    """The sequence of SemiNAS as NASLib makes it: 35 tokens below 9."""
    tokens = []
    for column, operation in enumerate([*(number + 3 for number in _naslib(places)), 8], 1):
        tokens += [2 if column in _SUCCESSORS[source] else 1 for source in range(column)]
        tokens.append(operation)
    return tokens


def _popnas_blocks(places: list) -> list:
    """Two POPNAS blocks of (input, operation, input, operation), 0 where absent; eight NaN for a cell that blocks
    cannot say."""
    absent = [math.nan] * 8
    if tuple(places) == (1, 0, 0, 0, 1, 0):
        return [0] * 8
    first, second, one, middle, last = places[2], places[1], *places[3:]
    if places[0] != 1 or not first or not second:
        return absent
    block = [1, _POPNAS.index(first) + 1, 1, _POPNAS.index(second) + 1]
    if (one, middle, last) == (0, 0, 1):
        return [*block, 0, 0, 0, 0]
    if not one or bool(middle) == bool(last):
        return absent
    return [*block, 1, _POPNAS.index(one) + 1, 1 if middle else 2, _POPNAS.index(middle or last) + 1]


# What arrives at the output

class _Signal:
    """A signal on its way: the edge that made it (-1 for the input), later poolings, its coefficient, and what lies
    behind it: convolutions, the last one of the space, others, poolings."""

    def __init__(self, origin: int, later: int = 0, coefficient: float = 1.0, behind: tuple = (0.0, 0.0, 0.0, 0.0)):
        self.origin, self.later, self.coefficient, self.behind = origin, later, coefficient, behind

    @property
    def power(self) -> float:
        return self.coefficient * self.coefficient


def _flow(places: list, roles: tuple) -> list:
    """What arrives at the output of a cell, as 12 numbers; Sources/Spaces/Cells/FourNode/FourNodeFlow.swift explains
    them."""
    last = max(number for number, role in enumerate(roles) if role == CONVOLUTION)
    nodes = [[_Signal(-1)], [], [], []]
    for edge, (source, target) in enumerate(EDGES):
        role, before = roles[places[edge]], nodes[source]
        if not before or role == NONE:
            continue
        if role == CONVOLUTION:
            own = (1.0, 1.0, 0.0, 0.0) if places[edge] == last else (1.0, 0.0, 1.0, 0.0)
            arriving = [_Signal(edge, 0, 1.0, tuple(one + more for one, more in zip(_mean(before), own)))]
        else:
            blur = int(role != SKIP)
            arriving = [_Signal(one.origin, one.later + blur, one.coefficient, (*one.behind[:3], one.behind[3] + blur))
                        for one in before]
        for signal in arriving:
            same = next((one for one in nodes[target] if one.origin == signal.origin and one.later == signal.later), None)
            if same is None:
                nodes[target].append(signal)
            else:
                same.coefficient += signal.coefficient
    return _numbers(nodes[3])


def _mean(signals: list) -> list:
    """What lies behind the signals, weighted by their power."""
    power = _sum(one.power for one in signals)
    found = [0.0] * 4
    for one in signals:
        found = [before + behind * (one.power / power) for before, behind in zip(found, one.behind)]
    return found


def _numbers(signals: list) -> list:
    power = _sum(one.power for one in signals)
    if not power > 0:
        return [0.0] * 12

    def share(counted: Callable) -> float:
        return _sum(one.power for one in signals if counted(one)) / power

    mean, variance = _mean(signals), 0.0
    for one in signals:
        variance += (one.behind[0] - mean[0]) * (one.behind[0] - mean[0]) * one.power / power
    return [power, math.log(power + 1), *mean, max(one.behind[0] for one in signals),
            share(lambda one: one.origin < 0 and one.later == 0), share(lambda one: one.behind[0] == 0),
            share(lambda one: one.behind[3] > 0), len(signals), math.sqrt(variance)]


def _sum(numbers) -> float:
    """The sum in order: `sum` of later versions of Python corrects rounding."""
    total = 0.0
    for one in numbers:
        total += one
    return total
