"""Grids: all combinations of the values of named parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nasatlas.spaces.base import BLANKS
from nasatlas.spaces.choices import ChoiceSpace
from nasatlas.spaces.parameters import Parameter


class GridSpace(ChoiceSpace):
    """A space that the card of an atlas or an interchange file describes. Ordinal parameters move by one step.

        >>> from nasatlas import spaces
        >>> card = {"kind": "grid", "parameters": [
        ...     {"name": "width", "kind": "ordinal", "values": [16, 32, 64]},
        ...     {"name": "act", "kind": "categorical", "values": ["relu", "gelu"]}]}
        >>> grid = spaces.space("mine", card)
        >>> grid.neighbors("width=16,act=relu")
        ['width=32,act=relu', 'width=16,act=gelu']
        >>> grid.encode("width=32,act=gelu", "scaled").tolist()
        [0.5, 0.0, 1.0]
    """

    kind = "grid"

    def __init__(self, name: str, parameters: list):
        literals = [f"{',' if number else ''}{one.name}=" for number, one in enumerate(parameters)]
        super().__init__(name, parameters, [*literals, ""], "[^,=]+")

    def _plain(self, text: str) -> str:
        """The text as the canonical one would be, where it only has other letters, blanks, another order or other
        spellings of numbers."""
        text = text.strip(BLANKS)
        given = [part.partition("=") for part in text.split(",")]
        words = {name.lower(): word.lower() for name, _, word in given}
        if len(words) != len(given) or words.keys() != {one.name.lower() for one in self.parameters}:
            return text
        return self._text([_same_word(one, words[one.name.lower()]) for one in self.parameters])

    def _others(self, number: int, place: int) -> list:
        found = super()._others(number, place)
        return [other for other in found if abs(other - place) == 1] if self.parameters[number].ordered else found

    def _encoders(self) -> dict[str, Callable]:
        return {"one-hot": self.one_hot, "scaled": self._scaled, "ordinal": self.places}

    def _scaled(self, architecture: str | Mapping) -> list:
        """Ordinal parameters as their place from 0 to 1, the others one-hot."""
        found = []
        for parameter, place in zip(self.parameters, self.places(architecture)):
            count = len(parameter.values)
            found += [place / (count - 1) if count > 1 else 0.0] if parameter.ordered \
                else [float(other == place) for other in range(count)]
        return found


def _same_word(parameter: Parameter, word: str) -> str:
    """The spelling of a value in other letters, or of the same number."""
    for known in parameter.words:
        if known.lower() == word:
            return known
    try:
        number = float(word)
    except ValueError:
        return word
    for value, known in zip(parameter.values, parameter.words):
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value == number:
            return known
    return word
