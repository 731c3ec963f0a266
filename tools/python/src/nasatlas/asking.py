"""Questions about an atlas, in process and over HTTP: the same names, arguments, types and bits."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Union

import numpy as np

from nasatlas.answers import CurveAnswer, Evaluation, FrontPoint, Predictions, RankedArchitecture
from nasatlas.errors import AmbiguousQuestion, QuestionError, UnknownName, WrongArgument
from nasatlas.reading.fields import check_objective, chosen_quantity
from nasatlas.reading.lacking import unknown, unknown_split
from nasatlas.reading.lookup import Answer, Lookup, whole_count
from nasatlas.reading.setting import Quantity, Setting

WORDS = ("dataset", "protocol", "space", "metric", "split", "epoch", "seed")
"""The arguments of a question."""
Named = Union[str, int]
"""One architecture, as `Atlas.index` reads it."""


class Questions:
    """The questions that you can ask an atlas. The methods share these arguments:

    | argument | meaning | default |
    |---|---|---|
    | `dataset`, `protocol`, `space` | choose the setting | the only one |
    | `metric` | the metric | the primary metric of the data set |
    | `split` | `train`, `validation`, `test` or `valtest` | `validation` |
    | `epoch` | `best`, `last`, a number, `best-so-far` or `best-so-far:NUMBER` | see below |
    | `seed` | `mean` of the completed runs, `all`, or one seed | `mean` |

    The default of `epoch` is `best` if runs have a recorded best epoch, else `last`. If the atlas lacks the value, a question raises QuestionError, which lists the values that exist.
    """

    _lookup_kind: type = Lookup
    has_slow_arrays = False
    """Whether values of all architectures have to be transferred first."""

    # Settings

    def setting(self, dataset: str | None = None, protocol: str | None = None, space: str | None = None) -> Setting:
        """The one setting that fits: the runs of one space on one data set under one protocol.

            >>> import nasatlas
            >>> atlas = nasatlas.open("data/nasbench201.atlas")
            >>> atlas.setting("cifar10")
            <Setting cifar10 of nasbench201 under nasbench201-200, 39419 runs>

        Raises UnknownName or AmbiguousQuestion, which list what exists.
        """
        if not self.settings:
            raise self._no_runs()
        found = self._narrowed(self.settings, "space", space, lambda one: one.space)
        among = found
        found = self._narrowed(found, "dataset", dataset, lambda one: self._dataset_name(one, among))
        if isinstance(protocol, str) and len(protocol) >= 8:
            names = {self.protocol_name(one) for one in found if one.protocol_digest.startswith(protocol.lower())}
            protocol = names.pop() if len(names) == 1 else protocol
        return self._narrowed(found, "protocol", protocol, self.protocol_name)[0]

    def _no_runs(self) -> QuestionError:
        return QuestionError(f"{self.path} has no runs, only measurements", code="benchmarks.no_runs",
                             remedy="rank them with top(by=...), or read them with table() or .quantities")

    @staticmethod
    def _narrowed(settings, what, chosen, name_of):
        known = list(dict.fromkeys(name_of(one) for one in settings))
        if chosen is None:
            if len(known) > 1:
                raise AmbiguousQuestion(f"ambiguous {what}; choose one of: {', '.join(known)}", known=known,
                                        code=f"benchmarks.ambiguous_{what}", remedy=f"choose one of them with {what}=")
            return settings
        if chosen not in known:
            raise unknown(what, chosen, known)
        return [one for one in settings if name_of(one) == chosen]

    @staticmethod
    def _dataset_name(setting, among) -> str:
        shared = any(one.dataset == setting.dataset and one.dataset_digest != setting.dataset_digest for one in among)
        return f"{setting.dataset}@{(setting.dataset_digest or 'unknown')[:12]}" if shared else setting.dataset

    def protocol_name(self, setting: Setting) -> str:
        """The name of the setting's protocol where it is unique, else the first digits of the digest.

            >>> import nasatlas
            >>> atlas = nasatlas.open("data/nasbench201.atlas")
            >>> atlas.protocol_name(atlas.setting("cifar10"))
            'nasbench201-200'
        """
        shared = any(one.protocol == setting.protocol and one.protocol_digest != setting.protocol_digest
                     for one in self.settings)
        return setting.protocol_digest[:12] if setting.protocol is None or shared else setting.protocol

    def _setting_words(self, setting: Setting) -> tuple:
        """Data set, protocol and space of a setting, unambiguous where names allow it."""
        among = [one for one in self.settings if one.space == setting.space]
        return self._dataset_name(setting, among), setting.protocol_digest, setting.space

    def name(self, setting: Setting) -> str:
        """A setting in words.

            >>> import nasatlas
            >>> atlas = nasatlas.open("data/nasbench201.atlas")
            >>> atlas.name(atlas.setting("cifar10"))
            'cifar10 under nasbench201-200'
        """
        return f"{self._dataset_name(setting, self.settings)} under {self.protocol_name(setting)}"

    def quantity(self, name: str, *, device: str | None = None, space: str | None = None, dataset: str | None = None,
                 split: str | None = None, source: str | None = None, unit: str | None = None,
                 conditions: Mapping[str, str] | None = None) -> Quantity:
        """A measurement such as a latency. If several have the same name, the other arguments choose one.

            >>> import nasatlas
            >>> atlas = nasatlas.open("data/nasbench201.atlas")
            >>> atlas.quantity("latency", dataset="cifar10")
            <Quantity latency (second) of 15625 architectures>

        Raises UnknownName or AmbiguousQuestion, listing what there is.
        """
        words = {"device": device, "space": space, "dataset": dataset, "split": split, "source": source, "unit": unit}
        return chosen_quantity(self.quantities, name, {key: one for key, one in words.items() if one is not None},
                               conditions or {})

    def _quantities_of(self, space: str, dataset: str | None) -> list:
        """All quantities of a space; raises UnknownName where none of them is of the data set `dataset`."""
        of_space = [one for one in self.quantities if one.space == space]
        datasets = sorted({one.dataset for one in of_space if one.dataset is not None})
        if dataset is not None and dataset not in datasets:
            raise unknown("dataset", dataset, datasets)
        return of_space

    # One architecture

    def lookup(self, *, dataset: str | None = None, protocol: str | None = None, space: str | None = None,
               metric: str | None = None, split: str = "validation", epoch: int | str | None = None,
               seed: int | str = "mean", **unknown_words) -> Lookup:
        """Binds a question to the atlas, for fast answers about many architectures.

            >>> import nasatlas
            >>> lookup = nasatlas.open("data/nasbench201.atlas").lookup(dataset="cifar10")
            >>> round(lookup("nats:6111"), 2), lookup.values().shape
            (91.61, (15625,))
        """
        return self._lookup((dataset, protocol, space, metric, split, epoch, seed), unknown_words)

    def _lookup(self, words: tuple, unknown_words: Mapping = {}) -> Lookup:
        check_known(unknown_words)
        try:
            found = self._lookups.get(words)
        except TypeError as error:
            word, value = next((word, value) for word, value in zip(WORDS, words) if not isinstance(value, Hashable))
            raise WrongArgument(f"{word} is {value!r}; allowed: one {word}", code="benchmarks.several_words",
                                remedy=f"ask once per {word}") from error
        if found is None:
            found = self._lookups[words] = self._bound(*words)
        return found

    def _bound(self, dataset, protocol, space, metric, split, epoch, seed) -> Lookup:
        setting = self.setting(dataset, protocol, space)
        known = list(dict.fromkeys(name for name, _ in setting.measures))
        if metric is None:
            metric = setting.primary_metric or (known[0] if len(known) == 1 else None)
            if metric is None:
                raise AmbiguousQuestion(f"no card names the primary metric of {setting.dataset}; known: "
                                        + ", ".join(known), known=known, code="benchmarks.no_primary_metric",
                                        remedy="choose one with metric=")
        if metric not in known:
            raise unknown("metric", metric, known)
        if (metric, split) not in setting.measures:
            raise unknown_split(split, metric, setting, self.settings)
        return self._lookup_kind(self, setting, metric, split, _epoch(epoch, setting), _seed(seed))

    def _followed(self, ask: Callable, *architectures):
        """The result of `ask`; a served atlas repeats the question where it follows another edition."""
        return ask()

    def query(self, architecture: Named, *, dataset: str | None = None, protocol: str | None = None,
              space: str | None = None, metric: str | None = None, split: str = "validation",
              epoch: int | str | None = None, seed: int | str = "mean", **unknown_words) -> Answer:
        """The value of an architecture, named as `index` reads it.

            >>> import nasatlas
            >>> atlas = nasatlas.open("data/nasbench201.atlas")
            >>> round(atlas.query("nats:6111", dataset="cifar10").value, 2)
            91.61
        """
        return self._lookup((dataset, protocol, space, metric, split, epoch, seed), unknown_words).answer(architecture)

    def curve(self, architecture: Named, *, dataset: str | None = None, protocol: str | None = None,
              space: str | None = None, metric: str | None = None, split: str = "validation",
              epoch: int | str | None = None, seed: int | str = "mean", **unknown_words) -> CurveAnswer:
        """The curves of an architecture, one per run, and their mean.

            >>> import nasatlas
            >>> atlas = nasatlas.open("data/nasbench201.atlas")
            >>> curve = atlas.curve("nats:6111", dataset="cifar10")
            >>> len(curve.runs), curve.positions, curve.mean.round(2)
            (3, array([200]), array([91.61]))
        """
        words = (dataset, protocol, space, metric, split, epoch, seed)
        return self._followed(lambda: self._lookup(words, unknown_words).curves(architecture), architecture)

    # Architectures compared

    def top(self, count: int = 10, *, by: str | None = None, where: str | None = None, show: Sequence[str] = (),
            dataset: str | None = None, protocol: str | None = None, space: str | None = None,
            metric: str | None = None, split: str = "validation", epoch: int | str | None = None,
            seed: int | str = "mean", **unknown_words) -> list[Answer] | list[RankedArchitecture]:
        """The best architectures, as answers, the best first; equal values in the order of the atlas.

        `where` is a filter (docs/filters.md), `show` lists fields that answers then have in `fields`. With `by`, a
        field such as `parameters` or `latency[raspi4]:max` replaces the metric, and the result is a list of
        RankedArchitecture. The smallest value comes first unless `:max` follows the field; a metric in `by` keeps its
        own direction. `by` also ranks an atlas that has only measurements.

            >>> import nasatlas
            >>> atlas = nasatlas.open("data/nasbench201.atlas")
            >>> best = atlas.top(3, dataset="cifar10", where="parameters < 1e6", show=["parameters"])
            >>> [(round(one.value, 2), one.fields["parameters"]) for one in best]
            [(91.52, 858426.0), (91.51, 830426.0), (91.49, 830426.0)]
            >>> [one.value for one in atlas.top(2, by="parameters:max", dataset="cifar10")]
            [1531546.0, 1316506.0]
        """
        whole_count(count)
        if isinstance(show, str):
            raise WrongArgument(f"show needs a list of fields; the argument is {show!r}", remedy=f"give [{show!r}]")
        if by is not None:
            check_known(unknown_words)
            given = [word for word, is_given in zip(("metric", "split", "epoch", "seed"), (
                metric is not None, split != "validation", epoch is not None, seed != "mean")) if is_given]
            if given:
                raise WrongArgument(f"by replaces the metric, so {given[0]} has no effect",
                                    code="benchmarks.contradiction", remedy=f"leave out {given[0]}=")
            check_objective(by)
            return self._followed(lambda: self._ranked_by(by, int(count), where, show, dataset, protocol, space))
        words = (dataset, protocol, space, metric, split, epoch, seed)
        return self._followed(lambda: self._lookup(words, unknown_words).top(count, where, show))

    def neighbors(self, architecture: Named, *, dataset: str | None = None, protocol: str | None = None,
                  space: str | None = None, metric: str | None = None, split: str = "validation",
                  epoch: int | str | None = None, seed: int | str = "mean", **unknown_words) -> list[Answer]:
        """The neighbors with a value of an architecture, in the atlas or not: as answers, the best first.

            >>> import nasatlas
            >>> atlas = nasatlas.open("data/nasbench201.atlas")
            >>> near = atlas.neighbors("nats:6111", dataset="cifar10")
            >>> len(near), round(near[0].value, 2)
            (24, 91.55)
        """
        words = (dataset, protocol, space, metric, split, epoch, seed)
        return self._followed(lambda: self._lookup(words, unknown_words).neighbors(architecture), architecture)

    def pareto(self, objectives: Sequence[str], *, where: str | None = None, dataset: str | None = None,
               protocol: str | None = None, space: str | None = None) -> list[FrontPoint]:
        """The Pareto-optimal architectures: no other one is at least as good in every objective and better in one.

        `objectives` are fields such as `accuracy.validation`, or `parameters:min` to say the direction; the best by the
        first objective comes first. Values are means over completed runs that pass the filter `where`. In an atlas without
        runs, objectives are measurements.

            >>> import nasatlas
            >>> atlas = nasatlas.open("data/nasbench201.atlas")
            >>> front = atlas.pareto(["accuracy_percent.validation", "parameters"], dataset="cifar10")
            >>> round(front[0].values[0], 2), len(front) > 10
            (91.61, True)
        """
        if isinstance(objectives, str) or not len(objectives):
            raise QuestionError("a Pareto front needs a list of objectives", code="benchmarks.no_objectives",
                                remedy='name one or more fields, such as ["accuracy.validation", "parameters:min"]')
        return self._followed(lambda: self._front(objectives, where, dataset, protocol, space))

    def sample(self, count: int, seed: int = 0, *, dataset: str | None = None, protocol: str | None = None,
               space: str | None = None) -> list[str]:
        """Texts of architectures of the atlas, drawn uniformly; the same `seed` draws the same.

        The draw is among the architectures that have runs on `dataset` under `protocol`. Where several settings fit, or
        the atlas has only measurements, it is among all architectures that the atlas has in the space.

            >>> import nasatlas
            >>> atlas = nasatlas.open("data/nasbench201.atlas")
            >>> atlas.sample(3, seed=1) == atlas.sample(3, seed=1)
            True
        """
        if not isinstance(count, (int, np.integer)) or isinstance(count, bool) or count < 1:
            raise WrongArgument(f"cannot draw {count!r} architectures", remedy="give a whole number from 1 on")
        if not isinstance(seed, (int, np.integer)) or isinstance(seed, bool) or not 0 <= seed < 1 << 31:
            raise WrongArgument(f"{seed!r} is not a random seed",
                                remedy=f"give a whole number from 0 to {(1 << 31) - 1}")

        def ask():
            if dataset is None and protocol is None:
                name = self._space_name(space)
                if sum(one.space == name for one in self.settings) != 1:
                    return self._drawn_of_space(name, int(count), int(seed))
            return self._drawn(self.setting(dataset, protocol, space), int(count), int(seed))
        return self._followed(ask)

    def fields(self, architectures: Sequence[Named], fields: Sequence[str], *, dataset: str | None = None,
               protocol: str | None = None, space: str | None = None) -> dict[str, np.ndarray]:
        """Fields of architectures, such as `train_seconds` or `latency[raspi4]` (docs/filters.md): arrays by name.

        A field of runs is the mean over completed runs. NaN where there is no value, and for an architecture that the
        atlas does not have.

            >>> import nasatlas
            >>> atlas = nasatlas.open("data/nasbench201.atlas")
            >>> atlas.fields(["nats:6111"], ["parameters"], dataset="cifar10")
            {'parameters': array([1073466.])}
        """
        architectures = _listed("fields", architectures)
        return self._followed(lambda: self._columns(architectures, fields, dataset, protocol, space), *architectures)

    # Predictions

    def predict(self, architectures: Sequence[Named], *, dataset: str | None = None, protocol: str | None = None,
                space: str | None = None, metric: str | None = None, split: str = "validation",
                epoch: int | str | None = None, **unknown_words) -> Predictions:
        """Predictions of the surrogate that `nasatlas fit` writes beside the atlas.

        Name architectures by place, id, or any text that the space reads. They may be absent from the atlas. A surrogate
        predicts the mean over runs, so there is no argument `seed`. In process this runs the `nasatlas` program.

        With the atlas `fitted`, after `nasatlas fit fitted.atlas --dataset cifar10`:

            >>> found = fitted.predict(["nats:6111", "nats:5"], dataset="cifar10")
            >>> found.predictions.shape, bool(found.deviations.min() > 0), found.context.kind
            ((2,), True, 'predicted')

        Raises MissingSurrogate and MissingProgram.
        """
        if "seed" in unknown_words:
            raise WrongArgument("a surrogate predicts the mean over runs; seed has no effect", remedy="leave out seed=")
        architectures = _listed("predict", architectures)
        words = (dataset, protocol, space, metric, split, epoch, "mean")
        return self._followed(lambda: self._predicted(self._lookup(words, unknown_words), architectures),
                              *architectures)

    def evaluate(self, architectures: Mapping[Named, float] | Sequence[Named],
                 predictions: Sequence[float] | None = None, deviations: Sequence[float] | None = None, *,
                 dataset: str | None = None, protocol: str | None = None, space: str | None = None,
                 metric: str | None = None, split: str = "validation", epoch: int | str | None = None,
                 seed: int | str = "mean", **unknown_words) -> Evaluation:
        """Compares your predictions with the values of the atlas: errors, rank correlations and, with `deviations`,
        calibration.

        Give a mapping from architectures to predicted values, or two lists. `deviations` are the standard deviations
        that your predictor reports. In process this runs the `nasatlas` program.

            >>> import nasatlas
            >>> atlas = nasatlas.open("data/nasbench201.atlas")
            >>> quality = atlas.evaluate({"nats:6111": 91, "nats:5": 80, "nats:7": 50}, dataset="cifar10")
            >>> quality.count, round(quality.metrics["spearman"], 2), round(quality.metrics["mae"], 1)
            (3, 0.5, 15.9)

        Raises MissingProgram, and WrongArgument where the lists have different lengths or a prediction is not finite.
        """
        if predictions is None:
            architectures, predictions = list(architectures), [architectures[one] for one in architectures]
        told = (_listed("evaluate", architectures), _finite("predictions", predictions),
                None if deviations is None else _finite("deviations", deviations))
        lengths = [len(one) for one in told if one is not None]
        if len(set(lengths)) > 1:
            raise WrongArgument("architectures, predictions and deviations have different lengths: "
                                + ", ".join(map(str, lengths)), remedy="give one prediction per architecture")
        words = (dataset, protocol, space, metric, split, epoch, seed)
        return self._followed(lambda: self._judged(self._lookup(words, unknown_words), *told), *told[0])


def check_known(unknown_words: Mapping, known: Sequence[str] = WORDS) -> None:
    """Raises WrongArgument for words that no question has."""
    if unknown_words:
        raise WrongArgument(f"unknown argument {', '.join(unknown_words)}; known: {', '.join(known)}",
                            known=list(known), code="benchmarks.unknown_word", remedy="choose among these")


def _listed(method: str, architectures) -> list:
    if isinstance(architectures, (str, bytes)) or not isinstance(architectures, Iterable):
        raise WrongArgument(f"{method} needs a list of architectures; the argument is {architectures!r}",
                            remedy=f"give [{architectures!r}]")
    return list(architectures)


def _finite(what: str, numbers: Sequence[float]) -> list[float]:
    """The numbers as floats; raises WrongArgument for one that is not finite."""
    found = [float(one) for one in numbers]
    for place, one in enumerate(found):
        if not math.isfinite(one):
            raise WrongArgument(f"{what}[{place}] is {one}; allowed: finite numbers",
                                remedy="leave this architecture out")
    return found


def _epoch(epoch, setting):
    if epoch is None:
        return "best" if setting.has_scores else "last"
    if epoch in ("best", "last", "best-so-far"):
        return epoch
    if isinstance(epoch, (int, np.integer)) and not isinstance(epoch, bool) and 0 < epoch < 1 << 31:
        return int(epoch)
    if isinstance(epoch, str):
        prefix, _, number = epoch.rpartition(":")
        counts = number.isascii() and number.isdigit() and len(number) < 10 and int(number) > 0
        if counts and prefix in ("", "best-so-far"):
            return f"best-so-far:{int(number)}" if prefix else int(number)
    raise UnknownName(f"{epoch!r} is not an epoch", known=["best", "last", "best-so-far", "best-so-far:NUMBER",
                                                           "NUMBER"], code="benchmarks.unknown_epoch",
                      remedy='give a number from 1 on, "best", "last" or "best-so-far"')


def _seed(seed):
    if isinstance(seed, (int, np.integer)) and not isinstance(seed, bool):
        return int(seed)
    if isinstance(seed, str):
        return int(seed) if seed.isascii() and seed.isdigit() else seed
    raise UnknownName(f"{seed!r} is not a seed", known=["mean", "all"], code="benchmarks.unknown_seed",
                      remedy='give a number, "mean", "all", or a seed as answers spell it')
