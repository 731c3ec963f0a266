"""The spaces of architectures, in process: canonical texts, draws, moves and encodings, as in the program.

    space = nasatlas.open("nasbench201.atlas").space()
    cell = space.sample(1, seed=7)[0]              # as `nasatlas sample --space nasbench201 --seed 7`
    space.neighbors(cell), space.mutate(cell, seed=1), space.cross_over(cell, cell, seed=1)
    space.encode(cell, "path")                     # one of space.encodings
    space.parse(cell)["edge_0_3"]                  # of spaces that are independent choices

docs/decisions/0015-spaces-in-python.md says why these rules are written twice, and what keeps them the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from nasatlas.errors import UnsupportedSpace
from nasatlas.spaces.base import Space
from nasatlas.spaces.choices import ChoiceSpace
from nasatlas.spaces.four_node import EDGES, OPERATIONS, FourNodeSpace
from nasatlas.spaces.parameters import Parameter, check_names, spell
from nasatlas.spaces.ranges import Range

__all__ = ["BUILT_IN", "EDGES", "OPERATIONS", "ChoiceSpace", "Parameter", "Range", "Space", "check_names", "space",
           "spell"]

BUILT_IN = (*OPERATIONS, "nats-sss", "nasbench101", "nas-bench-graph", "seqnas")


def space(name: str, card: Mapping | None = None) -> Space:
    """The space called `name`; `card` is that of a grid, as interchange files and atlases have it.

    Raises UnsupportedSpace for a name without rules here.
    """
    card = card or {}
    if name in OPERATIONS:
        return FourNodeSpace(name)
    if name == "nats-sss":
        from nasatlas.spaces.nats_size import NATSSizeSpace
        return NATSSizeSpace()
    if name == "nasbench101":
        from nasatlas.spaces.nasbench101 import NASBench101Space
        return NASBench101Space()
    if name == "nas-bench-graph":
        from nasatlas.spaces.nas_bench_graph import NASBenchGraphSpace
        return NASBenchGraphSpace()
    if name == "seqnas":
        from nasatlas.spaces.seqnas import SeqNASSpace
        return SeqNASSpace()
    if card.get("kind") == "grid":
        from nasatlas.spaces.grid import GridSpace
        from nasatlas.spaces.points import PointSpace
        parameters = [_parameter(one) for one in card["parameters"]]
        return (GridSpace if all(one.range is None for one in parameters) else PointSpace)(name, parameters)
    raise UnsupportedSpace(f"the space {name} has no rules here; spaces with rules: {', '.join(BUILT_IN)}, every grid",
                           known=list(BUILT_IN), remedy="ask with canonical texts, ids or places instead")


def _parameter(card: Mapping) -> Parameter:
    given = card.get("range")
    if given is None:
        return Parameter(card["name"], tuple(card["values"]), card["kind"] == "ordinal")
    return Parameter(card["name"], (), True, Range(
        given["minimum"], given["maximum"], given.get("scale", "linear"), card["kind"] == "integer"))
