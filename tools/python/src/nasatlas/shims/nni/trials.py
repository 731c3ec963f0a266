"""What NNI's queries share: reductions, numbers, means."""

from __future__ import annotations

from nasatlas.errors import UnknownName

REASONS = {"id": "rows of NNI's own file have ids"}
"""Why keys are absent from trials."""


def averages(reduction: str | None) -> bool:
    """Whether a reduction means means; raises UnknownName for what is none."""
    if reduction not in (None, "none", "mean"):
        raise UnknownName(f"there is no reduction {reduction!r}; known: none, mean", known=["none", "mean"],
                          remedy="choose one of them with reduction=")
    return reduction == "mean"


def number(value: float) -> float | None:
    """None for NaN, as published."""
    return None if value != value else value


def mean(told: list) -> dict:
    """Means of those that have a value, key by key."""
    found = {}
    for key in dict.fromkeys(key for one in told for key in one):
        values = [one[key] for one in told if one.get(key) is not None]
        found[key] = sum(values) / len(values) if values else None
    return found
