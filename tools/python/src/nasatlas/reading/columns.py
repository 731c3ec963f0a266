"""Columns of a setting or a quantity: one number or one piece per row, in blocks with checksums."""

from __future__ import annotations

import threading
import zlib
from collections import OrderedDict
from typing import NamedTuple

import numpy as np

from nasatlas.errors import DamagedAtlas
from nasatlas.processes import renewed_after_fork
from nasatlas.reading import frames


class Blocks:
    """The blocks of a file, checked and decoded. It caches the blocks that were decoded last, up to `kept_bytes`."""

    def __init__(self, read_rows, path: str, kept_bytes: int = 256 << 20):
        self._read_rows = read_rows
        self._path = path
        self._kept: OrderedDict[int, Pieces] = OrderedDict()
        self._free = kept_bytes
        self._lock = threading.Lock()
        """Protects both the cache and its size."""
        renewed_after_fork(self)

    def _after_fork(self) -> None:
        self._lock = threading.Lock()

    def frame(self, number: int) -> frames.Frame:
        rows = self._read_rows("SELECT checksum, data FROM blocks WHERE id = ?", number)
        if not rows:
            raise self._damaged(number, "it is missing")
        checksum, data = rows[0]
        if zlib.crc32(data) != checksum:
            raise self._damaged(number, "its checksum is wrong")
        try:
            return frames.decode(data)
        except frames.FrameFault as fault:
            raise self._damaged(number, str(fault)) from fault

    def pieces(self, number: int) -> Pieces:
        with self._lock:
            found = self._kept.get(number)
            if found is not None:
                self._kept.move_to_end(number)
                return found
        frame = self.frame(number)
        found = Pieces(frame, np.concatenate(([0], np.cumsum(frame.lengths))).tolist())
        with self._lock:
            if number not in self._kept:
                self._kept[number] = found
                self._free -= found.frame.values.nbytes
            while self._free < 0 and len(self._kept) > 1:
                self._free += self._kept.popitem(last=False)[1].frame.values.nbytes
        return found

    def _damaged(self, number: int, reason: str) -> DamagedAtlas:
        return DamagedAtlas(
            f"{self._path} is damaged: block {number}: {reason}", code="store.damaged_block",
            remedy="copy the atlas and its manifest again")


class Pieces(NamedTuple):
    frame: frames.Frame
    starts: list
    """Where each piece begins; the last element is the number of values."""


class Place(NamedTuple):
    """The blocks of a column in the file."""

    rows_per_block: int
    first_block: int
    blocks: int


class Column:
    """At most one number per row. `values` has shape (rows,), NaN where absent; `present` is None if none is absent."""

    def __init__(self, blocks: Blocks, place: Place, rows: int):
        found = [blocks.frame(place.first_block + number) for number in range(place.blocks)]
        values = np.concatenate([frame.values for frame in found]) if found else np.empty(0)
        if len(values) != rows:
            raise blocks._damaged(place.first_block, f"its column has {len(values)} rows of {rows}")
        present = None
        if any(frame.present is not None for frame in found):
            present = np.concatenate([
                np.ones(len(frame.values), bool) if frame.present is None else frame.present for frame in found])
        self._keep(values, present)

    def _keep(self, values: np.ndarray, present: np.ndarray | None) -> None:
        self.values, self.present = values, present
        values.flags.writeable = False
        # Views return Python numbers, faster than arrays do.
        self._numbers = memoryview(values)
        self._there = None if present is None else memoryview(present)

    def at(self, row: int) -> float | None:
        """The number of a row; None where absent."""
        return self._numbers[row] if self._there is None or self._there[row] else None

    def mask(self) -> np.ndarray:
        """Which rows have a value, of shape (rows,)."""
        return np.ones(len(self.values), bool) if self.present is None else self.present

    def whole(self) -> np.ndarray:
        """The values as whole numbers, 0 where absent."""
        values = self.values if self.present is None else np.where(self.present, self.values, 0)
        return values.astype(np.int64)


class PieceColumn:
    """Any number of values per row."""

    def __init__(self, blocks: Blocks, place: Place):
        self._blocks = blocks
        self._place = place

    def values(self, row: int) -> np.ndarray:
        """The numbers of a row, as a view into the cache: do not write to it."""
        size = self._place.rows_per_block
        pieces = self._blocks.pieces(self._place.first_block + row // size)
        place = row % size
        return pieces.frame.values[pieces.starts[place]:pieces.starts[place + 1]]

    def all(self):
        """Values of all rows in one array, and the number of values of each row."""
        found = [self._blocks.frame(self._place.first_block + number) for number in range(self._place.blocks)]
        return np.concatenate([frame.values for frame in found]), np.concatenate([frame.lengths for frame in found])
