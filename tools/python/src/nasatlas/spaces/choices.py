"""Spaces whose architectures are independent choices."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from nasatlas.errors import NotInSpace
from nasatlas.seeded import SeededGenerator
from nasatlas.spaces.base import BLANKS, Space
from nasatlas.spaces.parameters import Parameter, check_names


class ChoiceSpace(Space):
    """A space of independent choices. An architecture is a canonical text, or a dict with a value for each parameter.

        >>> from nasatlas import spaces
        >>> space = spaces.space("nats-sss")
        >>> space.parse("8:16:8:8:64")["channels_2"]
        16
        >>> space.text({**space.parse("8:16:8:8:64"), "channels_1": 32})
        '32:16:8:8:64'
    """

    def __init__(self, name: str, parameters: list, literals: list, word_pattern: str, steps: bool = False,
                 is_numbered: bool = False):
        """`steps` where ordered parameters move by one step; `is_numbered` where one number draws an architecture."""
        self.name = name
        self._parameters = tuple(parameters)
        self.slots = [f"{one.name}={word}" for one in self.parameters for word in one.words]
        """The names of the slots of `one_hot`."""
        self._steps = steps
        self._is_numbered = is_numbered
        self._literals = literals
        self._pattern = re.compile(f"({word_pattern})".join(map(re.escape, literals)))
        self._places = [{word: place for place, word in enumerate(one.words)} for one in self.parameters]

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return self._parameters

    @property
    def size(self) -> int:
        count = 1
        for parameter in self.parameters:
            count *= len(parameter.values)
        return count

    def parse(self, text: str) -> dict:
        """The choices of a canonical text; raises NotInSpace."""
        return self._choices(self.places(text))

    def text(self, choices: Mapping) -> str:
        """The canonical text of choices; raises NotInSpace."""
        return self._spelled(self.places(choices))

    def places(self, architecture: str | Mapping) -> list:
        """For each parameter the place of its value, from 0; `architecture` is a canonical text or choices."""
        if isinstance(architecture, str):
            found = self._pattern.fullmatch(architecture)
            if found is None:
                form = "".join(part for pair in zip(self._literals, [*(one.name for one in self.parameters), ""])
                               for part in pair)
                raise NotInSpace(f"{architecture!r} is not a canonical text of {self.name}, which has the form {form}",
                                 remedy="give a text of this form, or a dict with a value for each parameter")
            for parameter, places, word in zip(self.parameters, self._places, found.groups()):
                if word not in places:
                    raise NotInSpace(f"{parameter.name} cannot be {word!r}; allowed: {', '.join(places)}",
                                     known=list(parameter.values), remedy="choose one of them")
            return [places[word] for places, word in zip(self._places, found.groups())]
        if not isinstance(architecture, Mapping):
            names = [parameter.name for parameter in self.parameters]
            raise NotInSpace(f"{architecture!r} is neither a canonical text of {self.name} nor a dict of its choices",
                             known=names, remedy="give a text, or a dict with a value for each parameter")
        check_names(architecture, [parameter.name for parameter in self.parameters], f"an architecture of {self.name}",
                    "parse(text) gives such a dict")
        return [parameter.place(architecture[parameter.name]) for parameter in self.parameters]

    def canonical(self, text: str) -> str:
        return self._spelled(self.places(self._plain(text)))

    def _plain(self, text: str) -> str:
        """The text as the canonical one would be, where it only has other letters, blanks or, in a grid, another order
        or other spellings of numbers."""
        text = text.strip(BLANKS)
        if not self._steps:
            return text.lower()
        given = [part.partition("=") for part in text.split(",")]
        words = {name.lower(): word.lower() for name, _, word in given}
        if len(words) != len(given) or words.keys() != {one.name.lower() for one in self.parameters}:
            return text
        return self._text([_same_word(one, words[one.name.lower()]) for one in self.parameters])

    def _spelled(self, places: list) -> str:
        return self._text([parameter.words[place] for parameter, place in zip(self.parameters, places)])

    def _text(self, words: list) -> str:
        return "".join(part for pair in zip(self._literals, [*words, ""]) for part in pair)

    def _draw(self, generator: SeededGenerator) -> str:
        if self._is_numbered:
            number, places = generator.below(self.size), []
            for parameter in reversed(self.parameters):
                number, place = divmod(number, len(parameter.values))
                places.insert(0, place)
            return self._spelled(places)
        return self._spelled([generator.below(len(one.values)) for one in self.parameters])

    def neighbors(self, architecture: str | Mapping) -> list[str]:
        """The canonical texts that differ in one value; an ordered parameter of a grid moves by one step."""
        places = self.places(architecture)
        found = []
        for number, parameter in enumerate(self.parameters):
            for other in range(len(parameter.values)):
                distance = abs(other - places[number])
                if distance == 1 or distance and not (self._steps and parameter.ordered):
                    found.append(self._spelled([*places[:number], other, *places[number + 1:]]))
        return found

    def one_hot(self, architecture: str | Mapping) -> np.ndarray:
        """A slot for each value of each parameter, 1 for the chosen ones; shape (slots,)."""
        slots = np.zeros(len(self.slots), np.uint8)
        first = 0
        for parameter, place in zip(self.parameters, self.places(architecture)):
            slots[first + place] = 1
            first += len(parameter.values)
        return slots

    def _choices(self, places) -> dict:
        return {parameter.name: parameter.values[place] for parameter, place in zip(self.parameters, places)}


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
