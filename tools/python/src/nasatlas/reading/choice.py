"""Which runs of an architecture count when architectures are compared, and which architectures a filter takes."""

from __future__ import annotations

import numpy as np

from nasatlas.errors import MissingValue
from nasatlas.filters.expression import HOLDS, Field, fields, parts
from nasatlas.filters.words import value_text
from nasatlas.reading.fields import FieldReader

REASONS = ("without a run", "without a run of this seed", "without a completed run", "without this value",
           "without a value at this epoch", "without a finite value")
"""Why an architecture is not ranked. FILTERED is not in this list: the filter leaves such architectures out."""
NO_RUN, NO_SEED, NOT_COMPLETED, NO_VALUE, NO_EPOCH, NOT_FINITE = range(6)
FILTERED = 6
NOTHING = -1


class RunChoice:
    """The runs that count: completed runs of the seed that pass the filter's part about runs.

    Where the filter names `status`, runs of any status count. Arrays by architecture are in the order of the setting's
    architectures.
    """

    def __init__(self, seed, filter, reader: FieldReader):  # noqa: A002
        """`seed` is `mean`, `all` or one seed. Raises FilterError."""
        self.reader = reader
        self._setting = setting = reader.setting
        self._of_runs, self._of_architectures = parts(filter)
        usable = setting.completed() if Field(("status",)) not in fields(filter) else None
        self._usable = np.ones(setting.runs, bool) if usable is None else usable
        of_seed = np.ones(setting.runs, bool)
        if seed not in ("mean", "all"):
            of_seed = np.array([found == seed for found in setting.seeds()], bool)
        self._seed, self._asked = seed, of_seed & self._usable
        complete = self._asked
        self.counted = complete if self._of_runs is None else self._passing(complete)
        """Runs that count, before the filter's part about architectures; of shape (runs,)."""
        some_run, some_seed, some_complete, self._has_runs = map(
            self._any, (np.ones(setting.runs, bool), of_seed, complete, self.counted))
        self.lacks = np.select([~some_run, ~some_seed, ~some_complete, ~self._has_runs],
                               [NO_RUN, NO_SEED, NOT_COMPLETED, FILTERED], NOTHING)
        """Why an architecture has no run that counts; NOTHING where it has one."""

    def _any(self, runs: np.ndarray) -> np.ndarray:
        """Which architectures have one of these runs."""
        setting = self._setting
        found = np.zeros(len(setting.architectures), bool)
        found[setting.column("run", "architecture").whole()[runs] - 1 - setting.architectures.start] = True
        return found

    def _passing(self, runs: np.ndarray) -> np.ndarray:
        """Those of `runs`, a mask, that pass the part about runs."""
        condition, known = self._of_runs, {}
        used = fields(condition)
        passing = np.zeros(len(runs), bool)
        for run in np.flatnonzero(runs).tolist():
            values = tuple(self.reader.value(field, run) for field in used)
            if values not in known:
                known[values] = condition.truth(dict(zip(used, values)).get) is True
            passing[run] = known[values]
        return passing

    def passing(self) -> np.ndarray | None:
        """Which architectures the filter takes; None where it has no part about architectures. Raises FilterError."""
        condition, reader = self._of_architectures, self.reader
        if condition is None:
            return None
        columns = {}

        def column(field: Field) -> np.ndarray | None:
            if reader.is_text(field):
                return None
            if field not in columns:
                columns[field] = reader.of_architectures(field, self.counted)
            return columns[field]

        truths = condition.truths(column)
        if truths is not None:
            return truths == HOLDS

        def value(field: Field, place: int):
            return reader.text_of(field, place) if column(field) is None else float(column(field)[place])

        return np.array([has_runs and condition.truth(lambda field, place=place: value(field, place)) is True
                         for place, has_runs in enumerate(self._has_runs.tolist())], bool)

    def filtered(self, lacks: np.ndarray, passing: np.ndarray | None) -> np.ndarray:
        """Which architectures the filter leaves out, of those that lack what `lacks` says."""
        if passing is None:
            return lacks == FILTERED
        return (lacks == FILTERED) | ~passing & ~np.isin(lacks, (NO_RUN, NO_SEED, NOT_COMPLETED))

    def check_empty(self, what: str, name: str, lacks: np.ndarray, passing: np.ndarray | None) -> None:
        """Raises MissingValue where an empty answer would mislead: no run passes the part about runs, or architectures
        lack values for other reasons than the filter."""
        self._require_runs(name)
        filtered = self.filtered(lacks, passing)
        if not filtered.any():
            omitted = [f"{count} {words}" for reason, words in enumerate(REASONS)
                       if (count := int((lacks == reason).sum()))]
            raise MissingValue(f"no architecture has a finite value of {what} on {name}"
                               + (f": {', '.join(omitted)}" if omitted else ""), known=omitted,
                               code="benchmarks.no_values", remedy="choose another epoch, metric, split or field")

    def _require_runs(self, name: str) -> None:
        condition = self._of_runs
        if condition is None or self._passing(self._asked).any():
            return
        known = [] if self._seed in ("mean", "all") else [f"runs of seed {self._seed}"]
        for field in fields(condition):
            values = {self.reader.value(field, run) for run in np.flatnonzero(self._asked).tolist()} - {None}
            texts = [value_text(one) for one in sorted(values, key=lambda one: (isinstance(one, str), one))]
            more = f" and {len(texts) - 12} more" if len(texts) > 12 else ""
            known.append(f"{field.text} {', '.join(texts[:12]) or 'of no run'}{more}")
        raise MissingValue(f"no run on {name} passes {condition.text}; values found: {'; '.join(known)}", known=known,
                           code="benchmarks.no_run_passes", remedy="change or leave out this part of where=")
