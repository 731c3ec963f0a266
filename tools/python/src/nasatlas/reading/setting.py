"""Settings: the runs of one space on one data set under one protocol, as columns. Quantities: measurements."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence

import numpy as np

from nasatlas.errors import DamagedAtlas
from nasatlas.reading.columns import Blocks, Column, PieceColumn, Place
from nasatlas.reading.curves import Curves
from nasatlas.seeded import SeededGenerator

STATUSES = ("completed", "diverged", "failed", "timed_out")
ORIGINS = ("random", "search", "baseline", "exhaustive")
PIECES = ("curve", "epoch_cost")


def seed_text(kind: int, number: int) -> int | str:
    """A recorded seed as a number; other seeds as `unnamed-1` or `mean-of-3`."""
    return number if kind == 0 else f"unnamed-{number}" if kind == 1 else f"mean-of-{number}"


class _Zeros:
    """A list of zeros of any length."""

    def __getitem__(self, _):
        return 0


class Setting:
    """Runs are numbered from 0 in the order of architecture and seed, architectures by their place in the atlas."""

    def __init__(self, atlas, number, runs, space, dataset, dataset_digest, dataset_card, protocol, protocol_digest,
                 fidelity):
        self.number = number
        self.runs = runs
        """The number of runs."""
        self.space = space
        self.dataset = dataset
        self.dataset_digest = dataset_digest
        self.dataset_card = dataset_card
        self.protocol = protocol
        """Its name; None where the atlas has no card of it."""
        self.protocol_digest = protocol_digest
        self.fidelity = fidelity
        """The axis of the positions of curves: epochs, unless the protocol names another one."""
        self.architectures = atlas._places_of_space(space)
        """The places of the space's architectures in the atlas, a range."""
        self._atlas = atlas
        self._columns = {}
        self._places = {
            (kind, name, split): Place(*place) for kind, name, split, *place in atlas._rows(
                "SELECT c.kind, c.name, s.name, c.rows_per_block, c.first_block, c.blocks FROM columns c"
                " LEFT JOIN splits s ON s.id = c.split WHERE c.setting = ?", number)}
        order = {"train": 0, "validation": 1, "test": 2, "valtest": 3}
        self.measures = sorted(
            ((name, split) for kind, name, split in self._places if kind == "final"),
            key=lambda measure: (measure[0], order.get(measure[1], 4)))
        """The measured values: pairs of metric and split."""
        self._starts = None
        self._flat_curves = {}
        self._lists = {}
        self._epoch_ranges = {}
        self._means_beside_runs = None

    def __reduce__(self):
        return _setting, (self._atlas, self.number)

    def __repr__(self):
        return f"<Setting {self.dataset} of {self.space} under {self.protocol or self.protocol_digest[:12]}, " \
               f"{self.runs} runs>"

    @property
    def primary_metric(self) -> str | None:
        """The metric that scores the data set, where a card names it."""
        return (self.dataset_card or {}).get("primaryMetric")

    @property
    def has_scores(self) -> bool:
        """Whether runs have a recorded best epoch."""
        return ("run", "score_epoch", None) in self._places

    # Columns

    def names(self, kind: str) -> list:
        """Names of the columns of a kind, such as `run`, `count` or `attribute`."""
        return sorted(name for found, name, _ in self._places if found == kind)

    def column(self, kind: str, name: str, split: str | None = None) -> Column | PieceColumn | None:
        """A column, read and checked once; None where no run has a value. docs/file-format.md lists the columns."""
        key = (kind, name, split)
        if key not in self._columns:
            place = self._places.get(key)
            blocks: Blocks = self._atlas._blocks
            self._columns[key] = (
                None if place is None else PieceColumn(blocks, place) if kind in PIECES
                else Column(blocks, place, self.runs))
        return self._columns[key]

    def _whole(self, name: str) -> np.ndarray | None:
        column = self.column("run", name)
        return None if column is None else column.whole()

    @property
    def starts(self) -> np.ndarray:
        """The first run of each architecture of the space; the last element is the number of runs."""
        if self._starts is None:
            column = self._whole("architecture")
            first = self.architectures.start + 1
            if column is None or len(column) and (
                    np.any(np.diff(column) < 0) or column[0] < first or column[-1] > self.architectures.stop):
                raise DamagedAtlas(f"{self._atlas.path} is damaged: runs of {self.dataset} are not in order",
                                   code="store.damaged_record", remedy="copy the atlas and its manifest again")
            counts = np.bincount(column - first, minlength=len(self.architectures))
            self._starts = np.concatenate(([0], np.cumsum(counts)))
        return self._starts

    def runs_of(self, architecture: int) -> range:
        """The runs of the architecture at this place of the atlas."""
        place = architecture - self.architectures.start
        if not 0 <= place < len(self.architectures):
            return range(0)
        if "starts" not in self._lists:
            self._lists["starts"] = self.starts.tolist()
        starts = self._lists["starts"]
        return range(starts[place], starts[place + 1])

    def draw(self, generator: SeededGenerator) -> int:
        """The place of an architecture that has a run, drawn uniformly. The program draws the same ones."""
        for _ in range(64):
            place = self.architectures.start + generator.below(len(self.architectures))
            if self.runs_of(place):
                return place
        # Nearly every architecture of most tables has runs, so drawing again beats listing them.
        return generator.pick([place for place in self.architectures if self.runs_of(place)])

    def runs_among(self, rows: np.ndarray) -> np.ndarray:
        """A mask (runs,) of the runs of the architectures with these numbers in the order of the setting."""
        among = np.zeros(len(self.architectures), bool)
        among[rows] = True
        return among[self._whole("architecture") - 1 - self.architectures.start]

    def completed(self) -> np.ndarray | None:
        """Which runs were completed; None where all were."""
        status = self._whole("status")
        return None if status is None else status == 0

    def status(self, run: int) -> str:
        return STATUSES[self._listed("status")[run]]

    def seed(self, run: int) -> int | str:
        kind, high, low = (self._listed(name)[run] for name in ("seed_kind", "seed_high", "seed_low"))
        return seed_text(kind, high << 32 | low)

    def seeds(self) -> list:
        """The seed of every run."""
        return [self.seed(run) for run in range(self.runs)]

    def _listed(self, name: str):
        """A field of whole numbers by run, 0 where absent, in the fastest form for one run."""
        found = self._lists.get(name)
        if found is None:
            column = self._whole(name)
            found = self._lists[name] = _Zeros() if column is None else column.tolist()
        return found

    def means_beside_runs(self) -> np.ndarray | None:
        """A mask of the runs that are published means, in a setting that has single runs too; else None."""
        if self._means_beside_runs is None:
            kinds = self._whole("seed_kind")
            means = None if kinds is None else kinds == 2
            mixed = means is not None and means.any() and not means.all()
            # In a tuple, because None is a valid result too.
            self._means_beside_runs = (means if mixed else None,)
        return self._means_beside_runs[0]

    def leaving_out_means(self, used: np.ndarray) -> np.ndarray:
        """`used`, a mask (runs,), without published means where a single run of the architecture is used."""
        published = self.means_beside_runs()
        if published is None:
            return used
        architectures = self.column("run", "architecture").whole()
        return used & ~(published & np.isin(architectures, architectures[used & ~published]))

    def singles(self, found: list) -> list:
        """The same for pairs of a run and something else, of one architecture."""
        published = self.means_beside_runs()
        return found if published is None else [one for one in found if not published[one[0]]] or found

    def means(self, values: np.ndarray, use: np.ndarray) -> tuple:
        """Means over the runs of `use`, a mask (runs,), by architecture of the space, NaN where absent; and the number
        of runs of each mean. Published means count as `leaving_out_means` says."""
        use = self.leaving_out_means(use)
        starts, counts = self.starts[:-1], np.diff(self.starts)
        sums, taken = np.full(len(starts), -0.0), np.zeros(len(starts), np.int64)
        # Adds one run of each architecture at a time, so that sums have the order of runs.
        for place in range(int(counts.max(initial=0))):
            rows = np.flatnonzero(counts > place)
            runs = starts[rows] + place
            rows, runs = rows[use[runs]], runs[use[runs]]
            sums[rows] += values[runs]
            taken[rows] += 1
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(taken > 0, sums / taken, np.nan), taken

    def source(self, run: int) -> str | None:
        """The name of the card that describes the source of a run; None for runs that NASAtlas trained."""
        return self._atlas._sources.get(self._listed("source")[run])

    # Curves

    def position_list(self, run: int, metric: str, split: str) -> list | None:
        """The epochs of a curve, or other positions that its protocol names; None where they are 1, 2, …, n."""
        if ("curve_at", metric, split) not in self._places:
            return None
        key = (metric, split)
        if key not in self._lists:
            self._lists[key] = self.column("curve_at", metric, split).whole().tolist()
        number = self._lists[key][run]
        return self._atlas._position_lists[number] if number else None

    def _epochs(self, count: int) -> np.ndarray:
        """1, 2, …, count."""
        found = self._epoch_ranges.get(count)
        if found is None:
            found = self._epoch_ranges[count] = np.arange(1, count + 1)
            found.flags.writeable = False
        return found

    def curve(self, run: int, metric: str, split: str) -> tuple | None:
        """Epochs and values of a run, each of shape (epochs,); None where the run has no value."""
        pieces = self.column("curve", metric, split)
        values = None if pieces is None else pieces.values(run)
        if values is None or not len(values):
            final = self.column("final", metric, split)
            if final is None or final.present is not None and not final.present[run]:
                return None
            values = final.values[run:run + 1]
        epochs = self.position_list(run, metric, split)
        if epochs is None:
            return self._epochs(len(values)), values
        if len(epochs) != len(values):
            raise DamagedAtlas(f"{self._atlas.path} is damaged: the epochs of run {run} do not fit its values",
                               code="store.damaged_record", remedy="copy the atlas and its manifest again")
        return np.asarray(epochs), values

    def _all_curves(self, metric: str, split: str) -> Curves:
        key = (metric, split)
        if key not in self._flat_curves:
            self._flat_curves[key] = Curves(self, metric, split, self._atlas._position_lists)
        return self._flat_curves[key]

    def last_epoch(self, run: int, metric: str, split: str) -> int | None:
        epochs = self.position_list(run, metric, split)
        if epochs is not None:
            return epochs[-1]
        curve = self.curve(run, metric, split)
        return None if curve is None else len(curve[1])

    def completed_epochs(self, run: int) -> int:
        """The last epoch with any value of a run."""
        return max((self.last_epoch(run, *measure) or 0 for measure in self.measures), default=0)

    def epochs_of_runs(self) -> np.ndarray:
        """`completed_epochs` of every run, of shape (runs,)."""
        if "epochs" not in self._lists:
            last = np.zeros(self.runs, np.int64)
            for measure in self.measures:
                if self.column("final", *measure) is not None:
                    np.maximum(last, self._all_curves(*measure).last_epochs(), out=last)
            self._lists["epochs"] = last
        return self._lists["epochs"]

    # Costs

    @property
    def cost_names(self) -> list:
        """The costs of runs, recorded as totals or by epoch."""
        return sorted({*self.names("cost"), *self.names("epoch_cost")})

    def cost_of_runs(self, name: str) -> np.ndarray:
        """The total of a cost by run, of shape (runs,): as recorded, or the sum over epochs; NaN where absent."""
        found = np.full(self.runs, np.nan)
        by_epoch, total = self.column("epoch_cost", name), self.column("cost", name)
        if by_epoch is not None:
            values, lengths = by_epoch.all()
            starts, sums = np.cumsum(lengths) - lengths, np.zeros(self.runs)
            # One epoch of each run at a time, so that sums have the order of epochs.
            for epoch in range(int(lengths.max(initial=0))):
                runs = np.flatnonzero(lengths > epoch)
                sums[runs] += values[starts[runs] + epoch]
            found = np.where(lengths > 0, sums, found)
        return found if total is None else np.where(total.mask(), total.values, found)

    def seconds_of_runs(self) -> np.ndarray:
        """Seconds of training of every run, of shape (runs,), NaN where they are unknown."""
        if "seconds" not in self._lists:
            if self.column("epoch_cost", "train_seconds") is None and not self._repeated("train_seconds_per_epoch"):
                rows, own = self._whole("architecture") - 1, self.column("cost", "train_seconds")
                seconds = np.full(self.runs, np.nan)
                for quantity in self._repeated("train_seconds"):
                    seconds = np.where(np.isnan(seconds), quantity.values()[rows], seconds)
                if own is not None:
                    seconds = np.where(own.mask(), own.values, seconds)
            else:
                pairs = [self.train_seconds(run, epochs) for run, epochs in enumerate(self.epochs_of_runs().tolist())]
                seconds = np.array([np.nan if one is None else one[0] for one in pairs])
            self._lists["seconds"] = seconds
        return self._lists["seconds"]

    def train_seconds(self, run: int, epoch: int) -> tuple | None:
        """Seconds of training through `epoch`, and whether they were derived from a total; None where unknown."""
        found = self.train_seconds_at(run, (epoch,))
        return None if found is None else found[0]

    def train_seconds_at(self, run: int, epochs: Sequence) -> list | None:
        """The result of `train_seconds` for each of `epochs`; None where unknown."""
        costs = self.column("epoch_cost", "train_seconds")
        if costs is not None and len(seconds := costs.values(run)):
            sums = [0.0, *itertools.accumulate(seconds[:max(epochs, default=0)].tolist())]
            return [(sums[min(epoch, len(seconds))], epoch > len(seconds)) for epoch in epochs]
        completed = self.completed_epochs(run)

        def shares(total):
            return [(total, False) if epoch >= completed else (total / completed * epoch, True) for epoch in epochs]

        total = self.column("cost", "train_seconds")
        if total is not None and (found := total.at(run)) is not None:
            return shares(found)
        architecture = self._listed("architecture")[run] - 1
        for name in ("train_seconds_per_epoch", "train_seconds"):
            for quantity in self._repeated(name):
                value = quantity.at(architecture)
                if value is not None:
                    return [(value * epoch, False) for epoch in epochs] if name.endswith("epoch") else shares(value)
        return None

    def _repeated(self, name: str) -> list:
        """The quantities of a cost in seconds that a source repeats for every seed."""
        return [one for one in self._atlas.quantities
                if (one.name, one.unit, one.space, one.dataset, one.protocol_digest, one.conditions)
                == (name, "second", self.space, self.dataset, self.protocol_digest, {})]


