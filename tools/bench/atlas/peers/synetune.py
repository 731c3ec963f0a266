"""Syne Tune 0.16: its tabular blackbox of 15,625 runs × 100 epochs × 4 objectives, asked for a run's whole curve."""

import importlib.util
import os
import sys
import types

import numpy as np
import pandas as pd

import synthetic
from protocol import Subject
from sources import SPIKE_OPERATIONS, curves, digits


def import_blackbox():
    """The blackbox without the packages above it, whose __init__ want many more libraries."""
    found = importlib.util.find_spec("syne_tune")
    if found is None:
        raise ImportError("no module named syne_tune", name="syne_tune")
    top = os.path.dirname(found.origin)
    for name, path in (("syne_tune", top), ("syne_tune.blackbox_repository", top + "/blackbox_repository")):
        module = types.ModuleType(name)
        module.__path__ = [path]
        sys.modules[name] = module
    from syne_tune import config_space
    from syne_tune.blackbox_repository.blackbox_tabular import BlackboxTabular

    return config_space, BlackboxTabular


config_space, BlackboxTabular = import_blackbox()


def operations(number):
    """A cell as the names of six operations, which is how Syne Tune keeps NAS-Bench-201."""
    return [SPIKE_OPERATIONS[digit] for digit in digits(number, lowest_first=True)]


class SyneTune(Subject):
    def prepare(self):
        runs, _ = curves(self.folder)
        self.note = runs.note
        return {}

    def load(self):
        self.runs, _ = curves(self.folder)
        runs, epochs = len(self.runs.numbers), synthetic.CURVE_EPOCHS
        # Its array has no ragged rows: of a longer run the first 100 epochs are kept.
        values = np.empty((runs, 1, epochs, 4), np.float32)
        for place in range(runs):
            values[place, 0] = self.runs.epochs(place)[:epochs] / 1000
        names = [f"hp_x{place}" for place in range(6)]
        rows = [operations(number) for number in self.runs.numbers.tolist()]
        self.blackbox = BlackboxTabular(
            hyperparameters=pd.DataFrame(rows, columns=names),
            configuration_space={name: config_space.choice(list(SPIKE_OPERATIONS)) for name in names},
            fidelity_space={"hp_epoch": config_space.randint(1, epochs)},
            objectives_evaluations=values,
            objectives_names=[f"metric_{name}" for name in synthetic.CURVES],
        )

    def query(self, kind, draw):
        if kind != "curve":
            return super().query(kind, draw)
        number = int(self.runs.numbers[self.runs.place(draw)])
        return {f"hp_x{place}": name for place, name in enumerate(operations(number))}

    def run(self, kind):
        return self.blackbox

    def values(self, kind, query):
        # It keeps float32; the published text has three decimals.
        return [round(float(value), 3) for value in self.blackbox(query)[:, 2]]


def subject(folder, variant):
    return SyneTune(folder)
