"""The trainings of one number of epochs in NAS-Bench-101's form, read from an atlas for all cells at once."""

from __future__ import annotations

import numpy as np

from nasatlas.shims.told import Told

SPLITS = ("train", "validation", "test")


class Trainings:
    """Trainings by cell: accuracies and seconds, halfway and at the end. Published means do not count as trainings."""

    def __init__(self, setting, epochs: int):
        self.setting = setting
        self.epochs = epochs
        self._columns = None

    def of(self, place: int) -> list:
        """One dict per completed training of the cell at a place of the atlas, with the keys that are known."""
        columns, ends, single, total = self._read() if self._columns is None else self._columns
        repeats = []
        for run in self.setting.runs_of(place):
            if single is not None and not single[run]:
                continue
            found = {}
            for half, at, accuracies in columns:
                seconds = self._seconds(run, at, total if ends[run] else None)
                if seconds is not None:
                    found[f"{half}training_time"] = seconds
                for key, values, present in accuracies:
                    if present[run]:
                        found[key] = values[run]
            about = f"{self.setting._atlas.architectures[place]} with {self.epochs} epochs, repeat {len(repeats) + 1}"
            repeats.append(Told(found, about))
        return repeats

    def parameters(self, place: int) -> int | None:
        """The number of trainable parameters, where a training of the cell has it."""
        column = self.setting.column("count", "parameters")
        told = [] if column is None else [column.at(run) for run in self.setting.runs_of(place)]
        return next((int(value) for value in reversed(told) if value is not None), None)

    def _seconds(self, run: int, at: int, total) -> float | None:
        """Seconds up to an epoch; None where they would be the share of a total."""
        if total is not None and (value := total.at(run)) is not None:
            # The training reached its last epoch, so the total is of all epochs.
            return value if at == self.epochs else None
        seconds = self.setting.train_seconds(run, at)
        return None if seconds is None or seconds[1] else seconds[0]

    def _read(self) -> tuple:
        setting, columns = self.setting, []
        ends = np.zeros(setting.runs, bool)
        for half, at in (("halfway_", self.epochs // 2), ("final_", self.epochs)):
            accuracies = []
            for split in SPLITS:
                if ("accuracy", split) in setting.measures:
                    values, present = setting._all_curves("accuracy", split).at(np.full(setting.runs, at))
                    accuracies.append((f"{half}{split}_accuracy", memoryview(values), memoryview(present)))
                    if at == self.epochs:
                        ends |= present
            columns.append((half, at, accuracies))
        single, kinds = setting.completed(), setting._whole("seed_kind")
        if kinds is not None:
            single = (kinds != 2) & (True if single is None else single)
        total = setting.column("cost", "train_seconds")
        if setting.column("epoch_cost", "train_seconds") is not None:
            # Seconds by epoch say more.
            total = None
        # Whole before other threads see it.
        self._columns = columns, memoryview(ends), None if single is None else memoryview(single), total
        return self._columns
