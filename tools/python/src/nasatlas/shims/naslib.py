"""NASLib's queries with an atlas: `get_dataset_api("nasbench201", "cifar10", atlas="nasbench201.atlas")`.

What `get_dataset_api` gives is for NASLib's own graphs too: `graph.query(Metric.VAL_ACCURACY, "cifar10",
dataset_api=…)`. `NasBench201SearchSpace` here asks the same without PyTorch and builds no network.

Differs from the original, on purpose:
- VAL and TEST are values of the validation and of the test split; the original has one list, `eval_acc1es`, for both.
  NASLib's own graphs read that list: `evaluation="test"` makes it the test split.
- Values are means over the trainings, or those of `seed`.
- FLOPS and PARAMETERS (millions), LATENCY (seconds), EPOCH (how many), TRAIN_TIME (seconds of all epochs), VAL_TIME and
  TEST_TIME (seconds of one pass) are numbers, whatever the epoch; the original's tables lack most of them.
- An epoch or a value that the atlas lacks raises; so does a list with gaps, when all of it is read.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from enum import Enum, auto

import numpy as np

from nasatlas.errors import MissingValue, UnknownArchitecture, UnknownName
from nasatlas.shims.nasbench import api as nasbench101
from nasatlas.shims.nats_bench.api import NATStopology
from nasatlas.shims.nats_bench.results import SETS, mean
from nasatlas.shims.told import Told

__all__ = ["EDGE_LIST", "OP_NAMES", "Metric", "NasBench201SearchSpace", "convert_op_indices_to_str",
           "convert_str_to_op_indices", "get_dataset_api"]

OP_NAMES = ["Identity", "Zero", "ReLUConvBN3x3", "ReLUConvBN1x1", "AvgPool1x1"]
OPERATIONS = ("skip_connect", "none", "nor_conv_3x3", "nor_conv_1x1", "avg_pool_3x3")
"""The same as NAS-Bench-201 names them."""
EDGE_LIST = ((1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4))
ORDER = (0, 1, 3, 2, 4, 5)
"""Where the edges of a text stand in EDGE_LIST; and the other way round."""
DATASETS = {"cifar10": "cifar10-valid", "cifar100": "cifar100", "ImageNet16-120": "ImageNet16-120"}
EVALUATIONS = {"validation": "x-valid", "test": "x-test"}


class Metric(Enum):
    """What can be asked for."""

    RAW = auto()
    ALL = auto()
    TRAIN_ACCURACY = auto()
    VAL_ACCURACY = auto()
    TEST_ACCURACY = auto()
    TRAIN_LOSS = auto()
    VAL_LOSS = auto()
    TEST_LOSS = auto()
    TRAIN_TIME = auto()
    VAL_TIME = auto()
    TEST_TIME = auto()
    FLOPS = auto()
    LATENCY = auto()
    PARAMETERS = auto()
    EPOCH = auto()
    HP = auto()


COSTS = {"FLOPS": "flops", "LATENCY": "latency", "PARAMETERS": "params", "TRAIN_TIME": "train_time"}


def convert_op_indices_to_str(op_indices) -> str:
    """The text of NAS-Bench-201 for six numbers in OP_NAMES, in the order of EDGE_LIST."""
    indices = [int(index) for index in op_indices]
    if len(indices) != 6 or not all(0 <= index < 5 for index in indices):
        raise UnknownArchitecture(f"{op_indices!r} are no six numbers from 0 to 4", known=OP_NAMES)
    return "|{}~0|+|{}~0|{}~1|+|{}~0|{}~1|{}~2|".format(*(OPERATIONS[indices[place]] for place in ORDER))


def convert_str_to_op_indices(str_encoding: str) -> tuple:
    """Six numbers in OP_NAMES, in the order of EDGE_LIST."""
    names = [edge.partition("~")[0] for node in str_encoding.split("+") for edge in node.strip(" |").split("|")]
    if len(names) != 6 or not set(names) <= set(OPERATIONS):
        raise UnknownArchitecture(f"{str_encoding!r} is no cell of NAS-Bench-201", known=list(OPERATIONS))
    return tuple(OPERATIONS.index(names[place]) for place in ORDER)


def get_dataset_api(search_space: str | None = None, dataset: str | None = None, *, atlas, evaluation="validation",
                    seed="mean") -> dict:
    """What queries of a search space need: `nb201_data` by cell, or `nb101_data`. `evaluation` says which split the
    lists called `eval_` are of, `seed` which training answers."""
    if search_space == "nasbench101":
        return {"api": nasbench101, "nb101_data": nasbench101.NASBench(atlas)}
    if search_space != "nasbench201":
        raise UnknownName(f"atlases have no queries of {search_space!r}; known: nasbench101, nasbench201",
                          known=["nasbench101", "nasbench201"])
    if dataset not in DATASETS:
        raise UnknownName(f"there is no data set {dataset!r}; known: {', '.join(DATASETS)}", known=list(DATASETS),
                          code="benchmarks.unknown_dataset")
    if evaluation not in EVALUATIONS:
        raise UnknownName(f"evaluation is validation or test, not {evaluation!r}", known=list(EVALUATIONS))
    return {"nb201_data": Cells(NATStopology(atlas), DATASETS[dataset], evaluation, seed)}


class Cells(Mapping):
    """By text and data set the lists and costs of a cell."""

    def __init__(self, api: NATStopology, dataset: str, evaluation: str, seed):
        self._api = api
        self._dataset = dataset
        self._evaluation = evaluation
        self._seed = seed
        if "200" not in api._trainings or dataset not in api._trainings["200"]:
            known = [name for name, other in DATASETS.items() if other in api._trainings.get("200", {})]
            raise UnknownName(f"{api.atlas.path} has no trainings of 200 epochs on {dataset}; known: "
                              f"{', '.join(known)}", known=known, code="benchmarks.unknown_dataset")

    def __len__(self):
        return len(self._api.evaluated_indexes)

    def __iter__(self):
        return (self._api[index] for index in sorted(self._api.evaluated_indexes))

    def __getitem__(self, text: str) -> Mapping:
        index = self._api.query_index_by_arch(text)
        if index == -1:
            raise UnknownArchitecture(f"{text!r} is no cell of NAS-Bench-201", known=list(OPERATIONS))
        return Told({self._dataset: self._told(index)}, text)

    def _told(self, index) -> Told:
        results = self._api.query_meta_info_by_index(index, "200")
        trainings = results.query(self._dataset, None if self._seed == "mean" else self._seed)
        trainings = list(trainings.values()) if isinstance(trainings, dict) else [trainings]
        trainings = [one for one in trainings if not one.is_mean] or trainings
        about = f"{self._api[index]} on {self._dataset}"
        found = {}
        for prefix in ("train", "val", "test"):
            for kind in ("losses", "acc1es"):
                found[f"{prefix}_{kind}"] = EpochValues(_curves(trainings, prefix, kind), f"{prefix}_{kind} of {about}")
        of = "val" if self._evaluation == "validation" else "test"
        times = results.get_compute_costs(self._dataset)
        costs = {ours: times[theirs] for ours, theirs in (("flops", "flops"), ("params", "params"),
                                                          ("latency", "latency"), ("train_time", "T-train@total"))
                 if theirs in times}
        if self._seed != "mean" and "train_time" in costs:
            costs["train_time"] = trainings[0].get_times()["T-train@total"]
        told = {"train_losses": found["train_losses"], "eval_losses": found[f"{of}_losses"],
                "train_acc1es": found["train_acc1es"], "eval_acc1es": found[f"{of}_acc1es"],
                "cost_info": Told(costs, about, times.reasons)}
        told["splits"] = {**found, **{f"{prefix}_time": times.get(f"T-{_name(self._dataset, prefix)}@epoch")
                                      for prefix in ("val", "test")}}
        return Told(told, about)


def _name(dataset: str, prefix: str) -> str:
    """What NATS-Bench calls the evaluation."""
    return "x-valid" if prefix == "val" else "x-test" if "x-test" in SETS[dataset] else "ori-test"


def _curves(trainings: list, prefix: str, kind: str) -> dict:
    """Means by epoch, from 0, over the trainings that have one."""
    found = {}
    for one in trainings:
        if prefix == "train":
            values = one.train_losses if kind == "losses" else one.train_acc1es
        else:
            name = _name(one.name, prefix)
            values = {int(key.rpartition("@")[2]): value for key, value in
                      (one.eval_losses if kind == "losses" else one.eval_acc1es).items()
                      if key.rpartition("@")[0] == name}
        for epoch, value in values.items():
            found.setdefault(epoch, []).append(value)
    return {epoch: mean(values) for epoch, values in found.items()}


class EpochValues(Sequence):
    """200 values, of which the atlas may have some; the others raise when they are read."""

    def __init__(self, values: dict, about: str):
        self._values = values
        self._about = about

    def __len__(self):
        return 200

    def __repr__(self):
        return f"<{self._about}: {len(self._values)} of 200 epochs>"

    def __getitem__(self, epoch):
        if isinstance(epoch, slice):
            return [self[one] for one in range(*epoch.indices(200))]
        if not -200 <= epoch < 200:
            raise IndexError(f"epochs are 0 to 199, not {epoch}")
        found = self._values.get(int(epoch) % 200)
        if found is None:
            known = sorted(self._values)
            shown = f"epochs {', '.join(map(str, known[:5]))}{', …' if len(known) > 5 else ''}" if known else "none"
            raise MissingValue(f"the atlas has no {self._about} at epoch {int(epoch) % 200}, counted from 0; it has "
                               f"{shown}", known=known, remedy="ask for an epoch that it has, without full_lc")
        return found


class NasBench201SearchSpace:
    """A cell of NAS-Bench-201 as six operation indices, with NASLib's names for asking and choosing."""

    QUERYABLE = True

    def __init__(self, op_indices=None):
        self.op_indices = None
        self.space_name = "nasbench201"
        self.max_epoch = 199
        if op_indices is not None:
            self.set_op_indices(op_indices)

    def set_op_indices(self, op_indices) -> None:
        """Becomes the cell of these six numbers."""
        convert_op_indices_to_str(op_indices)
        self.op_indices = [int(index) for index in op_indices]

    def set_spec(self, op_indices, dataset_api=None) -> None:
        """The same."""
        self.set_op_indices(op_indices)

    def get_op_indices(self) -> list:
        if self.op_indices is None:
            raise UnknownArchitecture("no cell was chosen", remedy="set_spec or sample_random_architecture chooses one")
        return self.op_indices

    def get_hash(self) -> tuple:
        return tuple(self.get_op_indices())

    def get_type(self) -> str:
        return "nasbench201"

    def get_arch_iterator(self, dataset_api=None):
        """Every cell, as six numbers."""
        return itertools.product(range(5), repeat=6)

    def sample_random_architecture(self, dataset_api=None) -> None:
        """Becomes a drawn cell, with edges out of its input and into its output, with NumPy's `random`."""
        while True:
            drawn = np.random.randint(5, size=6).tolist()
            if not drawn[0] == drawn[1] == drawn[2] == 1 and not drawn[2] == drawn[4] == drawn[5] == 1:
                return self.set_op_indices(drawn)

    def query(self, metric: Metric, dataset: str | None = None, path=None, epoch: int = -1, full_lc: bool = False,
              dataset_api: dict | None = None):
        """A value after an epoch, counted from 0, or with `full_lc` the list up to it (-1: all). Percent, nats,
        seconds, millions. RAW gives all lists of the cell, HP its costs."""
        if not isinstance(getattr(metric, "name", None), str) or metric.name not in Metric.__members__ \
                or metric.name == "ALL":
            known = [name for name in Metric.__members__ if name != "ALL"]
            raise UnknownName(f"{metric!r} cannot be asked for; known: {', '.join(known)}", known=known,
                              code="benchmarks.unknown_metric")
        if dataset_api is None:
            raise UnknownName("a query needs dataset_api", remedy='get_dataset_api("nasbench201", dataset, atlas=…)')
        raw = dataset_api["nb201_data"][convert_op_indices_to_str(self.get_op_indices())]
        if metric.name == "RAW":
            return raw
        if dataset not in (*DATASETS, "cifar10-valid"):
            raise UnknownName(f"there is no data set {dataset!r}; known: {', '.join(DATASETS)}", known=list(DATASETS),
                              code="benchmarks.unknown_dataset")
        told = raw[DATASETS.get(dataset, dataset)]
        if metric.name == "HP":
            return told["cost_info"]
        if metric.name in COSTS:
            return told["cost_info"][COSTS[metric.name]]
        if metric.name == "EPOCH":
            return 200
        prefix, kind = metric.name.lower().split("_")
        if kind == "time":
            if told["splits"][f"{prefix}_time"] is None:
                raise MissingValue(f"the atlas has no seconds of evaluation of {told.about}",
                                   code="shims.no_evaluation_seconds")
            return told["splits"][f"{prefix}_time"]
        values = told["splits"][f"{prefix}_{'losses' if kind == 'loss' else 'acc1es'}"]
        if full_lc:
            return values[:] if epoch == -1 else values[:epoch]
        return values[epoch]
