"""NATS-Bench's own archives: bzip2 pickles with every curve, split and seed of a cell, in all their packings."""

from __future__ import annotations

import contextlib
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from nasatlas.importing import cards
from nasatlas.importing.entries import (
    Curve, DatasetCard, Entry, Measurement, ProtocolCard, Run, SourceCard, Split)
from nasatlas.importing.faults import BadData, MissingInput
from nasatlas.importing.loose_files import AGAIN
from nasatlas.importing.source import Source
from nasatlas.importing.sources import _nats_packings
from nasatlas.importing.sources._nats_packings import Packing

SOURCE = Source(
    name="nats-bench",
    title="NATS-Bench, genuine archives",
    expects=("NATS-tss-v1_0-3ffb9-simple", "NATS-sss-v1_0-50262-simple"),
    help="name such a folder, a folder whose name ends with -full, a tar of either, the single .pickle.pbz2, or a "
         "folder with one of these per search space")

SIZE_CELL = "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|"

# The archives' names of evaluations, by data set. Only `ori-test` changes its meaning: it is the whole test file, which
# CIFAR-100 and ImageNet16-120 halve into x-valid and x-test.
SPLITS: dict[str, dict[str, Split]] = {
    "cifar10-valid": {"x-valid": "validation", "ori-test": "test"},
    "cifar10": {"ori-test": "test"},
    "cifar100": {"x-valid": "validation", "x-test": "test", "ori-test": "valtest"},
    cards.IMAGENET16_120: {"x-valid": "validation", "x-test": "test", "ori-test": "valtest"},
}
# The archives' names of the data sets, and ours.
NAMES = {"cifar10-valid": "cifar10-valid", "cifar10": "cifar10", "cifar100": "cifar100",
         "ImageNet16-120": cards.IMAGENET16_120}

DATASETS: tuple[DatasetCard, ...] = (
    cards.cifar10("train: 25,000 of the 50,000 training images; validation: the other 25,000 (x-valid); "
                  "test: the 10,000 test images (ori-test)", name="cifar10-valid"),
    cards.cifar10("train: all 50,000 training images; test: the 10,000 test images (ori-test); no validation",
                  known_defects=("There is no validation value: nothing is held out of training. Choose by "
                                 "cifar10-valid, whose trainings are other ones on half of the images.",)),
    cards.cifar100("train: the 50,000 training images; validation (x-valid) and test (x-test): 5,000 each of the "
                   "10,000 test images; valtest (ori-test): those 10,000 together"),
    cards.imagenet16_120("train: 151,700 images; validation (x-valid) and test (x-test): 3,000 each of the 6,000 test "
                         "images; valtest (ori-test): those 6,000 together"),
)


class Part(NamedTuple):
    """One of the two search spaces of the archives."""

    space: str
    mark: str
    """A text that every architecture of the space contains."""
    protocols: Mapping[str, ProtocolCard]


def _size_protocol(epochs: int) -> ProtocolCard:
    return ProtocolCard(f"nats-sss-{epochs}", {
        "epochs": epochs, "optimizer": "SGD", "nesterov": True, "momentum": 0.9, "learningRate": 0.1,
        "schedule": "cosine to 0", "weightDecay": 0.0005, "batchSize": 256, "cell": SIZE_CELL})


PARTS = (
    Part(cards.SPACE_201, "|", {str(e): cards.nasbench201_protocol(e) for e in (12, 200)}),
    Part("nats-sss", ":", {f"{e:02d}": _size_protocol(e) for e in (1, 12, 90)}),
)

