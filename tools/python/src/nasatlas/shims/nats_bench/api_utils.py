"""`nats_bench.api_utils` on an atlas: what both search spaces share, results, and the package's functions of files."""

from __future__ import annotations

import numbers
import os
import random
import warnings
from collections.abc import Callable, Mapping

import numpy as np

from nasatlas.errors import AmbiguousQuestion, AtlasNotFound
from nasatlas.shims.nats_bench import words
from nasatlas.shims.nats_bench.faults import NoBenchmark, NoSuchName, NoSuchNumber, NotThere, ReadOnly
from nasatlas.shims.nats_bench.files import (
    PICKLE_EXT, get_file_system, get_torch_home, nats_is_dir, nats_is_file, pickle_load, pickle_save,
    reset_file_system, time_string)
from nasatlas.shims.nats_bench.results import ArchResults, ResultsCount, mean, remap_dataset_set_names
from nasatlas.shims.nats_bench.trainings import METRICS, NAMES, SETS, Trainings
from nasatlas.shims.told import Told, opened

__all__ = ["PICKLE_EXT", "ArchResults", "NASBenchMetaAPI", "ResultsCount", "SplitWarning", "get_file_system",
           "get_torch_home", "mean", "nats_is_dir", "nats_is_file", "pickle_load", "pickle_save",
           "remap_dataset_set_names", "reset_file_system", "time_string"]

COMMENTS = {"cifar10-valid": "trained on 25,000 images of CIFAR-10; valid: the other 25,000; test: the test images",
            "cifar10": "trained on all 50,000 training images of CIFAR-10; test: the test images"}
SEARCHED = ("cifar10", "cifar100", "ImageNet16-120")


class SplitWarning(UserWarning):
    """A warning: the answer is of another split than its name says, as in the published interface."""


