"""A question bound to an atlas: its setting, metric, split, epoch and seeds."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from nasatlas.answers import AbsentRun, Context, CurveAnswer, CurveRun, Point
from nasatlas.errors import AtlasChanged, MissingValue, WrongArgument
from nasatlas.reading.curves import Curves
from nasatlas.reading.lacking import lack_of_all, lack_of_epoch, unknown


def several(architectures) -> np.ndarray | list:
    """Places as an array of whole numbers; a list where some are texts or ids."""
    if not isinstance(architectures, np.ndarray):
        if isinstance(architectures, (str, bytes, Mapping)) or not isinstance(architectures, Iterable):
            raise WrongArgument(f"values needs a list of architectures; the argument is {architectures!r}",
                                remedy="give a list of places, texts or ids; call the lookup for one architecture")
        architectures = list(architectures)
        try:
            # Packing checks that all are whole numbers, and takes a third of the time that numpy does.
            places = np.frombuffer(struct.pack(f"{len(architectures)}q", *architectures), np.int64)
        except struct.error:
            return architectures
        # Truth is packed as 0 and 1.
        is_mask = (places <= 1).any() and not {bool, np.bool_}.isdisjoint(map(type, architectures))
        return architectures if is_mask else places
    if architectures.size and architectures.dtype.kind not in "iu":
        raise WrongArgument(f"the array has the type {architectures.dtype.name}; allowed: whole numbers, which are places",
                            remedy="np.flatnonzero makes places of a mask" if architectures.dtype.kind == "b"
                            else "give whole numbers, or a list of texts or ids")
    return architectures.astype(np.int64, copy=False)


def whole_count(count) -> int:
    """The number of architectures of a ranking; raises WrongArgument."""
    if not isinstance(count, (int, np.integer)) or isinstance(count, bool) or count < 0:
        raise WrongArgument(f"the number of architectures is {count!r}; allowed: whole numbers from 0 on",
                            remedy="give the number first, and name other arguments, such as dataset=")
    return int(count)


class Answer:
    """The value of one architecture. Its other properties are computed when you read them. `float(answer)` works."""

    __slots__ = ("_fields", "_lookup", "index", "value")

    def __init__(self, lookup, index, value, fields=None):
        self._lookup = lookup
        self._fields = fields
        self.index = index
        """The architecture's place in the atlas, from 0."""
        self.value = value
        """Mean over the runs of the question; None where the question is about all runs and there are several."""

    def __float__(self):
        if self.value is None:
            raise TypeError("the answer has one value per run, not one value; read .points")
        return self.value

    def __repr__(self):
        context = self.context
        return f"<Answer {self.value} {context.unit} ({context.metric}.{context.split}, {context.dataset}, " \
               f"epoch {context.epoch}, seeds {context.seeds}) of {self.architecture}>"

    def _repr_html_(self) -> str:
        from nasatlas import display
        return display.answer(self)

    def __eq__(self, other):
        return isinstance(other, Answer) and self.to_dict() == other.to_dict()

    __hash__ = None

    @property
    def fields(self) -> dict:
        """Values of the fields in `show` of a ranking, by name, without absent fields."""
        return self._fields or {}

    @property
    def architecture(self) -> str:
        """Its canonical text."""
        return self._lookup.atlas.architectures[self.index]

    @property
    def architecture_id(self) -> str:
        """32 hexadecimal digits."""
        return self._lookup.atlas.architecture_id(self.index)

    @property
    def context(self) -> Context:
        return self._lookup.context

    @property
    def points(self) -> list:
        """One Point per run, sorted by seed."""
        return self._lookup.points(self.index)[0]

    @property
    def absent(self) -> list:
        """Runs of the question without such a value."""
        return self._lookup.points(self.index)[1]

    @property
    def standard_deviation(self) -> float | None:
        """Of the points, with n - 1; None for fewer than two points, and where the question is about all runs."""
        values = [point.value for point in self.points]
        if len(values) < 2 or self.value is None:
            return None
        squares = 0.0
        for value in values:
            squares += (value - self.value) * (value - self.value)
        return math.sqrt(squares / (len(values) - 1))

    def to_dict(self) -> dict:
        """The whole answer, as plain values."""
        return {
            "architecture": self.architecture, "architecture_id": self.architecture_id, "value": self.value,
            "standard_deviation": self.standard_deviation, **self.context.to_dict(),
            "points": [point._asdict() for point in self.points],
            "absent": [run._asdict() for run in self.absent]}


