"""What NASLib's graphs of NAS-Bench-201 read: by cell and data set lists of values by epoch, and costs."""

from __future__ import annotations

import numbers
from collections.abc import Mapping, Sequence

from nasatlas.errors import MissingValue, UnknownArchitecture, UnknownName
from nasatlas.shims.naslib.conversions import DATASETS, OPERATIONS
from nasatlas.shims.nats_bench.api_topology import NATStopology
from nasatlas.shims.nats_bench.results import SETS, mean
from nasatlas.shims.told import Told

EVALUATIONS = {"validation": "x-valid", "test": "x-test"}


class NoSuchEpoch(UnknownName, IndexError):
    """An epoch that no training of the space has."""

    code = "benchmarks.unknown_epoch"


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
                              f"{', '.join(known) or 'none'}", known=known, code="benchmarks.unknown_dataset",
                              remedy="choose one of these" if known else "open an atlas that has trainings")

    def __len__(self):
        return len(self._api.evaluated_indexes)

    def __iter__(self):
        return (self._api[index] for index in sorted(self._api.evaluated_indexes))

    def __getitem__(self, text: str) -> Mapping:
        index = self._api.query_index_by_arch(text)
        if index == -1:
            raise UnknownArchitecture(f"{text!r} is no cell of NAS-Bench-201", known=list(OPERATIONS))
        return Told({self._dataset: self._told(index)}, text, {
            other: f"this dataset_api is of {self._dataset}; get_dataset_api makes one of each data set"
            for other in DATASETS.values() if other != self._dataset})

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
            ends = (epoch.start, epoch.stop, epoch.step)
            if not all(one is None or isinstance(one, numbers.Integral) for one in ends):
                raise NoSuchEpoch(f"epochs are 0 to 199, and -1 is the last, not {epoch.stop!r}",
                                  known=sorted(self._values), remedy="ask for one of them with epoch=")
            return [self[one] for one in range(*epoch.indices(200))]
        if not isinstance(epoch, numbers.Integral) or not -200 <= epoch < 200:
            raise NoSuchEpoch(f"epochs are 0 to 199, and -1 is the last, not {epoch!r}", known=sorted(self._values),
                              remedy="ask for one of them with epoch=")
        found = self._values.get(int(epoch) % 200)
        if found is None:
            known = sorted(self._values)
            shown = f"epochs {', '.join(map(str, known[:5]))}{', …' if len(known) > 5 else ''}" if known else "none"
            raise MissingValue(f"the atlas has no {self._about} at epoch {int(epoch) % 200}, counted from 0; it has "
                               f"{shown}", known=known, remedy="ask for an epoch that it has, without full_lc")
        return found
