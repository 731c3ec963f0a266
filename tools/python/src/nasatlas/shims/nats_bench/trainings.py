"""The trainings on one data set with one number of epochs, as an atlas has them, and NATS-Bench's names for them."""

from __future__ import annotations

import numpy as np

NAMES = {"cifar10-valid": "cifar10-valid", "cifar10": "cifar10", "cifar100": "cifar100",
         "ImageNet16-120": "imagenet16-120"}
"""Data sets here, and in atlases."""
CLASSES = {"cifar10-valid": 10, "cifar10": 10, "cifar100": 100, "ImageNet16-120": 120}
SETS = {
    "cifar10-valid": {"x-valid": "validation", "ori-test": "test"},
    "cifar10": {"ori-test": "test"},
    "cifar100": {"x-valid": "validation", "x-test": "test", "ori-test": "valtest"},
    "ImageNet16-120": {"x-valid": "validation", "x-test": "test", "ori-test": "valtest"},
}
"""Names of evaluations, and their splits in atlases."""
METRICS = (("loss", "loss"), ("accuracy", "accuracy_percent"))


class Trainings:
    """The trainings on one data set with one number of epochs.

    An atlas may keep the trainings on half of CIFAR-10 under `cifar10`. Those have a validation value, and the
    trainings on all of it cannot have one: so runs with one are of `cifar10-valid`, runs without one of `cifar10`.
    """

    def __init__(self, atlas, setting, dataset: str, epochs: int, hp: str, shares_cifar10: bool):
        self.atlas = atlas
        self.setting = setting
        self.dataset = dataset
        self.epochs = epochs
        self.hp = hp
        self.belongs = np.ones(setting.runs, bool)
        if shares_cifar10:
            held_out = np.zeros(setting.runs, bool)
            for metric, split in setting.measures:
                if split == "validation":
                    held_out |= setting.column("final", metric, split).mask()
            self.belongs = held_out if dataset == "cifar10-valid" else ~held_out
        if (completed := setting.completed()) is not None:
            self.belongs = self.belongs & completed
        self._belongs = self.belongs.tolist()
        self._means = None
        self._quantities = [
            one for one in atlas.quantities
            if one.space == setting.space and one.dataset == setting.dataset and one.unit == "second"
            and one.device is None and one.protocol_digest in (None, setting.protocol_digest)]

    def runs_of(self, place: int) -> list:
        """Its completed runs, by their number in the setting."""
        return [run for run in self.setting.runs_of(place) if self._belongs[run]]

    def value(self, run: int, metric: str, split: str, epoch: int) -> float | None:
        """At an epoch counted from 1."""
        curve = self.setting.curve(run, metric, split) if (metric, split) in self.setting.measures else None
        if curve is None:
            return None
        epochs, values = curve
        at = int(np.searchsorted(epochs, epoch))
        return float(values[at]) if at < len(epochs) and epochs[at] == epoch else None

    def curve(self, run: int, metric: str, split: str) -> dict:
        """Values by epoch counted from 0."""
        curve = self.setting.curve(run, metric, split) if (metric, split) in self.setting.measures else None
        return {} if curve is None else dict(zip((curve[0] - 1).tolist(), curve[1].tolist()))

    def train_seconds(self, run: int, place: int, epochs: int) -> float | None:
        """Seconds of the first `epochs` epochs; None where they would be the share of a total."""
        costs = self.setting.column("epoch_cost", "train_seconds")
        if costs is not None and len(told := costs.values(run)) >= epochs:
            return sum(told[:epochs].tolist())
        total = self.setting.column("cost", "train_seconds")
        if total is not None and total.mask()[run]:
            return float(total.values[run]) if epochs == self.epochs else None
        each = self._measured("train_seconds_per_epoch", place)
        if each is not None:
            return each * epochs
        return self._measured("train_seconds", place) if epochs == self.epochs else None

    def train_times(self, run: int, place: int) -> dict | None:
        """Seconds of each epoch, from 0; None where only their sum is known."""
        costs = self.setting.column("epoch_cost", "train_seconds")
        if costs is not None and len(told := costs.values(run)):
            return dict(enumerate(told.tolist()))
        each = self._measured("train_seconds_per_epoch", place)
        return None if each is None else dict.fromkeys(range(self.epochs), each)

    def evaluation_seconds(self, place: int, split: str) -> float | None:
        """Of one pass over a split."""
        return self._measured("evaluation_seconds", place, {"split": split})

    def latency(self, place: int) -> float | None:
        """Seconds for a batch."""
        found = self._measured("latency", place, {"batch": "256"})
        return self._measured("latency", place) if found is None else found

    def _measured(self, name: str, place: int, conditions: dict | None = None) -> float | None:
        for one in self._quantities:
            if one.name == name and one.conditions == (conditions or {}):
                value = one.at(place)
                if value is not None:
                    return value
        return None

    def means(self, metric: str, split: str) -> np.ndarray:
        """Final values by place in the atlas, means over the trainings; NaN where absent."""
        setting = self.setting
        means = np.full(len(self.atlas.architectures), np.nan)
        column = setting.column("final", metric, split)
        if column is None:
            return means
        use = self.belongs & column.mask()
        last = self._ended(use, metric, split)
        published = setting.means_beside_runs()
        for runs in (() if published is None else (use & last & published,)) + (
                use & last & (True if published is None else ~published),):
            rows = np.flatnonzero(runs)
            places = setting.column("run", "architecture").whole()[rows] - 1
            counts = np.bincount(places, minlength=len(means))
            sums = np.bincount(places, weights=column.values[rows], minlength=len(means))
            means[counts > 0] = sums[counts > 0] / counts[counts > 0]
        return means

    def _ended(self, use: np.ndarray, metric: str, split: str) -> np.ndarray:
        """Which of the runs of a mask have a value after the last epoch."""
        column = self.setting.column("curve_at", metric, split)
        numbers = np.zeros(self.setting.runs, np.int64) if column is None else column.whole()
        ended = np.zeros(self.setting.runs, bool)
        for number in np.unique(numbers[use & (numbers > 0)]).tolist():
            ended[numbers == number] = self.atlas._position_lists[number][-1] == self.epochs
        for run in np.flatnonzero(use & (numbers == 0)).tolist():
            ended[run] = self.setting.last_epoch(run, metric, split) == self.epochs
        return ended

    def single_runs_of(self, place: int) -> list:
        """Its completed runs but for published means; these where there are no others."""
        runs = self.runs_of(place)
        if self.setting.means_beside_runs() is None:
            return runs
        if self._means is None:
            self._means = self.setting.means_beside_runs().tolist()
        return [run for run in runs if not self._means[run]] or runs

    def millions(self, place: int, name: str) -> float | None:
        """Of parameters or multiply-adds. Where trainings disagree that of seed 888, as published; without one None."""
        column = self.setting.column("count", name)
        if column is None:
            return None
        known = {column.values[run] for run in self.runs_of(place) if column.present is None or column.present[run]}
        return float(known.pop()) / 1e6 if len(known) == 1 else self.millions_by_seed(place, name).get(888)

    def disagreement(self, place: int, name: str) -> str | None:
        """Why `millions` has no answer, where its trainings disagree."""
        found = self.millions_by_seed(place, name)
        return "its trainings disagree: " + ", ".join(f"seed {seed} {value}" for seed, value in found.items()) \
            if found else None

    def millions_by_seed(self, place: int, name: str) -> dict:
        """The value of each training."""
        column = self.setting.column("count", name)
        mask = None if column is None else column.mask()
        return {} if mask is None else {
            self.setting.seed(run): float(column.values[run]) / 1e6 for run in self.runs_of(place) if mask[run]}
