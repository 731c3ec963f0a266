"""Writes entries as a stream of newline-delimited JSON; the file appears only when it is complete."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from nasatlas.errors import Unwritable
from nasatlas.importing.entries import (
    DatasetCard, Entry, Measurement, MetricCard, ProtocolCard, Run, SourceCard, SpaceCard)
from nasatlas.importing.faults import BadData, BadEntry, output_fault
from nasatlas.importing.files import DAMAGE
from nasatlas.outputs import writing

BUILT_IN_SPACES = frozenset(
    {"nasbench201", "nats-sss", "nasbench101", "nas-bench-graph", "spikenas", "seqnas"})
KINDS: dict[type, str] = {
    SourceCard: "source", SpaceCard: "space", MetricCard: "metric", DatasetCard: "dataset",
    ProtocolCard: "protocol", Run: "run", Measurement: "measurement"}
PROGRESS_EVERY = 100_000

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


class Ledger:
    """The cards so far. It refuses a second card with the same name, and an entry without the cards that it names."""

    def __init__(self) -> None:
        self._known: dict[str, set[str]] = {kind: set() for kind in KINDS.values()}
        self._known["space"] |= BUILT_IN_SPACES
        self.counts: Counter[str] = Counter()

    def admit(self, entry: Entry) -> None:
        """Counts the entry, or raises BadEntry."""
        kind = KINDS[type(entry)]
        if isinstance(entry, Run):
            self._require("space", entry.space)
            self._require("dataset", entry.dataset)
            self._require("protocol", entry.protocol)
            self._require("source", entry.source)
            for curve in entry.curves:
                self._require("metric", curve.metric)
                if curve.at is not None and len(curve.at) != len(curve.values):
                    raise BadEntry(f"a curve of {entry.architecture} has {len(curve.values)} values at "
                                   f"{len(curve.at)} positions")
            twice = sorted(set(entry.costs or ()) & set(entry.costs_by_epoch or ()))
            if twice:
                raise BadEntry(f"a run of {entry.architecture} has {', '.join(twice)} as a total and by epoch",
                               "give the numbers by epoch only: the total is their sum")
        elif isinstance(entry, Measurement):
            self._require("space", entry.space)
            self._require("source", entry.source)
            if entry.dataset is not None:
                self._require("dataset", entry.dataset)
            if entry.protocol is not None:
                self._require("protocol", entry.protocol)
        else:
            if entry.name in self._known[kind]:
                raise BadEntry(f"{kind} {entry.name} has two cards")
            if isinstance(entry, SourceCard) and not (isinstance(entry.citation, str) and entry.citation.strip()):
                raise BadEntry(f"source {entry.name} has no citation", "give the paper or the page that users cite")
            if isinstance(entry, DatasetCard):
                self._require("metric", entry.primary_metric)
            self._known[kind].add(entry.name)
        self.counts[kind] += 1

    def _require(self, kind: str, name: str) -> None:
        if name not in self._known[kind]:
            known = ", ".join(sorted(self._known[kind])) or "none"
            raise BadEntry(f"{kind} {name} has no card yet; known: {known}",
                           "write the card before the entries that name it")


def encode_line(entry: Entry) -> str:
    """The entry as one line, without a line break."""
    try:
        return _encode(entry.line())
    except (TypeError, ValueError) as error:
        raise BadEntry(f"a {KINDS[type(entry)]} cannot be written as JSON: {error}") from error


def _reading(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries; raises BadData for errors while it reads the source's files."""
    try:
        yield from entries
    except (OSError, *DAMAGE) as error:
        raise BadData(f"the source cannot be read: {error}", "fetch it again and compare its SHA-256") from error


def write(entries: Iterable[Entry], path: Path, progress: Callable[[int], None] = lambda lines: None) -> Counter[str]:
    """Writes the file `path` and returns the number of entries of each kind; on any error `path` does not change.

    `path` may be a stream such as /dev/stdout. Of existing files, only an interchange file is replaced. Calls
    `progress` with the number of lines after every hundred thousand lines.
    """
    ledger = Ledger()
    try:
        with writing(path, "ndjson") as out:
            lines = 0
            for entry in _reading(entries):
                ledger.admit(entry)
                out.write(encode_line(entry).encode() + b"\n")
                lines += 1
                if lines % PROGRESS_EVERY == 0:
                    progress(lines)
    except Unwritable as error:
        raise output_fault(error) from error
    return ledger.counts
