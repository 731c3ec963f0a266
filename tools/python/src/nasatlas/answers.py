"""Answers to questions, in process or over HTTP: the same names, the same units."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nasatlas.fidelity import EPOCHS, Fidelity


class Point(NamedTuple):
    """The value of one run."""

    seed: int | str
    """A number, `unnamed-1` or `mean-of-3`."""
    status: str
    epoch: int
    value: float
    source: str | None
    """The name of the card of the run's source; None for runs that NASAtlas trained."""
    train_seconds: float | None
    """Seconds of training up to this epoch."""
    seconds_are_derived: bool | None
    """True where the seconds are a share of a total."""


class AbsentRun(NamedTuple):
    """A run of the question without a value."""

    seed: int | str
    status: str
    reason: str


class Context(NamedTuple):
    """The description of an answer: what it is a value of, and by which rules."""

    space: str
    dataset: str
    dataset_digest: str | None
    protocol: str | None
    protocol_digest: str
    metric: str
    unit: str
    larger_is_better: bool
    split: str
    epoch: str
    """The rule that chose the epoch: `best`, `last`, a number or `best-so-far`."""
    seeds: str
    """The rule that chose the runs: `mean`, `all` or a seed."""
    kind: str
    """`measured`, or `predicted` by a surrogate."""
    atlas_digest: str
    fidelity: Fidelity = EPOCHS
    """The axis that epochs stand for: the epoch of an answer is a position on it."""

    def to_dict(self) -> dict:
        """The description as plain values."""
        return {**self._asdict(), "fidelity": self.fidelity.value()}


class CurveRun(NamedTuple):
    """The curve of one run: positions on the axis of the protocol and values, of shape (positions,)."""

    seed: int | str
    status: str
    positions: np.ndarray
    values: np.ndarray
    source: str | None


class CurveAnswer(NamedTuple):
    """The curves of one architecture."""

    architecture: str
    architecture_id: str
    context: Context
    runs: list
    """One CurveRun per run, sorted by seed."""
    absent: list
    positions: np.ndarray
    """The positions that all runs have, of shape (positions,): epochs, unless `fidelity` is another axis."""
    mean: np.ndarray
    """The mean over the runs, of shape (positions,)."""

    @property
    def fidelity(self) -> Fidelity:
        """The axis of the positions: its name, its unit, and its levels if it has any."""
        return self.context.fidelity

    @property
    def levels(self) -> np.ndarray:
        """The value of each position on the axis, of shape (positions,): epochs, steps, seconds or shares."""
        return np.array([self.fidelity.level(position) for position in self.positions.tolist()])

    def _repr_html_(self) -> str:
        from nasatlas import display
        return display.curve(self)


class FrontPoint(NamedTuple):
    """A Pareto-optimal (non-dominated) architecture: no other is at least as good in every objective and better in
    one."""

    architecture: str
    architecture_id: str
    values: tuple
    """One value per objective, in the order of the objectives."""


class RankedArchitecture(NamedTuple):
    """An architecture in a ranking by a field."""

    architecture: str
    architecture_id: str
    value: float
    """The field: the measurement, or the mean over `runs` runs."""
    runs: int
    """The number of runs; 0 in an atlas that has only measurements."""
    fields: dict
    """Values of the fields in `show`, by name, without absent fields."""


class Evaluation(NamedTuple):
    """The quality of predictions."""

    count: int
    """The number of compared architectures."""
    metrics: dict
    """Values by name, with the names of `nasatlas evaluate predictors`."""
    units: dict
    """The unit of each metric; `1` for a number without unit. Errors of fractions are in percent."""
    missing: list
    """Architectures without a value in the atlas, as you named them."""
    context: Context

    @property
    def metric(self) -> str:
        """The predicted metric."""
        return self.context.metric

    @property
    def split(self) -> str:
        """The split whose values predictions were compared with."""
        return self.context.split


class Predictions(NamedTuple):
    """Predictions of the surrogate beside an atlas."""

    predictions: np.ndarray
    """Predicted values of shape (n,), in the order of the architectures."""
    deviations: np.ndarray
    """Standard deviations, of shape (n,)."""
    surrogate: dict
    """The predictor, its digest, and how well it predicts architectures that it was not fitted to."""
    context: Context
