"""Syne Tune: an atlas as a `Blackbox`, for its simulator backend and its schedulers.

    from nasatlas.adapters.syne_tune import AtlasBlackbox
    from syne_tune.blackbox_repository import UserBlackboxBackend

    blackbox = AtlasBlackbox("nasbench201.atlas", dataset="cifar10")
    backend = UserBlackboxBackend(blackbox, elapsed_time_attr="train_seconds")
"""

from __future__ import annotations

import numbers
import os

import numpy as np

from nasatlas.adapters import package
from nasatlas.adapters.task import Task
from nasatlas.atlas import Atlas
from nasatlas.errors import MissingValue, UnknownName
from nasatlas.reading.lookup import Lookup

package("syne_tune.blackbox_repository", "syne-tune huggingface_hub")

import pandas as pd  # noqa: E402
from syne_tune import config_space  # noqa: E402
from syne_tune.blackbox_repository.blackbox import Blackbox  # noqa: E402


class AtlasBlackbox(Blackbox):
    """A question as a blackbox; the arguments are those of Task. With `at_epoch`, architectures
    of several protocols are one blackbox, up to that epoch.

    Objectives are the metric as recorded, named `validation_accuracy_percent` and so on (give schedulers
    `do_minimize`), and `train_seconds` up to the epoch where any run has them. Fidelities are the epochs of the runs,
    up to that of the question; another axis of the protocol, such as `step`, names the fidelity. An architecture that
    lacks one of them, or seconds that others have, raises MissingValue, which ends a tuning: where curves have
    several lengths, limit the question with `epoch` to the epochs that all have.

    A value that was recorded as NaN is NaN. A value is the mean over the runs, or that of the seed in the question;
    `seed` is a place in `seeds`. Syne Tune takes one type per parameter, so values of several types are texts here.
    """

    def __init__(self, atlas: Atlas | str | os.PathLike, *, dataset: str | None = None, protocol: str | None = None,
                 space: str | None = None, metric: str | None = None, split: str = "validation",
                 epoch: int | str | None = None, seed: int | str = "mean", at_epoch: int | None = None,
                 **unknown_words):
        self.task = Task(atlas, dataset=dataset, protocol=protocol, space=space, metric=metric, split=split, epoch=epoch,
                         seed=seed, at_epoch=at_epoch, **unknown_words)
        parameters = self.task.space.parameters
        self._lookups = [self.task.lookup] if isinstance(self.task.lookup, Lookup) else self.task.lookup.lookups
        self.seeds = sorted({seed for one in self._lookups for seed in one.setting.seeds()}, key=str)
        """The seeds of all runs, as answers spell them."""
        self._texts = {one.name: dict(zip(one.words, one.values)) for one in parameters if _is_text(one)}
        self._epochs = self._known_epochs()
        self._tables = None
        there = self._there()
        if not len(self._epochs) or not len(there):
            raise MissingValue(f"no architecture has a value of {self.task.lookup}",
                               remedy="ask for another epoch or metric")
        has_seconds = any(self.task.train_seconds(self._choices(place)) is not None for place in there)
        count = len(self._epochs)
        fidelity = config_space.randint(1, count) if count > 1 and self._epochs[-1] == count \
            else config_space.ordinal(self._epochs.tolist(), kind="equal")
        super().__init__(
            configuration_space={one.name: _domain(one) for one in parameters},
            fidelity_space={self.task.fidelity.name: fidelity},
            objectives_names=[self.task.name, *(["train_seconds"] if has_seconds else [])])

    def __reduce__(self):
        return _blackbox, (self.task.atlas, self.task.question)

    @property
    def do_minimize(self) -> bool:
        """Whether schedulers have to minimize the metric."""
        return not self.task.larger_is_better

    @property
    def fidelity_values(self) -> np.ndarray:
        return self._epochs

    def all_configurations(self, count: int | None = None) -> list:
        """The first `count` or all configurations with a value, for searchers that are restricted to a list."""
        return [self._configuration(self._choices(place)) for place in self._there()[:count]]

    def _there(self) -> list:
        """The places of the architectures with a value."""
        return np.flatnonzero(~np.isnan(self.task.lookup.values())).tolist()

    def _choices(self, place) -> dict:
        return self.task.space.parse(self.task.atlas.architectures[place])

    def _configuration(self, choices) -> dict:
        """Choices in the form of Syne Tune."""
        words = {one.name: one.words for one in self.task.space.parameters if one.name in self._texts}
        places = dict(zip(choices, self.task.space.places(choices)))
        return {name: words[name][places[name]] if name in words else value for name, value in choices.items()}

    def _objective_function(self, configuration, fidelity=None, seed=None):
        try:
            return self._objectives(configuration, fidelity, self.task if seed is None else self._of_seed(seed))
        except UnknownName as error:
            if seed is None or error.code != "benchmarks.unknown_seed" or seed not in range(len(self.seeds)):
                raise
            known = [place for place, one in enumerate(self.seeds) if one in error.known]
            raise MissingValue(
                f"{configuration} has no run of seed {self.seeds[seed]}, which is at place {seed}; known: "
                f"{', '.join(map(str, known))}", known=known, code="benchmarks.no_run",
                remedy="give one of these places as seed, or no seed for the mean") from error

    def _objectives(self, configuration, fidelity, task):
        choices = {name: self._texts[name].get(value, value) if name in self._texts else value
                   for name, value in configuration.items()}
        if fidelity is not None:
            epoch = fidelity["epoch"]
            if epoch not in self._epochs:
                raise MissingValue(f"there is no epoch {epoch} here; known: {', '.join(map(str, self._epochs))}",
                                   known=self._epochs.tolist(), code="benchmarks.unknown_epoch",
                                   remedy="choose one of them as fidelity")
            values = [task.value(choices, epoch)]
            if self._has_seconds:
                values.append(float(task.require_train_seconds(choices, [epoch])[0]))
            return dict(zip(self.objectives_names, values))
        epochs, values = task.curve(choices)
        lacking = np.setdiff1d(self._epochs, epochs)
        if len(lacking):
            raise MissingValue(
                f"the runs of {task.space.text(choices)} share no epoch {lacking[0]}; they share "
                f"{', '.join(map(str, epochs.tolist())) or 'none'}", known=epochs.tolist(),
                code="benchmarks.unknown_epoch", remedy="ask for one of these as fidelity"
                + (f"; epoch={epochs[-1]} in the question limits all curves to it" if len(epochs) else ""))
        rows = [values[np.searchsorted(epochs, self._epochs)]]
        if self._has_seconds:
            rows.append(task.require_train_seconds(choices, self._epochs))
        return np.stack(rows, axis=1)

    @property
    def _has_seconds(self) -> bool:
        return len(self.objectives_names) > 1

    # The interface of a table of Syne Tune

    @property
    def hyperparameters(self) -> pd.DataFrame:
        """The configurations that have every fidelity, one per row."""
        return self._evaluated()[0]

    @property
    def objectives_evaluations(self) -> np.ndarray:
        """The objectives for each of `hyperparameters`, of shape (configurations, 1, fidelities, objectives).

        The second axis, which has the seeds in a table of Syne Tune, has one entry: the answer to the question, such as
        the mean over the runs. `seeds` lists single runs.
        """
        return self._evaluated()[1]

    @property
    def num_seeds(self) -> int:
        """The length of the second axis of `objectives_evaluations`."""
        return 1

    @property
    def num_fidelities(self) -> int:
        return len(self._epochs)

    def _evaluated(self) -> tuple:
        if self._tables is None:
            choices, curves = [], []
            for one in self.all_configurations():
                try:
                    curves.append(self._objective_function(one))
                except MissingValue:
                    continue
                choices.append(one)
            shape = (len(choices), 1, len(self._epochs), len(self.objectives_names))
            names = [parameter.name for parameter in self.task.space.parameters]
            self._tables = pd.DataFrame(choices, columns=names), np.reshape(curves, shape)
        return self._tables

    def hyperparameter_objectives_values(self, predict_curves: bool = False):
        """All architectures that have every fidelity, in the form to which Syne Tune's surrogates are fitted."""
        found, values = self.hyperparameters, self.objectives_evaluations[:, 0]
        if predict_curves:
            columns = [f"{name}_{epoch}" for epoch in self._epochs for name in self.objectives_names]
            return found, pd.DataFrame(values.reshape(len(found), -1), columns=columns)
        repeated = pd.concat([found.assign(epoch=epoch) for epoch in self._epochs], ignore_index=True)
        rows = values.transpose(1, 0, 2).reshape(-1, values.shape[2])
        return repeated, pd.DataFrame(rows, columns=self.objectives_names)

    def _of_seed(self, seed) -> Task:
        if not isinstance(seed, numbers.Integral) or not 0 <= seed < len(self.seeds):
            raise UnknownName(f"there is no seed {seed!r}; allowed: places 0 to {len(self.seeds) - 1}: "
                              f"{', '.join(map(str, self.seeds))}", known=self.seeds,
                              code="benchmarks.unknown_seed", remedy="give the place of a seed")
        return Task(self.task.atlas, **{**self.task.question, "seed": self.seeds[seed]})

    def _known_epochs(self) -> np.ndarray:
        """The epochs that every protocol of the question has, up to the epoch of the question."""
        known = None
        for lookup in self._lookups:
            setting = lookup.setting
            chosen = setting.completed() if lookup.seed == "mean" \
                else np.array([seed == lookup.seed for seed in setting.seeds()], bool)
            epochs = lookup.known_epochs(chosen)
            known = epochs if known is None else np.intersect1d(known, epochs)
        limit = self.task.last_epoch
        return known if limit is None else known[known <= limit]


def _is_text(parameter) -> bool:
    """Whether the values are of several types of Syne Tune, so that texts replace them. Integers and floats may mix."""
    types = {type(value) for value in parameter.values}
    return types != {int, float} and len(types) > 1 or types == {type(None)}


def _domain(parameter):
    values = list(parameter.words if _is_text(parameter) else parameter.values)
    if not _is_text(parameter) and float in map(type, values):
        # 0.0 finds 0 in the space.
        values = [float(value) for value in values]
    return config_space.ordinal(values, kind="equal") if parameter.ordered else config_space.choice(values)


def _blackbox(atlas, question):
    return AtlasBlackbox(atlas, **question)
