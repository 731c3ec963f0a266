"""The axis of the curves of a table: epochs, or another one with or without levels."""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable, Sequence

from nasatlas.cells import Cells
from nasatlas.errors import WrongArgument
from nasatlas.fidelity import EPOCHS, Fidelity
from nasatlas.own_tables.descriptions import WORD, check_text

LARGEST_POSITION = (1 << 31) - 1


class Axis:
    """Turns the epochs, steps or levels that a table names into positions from 1."""

    def __init__(self, fidelity: Fidelity | None, positions: Sequence[float] | None, last: float | None):
        """`positions` are those of lists in cells, `last` is that of single numbers. Raises WrongArgument."""
        self._axis = EPOCHS if fidelity is None else _checked(fidelity)
        self.name = self._axis.label
        self._last = 1 if last is None else self._argument("epochs", last)
        self._positions = None if positions is None else self._listed(positions)

    def words(self, position: int) -> str:
        return f"{self.name} {self._axis.words(position)}"

    def of_cell(self, cells: Cells, column: str, row: int) -> int:
        """The position that a cell names."""
        if not self._axis.levels:
            position = cells.whole(column, row, LARGEST_POSITION)
            if position < 1:
                raise cells.error(column, row, f"the {self.name} cannot be {position}", "give whole numbers from 1 on")
            return position
        given = cells.number(column, row)
        position = None if given is None else self._position(given)
        if position is None:
            raise cells.error(column, row, f"{'an empty cell' if given is None else given} is not a level of "
                              f"{self.name}; known: {self._levels}",
                              "give one of them, or add it to the levels of fidelity=")
        return position

    def of_values(self, cells: Cells, column: str, row: int, count: int) -> list:
        """The positions of the numbers of a cell: of a single number, or of a list."""
        if not cells.is_list(column, row):
            return [self._last]
        known = self._positions or list(range(1, (len(self._axis.levels) or count) + 1))
        if count > len(known):
            where = "positions" if self._positions else f"levels of {self.name}"
            raise cells.error(column, row, f"the list has {count} numbers, and there are {len(known)} {where}",
                              "give each number of a list a position")
        return known[:count]

    @property
    def _levels(self) -> str:
        return ", ".join(map(str, self._axis.levels))

    def _position(self, given: float) -> int | None:
        """The position of a number; None where it has none."""
        if self._axis.levels:
            return self._axis.levels.index(given) + 1 if given in self._axis.levels else None
        return int(given) if given == int(given) and 0 < given <= LARGEST_POSITION else None

    def _argument(self, argument: str, given) -> int:
        is_number = isinstance(given, numbers.Real) and not isinstance(given, bool) and math.isfinite(given)
        position = self._position(given) if is_number else None
        if position is None:
            raise WrongArgument(f"{argument} cannot be {given!r}", remedy=f"give one of the levels {self._levels}"
                                if self._axis.levels else f"give a whole number from 1 to {LARGEST_POSITION}")
        return position

    def _listed(self, given) -> list:
        if isinstance(given, str) or not isinstance(given, Iterable):
            raise WrongArgument(f"positions cannot be {given!r}",
                                remedy="give a list of numbers, such as [10, 50, 200]")
        found = [self._argument("a number of positions", one) for one in given]
        if not found or sorted(set(found)) != found:
            raise WrongArgument(f"positions cannot be {list(given)!r}", remedy="give ascending numbers, at least one")
        return found


def _checked(axis) -> Fidelity:
    """The axis; raises WrongArgument where an atlas cannot store it."""
    if not isinstance(axis, Fidelity):
        raise WrongArgument(f"fidelity cannot be {axis!r}", remedy='give nasatlas.Fidelity("step", "step")')
    if not isinstance(axis.name, str) or not WORD.fullmatch(axis.name):
        raise WrongArgument(f"the name of fidelity cannot be {axis.name!r}; allowed: lower-case letters, digits and "
                            "underscores, a letter first", remedy="give one word, such as step or train_seconds")
    check_text(axis.unit, "the unit of fidelity")
    are_numbers = all(isinstance(one, numbers.Real) and not isinstance(one, bool) and math.isfinite(one)
                      for one in axis.levels)
    if not are_numbers or sorted(set(axis.levels)) != list(axis.levels):
        raise WrongArgument(f"the levels of fidelity cannot be {list(axis.levels)!r}",
                            remedy="give ascending finite numbers, such as [0.1, 0.5, 1]")
    return axis
