"""Reads tables cell by cell; every error names the column and the row."""

from __future__ import annotations

import csv
import math
import numbers
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from nasatlas import nearest
from nasatlas.errors import NASAtlasError, WrongArgument

MISSING = frozenset(("", "na", "n/a", "nan", "null", "none"))
"""Texts that mean an absent value, in lower case."""
WORD = re.compile(r"[A-Za-z0-9+._:/~|-]{1,256}")
"""The name of a parameter of a grid, or a value of it that is a text."""
LARGEST_COUNT = 1 << 53


class TableError(NASAtlasError, ValueError):
    """A table that cannot become an atlas; the message names the column, and the row if there is one."""

    code = "tables.cell"


class Table:
    """Columns of a CSV file, a data frame, a mapping from names to lists, or a list of rows as mappings."""

    def __init__(self, given):
        self._lines = None
        if isinstance(given, (str, os.PathLike)):
            self.columns = self._read(Path(given))
        elif isinstance(given, Mapping):
            self.columns = {str(name): list(values) for name, values in given.items()}
        elif hasattr(given, "columns") and hasattr(given, "__getitem__"):
            self.columns = {str(name): given[name].to_list() for name in given.columns}
            if len(self.columns) != len(given.columns):
                raise TableError("two columns have the same name", remedy="rename one of them")
        elif isinstance(given, Sequence) and all(isinstance(row, Mapping) for row in given):
            names = dict.fromkeys(str(name) for row in given for name in row)
            self.columns = {name: [row.get(name) for row in given] for name in names}
        else:
            raise WrongArgument(f"{type(given).__name__} is not a table",
                                remedy="give the path of a CSV file, a pandas or polars frame, a mapping from "
                                "names to lists, or a list of mappings")
        lengths = {len(values) for values in self.columns.values()}
        if len(lengths) > 1:
            raise TableError(f"columns have different lengths: {', '.join(map(str, sorted(lengths)))}",
                             remedy="give every column one value per row")
        self._length = lengths.pop() if lengths else 0
        if not self._length:
            raise TableError("the table has no rows", remedy="give one row per training")

    def _read(self, path: Path) -> dict:
        try:
            with open(path, newline="", encoding="utf-8-sig") as file:
                rows = csv.reader(file)
                header = [name.strip() for name in next(rows, [])]
                found, self._lines = [], []
                for row in rows:
                    if row:
                        found.append(row)
                        self._lines.append(rows.line_num)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise TableError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}",
                             remedy="give a CSV file in UTF-8 with a header") from error
        for name in header:
            if header.count(name) > 1:
                raise TableError(f"{path}: two columns are called {name!r}", remedy="rename one of them")
        for row, line in zip(found, self._lines):
            if len(row) != len(header):
                raise TableError(f"{path}, line {line}: {len(row)} cells for {len(header)} columns",
                                 remedy="put quotes around cells with commas, or complete the row")
        return {name: [row[place] for row in found] for place, name in enumerate(header)}

    def __len__(self):
        return self._length

    def where(self, row: int) -> str:
        """A row in words: its line in a CSV file, otherwise its number from 1."""
        return f"row {row + 1}" if self._lines is None else f"line {self._lines[row]}"