class NASBenchMetaAPI:
    """The interface of both search spaces. Architectures are their published numbers, whatever the order of the atlas.

    `trials` says which trainings answer where a call does not: "mean", or "random", a drawn one, as the original does.
    Draws come from Python's `random`, so that `random.seed` gives those of the original. `time_cost` says what
    `simulate_train_eval` counts: "train+valid", or "train" where an atlas has no seconds of evaluation. `protocol`
    chooses where the atlas has several of one number of epochs. `verbose` and `fast_mode` are accepted; only `show`
    prints.
    """

    search_space_name: str
    full_train_epochs: int
    full_epochs_in_paper: int
    is_topology: bool
    is_size: bool
    _architectures: Callable
    _space: str
    _hps: dict
    _base_name: str

    def __init__(self, file_path_or_dict=None, fast_mode: bool = False, verbose: bool = True, *, trials: str = "mean",
                 time_cost: str = "train+valid", protocol: str | None = None):
        for what, value, known in (("trials", trials, ("mean", "random")),
                                   ("time_cost", time_cost, ("train+valid", "train"))):
            if value not in known:
                raise NoSuchName(f"{what} is {' or '.join(known)}, not {value!r}", known=list(known))
        self.atlas = self._opened(file_path_or_dict)
        if self._space not in self.atlas.spaces:
            raise NoSuchName(f"{self.atlas.path} has no architectures of {self._space}; it has: "
                              f"{', '.join(self.atlas.spaces)}", known=self.atlas.spaces, code="shims.other_space",
                              remedy=f"open an atlas of {self._space}; `nasatlas info ATLAS` says what one holds")
        self.filename = os.path.basename(self.atlas.path)
        self.fast_mode = fast_mode
        self.verbose = verbose
        self.archive_dir = None
        self._trials = trials
        self._time_cost = time_cost
        self._protocol = protocol
        self._results = {}
        self.meta_archs = list(self._architectures())
        """All architectures of the space by number, including architectures that the atlas lacks."""
        span = self.atlas._places_of_space(self._space)
        by_text = dict(zip(self.atlas.architectures[span.start:span.stop], span))
        self._places = [by_text.get(text) for text in self.meta_archs]
        self.evaluated_indexes = {index for index, place in enumerate(self._places) if place is not None}
        """The numbers of the architectures that the atlas has."""
        self.archstr2index = {text: index for index, text in enumerate(self.meta_archs)}
        self.arch2infos_dict = Infos(self)
        """By number and by `hp`, all results."""
        self._trainings = self._all_trainings()
        self.reset_time()

    def _opened(self, path):
        """The atlas at a path, or at the usual place; raises NoBenchmark where it does not exist."""
        usual = path is None
        if usual:
            path = os.path.join(get_torch_home(), f"{self._base_name}.atlas")
        try:
            return opened(path)
        except AtlasNotFound as error:
            raise NoBenchmark(f"no path was given, and {error.message}" if usual else error.message,
                              remedy=f"check the path; it names an atlas of {self._space}, which `nasatlas-import "
                              "nats-bench` makes of the published archives") from error

    def _all_trainings(self) -> dict:
        atlas, found = self.atlas, {}
        known = {one.dataset for one in atlas.settings if one.space == self._space}
        shares_cifar10 = "cifar10-valid" not in known
        for hp, epochs in self._hps.items():
            for name, dataset in NAMES.items():
                shared = shares_cifar10 and name in ("cifar10", "cifar10-valid")
                fitting = [one for one in atlas.settings if one.space == self._space
                           and one.dataset == ("cifar10" if shared else dataset)
                           and atlas.protocols[one.protocol_digest].get("epochs") == epochs
                           and self._protocol in (None, one.protocol)]
                if len(fitting) > 1:
                    names = [atlas.name(one) for one in fitting]
                    raise AmbiguousQuestion(f"several settings have {epochs} epochs: {', '.join(names)}", known=names,
                                            remedy="choose one with protocol=")
                for setting in fitting:
                    trainings = Trainings(atlas, setting, name, epochs, hp, shared)
                    if trainings.belongs.any():
                        found.setdefault(hp, {})[name] = trainings
        return found

    # Architectures

    def __len__(self):
        return len(self.meta_archs)

    def __getitem__(self, index: int) -> str:
        try:
            if isinstance(index, bool):
                raise TypeError("True is not 1")
            return self.meta_archs[index]
        except (IndexError, TypeError) as error:
            raise NoSuchNumber(f"there is no architecture {index!r}; numbers go from 0 to {len(self) - 1}",
                               remedy="give one of these; query_index_by_arch returns the number of a text") from error

    def __repr__(self):
        return f"{type(self).__name__}({len(self.evaluated_indexes)}/{len(self)} architectures, " \
               f"fast_mode={self.fast_mode}, file={self.filename})"

    def arch(self, index: int) -> str:
        """The text of an architecture."""
        if not isinstance(index, numbers.Integral) or isinstance(index, bool) or not 0 <= index < len(self):
            raise NoSuchNumber(f"there is no architecture {index!r}; numbers go from 0 to {len(self) - 1}",
                               remedy="give one of these; query_index_by_arch returns the number of a text")
        return self.meta_archs[index]

    def random(self) -> int:
        """A number drawn from all of the space, with Python's `random`."""
        return random.randint(0, len(self) - 1)

    def query_index_by_arch(self, arch) -> int:
        """The number of an architecture given as a number, a text or an object with `tostr`; -1 for no architecture."""
        if type(arch) is str:
            return self.archstr2index.get(arch, -1)
        if isinstance(arch, numbers.Integral):
            self.arch(arch)
            return int(arch)
        text = arch.tostr() if hasattr(arch, "tostr") else arch
        return self.archstr2index.get(text, -1) if isinstance(text, str) else -1

    def _index(self, arch) -> int:
        index = self.query_index_by_arch(arch)
        if index == -1:
            raise NoSuchNumber(f"{arch!r} names no architecture of the {self.search_space_name} space",
                               remedy="give its number, from 0, or its text as published")
        return index

    # Trainings

    @property
    def avaliable_hps(self) -> list:
        """Numbers of epochs, as texts. (The name is published so.)"""
        return list(self._trainings)

    def _with_hp(self, hp) -> tuple:
        text = str(hp)
        if text not in self._trainings:
            known = list(self._trainings)
            raise NoSuchName(f"the atlas has no trainings with hp={hp}; known: {', '.join(known) or 'none'}",
                              known=known, code="benchmarks.unknown_protocol", remedy="choose one of them with hp=")
        return text, self._trainings[text]

    def query_meta_info_by_index(self, arch_index: int, hp: str = "12") -> ArchResults:
        """All trainings of an architecture with `hp` epochs."""
        hp, trainings = self._with_hp(hp)
        index = self._index(arch_index)
        found = self._results.get((index, hp))
        if found is None:
            if self._places[index] is None:
                raise NotThere(f"the atlas has nothing of architecture {index}, {self.meta_archs[index]}",
                                   known=sorted(self.evaluated_indexes)[:10], code="benchmarks.no_run",
                                   remedy="evaluated_indexes are the numbers of those it has")
            found = ArchResults(index, self.meta_archs[index], self._places[index], trainings, hp)
            if len(self._results) >= 4096:
                self._results.clear()
            self._results[index, hp] = found
        return found

    def query_by_index(self, arch_index: int, dataname: str | None = None, hp: str = "12"):
        """The trainings on a data set by seed, or all of them as ArchResults."""
        info = self.query_meta_info_by_index(arch_index, hp)
        return info if dataname is None else info.query(self._dataset(dataname))

    @staticmethod
    def _dataset(name: str) -> str:
        if name not in list(NAMES):
            raise NoSuchName(f"there is no data set {name}; known: {', '.join(NAMES)}", known=list(NAMES),
                              code="benchmarks.unknown_dataset")
        return name

    def get_more_info(self, index, dataset: str, iepoch: int | None = None, hp: str = "12", is_random=None) -> Told:
        """Loss, accuracy and seconds on each split after an epoch, under `train-loss`, `valid-accuracy` and the like.

        `is_random`: False the mean of all trainings, True a drawn one, a seed that one; None as `trials` says.
        """
        results = self.query_meta_info_by_index(index, hp)
        if is_random is None:
            is_random = self._trials == "random"
        chosen = results.chosen(self._dataset(dataset), is_random)
        sets = {"train": "train"}
        sets.update((prefix, name) for prefix, name in (("valid", "x-valid"), ("test", "x-test"),
                                                        ("valtest", "ori-test")) if name in SETS[dataset])
        if "x-test" not in SETS[dataset]:
            sets["test"] = sets.pop("valtest")
        found = {"comment": COMMENTS[dataset]} if dataset in COMMENTS else {}
        total, lack, measured = None, None, False
        for prefix, name in sets.items():
            try:
                told = results.measured(chosen, name, iepoch)
            except NotThere as error:
                # The one that lists epochs, where one does.
                if lack is None or not isinstance(next(iter(lack.known), None), int):
                    lack = error
                continue
            total = told["iepoch"] + 1
            found.update((f"{prefix}-{key}", told[key]) for key, _ in METRICS if key in told)
            measured = measured or any(key in told for key, _ in METRICS)
            if "all_time" in told:
                found.update({f"{prefix}-per-time": told["all_time"] / total, f"{prefix}-all-time": told["all_time"]})
        if not measured:
            raise lack
        return Told(found, f"{results.arch_str} on {dataset} (hp={hp}, epoch {total})")

    def simulate_train_eval(self, arch, dataset: str, iepoch: int | None = None, hp: str = "12",
                            account_time: bool = True) -> tuple:
        """(validation accuracy in percent, latency, seconds of this training, seconds of all since `reset_time`)."""
        if dataset not in SEARCHED:
            raise NoSuchName(f"there is no data set {dataset} to search on; known: {', '.join(SEARCHED)}",
                              known=list(SEARCHED), code="benchmarks.unknown_dataset")
        index = self._index(arch)
        trained = "cifar10-valid" if dataset == "cifar10" else dataset
        results = self.query_meta_info_by_index(index, hp)
        chosen = results.chosen(trained, self._trials == "random")
        name = "x-valid"
        try:
            valid = results.measured(chosen, name, iepoch)
        except NotThere:
            if trained == "cifar10-valid":
                raise
            valid = results.measured(chosen, "ori-test", iepoch)
            name = "ori-test"
            warnings.warn(f"{dataset} has no x-valid at this epoch: valid_acc is of ori-test, which holds the test "
                          "images too, as published", SplitWarning, stacklevel=2)
        seconds = results.measured(chosen, "train", iepoch)["all_time"]
        if self._time_cost == "train+valid":
            seconds += self._one_pass(trained, index, hp)
        latency = self.get_latency(index, dataset if dataset in self._with_hp(hp)[1] else trained, hp)
        if account_time:
            self.used_time += seconds
        return valid["accuracy"], latency, seconds, self.used_time

    def _one_pass(self, dataset, index, hp) -> float:
        trainings = self._with_hp(hp)[1][dataset]
        found = trainings.evaluation_seconds(self._places[index], "validation")
        if found is None:
            raise NotThere(
                f"the atlas has no seconds of evaluation on {dataset}, so what training and validation cost together "
                "is not known", code="shims.no_evaluation_seconds",
                remedy='create(..., time_cost="train") counts training alone')
        return found

    def reset_time(self) -> None:
        """Sets what `simulate_train_eval` has counted to nothing."""
        self.used_time = 0

    # Costs

    def get_cost_info(self, index: int, dataset: str, hp: str = "12") -> Told:
        """flops and params in millions, latency and training and evaluation times in seconds."""
        return self.query_meta_info_by_index(index, hp).get_compute_costs(self._dataset(dataset))

    def get_latency(self, index: int, dataset: str, hp: str = "12") -> float:
        """Seconds for a batch of 256 images."""
        return self.query_meta_info_by_index(index, hp).get_latency(self._dataset(dataset))

    def get_net_config(self, index: int, dataset: str) -> Told:
        """The description of the network."""
        hp = next(iter(self._trainings))
        return self.query_meta_info_by_index(index, hp)._some(self._dataset(dataset))[0].get_config(None)

    def get_net_param(self, index: int, dataset: str, seed=None, hp: str = "12"):
        """Raises NotThere: an atlas keeps no weights."""
        return self.query_meta_info_by_index(index, hp).get_net_param(dataset, seed)

    def clear_params(self, index: int, hp: str | None = None) -> None:
        """Does nothing: there are no weights."""

    def reload(self, archive_root: str | None = None, index: int | None = None) -> None:
        """Raises: an atlas is read-only."""
        raise ReadOnly("an atlas is read-only, so no archive can replace its values", remedy="open another atlas")

    def reset_archive_dir(self, archive_dir) -> None:
        """Keeps the folder's name; answers come from the atlas."""
        self.archive_dir = archive_dir

    def reset_fast_mode(self, fast_mode: bool) -> None:
        """Keeps the mode; an atlas answers alike in both."""
        self.fast_mode = fast_mode

    # All of them

    def find_best(self, dataset: str, metric_on_set: str, flop_max: float | None = None,
                  param_max: float | None = None, hp: str = "12", enforce_all: bool | None = None) -> tuple:
        """(number, mean accuracy) of the best architecture of the atlas within so many millions; the first of equals.

        Where trainings disagree on a number and none is of seed 888, all have to be within the limit.
        """
        hp, known = self._with_hp(hp)
        dataset, name = remap_dataset_set_names(dataset, metric_on_set)
        trainings = known.get(self._dataset(dataset))
        if trainings is None:
            raise NoSuchName(f"the atlas has no trainings on {dataset} with hp={hp}; known: {', '.join(known)}",
                             known=list(known), code="benchmarks.unknown_dataset")
        sets = {"train": "train", **SETS[dataset]}
        if name == "valid" and "x-valid" in sets:
            name = "x-valid"
        values = trainings.means("accuracy_percent", sets[name]) if name in sets else np.empty(0)
        if not np.any(values == values):
            there = [one for one, split in sets.items() if ("accuracy_percent", split) in trainings.setting.measures]
            raise NoSuchName(f"the atlas has no {metric_on_set} of {dataset}; known: {', '.join(there)}", known=there,
                             code="benchmarks.unknown_split")
        best = (-1, None)
        limits = [(limit, column) for limit, column in ((flop_max, "flops"), (param_max, "parameters"))
                  if limit is not None]
        listed = values.tolist()
        for index in sorted(self.evaluated_indexes):
            place = self._places[index]
            value = listed[place]
            if value != value or best[1] is not None and value <= best[1]:
                continue
            if all(self._within(trainings, place, column, limit) for limit, column in limits):
                best = (index, value)
        return best

    def _within(self, trainings, place, column, limit) -> bool:
        one = trainings.millions(place, column)
        told = list(trainings.millions_by_seed(place, column).values()) if one is None else [one]
        if not told:
            raise NotThere(f"the atlas has no {column} of {self.atlas.architectures[place]}",
                               remedy="ask without this limit")
        return max(told) <= limit

    def statistics(self, dataset: str, hp) -> dict:
        """Numbers of architectures of the atlas by their number of trainings; published means are not counted."""
        trainings = self._with_hp(hp)[1].get(self._dataset(dataset))
        counts = {}
        for index in sorted(self.evaluated_indexes):
            runs = () if trainings is None else trainings.runs_of(self._places[index])
            number = sum(not str(trainings.setting.seed(run)).startswith("mean-of") for run in runs)
            counts[number] = counts.get(number, 0) + 1
        return counts

    # In words

    def query_info_str_by_arch(self, arch, hp: str = "12") -> str:
        """An architecture's results in words."""
        index = self._index(arch)
        return "\n".join(self._lines(self.query_meta_info_by_index(index, hp), f"arch-index={index}"))

    def _lines(self, information, extra_info=None) -> list:
        return words.lines(information, extra_info)

    def query_by_arch(self, arch, hp: str = "12") -> str:
        """Like `query_info_str_by_arch`."""
        return self.query_info_str_by_arch(arch, hp)

    def show(self, index: int = -1) -> None:
        """Prints an architecture's results with every number of epochs; a number below 0 prints all architectures."""
        if index >= len(self):
            print(f"This index ({index}) is out of range (0~{len(self)}).")
            return
        if index < 0:
            print(self)
        for one in sorted(self.evaluated_indexes) if index < 0 else [index]:
            for hp in self.avaliable_hps:
                print(f"{'>' * 40} {int(hp):03d} epochs {'>' * 40}")
                print("\n".join(self._lines(self.query_meta_info_by_index(one, hp))))
            print(f"{'<' * 40}{'-' * 12}{'<' * 40}")


class Infos(Mapping):
    """By number of an architecture of the atlas a dict of its results by `hp`, made when asked for."""

    def __init__(self, api: NASBenchMetaAPI):
        self._api = api

    def __len__(self):
        return len(self._api.evaluated_indexes)

    def __iter__(self):
        return iter(sorted(self._api.evaluated_indexes))

    def __contains__(self, index):
        return index in self._api.evaluated_indexes

    def __getitem__(self, index: int) -> dict:
        found = ((hp, self._api.query_meta_info_by_index(index, hp)) for hp in self._api.avaliable_hps)
        return {hp: results for hp, results in found if results.dataset_seed}
