"""A question at an epoch that several protocols share: `nasatlas.Atlas.across_protocols` makes it."""

from __future__ import annotations

import numpy as np

from nasatlas.answers import Context, CurveAnswer
from nasatlas.errors import AmbiguousQuestion, MissingValue, QuestionError, UnknownName
from nasatlas.fidelity import EPOCHS
from nasatlas.reading.lacking import listed_epochs
from nasatlas.reading.lookup import Answer, Lookup, several, whole_count
from nasatlas.reading.names import whole_number


class AcrossProtocols:
    """Answers one question for architectures that were trained under several protocols, all at one epoch.

    An answer is of one protocol: the one with the fewest epochs under which the architecture has a value at the epoch.
    Its context names that protocol; the context of this object names all of them. A longer training may follow another
    schedule, so values of two protocols at one epoch are comparable with care only.
    """

    def __init__(self, atlas, at_epoch: int, lookups: list):
        self.atlas = atlas
        self.at_epoch = at_epoch
        self.lookups = lookups
        """The lookup of each protocol, the one with the fewest epochs first."""
        first = lookups[0]
        self.metric, self.split, self.seed, self.epoch = first.metric, first.split, first.seed, at_epoch
        self.larger_is_better = first.larger_is_better
        self.context: Context = first.context._replace(
            protocol=", ".join(self.protocols),
            protocol_digest=", ".join(one.context.protocol_digest for one in lookups))
        self._values = None

    def __reduce__(self):
        return AcrossProtocols, (self.atlas, self.at_epoch, self.lookups)

    def __repr__(self):
        counts = ", ".join(f"{count} of {name}" for name, count in self.counts.items())
        asked = f"{self.metric}.{self.split} on {self.context.dataset}, epoch {self.at_epoch}"
        return f"<AcrossProtocols {asked}: {counts}>"

    @property
    def protocols(self) -> list:
        """Names of the protocols, in the order of `lookups`."""
        return [self.atlas.protocol_name(one.setting) for one in self.lookups]

    @property
    def counts(self) -> dict:
        """The number of architectures that each protocol answers for, by its name."""
        parts = self._all()[1]
        return {name: int((parts == part).sum()) for part, name in enumerate(self.protocols)}

    def of(self, index: int) -> Lookup:
        """The lookup that answers for the architecture at a place; the first lookup where no protocol does."""
        return self.lookups[max(int(self._all()[1][index]), 0)]

    def _all(self) -> tuple:
        """Values of all architectures, and the number of the lookup of each, -1 where the value is absent."""
        if self._values is None:
            found = np.full(len(self.atlas.architectures), np.nan)
            parts = np.full(len(found), -1)
            for part, lookup in enumerate(self.lookups):
                values, present = lookup._means()
                new = present & (parts < 0)
                found[new], parts[new] = values[new], part
            found.flags.writeable = False
            self._values = found, parts
        return self._values

    def _place(self, architecture) -> int:
        return self.atlas.index(architecture, self.context.space)

    # One architecture

    def __call__(self, architecture) -> float:
        """The value, as a float; raises QuestionError where it is absent."""
        return self.answer(architecture).value

    def answer(self, architecture) -> Answer:
        """The value of the protocol that the answer's context names; raises QuestionError where it is absent."""
        index = self._place(architecture)
        if self._all()[1][index] < 0:
            known = [f"{name}: {listed_epochs(epochs)}" for name, epochs in self._epochs_of(index).items()]
            raise MissingValue(
                f"{self.atlas.architectures[index]} has no value at epoch {self.at_epoch} under any of "
                f"{', '.join(self.protocols)}; it has epochs {'; '.join(known) or 'none'}", known=known,
                code="benchmarks.unknown_epoch", remedy="ask at an epoch that it has, or under one protocol")
        return self.of(index).answer(f"place:{index}")

    def curves(self, architecture) -> CurveAnswer:
        """The curves of the architecture under the protocol that answers for it."""
        index = self._place(architecture)
        return self.of(index).curves(f"place:{index}")

    def _epochs_of(self, index: int) -> dict:
        found = {}
        for name, lookup in zip(self.protocols, self.lookups):
            setting = lookup.setting
            curves = [setting.curve(run, self.metric, self.split) for run in setting.runs_of(index)]
            epochs = sorted({epoch for curve in curves if curve is not None for epoch in curve[0].tolist()})
            if epochs:
                found[name] = epochs
        return found

    # All architectures

    def values(self, architectures=None) -> np.ndarray:
        """Values of shape (n,), NaN where absent; `architectures` as for `Lookup.values`."""
        values = self._all()[0]
        if architectures is None:
            return values
        asked = several(architectures)
        if isinstance(asked, list):
            asked = np.array([self.atlas._listed_place(one, self.context.space) for one in asked], dtype=np.int64)
        else:
            self.atlas._check_places(asked)
        return values[asked]

    def top(self, count: int = 10) -> list:
        """The best architectures, as answers, the best first; equal values in the order of the atlas. Values that are
        not finite are left out."""
        asked = whole_count(count)
        values = self._all()[0]
        finite = np.flatnonzero(np.isfinite(values))
        order = finite[np.argsort(-values[finite] if self.larger_is_better else values[finite], kind="stable")]
        return [self.of(index).answer(f"place:{index}") for index in order[:asked].tolist()]

    def known_epochs(self) -> np.ndarray:
        """The epochs at which every protocol has values, ascending, up to the epoch of the question."""
        shared = self.lookups[0].known_epochs()
        for lookup in self.lookups[1:]:
            shared = np.intersect1d(shared, lookup.known_epochs())
        return shared[shared <= self.at_epoch]


