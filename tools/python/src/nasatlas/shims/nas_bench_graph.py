"""`nas_bench_graph` 1.4 with an atlas: `light_read("cora", "nas-bench-graph.atlas")[Arch(link, ops).valid_hash()]`.

`light_read` gives a dict of dicts, as the original does. Differs from the original, on purpose:
- `lightread`, the name in the original's README, is available too; `all_archs` returns the cells of an atlas.
- Links that lead to no earlier node and unknown operations raise when a cell is made; `check_isomorph` changes nothing.
- A metric that the atlas lacks is absent from a cell's dict, and raises MissingKey when it is read.
- A cell of skips alone, which the benchmark lacks, has a hash all the same, and reading it raises KeyError.
"""

from __future__ import annotations

import functools
import itertools
import numbers
import random
import weakref

import numpy as np

from nasatlas.errors import UnknownArchitecture, UnknownName
from nasatlas.shims.told import Told, opened

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
        """Links and numbers of operations, checked."""
        try:
            link, ops = self.link, self.ops
            first, second, third, fourth = link
            if type(first) is type(second) is type(third) is type(fourth) is int and len(ops) == 4:
                key = first, second, third, fourth
                if key in _LINKS:
                    return key, tuple([_NUMBERS[name] for name in ops])
        except (KeyError, TypeError, ValueError):
            pass
        return self._read()

    def _read(self) -> tuple:
        """The link and the numbers of the operations, as Python's integers; raises UnknownArchitecture."""
        link, ops = self.link, self.ops
        if link is None or ops is None or len(link) != 4 or len(ops) != 4 or \
                not all(isinstance(parent, numbers.Integral) and not isinstance(parent, bool) and 0 <= parent <= node
                        for node, parent in enumerate(link)):
            raise UnknownArchitecture(f"{self!r} is not a cell of four nodes, each below an earlier one",
                                      known=link_list, remedy="link has 0 for the input, else the number from 1 of an "
                                      "earlier node; random_arch draws a cell")
        for name in ops:
            if name not in gnn_list:
                raise UnknownArchitecture(f"there is no operation {name}; known: {', '.join(gnn_list)}", known=gnn_list)
        return tuple(map(int, link)), tuple(gnn_list.index(name) for name in ops)

    def hash_arch(self, use_proteins: bool = False) -> int:
        """The number of the shape and one digit per operation, for the cell as it is written."""
        link, (first, second, third, fourth) = self._tree()
        shape = _SHAPES.get(link)
        if shape is None:
            raise UnknownArchitecture(f"{list(link)} is another numbering of a shape; the shapes are {link_list}",
                                      known=link_list, remedy="valid_hash takes any numbering")
        if use_proteins:
            return functools.reduce(lambda found, name: found * (len(gnn_list_proteins) + 1)
                                    + gnn_list_proteins.index(name), self.ops, shape)
        return 10_000 * shape + 1000 * first + 100 * second + 10 * third + fourth

    def valid_hash(self) -> int:
        """The key of the tables: equal for cells that the benchmark treats as equal."""
        link, ops = self._tree()
        first, second, third, fourth = ops
        shape, orders = _plan(link, first == SKIP, second == SKIP, third == SKIP, fourth == SKIP)
        if len(orders) == 24:
            # Any order will do.
            first, second, third, fourth = sorted(ops)
            return shape + 1000 * first + 100 * second + 10 * third + fourth
        if len(orders) == 1:
            first, second, third, fourth = orders[0]
            return shape + 1000 * ops[first] + 100 * ops[second] + 10 * ops[third] + ops[fourth]
        return shape + min([1000 * ops[first] + 100 * ops[second] + 10 * ops[third] + ops[fourth]
                            for first, second, third, fourth in orders])

    def check_isomorph(self) -> bool:
        """Whether the tables contain this cell, as the representative of its class."""
        link, _ = self._tree()
        return link in _SHAPES and self.valid_hash() == self.hash_arch()


_KEYS = weakref.WeakKeyDictionary()
_NUMBERS = {name: number for number, name in enumerate(gnn_list)}
_LINKS = frozenset(itertools.product(range(1), range(2), range(3), range(4)))
_SHAPES = {tuple(link): shape for shape, link in enumerate(link_list)}


@functools.lru_cache(maxsize=None)
def _plan(link: tuple, *skips: bool) -> tuple:
    """Where the hash of a class begins, and the orders of a cell's nodes in its representative, of which the one with
    the smallest operations is taken.

    Skips rise to the input where that changes nothing, and of all numberings the smallest is taken. The operations of
    the other nodes play no part. At most 24 links times 16 places of skips.
    """
    parents, orders = _numberings(link)
    link, nodes = list(parents), list(min(orders, key=lambda order: [skips[old] for old in order]))
    for node in range(4):
        if not skips[nodes[node]]:
            continue
        has_child = node + 1 in link
        has_sibling = link.count(link[node]) > 1
        if has_child or not has_sibling or _only_skips_above(link, nodes, node, skips):
            link, nodes = _raised(link, nodes, node)
    parents, orders = _numberings(tuple(link))
    return 10_000 * _SHAPES[parents], tuple(tuple(nodes[at] for at in order) for order in orders)


