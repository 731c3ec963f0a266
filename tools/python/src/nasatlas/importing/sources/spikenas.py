"""SpikeNAS-Bench: spiking networks on the graph of NAS-Bench-201, one text file with curves per training."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import IO, NamedTuple

from nasatlas.importing import cards
from nasatlas.importing.entries import Curve, Entry, File, ProtocolCard, Run, SourceCard, Split, Unnamed
from nasatlas.importing.faults import BadData, MissingInput
from nasatlas.importing.files import DAMAGE, sha256_of
from nasatlas.importing.loose_files import AGAIN
from nasatlas.importing.source import Source

ARCHIVE = "spikenas.tar.xz"
SOURCE = Source(name="spikenas", title="SpikeNAS-Bench", expects=(ARCHIVE,),
                help=f"name {ARCHIVE} (with data/<data set>/<id>/train_process.txt), or its folder")

CELLS = 5 ** 6
LARGEST_LOG = 64 << 10
LAYERS = 16

TINY = cards.images(
    "tiny-imagenet", "Tiny ImageNet", 200, 64,
    "train: 100,000 images; validation and test: 10,000 images each, as the source calls them",
    known_defects=("The published test images have no labels, so the source's test images are other ones or the "
                   "validation images again; it does not say.",))
HALVES = "train: 25,000 of the 50,000 training images; validation: the other 25,000; test: the 10,000 test images"
# The source's folder, its data set here, and whether its table holds all cells.
DATASETS = {"CIFAR10": cards.cifar10(HALVES), "CIFAR100": cards.cifar100(HALVES), "TinyImagenet": TINY}
EXHAUSTIVE = {"CIFAR10"}
PROTOCOLS = {epochs: ProtocolCard(f"spikenas-{epochs}", {"epochs": epochs}) for epochs in (100, 200)}

NOTES = (
    "The last epoch's test values are measured once, after training.",
    "14,935 trainings on CIFAR-10 have 100 epochs and 690 have 200: two protocols. The source does not say why.",
    "firing_rates: 6 operations of the first cell, 6 of the second (edges 0-1, 0-2, 1-2, 0-3, 1-3, 2-3), the "
    "downsampling, the last activation, the classifier, and the mean of all; -1 where an edge has no neurons. The "
    "edges without neurons are those that every id says, and the parameters follow from their number.",
    "train_seconds is the printed elapsed time; in the published script it includes validation and test.",
    "The seeds are not recorded; the published script seeds each training with the id of its architecture.",
    "The file's own id counts, not the folder's name.",
)
KNOWN_DEFECTS = (
    "97 trainings on TinyImageNet keep only their last epoch; in 96 of them the test value is exactly the validation "
    "value of that epoch.",
    "TinyImagenet/4880 holds the training of id 2: id, parameters and firing rates are those of id 2. Its test value "
    "of 42.1 % contradicts its validation at chance, 0.5 %.",
    "The published script measures validation on augmented images and test on plain ones; on CIFAR-100 the test value "
    "lies 2.4 percentage points above the last validation value on average.",
    "The published script's loop ends before id 15,624, and its split of TinyImageNet (50,000 for training) is not "
    "that of the data (100,000): another version made them.",
)


def entries(folder: Path) -> Iterator[Entry]:
    """Yields one run per log, in the order of the archive."""
    path = _archive(folder)
    yield SourceCard(
        name=SOURCE.name, title=SOURCE.title, origin="tju-sun-lab/SpikeNAS-Bench 9994ce3, data",
        files=[File(path.name, sha256_of(path))],
        citation=("G. Sun et al. SpikeNAS-Bench: Benchmarking NAS Algorithms for Spiking Neural Network Architecture. "
                  "IEEE Transactions on Artificial Intelligence, 2024."),
        notes=NOTES, known_defects=KNOWN_DEFECTS)
    yield from (cards.ACCURACY_PERCENT, cards.TOP5_ACCURACY_PERCENT, cards.LOSS)
    yield from DATASETS.values()
    yield from PROTOCOLS.values()
    seen: set[tuple[str, int]] = set()
    for name, dataset, text in _logs(path):
        log = _parse(name, text)
        if (dataset, log.cell) in seen:
            raise BadData(f"{name} is the second training of id {log.cell} on {dataset}", AGAIN)
        seen.add((dataset, log.cell))
        yield _run(name, dataset, log)
    if not seen:
        raise BadData(f"{path} contains no data/<data set>/<id>/train_process.txt", SOURCE.help)


def _archive(path: Path) -> Path:
    found = sorted(path.glob("*.tar.xz")) if path.is_dir() else [path]
    if len(found) != 1:
        raise MissingInput(f"{path} contains {len(found) or 'no'} .tar.xz archives; allowed: one", SOURCE.help)
    return found[0]


MEMBER = re.compile(r"(?:.*/)?data/([^/]+)/(\d{1,5})/train_process\.txt")


def _logs(path: Path) -> Iterator[tuple[str, str, str]]:
    """Name, folder of the data set and text of each log, streaming: nothing is unpacked to disk."""
    try:
        with tarfile.open(path, "r|xz") as archive:
            for member in archive:
                match = MEMBER.fullmatch(member.name)
                if match is None or not member.isfile():
                    continue
                if match[1] not in DATASETS:
                    raise BadData(f"{member.name} belongs to an unknown data set", f"known: {', '.join(DATASETS)}")
                yield member.name, match[1], _text(member.name, archive.extractfile(member))
    except OSError as error:
        raise MissingInput(f"{path} cannot be read: {error}", "name a file that you can read") from error
    except (tarfile.TarError, *DAMAGE) as error:
        raise BadData(f"{path} is damaged: {error}", AGAIN) from error


def _text(name: str, stream: IO[bytes] | None) -> str:
    raw = b"" if stream is None else stream.read(LARGEST_LOG + 1)
    if not 0 < len(raw) <= LARGEST_LOG:
        raise BadData(f"{name} is empty or larger than {LARGEST_LOG} bytes", AGAIN)
    return raw.decode("ascii", "replace")


class Log(NamedTuple):
    """The content of one file: `columns` by the names of the header, `test` by metric."""

    cell: int
    parameters: int
    columns: dict[str, list[float]]
    test: dict[str, float]
    firing_rates: list[float]
    seconds: float


CURVES: dict[str, tuple[str, Split]] = {
    "train_acc": ("accuracy_percent", "train"), "train_top5": ("top5_accuracy_percent", "train"),
    "train_loss": ("loss", "train"), "val_acc": ("accuracy_percent", "validation"),
    "val_top5": ("top5_accuracy_percent", "validation"), "val_loss": ("loss", "validation")}
NUMBER = r"-?\d+(?:\.\d+)?"
HEAD = re.compile(r"architecture id: (\d{1,5})\nmodel parameters: (\d{1,12})\n"
                  r"(epoch, train_acc, *(?:train_top5, )?train_loss, val_acc, (?:val_top5, )?val_loss)\n")
TAIL = re.compile(rf"(?:test accuracy: ({NUMBER})|test top1: ({NUMBER}), test tpo5: ({NUMBER}))\n"
                  rf"firing rate of layers: ({NUMBER}(?:, {NUMBER})*)\n"
                  rf"Elapsed time: ({NUMBER})hour({NUMBER})minute({NUMBER})second\n")


def _parse(name: str, text: str) -> Log:
    head = HEAD.match(text)
    tail = TAIL.fullmatch(text, text.find("\ntest ") + 1)
    if head is None or tail is None or tail.start() < head.end() or int(head[1]) >= CELLS:
        raise BadData(f"{name} is not a log of SpikeNAS-Bench", AGAIN)
    header = re.split(", *", head[3])
    try:
        rows = [[float(v) for v in line.split(",")] for line in text[head.end():tail.start()].splitlines()]
        if not rows or any(len(row) != len(header) for row in rows):
            raise ValueError(f"each of them needs {len(header)} numbers")
        columns = dict(zip(header, zip(*rows)))
        rates = [float(v) for v in tail[4].split(",")]
    except ValueError as error:
        raise BadData(f"{name} has rows that do not match its header: {error}", AGAIN) from error
    if len(rates) != LAYERS:
        raise BadData(f"{name} has {len(rates)} firing rates instead of {LAYERS}", AGAIN)
    test = {"accuracy_percent": float(tail[1] or tail[2])}
    if tail[3]:
        test["top5_accuracy_percent"] = float(tail[3])
    seconds = Decimal(tail[5]) * 3600 + Decimal(tail[6]) * 60 + Decimal(tail[7])
    return Log(int(head[1]), int(head[2]), {k: list(v) for k, v in columns.items()}, test, rates, float(seconds))


def _run(name: str, dataset: str, log: Log) -> Run:
    epochs = [int(e) + 1 for e in log.columns["epoch"]]
    whole = epochs == list(range(1, len(epochs) + 1))
    if epochs[-1] not in PROTOCOLS or not (whole or len(epochs) == 1):
        raise BadData(f"{name} has epochs {epochs[0]}...{epochs[-1]}; allowed: all, or the last one", AGAIN)
    curves = [Curve(*CURVES[column], values, None if whole else epochs)
              for column, values in log.columns.items() if column in CURVES]
    curves += [Curve(metric, "test", [value], epochs[-1:]) for metric, value in log.test.items()]
    attributes: dict[str, object] = {"firing_rates": log.firing_rates}
    folder = name.split("/")[-2]
    if folder != str(log.cell):
        attributes["folder"] = folder
    return Run(space="spikenas", architecture=f"id:{log.cell}", dataset=DATASETS[dataset].name,
               protocol=PROTOCOLS[epochs[-1]].name, seed=Unnamed(1), source=SOURCE.name, curves=curves,
               origin="exhaustive" if dataset in EXHAUSTIVE else None, counts={"parameters": log.parameters},
               costs={"train_seconds": log.seconds}, attributes=attributes)
