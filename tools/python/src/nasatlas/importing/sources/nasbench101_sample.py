"""A sample of NAS-Bench-101: 20,001 module hashes at four budgets, from one JSON file of columns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nasatlas.importing import cards
from nasatlas.importing.entries import Curve, Entry, ProtocolCard, Run, SourceCard, Unnamed
from nasatlas.importing.faults import BadData
from nasatlas.importing.loose_files import AGAIN, locate, read
from nasatlas.importing.source import Source

FILE = "data-20k.json"
BUDGETS = (4, 12, 36, 108)
KEYS, SECONDS, PARAMETERS = "key", "final_training_time", "trainable_parameters"
ACCURACIES = {epochs: f"{epochs}_final_validation_accuracy" for epochs in BUDGETS}
SOURCE = Source(name="nasbench101-sample", title="NAS-Bench-101, a sample of 20,001 cells", expects=(FILE,),
                help=f"name {FILE} or its folder")
HASH = re.compile(r"[0-9a-f]{32}")

NOTES = (
    "Values were stored as 32-bit floats and are kept as they are printed.",
    "Accuracies are multiples of 1/9,984 within 32-bit rounding, so they are of single trainings, not means: "
    "NAS-Bench-101 has three of each, and the file does not say which one it took.",
    "There are no matrices; a cell is known by its published hash.",
    "final_training_time has one column for all budgets; it is kept with 108 epochs, the only budget whose trainings "
    "take that long (284 to 5,411 s).",
    "The hashes are in ascending order and the file does not say how they were chosen.",
)


def entries(folder: Path) -> Iterator[Entry]:
    """Yields four runs per hash, in the order of the file."""
    raw, card = read(locate(folder, FILE))
    columns = _columns(raw)
    yield SourceCard(
        name=SOURCE.name, title=SOURCE.title, origin="history of tiga1231/nasbench-vis, data-20k.json", files=[card],
        citation=("C. Ying, A. Klein, E. Real, E. Christiansen, K. Murphy, F. Hutter. NAS-Bench-101: Towards "
                  "Reproducible Neural Architecture Search. ICML 2019. arXiv:1902.09635."), notes=NOTES)
    yield cards.ACCURACY
    yield cards.cifar10("train: 40,000 of the 50,000 training images; validation: the other 10,000, of which 9,984 "
                        "are counted; test: the 10,000 test images", primary_metric="accuracy")
    protocols = {epochs: ProtocolCard(f"nasbench101-{epochs}", {"epochs": epochs}) for epochs in BUDGETS}
    yield from protocols.values()
    for at, key in enumerate(columns[KEYS]):
        for epochs, protocol in protocols.items():
            yield Run(space="nasbench101", architecture=f"hash:{key}", dataset="cifar10", protocol=protocol.name,
                      seed=Unnamed(1), source=SOURCE.name, counts={"parameters": columns[PARAMETERS][at]},
                      curves=[Curve("accuracy", "validation", [columns[ACCURACIES[epochs]][at]], [epochs])],
                      costs={"train_seconds": columns[SECONDS][at]} if epochs == BUDGETS[-1] else None)


def _columns(raw: bytes) -> dict[str, list[Any]]:
    try:
        columns = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BadData(f"{FILE} is not JSON: {error}", AGAIN) from error
    kinds = {KEYS: str, PARAMETERS: int, SECONDS: float} | dict.fromkeys(ACCURACIES.values(), float)
    for name, kind in kinds.items():
        column = columns.get(name) if isinstance(columns, dict) else None
        if not isinstance(column, list) or any(type(v) is not kind for v in column):
            raise BadData(f"{FILE} has no column {name} with values of the type {kind.__name__}", AGAIN)
        if len(column) != len(columns[KEYS]):
            raise BadData(f"column {name} of {FILE} has {len(column)} rows, but {KEYS} has {len(columns[KEYS])}", AGAIN)
    if len(set(columns[KEYS])) != len(columns[KEYS]) or not all(map(HASH.fullmatch, columns[KEYS])):
        raise BadData(f"the column {KEYS} of {FILE} has repeated or invalid hashes; allowed: 32 digits", AGAIN)
    return columns