NOTES = (
    "Epochs are counted from 1 here, from 0 in the archives.",
    "Seeds are the recorded ones: 777, 888 and 999, and 111 in the 12-epoch trainings of the topology space.",
    "With 200 epochs, cifar10-valid has test values and cifar100 and ImageNet16-120 have validation and test values "
    "of the last epoch only; valtest is there for every epoch.",
    "Training accuracy among the best five is recorded with 1, 12 and 90 epochs, not with 200.",
    "flops counts a multiplication with its addition as one, as the archives do.",
    "latency is seconds for a batch of 256 images; the archives do not name the device.",
    "train_seconds is the recorded train_seconds_per_epoch times the epochs; evaluation_seconds is one pass over the "
    "split.",
)
MADE_UP = (
    "Topology space: train_seconds_per_epoch is the mean over the epochs of one training (cifar10-valid, seed 777, 12 "
    "epochs), divided by its 25,000 images and multiplied by those of each data set; it stands for all seeds, epochs "
    "and protocols.",
    "Topology space: evaluation_seconds is the mean time an image of the same training times the images of the split.",
    "Size space: times are the means of the 1-epoch training of seed 777 on each data set, repeated for all seeds, "
    "epochs and protocols.",
    "latency of cifar10-valid and cifar10 is one number, a mean over both or over two passes; it is repeated for all "
    "seeds and protocols.",
)
KNOWN_DEFECTS = (
    "The interface of the archives answers with a random seed unless told otherwise, so published best values differ "
    "(94.56 instead of the mean 94.37 on CIFAR-10).",
    "Trainings of cifar10-valid and of cifar10 are different ones; a validation value of the first and a test value "
    "of the second do not belong to one network.",
)


def entries(folder: Path) -> Iterator[Entry]:
    """The entries of every archive found in or below `folder`, in the order of the NATS index."""
    with _nats_packings.opened(folder) as packings:
        found = _by_space(packings)
        if not found:
            raise MissingInput(f"{folder} contains no NATS-Bench archive", SOURCE.help)
        yield SourceCard(
            name=SOURCE.name, title=SOURCE.title, version="1.0", origin="archives of NATS-Bench",
            files=[file for _, packing in found for file in packing.files()], license="MIT",
            citation=cards.NATS_CITATION, notes=NOTES, known_defects=KNOWN_DEFECTS, made_up=MADE_UP)
        yield from (cards.ACCURACY_PERCENT, cards.TOP5_ACCURACY_PERCENT, cards.LOSS)
        yield from DATASETS
        for part, _ in found:
            yield from part.protocols.values()
        for part, packing in found:
            for name, archive in packing.archives():
                with _read_from(name):
                    yield from _results(part, archive)


def _by_space(packings: list[Packing]) -> list[tuple[Part, Packing]]:
    """The packing of each space, found from its first architecture."""
    found: dict[int, Packing] = {}
    for packing in packings:
        first = next(packing.archives(), None)
        if first is None:
            continue
        name, archive = first
        with _read_from(name):
            text = next(iter(archive.values()))["arch_str"]
            at = next((at for at, part in enumerate(PARTS) if part.mark in text), None)
        if at is None:
            raise BadData(f"{name} has the architecture {text!r}, which is in no space of NATS-Bench", AGAIN)
        if at in found:
            raise BadData(f"{found[at].name} and {packing.name} both contain cells of {PARTS[at].space}",
                          "name one of them with --from")
        found[at] = packing
    return [(PARTS[at], found[at]) for at in sorted(found)]


@contextlib.contextmanager
def _read_from(name: str) -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError, IndexError, StopIteration) as error:
        raise BadData(f"{name} is not an archive of NATS-Bench: {type(error).__name__}: {error}", AGAIN) from error


def _results(part: Part, archive: Mapping[str, Any]) -> Iterator[Entry]:
    latencies: dict[str, dict[str, float]] = defaultdict(dict)
    architecture = ""
    for key, protocol in part.protocols.items():
        results = archive[key]
        architecture = results["arch_str"]
        for theirs, dataset in NAMES.items():
            seeds = sorted(s for d, s in results["all_results"] if d == theirs)
            trainings = {s: results["all_results"][theirs, s] for s in seeds}
            shared = list(_shared_costs(part, architecture, dataset, protocol, list(trainings.values())))
            for seed, training in trainings.items():
                yield _run(part, architecture, dataset, protocol, seed, training, own_times=not shared)
                if training["latency"]:
                    latencies[dataset][protocol.name] = math.fsum(training["latency"]) / len(training["latency"])
            yield from shared
    for dataset, by_protocol in latencies.items():
        agree = len(set(by_protocol.values())) == 1
        for protocol_name, seconds in list(by_protocol.items())[:1 if agree else None]:
            yield Measurement(space=part.space, architecture=architecture, source=SOURCE.name, quantity="latency",
                              unit="second", value=seconds, conditions={"batch": "256"}, dataset=dataset,
                              protocol=None if agree else protocol_name)


