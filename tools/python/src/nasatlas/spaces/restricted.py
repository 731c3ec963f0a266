"""Spaces without some of their values: `RestrictedSpace` of the program has the same rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from nasatlas.errors import NotInSpace, UnknownName, UnsupportedSpace
from nasatlas.nearest import suggestion
from nasatlas.seeded import SeededGenerator
from nasatlas.spaces.base import Space
from nasatlas.spaces.configurations import Choices


class RestrictedSpace(Space):
    """The architectures of `base` whose configurations use no closed value. `Space.without` makes it.

    Architectures keep their texts, ids and encodings. Draws choose uniformly among the open values of each active choice.
    """

    def __init__(self, base: Space, words: Sequence[str]):
        choices = base._choices
        if not choices.is_one_to_one:
            raise UnsupportedSpace(
                f"{base.name} cannot be restricted: not every combination of its choices is an architecture of its own",
                code="spaces.not_restrictable", remedy="draw from the whole space, and leave out what you do not want")
        self.base, self.words = base, tuple(words)
        self.name, self.kind, self.published_index = base.name, base.kind, base.published_index
        self.distance_encoding = base.distance_encoding
        opened = choices.without(_closed(choices, base.name, self.words))
        if opened is None or opened.count() == 1:
            raise UnsupportedSpace(f"{base.name} without {', '.join(self.words)} has fewer than two architectures",
                                   code="spaces.nothing_left", remedy="close fewer values")
        self._open = opened

    def __repr__(self):
        return f"{super().__repr__()[:-1]} without {', '.join(self.words)}>"

    @property
    def size(self) -> int | None:
        """The number of architectures, exact; None where parameters are real numbers."""
        return self._open.count()

    @property
    def _choices(self) -> Choices:
        return self._open

    def _choice_text(self, text: str) -> str:
        return self.base._choice_text(text)

    def contains(self, architecture: str | Mapping) -> bool:
        """Whether an architecture of the base uses no closed value. Raises NotInSpace for other texts."""
        return self._has(self.base.canonical(architecture))

    def _has(self, text: str) -> bool:
        return self._open.configuration(self.base._choice_text(text)) is not None

    def canonical(self, given: str | Mapping) -> str:
        """The canonical text, as the base has it. Raises NotInSpace for architectures outside."""
        text = self.base.canonical(given)
        if self._has(text):
            return text
        configuration = self.base.configuration(text)
        for choice in self.base.choices:
            if choice.name not in configuration:
                continue
            value, allowed = configuration[choice.name], self._open.named.get(choice.name)
            if allowed is None or not allowed.has(value):
                raise NotInSpace(
                    f"{text!r} is outside the restricted space {self.name}: {choice.name} is "
                    f"{choice.word_of_value(value)!r}; allowed: {'no value' if allowed is None else allowed.allowed}",
                    known=[] if allowed is None else list(allowed.values), code="spaces.closed",
                    remedy="choose one of the open values")
        raise NotInSpace(f"{text!r} is outside the restricted space {self.name}", code="spaces.closed",
                         remedy="draw with sample()")

    # Moves

    def neighbors(self, architecture: str) -> list[str]:
        """The neighbors that the base has inside; then, for each ordered choice, the next open value beyond closed ones."""
        text = self.canonical(architecture)
        inside = self._inside(text)
        return [*inside, *self._jumps(text, inside)]

    def _inside(self, text: str) -> list:
        return [one for one in self.base.neighbors(text) if self._has(one)]

    def _draw(self, generator: SeededGenerator) -> str:
        return self.base.canonical(self._open.text(self._open.draw(generator)))

    def _mutated(self, architecture: str, generator: SeededGenerator) -> str:
        text = self.canonical(architecture)
        inside = self._inside(text)
        jumps = self._jumps(text, inside)
        if not inside and not jumps:
            other = text
            while other == text:
                other = self._draw(generator)
            return other
        place = generator.below(len(inside) + len(jumps))
        if place >= len(inside):
            return jumps[place - len(inside)]
        for _ in range(1_000):
            mutant = self.base._mutated(text, generator)
            if self._has(mutant):
                return mutant
        return inside[place]

    def _crossed(self, first: str, second: str, generator: SeededGenerator) -> str:
        return self.canonical(self.base._crossed(self.canonical(first), self.canonical(second), generator))

    def _jumps(self, text: str, known: list) -> list:
        configuration, found = self.base.configuration(text), []
        for choice in self.base.choices:
            opened = self._open.named.get(choice.name)
            if not choice.ordered or choice.range is not None or opened is None or choice.name not in configuration:
                continue
            place = choice.values.index(configuration[choice.name])
            below = [one for one in choice.values[:place] if opened.has(one)][-1:]
            above = [one for one in choice.values[place + 1:] if opened.has(one)][:1]
            for value in (*below, *above):
                try:
                    other = self.base.canonical(self._open.text({**configuration, choice.name: value}))
                except NotInSpace:
                    continue
                if other not in known:
                    found.append(other)
        return found

    # As the base

    def _encoders(self) -> dict[str, Callable]:
        return self.base._encoders()

    def encode(self, architecture: str, encoding: str | None = None) -> np.ndarray:
        return super().encode(self.canonical(architecture), encoding)

    def isomorphism_class(self, architecture: str) -> str:
        """That of the base, which may lie outside: it says which architectures are one network."""
        return self.base.isomorphism_class(self.canonical(architecture))

    def identifiers(self, architecture: str) -> dict[str, str]:
        return self.base.identifiers(self.canonical(architecture))

    def traits(self, architecture: str) -> dict[str, float | str]:
        return self.base.traits(self.canonical(architecture))

    def require_choices(self) -> Space:
        raise UnsupportedSpace(f"{self.name} is restricted: frameworks ask the whole space",
                               remedy="use the space of the atlas, and close values in the framework")


def _closed(choices: Choices, space: str, words: Sequence[str]) -> dict:
    """The words of closed values, by choice; raises UnknownName."""
    closed: dict = {}
    for word in words:
        found = _values(choices, word)
        if found is None:
            listed = [one for one in choices.all if one.range is None]
            names = [*sorted(choices.operations), *(one.name for one in listed)]
            every = [*names, *(f"{one.name}={one.word_of_value(value)}" for one in listed for value in one.values)]
            raise UnknownName(
                f"{word!r} closes nothing in {space}{suggestion(word, every)}; allowed: "
                f"{', '.join([*names, 'a value as choice=value'])}", known=names, code="spaces.unknown_closable",
                remedy="close one of these")
        for name, values in found.items():
            closed.setdefault(name, set()).update(values)
    return closed


def _values(choices: Choices, word: str) -> dict | None:
    if word in choices.operations:
        return {name: {choices.named[name].word_of_value(one) for one in values}
                for name, values in choices.operations[word].items()}
    name, separator, value = word.partition("=")
    choice = choices.named.get(name)
    if choice is None or choice.range is not None:
        return None
    every = {choice.word_of_value(one) for one in choice.values}
    if not separator:
        return {name: {"on"} if every == {"off", "on"} else every}
    return {name: {value}} if value in every else None
