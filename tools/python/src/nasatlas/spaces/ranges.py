"""Parameters that are numbers between two ends. `ParameterRange` of the program has the same rules."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Literal

from nasatlas.errors import WrongArgument
from nasatlas.seeded import SeededGenerator

_NUMBER = re.compile(r"[-+0-9.eE]+")


@dataclass(frozen=True)
class Range:
    """The numbers from `minimum` to `maximum`, such as learning rates. `whole` is for whole numbers.

        >>> from nasatlas import Range
        >>> Range(1e-4, 1e-1, "log").number(0.5)
        0.00316228

    Raises WrongArgument for ends that are not ascending, and for a logarithmic scale that does not begin above 0.
    """

    minimum: float
    maximum: float
    scale: Literal["linear", "log"] = "linear"
    """On a logarithmic scale, equal steps are equal ratios."""
    whole: bool = False

    def __post_init__(self):
        ends = (self.minimum, self.maximum)
        is_number = all(isinstance(end, (int, float)) and not isinstance(end, bool) for end in ends) \
            and all(map(math.isfinite, ends))
        if not is_number or not self.minimum < self.maximum or not math.isfinite(self.maximum - self.minimum) \
                or self.scale not in ("linear", "log") or (self.scale == "log" and self.minimum <= 0) \
                or (self.whole and any(end != int(end) or abs(end) > 1 << 53 for end in ends)):
            raise WrongArgument(
                f"{self.minimum!r} to {self.maximum!r} with the scale {self.scale!r} is not a range",
                known=["linear", "log"],
                remedy="give numbers minimum < maximum, whole ones with whole=True, above 0 with the scale log")

    def __contains__(self, number) -> bool:
        return self.minimum <= number <= self.maximum and (not self.whole or number == math.floor(number))

    @property
    def count(self) -> int | None:
        """How many values there are; None for real numbers."""
        return int(self.maximum - self.minimum) + 1 if self.whole else None

    @property
    def words(self) -> str:
        """`0.0001 to 0.1`."""
        return f"{self.word(self.minimum)} to {self.word(self.maximum)}"

    def word(self, number: float) -> str:
        """A number as canonical texts have it."""
        return json.dumps(int(number) if number == int(number) and abs(number) < 1 << 53 else float(number))

    def value(self, number: float) -> int | float:
        """A number of the range: an int of whole numbers, else a float."""
        return int(number) if self.whole else float(number)

    def read(self, word: str) -> float | None:
        """The number that a word spells in any way; None for others."""
        try:
            number = float(word) if _NUMBER.fullmatch(word) else math.nan
        except ValueError:
            return None
        return number if number in self else None

    def position(self, number: float) -> float:
        """Where a number is, from 0 at the minimum to 1 at the maximum."""
        if number <= self.minimum:
            return 0.0
        if number >= self.maximum:
            return 1.0
        if self.scale == "linear":
            return (number - self.minimum) / (self.maximum - self.minimum)
        return (math.log(number) - math.log(self.minimum)) / (math.log(self.maximum) - math.log(self.minimum))

    def number(self, position: float) -> float:
        """The number at a position from 0 to 1, rounded to six digits of the width, or of itself on a log scale."""
        if position <= 0:
            return float(self.minimum)
        if position >= 1:
            return float(self.maximum)
        if self.scale == "linear":
            exact = self.minimum + position * (self.maximum - self.minimum)
        else:
            exact = math.exp(math.log(self.minimum)
                             + position * (math.log(self.maximum) - math.log(self.minimum)))
        if self.whole:
            rounded = float(math.floor(exact + 0.5))
        elif self.scale == "linear":
            rounded = float(f"{exact:.{max(0, 5 - math.floor(math.log10(self.maximum - self.minimum)))}f}")
        else:
            rounded = float(f"{exact:.5e}")
        return float(min(max(rounded, self.minimum), self.maximum)) + 0.0

    def draw(self, generator: SeededGenerator) -> float:
        """A position drawn uniformly; each whole number of a linear range has the same chance."""
        if not self.whole:
            return self.number(generator.uniform())
        if self.scale == "linear":
            return float(self.minimum + generator.below(int(self.maximum - self.minimum) + 1))
        low = math.log(self.minimum)
        drawn = math.floor(math.exp(low + generator.uniform() * (math.log(self.maximum + 1) - low)))
        return float(min(max(drawn, self.minimum), self.maximum))

    def steps(self, number: float) -> list:
        """The numbers a twentieth of the range below and above, as far as there are any."""
        position, found = self.position(number), []
        for direction in (-1, 1):
            other = self.number(position + direction / 20)
            if (other - number) * direction > 0:
                found.append(other)
            elif self.whole and number + direction in self:
                found.append(float(number + direction))
        return found

    def mutated(self, number: float, generator: SeededGenerator) -> float:
        """Another number up to a fifth of the range away; an end reflects."""
        position = self.position(number)
        for _ in range(16):
            drawn = abs(position + (2 * generator.uniform() - 1) / 5)
            other = self.number(2 - drawn if drawn > 1 else drawn)
            if other != number:
                return other
        return generator.pick(self.steps(number))
