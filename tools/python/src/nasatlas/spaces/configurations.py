"""Spaces as named choices, also conditional ones: an architecture as a configuration, and a configuration as its text.

Sources/Spaces/Contract/SpaceChoices.swift has the same rules.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from nasatlas import nearest
from nasatlas.errors import NotInSpace
from nasatlas.seeded import SeededGenerator
from nasatlas.spaces.parameters import Parameter
from nasatlas.spaces.ranges import Range


class Choice(NamedTuple):
    """One named choice of a configuration."""

    name: str
    values: tuple
    """The values to choose from."""
    ordered: bool = False
    """Whether the order of the values means something."""
    parent: str | None = None
    """The choice that decides whether this one is active; None for a choice that always is."""
    parent_values: tuple = ()
    """The values of the parent with which this choice is active."""
    words: Mapping = {}
    """What values are spelled as, where it is other than themselves; may name later choices in braces."""
    range: Range | None = None
    """The numbers to choose from; None where values are listed."""

    @property
    def parameter(self) -> Parameter:
        """The same without its parent."""
        return Parameter(self.name, self.values, self.ordered, self.range)

    @property
    def allowed(self) -> str:
        """The values, for errors."""
        return ", ".join(map(self.word_of_value, self.values)) if self.range is None else self.range.words

    def value(self, given):
        """The one of the values that is `given`; raises NotInSpace."""
        parameter = self.parameter
        found = parameter.coordinate(given)
        return self.values[int(found)] if self.range is None else self.range.value(found)

    def has(self, value) -> bool:
        """Whether `value` is one of the values."""
        try:
            self.value(value)
        except NotInSpace:
            return False
        return True

    def is_active(self, values: Mapping) -> bool:
        return self.parent is None or values.get(self.parent, self) in self.parent_values

    def word_of_value(self, value) -> str:
        """A value as errors and words for restrictions spell it."""
        return self.range.word(value) if self.range else Parameter(self.name, (value,), False).words[0]

    def word(self, value) -> str:
        return self.words[value] if value in self.words else self.word_of_value(value)

    def candidates(self, text: str) -> Sequence:
        """The values whose words may begin a text: those listed, or the numbers that its first characters spell."""
        if self.range is None:
            return self.values
        number = re.match(r"[-+0-9.e]*", text)[0]
        words = [number[:length] for length in range(len(number), 0, -1)]
        read = [(word, self.range.read(word)) for word in words]
        return [self.range.value(found) for word, found in read
                if found is not None and self.range.word(found) == word]


class Choices:
    """The choices of a space, a choice after its parent, and the template of an architecture's text."""

    def __init__(self, space: str, choices: Sequence[Choice], template: str, forbidden: Sequence[Mapping] = (),
                 operations: Mapping[str, Mapping[str, Sequence]] | None = None, is_one_to_one: bool = True):
        self._space, self._template, self._forbidden = space, template, forbidden
        self.all = tuple(choices)
        self.named = {one.name: one for one in choices}
        self.operations = operations or {}
        """Words for an operation that values of several choices use: by word and choice, these values."""
        self.is_one_to_one = is_one_to_one
        """Whether configurations and architectures correspond one to one."""

    def text(self, configuration: Mapping) -> str:
        """A text of the architecture of a configuration; raises NotInSpace."""
        values = self._checked(configuration)

        def spelled(pattern: str) -> str:
            return re.sub(r"\{([^{}]+)\}", lambda found: spelled(self.named[found[1]].word(values[found[1]])), pattern)

        return spelled(self._template)

    def configuration(self, text: str) -> dict | None:
        """The configuration that `text` is spelled by, with the active choices alone, in the order of the choices; None
        where there is none. Of several, the one with the first values."""
        found = self._matched(self._template, text, {})
        return None if found is None else {name: found[name] for name in self.named if name in found}

    def draw(self, generator: SeededGenerator) -> dict:
        """Each active choice uniform over its values."""
        drawn = {}
        for one in self.all:
            if one.is_active(drawn):
                drawn[one.name] = generator.pick(one.values) if one.range is None \
                    else one.range.value(one.range.draw(generator))
        return drawn

    def count(self) -> int | None:
        """How many configurations there are; None where a choice is a real number. Forbidden ones count."""
        return self._opened({})[0]

    def without(self, closed: Mapping[str, set]) -> Choices | None:
        """The choices without closed values, which are words by choice, and without what needs them; None where nothing
        is left."""
        count, opened = self._opened(closed)
        if count == 0:
            return None
        kept = []
        for one in self.all:
            if one.range is None and not opened[one.name]:
                continue
            values = {choice.name: choice for choice in kept}
            wanted = tuple(value for value in one.parent_values
                           if one.parent in values and value in values[one.parent].values)
            if one.parent is None or wanted:
                kept.append(one._replace(values=opened[one.name], parent_values=wanted, words={
                    value: word for value, word in one.words.items() if value in opened[one.name]}))
        return Choices(self._space, kept, self._template, self._forbidden, self.operations, self.is_one_to_one)

    def _opened(self, closed: Mapping[str, set]) -> tuple:
        """The number of configurations, and by choice the values that are part of some: from the leaves of the tree of
        conditions, the product over choices of the sum over values."""
        counts, opened, children = {}, {}, {}
        for one in reversed(self.all):
            if one.parent is not None:
                children.setdefault(one.parent, []).append(one)
            if one.range is not None:
                counts[one.name], opened[one.name] = one.range.count, ()
                continue
            left = [value for value in one.values if one.word_of_value(value) not in closed.get(one.name, ())]
            sizes = [_product(counts[child.name] for child in children.get(one.name, ())
                              if value in child.parent_values) for value in left]
            opened[one.name] = tuple(value for value, size in zip(left, sizes) if size != 0)
            counts[one.name] = None if None in sizes else sum(sizes)
        return _product(counts[one.name] for one in self.all if one.parent is None), opened

    def _checked(self, configuration: Mapping) -> dict:
        for name in configuration:
            if name not in self.named:
                raise NotInSpace(f"{self._space} has no choice {name!r}"
                                 f"{nearest.suggestion(str(name), list(self.named))}; known: {', '.join(self.named)}",
                                 known=list(self.named), code="spaces.unknown_choice", remedy="leave it out")
        values = {}
        for choice in self.all:
            name, is_given = choice.name, choice.name in configuration
            allowed = choice.allowed
            if not choice.is_active(values):
                if is_given:
                    parents = ", ".join(map(choice.word_of_value, choice.parent_values))
                    raise NotInSpace(f"{name} of the {self._space} configuration is {configuration[name]!r}; it has a "
                                     f"value only if {choice.parent} is one of {parents}", known=list(choice.parent_values),
                                     code="spaces.inactive_choice", remedy=f"leave {name} out")
            elif not is_given:
                raise NotInSpace(f"the {self._space} configuration has no value for {name}; allowed: {allowed}",
                                 known=list(choice.values), code="spaces.missing_choice", remedy="give one of them")
            else:
                try:
                    values[name] = choice.value(configuration[name])
                except NotInSpace as error:
                    raise NotInSpace(f"{name} of the {self._space} configuration is {configuration[name]!r}; allowed: "
                                     f"{allowed}", known=list(choice.values), code="spaces.choice_value",
                                     remedy="choose one of them") from error
        for one in self._forbidden:
            if all(values.get(name) == value for name, value in one.items()):
                told = ", ".join(f"{name}={value}" for name, value in one.items())
                raise NotInSpace(f"the {self._space} configuration has the forbidden combination {told}",
                                 code="spaces.forbidden_choices", remedy="change one of these values")
        return values

    def _matched(self, pattern: str, text: str, values: dict) -> dict | None:
        literal, brace, rest = pattern.partition("{")
        if not text.startswith(literal):
            return None
        text = text[len(literal):]
        if not brace:
            return None if text else values
        name, _, rest = rest.partition("}")
        choice = self.named[name]
        for value in [values[name]] if name in values else choice.candidates(text):
            word = choice.word(value)
            if text.startswith(word.partition("{")[0]):
                found = self._matched(word + rest, text, {**values, name: value})
                if found is not None:
                    return found
        return None


def _product(factors) -> int | None:
    """0 where a factor is 0, whatever the others are; None where one is unknown."""
    factors = list(factors)
    return 0 if 0 in factors else None if None in factors else math.prod(factors)


def of_parameters(space: str, parameters: Sequence[Parameter], literals: Sequence[str], operations=()) -> Choices:
    """Independent choices; `literals` are what a text has before, between and behind their words. `operations` are values
    of all of them."""
    template = "".join(f"{literal}{{{one.name}}}" for literal, one in zip(literals, parameters)) + literals[-1]
    return Choices(space, [Choice(one.name, one.values, one.ordered, range=one.range) for one in parameters], template,
                   operations={word: {one.name: (word,) for one in parameters} for word in operations})