def _setting(atlas, number: int) -> Setting:
    """The setting that was pickled."""
    return next(one for one in atlas.settings if one.number == number)


class Quantity:
    """A measurement without training: one value per architecture."""

    def __init__(self, atlas, number, measurements, space, name, unit, device, conditions, dataset, protocol, source,
                 split=None):
        self.name = name
        self.unit = unit
        self.space = space
        self.device = device
        self.conditions = json.loads(conditions)
        self.dataset = dataset
        self.protocol_digest = protocol
        self.source = source
        self.split = split
        """The split of the data that it was computed on; None where the atlas does not declare it."""
        self.measurements = measurements
        """The number of measured architectures."""
        self._atlas = atlas
        self._number = number
        self._values = None

    def __reduce__(self):
        return _quantity, (self._atlas, self._number)

    def __repr__(self):
        return f"<Quantity {self.name} ({self.unit}) of {self.measurements} architectures>"

    def _read(self, name: str) -> Column | None:
        place = self._atlas._rows(
            "SELECT rows_per_block, first_block, blocks FROM columns WHERE quantity = ? AND name = ?",
            self._number, name)
        return Column(self._atlas._blocks, Place(*place[0]), self.measurements) if place else None

    def values(self) -> np.ndarray:
        """One value per architecture of the atlas, of shape (architectures,), NaN where it was not measured."""
        if self._values is None:
            values = np.full(len(self._atlas.architectures), np.nan)
            rows, found = self._read("architecture"), self._read("value")
            if rows is not None and found is not None:
                values[rows.whole() - 1] = found.values
            values.flags.writeable = False
            self._values = values
        return self._values

    def value(self, architecture: int | str) -> float | None:
        """The value of an architecture named as `Atlas.index` reads it; None where it was not measured."""
        return self.at(self._atlas.index(architecture, self.space))

    def at(self, place: int) -> float | None:
        """The value of the architecture at a place of the atlas; None where it was not measured."""
        value = float(self.values()[place])
        return None if value != value else value


def _quantity(atlas, number: int) -> Quantity:
    """The quantity that was pickled."""
    return next(one for one in atlas.quantities if one._number == number)
