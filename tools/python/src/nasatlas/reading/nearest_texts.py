"""The nearest of thousands of texts, by the rule of `nasatlas.nearest`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nasatlas.nearest import ranked, without_unit


class NearestTexts:
    """Finds the nearest of thousands of names in milliseconds, with the same result as `rank` of every name."""

    def __init__(self, names: Sequence):
        self._names = names
        self._lowered = [name.lower() for name in names]
        encoded = [name.encode() for name in self._lowered]
        lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
        letters = np.frombuffer(b"".join(encoded), np.uint8)
        self._alphabet, places = np.unique(letters, return_inverse=True)
        width = len(self._alphabet)
        rows = np.repeat(np.arange(len(encoded)), lengths)
        counts = np.bincount(rows * width + places, minlength=width * len(encoded))
        self._counts = counts.reshape(len(encoded), width).astype(np.int32)
        """The count of each letter in each name."""
        self._most = 2 * np.clip(lengths // 3, 1, 3)
        """The largest number of letters by which a name at an accepted distance differs: an edit changes one or two."""

    def nearest(self, asked: str, count: int) -> list:
        """At most `count` names, the nearest first; ties in alphabetical order."""
        lowered = asked.lower()
        letters = np.bincount(np.frombuffer(lowered.encode(), np.uint8), minlength=256)
        foreign = letters.sum() - letters[self._alphabet].sum()
        differing = np.abs(self._counts - letters[self._alphabet].astype(np.int32)).sum(axis=1) + foreign
        chosen = set(np.flatnonzero(differing <= self._most).tolist())
        start = without_unit(lowered)
        chosen.update(at for at, name in enumerate(self._lowered)
                      if name.startswith(start) or lowered.startswith(name))
        return [name for _, name in sorted(ranked(asked, [self._names[at] for at in chosen]))[:count]]