class Lookup:
    """Answers one question for any architecture. `nasatlas.Atlas.lookup` makes it.

    A call with an architecture returns a number; `values` returns the values of all architectures as an array.
    """

    def __init__(self, atlas, setting, metric: str, split: str, epoch, seed):
        self.atlas = atlas
        self.setting = setting
        self.metric = metric
        self.split = split
        self.epoch = epoch
        """`best`, `last`, a number, or `best-so-far` with or without `:NUMBER`."""
        self.seed = seed
        """`mean`, `all`, a number or the text of a seed."""
        card = atlas.metrics[metric]
        self.larger_is_better = card["larger_is_better"]
        self.context = Context(
            setting.space, setting.dataset, setting.dataset_digest, setting.protocol, setting.protocol_digest, metric,
            card["unit"], self.larger_is_better, split, str(epoch), str(seed), "measured", atlas.digest,
            setting.fidelity)
        self._values = None
        self._listed = None
        if str(epoch).startswith("best-so-far:"):
            self._require_epoch(int(epoch.partition(":")[2]))

    def _require_epoch(self, limit: int) -> None:
        """Raises MissingValue, which lists the epochs, where every curve ends before `limit`."""
        known = self.known_epochs()
        if not known.size or known[-1] < limit:
            raise lack_of_epoch(self.atlas.name(self.setting), limit, known)

    @property
    def words(self) -> tuple:
        """The words of the question in the order of `nasatlas.asking.WORDS`, unambiguous where names allow it."""
        return (*self.atlas._setting_words(self.setting), self.metric, self.split, self.epoch, self.seed)

    def __reduce__(self):
        return _lookup, (self.atlas, self.context.atlas_digest, self.setting.number, self.metric, self.split,
                         self.epoch, self.seed)

    def __repr__(self):
        context = self.context
        return f"<Lookup {context.metric}.{context.split} on {context.dataset}, epoch {context.epoch}, " \
               f"seeds {context.seeds}>"

    def _repr_html_(self) -> str:
        from nasatlas import display
        return display.lookup(self)

    # One architecture

    def __call__(self, architecture) -> float:
        """The value, as a float; raises QuestionError where it is absent."""
        index = self.atlas.index(architecture, self.setting.space)
        value = self._list()[index]
        return self._answer_at(index).value if value is None else value

    def answer(self, architecture) -> Answer:
        """The value with its context and runs; raises QuestionError where it is absent."""
        return self._answer_at(self.atlas.index(architecture, self.setting.space))

    def _answer_at(self, index: int) -> Answer:
        if self.seed != "all":
            value = self._list()[index]
            if value is not None:
                return Answer(self, index, value)
        points = self.points(index)[0]
        return Answer(self, index, points[0].value if len(points) == 1 else None)

    def _list(self) -> list:
        """The values as a list, the fastest form for one architecture; None for absent values."""
        if self._listed is None:
            values, present = self._means()
            self._listed = [value if there else None for value, there in zip(values.tolist(), present.tolist())]
        return self._listed

    # All architectures

    def values(self, architectures=None) -> np.ndarray:
        """Values of shape (n,), NaN where absent; raises QuestionError where no architecture has a value.

        `architectures` are places in the atlas (bare numbers, also as an array), or names as `Atlas.index` reads them;
        None for all.
        """
        values = self._means()[0]
        self.require_answers()
        if architectures is None:
            return values
        asked = several(architectures)
        if isinstance(asked, list):
            asked = np.array([self.atlas._listed_place(one, self.setting.space) for one in asked], dtype=np.int64)
        else:
            self.atlas._check_places(asked)
        return values[asked]

    def top(self, count: int = 10, where: str | None = None, show: Sequence[str] = ()) -> list[Answer]:
        """The best architectures, as answers, the best first; equal values in the order of the atlas. Values that are
        not finite are left out.

        `where` is a filter (docs/filters.md); `show` lists fields, which answers then have as `fields`. Raises
        QuestionError where no architecture has a finite value, and FilterError.
        """
        count = whole_count(count)
        if where is not None or len(show) or self.seed not in ("mean", "all"):
            from nasatlas.reading import ranking
            return ranking.best(self, count, where, show)
        values = self._means()[0]
        self.require_answers()
        finite = np.flatnonzero(np.isfinite(values))
        if not len(finite):
            raise MissingValue(f"no architecture has a finite value of {self.metric} on {self.split} on "
                               f"{self.atlas.name(self.setting)}", code="benchmarks.no_values",
                               remedy="choose another epoch, metric, split or seed")
        order = finite[np.argsort(-values[finite] if self.larger_is_better else values[finite], kind="stable")]
        return [Answer(self, index, float(values[index])) for index in order[:count].tolist()]

    def neighbors(self, architecture: str | int) -> list[Answer]:
        """The neighbors with a value of an architecture, as answers, the best first. The architecture itself may be
        absent from the atlas."""
        from nasatlas.reading import ranking
        return ranking.neighbors(self, architecture)

    def run_values(self) -> np.ndarray:
        """One value per run, of shape (runs,), in the order of `setting.seeds()`; NaN where absent. Raises
        QuestionError where no run has a value."""
        values, present, _ = self._runs()
        if not present.any():
            self.require_answers()
        return np.where(present, values, np.nan)

    def _runs(self) -> tuple:
        """Value and presence of every run, and the epochs where they differ by run."""
        setting, epoch = self.setting, self.epoch
        if epoch == "last":
            column = setting.column("final", self.metric, self.split)
            return column.values, column.mask(), None
        curves = self._curves(self.metric, self.split)
        if isinstance(epoch, int):
            epochs = np.full(setting.runs, epoch)
            return (*curves.at(epochs), epochs)
        if epoch == "best":
            epochs = self._best_epochs()
            return (*curves.at(epochs), epochs)
        limit = int(epoch.partition(":")[2]) if ":" in epoch else None
        values, epochs, present = curves.best(limit, self.larger_is_better)
        return values, present, epochs

    def _best_epochs(self) -> np.ndarray:
        """The epoch of each run with the best validation value of the data set's metric: the recorded epoch, else the
        first best epoch of the curve; 0 where both are absent."""
        setting = self.setting
        primary = setting.primary_metric or self.metric
        if setting.column("final", primary, "validation") is None:
            epochs = np.zeros(setting.runs, np.int64)
        else:
            epochs = self._curves(primary, "validation").best(None, self.atlas.metrics[primary]["larger_is_better"])[1]
        if setting.has_scores:
            scored = setting.column("run", "score_validation").mask()
            epochs = np.where(scored, setting.column("run", "score_epoch").whole(), epochs)
        return epochs

    def _curves(self, metric, split) -> Curves:
        return self.setting._all_curves(metric, split)

    def _means(self) -> tuple:
        """Means of all architectures of the atlas, and a mask of the architectures that have one."""
        if self._values is None:
            setting = self.setting
            values, present, _ = self._runs()
            if self.seed not in ("mean", "all"):
                present = present & np.array([seed == self.seed for seed in setting.seeds()], bool)
            elif (completed := setting.completed()) is not None:
                present = present & completed
            means, taken = setting.means(values, present)
            everywhere = np.full(len(self.atlas.architectures), np.nan)
            has = np.zeros(len(everywhere), bool)
            span = slice(setting.architectures.start, setting.architectures.stop)
            has[span] = taken > 0
            everywhere[span] = means
            everywhere.flags.writeable = False
            self._values = everywhere, has
        return self._values

    def require_answers(self) -> None:
        """Raises QuestionError, listing what exists, where no architecture has a value."""
        if not self._means()[1].any():
            raise lack_of_all(self)

    def known_epochs(self, runs: np.ndarray | None = None) -> np.ndarray:
        """The epochs in curves of the metric on the split, ascending; of `runs`, a mask (runs,), or of all runs."""
        return self._curves(self.metric, self.split).epochs(runs)

    # Runs of one architecture

    def chosen_runs(self, index: int) -> list:
        """The runs of the question, at least one; raises QuestionError."""
        setting = self.setting
        runs = list(setting.runs_of(index))
        text = self.atlas.architectures[index]
        if not runs:
            others = [self.atlas.name(other) for other in self.atlas.settings if other.runs_of(index)]
            raise MissingValue(
                f"there is no run of {text} on {self.atlas.name(setting)}"
                + (f"; it has runs on {', '.join(others)}" if others else ""), known=others,
                code="benchmarks.no_run", remedy="choose one of these with dataset= and protocol=")
        if self.seed == "all":
            return runs
        if self.seed == "mean":
            completed = [run for run in runs if setting.status(run) == "completed"]
            if not completed:
                known = [f"seed {setting.seed(run)} ({setting.status(run)})" for run in runs]
                raise MissingValue(f"no run of {text} was completed; its runs are: {', '.join(known)}", known=known,
                                   code="benchmarks.no_completed_run", remedy='ask with seed="all"')
            return completed
        chosen = [run for run in runs if setting.seed(run) == self.seed]
        if not chosen:
            known = [setting.seed(run) for run in runs]
            raise unknown("seed", self.seed, known)
        return chosen

    def points(self, index: int) -> tuple:
        """The points of an architecture, and its runs without a point; raises MissingValue where no run has a point."""
        return self._of_runs(index, self._point)

    def curves(self, architecture) -> CurveAnswer:
        """The curves of an architecture; raises QuestionError where it has no curve, or no curve with the epoch of the
        question."""
        index = self.atlas.index(architecture, self.setting.space)
        runs, absent = self._of_runs(index, self._curve)
        return curve_answer(self.atlas.architectures[index], self.atlas.architecture_id(index), self.context, runs,
                            absent, self.epoch)

    def _of_runs(self, index, read):
        """What `read` returns for each run of the question, and the runs for which it raises MissingValue; raises this
        error where all do."""
        found, absent, lack = [], [], None
        setting = self.setting
        for run in self.chosen_runs(index):
            try:
                found.append((run, read(run)))
            except MissingValue as error:
                lack = lack or error
                absent.append(AbsentRun(setting.seed(run), setting.status(run), error.message))
        if lack is not None and not found:
            raise lack
        if self.seed == "mean":
            found = setting.singles(found)
        return [one for _, one in found], absent

    def _curve(self, run: int) -> CurveRun:
        setting = self.setting
        return CurveRun(setting.seed(run), setting.status(run), *self._known_curve(run), setting.source(run))

    def _point(self, run: int) -> Point:
        setting, epoch = self.setting, self.epoch
        if epoch == "last":
            column = setting.column("final", self.metric, self.split)
            value = column.at(run)
            epoch = setting.last_epoch(run, self.metric, self.split)
        else:
            epoch, value = self._value_at(run)
        if value is None:
            self._lack(run)
        seconds, derived = setting.train_seconds(run, epoch) or (None, None)
        return Point(setting.seed(run), setting.status(run), epoch, value, setting.source(run), seconds, derived)

    def _value_at(self, run: int) -> tuple:
        curve = self.setting.curve(run, self.metric, self.split)
        if curve is None:
            return None, None
        epochs, values = curve
        if self.epoch == "best":
            wanted = self._best_epoch(run)
        elif isinstance(self.epoch, int):
            wanted = self.epoch
        else:
            limit = int(self.epoch.partition(":")[2]) if ":" in self.epoch else None
            return _first_best(epochs, values, limit, self.larger_is_better)
        place = np.flatnonzero(epochs == wanted) if wanted is not None else ()
        return (wanted, float(values[place[0]])) if len(place) else (None, None)

    def _best_epoch(self, run: int) -> int | None:
        setting = self.setting
        score = setting.column("run", "score_validation")
        if score is not None and score.at(run) is not None:
            return setting._listed("score_epoch")[run]
        primary = setting.primary_metric or self.metric
        curve = setting.curve(run, primary, "validation")
        if curve is None:
            return None
        return _first_best(*curve, None, self.atlas.metrics[primary]["larger_is_better"])[0]

    def _lack(self, run: int):
        """Raises MissingValue, which says what the run lacks and lists what it has."""
        setting = self.setting
        name = f"seed {setting.seed(run)}"
        epochs, wanted = self._known_curve(run)[0], self.epoch
        if wanted == "best":
            wanted = self._best_epoch(run)
            if wanted is None:
                raise MissingValue(
                    f"{name} ({setting.status(run)}) has no best epoch: no validation value was recorded",
                    code="benchmarks.no_epoch", remedy='choose epoch="last", or another seed')
        elif isinstance(wanted, str):
            wanted = wanted.partition(":")[2] or "that is a number"
        raise lack_of_epoch(name, wanted, epochs)

    def _known_curve(self, run: int) -> tuple:
        setting = self.setting
        curve = setting.curve(run, self.metric, self.split)
        if curve is not None:
            return curve
        name = f"seed {setting.seed(run)}"
        there = [measure for measure in setting.measures if setting.curve(run, *measure)]
        splits = [split for metric, split in there if metric == self.metric]
        what, found = ("split", f"{self.split} of {self.metric}") if splits else ("metric", self.metric)
        known = splits or sorted({metric for metric, _ in there})
        raise unknown(what, found, known, MissingValue, of=f" of {name}")


