"""Zero-cost proxies of some cells of NAS-Bench-201, from four JSON files of NASLib's history."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nasatlas.importing import cards
from nasatlas.importing.entries import (
    Curve, Entry, File, Measurement, Number, ProtocolCard, Run, SourceCard, Unnamed)
from nasatlas.importing.faults import BadData
from nasatlas.importing.loose_files import AGAIN, gunzip, locate, read
from nasatlas.importing.source import Source

# Each file and the computation it belongs to: three keep parts of one with times, the fourth is another without.
FILES = {"zc_nasbench201.a.json.gz": "timed", "zc_nasbench201.b.json.gz": "timed",
         "zc_nasbench201.c.json.gz": "timed", "zc_nasbench201.d.json.gz": "untimed"}
SOURCE = Source(name="zero-cost", title="Zero-cost proxies on NAS-Bench-201 (NASLib)", expects=tuple(FILES),
                help="name the folder with the four files zc_nasbench201.[abcd].json.gz")

MILLIONS = ("flops", "params")
PROXIES = (*MILLIONS, "epe_nas", "fisher", "grad_norm", "grasp", "jacov", "l2_norm", "nwot", "plain", "snip",
           "synflow")
DATASETS = (
    cards.cifar10("train: 25,000 of the 50,000 training images; test: the 10,000 test images"),
    cards.cifar100("train: the 50,000 training images; test: 5,000 of the 10,000 test images (x-test of NATS-Bench)"),
    cards.imagenet16_120("train: 151,700 images; test: 3,000 of the 6,000 test images (x-test of NATS-Bench)"),
)
PROTOCOL = ProtocolCard("naslib-nasbench201", {
    "epochs": 200, "takenFrom": "NAS-Bench-201 as NASLib reads it", "trainingImagesOfCIFAR10": 25_000})
NOTES = (
    "Files a, b and c are one computation: b lacks one cell of a on CIFAR-10, c lacks synflow, all else is equal. "
    "They are merged, with the condition table=timed; file d is another computation, table=untimed.",
    "112 cells stand in both tables (111 on ImageNet16-120); flops, params and the accuracy agree there, the other "
    "proxies do not, but for one cell without a signal.",
    "flops and params are millions; a multiplication with its addition counts as one.",
    "Operation indices are those of NASLib: 0 skip_connect, 1 none, 2 nor_conv_3x3, 3 nor_conv_1x1, 4 avg_pool_3x3, "
    "on the edges (1,2)(1,3)(1,4)(2,3)(2,4)(3,4). Read so, the accuracies have rank correlations of 0.98 to 0.997 "
    "with the mean test accuracies of NAS-Bench-201.",
)
KNOWN_DEFECTS = (
    "The source calls the accuracy val_accuracy, but it is a test value and stands here on the split test: on "
    "CIFAR-10 it is always a multiple of 0.01, as of 10,000 test images, which 25,000 validation images do not "
    "give; fewer than one in twenty equals a validation value that NAS-Bench-201 records; on CIFAR-100 and "
    "ImageNet16-120 it lies nearer to the test means (0.34 and 0.38 percentage points away on average) than to the "
    "validation means (0.49 and 0.72).",
    "The CIFAR-10 accuracies come from trainings on 25,000 images: 3.7 percentage points below those on 50,000.",
    "The cell (3, 2, 4, 0, 4, 4) has no synflow on CIFAR-10, and (1, 2, 2, 4, 0, 4) is absent from ImageNet16-120.",
    "nwot is minus infinity for cells without a signal.",
)


@dataclass
class Table:
    """Values by data set and cell: (table, proxy) to (value, seconds), and accuracies."""

    proxies: dict[tuple[str, str], dict[tuple[str, str], tuple[Number, Number | None]]] = field(default_factory=dict)
    accuracies: dict[tuple[str, str], float] = field(default_factory=dict)

    def add(self, dataset: str, cell: str, table: str, values: Mapping[str, Any], file: str) -> None:
        """Adds the values of one cell; raises BadData where they differ from known ones."""
        known = self.proxies.setdefault((dataset, cell), {})
        for name, value in values.items():
            if name in ("idx", "arch"):
                continue
            if name == "val_accuracy":
                _same(self.accuracies.setdefault((dataset, cell), _number(value)), value, name, cell, file)
                continue
            if name not in PROXIES:
                raise BadData(f"{file} has the unknown proxy {name!r} for {cell}", f"known: {', '.join(PROXIES)}")
            pair = (_number(value["score"]), _number(value["time"])) if isinstance(value, dict) else \
                (_number(value), None)
            _same(known.setdefault((table, name), pair), pair, name, cell, file)


def _number(value: Any) -> Number:
    if type(value) not in (int, float):
        raise TypeError(f"{value!r} is not a number")
    return value


def _same(known: Any, value: Any, name: str, cell: str, file: str) -> None:
    if known != value:
        raise BadData(f"{file} has {name} {value} for {cell}, and another file has {known}", AGAIN)


def entries(folder: Path) -> Iterator[Entry]:
    """For each data set and cell one run with its accuracy, and one measurement per proxy and computation."""
    table = Table()
    files = [_read(folder, name, computation, table) for name, computation in FILES.items()]
    yield SourceCard(
        name=SOURCE.name, title=SOURCE.title, origin="history of NASLib (zc_nasbench201.json, four versions)",
        files=files, license="Apache-2.0",
        citation=("A. Krishnakumar, C. White, A. Zela, R. Tu, M. Safari, F. Hutter. NAS-Bench-Suite-Zero: "
                  "Accelerating Research on Zero Cost Proxies. NeurIPS Datasets and Benchmarks 2022. "
                  "arXiv:2210.03230."),
        notes=NOTES, known_defects=KNOWN_DEFECTS)
    yield cards.ACCURACY_PERCENT
    yield from DATASETS
    yield PROTOCOL
    for (dataset, cell), proxies in table.proxies.items():
        architecture = f"naslib:{cell}"
        if (dataset, cell) in table.accuracies:
            curve = Curve("accuracy_percent", "test", [table.accuracies[dataset, cell]], [200])
            yield Run(space=cards.SPACE_201, architecture=architecture, dataset=dataset, protocol=PROTOCOL.name,
                      seed=Unnamed(1), source=SOURCE.name, curves=[curve])
        for (computation, name), (value, seconds) in sorted(proxies.items()):
            yield Measurement(space=cards.SPACE_201, architecture=architecture, source=SOURCE.name, quantity=name,
                              unit="million" if name in MILLIONS else "score", value=value, cost_seconds=seconds,
                              conditions={"table": computation}, dataset=dataset)


CELL = re.compile(r"\(([0-4](?:, [0-4]){5})\)")


def _read(folder: Path, name: str, computation: str, table: Table) -> File:
    raw, card = read(locate(folder, name))
    known = {"cifar10": "cifar10", "cifar100": "cifar100", "ImageNet16-120": cards.IMAGENET16_120}
    try:
        content = json.loads(gunzip(raw, name))
        for dataset, cells in content.get("nasbench201", content).items():
            if dataset not in known:
                raise BadData(f"{name} has the unknown data set {dataset!r}", f"known: {', '.join(sorted(known))}")
            for text, values in cells.items():
                cell = CELL.fullmatch(text)
                if cell is None:
                    raise BadData(f"{name} has the unknown cell {text!r}", "cells look like (0, 2, 3, 2, 3, 1)")
                table.add(known[dataset], cell[1].replace(" ", ""), computation, values, name)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise BadData(f"{name} is not a table of proxies: {type(error).__name__}: {error}", AGAIN) from error
    return card
