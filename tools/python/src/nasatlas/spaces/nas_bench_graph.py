"""NAS-Bench-Graph: cells of four nodes with nine operations on graphs."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from nasatlas.errors import NotInSpace
from nasatlas.seeded import SeededGenerator
from nasatlas.shims.nas_bench_graph import canonical, gnn_list, link_list
from nasatlas.spaces.base import BLANKS, Space
from nasatlas.spaces.configurations import Choice, Choices
from nasatlas.spaces.nas_bench_graph_encodings import ENCODERS

_SKIPS = (gnn_list.index("skip"),) * 4
_LINKS = [(0, *rest) for rest in itertools.product(range(2), range(3), range(4))]
"""All ways to hang four nodes below earlier ones."""


_NODES = [f"operation_{node}" for node in range(1, 5)]
_CHOICES = Choices(
    "nas-bench-graph", [Choice("link", tuple(",".join(map(str, one)) for one in link_list)),
                        *(Choice(node, tuple(gnn_list)) for node in _NODES)],
    "{link}:" + ",".join(f"{{{node}}}" for node in _NODES), [dict.fromkeys(_NODES, "skip")],
    is_one_to_one=False)
"""One of the published lists of links, and four operations. Several configurations are one cell."""


class NASBenchGraphSpace(Space):
    """Cells as the benchmark's `valid_hash` distinguishes them."""

    name = "nas-bench-graph"
    kind = "cell"
    published_index = "hash"

    @property
    def size(self) -> int:
        return 26_206

    def _canonical(self, text: str) -> str:
        return _text(*_read(text))

    @property
    def _choices(self) -> Choices:
        return _CHOICES

    def neighbors(self, architecture: str) -> list[str]:
        """The cells with a spelling that differs from a spelling of this cell in one operation or one link."""
        return [_text(*one) for one in _neighbors(_read(architecture))]

    def _draw(self, generator: SeededGenerator) -> str:
        while True:
            link = generator.pick(link_list)
            ops = tuple(generator.below(len(gnn_list)) for _ in range(4))
            if ops != _SKIPS:
                return _text(*_canonical(tuple(link), ops))

    def _mutated(self, architecture: str, generator: SeededGenerator) -> str:
        return _text(*generator.pick(_neighbors(_read(architecture))))

    def _crossed(self, first: str, second: str, generator: SeededGenerator) -> str:
        """Takes each link and operation of the canonical lists from either parent, again where all are skips; if 100
        draws give no cell, the child is one of the parents."""
        parents = [_read(first), _read(second)]
        for _ in range(100):
            pairs = [(generator.pick(parents)[0][node], generator.pick(parents)[1][node]) for node in range(4)]
            link, ops = zip(*pairs)
            if ops != _SKIPS:
                return _text(*_canonical(link, ops))
        return _text(*generator.pick(parents))

    def identifiers(self, architecture: str) -> dict[str, str]:
        link, ops = _read(architecture)
        return {"hash": str(int("".join(map(str, [link_list.index(list(link)), *ops]))))}

    def _encoders(self) -> dict[str, Callable]:
        return {name: lambda architecture, function=function: function(*_read(architecture))
                for name, function in ENCODERS.items()}


def _neighbors(own: tuple) -> list:
    """The cells at one operation or one link, ascending by published hash."""
    found = set()
    for link, ops in _forms(*own):
        for node in range(4):
            found.update((link, (*ops[:node], one, *ops[node + 1:])) for one in range(len(gnn_list)))
            found.update(((*link[:node], one, *link[node + 1:]), ops) for one in range(node + 1))
    cells = {_canonical(*one) for one in found if one[1] != _SKIPS} - {own}
    return sorted(cells, key=lambda one: (link_list.index(list(one[0])), one[1]))


def _canonical(link: tuple, ops: tuple) -> tuple:
    link, ops = canonical(link, ops)
    return tuple(link), tuple(ops)


def _forms(link: tuple, ops: tuple) -> list:
    """All links and operations that spell a canonical cell: the benchmark's equivalences move operations about."""
    return [form for form in itertools.product(_LINKS, sorted(set(itertools.permutations(ops))))
            if _canonical(*form) == (link, ops)]


def _text(link: tuple, ops: tuple) -> str:
    return ",".join(map(str, link)) + ":" + ",".join(gnn_list[one] for one in ops)


def _read(text: str) -> tuple:
    """The canonical links and operations of a text."""
    links, _, names = text.strip(BLANKS).lower().partition(":")
    link, ops = links.split(","), names.split(",")
    is_link = len(link) == 4 and all(one in map(str, range(node + 1)) for node, one in enumerate(link))
    if not is_link or len(ops) != 4 or not set(ops) <= set(gnn_list):
        raise NotInSpace(f"{text!r} is not a cell of nas-bench-graph; the form is 0,0,1,2:gcn,gat,skip,fc",
                         known=list(gnn_list), remedy="give four links to 0 or an earlier node, and four operations")
    ops = tuple(gnn_list.index(one) for one in ops)
    if ops == _SKIPS:
        raise NotInSpace("a cell of skips alone is not in nas-bench-graph", remedy="give another operation to a node")
    return _canonical(tuple(map(int, link)), ops)
