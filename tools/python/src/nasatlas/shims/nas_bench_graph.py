"""`nas_bench_graph` 1.4 with an atlas: `light_read("cora", "nas-bench-graph.atlas")[Arch(link, ops).valid_hash()]`.

Differs from the original, on purpose:
- `lightread`, the name in the original's README, is there too; `all_archs` gives the cells of an atlas.
- Links that lead to no earlier node and unknown operations raise when a cell is made; `check_isomorph` changes nothing.
- A cell of skips alone, which the benchmark lacks, has a hash all the same, and reading it raises MissingKey.
"""

from __future__ import annotations

import functools
import itertools
import numbers
import random
from collections.abc import Hashable, Mapping

from nasatlas.errors import UnknownArchitecture, UnknownName
from nasatlas.shims.told import MissingKey, Told, opened

__all__ = ["Arch", "all_archs", "gnn_list", "gnn_list_proteins", "light_read", "lightread", "link_list"]

gnn_list = ["gat", "gcn", "gin", "cheb", "sage", "arma", "graph", "fc", "skip"]
gnn_list_proteins = ["gcn", "sage", "arma", "fc", "skip"]
link_list = [[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 1], [0, 0, 1, 2], [0, 0, 1, 3], [0, 1, 1, 1], [0, 1, 1, 2],
             [0, 1, 2, 2], [0, 1, 2, 3]]
DATASETS = {"cora": "cora", "citeseer": "citeseer", "pubmed": "pubmed", "cs": "coauthor-cs",
            "physics": "coauthor-physics", "photo": "amazon-photo", "computers": "amazon-computers",
            "arxiv": "ogbn-arxiv", "proteins": "ogbn-proteins"}
"""Graphs here, and in atlases."""
SKIP = gnn_list.index("skip")


class Arch:
    """A cell: for each of four nodes 0 for the input or the number, from 1, of an earlier node, and an operation."""

    def __init__(self, lk=None, op=None):
        self.link = lk
        self.ops = op

    def __repr__(self):
        return f"Arch({self.link}, {self.ops})"

    def random_arch(self) -> None:
        """Becomes a drawn cell, with Python's `random`."""
        self.link = list(random.choice(link_list))
        self.ops = [random.choice(gnn_list) for _ in self.link]

    def _tree(self) -> tuple:
        link, ops = self.link, self.ops
        if link is None or ops is None or len(link) != 4 or len(ops) != 4 or \
                not all(isinstance(parent, numbers.Integral) and not isinstance(parent, bool) and 0 <= parent <= node
                        for node, parent in enumerate(link)):
            raise UnknownArchitecture(f"{self!r} is no cell of four nodes, each below an earlier one",
                                      known=link_list, remedy="link has 0 for the input, else the number from 1 of an "
                                      "earlier node; random_arch draws a cell")
        for name in ops:
            if name not in gnn_list:
                raise UnknownArchitecture(f"there is no operation {name}; known: {', '.join(gnn_list)}", known=gnn_list)
        return tuple(map(int, link)), tuple(gnn_list.index(name) for name in ops)

    def hash_arch(self, use_proteins: bool = False) -> int:
        """The number of the shape and a digit an operation, of the cell as it is written."""
        link, _ = self._tree()
        if list(link) not in link_list:
            raise UnknownArchitecture(f"{list(link)} is another numbering of a shape; the shapes are {link_list}",
                                      known=link_list, remedy="valid_hash takes any numbering")
        names = gnn_list_proteins if use_proteins else gnn_list
        return functools.reduce(lambda found, name: found * (len(names) + 1) + names.index(name), self.ops,
                                link_list.index(list(link)))

    def valid_hash(self) -> int:
        """The key of the tables: the same for cells that the benchmark holds for equal."""
        link, ops = canonical(*self._tree())
        return functools.reduce(lambda found, digit: found * 10 + digit, ops, link_list.index(list(link)))

    def check_isomorph(self) -> bool:
        """Whether the cell is the one of its class that the tables hold."""
        tree = self._tree()
        return canonical(*tree) == tree


def canonical(link: tuple, ops: tuple) -> tuple:
    """The representative of a cell's class: skips rise to the input where that changes nothing, and of all numberings
    the smallest is taken."""
    link, ops = map(list, _smallest(link, ops))
    for node in range(4):
        if ops[node] != SKIP:
            continue
        has_child = node + 1 in link
        has_sibling = link.count(link[node]) > 1
        if has_child or not has_sibling or _only_skips_above(link, ops, node):
            link, ops = _raised(link, ops, node)
    return _smallest(link, ops)


