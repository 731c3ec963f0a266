"""The tables that NASLib's graphs of NAS-Bench-201 read: lists of values by epoch, and costs, by cell and data set.

Nothing is decoded before it is read: a list when its key is, costs when theirs is. Final means come from one array of
all cells.
"""

from __future__ import annotations

import numbers
from collections.abc import Mapping, Sequence

from nasatlas.errors import MissingValue, UnknownArchitecture, UnknownName
from nasatlas.shims.naslib.conversions import DATASETS, OPERATIONS
from nasatlas.shims.nats_bench.api_topology import NATStopology
from nasatlas.shims.nats_bench.results import mean
from nasatlas.shims.nats_bench.trainings import SETS
from nasatlas.shims.told import MissingKey, Told

EVALUATIONS = {"validation": "val", "test": "test"}
"""Splits, and what NASLib calls their metrics."""
METRICS = {"losses": "loss", "acc1es": "accuracy_percent"}
COSTS = (("flops", "flops"), ("params", "parameters"))
KEYS = ("train_losses", "eval_losses", "train_acc1es", "eval_acc1es", "cost_info")
EPOCHS = 200
MOST_KEPT = 4096


class RaiseIt:
    """The value of `absent` with which a value that the atlas lacks raises an error."""

    def __repr__(self):
        return "RAISE"


RAISE, NOT_MADE = RaiseIt(), object()


class NoSuchEpoch(UnknownName, IndexError):
    """An epoch that no training of the space has."""

    code = "benchmarks.unknown_epoch"


class Cells(Mapping):
    """By text and data set the lists and costs of a cell; made when they are read, and kept."""

    def __init__(self, api: NATStopology, dataset: str, evaluation: str, seed, absent=RAISE):
        self._api = api
        self.dataset = dataset
        self.evaluation = EVALUATIONS[evaluation]
        self.seed = seed
        self.absent = absent
        known = [name for name, other in DATASETS.items() if other in api._trainings.get("200", {})]
        if dataset not in api._trainings.get("200", {}):
            raise UnknownName(f"{api.atlas.path} has no trainings of {EPOCHS} epochs on {dataset}; known: "
                              f"{', '.join(known) or 'none'}", known=known, code="benchmarks.unknown_dataset",
                              remedy="choose one of these" if known else "open an atlas that has trainings")
        self.trainings = api._trainings["200"][dataset]
        self._reasons = {other: f"this dataset_api is of {dataset}; get_dataset_api makes one of each data set"
                         for other in DATASETS.values() if other != dataset}
        self._made = {}
        self._finals = {}

    def __len__(self):
        return len(self._api.evaluated_indexes)

    def __iter__(self):
        return (self._api[index] for index in sorted(self._api.evaluated_indexes))

    def __getitem__(self, text: str) -> Mapping:
        found = self._made.get(text)
        if found is None:
            index = self._api.query_index_by_arch(text)
            if index == -1:
                raise UnknownArchitecture(f"{text!r} is not a cell of NAS-Bench-201", known=list(OPERATIONS))
            if len(self._made) >= MOST_KEPT:
                self._made.clear()
            found = self._made[text] = Told({self.dataset: OfCell(self, index, text)}, text, self._reasons)
        return found

    def results(self, index: int):
        """All trainings of a cell; raises NotThere where it has none on the data set."""
        results = self._api.query_meta_info_by_index(index, "200")
        results.query(self.dataset, None if self.seed == "mean" else self.seed)
        return results

    def runs(self, place: int) -> list:
        """The runs that answer: the runs of the seed, else all except published means, else published means."""
        if self.seed == "mean":
            return self.trainings.single_runs_of(place)
        return [run for run in self.trainings.runs_of(place) if self.trainings.setting.seed(run) == self.seed]

    def split(self, prefix: str) -> str:
        """The split in atlases of `train`, `val` or `test`."""
        sets = SETS[self.dataset]
        return "train" if prefix == "train" else sets[
            "x-valid" if prefix == "val" else "x-test" if "x-test" in sets else "ori-test"]

    def final(self, text: str, measure: tuple) -> float | None:
        """The mean of a measure, such as ("val", "acc1es"), after the last epoch; None where OfCell has to say it."""
        finals = self._finals.get(measure)
        if finals is None:
            prefix, kind = measure
            known = self.trainings.means(METRICS[kind], self.split(prefix)).tolist() if self.seed == "mean" else []
            finals = self._finals[measure] = {
                self._api[index]: known[place] for index, place in enumerate(self._api._places)
                if known and place is not None and known[place] == known[place]}
        return finals.get(text)


