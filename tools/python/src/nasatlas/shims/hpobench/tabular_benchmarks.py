"""`hpobench.benchmarks.nas.tabular_benchmarks`: the networks of FCNet."""

from __future__ import annotations

import numbers
from collections.abc import Iterable

from nasatlas.errors import MissingValue
from nasatlas.shims import hpo_benchmarks
from nasatlas.shims.hpobench.benchmark import Benchmark, OutOfRange, Refused, generator
from nasatlas.shims.told import Told


class FCNetBenchmark(Benchmark):
    """Two-layer perceptrons: mean squared errors, seconds. `valid_rmse_per_run` is published under that name."""

    _choices = {name: hpo_benchmarks.HPOLib.search_space[name] for name in (
        "n_units_1", "n_units_2", "dropout_1", "dropout_2", "activation_fn_1", "activation_fn_2", "init_lr",
        "lr_schedule", "batch_size")}
    _ordered = ("n_units_1", "n_units_2", "dropout_1", "dropout_2", "init_lr", "batch_size")
    _fidelity = {"budget": (1, 100, int)}
    _dataset: str

    def __init__(self, data_path, rng=None, **kwargs):
        super().__init__(data_path, rng)
        self._setting = self.atlas.setting(self._dataset, space="fcnet")

    def objective_function(self, configuration, fidelity=None, run_index=(0, 1, 2, 3), rng=None, **kwargs) -> Told:
        """The mean error over the runs of `run_index`, of 0 to 3 (None draws one), and their seconds together."""
        fidelity = self._with_fidelity(fidelity)
        if run_index is None:
            run_index = (self.rng if rng is None else generator(rng)).choice((0, 1, 2, 3), size=1).tolist()
        indexes = list(run_index) if isinstance(run_index, Iterable) else [run_index]
        if not all(isinstance(one, numbers.Integral) and not isinstance(one, bool) for one in indexes):
            raise OutOfRange(f"run_index has numbers from 0 to 3, not {run_index!r}", known=[0, 1, 2, 3])
        if not indexes or any(one not in range(4) for one in indexes):
            raise Refused(f"run_index has numbers from 0 to 3, not {run_index!r}", known=[0, 1, 2, 3])
        indexes, runs = sorted(set(indexes)), self._runs(configuration)
        for index in indexes:
            if index not in runs:
                raise MissingValue(f"the atlas has no run {index} of {dict(configuration)}", known=list(runs),
                                   code="benchmarks.no_run", remedy="run_index chooses among those it has")
        values = [self._value(runs[index], "validation", fidelity["budget"]) for index in indexes]
        seconds = [self._seconds(runs[index], fidelity["budget"]) for index in indexes]
        info = {"valid_rmse_per_run": values, "fidelity": fidelity}
        told = {"function_value": sum(values) / len(values), "info": info}
        if None not in seconds:
            info["runtime_per_run"] = seconds
            told["cost"] = sum(seconds)
        about = f"{self._dataset} at {fidelity}"
        told["info"] = Told(info, about)
        return Told(told, about)

    def objective_function_test(self, configuration, fidelity=None, rng=None, **kwargs) -> Told:
        """Mean test error and mean seconds of all runs, at the highest budget."""
        fidelity = self._with_fidelity(fidelity)
        if fidelity["budget"] != 100:
            raise Refused(f"test values are those of budget 100, not {fidelity['budget']}", known=[100])
        runs = hpo_benchmarks.completed(self._setting, self._place(configuration))
        values = [self._value(run, "test", 100) for run in runs]
        seconds = [self._seconds(run, 100) for run in runs]
        about = f"the test of {self._dataset}"
        told = {"function_value": sum(values) / len(values), "info": Told({"fidelity": fidelity}, about)}
        if None not in seconds:
            told["cost"] = sum(seconds) / len(seconds)
        return Told(told, about)

    def _runs(self, configuration) -> dict:
        """Runs of the atlas by published index: the first without a seed is 0."""
        place = self._place(configuration)
        seeds = {str(self._setting.seed(run)): run for run in hpo_benchmarks.completed(self._setting, place)}
        return {int(seed.rpartition("-")[2]) - 1: run for seed, run in seeds.items() if seed.startswith("unnamed-")}

    def _place(self, configuration) -> int:
        return self.atlas.index(hpo_benchmarks.HPOLib._text(hpo_benchmarks.HPOLib._chosen(configuration)), "fcnet")

    def _value(self, run, split, epoch) -> float:
        measures = [one for metric, one in self._setting.measures if metric == "mse"]
        if split not in measures:
            raise MissingValue(f"the atlas has no {split} errors of {self._dataset}; it has: {', '.join(measures)}",
                               known=measures, code="benchmarks.unknown_split")
        curve = self._setting.curve(run, "mse", split)
        epochs = [] if curve is None else curve[0].tolist()
        if epoch not in epochs:
            raise MissingValue(f"the atlas has no {split} error of {self._dataset} at budget {epoch}; it has some at: "
                               f"{', '.join(map(str, epochs)) or 'none'}", known=epochs,
                               remedy="choose one of them with fidelity={'budget': …}")
        return float(curve[1][epochs.index(epoch)])

    def _seconds(self, run, epoch) -> float | None:
        # The published seconds of a budget are this share of the run's.
        found = self._setting.train_seconds(run, epoch)
        return None if found is None else found[0]


class SliceLocalizationBenchmark(FCNetBenchmark):
    _dataset = "fcnet-slice-localization"


class ProteinStructureBenchmark(FCNetBenchmark):
    _dataset = "fcnet-protein-structure"


class NavalPropulsionBenchmark(FCNetBenchmark):
    _dataset = "fcnet-naval-propulsion"


class ParkinsonsTelemonitoringBenchmark(FCNetBenchmark):
    _dataset = "fcnet-parkinsons-telemonitoring"
