"""What comes back from a question, in process or over HTTP: the same names, the same units."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Point(NamedTuple):
    """What one run says."""

    seed: int | str
    """A number, or `unnamed-1`, or `mean-of-3`."""
    status: str
    epoch: int
    value: float
    source: str | None
    """The card that tells where the run comes from; None for runs that NASAtlas trained."""
    train_seconds: float | None
    """Seconds of training up to this epoch."""
    seconds_are_derived: bool | None
    """True where they are the share of a total."""


class AbsentRun(NamedTuple):
    """A run that was asked for and has nothing to tell."""

    seed: int | str
    status: str
    reason: str


class Context(NamedTuple):
    """What every answer says of itself."""

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


class CurveRun(NamedTuple):
    """The curve of one run: epochs and values of shape (epochs,)."""

    seed: int | str
    status: str
    epochs: np.ndarray
    values: np.ndarray
    source: str | None


class CurveAnswer(NamedTuple):
    """The curves of one architecture."""

    architecture: str
    architecture_id: str
    context: Context
    runs: list
    """One CurveRun a run, sorted by seed."""
    absent: list
    epochs: np.ndarray
    """Those that all runs have, of shape (epochs,)."""
    mean: np.ndarray
    """Over the runs, of shape (epochs,)."""

    def _repr_html_(self) -> str:
        from nasatlas import display
        return display.curve(self)


class FrontPoint(NamedTuple):
    """A Pareto-optimal architecture: no other one is at least as good in every objective and better in one."""

    architecture: str
    architecture_id: str
    values: tuple
    """One an objective, in the order in which they were asked."""


class Evaluation(NamedTuple):
    """How good predictions are."""

    count: int
    """Architectures that were compared."""
    metrics: dict
    """By name, as `nasatlas evaluate predictors` has them."""
    units: dict
    """Of each metric; `1` for a number without unit. Errors of fractions are in percent."""
    missing: list
    """Architectures that the atlas has no value of, as they were asked for."""
    context: Context

    @property
    def metric(self) -> str:
        """What was predicted."""
        return self.context.metric

    @property
    def split(self) -> str:
        """The split that predictions were compared with."""
        return self.context.split


class Predictions(NamedTuple):
    """What the surrogate beside an atlas predicts."""

    predictions: np.ndarray
    """Of shape (n,), in the order asked for."""
    deviations: np.ndarray
    """Standard deviations, of shape (n,)."""
    surrogate: dict
    """The predictor, its digest, and how well it predicts architectures that it was not fitted to."""
    context: Context
