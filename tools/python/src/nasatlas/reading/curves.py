"""All curves of a metric on a split at once, for questions about every architecture."""

from __future__ import annotations

import numpy as np


class Curves:
    """The values of run r are `values[starts[r]:starts[r] + lengths[r]]`. `lists[r]` is 0 for the epochs 1, 2, …, n,
    else the number of a list of positions."""

    def __init__(self, setting, metric: str, split: str, position_lists: dict):
        final = setting.column("final", metric, split)
        pieces = setting.column("curve", metric, split)
        lists = setting.column("curve_at", metric, split)
        if pieces is None:
            self.values, lengths = np.empty(0), np.zeros(setting.runs, np.int64)
        else:
            self.values, lengths = pieces.all()
        self.starts = np.concatenate(([0], np.cumsum(lengths)))[:-1]
        if final is not None:
            # A curve of one value is only in the column of final values.
            single = (lengths == 0) & final.mask()
            self.starts = np.where(single, len(self.values) + np.cumsum(single) - 1, self.starts)
            self.values = np.concatenate((self.values, final.values[single]))
            lengths = np.where(single, 1, lengths)
        self.lengths = lengths
        self.lists = np.zeros(setting.runs, np.int64) if lists is None else lists.whole()
        self._position_lists = position_lists

    def epochs(self, runs: np.ndarray | None = None) -> np.ndarray:
        """The epochs of the curves of `runs`, a mask (runs,), or of all; ascending, each once."""
        chosen = slice(None) if runs is None else runs
        known = set()
        for number, length in set(zip(self.lists[chosen].tolist(), self.lengths[chosen].tolist())):
            known.update((self._position_lists[number] if number else range(1, length + 1))[:length])
        return np.array(sorted(known), np.int64)

    def last_epochs(self) -> np.ndarray:
        """The last epoch of each run, of shape (runs,), 0 for runs without a curve."""
        last = self.lengths.copy()
        for number in np.unique(self.lists[self.lists > 0]).tolist():
            last[self.lists == number] = self._position_lists[number][-1]
        return last

    def at(self, epochs: np.ndarray) -> tuple:
        """The value of each run at its epoch in `epochs` (runs,), 0 for none; and a mask of runs with a value."""
        place = epochs - 1
        found = (self.lists == 0) & (place >= 0) & (place < self.lengths)
        for number in np.unique(self.lists[self.lists > 0]).tolist():
            runs = np.flatnonzero(self.lists == number)
            known = np.asarray(self._position_lists[number])
            where = np.minimum(np.searchsorted(known, epochs[runs]), len(known) - 1)
            place[runs] = where
            found[runs] = (known[where] == epochs[runs]) & (where < self.lengths[runs])
        return self._taken(place, found)

    def best(self, limit: int | None, larger_is_better: bool) -> tuple:
        """The first best value of each run up to the epoch `limit`; its epoch, 0 if absent; a mask of runs with one."""
        runs = len(self.lengths)
        place = np.zeros(runs, np.int64)
        found = np.zeros(runs, bool)
        epochs = np.zeros(runs, np.int64)
        groups = np.stack((self.lists, self.lengths))
        for number, length in np.unique(groups, axis=1).T.tolist():
            known = np.arange(1, length + 1) if number == 0 else np.asarray(self._position_lists[number])[:length]
            count = length if limit is None else int(np.searchsorted(known, limit, side="right"))
            if count == 0:
                continue
            members = np.flatnonzero((self.lists == number) & (self.lengths == length))
            values = self.values[self.starts[members][:, None] + np.arange(count)]
            keys = values if larger_is_better else -values
            there = ~np.isnan(keys)
            place[members] = np.argmax(np.where(there, keys, -np.inf), axis=1)
            # Where all values are infinitely bad, the first one is the best.
            bad = ~np.take_along_axis(there, place[members][:, None], axis=1)[:, 0] & there.any(axis=1)
            place[members[bad]] = np.argmax(there[bad], axis=1)
            found[members] = there.any(axis=1)
            epochs[members] = known[place[members]]
        values, found = self._taken(place, found)
        return values, np.where(found, epochs, 0), found

    def _taken(self, place, found):
        values = np.full(len(found), np.nan)
        values[found] = self.values[(self.starts + place)[found]]
        return values, found