def canonical(link: tuple, ops: tuple) -> tuple:
    """Links and numbers of operations of the representative of a cell's class."""
    shape, orders = _plan(tuple(link), *(one == SKIP for one in ops))
    return tuple(link_list[shape // 10_000]), min(tuple(ops[at] for at in order) for order in orders)


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


def _only_skips_above(link, nodes, node, skips) -> bool:
    above = link[node]
    while above:
        if not skips[nodes[above - 1]]:
            return False
        above = link[above - 1]
    return True


def _raised(link, nodes, node) -> tuple:
    """Takes a node out, its children going to its parent, and puts it below the input with all else below it."""
    rest = [old for old in range(4) if old != node]
    parents = [link[node] if link[old] == node + 1 else link[old] for old in rest]
    return [0, *(parent + 1 if parent <= node else parent for parent in parents)], \
        [nodes[node], *(nodes[old] for old in rest)]


def _table(name: str, atlas) -> dict:
    """By hash `valid_perf`, `perf`, `latency` in seconds, `para` in millions of parameters."""
    if name not in list(DATASETS):
        raise UnknownName(f"there is no graph {name}; known: {', '.join(DATASETS)}", known=list(DATASETS),
                          code="benchmarks.unknown_dataset")
    atlas = opened(atlas)
    setting = atlas.setting(DATASETS[name], space="nas-bench-graph")
    span = slice(setting.architectures.start, setting.architectures.stop)
    counts = np.diff(setting.starts)
    columns = {}
    for key, split in (("valid_perf", "validation"), ("perf", "test")):
        measure = next((one for one in setting.measures if one[1] == split), None)
        if measure is not None:
            columns[key] = _means(setting.column("final", *measure), counts)
    quantities = {(one.name, one.unit): one.values()[span] for one in atlas.quantities
                  if one.space == "nas-bench-graph" and one.dataset == DATASETS[name]}
    latency = quantities.get(("latency", "second"))
    if latency is not None:
        columns["latency"] = latency
    parameters = setting.column("count", "parameters")
    counted = None if parameters is None else _means(parameters, counts) / 1e6
    millions = quantities.get(("parameters_millions", "million"))
    if millions is not None or counted is not None:
        columns["para"] = counted if millions is None else millions if counted is None \
            else np.where(np.isnan(millions), counted, millions)
    there = np.flatnonzero(counts)
    keys = _keys(atlas)
    if len(there) != len(keys):
        keys = [keys[at] for at in there.tolist()]
    # Views make the numbers of a cell one after the other, so that they lie beside its dict.
    values = [memoryview(np.ascontiguousarray(column[there])) for column in columns.values()]
    if len(columns) == 4 and not any(np.isnan(column[there]).any() for column in columns.values()):
        return {key: {"valid_perf": valid, "perf": test, "latency": seconds, "para": count}
                for key, valid, test, seconds, count in zip(keys, *values)}
    return {key: Told({one: value for one, value in zip(columns, row) if value == value}, f"{text_of(key)} on {name}")
            for key, *row in zip(keys, *values)}


def _keys(atlas) -> list:
    """The keys of the cells of an atlas, in its order."""
    found = _KEYS.get(atlas)
    if found is None:
        shapes, digits = _spelled()
        span = atlas._places_of_space("nas-bench-graph")
        found = _KEYS[atlas] = [shapes[text[:8]] + digits[text[8:]]
                                for text in atlas.architectures[span.start:span.stop]]
    return found


def _means(column, counts: np.ndarray) -> np.ndarray:
    """The mean over the runs of each architecture that have a value; NaN where none has."""
    present = column.mask()
    owners = np.repeat(np.arange(len(counts)), counts)[present]
    with np.errstate(invalid="ignore"):
        return np.bincount(owners, column.values[present], len(counts)) / np.bincount(owners, minlength=len(counts))


@functools.lru_cache(maxsize=None)
def _spelled() -> tuple:
    """The contributions of the two parts of a canonical text, such as `0,0,1,2:gcn,gat,skip,fc`, to its key."""
    shapes = {",".join(map(str, link)) + ":": 10_000 * shape for link, shape in _SHAPES.items()}
    names = enumerate(itertools.product(gnn_list, repeat=4))
    return shapes, {",".join(ops): int(np.base_repr(number, 9)) for number, ops in names}


def text_of(number: int) -> str | None:
    """The canonical text that has this key; None for a number that spells no cell."""
    shape, digits = divmod(number, 10_000)
    ops = [int(digit) for digit in f"{digits:04}"]
    if shape >= len(link_list) or max(ops) >= len(gnn_list):
        return None
    return ",".join(map(str, link_list[shape])) + ":" + ",".join(gnn_list[op] for op in ops)


def light_read(dname: str, atlas) -> dict:
    """The cells of a graph: one validation and one test value each, means of three runs."""
    return _table(dname, atlas)


lightread = light_read


def all_archs(atlas) -> list:
    """Every cell of an atlas, once."""
    atlas = opened(atlas)
    found = []
    for place in atlas._places_of_space("nas-bench-graph"):
        link, ops = (part.split(",") for part in atlas.architectures[place].split(":"))
        found.append(Arch([int(parent) for parent in link], ops))
    return found
