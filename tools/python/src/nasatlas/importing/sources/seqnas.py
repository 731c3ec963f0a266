"""SeqNAS: the authors' release "NAS-Bench Event Sequences", 3,194 scored architectures over six data sets."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nasatlas.importing.entries import (
    Curve, DatasetCard, Entry, File, Input, MetricCard, Origin, ProtocolCard, Run, SourceCard, Target, Unnamed)
from nasatlas.importing.faults import BadData
from nasatlas.importing.files import SourceFiles, file_card
from nasatlas.importing.source import Source

FETCH = "get nas-bench-event-sequences.zip from the authors' repository On-Point-RND/SeqNAS at commit 300cbcd"
SOURCE = Source(
    name="seqnas", title="NAS-Bench Event Sequences (SeqNAS)",
    expects=("nas-bench-event-sequences.zip, or its folder dataset/",), help=FETCH)

NAME = "seqnas-release"
CITATION = ("Igor Udovichenko and others: SeqNAS: Neural Architecture Search for Event Sequence Classification. "
            "IEEE Access 12 (2024), doi 10.1109/ACCESS.2024.3349497")
LARGEST_RECORD = 1 << 16
MEMBER = re.compile(
    r"(?:.*/)?(?P<folder>seqnas|random_sampling)/(?P<dataset>\w+)/"
    r"epoch_(?P<epochs>[0-9]+)_arch_FlexibleTransformer_(?P<supernet>[0-9]+)_params_[0-9a-f]{64}\.json")
# Random architectures came first in the authors' work, so the first record of an architecture is the random one.
ORIGINS: dict[str, Origin] = {"random_sampling": "random", "seqnas": "search"}


@dataclass(frozen=True)
class _Set:
    name: str
    title: str
    about: str
    metric: str
    epochs: int
    tables: tuple[tuple[str, int], ...]
    slots: int = 122
    settings: tuple[tuple[str, Any], ...] = ()

    @property
    def input(self) -> Input:
        """Sequences of events, of the length that the release trained on, where it says so."""
        length = dict(self.settings).get("sequence")
        return Input("event_sequence", None if length is None else {"length": length})

    @property
    def protocol(self) -> str:
        return f"seqnas-{self.name}-{self.epochs}"


NOT_PUBLISHED = (("rest", "not published"),)
LAMB = (("optimizer", "FusedLAMB"), ("schedule", "constant"), ("lossWeights", "inverse class frequency"))
SETS = {
    "ABank": _Set("abank", "ABank (Alfa Battle 2.0)", "default of a loan, from card transactions", "roc_auc", 5,
                  (("random_sampling", 400), ("seqnas", 400)), settings=(
                      *LAMB, ("learningRate", 1e-3), ("weightDecay", 1e-3), ("batchSize", 256), ("hidden", 32),
                      ("embedding", 32), ("dropout", 0.3), ("sequence", 250))),
    "AGE": _Set("age", "AGE (Sberbank Sirius)", "age group out of four, from card transactions", "accuracy", 25,
                (("seqnas", 397),), settings=NOT_PUBLISHED),
    "Amex": _Set("amex", "AmEx default prediction", "default, from monthly statements", "amex", 5,
                 (("seqnas", 400),), settings=(
                     *LAMB, ("learningRate", 1e-3), ("weightDecay", 1e-3), ("batchSize", 256), ("hidden", 32),
                     ("embedding", 8), ("dropout", 0.3), ("sequence", 13))),
    "RBchurn": _Set("rbchurn", "RBchurn (Rosbank)", "churn, from card transactions", "roc_auc", 25,
                    (("random_sampling", 400), ("seqnas", 400)), settings=NOT_PUBLISHED),
    "TaoBao": _Set("taobao", "TaoBao", "a payment within seven days, from clicks", "roc_auc", 25,
                   (("seqnas", 397),), slots=117, settings=NOT_PUBLISHED),
    "VBank": _Set("vbank", "VBank (VTB Data Fusion 2022)", "higher education, from card transactions", "roc_auc", 5,
                  (("seqnas", 400),), settings=(
                      *LAMB, ("learningRate", 1e-2), ("weightDecay", 1e-4), ("batchSize", 128), ("hidden", 64),
                      ("embedding", 32), ("sequence", 512))),
}
METRICS = (
    MetricCard("roc_auc", "fraction", True, "area under the ROC curve"),
    MetricCard("accuracy", "fraction", True, "share of rows classified correctly"),
    MetricCard("amex", "fraction", True, "mean of the normalised Gini coefficient and the default rate found at 4 %"),
)


def _source(files: list[File]) -> SourceCard:
    return SourceCard(
        name=NAME, title=SOURCE.title, origin="github.com/On-Point-RND/SeqNAS at 300cbcd", files=files,
        license="Apache-2.0", citation=CITATION,
        notes=(
            "Eight tables: random_sampling of ABank and RBchurn (800 records, drawn at random) and seqnas of all six "
            "data sets (2,394 records, of which the search drew the first 100 at random and chose the others).",
            "The score is that of the best validation epoch, which is not told; it stands at the last epoch as the "
            "best so far.",
            "100 architectures of ABank and 101 of RBchurn are in both tables. As seeds are not named, the random "
            "record is the first repetition and the searched one the second.",
            "supernet_parameters is the number in the file's name: the weights of the whole supernet at the sampled "
            "depth, not those of the architecture.",
        ),
        known_defects=(
            "3,194 records are there where the paper says 3,200: AGE and TaoBao have 397.",
            "Searched runs may have been distilled from earlier ones; the release does not say which.",
            "How AGE, RBchurn and TaoBao were trained is not published.",
        ))


def _cards() -> Iterator[Entry]:
    yield from METRICS
    for each in SETS.values():
        yield DatasetCard(
            each.name, each.title, "classification",
            "validation: the part that chose the best epoch, whose score alone is given; train, test: no values",
            each.metric, citation=CITATION, about=each.about, input=each.input, targets=[Target("class")],
            known_defects=("the prepared data that these scores are of is not published with the release",))
    for each in SETS.values():
        yield ProtocolCard(each.protocol, {"epochs": each.epochs, **dict(each.settings)})


def _record(name: str, raw: bytes, slots: int) -> tuple[str, float]:
    try:
        record = json.loads(raw)
    except ValueError as error:
        raise BadData(f"{name} is not JSON: {error}", FETCH) from error
    if not isinstance(record, dict) or set(record) != {"arch", "score", "arch_code"}:
        raise BadData(f"{name} is not an object with the keys arch, score and arch_code", FETCH)
    code, score = record["arch_code"], record["score"]
    if not isinstance(code, list) or len(code) != slots or not all(type(v) is int and v in (0, 1) for v in code):
        raise BadData(f"{name}: arch_code is not a list of {slots} digits 0 and 1", FETCH)
    if type(score) is not float or not math.isfinite(score):
        raise BadData(f"{name}: the score {str(score)[:40]!r} is not a finite number", FETCH)
    return "".join(map(str, code)), score


def _members(files: SourceFiles) -> dict[tuple[str, str], list[tuple[str, re.Match[str]]]]:
    """The records by (folder, data set), checked to be as many as the release has."""
    found: dict[tuple[str, str], list[tuple[str, re.Match[str]]]] = {}
    for name in files.names:
        match = MEMBER.fullmatch(name)
        if match is not None:
            found.setdefault((match["folder"], match["dataset"]), []).append((name, match))
    wanted = {(folder, key): count for key, each in SETS.items() for folder, count in each.tables}
    counts = {table: len(members) for table, members in found.items()}
    if counts != wanted:
        told = {f"{folder}/{key}": count for (folder, key), count in sorted(counts.items())}
        raise BadData(f"{files.path} contains {told or 'no records'}; the release has 3,194 records", FETCH)
    return found


def entries(folder: Path) -> Iterator[Entry]:
    """Yields 3,194 runs; for each data set, the random architectures before the searched ones."""
    with SourceFiles(folder) as files:
        found = _members(files)
        yield _source([files.card()] if files.path.is_file() else [
            file_card(name, files.read(name, LARGEST_RECORD)) for members in found.values() for name, _ in members])
        yield from _cards()
        for key, each in SETS.items():
            repetitions: Counter[str] = Counter()
            for table_folder, origin in ORIGINS.items():
                for name, match in found.get((table_folder, key), []):
                    architecture, score = _record(name, files.read(name, LARGEST_RECORD), each.slots)
                    if int(match["epochs"]) != each.epochs:
                        raise BadData(f"{name} has {match['epochs']} epochs in its name; allowed: {each.epochs}", FETCH)
                    repetitions[architecture] += 1
                    yield Run(
                        "seqnas", architecture, each.name, each.protocol, Unnamed(repetitions[architecture]), NAME,
                        [Curve(each.metric, "validation", [score], [each.epochs])], origin=origin,
                        counts={"supernet_parameters": int(match["supernet"])},
                        attributes={"table": f"{table_folder}/{key}"})
