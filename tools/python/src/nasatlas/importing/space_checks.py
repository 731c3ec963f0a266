"""Checks of the space of a table, by the rules of the program: their errors name columns, not lines of NDJSON."""

from __future__ import annotations

import json
import re

from nasatlas import spaces
from nasatlas.cells import WORD, TableError
from nasatlas.importing.entries import Parameter, SpaceCard

NAME = re.compile(r"[a-z0-9._-]{1,64}")
MOST_PARAMETERS, MOST_VALUES, MOST_ARCHITECTURES = 256, 65_536, (1 << 64) - 1
"""The limits of a grid, as `GridDefinition` of the program has them."""


def check_name(name: str) -> None:
    """Raises TableError for names that a space cannot have."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise TableError(f"the space is called {name!r}; allowed: 1 to 64 lower-case letters, digits and . _ -",
                         remedy=f"choose such a name, or a built-in space: {', '.join(spaces.BUILT_IN)}")
    if name in spaces.BUILT_IN:
        raise TableError(f"the card of a space has the name of the built-in space {name}", remedy="choose another name")


def check_grid(card: SpaceCard) -> None:
    """Raises TableError for parameters that a grid cannot have: the program would refuse them later."""
    opaque = f'make the space opaque: space=SpaceCard("{card.name}", "opaque", "…") of nasatlas.importing.entries'
    if not 0 < len(card.parameters) <= MOST_PARAMETERS:
        raise TableError(f"the space {card.name} has {len(card.parameters)} parameters; allowed: 1 to "
                         f"{MOST_PARAMETERS}", remedy="name fewer columns with architecture=, or " + opaque)
    names, count, has_range = {}, 1, False
    for one in card.parameters:
        if not WORD.fullmatch(one.name):
            raise TableError(f"column {one.name!r}: the name cannot be the name of a parameter; allowed: 1 to 256 "
                             "letters, digits and + - _ . : / ~ |",
                             remedy=f"rename the column, for example to {_renamed(one.name)}")
        twin = names.setdefault(one.name.lower(), one)
        if twin is not one:
            raise TableError(f"the columns {twin.name} and {one.name} have names that differ only in case",
                             remedy="rename one of them")
        if one.range is not None:
            has_range = True
            continue
        number = _check_values(one)
        if number > MOST_VALUES:
            raise TableError(f"column {one.name} has {number:,} values; a parameter has at most {MOST_VALUES:,}",
                             remedy=opaque)
        count *= number
    if count == 1 and not has_range:
        raise TableError(f"the space {card.name} has a single architecture; allowed: 2 or more",
                         remedy="give the card all values of the space, or " + opaque)
    if count > MOST_ARCHITECTURES and not has_range:
        raise TableError(f"the grid of the columns {', '.join(one.name for one in card.parameters)} has 2^64 or more "
                         "architectures", remedy="name fewer columns with architecture=, or " + opaque)


def _check_values(parameter: Parameter) -> int:
    """The number of values, whose spellings must differ in more than case."""
    words = {}
    for value in parameter.values:
        word = value if isinstance(value, str) else json.dumps(value)
        if word.lower() in words:
            raise TableError(f"column {parameter.name}: the values {words[word.lower()]} and {word} differ only in "
                             "case", remedy="spell equal values alike, and different values differently")
        words[word.lower()] = word
    return len(words)


def _renamed(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9+._:/~|-]+", "_", name)[:64].strip("_") or "parameter"
