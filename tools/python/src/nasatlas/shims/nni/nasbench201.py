"""`nni.nas.benchmark.nasbench201` (NNI 3.0) with an atlas: `query_nb201_trial_stats(arch, 200, "cifar100", atlas=…)`.

`valid_acc` of `cifar10` is of the test images, as published; a SplitWarning says so.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping

from nasatlas.errors import MissingValue, UnknownArchitecture, UnknownName
from nasatlas.shims.nats_bench.api_topology import NATStopology
from nasatlas.shims.nats_bench.api_utils import SplitWarning
from nasatlas.shims.nats_bench.results import ResultsCount
from nasatlas.shims.nni.trials import REASONS, averages, intermediate, mean, number
from nasatlas.shims.told import Told, interface

__all__ = ["AVG_POOL_3X3", "CONV_1X1", "CONV_3X3", "NONE", "PRIMITIVES", "SKIP_CONNECT", "query_nb201_trial_stats"]

NONE, SKIP_CONNECT, CONV_1X1, CONV_3X3, AVG_POOL_3X3 = PRIMITIVES = [
    "none", "skip_connect", "conv_1x1", "conv_3x3", "avg_pool_3x3"]
EDGES = ("0_1", "0_2", "1_2", "0_3", "1_3", "2_3")
DATASETS = {"cifar10-valid": "cifar10-valid", "cifar10": "cifar10", "cifar100": "cifar100",
            "imagenet16-120": "ImageNet16-120"}
"""Data sets here, and in NATS-Bench."""
EVALUATIONS = {"cifar10-valid": ("x-valid", "ori-test", "ori-test"), "cifar10": ("ori-test",) * 3,
               "cifar100": ("x-valid", "x-test", "ori-test"), "ImageNet16-120": ("x-valid", "x-test", "ori-test")}
"""The splits of `valid_`, `test_` and `ori_test_`."""
PREFIXES = ("train", "valid", "test", "ori_test")
KEYS = (*(f"{prefix}_acc" for prefix in PREFIXES), *(f"{prefix}_loss" for prefix in PREFIXES), "parameters", "latency",
        "flops", "training_time", *(f"{prefix}_evaluation_time" for prefix in PREFIXES[1:]))
"""Of trials, in the published order."""


def query_nb201_trial_stats(arch: dict | None, num_epochs: int | None, dataset: str | None,
                            reduction: str | None = None, include_intermediates: bool = False, *,
                            atlas) -> Iterator[dict]:
    """Yields the trainings that match, None matching all; with `reduction="mean"` one mean an architecture, number of
    epochs and data set. Accuracies are percent, times and latency seconds, parameters and flops millions."""
    reduced = averages(reduction)
    api = interface(NATStopology, atlas)
    index = None if arch is None else api.query_index_by_arch(_text(arch))
    numbers = [int(hp) for hp in api.avaliable_hps]
    if num_epochs is not None and num_epochs not in numbers:
        raise UnknownName(f"the atlas has no trainings of {num_epochs} epochs; known: "
                          f"{', '.join(map(str, numbers)) or 'none'}", known=numbers,
                          code="benchmarks.unknown_protocol",
                          remedy="choose one of these with num_epochs=, or None for all" if numbers
                          else "open an atlas that has trainings")
    numbers = numbers if num_epochs is None else [num_epochs]
    known = [name for name, other in DATASETS.items() if any(other in api._trainings[str(n)] for n in numbers)]
    if dataset is not None and dataset not in known:
        raise UnknownName(f"the atlas has no trainings on {dataset}; known: {', '.join(known)}", known=known,
                          code="benchmarks.unknown_dataset")
    chosen = known if dataset is None else [dataset]
    configs = [(number, name) for number in numbers for name in chosen if DATASETS[name] in api._trainings[str(number)]]
    if index is not None and not any(_trainings(api, index, *config) for config in configs):
        raise MissingValue(f"the atlas has no training of {api.arch(index)} with {numbers} epochs on "
                           f"{', '.join(chosen)}", known=known, code="benchmarks.no_run")
    if "cifar10" in chosen:
        warnings.warn("valid_acc and valid_loss of cifar10 are of the test images, as published", SplitWarning,
                      stacklevel=2)
    indexes = sorted(api.evaluated_indexes) if index is None else [index]
    return _told(api, indexes, configs, reduced, include_intermediates)


def _text(arch: dict) -> str:
    """The cell as NATS-Bench writes it."""
    if not isinstance(arch, Mapping) or set(arch) != set(EDGES):
        raise UnknownArchitecture(f"an architecture is a dict with the keys {', '.join(EDGES)}, not {arch!r}",
                                  known=list(EDGES), remedy="give it an operation for each, or None for all cells")
    for edge, name in arch.items():
        if name not in PRIMITIVES:
            raise UnknownArchitecture(f"there is no operation {name!r} for {edge}; known: {', '.join(PRIMITIVES)}",
                                      known=PRIMITIVES)
    names = [f"nor_{arch[edge]}" if arch[edge].startswith("conv") else arch[edge] for edge in EDGES]
    return "|{}~0|+|{}~0|{}~1|+|{}~0|{}~1|{}~2|".format(*names)


def _arch(text: str) -> dict:
    names = [edge.partition("~")[0] for node in text.split("+") for edge in node.strip("|").split("|")]
    return {edge: name[4:] if name.startswith("nor_") else name for edge, name in zip(EDGES, names)}


def _trainings(api, index, number, name) -> list:
    if index not in api.evaluated_indexes:
        return []
    found = api.query_meta_info_by_index(index, str(number))._all(DATASETS[name])
    return [one for one in found if not one.is_mean] or found


def _told(api, indexes, configs, reduced, intermediates) -> Iterator[dict]:
    for index in indexes:
        for epochs, name in configs:
            trainings = _trainings(api, index, epochs, name)
            if not trainings:
                continue
            told = [_stats(one) for one in trainings]
            about = f"{api.arch(index)} with {epochs} epochs on {name}"
            shape = trainings[0].get_config(None)
            shown = ((key, shape[short]) for key, short in (("num_channels", "C"), ("num_cells", "N")) if short in shape)
            config = {"arch": _arch(api.arch(index)), "num_epochs": epochs, **dict(shown), "dataset": name}
            if reduced:
                told = [mean(told)]
            for values, one in zip(told, trainings):
                # A mean has no seed and no intermediates, as published.
                found = {"config": Told(config, about), "seed": None if reduced else one.key, **values}
                if intermediates:
                    found["intermediates"] = [] if reduced else list(_curve(one))
                yield Told(found, about if reduced else f"seed {one.key} of {about}", REASONS)


def _stats(one: ResultsCount) -> dict:
    """The final values of a training that the atlas has."""
    found, splits = {}, ("train", *EVALUATIONS[one.name])
    for prefix, split in zip(PREFIXES, splits):
        try:
            told = one.get_train() if split == "train" else one.get_eval(split)
        except MissingValue:
            continue
        found.update((f"{prefix}_{ours}", number(told[key])) for ours, key in (("acc", "accuracy"), ("loss", "loss"))
                     if key in told)
        time, key = ("training_time", "all_time") if split == "train" else (f"{prefix}_evaluation_time", "cur_time")
        if key in told:
            found[time] = told[key]
    latency = one.get_latency()
    for key, value in (("parameters", one.params), ("flops", one.flop), ("latency", None if latency < 0 else latency)):
        if value is not None:
            found[key] = value
    return {key: found[key] for key in KEYS if key in found}


def _curve(one: ResultsCount) -> Iterator[Told]:
    """The known values after each epoch, without epochs that have no value."""
    curves = {}
    for ours, train, evaluated in (("acc", one.train_acc1es, one.eval_acc1es),
                                   ("loss", one.train_losses, one.eval_losses)):
        for prefix, split in zip(PREFIXES, ("train", *EVALUATIONS[one.name])):
            curves[f"{prefix}_{ours}"] = train if split == "train" else {
                int(key.rpartition("@")[2]): value for key, value in evaluated.items()
                if key.rpartition("@")[0] == split}
    for epoch in range(one.epochs):
        found = {key: number(values[epoch]) for key, values in curves.items() if epoch in values}
        if found:
            yield intermediate(epoch + 1, curves, found, f"epoch {epoch + 1} of seed {one.key} on {one.name}")
