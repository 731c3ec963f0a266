"""Grids with ranges: points of listed values and numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nasatlas.errors import NotInSpace, UnsupportedSpace
from nasatlas.seeded import SeededGenerator
from nasatlas.spaces.base import BLANKS, Space
from nasatlas.spaces.configurations import Choices, of_parameters
from nasatlas.spaces.grid import moves, read, scaled
from nasatlas.spaces.parameters import Parameter, check_names


class PointSpace(Space):
    """A grid in which some parameters are numbers from ranges. Neighbors in an atlas are its nearest points.

        >>> from nasatlas import spaces
        >>> space = spaces.space("mine", {"kind": "grid", "parameters": [
        ...     {"name": "lr", "kind": "real", "range": {"minimum": 0.0001, "maximum": 0.1, "scale": "log"}},
        ...     {"name": "act", "kind": "categorical", "values": ["relu", "gelu"]}]})
        >>> space.sample(1, seed=2)
        ['lr=0.0939896,act=gelu']
        >>> space.parse("lr=1e-3,act=gelu")
        {'lr': 0.001, 'act': 'gelu'}
        >>> space.encode("lr=0.1,act=gelu").tolist()
        [1.0, 0.0, 1.0]
    """

    kind = "grid"
    distance_encoding = "scaled"

    def __init__(self, name: str, parameters: list):
        self.name = name
        self._parameters = tuple(parameters)

    @property
    def size(self) -> int | None:
        return self._choices.count()

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return self._parameters

    def require_choices(self) -> Space:
        raise UnsupportedSpace(f"{self.name} has numbers from ranges: an atlas has few of its points",
                               known=[one.name for one in self._parameters if one.range is not None],
                               remedy="ask with the texts of the atlas, or fit a surrogate, which predicts any point")

    def parse(self, text: str) -> dict:
        """The value of each parameter; raises NotInSpace."""
        return {one.name: one.values[int(at)] if one.range is None else one.range.value(at)
                for one, at in zip(self._parameters, self._point(text))}

    def text(self, choices: Mapping) -> str:
        """The canonical text of a value for each parameter; raises NotInSpace."""
        check_names(choices, [one.name for one in self._parameters], f"an architecture of {self.name}",
                    "parse(text) gives such a dict")
        return self._spelled([one.coordinate(choices[one.name]) for one in self._parameters])

    def canonical(self, given: str | Mapping) -> str:
        return self.text(given) if isinstance(given, Mapping) else super().canonical(given)

    def _canonical(self, text: str) -> str:
        return self._spelled(self._point(text))

    @property
    def _choices(self) -> Choices:
        literals = [f"{',' if number else ''}{one.name}=" for number, one in enumerate(self._parameters)]
        return of_parameters(self.name, self._parameters, [*literals, ""])

    def _point(self, architecture: str | Mapping) -> list:
        """The place of each listed value, and each number."""
        if isinstance(architecture, Mapping):
            architecture = self.text(architecture)
        words = read(architecture.strip(BLANKS))
        if words.keys() != {one.name.lower() for one in self._parameters}:
            form = ",".join(f"{one.name}=" for one in self._parameters)
            raise NotInSpace(f"{architecture!r} is not a text of {self.name}, which has a value behind each of {form}",
                             remedy="give a text of this form, or a dict with a value for each parameter")
        return [one.coordinate_of_word(words[one.name.lower()]) for one in self._parameters]

    def _spelled(self, point: list) -> str:
        return ",".join(f"{one.name}={one.words[int(at)] if one.range is None else one.range.word(at)}"
                        for one, at in zip(self._parameters, point))

    def _draw(self, generator: SeededGenerator) -> str:
        return self._spelled([float(generator.below(len(one.values))) if one.range is None
                              else one.range.draw(generator) for one in self._parameters])

    def neighbors(self, architecture: str | Mapping) -> list[str]:
        """The points that differ in one parameter: a number by a twentieth of its range, an ordinal value by one step."""
        point = self._point(architecture)
        return [self._changed(point, number, other) for number, one in enumerate(self._parameters)
                for other in self._others(one, point[number])]

    @staticmethod
    def _others(one: Parameter, at: float) -> list:
        return moves(one, int(at)) if one.range is None else one.range.steps(at)

    def _changed(self, point: list, number: int, other: float) -> str:
        return self._spelled([*point[:number], other, *point[number + 1:]])

    def _mutated(self, architecture: str | Mapping, generator: SeededGenerator) -> str:
        point = self._point(architecture)
        number = generator.pick([number for number, one in enumerate(self._parameters) if len(one.values) != 1])
        one = self._parameters[number]
        other = generator.pick(moves(one, int(point[number]))) if one.range is None \
            else one.range.mutated(point[number], generator)
        return self._changed(point, number, other)

    def _crossed(self, first: str | Mapping, second: str | Mapping, generator: SeededGenerator) -> str:
        return self._spelled([one if generator.chance(0.5) else other
                              for one, other in zip(self._point(first), self._point(second))])

    def _encoders(self) -> dict[str, Callable]:
        return {"scaled": self._scaled}

    def _scaled(self, architecture: str | Mapping) -> list:
        """Numbers by their position in the range and ordinal values by their place, from 0 to 1; the others one-hot."""
        found = []
        for one, at in zip(self._parameters, self._point(architecture)):
            found += scaled(one, int(at)) if one.range is None else [one.range.position(at)]
        return found
