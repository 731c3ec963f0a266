"""Errors for questions that nothing in an atlas answers. They list the seeds and epochs that exist instead."""

from __future__ import annotations

import numpy as np

from nasatlas import nearest
from nasatlas.errors import MissingValue, QuestionError, UnknownName

SHOWN = 40
"""The largest number of known values that a message lists; `known` has all."""
PUBLISHED_SPLITS = {
    "x-valid": "validation", "valid": "validation", "val": "validation", "dev": "validation", "x-test": "test",
    "ori-test": "test", "eval": "test", "training": "train", "testing": "test"}
"""Names of splits in published tables and other tools, and the names here."""


def listed(known: list, shown: int = SHOWN) -> str:
    """Known values as a text."""
    more = f" and {len(known) - shown} more" if len(known) > shown else ""
    return ", ".join(map(str, known[:shown])) + more if known else "none"


def unknown(what: str, found, known: list, kind: type = UnknownName, of: str = "") -> QuestionError:
    """The error that there is no `what` of the name `found`; it suggests the nearest known name."""
    name = f"{found}{of}"

    def message(_):
        # Seeds are not misspelled: a near number is another seed.
        suggestion = "" if what == "seed" else nearest.suggestion(name, known)
        return f"unknown {what} {name}{suggestion}; known: {listed(known)}"

    return kind(message, known=known, code=f"benchmarks.unknown_{what}", remedy=f"choose one of them with {what}=")


def unknown_split(split, metric: str, setting, settings: list) -> UnknownName:
    """The error that a metric of a setting has no such split. It names the split as it is called here, and data sets
    that have it: those with a similar name, such as `cifar10-valid` for `cifar10`, else all."""
    here = PUBLISHED_SPLITS.get(str(split).lower())
    wanted = (metric, here or split)
    others = []
    if wanted not in setting.measures:
        others = list(dict.fromkeys(one.dataset for one in settings if one.space == setting.space
                                    and one.dataset != setting.dataset and wanted in one.measures))
    others = [one for one in others if nearest.rank(setting.dataset, one) == 2] or others
    known = [name for measured, name in setting.measures if measured == metric]
    return UnknownName(
        f"{metric} on {setting.dataset} has no split {split}" + (f" (called {here} here)" if here else "")
        + f"; known: {listed(known)}" + (f"; other data sets have it: {listed(others)}" if others else ""), known=known,
        code="benchmarks.unknown_split", remedy="choose one of them with split="
        + (", or another data set with dataset=" if others else ""))


def listed_epochs(known: list) -> str:
    """Known epochs as a text, `1 to 200` where the range is complete."""
    is_range = len(known) > 2 and known == list(range(known[0], known[-1] + 1))
    return f"{known[0]} to {known[-1]}" if is_range else listed(known)


def lack_of_epoch(what: str, epoch, epochs: np.ndarray) -> MissingValue:
    """The error that `what` has no value at an epoch; it lists `epochs`, which have values."""
    known = epochs.tolist()
    return MissingValue(f"{what} has no value of epoch {epoch}; it has {listed_epochs(known)}", known=known,
                        code="benchmarks.unknown_epoch", remedy="choose one of these epochs, or best, or last")


def lack_of_all(lookup) -> QuestionError:
    """The error that says why no architecture of the setting has a value. Call it only where this is known."""
    setting, name = lookup.setting, lookup.atlas.name(lookup.setting)
    seeds = setting.seeds()
    if lookup.seed in ("mean", "all"):
        chosen = setting.completed()
        if chosen is not None and not chosen.any():
            return MissingValue(f"no run on {name} was completed", code="benchmarks.no_completed_run",
                                known=sorted({setting.status(run) for run in range(setting.runs)}),
                                remedy='ask for one architecture with seed="all"')
    else:
        chosen = np.array([seed == lookup.seed for seed in seeds], bool)
        if not chosen.any():
            return unknown("seed", lookup.seed, sorted(set(seeds), key=_order))
    if lookup.epoch == "best":
        return MissingValue(f"no run on {name} has a best epoch", code="benchmarks.no_epoch",
                            remedy='choose epoch="last"')
    wanted = lookup.epoch if isinstance(lookup.epoch, int) else lookup.epoch.partition(":")[2]
    if not wanted:
        return MissingValue(f"no architecture has a value of {lookup.metric} on {lookup.split} on {name}",
                            code="benchmarks.no_values", remedy="choose another epoch, metric, split or seed")
    what = name if lookup.seed in ("mean", "all") else f"seed {lookup.seed} of {name}"
    return lack_of_epoch(what, wanted, lookup.known_epochs(chosen))


def _order(seed) -> tuple:
    """A key that sorts numbers first, then runs without a named seed, then means."""
    text = str(seed)
    return ("unnamed" in text) + 2 * ("mean" in text), int(text.rpartition("-")[2])
