"""The base of all adapters: a question about an atlas, with choices instead of texts."""

from __future__ import annotations

import math
import numbers
import os
from collections.abc import Mapping

import numpy as np

from nasatlas.asking import WORDS, check_known
from nasatlas.atlas import Atlas
from nasatlas.errors import MissingValue, QuestionError, UnknownName, WrongArgument
from nasatlas.reading.across import AcrossProtocols, question_of
from nasatlas.reading.lookup import Lookup


class Task:
    """A question bound to an atlas, asked with the choices of its space. It can be pickled.

    `atlas` is an Atlas or the path of one; the other arguments are those of `Atlas.lookup`, or with `at_epoch` those of
    `Atlas.across_protocols`. Raises UnsupportedSpace where the space is not made of choices. A value that the atlas lacks
    raises QuestionError; nothing is filled in.
    """

    needs_choices = True
    """Whether the space must be made of independent choices."""

    def __init__(self, atlas: Atlas | str | os.PathLike, *, dataset: str | None = None, protocol: str | None = None,
                 space: str | None = None, metric: str | None = None, split: str = "validation",
                 epoch: int | str | None = None, seed: int | str = "mean", at_epoch: int | None = None,
                 **unknown_words):
        check_known(unknown_words, (*WORDS, "at_epoch"))
        question = {"dataset": dataset, "protocol": protocol, "space": space, "metric": metric, "split": split,
                    "epoch": epoch, "seed": seed, "at_epoch": at_epoch}
        if seed == "all":
            raise QuestionError('a task has one value per architecture, so seed="all" is not allowed',
                                code="adapters.several_values", remedy='take seed="mean", or a seed')
        self.atlas = atlas if isinstance(atlas, Atlas) else Atlas(atlas)
        self.question = question
        """The arguments of the question by name."""
        across = at_epoch is not None
        if across and (words := [word for word in ("epoch", "protocol") if question[word] is not None]):
            raise WrongArgument(f"at_epoch asks all protocols, so {' and '.join(words)} cannot be given too",
                                remedy="leave out at_epoch=, or the other arguments")
        self.lookup: Lookup | AcrossProtocols = self.atlas.across_protocols(
            **{word: value for word, value in question.items() if value is not None}) if across \
            else self.atlas.lookup(**{word: value for word, value in question.items() if word != "at_epoch"})
        self.space = self.atlas.space(self.lookup.context.space)
        if self.needs_choices:
            self.space.require_choices()
        self.name = f"{self.lookup.split}_{self.lookup.metric}"
        """Split and metric, such as `validation_accuracy_percent`."""
        self.larger_is_better = self.lookup.larger_is_better
        epoch = self.lookup.epoch
        self.last_epoch = epoch if isinstance(epoch, int) else int(epoch.partition(":")[2]) if ":" in epoch else None
        """The epoch to which the question is limited; None without a limit."""
        self.fidelity = self.lookup.context.fidelity
        """The axis of epochs: its name is `epoch`, unless the protocol names another axis, such as `step`."""

    def __reduce__(self):
        return _task, (type(self), self.atlas, self.question)

    def value(self, choices: Mapping, epoch: int | None = None) -> float:
        """The value of an architecture for the question, or at `epoch` under the same protocol."""
        text = self.space.text(choices)
        if epoch is None:
            return self.lookup(text)
        words = question_of(self.atlas, self.lookup_of(text))
        return self.atlas.lookup(**{**words, "epoch": _whole(epoch)})(text)

    def lookup_of(self, text: str) -> Lookup:
        """The lookup of one protocol that answers for an architecture."""
        if isinstance(self.lookup, Lookup):
            return self.lookup
        return self.lookup.of(self.atlas.index(text, self.lookup.context.space))

    def curve(self, choices: Mapping) -> tuple:
        """Epochs that all runs have and mean values, each of shape (epochs,), up to the epoch of the question."""
        found = self.lookup.curves(self.space.text(choices))
        limit = self.last_epoch
        count = len(found.mean) if limit is None else int(np.searchsorted(found.positions, limit, side="right"))
        return found.positions[:count], found.mean[:count]

    def train_seconds(self, choices: Mapping, epochs=None) -> np.ndarray | None:
        """Seconds of training up to each of `epochs`, the mean over the runs that have them; None where no run does.

        `epochs` None is the epoch to which the question is limited, else the last one. Where a run has its total only,
        an epoch has its share of it. A run that ended before an epoch has no value there and does not count.
        """
        text = self.space.text(choices)
        lookup = self.lookup_of(text)
        setting, exact = lookup.setting, epochs is not None or isinstance(lookup.epoch, int)
        runs = lookup.chosen_runs(self.atlas.index(text, setting.space))
        told = []
        for run in runs:
            wanted = [self.last_epoch or setting.completed_epochs(run)] if epochs is None else list(map(_whole, epochs))
            if exact and max(wanted, default=0) > setting.completed_epochs(run):
                continue
            seconds = setting.train_seconds_at(run, wanted)
            if seconds is not None:
                told.append([one[0] for one in seconds])
        return np.mean(told, axis=0) if told else None

    def require_train_seconds(self, choices: Mapping, epochs=None) -> np.ndarray:
        """The result of `train_seconds`; raises MissingValue where no run has seconds."""
        seconds = self.train_seconds(choices, epochs)
        if seconds is None:
            raise MissingValue(f"no run of {self.space.text(choices)} has a training time",
                               code="adapters.no_train_seconds", remedy="use an atlas with training times")
        return seconds


def _whole(epoch) -> int:
    """An epoch as a whole number, 3.0 as 3; raises UnknownName."""
    if isinstance(epoch, numbers.Real) and math.isfinite(epoch) and epoch == int(epoch) and epoch > 0:
        return int(epoch)
    raise UnknownName(f"{epoch!r} is not an epoch", code="benchmarks.unknown_epoch", remedy="give a number from 1 on")


def _task(kind, atlas, question):
    return kind(atlas, **question)
