"""Reads the architectures of a table, and makes the card of their space."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable

from nasatlas import spaces
from nasatlas.cells import Cells, TableError
from nasatlas.errors import NotInSpace, UnknownArchitecture, WrongArgument
from nasatlas.importing import space_checks
from nasatlas.importing.entries import Parameter, SpaceCard
from nasatlas.reading import names


def architectures(cells: Cells, columns: list, space) -> tuple:
    """The card of the space (None for a built-in space) and the canonical text of every row."""
    table = cells.table
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
    elif all(len(set(found)) == 1 for found in values.values()):
        # A grid has two architectures or more.
        return SpaceCard(space or "table", "opaque", "The one architecture of a table"), _objects(cells, columns)
    else:
        card = SpaceCard(space or "table", "grid", "The parameters of a table", parameters=[
            Parameter(column, *_listed(found)) for column, found in values.items()])
    space_checks.check_grid(card)
    rules = spaces.space(card.name, card.line()["space"])
    texts = []
    for row in range(len(table)):
        try:
            texts.append(rules.text({column: found[row] for column, found in values.items()}))
        except NotInSpace as error:
            raise TableError(f"{table.where(row)}: {error.message}", remedy=error.remedy) from error
    return card, texts


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


def _listed(found: Iterable) -> tuple:
    """Kind and values of a parameter: numbers are sorted, texts keep their order."""
    known = list(dict.fromkeys(found))
    is_number = all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in known)
    return ("ordinal", sorted(known)) if is_number else ("categorical", known)