class Cells:
    """Reads cells of a table as numbers, texts and curves."""

    def __init__(self, table: Table, needed: list, named: Mapping):
        """Raises TableError for unknown columns; `named` are columns by the argument that names them."""
        self.table = table
        known = list(table.columns)
        for argument, column in [(None, one) for one in needed] + list(named.items()):
            if column is not None and column not in table.columns:
                what = "" if argument is None else f" ({argument}=)"
                raise TableError(f"there is no column {column}{what}{nearest.suggestion(column, known)}; known: "
                                 f"{', '.join(known)}", known=known, code="tables.unknown_column",
                                 remedy="name one of these columns")

    def error(self, column: str, row: int, message: str, remedy: str | None = None) -> TableError:
        return TableError(f"column {column}, {self.table.where(row)}: {message}", remedy=remedy)

    def _value(self, column: str, row: int):
        """The cell; None where it is empty."""
        value = self.table.columns[column][row]
        if isinstance(value, np.generic):
            value = value.item()
        if isinstance(value, str):
            return None if value.strip().lower() in MISSING else value
        return None if isinstance(value, float) and value != value or type(value).__name__ in ("NAType", "NaTType") \
            else value

    def present(self, column: str, row: int):
        """The cell; raises TableError where it is empty."""
        value = self._value(column, row)
        if value is None:
            raise self.error(column, row, "the cell is empty", "fill it, or remove the row")
        return value

    def text(self, column: str, row: int) -> str:
        value = self.present(column, row)
        return value.strip() if isinstance(value, str) else str(value)

    def number(self, column: str, row: int) -> float | None:
        """A finite number; None where the cell is empty."""
        value = self._value(column, row)
        if value is None:
            return None
        found = _number(value)
        if found is None:
            raise self.error(column, row, f"{value!r} is not a number",
                             "write numbers as 0.93 or 1e-3, and leave absent values empty")
        if math.isinf(found):
            raise self._infinite(column, row, value)
        return found

    def _infinite(self, column: str, row: int, value,
                  remedy: str = "leave the cell empty, remove the row, or give a finite number") -> TableError:
        spelled = repr(value)
        return self.error(column, row, f"{spelled if len(spelled) < 40 else spelled[:36] + ' …'} is infinite", remedy)

    def is_list(self, column: str, row: int) -> bool:
        """Whether the cell has a curve."""
        return isinstance(self.table.columns[column][row], (list, tuple, np.ndarray))

    def numbers(self, column: str, row: int) -> list:
        """The numbers of a curve, or the one number of a cell; nothing where it is empty.

        NaN in a curve is kept: the curve has no value at this epoch. A curve of NaN alone is empty.
        """
        value = self.table.columns[column][row]
        if self.is_list(column, row):
            found = [_number(one) for one in value]
            if None in found:
                raise self.error(column, row, f"value {found.index(None) + 1} of the curve is not a number",
                                 "give a list of numbers, one per epoch")
            if any(map(math.isinf, found)):
                place = next(place for place, one in enumerate(found) if math.isinf(one))
                raise self.error(column, row, f"value {place + 1} of the curve is infinite",
                                 "give finite numbers, and NaN for an epoch without a value")
            return [] if all(map(math.isnan, found)) else found
        found = self.number(column, row)
        return [] if found is None else [found]

    def whole(self, column: str, row: int, largest: int = LARGEST_COUNT) -> int:
        """A whole number from 0 to `largest`."""
        given = self.present(column, row)
        # A seed of 64 bits would not survive as a float.
        found = given if isinstance(given, int) and not isinstance(given, bool) \
            else _whole(given.strip()) if isinstance(given, str) else None
        if found is None:
            value = _number(given)
            found = int(value) if value is not None and math.isfinite(value) and value == int(value) else -1
        if not 0 <= found <= largest:
            raise self.error(column, row, f"{given!r} is not a whole number from 0 to {largest}",
                             "give numbers such as 0, 1, 2")
        return found

    def shared(self, column: str | None, rows: list, whole: bool = True) -> float | int | None:
        """The number that all rows of a run share; None if all cells are empty."""
        first = None
        for row in rows if column is not None else ():
            if self._value(column, row) is None:
                continue
            value = self.whole(column, row) if whole else self.number(column, row)
            if first is not None and value != first:
                raise self.error(column, row, f"{value} differs from {first} in the same training",
                                 "give all rows of a training the same value")
            first = value
        return first

    def values(self, column: str, of_grid: bool = True) -> list:
        """The values of a parameter: whole numbers, numbers, true and false, or texts; one kind in all rows.

        Without `of_grid`, texts may have any characters, and other kinds of values are allowed.
        """
        found = [self.present(column, row) for row in range(len(self.table))]
        if all(isinstance(one, str) for one in found):
            found = _typed([one.strip() for one in found])
        kinds = {_kind(one) for one in found}
        if len(kinds) > 1:
            row = next(row for row, one in enumerate(found) if _kind(one) != _kind(found[0]))
            raise self.error(column, row, f"{found[row]!r} is {_kind(found[row])}, and {found[0]!r} in "
                             f"{self.table.where(0)} is {_kind(found[0])}", "give all rows values of one kind")
        for row, one in enumerate(found if of_grid else ()):
            if isinstance(one, float) and math.isinf(one):
                raise self._infinite(column, row, one, "give finite numbers, or other texts in this column")
            if _kind(one) == "another kind of value" or isinstance(one, str) and not WORD.fullmatch(one):
                raise self.error(column, row, f"{one!r} cannot be a value of a parameter; allowed: numbers, true, "
                                 "false, and texts of letters, digits and + - _ . : / ~ |",
                                 "replace the other characters, or give an opaque space with space=")
        return found


def _kind(value) -> str:
    return "true or false" if isinstance(value, bool) else "a number" if isinstance(value, (int, float)) \
        else "a text" if isinstance(value, str) else "another kind of value"


def _typed(texts: list) -> list:
    """Texts as whole numbers, numbers, or true and false if all of them are; otherwise the texts."""
    for read in (_whole, _number, _truth):
        found = [read(text) for text in texts]
        if None not in found:
            return found
    return texts


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"-?(0|[1-9][0-9]*)", text) else None


def _truth(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


def _number(value) -> float | None:
    """A cell as a number; None for cells that are not numbers. Numbers too large for a float are infinite."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            return float(value) if "_" not in value else None
        except ValueError:
            return None
    try:
        return float(value) if isinstance(value, numbers.Real) else None
    except OverflowError:
        return math.inf if value > 0 else -math.inf