def _lookup(atlas, digest: str, setting: int, *question) -> Lookup:
    """The lookup that was pickled; its values are computed when they are first needed."""
    if atlas.digest != digest:
        raise AtlasChanged(f"the lookup is of the atlas {digest[:12]}, and {atlas.path} is {atlas.digest[:12]} now",
                           remedy="make the lookup again with .lookup()")
    return atlas._lookup_kind(atlas, next(one for one in atlas.settings if one.number == setting), *question)


def curve_answer(architecture: str, architecture_id: str, context: Context, runs: list, absent: list,
                 epoch: int | str | None = None) -> CurveAnswer:
    """The curves of an architecture with their mean at the positions that all runs have.

    Raises MissingValue where `epoch` is a number and no run has this epoch.
    """
    if isinstance(epoch, int) and not any((run.positions == epoch).any() for run in runs):
        raise lack_of_epoch(architecture, epoch, np.unique(np.concatenate([run.positions for run in runs])))
    if len(runs) == 1:
        positions, mean = runs[0].positions, runs[0].values
    elif all(np.array_equal(run.positions, runs[0].positions) for run in runs):
        positions, mean = runs[0].positions, _mean([run.values for run in runs])
    else:
        positions = runs[0].positions
        for run in runs[1:]:
            positions = np.intersect1d(positions, run.positions)
        mean = _mean([run.values[np.searchsorted(run.positions, positions)] for run in runs])
    return CurveAnswer(architecture, architecture_id, context, runs, absent, positions, mean)


def _first_best(epochs, values, limit, larger_is_better):
    """Epoch and value of the first best value up to the epoch `limit`, NaN left out; (None, None) without a value."""
    best = (None, None)
    for epoch, value in zip(epochs.tolist(), values.tolist()):
        if limit is not None and epoch > limit:
            break
        if value != value or best[1] is not None and (value <= best[1] if larger_is_better else value >= best[1]):
            continue
        best = (epoch, value)
    return best


def _mean(rows):
    """The mean of rows of equal length, summed in their order."""
    total = np.full(len(rows[0]), -0.0)
    for row in rows:
        total = total + row
    return total / len(rows)
