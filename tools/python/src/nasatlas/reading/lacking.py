"""What is said of questions that nothing in an atlas answers: which seeds and epochs there are instead."""

from __future__ import annotations

import numpy as np

from nasatlas.errors import MissingValue, QuestionError, UnknownName

SHOWN = 40
"""Known values that a text lists at most; `known` has all."""


def shown(known: list) -> str:
    """Known values in words; whole numbers without gaps as a range."""
    if len(known) > 2 and all(isinstance(one, int) for one in known) and known == list(range(known[0], known[-1] + 1)):
        return f"{known[0]} to {known[-1]}"
    more = f" and {len(known) - SHOWN} more" if len(known) > SHOWN else ""
    return ", ".join(map(str, known[:SHOWN])) + more if known else "none"


def lack_of_epoch(what: str, epoch, epochs: np.ndarray) -> MissingValue:
    """The error that `what` has no value at an epoch, but at `epochs`."""
    known = epochs.tolist()
    return MissingValue(f"{what} has no value of epoch {epoch}; it has {shown(known)}", known=known,
                        code="benchmarks.unknown_epoch", remedy="choose one of these epochs, or best, or last")


def lack_of_all(lookup) -> QuestionError:
    """Why no architecture of the setting has a value of the question, which has been found out."""
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
            known = sorted(set(seeds), key=lambda seed: (isinstance(seed, str), str(seed).rjust(20)))
            return UnknownName(f"there is no seed {lookup.seed} here; known: {shown(known)}", known=known,
                               code="benchmarks.unknown_seed", remedy="choose one of them with seed=")
    if lookup.epoch == "best":
        return MissingValue(f"no run on {name} has a best epoch", code="benchmarks.no_epoch",
                            remedy='choose epoch="last"')
    wanted = lookup.epoch if isinstance(lookup.epoch, int) else lookup.epoch.partition(":")[2]
    if not wanted:
        return MissingValue(f"no architecture has a value of {lookup.metric} on {lookup.split} on {name}",
                            code="benchmarks.no_values", remedy="choose another epoch, metric, split or seed")
    what = name if lookup.seed in ("mean", "all") else f"seed {lookup.seed} of {name}"
    return lack_of_epoch(what, wanted, lookup.known_epochs(chosen))
