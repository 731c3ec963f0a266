"""Spaces whose architectures are independent choices."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np

from nasatlas.errors import NotInSpace
from nasatlas.seeded import SeededGenerator
from nasatlas.spaces.base import BLANKS, Space
from nasatlas.spaces.configurations import Choice, Choices, of_parameters
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

    def __init__(self, name: str, parameters: list, literals: list, word_pattern: str):
        self.name = name
        self._parameters = tuple(parameters)
        self.slots = [f"{one.name}={word}" for one in self.parameters for word in one.words]
        """The names of the slots of `one_hot`."""
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
        return self._named(self.places(text))

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

    def canonical(self, given: str | Mapping) -> str:
        return self.text(given) if isinstance(given, Mapping) else super().canonical(given)

    def _canonical(self, text: str) -> str:
        return self._spelled(self.places(self._plain(text)))

    @property
    def choices(self) -> tuple[Choice, ...]:
        return self._choices.all

    @property
    def _choices(self) -> Choices:
        return of_parameters(self.name, self.parameters, self._literals, self._operations)

    _operations: tuple = ()
    """Values that are operations, which all parameters have."""

    def configuration(self, architecture: str | Mapping) -> dict:
        return self.parse(self.canonical(architecture))

    def _plain(self, text: str) -> str:
        """The text as the canonical one would be, where it only has other letters or blanks."""
        return text.strip(BLANKS).lower()

    def _spelled(self, places: list) -> str:
        return self._text([parameter.words[place] for parameter, place in zip(self.parameters, places)])

    def _text(self, words: list) -> str:
        return "".join(part for pair in zip(self._literals, [*words, ""]) for part in pair)

    def _draw(self, generator: SeededGenerator) -> str:
        return self._spelled([generator.below(len(one.values)) for one in self.parameters])

    def neighbors(self, architecture: str | Mapping) -> list[str]:
        """The canonical texts that differ in one value; an ordered parameter of a grid moves by one step."""
        places = self.places(architecture)
        return [self._changed(places, number, other) for number in range(len(places))
                for other in self._others(number, places[number])]

    def _others(self, number: int, place: int) -> list:
        """The places that a parameter can move to."""
        return [other for other in range(len(self.parameters[number].values)) if other != place]

    def _changed(self, places: list, number: int, other: int) -> str:
        return self._spelled([*places[:number], other, *places[number + 1:]])

    def _mutated(self, architecture: str | Mapping, generator: SeededGenerator) -> str:
        places = self.places(architecture)
        number = generator.pick([number for number, one in enumerate(self.parameters) if len(one.values) > 1])
        return self._changed(places, number, generator.pick(self._others(number, places[number])))

    def _crossed(self, first: str | Mapping, second: str | Mapping, generator: SeededGenerator) -> str:
        return self._spelled([one if generator.chance(0.5) else other
                              for one, other in zip(self.places(first), self.places(second))])

    def _encoders(self) -> dict[str, Callable]:
        return {"one-hot": self.one_hot, "ordinal": self.places}

    def isomorphism_class(self, architecture: str | Mapping) -> str:
        return self._spelled(self.places(architecture))

    def identifiers(self, architecture: str | Mapping) -> dict[str, str]:
        self.places(architecture)
        return {}

    def one_hot(self, architecture: str | Mapping) -> np.ndarray:
        """A slot for each value of each parameter, 1 for the chosen ones; shape (slots,)."""
        slots = np.zeros(len(self.slots), np.uint8)
        first = 0
        for parameter, place in zip(self.parameters, self.places(architecture)):
            slots[first + place] = 1
            first += len(parameter.values)
        return slots

    def _named(self, places) -> dict:
        return {parameter.name: parameter.values[place] for parameter, place in zip(self.parameters, places)}
