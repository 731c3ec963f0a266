"""What a served atlas answers beyond values and curves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nasatlas.answers import Context


class FrontPoint(NamedTuple):
    """An architecture that no other one beats in every objective."""

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
    """What the surrogate beside an atlas says."""

    predictions: np.ndarray
    """Of shape (n,), in the order asked for."""
    deviations: np.ndarray
    """Standard deviations, of shape (n,)."""
    surrogate: dict
    """The predictor, its digest, and how well it predicts what it was not shown."""
    context: Context
