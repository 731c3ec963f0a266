"""Settings of a served atlas. What its card lacks is read once from its file, or from an export of the runs where the
server withholds the file."""

from __future__ import annotations

import json
import math
import tempfile

import numpy as np

from nasatlas.errors import BrokenAnswer
from nasatlas.reading.columns import Column, PieceColumn
from nasatlas.reading.setting import ORIGINS, PIECES, STATUSES, Quantity, Setting
from nasatlas.remote.lookup import number, optional
from nasatlas.remote.server import LINES, whole


class ReadColumn(Column):
    """A column read from lines, not from blocks."""

    def __init__(self, told: list):
        present = np.array([value is not None for value in told], bool)
        values = np.array([math.nan if value is None else value for value in told], np.float64)
        self._keep(values, None if present.all() else present)


class ReadPieces(PieceColumn):
    """A column of pieces read from lines."""

    def __init__(self, told: list):
        self._pieces = [np.array(piece, np.float64) for piece in told]
        for piece in self._pieces:
            piece.flags.writeable = False

    def values(self, row: int) -> np.ndarray:
        return self._pieces[row]

    def all(self) -> tuple:
        lengths = np.array([len(piece) for piece in self._pieces], np.int64)
        return np.concatenate([np.empty(0), *self._pieces]), lengths


class RemoteSetting(Setting):
    """A setting as the card of a served atlas describes it."""

    def __init__(self, atlas, index: int, told: dict, dataset_card: dict | None):
        self.number = index + 1
        self.runs = int(told["runs"])
        self.space = told["space"]
        self.dataset = told["dataset"]
        self.dataset_digest = told.get("datasetDigest")
        self.dataset_card = dataset_card
        self.protocol = told.get("protocolName")
        self.protocol_digest = told["protocolDigest"]
        self.fidelity = atlas.fidelities[self.protocol_digest]
        self.architectures = atlas._places_of_space(self.space)
        self.measures = [tuple(measure.rpartition(".")[::2]) for measure in told["measures"]]
        self._has_scores = bool(told["hasRecordedBestEpochs"])
        self._atlas = atlas
        self._digest = atlas.digest
        self._read = None
        self._starts = None
        self._flat_curves = {}
        self._lists = {}
        self._epoch_ranges = {}
        self._means_beside_runs = None

    @property
    def has_scores(self) -> bool:
        return self._has_scores

    def _of_file(self) -> Setting | None:
        """The same setting of the file; None where the server withholds the file."""
        if self._read is None:
            # Threads that read records at once would give one number to two sources.
            with self._atlas._lock:
                if self._read is None:
                    file = self._atlas._whole(self._digest)
                    self._read = self._columns_of(self._records()) if file is None else file.settings[self.number - 1]
        return self._read if isinstance(self._read, Setting) else None

    @property
    def _places(self) -> dict:
        """The columns by kind, name and split; the first access transfers them."""
        file = self._of_file()
        return self._read if file is None else file._places

    def column(self, kind: str, name: str, split: str | None = None):
        file = self._of_file()
        return self._read.get((kind, name, split)) if file is None else file.column(kind, name, split)

    def _records(self) -> list:
        words = self._atlas._words(self)
        with tempfile.TemporaryFile() as file:
            def into(_status, _headers):
                file.seek(0)
                file.truncate()
                return file.write

            reply = self._atlas._ask("GET", "/export", words, digest=self._digest, accept=LINES, into=into)
            file.seek(0)
            with reply.reading():
                entries = (json.loads(line, parse_int=whole) for line in file)
                records = [entry["run"] for entry in entries if "run" in entry]
                if len(records) != self.runs:
                    raise BrokenAnswer(f"the export has {len(records)} runs, and the atlas says {self.runs}")
                return self._rows(records)

    def _rows(self, records: list) -> list:
        places = {text: place for place, text in zip(self.architectures, self._atlas.architectures[
            self.architectures.start:self.architectures.stop])}
        rows = []
        for record in records:
            key = record["key"]
            if not isinstance(key["seed"], dict):
                kind, seed = None, int(key["seed"])
            elif "unnamed" in key["seed"]:
                kind, seed = 1, key["seed"]["unnamed"]
            else:
                kind, seed = 2, key["seed"]["meanOf"]
            row = {("run", "architecture", None): places[key["architecture"]] + 1, ("run", "seed_kind", None): kind,
                   ("run", "seed_high", None): seed >> 32 or None, ("run", "seed_low", None): seed & 0xFFFFFFFF or None,
                   ("run", "status", None): STATUSES.index(record["status"]) or None}
            if record.get("origin"):
                row["run", "origin", None] = ORIGINS.index(record["origin"]["kind"])
            if record.get("source") is not None:
                row["run", "source", None] = self._atlas._source_number(record["source"])
            for member in ("epoch", "validation", "test"):
                row["run", f"score_{member}", None] = optional((record.get("score") or {}).get(member))
            costs = record.get("costs") or {}
            row.update({("count", name, None): count for name, count in (record.get("counts") or {}).items()})
            row.update({("cost", name, None): cost for name, cost in (costs.get("total") or {}).items()})
            row.update({("epoch_cost", name, None): piece for name, piece in (costs.get("perEpoch") or {}).items()})
            for curve in record["curves"]:
                measure = (curve["metric"], curve["split"])
                values = [number(value) for value in curve["values"]]
                row[("final", *measure)] = values[-1]
                row[("curve", *measure)] = values if len(values) > 1 else []
                if curve.get("at") is not None:
                    row[("curve_at", *measure)] = self._atlas._position_list_number(curve["at"])
            for name, value in (record.get("attributes") or {}).items():
                if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) \
                        and float(value) == value:
                    row["attribute", name, None] = value
            rows.append(row)
        return rows

    @staticmethod
    def _columns_of(rows: list) -> dict:
        names = dict.fromkeys(name for row in rows for name, value in row.items()
                              if value is not None and not (isinstance(value, list) and not value))
        found = {}
        for name in names:
            if name[0] in PIECES:
                found[name] = ReadPieces([row.get(name) or () for row in rows])
            elif name[0] == "curve_at" or name[0] == "run" and name[1] in (
                    "seed_kind", "seed_high", "seed_low", "status"):
                found[name] = ReadColumn([row.get(name) or 0 for row in rows])
            else:
                found[name] = ReadColumn([row.get(name) for row in rows])
        return found


class RemoteQuantity(Quantity):
    """A measurement without training, as the card of a served atlas describes it. The first access transfers values."""

    def __init__(self, atlas, number: int, told: dict):
        self._atlas = atlas
        self._digest = atlas.digest
        self._number = number
        self._values = None
        self.name = told["name"]
        self.unit = told["unit"]
        self.space = told["space"]
        self.device = told.get("device")
        self.conditions = told.get("conditions") or {}
        self.dataset = told.get("dataset")
        self.protocol_digest = told.get("protocolDigest")
        self.source = told.get("source")
        self.split = told.get("split")
        self.measurements = told["measurements"]

    def values(self) -> np.ndarray:
        if self._values is None:
            values = np.full(len(self._atlas), np.nan)
            reply = self._atlas._ask("GET", f"/quantities/{self._number}", digest=self._digest)
            with reply.reading():
                told = reply.json()
                values[told["places"]] = [number(value) for value in told["values"]]
            values.flags.writeable = False
            self._values = values
        return self._values