def across_protocols(atlas, at_epoch: int, dataset, space, metric, split, seed) -> AcrossProtocols:
    """The question of `Atlas.across_protocols`."""
    if (whole_number(at_epoch) or 0) < 1:
        raise UnknownName(f"{at_epoch!r} is not an epoch", code="benchmarks.unknown_epoch",
                          remedy="give a number from 1 on as at_epoch")
    if seed == "all":
        raise QuestionError('a question across protocols has one value for each architecture, so seed="all" is '
                            "not allowed", code="benchmarks.several_values", remedy='take seed="mean", or a seed')
    lookups, lack = [], None
    for one in _settings(atlas, dataset, space):
        try:
            lookups.append(atlas.lookup(**_setting_words(atlas, one), metric=metric, split=split, epoch=int(at_epoch),
                                        seed=seed))
        except UnknownName as error:
            # Another protocol may have the metric and the split; the error of the one with the metric says more.
            lack = error if lack is None or error.code == "benchmarks.unknown_split" else lack
    if not lookups:
        raise lack
    axes = {one.context.fidelity: atlas.protocol_name(one.setting) for one in lookups}
    if len(axes) > 1:
        told = [f"{name}: {axis}" for axis, name in axes.items()]
        raise AmbiguousQuestion(f"the positions of the protocols are on several axes ({'; '.join(told)})",
                                code="benchmarks.several_axes", known=told,
                                remedy="ask one protocol, with lookup(protocol=…, epoch=…)")
    answering = [one for one in lookups if _has_values(one)]
    if not answering:
        raise _lack_of_all(atlas, at_epoch, lookups)
    answering.sort(key=lambda one: (_length(atlas, one), atlas.protocol_name(one.setting)))
    return AcrossProtocols(atlas, int(at_epoch), answering)


def _has_values(lookup: Lookup) -> bool:
    try:
        return bool(lookup._means()[1].any())
    except MissingValue:
        # A server refuses the question where nothing has a value.
        return False


def question_of(atlas, lookup: Lookup) -> dict:
    """The words from which an atlas makes the same lookup again."""
    return {**_setting_words(atlas, lookup.setting), "metric": lookup.metric, "split": lookup.split,
            "epoch": lookup.epoch, "seed": lookup.seed}


def _setting_words(atlas, setting) -> dict:
    among = [one for one in atlas.settings if one.space == setting.space]
    return {"space": setting.space, "dataset": atlas._dataset_name(setting, among),
            "protocol": setting.protocol_digest}


def _lack_of_all(atlas, at_epoch: int, lookups: list) -> QuestionError:
    """The error where no protocol answers: it lists the epochs that they have, or says what else they lack."""
    known = {}
    for one in lookups:
        try:
            one.require_answers()
        except MissingValue as error:
            if error.code != "benchmarks.unknown_epoch":
                return error
            known[atlas.protocol_name(one.setting)] = error.known
        except QuestionError as error:
            return error
    there = [f"{name}: {listed_epochs(epochs)}" for name, epochs in known.items()]
    return MissingValue(f"no protocol of {lookups[0].context.dataset} has values at epoch {at_epoch}; known: "
                        f"{'; '.join(there)}", known=there, code="benchmarks.unknown_epoch",
                        remedy="give an epoch that one of them has as at_epoch")


def _length(atlas, lookup: Lookup) -> int:
    """The number of epochs of a protocol: as its settings say, else the last position of a curve."""
    epochs = atlas.protocols.get(lookup.setting.protocol_digest, {}).get("epochs")
    is_said = isinstance(epochs, int) and lookup.context.fidelity == EPOCHS
    return epochs if is_said else int(lookup.known_epochs()[-1])


def _settings(atlas, dataset, space) -> list:
    """The settings of a data set, under every protocol; raises as `Atlas.setting` does where it is ambiguous."""
    among = [one for one in atlas.settings if space in (None, one.space)]
    first = next((one for one in among if dataset in (None, one.dataset, atlas._dataset_name(one, among))), None)
    named = atlas.setting(dataset, None if first is None else first.protocol_digest, space)
    return [one for one in atlas.settings
            if (one.space, one.dataset, one.dataset_digest) == (named.space, named.dataset, named.dataset_digest)]
