"""The base of the benchmarks of HPOBench: spaces, fidelities, types of errors."""

from __future__ import annotations

import importlib
import numbers

import numpy as np

from nasatlas.errors import UnknownName, WrongArgument
from nasatlas.shims.told import Told, opened, plain
from nasatlas.tables import MissingPackage


class OutOfRange(UnknownName, ValueError):
    """A fidelity outside its space, for which HPOBench raises ValueError."""

    code = "shims.fidelity"


class Refused(UnknownName, AssertionError):
    """A run, a seed, a metric or a fidelity that HPOBench refuses with an AssertionError."""

    code = "shims.refused"


def generator(rng) -> np.random.RandomState:
    """The generator itself, or a generator made from a seed."""
    try:
        return rng if isinstance(rng, np.random.RandomState) \
            else np.random.RandomState(None if rng is None else abs(rng))
    except (TypeError, ValueError) as error:
        raise WrongArgument(f"{rng!r} is neither a seed nor a numpy.random.RandomState",
                            remedy="give a whole number, or None") from error


class Benchmark:
    """The base class: spaces, and calls of the benchmark that return its `function_value`."""

    _choices: dict
    """Values by hyperparameter, in the order of the space."""
    _ordered: tuple = ()
    """Which hyperparameters are ordinal."""
    _fidelity: dict
    """By name: least, most (the default), and the kind of number."""

    def __init__(self, atlas, rng=None):
        self.atlas = opened(atlas)
        self.rng = generator(rng)
        # As the original draws them, so that one seed gives the same samples.
        self._seeds = [int(self.rng.randint(0, 10_000)) for _ in range(2)]
        self._spaces = [None, None]

    def __call__(self, configuration, **words) -> float:
        return self.objective_function(configuration, **words)["function_value"]

    def objective_function(self, configuration, fidelity=None, rng=None, **words) -> Told:
        """function_value (to be minimized), cost in seconds, and info."""
        raise NotImplementedError

    @classmethod
    def get_configuration_space(cls, seed: int | None = None):
        """The search space, as a ConfigSpace."""
        found, package = cls._space(seed)
        return cls._with(found, [
            package.OrdinalHyperparameter(name, list(values)) if name in cls._ordered
            else package.CategoricalHyperparameter(name, list(values)) for name, values in cls._choices.items()])

    @classmethod
    def get_fidelity_space(cls, seed: int | None = None):
        """The published fidelities, as ConfigSpace has them; the atlas may have fewer."""
        found, package = cls._space(seed)
        return cls._with(found, [
            (package.UniformFloatHyperparameter if kind is float else package.UniformIntegerHyperparameter)(
                name, lower=least, upper=most, default_value=most)
            for name, (least, most, kind) in cls._fidelity.items()])

    @staticmethod
    def _space(seed):
        try:
            package = importlib.import_module("ConfigSpace")
        except ImportError as error:
            raise MissingPackage("ConfigSpace is not installed",
                                 remedy="`pip install ConfigSpace`, or give configurations as dicts") from error
        return package.ConfigurationSpace(seed=seed), package

    @staticmethod
    def _with(space, parameters):
        (space.add if hasattr(space, "add") else space.add_hyperparameters)(parameters)
        return space

    @property
    def configuration_space(self):
        """The search space, seeded by the `rng` of the benchmark."""
        if self._spaces[0] is None:
            self._spaces[0] = self.get_configuration_space(self._seeds[0])
        return self._spaces[0]

    @property
    def fidelity_space(self):
        """The fidelities, seeded by the `rng` of the benchmark."""
        if self._spaces[1] is None:
            self._spaces[1] = self.get_fidelity_space(self._seeds[1])
        return self._spaces[1]

    def get_meta_information(self) -> dict:
        """A description of the benchmark, and citations: the cards of the atlas."""
        cards = self.atlas.sources.values()
        return {"name": self.atlas.title, "references": [card["citation"] for card in cards if card.get("citation")],
                "code": [card["origin"] for card in cards if card.get("origin")]}

    @classmethod
    def _with_fidelity(cls, fidelity) -> dict:
        """The fidelity, with defaults for absent values."""
        given = {} if fidelity is None else plain(fidelity, "a fidelity", cls._fidelity)
        found = {name: most for name, (_, most, _) in cls._fidelity.items()}
        for name, value in given.items():
            if name not in found:
                raise OutOfRange(f"there is no fidelity {name}; known: {', '.join(found)}", known=list(found))
            least, most, kind = cls._fidelity[name]
            if not isinstance(value, numbers.Real) or isinstance(value, bool) or not least <= value <= most \
                    or kind is int and int(value) != value:
                raise OutOfRange(f"{name} is from {least} to {most}, not {value!r}", known=[least, most],
                                  remedy=f"give a number in these bounds, or leave {name} out")
            found[name] = kind(value)
        return found
