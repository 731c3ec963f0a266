"""The spaces of architectures, in process: canonical texts, draws and neighbors, the same as those of the program.

    space = nasatlas.open("nasbench201.atlas").space()
    cell = space.sample(1, seed=7)[0]              # as `nasatlas sample --space nasbench201 --seed 7`
    space.neighbors(cell)
    space.parse(cell)["edge_0_3"]                  # of spaces that are independent choices

docs/decisions/0015-spaces-in-python.md says why these rules are written twice, and what keeps them the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from nasatlas.errors import UnsupportedSpace
from nasatlas.spaces.base import Space
from nasatlas.spaces.choices import ChoiceSpace
from nasatlas.spaces.parameters import Parameter, check_names, spell

__all__ = ["BUILT_IN", "EDGES", "OPERATIONS", "ChoiceSpace", "Parameter", "Space", "check_names", "space", "spell"]

EDGES = ((0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3))
"""Of a four-node cell, in the order of its text."""
OPERATIONS = {
    "nasbench201": ("none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"),
    "spikenas": ("none", "skip", "low", "mid", "high")}
BUILT_IN = (*OPERATIONS, "nats-sss", "nasbench101", "nas-bench-graph", "seqnas")


def space(name: str, card: Mapping | None = None) -> Space:
    """The space called `name`; `card` is that of a grid, as interchange files and atlases have it.

    Raises UnsupportedSpace for a name without rules here.
    """
    card = card or {}
    if name in OPERATIONS:
        parameters = [Parameter(f"edge_{source}_{target}", OPERATIONS[name], False) for source, target in EDGES]
        return ChoiceSpace(name, parameters, ["|", "~0|+|", "~0|", "~1|+|", "~0|", "~1|", "~2|"], "[^|~]+",
                           is_numbered=True)
    if name == "nats-sss":
        parameters = [Parameter(f"channels_{stage}", tuple(range(8, 65, 8)), True) for stage in range(1, 6)]
        return ChoiceSpace(name, parameters, ["", ":", ":", ":", ":", ""], "[^:]+")
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
        parameters = [Parameter(one["name"], tuple(one["values"]), one["kind"] == "ordinal")
                      for one in card["parameters"]]
        literals = [f"{',' if number else ''}{one.name}=" for number, one in enumerate(parameters)]
        return ChoiceSpace(name, parameters, [*literals, ""], "[^,=]+", steps=True)
    raise UnsupportedSpace(f"the space {name} has no rules here; spaces with rules: {', '.join(BUILT_IN)}, every grid",
                           known=list(BUILT_IN), remedy="ask with canonical texts, ids or places instead")
