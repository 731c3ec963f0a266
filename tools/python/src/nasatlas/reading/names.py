"""How one architecture is named: `place:N`, a published index such as `nats:N`, an id, or its canonical text.

A bare number is refused where the space has a published index, because it could be an index or a place in the atlas.
"""

from __future__ import annotations

import itertools
import json
import numbers
from collections.abc import Iterable

from nasatlas.errors import AmbiguousQuestion, NotInSpace, UnknownArchitecture
from nasatlas.spaces import EDGES, OPERATIONS

INDEXED = {"nasbench201": ("nats", 15_625), "nats-sss": ("nats", 32_768), "spikenas": ("id", 15_625),
           "nas-bench-graph": ("hash", 90_000)}
"""Spaces with a published index: the prefix that spells it, and the upper bound (exclusive) of its numbers."""
PLACE = "place:"
SHORTEST_ID = 8
"""The smallest number of digits that is read as the beginning of an id."""


def whole_number(given) -> int | None:
    """An integer of any type, including numpy's; None for other values. `True` and `False` do not count as numbers."""
    if type(given) is int:
        return given
    return int(given) if isinstance(given, numbers.Integral) and not isinstance(given, bool) else None


def named_place(given, spaces: Iterable, count: int) -> int | None:
    """The place that a whole number or `place:N` names; None for other texts.

    The place may lie outside an atlas of `count` architectures. Raises AmbiguousQuestion for a number, or the text of
    one, that is a published index of one of `spaces`.
    """
    if isinstance(given, str):
        if given.startswith(PLACE):
            return _digits(given[len(PLACE):], given)
        if len(given) >= SHORTEST_ID or not (given.isascii() and given.isdigit()):
            return None
    number = int(given) if isinstance(given, str) else whole_number(given)
    if number is None:
        return None
    forms = [INDEXED[space] for space in spaces if space in INDEXED]
    forms = forms and list(dict.fromkeys(form for form, size in forms if 0 <= number < max(size, count)))
    if forms:
        known = [f"{form}:{number}" for form in forms] + [f"{PLACE}{number}"]
        raise AmbiguousQuestion(
            f"the number {number} could be a published index or a place; allowed: {', '.join(known)}",
            known=known, code="benchmarks.bare_integer", remedy="write one of these")
    return None if isinstance(given, str) else number


def canonical(text: str, space: str) -> str | None:
    """The canonical text of a published index of `space`, such as `nats:6111`; None for texts of another form.

    Raises NotInSpace for a number outside the space.
    """
    form, size = INDEXED.get(space, (None, 0))
    name, _, rest = text.partition(":")
    if form is None or name != form:
        return None
    number = _whole(rest)
    if number is None or number >= size:
        error = NotInSpace(f"{text} is not an architecture of {space}; allowed: {form}:0 to {form}:{size - 1}",
                           remedy="give one of these, a canonical text, or an id")
        error.reason = f"{form}: found {json.dumps(rest, ensure_ascii=False)}; allowed: 0 to {size - 1}"
        raise error
    if space == "spikenas":
        return _spikenas(number)
    if space == "nas-bench-graph":
        from nasatlas.shims import nas_bench_graph
        return nas_bench_graph.text_of(number)
    from nasatlas.shims.nats_bench import cells
    return (cells.topology() if space == "nasbench201" else cells.size())[number]


def _whole(text: str) -> int | None:
    """The whole number that a text spells without leading zeros; None for other texts."""
    is_whole = text.isascii() and text.isdigit() and (text == "0" or text[0] != "0") and len(text) < 16
    return int(text) if is_whole else None


def _digits(text: str, whole: str) -> int:
    if (number := _whole(text)) is not None:
        return number
    raise UnknownArchitecture(f"{whole!r} names no architecture: {text!r} is not a whole number from 0 on",
                              code="benchmarks.unreadable_architecture",
                              remedy="write the number with decimal digits alone, such as place:5")


def _spikenas(number: int) -> str:
    """The architecture of a number in base 5. Edges are sorted by source; the first has the least significant digit."""
    operations = OPERATIONS["spikenas"]
    of_edge = {edge: operations[number // len(operations) ** place % len(operations)]
               for place, edge in enumerate(sorted(EDGES))}
    nodes = itertools.groupby(EDGES, key=lambda edge: edge[1])
    return "+".join("|" + "".join(f"{of_edge[edge]}~{edge[0]}|" for edge in edges) for _, edges in nodes)