class Lazy(Told):
    """A dict whose values are made when they are first read."""

    def __init__(self, keys, about: str):
        super().__init__(dict.fromkeys(keys, NOT_MADE), about)

    def _make(self, key):
        """The value of a key."""
        raise NotImplementedError

    def __getitem__(self, key):
        found = super().__getitem__(key)
        if found is NOT_MADE:
            found = self[key] = self._make(key)
        return found

    def _all(self) -> Lazy:
        for key in self:
            self[key]  # noqa: B018
        return self

    def __iter__(self):
        # Overridden so that dict() reads values one by one.
        return super().__iter__()

    def get(self, key, default=None):
        return self[key] if key in self else default

    def items(self):
        return super(Lazy, self._all()).items()

    def values(self):
        return super(Lazy, self._all()).values()

    def copy(self) -> dict:
        return dict(self.items())

    def __eq__(self, other):
        return super(Lazy, self._all()).__eq__(other)

    __hash__ = None

    def __repr__(self):
        return super(Lazy, self._all()).__repr__()

    def __reduce__(self):
        return Told, (self.copy(), self.about)


class OfCell(Lazy):
    """The lists and costs of a cell on a data set, under NASLib's keys."""

    def __init__(self, cells: Cells, index: int, text: str):
        self._cells = cells
        self._index = index
        self._place = cells._api._places[index]
        self._curves = {}
        self._runs = [] if self._place is None else cells.runs(self._place)
        if not self._runs:
            cells.results(index)  # It raises, with what there is.
        super().__init__(KEYS, f"{text} on {cells.dataset}")

    def _make(self, key):
        if key == "cost_info":
            return self._costs()
        prefix, kind = key.split("_")
        return self.curve(self._cells.evaluation if prefix == "eval" else prefix, kind)

    def curve(self, prefix: str, kind: str) -> list | EpochValues:
        """Means by epoch over the trainings that have a value: a list of all, or EpochValues where there are gaps."""
        found = self._curves.get((prefix, kind))
        if found is None:
            found = self._curves[prefix, kind] = self._read(prefix, kind)
        return found

    def _read(self, prefix: str, kind: str) -> list | EpochValues:
        setting, measure = self._cells.trainings.setting, (METRICS[kind], self._cells.split(prefix))
        curves = [setting.curve(run, *measure) for run in self._runs] if measure in setting.measures else []
        curves = [curve for curve in curves if curve is not None]
        if curves and all(len(epochs) == EPOCHS and epochs[-1] == EPOCHS for epochs, _ in curves):
            total = curves[0][1]
            for _, values in curves[1:]:
                total = total + values
            return (total / len(curves)).tolist()
        found = {}
        for epochs, values in curves:
            for epoch, value in zip(epochs.tolist(), values.tolist()):
                found.setdefault(epoch - 1, []).append(value)
        return EpochValues({epoch: mean(values) for epoch, values in found.items()},
                           f"{prefix}_{kind} of {self.about}", self._cells.absent)

    def seconds(self, prefix: str):
        """Seconds of one pass over the split of `val` or `test`."""
        found = self._cells.trainings.evaluation_seconds(self._place, self._cells.split(prefix))
        if found is None:
            if self._cells.absent is not RAISE:
                return self._cells.absent
            raise MissingValue(f"the atlas has no seconds of evaluation of {self.about}",
                               code="shims.no_evaluation_seconds", remedy="TRAIN_TIME is seconds of training")
        return found

    def _costs(self) -> dict:
        trainings, place, absent = self._cells.trainings, self._place, self._cells.absent
        costs = {key: trainings.millions(place, name) for key, name in COSTS}
        costs["latency"] = trainings.latency(place)
        runs = self._runs if self._cells.seed != "mean" else trainings.runs_of(place)
        times = [seconds for run in runs if (seconds := trainings.train_seconds(run, place, EPOCHS)) is not None]
        costs["train_time"] = mean(times) if times else None
        if absent is not RAISE:
            return {key: absent if value is None else value for key, value in costs.items()}
        reasons = {key: why for key, name in COSTS
                   if costs[key] is None and (why := trainings.disagreement(place, name))}
        return Told({key: value for key, value in costs.items() if value is not None}, self.about, reasons)


