"""The axis of the positions of curves: epochs, unless the card of the protocol says steps, seconds or shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fidelity:
    """How much of a training is looked at: an ordered axis with positions from 1.

        >>> from nasatlas import Fidelity
        >>> steps, shares = Fidelity("step", "step"), Fidelity("data_share", "share of the rows", levels=[0.1, 0.5, 1])
        >>> steps.level(250), shares.level(2), shares.words(2)
        (250, 0.5, '2 (0.5 share of the rows)')
        >>> print(shares)
        data_share, in share of the rows: 0.1, 0.5, 1
    """

    name: str
    """Lower-case letters, digits and underscores, such as `epoch`, `step` or `train_seconds`."""
    unit: str
    levels: Sequence[float] = ()
    """The value of each position, ascending, where positions are not the values themselves."""

    def __post_init__(self):
        object.__setattr__(self, "levels", tuple(self.levels))

    @classmethod
    def read(cls, told: Mapping[str, Any] | None) -> Fidelity:
        """The axis of the object `fidelity` of a card; epochs where the card has none."""
        return EPOCHS if told is None else cls(told["name"], told["unit"], told.get("levels") or ())

    def value(self) -> dict[str, Any]:
        """The object under the key `fidelity` of a card."""
        return {"name": self.name, "unit": self.unit, **({"levels": list(self.levels)} if self.levels else {})}

    def level(self, position: int) -> float | None:
        """The value at a position: its level, or the position itself; None for a position without a level."""
        if not self.levels:
            return position
        return self.levels[position - 1] if 0 < position <= len(self.levels) else None

    def words(self, position: int) -> str:
        """A position in words: `7`, or `3 (0.5 fraction)` where positions are not the values."""
        level = self.level(position)
        return str(position) if level is None or not self.levels else f"{position} ({level} {self.unit})"

    @property
    def label(self) -> str:
        """The name in words, for titles of tables: `train seconds`."""
        return self.name.replace("_", " ")

    @property
    def title(self) -> str:
        """The name and the unit for charts: `epoch`, or `data share (share of the rows)`."""
        return self.label + ("" if self.unit in ("1", self.name) else f" ({self.unit})")

    def __str__(self) -> str:
        return f"{self.name}, in {self.unit}" + (f": {', '.join(map(str, self.levels))}" if self.levels else "")


EPOCHS = Fidelity("epoch", "epoch")
"""The axis of a protocol whose card names no other."""
