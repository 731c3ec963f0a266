"""Grids: all combinations of the values of named parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nasatlas.errors import NotInSpace
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
        words = read(text)
        if words.keys() != {one.name.lower() for one in self.parameters}:
            return text
        return self._text([_same_word(one, words[one.name.lower()]) for one in self.parameters])

    def _others(self, number: int, place: int) -> list:
        return moves(self.parameters[number], place)

    def _encoders(self) -> dict[str, Callable]:
        return {"one-hot": self.one_hot, "scaled": self._scaled, "ordinal": self.places}

    def _scaled(self, architecture: str | Mapping) -> list:
        """Ordinal parameters as their place from 0 to 1, the others one-hot."""
        return [number for parameter, place in zip(self.parameters, self.places(architecture))
                for number in scaled(parameter, place)]


def read(text: str) -> dict:
    """The word of each parameter of `name=word,name=word`, both in lower case; empty if a name occurs twice."""
    given = [part.partition("=") for part in text.split(",")]
    words = {name.lower(): word.lower() for name, _, word in given}
    return words if len(words) == len(given) else {}


def moves(parameter: Parameter, place: int) -> list:
    """The places that a listed value can move to: one step of an ordinal parameter, any other of a categorical one."""
    return [other for other in range(len(parameter.values))
            if (abs(other - place) == 1 if parameter.ordered else other != place)]


def scaled(parameter: Parameter, place: int) -> list:
    """A listed value as numbers: its place from 0 to 1 if values are ordered, else one-hot."""
    count = len(parameter.values)
    if not parameter.ordered:
        return [float(other == place) for other in range(count)]
    return [place / (count - 1) if count > 1 else 0.0]


def _same_word(parameter: Parameter, word: str) -> str:
    """The spelling of a value in other letters, or of the same number; the word itself where there is none."""
    try:
        return parameter.words[parameter.coordinate_of_word(word)]
    except NotInSpace:
        return word