class Plain:
    """The lists and costs of a cell in NASLib's own table, which has one evaluation for validation and test."""

    def __init__(self, values: Mapping, about: str):
        self._values = Told(values, about)

    def __getitem__(self, key):
        found = self._values[key]
        return Told(found, self._values.about) if key == "cost_info" else found

    def curve(self, prefix: str, kind: str):
        """As OfCell has it."""
        return self._values[f"{'train' if prefix == 'train' else 'eval'}_{kind}"]

    def seconds(self, prefix: str):
        """Raises MissingKey: NASLib's tables have no seconds of evaluation."""
        return self._values[f"{prefix}_time"]


def of_cell(table: Mapping, text: str, dataset: str) -> OfCell | Plain:
    """The lists and costs of a cell in our table or NASLib's; raises what names the cells or data sets there."""
    if isinstance(table, Cells):
        return table[text][dataset]
    if text not in table:
        raise UnknownArchitecture(f"the table has no cell {text}; it has {len(table)} cells", known=list(table)[:5],
                                  remedy="ask for one of its keys")
    if dataset not in table[text]:
        known = list(table[text])
        raise MissingKey(f"the table has nothing on {dataset}; known: {', '.join(map(str, known))}", known=known,
                         remedy="get_dataset_api makes a table of each data set")
    return Plain(table[text][dataset], f"{text} on {dataset}")


class EpochValues(Sequence):
    """200 values, of which the atlas has some; each of the others raises when it is read, or is `absent`."""

    def __init__(self, values: dict, about: str, absent=RAISE):
        self._values = values
        self._about = about
        self._absent = absent

    def __len__(self):
        return EPOCHS

    def __repr__(self):
        return f"<{self._about}: {len(self._values)} of {EPOCHS} epochs>"

    def __getitem__(self, epoch):
        if isinstance(epoch, slice):
            ends = (epoch.start, epoch.stop, epoch.step)
            if not all(one is None or isinstance(one, numbers.Integral) for one in ends):
                raise NoSuchEpoch(f"epochs are 0 to 199, and -1 is the last, not {epoch.stop!r}",
                                  known=sorted(self._values), remedy="ask for one of them with epoch=")
            return [self[one] for one in range(*epoch.indices(EPOCHS))]
        if not isinstance(epoch, numbers.Integral) or not -EPOCHS <= epoch < EPOCHS:
            raise NoSuchEpoch(f"epochs are 0 to 199, and -1 is the last, not {epoch!r}", known=sorted(self._values),
                              remedy="ask for one of them with epoch=")
        found = self._values.get(int(epoch) % EPOCHS, self._absent)
        if found is RAISE:
            known = sorted(self._values)
            shown = f"epochs {', '.join(map(str, known[:5]))}{', …' if len(known) > 5 else ''}" if known else "none"
            raise MissingValue(f"the atlas has no {self._about} at epoch {int(epoch) % EPOCHS}, counted from 0; it has "
                               f"{shown}", known=known, remedy="ask for an epoch that it has, without full_lc; "
                               "get_dataset_api(…, absent=None) answers None")
        return found