def _shared_costs(part: Part, architecture: str, dataset: str, protocol: ProtocolCard,
                  trainings: list[Mapping[str, Any]]) -> Iterator[Measurement]:
    """Times that apply to all seeds and epochs, once per architecture; nothing where any differs."""
    train = {float(seconds) for t in trainings for seconds in t["train_times"].values()}
    evaluation: dict[str, set[float]] = defaultdict(set)
    for training in trainings:
        for place, seconds in training["eval_times"].items():
            evaluation[SPLITS[dataset][place.partition("@")[0]]].add(float(seconds))
    if len(train) != 1 or any(len(v) != 1 for v in evaluation.values()):
        return
    epochs = protocol.settings["epochs"]
    values = [("train_seconds_per_epoch", None, *train), ("train_seconds", None, math.fsum([*train] * epochs))]
    values += [("evaluation_seconds", {"split": split}, *evaluation[split]) for split in sorted(evaluation)]
    for quantity, conditions, value in values:
        yield Measurement(space=part.space, architecture=architecture, source=SOURCE.name, quantity=quantity,
                          unit="second", value=value, conditions=conditions, dataset=dataset, protocol=protocol.name)


def _run(part: Part, architecture: str, dataset: str, protocol: ProtocolCard, seed: int,
         training: Mapping[str, Any], own_times: bool) -> Run:
    epochs = protocol.settings["epochs"]
    on_train = (("loss", "train_losses"), ("accuracy_percent", "train_acc1es"),
                ("top5_accuracy_percent", "train_acc5es"))
    curves = [_curve(metric, "train", training[key], epochs) for metric, key in on_train if training[key]]
    for metric, values in (("loss", training["eval_losses"]), ("accuracy_percent", training["eval_acc1es"])):
        by_split: dict[Split, dict[int, float]] = defaultdict(dict)
        for place, value in values.items():
            name, _, epoch = place.partition("@")
            by_split[SPLITS[dataset][name]][int(epoch)] = value
        curves += [_curve(metric, split, by_split[split], epochs) for split in sorted(by_split)]
    train = [float(training["train_times"][e]) for e in sorted(training["train_times"])]
    return Run(space=part.space, architecture=architecture, dataset=dataset, protocol=protocol.name, seed=seed,
               source=SOURCE.name, curves=curves, origin="exhaustive",
               counts={"parameters": _whole(training["params"]), "flops": _whole(training["flop"])},
               costs={"evaluation_seconds": math.fsum(training["eval_times"].values())} if own_times else None,
               costs_by_epoch={"train_seconds": train} if own_times else None)


def _curve(metric: str, split: Split, values: Mapping[int, float], epochs: int) -> Curve:
    """A curve of the archive's epochs, which count from 0."""
    places = sorted(values)
    if not places or places[0] < 0 or places[-1] >= epochs:
        raise ValueError(f"{metric} of {split} has epochs outside 0...{epochs - 1}")
    if any(type(v) is not float for v in values.values()):
        raise ValueError(f"{metric} of {split} has a value that is not a number")
    return Curve(metric, split, [values[p] for p in places],
                 None if places == list(range(epochs)) else [p + 1 for p in places])


def _whole(millions: float) -> int:
    """A count that the archive stores in millions."""
    count = round(millions * 1e6)
    if abs(count - millions * 1e6) > 0.01:
        raise ValueError(f"{millions} millions are not a whole number")
    return count