def _smallest(link, ops) -> tuple:
    """Of all numberings in which parents come first that with the smallest links, then the smallest operations."""
    parents, orders = _numberings(tuple(link))
    return parents, min(tuple(ops[old] for old in order) for order in orders)


@functools.lru_cache(maxsize=24)
def _numberings(link: tuple) -> tuple:
    """The smallest links of a shape, and the orders of its nodes that give them."""
    found = {}
    for order in itertools.permutations(range(4)):
        numbers = {0: 0, **{old + 1: new + 1 for new, old in enumerate(order)}}
        parents = tuple(numbers[link[old]] for old in order)
        if all(parent <= node for node, parent in enumerate(parents)):
            found.setdefault(parents, []).append(order)
    return min(found.items())


def _only_skips_above(link, ops, node) -> bool:
    above = link[node]
    while above:
        if ops[above - 1] != SKIP:
            return False
        above = link[above - 1]
    return True


def _raised(link, ops, node) -> tuple:
    """Takes a node out, its children going to its parent, and puts it below the input with all else below it."""
    rest = [old for old in range(4) if old != node]
    parents = [link[node] if link[old] == node + 1 else link[old] for old in rest]
    return [0, *(parent + 1 if parent <= node else parent for parent in parents)], [ops[node], *(ops[o] for o in rest)]


class Table(Mapping):
    """What `light_read` gives: by hash `valid_perf`, `perf`, `latency` in seconds, `para` in millions of parameters."""

    def __init__(self, name: str, atlas):
        if name not in list(DATASETS):
            raise UnknownName(f"there is no graph {name}; known: {', '.join(DATASETS)}", known=list(DATASETS),
                              code="benchmarks.unknown_dataset")
        self.atlas = opened(atlas)
        self.name = name
        self._setting = self.atlas.setting(DATASETS[name], space="nas-bench-graph")
        self._quantities = {(one.name, one.unit): one for one in self.atlas.quantities
                            if one.space == "nas-bench-graph" and one.dataset == DATASETS[name]}
        self._places = {_hash(self.atlas.architectures[place]): place for place in self._setting.architectures
                        if self._setting.runs_of(place)}

    def __len__(self):
        return len(self._places)

    def __iter__(self):
        return iter(self._places)

    def __getitem__(self, key) -> Told:
        place = self._places.get(key) if isinstance(key, Hashable) else None
        if place is None:
            raise MissingKey(f"the atlas has no cell of hash {key} on {self.name}; it has {len(self)} others",
                             remedy="Arch(link, ops).valid_hash() is the key of a cell")
        setting, found = self._setting, {}
        runs = list(setting.runs_of(place))
        for key_, split in (("valid_perf", "validation"), ("perf", "test")):
            measure = next((one for one in setting.measures if one[1] == split), None)
            column = setting.column("final", *measure) if measure else None
            values = [float(column.values[run]) for run in runs if column is not None and column.mask()[run]]
            if values:
                found[key_] = sum(values) / len(values)
        found["latency"] = self._quantity("latency", "second", place)
        found["para"] = self._quantity("parameters_millions", "million", place)
        column = setting.column("run", "parameters")
        if found["para"] is None and column is not None and column.mask()[runs[0]]:
            found["para"] = float(column.values[runs[0]]) / 1e6
        return Told({name: value for name, value in found.items() if value is not None},
                    f"{self.atlas.architectures[place]} on {self.name}")

    def _quantity(self, name, unit, place) -> float | None:
        found = self._quantities.get((name, unit))
        return None if found is None else found.at(place)


def _hash(text: str) -> int:
    """The key of a canonical text, `0,0,1,2:gcn,gat,skip,fc`."""
    link, ops = (part.split(",") for part in text.split(":"))
    return Arch([int(parent) for parent in link], ops).hash_arch()


def text_of(number: int) -> str | None:
    """The canonical text that has this key; None for a number that spells no cell. Inverse of `_hash`."""
    shape, digits = divmod(number, 10_000)
    ops = [int(digit) for digit in f"{digits:04}"]
    if shape >= len(link_list) or max(ops) >= len(gnn_list):
        return None
    return ",".join(map(str, link_list[shape])) + ":" + ",".join(gnn_list[op] for op in ops)


def light_read(dname: str, atlas) -> Table:
    """The cells of a graph: one validation and one test value each, means of three runs."""
    return Table(dname, atlas)


lightread = light_read


def all_archs(atlas) -> list:
    """Every cell of an atlas, once."""
    atlas = opened(atlas)
    found = []
    for place in atlas._places_of_space("nas-bench-graph"):
        link, ops = (part.split(",") for part in atlas.architectures[place].split(":"))
        found.append(Arch([int(parent) for parent in link], ops))
    return found
