"""Spaces whose architectures are independent choices: the cells of NAS-Bench-201 and SpikeNAS-Bench, the sizes of
NATS-Bench, and grids.

    space = nasatlas.open("nasbench201.atlas").space()
    choices = space.parse("|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|")
    choices["edge_0_3"]                            # "nor_conv_3x3"
    space.text({**choices, "edge_0_3": "none"})
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from nasatlas.errors import NotInSpace, UnsupportedSpace, WrongArgument

EDGES = ((0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3))
"""Of a four-node cell, in the order of its text."""
OPERATIONS = {
    "nasbench201": ("none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"),
    "spikenas": ("none", "skip", "low", "mid", "high")}
BUILT_IN = (*OPERATIONS, "nats-sss")


class Parameter(NamedTuple):
    """One choice that an architecture is made of."""

    name: str
    values: tuple
    """What can be chosen: texts, numbers, True, False or None."""
    ordered: bool
    """Whether the order of the values means something."""

    @property
    def words(self) -> tuple:
        """The values as the canonical text spells them."""
        return tuple(value if isinstance(value, str) else json.dumps(value) for value in self.values)

    def place(self, value) -> int:
        """Where `value` stands among the values, from 0; raises NotInSpace. True is not 1."""
        truth = isinstance(value, (bool, np.bool_))
        for place, known in enumerate(self.values):
            if known == value and isinstance(known, bool) == truth:
                return place
        raise NotInSpace(f"{self.name} cannot be {value!r}; allowed: {', '.join(self.words)}", known=list(self.values),
                         remedy="choose one of them")


class Space:
    """A space of independent choices. An architecture is a dict with a value for each parameter."""

    def __init__(self, name: str, parameters: list, literals: list, word_pattern: str, steps: bool):
        self.name = name
        self.parameters = tuple(parameters)
        self.slots = [f"{one.name}={word}" for one in self.parameters for word in one.words]
        """The names of the slots of `one_hot`."""
        self._steps = steps
        self._literals = literals
        self._pattern = re.compile(f"({word_pattern})".join(map(re.escape, literals)))
        self._places = [{word: place for place, word in enumerate(one.words)} for one in self.parameters]

    def __repr__(self):
        return f"<Space {self.name} of {self.size} architectures>"

    @property
    def size(self) -> int:
        """How many architectures there are."""
        count = 1
        for parameter in self.parameters:
            count *= len(parameter.values)
        return count

    def parse(self, text: str) -> dict:
        """The choices of a canonical text; raises NotInSpace."""
        return self._choices(self.places(text))

    def text(self, choices: Mapping) -> str:
        """The canonical text of choices; raises NotInSpace."""
        words = [parameter.words[place] for parameter, place in zip(self.parameters, self.places(choices))]
        return "".join(part for pair in zip(self._literals, [*words, ""]) for part in pair)

    def places(self, architecture: str | Mapping) -> list:
        """For each parameter where its value stands, from 0; `architecture` is a canonical text or choices."""
        if isinstance(architecture, str):
            found = self._pattern.fullmatch(architecture)
            if found is None:
                form = "".join(part for pair in zip(self._literals, [*(one.name for one in self.parameters), ""])
                               for part in pair)
                raise NotInSpace(f"{architecture!r} is no canonical text of {self.name}, which has the form {form}",
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
                    "parse(text) gives such a dict; sample(seed) draws one")
        return [parameter.place(architecture[parameter.name]) for parameter in self.parameters]

    def sample(self, generator) -> dict:
        """Choices drawn uniformly with a numpy generator or a seed; not the draws of `nasatlas sample`."""
        try:
            generator = np.random.default_rng(generator)
        except (TypeError, ValueError) as error:
            raise WrongArgument(f"{generator!r} is neither a numpy generator nor a seed",
                                remedy="give a whole number from 0 on, or numpy.random.default_rng(...)") from error
        return self._choices([int(generator.integers(len(one.values))) for one in self.parameters])

    def neighbours(self, architecture: str | Mapping) -> list:
        """The choices that differ in one value, as the program has them: in a grid an ordered one by one step."""
        places = self.places(architecture)
        found = []
        for number, parameter in enumerate(self.parameters):
            for other in range(len(parameter.values)):
                distance = abs(other - places[number])
                if distance == 1 or distance and not (self._steps and parameter.ordered):
                    found.append(self._choices([*places[:number], other, *places[number + 1:]]))
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


def check_names(given, names, what: str, remedy: str, needed=None, kind: type = NotInSpace) -> None:
    """Raises `kind` where `given` lacks one of `needed` (None: all `names`) or has a name outside `names`."""
    lacking = [name for name in (names if needed is None else needed) if name not in given]
    unknown = [str(name) for name in given if name not in names]
    if lacking or unknown:
        raise kind(f"{what} has a value for each of {', '.join(names)}"
                   + (f"; lacking: {', '.join(lacking)}" if lacking else "")
                   + (f"; unknown: {', '.join(unknown)}" if unknown else ""), known=list(names), remedy=remedy)


def spell(space: Mapping, configuration: Mapping) -> str:
    """The text of a configuration of a space that `configuration_space` of a served atlas gave.

    The server reads it, also where it is not the canonical text; `space["meta"]` says which configurations are no
    architecture. Raises NotInSpace for a value that is lacking or outside the space, and for an unknown name.
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


def space(name: str, card: Mapping | None = None) -> Space:
    """The space called `name`; `card` is that of a grid, as interchange files and atlases have it.

    Raises UnsupportedSpace for spaces that are no independent choices.
    """
    card = card or {}
    if name in OPERATIONS:
        parameters = [Parameter(f"edge_{source}_{target}", OPERATIONS[name], False) for source, target in EDGES]
        return Space(name, parameters, ["|", "~0|+|", "~0|", "~1|+|", "~0|", "~1|", "~2|"], "[^|~]+", steps=False)
    if name == "nats-sss":
        parameters = [Parameter(f"channels_{stage}", tuple(range(8, 65, 8)), True) for stage in range(1, 6)]
        return Space(name, parameters, ["", ":", ":", ":", ":", ""], "[^:]+", steps=False)
    if card.get("kind") == "grid":
        parameters = [Parameter(one["name"], tuple(one["values"]), one["kind"] == "ordinal")
                      for one in card["parameters"]]
        literals = [f"{',' if number else ''}{one.name}=" for number, one in enumerate(parameters)]
        return Space(name, parameters, [*literals, ""], "[^,=]+", steps=True)
    raise UnsupportedSpace(f"an architecture of {name} is not made of independent choices; spaces that are: "
                           f"{', '.join(BUILT_IN)}, and every grid", known=list(BUILT_IN),
                           remedy="ask with canonical texts, ids or places instead")
