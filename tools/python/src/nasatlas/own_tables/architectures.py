"""Reads the architectures of a table, and makes the card of their space."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping

from nasatlas import spaces
from nasatlas.cells import Cells, TableError
from nasatlas.errors import NotInSpace, UnknownArchitecture, WrongArgument
from nasatlas.importing import space_checks
from nasatlas.importing.entries import Parameter, SpaceCard
from nasatlas.reading import names
from nasatlas.spaces.ranges import Range


MOST_LISTED_NUMBERS = 32
"""A column with more different numbers than these was drawn from a range."""
LEAST_LOG_RATIO = 100
"""A range from a positive number to at least so many times that number is logarithmic."""


def architectures(cells: Cells, columns: list, space, ranges: Mapping) -> tuple:
    """The card of the space (None for a built-in space) and the canonical text of every row."""
    table = cells.table
    _check_ranges(columns, space, ranges)
    if isinstance(space, str) and space in spaces.BUILT_IN:
        if len(columns) != 1:
            raise WrongArgument(f"architecture names {len(columns)} columns; {space} has architectures in one column",
                                remedy="name one column with architecture=")
        rules = spaces.space(space)
        return None, [_canonical(cells, rules, columns[0], row) for row in range(len(table))]
    space_checks.check_name("table" if space is None else space.name if isinstance(space, SpaceCard) else space)
    if isinstance(space, SpaceCard) and space.kind == "opaque":
        return space, _objects(cells, columns) if len(columns) > 1 else [
            _json(cells, columns[0], row) for row in range(len(table))]
    values = {column: cells.values(column) for column in columns}
    if isinstance(space, SpaceCard):
        card = space
    elif not ranges and all(len(set(found)) == 1 for found in values.values()):
        # A grid has two architectures or more.
        return SpaceCard(space or "table", "opaque", "The one architecture of a table"), _objects(cells, columns)
    else:
        card = SpaceCard(space or "table", "grid", "The parameters of a table", parameters=[
            _parameter(column, found, ranges) for column, found in values.items()])
    space_checks.check_grid(card)
    rules = spaces.space(card.name, card.line()["space"])
    texts = []
    for row in range(len(table)):
        try:
            texts.append(rules.text({column: found[row] for column, found in values.items()}))
        except NotInSpace as error:
            raise TableError(f"{table.where(row)}: {error.message}", remedy=error.remedy) from error
    return card, texts


def _check_ranges(columns: list, space, ranges: Mapping) -> None:
    """Raises WrongArgument for ranges of other columns, and where the space says itself what its parameters are."""
    if not isinstance(ranges, Mapping) or not all(isinstance(one, Range) for one in ranges.values()):
        raise WrongArgument(f"ranges is {ranges!r}",
                            remedy='give a Range by column, such as ranges={"lr": Range(1e-4, 1e-1, "log")}')
    if ranges and (isinstance(space, SpaceCard) or space in spaces.BUILT_IN):
        raise WrongArgument("ranges and space both say what the parameters are",
                            remedy="put the ranges into the SpaceCard, or leave out space=")
    for column in ranges:
        if column not in columns:
            raise WrongArgument(f"ranges has {column}, which is not a column of architecture", known=columns,
                                remedy="name one of these columns")


def _canonical(cells: Cells, rules, column: str, row: int) -> str:
    text = cells.text(column, row)
    try:
        return rules.canonical(names.canonical(text, rules.name) or text)
    except (NotInSpace, UnknownArchitecture) as error:
        raise cells.error(column, row, error.message, error.remedy) from error


def _json(cells: Cells, column: str, row: int) -> str:
    value = cells.present(column, row)
    try:
        return _canonical_json(json.loads(value) if isinstance(value, str) else value)
    except (TypeError, ValueError) as error:
        raise cells.error(column, row, f"{value!r} is not JSON in Unicode normal form C",
                          'give JSON, such as {"layers": 3} or "resnet"') from error


def _objects(cells: Cells, columns: list) -> list:
    """Every row as a JSON object of its parameters."""
    values, found = {column: cells.values(column, of_grid=False) for column in columns}, []
    for row in range(len(cells.table)):
        try:
            found.append(_canonical_json({column: values[column][row] for column in columns}))
        except (TypeError, ValueError) as error:
            raise TableError(f"{cells.table.where(row)}: the columns {', '.join(columns)} are not JSON in Unicode "
                             f"normal form C: {error}", remedy="give numbers, texts, lists, true or false") from error
    return found


def _canonical_json(value) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    text.encode()
    if not unicodedata.is_normalized("NFC", text):
        raise ValueError("not in Unicode normal form C")
    return text


def _parameter(column: str, found: Iterable, ranges: Mapping) -> Parameter:
    """A parameter with the values of a column: a range if it is given or there are many numbers; else the values, numbers
    ascending."""
    if column in ranges:
        return Parameter.of(column, ranges[column])
    known = list(dict.fromkeys(found))
    if not all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in known):
        return Parameter(column, "categorical", known)
    if len(known) <= MOST_LISTED_NUMBERS:
        return Parameter(column, "ordinal", sorted(known))
    low, high = min(known), max(known)
    scale = "log" if low > 0 and high / low >= LEAST_LOG_RATIO else "linear"
    return Parameter.of(column, Range(low, high, scale, whole=all(isinstance(one, int) for one in known)))
