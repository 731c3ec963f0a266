"""One choice that architectures are made of, and configurations of them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from nasatlas.errors import NotInSpace
from nasatlas.spaces.ranges import Range


class Parameter(NamedTuple):
    """One choice that an architecture is made of."""

    name: str
    values: tuple
    """The values to choose from: texts, numbers, True, False or None; empty where there is a range."""
    ordered: bool
    """Whether the order of the values means something."""
    range: Range | None = None
    """The numbers to choose from; None where values are listed."""

    @property
    def words(self) -> tuple:
        """The values as the canonical text spells them."""
        return tuple(value if isinstance(value, str) else json.dumps(value) for value in self.values)

    def place(self, value) -> int:
        """The place of `value` among the values, from 0; raises NotInSpace. True is not 1."""
        truth = isinstance(value, (bool, np.bool_))
        for place, known in enumerate(self.values):
            if known == value and isinstance(known, bool) == truth:
                return place
        raise self._outside(value)

    def coordinate(self, value) -> float:
        """The place of a listed value, or the number itself; raises NotInSpace."""
        if self.range is None:
            return self.place(value)
        is_number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
        if not is_number or value not in self.range:
            raise self._outside(value)
        return float(value)

    def coordinate_of_word(self, word: str) -> float:
        """The same of a word in lower case, which may spell a number in another way."""
        if self.range is not None:
            number = self.range.read(word)
            if number is None:
                raise self._outside(word)
            return number
        for place, (value, known) in enumerate(zip(self.values, self.words)):
            if known.lower() == word:
                return place
            if isinstance(value, (int, float)) and not isinstance(value, bool) and value == _number(word):
                return place
        raise self._outside(word)

    def _outside(self, value) -> NotInSpace:
        allowed = ", ".join(self.words) if self.range is None else self.range.words
        return NotInSpace(f"{self.name} cannot be {value!r}; allowed: {allowed}",
                          known=list(self.values) if self.range is None else [allowed], remedy="choose one of them"
                          if self.range is None else "choose a number of the range")


def _number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None


def check_names(given, names, what: str, remedy: str, needed=None, kind: type = NotInSpace) -> None:
    """Raises `kind` where `given` lacks one of `needed` (None: all `names`) or has a name outside `names`."""
    lacking = [name for name in (names if needed is None else needed) if name not in given]
    unknown = [str(name) for name in given if name not in names]
    if lacking or unknown:
        raise kind(f"{what} has a value for each of {', '.join(names)}"
                   + (f"; lacking: {', '.join(lacking)}" if lacking else "")
                   + (f"; unknown: {', '.join(unknown)}" if unknown else ""), known=list(names), remedy=remedy)


def spell(space: Mapping, configuration: Mapping) -> str:
    """The text of a configuration of a space that `configuration_space` of a served atlas returned.

    The server reads it, also where it is not the canonical text; `space["meta"]` says which configurations are
    invalid. Raises NotInSpace for a value that is lacking or outside the space, and for an unknown name.
    """
    words = space["meta"]["words"]
    values = {one["name"]: one.get("choices") or one.get("sequence") or [one.get("value")]
              for one in space["hyperparameters"]}
    check_names(configuration, list(values), f"a configuration of {space['name']}",
                "leave out names that the space does not have", needed=())

    def word(name):
        if name not in configuration:
            raise NotInSpace(f"a configuration of {space['name']} needs {name} beside its other values", known=[name])
        parameter = Parameter(name, tuple(values[name]), False)
        spelled = parameter.words[parameter.place(configuration[name])]
        return spelled_out(words.get(name, {}).get(spelled, spelled))

    def spelled_out(text):
        return re.sub(r"\{([^{}]+)\}", lambda found: word(found[1]), text)

    return spelled_out(space["meta"]["architecture"])
