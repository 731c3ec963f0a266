"""Shared parts of NNI's queries: reductions, numbers, means."""

from __future__ import annotations

from nasatlas.errors import UnknownName
from nasatlas.shims.told import Told

REASONS = {"id": "rows of NNI's own file have ids"}
"""Why keys are absent from trials."""


class NoSuchReduction(UnknownName, ValueError):
    """A reduction other than none and mean."""


def averages(reduction: str | None) -> bool:
    """Whether means are asked for; raises NoSuchReduction for an unknown reduction."""
    if reduction not in (None, "none", "mean"):
        raise NoSuchReduction(f"there is no reduction {reduction!r}; known: none, mean", known=["none", "mean"],
                              remedy="choose one of them with reduction=")
    return reduction == "mean"


def number(value: float) -> float | None:
    """None for NaN, as published."""
    return None if value != value else value


def mean(told: list) -> dict:
    """The mean of each key, over trials with a value."""
    if len(told) == 1:
        return dict(told[0])
    found = {}
    for key in dict.fromkeys(key for one in told for key in one):
        values = [one[key] for one in told if one.get(key) is not None]
        found[key] = sum(values) / len(values) if values else None
    return found


def intermediate(epoch: int, keys, found: dict, about: str) -> Told:
    """The known values after an epoch; as published, a key without a value has None."""
    return Told({"current_epoch": epoch, **{key: found.get(key) for key in keys}}, about, REASONS)
