"""Traits of architectures, for filters: numbers of operations, depth, parameters. docs/filters.md lists the traits of
each space; the `Traits` and `Description` files of Sources/Spaces have the same
rules."""

from __future__ import annotations

from nasatlas.filters import Field
from nasatlas.spaces import nasbench101, seqnas
from nasatlas.spaces.base import Space
from nasatlas.spaces.choices import ChoiceSpace
from nasatlas.spaces.points import PointSpace

_GRAPH = ("gat", "gcn", "gin", "cheb", "sage", "arma", "graph", "fc", "skip")
_SKIPS = {"skip_connect", "skip"}
_EDGES = ((0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3))


def traits(space: Space) -> dict[Field, tuple]:
    """The traits that architectures of a space have, each as a filter spells it and behind `architecture.`."""
    found = {}
    for trait in _names(space):
        kind, name = trait
        path, selectors = (("count",), ((None, name),)) if kind == "count" else ((name,), ())
        for head in ((), ("architecture",)):
            found[Field((*head, *path), selectors)] = trait
    return found


def value(space: Space, trait: tuple, text: str) -> float | str | None:
    """A trait of the architecture that has this canonical text."""
    return _number(_values(space, text).get(trait))


def by_field(space: Space, text: str) -> dict[str, float | str]:
    """All traits of the architecture that has this canonical text, as filters spell them."""
    return {f"count({name})" if kind == "count" else name: _number(found)
            for (kind, name), found in _values(space, text).items()}


def listed_words(space: Space, trait: tuple) -> list | None:
    """What a parameter may be, as filters write it; None for numbers of a range, and for other traits."""
    if not isinstance(space, (ChoiceSpace, PointSpace)) or trait[0] != "parameter":
        return None
    return next((list(one.words) for one in space.parameters if one.name == trait[1] and one.range is None), None)


def _number(found):
    return float(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else found


def _is_cell(space: Space) -> bool:
    return isinstance(space, ChoiceSpace) and space.parameters[0].name == "edge_0_1"


def _names(space: Space) -> list:
    depth = ("depth", "depth")
    if _is_cell(space):
        return [*(("count", one) for one in space.parameters[0].values), depth]
    if isinstance(space, (ChoiceSpace, PointSpace)):
        return [("parameter", one.name) for one in space.parameters]
    if space.name == "nasbench101":
        return [*(("count", one) for one in nasbench101.PUBLISHED), depth]
    if space.name == "nas-bench-graph":
        return [*(("count", one) for one in _GRAPH), depth]
    if space.name == "seqnas":
        layers = [("parameter", "encoder_layers"), ("parameter", "decoder_layers")]
        return [*(("count", one) for one in ("att", "gru", "conv")), *layers, depth]
    return []


def _values(space: Space, text: str) -> dict:
    if _is_cell(space):
        operations = list(space.parse(text).values())
        return _cell(space.parameters[0].values, operations, _longest_of_four(operations))
    if isinstance(space, PointSpace):
        spelled = {True: "true", False: "false", None: "null"}
        return {("parameter", name): spelled[one] if one is None or isinstance(one, bool) else one
                for name, one in space.parse(text).items()}
    if isinstance(space, ChoiceSpace):
        places = space.places(text)
        return {("parameter", one.name): one.words[place] if isinstance(one.values[place], bool) else one.values[place]
                for one, place in zip(space.parameters, places)}
    if space.name == "nasbench101":
        _, targets, names = (text.split(":") + [""])[:3]
        operations = [nasbench101.PUBLISHED[nasbench101.OPERATIONS.index(one)] for one in names.split(",") if one]
        return _cell(nasbench101.PUBLISHED, operations, _longest_of_vertices(targets.split("/")))
    if space.name == "nas-bench-graph":
        links, _, names = text.partition(":")
        operations, depths = names.split(","), [0]
        for link, operation in zip(links.split(","), operations):
            depths.append(depths[int(link)] + (operation not in _SKIPS))
        return _cell(_GRAPH, operations, max(depths))
    encoder, decoder = seqnas.layers(text)
    counts = {("count", one): sum(one in layer for layer in encoder) for one in ("att", "gru", "conv")}
    return {**counts, ("parameter", "encoder_layers"): len(encoder), ("parameter", "decoder_layers"): len(decoder),
            ("depth", "depth"): len(encoder) + len(decoder)}


def _cell(known, operations: list, depth: int) -> dict:
    return {**{("count", one): operations.count(one) for one in known}, ("depth", "depth"): depth}


def _longest_of_four(operations: list) -> int:
    """The most operations on a way through a cell of four nodes; 0 where none is left."""
    depths = [0, None, None, None]
    for (source, target), operation in sorted(zip(_EDGES, operations), key=lambda one: one[0][1]):
        if operation == "none" or depths[source] is None:
            continue
        depth = depths[source] + (operation not in _SKIPS)
        depths[target] = depth if depths[target] is None else max(depth, depths[target])
    return depths[3] or 0


def _longest_of_vertices(targets: list) -> int:
    """The most vertices between the input and the output of a cell whose vertices lead to these."""
    depths = [0] * (len(targets) + 1)
    for vertex, later in enumerate(targets):
        for target in later.split("."):
            depths[int(target)] = max(depths[int(target)], depths[vertex] + (int(target) < len(targets)))
    return depths[-1]
