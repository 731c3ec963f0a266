"""Mean test accuracies of all cells of NAS-Bench-201 after 200 epochs, from one CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from nasatlas.importing import cards
from nasatlas.importing.entries import Curve, Entry, MeanOf, Run, SourceCard
from nasatlas.importing.faults import BadData
from nasatlas.importing.loose_files import AGAIN, gunzip, locate, read
from nasatlas.importing.source import Source

FILE = "nats_bench.csv.gz"
EPOCHS = 200
SOURCE = Source(
    name="nasbench201-200ep", title="NAS-Bench-201 mean test accuracies, 200 epochs", expects=(FILE,),
    help=f"name {FILE} or its folder")

COLUMNS = {"CIFAR10TestAccuracy200Epochs": "cifar10", "CIFAR100TestAccuracy200Epochs": "cifar100",
           "ImageNetTestAccuracy200Epochs": cards.IMAGENET16_120}
DATASETS = (
    cards.cifar10("train: all 50,000 training images; test: the 10,000 test images"),
    cards.cifar100("train: the 50,000 training images; test: 5,000 of the 10,000 test images (x-test of NATS-Bench)"),
    cards.imagenet16_120("train: 151,700 images; test: 3,000 of the 6,000 test images (x-test of NATS-Bench)"),
)
NOTES = (
    "The values equal the means over the seeds of the genuine archives where those are at hand (cells 0, 11 and 284).",
    "The number of seeds is not stated and differs: of 15,625 CIFAR-10 values 5,302 can only be means of three "
    "trainings and 3,705 only of two (10,000 images, so a training's accuracy is a multiple of 0.01).",
)


def entries(folder: Path) -> Iterator[Entry]:
    """Yields three runs per architecture, in the order of the NATS index."""
    raw, card = read(locate(folder, FILE))
    yield SourceCard(
        name=SOURCE.name, title=SOURCE.title, origin="nats_bench.csv of a public landscape study of NATS-Bench",
        files=[card], citation=cards.NATS_CITATION, notes=NOTES,
        made_up=("Every value is a mean over two or three trainings of NAS-Bench-201.",))
    yield cards.ACCURACY_PERCENT
    yield from DATASETS
    protocol = cards.nasbench201_protocol(EPOCHS)
    yield protocol
    rows = csv.DictReader(io.StringIO(gunzip(raw, FILE).decode("utf-8", "replace")))
    missing = {*COLUMNS, "ArchitectureString"} - set(rows.fieldnames or ())
    if missing:
        raise BadData(f"{FILE} lacks the columns {', '.join(sorted(missing))}", AGAIN)
    seen: set[str] = set()
    for row in rows:
        architecture = row["ArchitectureString"]
        if architecture in seen:
            raise BadData(f"{FILE} has {architecture} twice", AGAIN)
        seen.add(architecture)
        for column, dataset in COLUMNS.items():
            try:
                value = float(row[column])
            except (TypeError, ValueError):
                raise BadData(f"line {rows.line_num} of {FILE} has {row[column]!r} in the column {column}; "
                              "allowed: numbers", AGAIN) from None
            yield Run(space=cards.SPACE_201, architecture=architecture, dataset=dataset, protocol=protocol.name,
                      seed=MeanOf(0), source=SOURCE.name, origin="exhaustive",
                      curves=[Curve("accuracy_percent", "test", [value], [EPOCHS])])
    if len(seen) != cards.CELLS_201:
        raise BadData(f"{FILE} has {len(seen)} cells instead of {cards.CELLS_201}", AGAIN)
