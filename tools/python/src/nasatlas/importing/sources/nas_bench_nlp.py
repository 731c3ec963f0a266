"""NAS-Bench-NLP on WikiText-2: training logs of recurrent cells, one JSON file per training in a zip archive."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nasatlas.importing import cards
from nasatlas.importing.entries import (
    Curve, DatasetCard, Entry, Input, ProtocolCard, Run, SourceCard, SpaceCard, Split, Unnamed)
from nasatlas.importing.faults import BadData
from nasatlas.importing.files import SourceFiles
from nasatlas.importing.loose_files import AGAIN
from nasatlas.importing.source import Source

SOURCE = Source(name="nas-bench-nlp", title="NAS-Bench-NLP on WikiText-2", expects=("wikitext2_logs.zip",),
                help="name wikitext2_logs.zip, or its folder")
CITATION = ("N. Klyuchnikov, I. Trofimov, E. Artemova, M. Salnikov, M. Fedorov, E. Burnaev. NAS-Bench-NLP: Neural "
            "Architecture Search Benchmark for Natural Language Processing. IEEE Access 2022. arXiv:2006.07116.")
SPACE = SpaceCard("nas-bench-nlp", "opaque", "recurrent cells, each the JSON object of its operations", CITATION)
DATASET = DatasetCard(
    name="wikitext-2", title="WikiText-2", task="language_modeling", primary_metric="loss", input=Input("text"),
    split_meaning=("the published train, validation and test texts, losses a token; the training loss is evaluated "
                   "after each epoch"),
    citation="S. Merity, C. Xiong, J. Bradbury, R. Socher. Pointer Sentinel Mixture Models. ICLR 2017.")
PROTOCOL_NAME = "nas-bench-nlp-50"

# The spelling is the source's.
RECIPE, RECIPE_ID = "recepie", "recepie_id"
LOSSES: dict[str, Split] = {"train_losses": "train", "val_losses": "validation", "test_losses": "test"}
OF_A_RUN = {RECIPE, RECIPE_ID, "experiment_id", "init_time", "num_params", "status", "wall_times", *LOSSES}
OF_A_MACHINE = {"cuda", "data", "log_interval", "recepies_list_path"}

NOTES = (
    "A cell is the recipe of the log as canonical JSON.",
    "345 trainings, 344 numbers of recipes, 291 different cells. Trainings of one cell are its repetitions, in the "
    "order of the files' names.",
    "Seconds by epoch are of training alone; the evaluations after it are not in them.",
    "The logs do not name their seeds.",
)
KNOWN_DEFECTS = (
    "Four trainings ended when a loss was not a number (after 1, 1, 19 and 23 epochs); they are kept as diverged.",
    "Equal cells have different numbers in the source's list of recipes: it has 53 fewer cells than numbers.",
)


def entries(folder: Path) -> Iterator[Entry]:
    """Yields one run per log, in the order of the files' names."""
    with SourceFiles(folder) as files:
        logs = [(n, _log(n, files.read(n, 1 << 20))) for n in files.matching("*log_stats_model_*.json")]
        if not logs:
            raise BadData(f"{folder} contains no logs log_stats_model_*.json", AGAIN)
        settings = _settings(logs[0][1])
        yield SourceCard(
            name=SOURCE.name, title=SOURCE.title, origin="fmsnew/nas-bench-nlp-release, train_logs_wikitext-2",
            files=[files.card()] if files.path.is_file() else (), license="Apache-2.0", citation=CITATION, notes=NOTES,
            known_defects=KNOWN_DEFECTS)
    yield from (SPACE, cards.LOSS, DATASET, ProtocolCard(PROTOCOL_NAME, settings))
    repetitions: Counter[str] = Counter()
    for name, log in logs:
        if _settings(log) != settings:
            raise BadData(f"{name} has other training settings than {logs[0][0]}", AGAIN)
        cell = json.dumps(log[RECIPE], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        repetitions[cell] += 1
        yield _run(log, cell, repetitions[cell])


def _settings(log: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in sorted(log.items()) if k not in OF_A_RUN | OF_A_MACHINE}


def _log(name: str, raw: bytes) -> dict[str, Any]:
    """The log with its recipe parsed; raises BadData for a missing or invalid field."""
    try:
        log = json.loads(raw)
        log[RECIPE] = json.loads(log[RECIPE])
        curves = [log[key] for key in ("wall_times", *LOSSES)]
        plain = (isinstance(log[RECIPE], dict) and isinstance(log["status"], str)
                 and all(type(log[key]) is int for key in ("num_params", RECIPE_ID, "epochs"))
                 and all(isinstance(c, list) and 0 < len(c) <= log["epochs"] and len(c) == len(curves[0])
                         and all(type(v) is float for v in c) for c in curves))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadData(f"{name} is not a log: {type(error).__name__}: {error}", AGAIN) from error
    if not plain:
        raise BadData(f"{name} lacks a recipe, counts, or curves of one length", AGAIN)
    return log


def _run(log: Mapping[str, Any], cell: str, repetition: int) -> Run:
    curves = [Curve("loss", split, log[key]) for key, split in LOSSES.items()]
    diverged = any(math.isnan(v) for c in curves for v in c.values)
    complete = not diverged and log["status"] == "OK" and len(curves[0].values) == log["epochs"]
    return Run(space=SPACE.name, architecture=cell, dataset=DATASET.name, protocol=PROTOCOL_NAME,
               seed=Unnamed(repetition), source=SOURCE.name, curves=curves,
               status="diverged" if diverged else "completed" if complete else "failed",
               status_detail=None if complete else log["status"], counts={"parameters": log["num_params"]},
               costs_by_epoch={"train_seconds": log["wall_times"]},
               attributes={"recipeID": log[RECIPE_ID], "startedAt": log["init_time"]})
