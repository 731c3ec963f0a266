"""The fields that filters, `show`, objectives and `fields` name, of the runs of one setting; see docs/filters.md.

`accuracy.validation` is the last value of a metric on a split; `parameters` is a count, and `peak_memory_bytes` or
`latency_milliseconds[batch=1]` a cost of the run; `latency[raspi4]` is a measurement of the architecture. Of an
architecture the numbers of runs are means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from nasatlas import nearest
from nasatlas.errors import (
    AmbiguousQuestion, FilterError, QuestionError, UnknownName, UnsupportedSpace, WrongArgument)
from nasatlas.filters import Field, Vocabulary, parts, read_filter
from nasatlas.filters.expression import Parameter, check_texts, fields
from nasatlas.reading.lacking import listed
from nasatlas.reading.setting import ORIGINS, Quantity, Setting
from nasatlas.spaces.traits import listed_words, traits, value

NUMBERS = ("score_epoch", "score_validation", "score_test")
"""Numbers of runs that fields name as columns do."""

OTHERS = ("space", "dataset", "protocol", "seed", "status", "origin", "source", "train_seconds", "epochs")
"""Fields that every setting has."""
NUMERIC = frozenset(("attribute", "final", "run", "count", "cost", "train_seconds", "epochs"))
"""Kinds of readers whose values are numbers."""


class FieldReader:
    """Reads fields of the runs of a setting. Numbers are arrays of shape (runs,), NaN where they are absent."""

    def __init__(self, fields: Iterable[Field], atlas, setting: Setting):
        """Raises UnknownName or AmbiguousQuestion for a field that the setting does not have."""
        self.setting = setting
        self._atlas = atlas
        self._readers = {field: self._reader(field) for field in fields}
        self._numbers = {}
        self._rows = {}

    def _reader(self, field: Field):
        """A quantity, or the column of runs that the field names, as a pair of kind and name."""
        setting, (name, *rest) = self.setting, field.path
        if len(rest) == 1 and not field.selectors:
            if name == "attribute" and rest[0] in setting.names("attribute"):
                return "attribute", rest[0]
            if (name, rest[0]) in setting.measures:
                return "final", (name, rest[0])
        if not rest and not field.selectors:
            if name in OTHERS:
                return name, None
            if name in NUMBERS and name in setting.names("run"):
                return "run", name
            if name in setting.names("count"):
                return "count", name
        if field.text in setting.cost_names:
            return "cost", field.text
        if not rest:
            found = quantity(field, self._atlas, setting.space, setting.dataset, setting.protocol_digest)
            if found is not None:
                return found
        # A recorded value comes before a trait of the architecture with the same name.
        trait = _traits(self._atlas, setting).get(field)
        if trait is not None:
            return "trait", trait
        raise no_field(field.text, vocabulary(self._atlas, setting).names)

    def is_text(self, field: Field) -> bool:
        """Whether all runs of an architecture have the same text: space, data set, protocol, and words of a grid."""
        reader = self._readers[field]
        return isinstance(reader, tuple) and (reader[0] in ("space", "dataset", "protocol")
                                              or reader[0] == "trait" and not self._is_number(field))

    def listed_texts(self, field: Field) -> list | None:
        """The texts that a field may have; None where any is possible."""
        reader = self._readers[field]
        is_trait = isinstance(reader, tuple) and reader[0] == "trait"
        return listed_words(self._atlas.space(self.setting.space), reader[1]) if is_trait else None

    def text_of(self, field: Field, place: int) -> str | None:
        """The text of an architecture, counted from the first of the space, for a field that `is_text`."""
        kind, name = self._readers[field]
        return self._of_rows(name)[place] if kind == "trait" else self.text(field, 0)

    def measured(self, field: Field) -> Quantity | None:
        """The measurement that a field names; None for fields about runs."""
        reader = self._readers[field]
        return None if isinstance(reader, tuple) else reader

    def text(self, field: Field, run: int) -> str | float | None:
        """The value of a run for a field that is, or may be, a text."""
        kind, setting = self._readers[field][0], self.setting
        if kind == "seed":
            seed = setting.seed(run)
            return float(seed) if isinstance(seed, int) and int(float(seed)) == seed else str(seed)
        if kind == "status":
            return setting.status(run)
        if kind == "source":
            return setting.source(run)
        if kind == "origin":
            column = setting.column("run", "origin")
            return None if column is None or not column.mask()[run] else ORIGINS[int(column.values[run])]
        if kind == "protocol":
            return self._atlas.protocol_name(setting)
        if kind == "trait":
            return self._of_rows(self._readers[field][1])[setting.column("run", "architecture").whole()[run] - 1
                                                          - setting.architectures.start]
        return getattr(setting, kind)

    def value(self, field: Field, run: int) -> str | float | None:
        """The value of a run; None where it is absent."""
        if self._is_number(field):
            value = float(self.numbers(field)[run])
            return None if value != value else value
        return self.text(field, run)

    def _of_rows(self, trait: tuple) -> list:
        """A trait of each architecture of the space."""
        if trait not in self._rows:
            space = self._atlas.space(self.setting.space)
            texts = self._atlas.architectures
            self._rows[trait] = [value(space, trait, texts[place]) for place in self.setting.architectures]
        return self._rows[trait]

    def _is_number(self, field: Field) -> bool:
        reader = self._readers[field]
        if isinstance(reader, tuple) and reader[0] == "trait":
            return not any(isinstance(one, str) for one in self._of_rows(reader[1]))
        return not isinstance(reader, tuple) or reader[0] in NUMERIC

    def numbers(self, field: Field) -> np.ndarray:
        """The numbers of all runs, for a field that holds numbers alone."""
        if field not in self._numbers:
            self._numbers[field] = self._read(self._readers[field])
        return self._numbers[field]

    def _read(self, reader) -> np.ndarray:
        setting = self.setting
        if not isinstance(reader, tuple):
            return reader.values()[setting.column("run", "architecture").whole() - 1]
        kind, name = reader
        if kind == "trait":
            rows = setting.column("run", "architecture").whole() - 1 - setting.architectures.start
            return np.array([np.nan if one is None else one for one in self._of_rows(name)], np.float64)[rows]
        if kind == "train_seconds":
            return setting.seconds_of_runs()
        if kind == "epochs":
            return setting.epochs_of_runs().astype(np.float64)
        if kind == "cost":
            return setting.cost_of_runs(name)
        column = setting.column("final", *name) if kind == "final" else setting.column(kind, name)
        return np.full(setting.runs, np.nan) if column is None else np.where(column.mask(), column.values, np.nan)

    def means(self, field: Field, counted: np.ndarray) -> tuple:
        """Means over the counted runs with the field, by architecture of the space, and the number of runs of each.

        Raises QuestionError for a field that holds texts.
        """
        values = self._counted_numbers(field, counted)
        return self.setting.means(values, counted & ~np.isnan(values))

    def _counted_numbers(self, field: Field, counted: np.ndarray) -> np.ndarray:
        if self._is_number(field):
            return self.numbers(field)
        values = np.full(self.setting.runs, np.nan)
        for run in np.flatnonzero(counted).tolist():
            found = self.text(field, run)
            if isinstance(found, str):
                raise QuestionError(f'{field.text} is "{found}"; a number is needed', code="benchmarks.not_a_number",
                                    remedy="choose a field with numbers")
            values[run] = np.nan if found is None else found
        return values

    def of_architectures(self, field: Field, counted: np.ndarray) -> np.ndarray:
        """The number of each architecture of the space that a condition compares: the measurement, or the mean over the
        counted runs, which is their value where all have the same one. NaN where it is absent or no run counts."""
        setting = self.setting
        rows = setting.column("run", "architecture").whole()[counted] - 1 - setting.architectures.start
        has_runs = np.zeros(len(setting.architectures), bool)
        has_runs[rows] = True
        measured = self.measured(field)
        if measured is not None:
            span = slice(setting.architectures.start, setting.architectures.stop)
            return np.where(has_runs, measured.values()[span], np.nan)
        means = self.means(field, counted)[0]
        values = self.numbers(field)[counted]
        there = ~np.isnan(values)
        low, high = np.full(len(means), np.inf), np.full(len(means), -np.inf)
        np.minimum.at(low, rows[there], values[there])
        np.maximum.at(high, rows[there], values[there])
        return np.where(low == high, low, means)


def quantity(field: Field, atlas, space: str, dataset: str | None, protocol_digest: str | None) -> Quantity | None:
    """The quantity that a field such as `latency[raspi4,batch=1]` means; None where no quantity has its name.

    In brackets are the device, a condition as `name=value`, or `dataset=`, `split=`, `source=`, `unit=`. What was
    measured on the data set and under the protocol of the question comes first. Raises UnknownName and
    AmbiguousQuestion, listing what there is.
    """
    named = [one for one in atlas.quantities if one.space == space and one.name == field.path[0]]
    found = [one for one in named if all(_selects(one, *selector) for selector in field.selectors)]
    if named and not found:
        known = sorted(spelled(one, named) for one in named)
        raise UnknownName(f"unknown quantity {field.text}{nearest.suggestion(field.text, known)}; known: "
                          f"{listed(known)}", known=known, code="benchmarks.unknown_quantity",
                          remedy="name one of these, with its brackets")
    found = [one for one in found if one.dataset == dataset] or found
    found = [one for one in found if one.protocol_digest == protocol_digest] or found
    if len(found) > 1:
        known = sorted(spelled(one, found) for one in found)
        raise AmbiguousQuestion(f"ambiguous quantity; choose one of: {listed(known)}", known=known,
                                code="benchmarks.ambiguous_quantity", remedy="name one of these, with its brackets")
    return found[0] if found else None


def chosen_quantity(quantities: list, name: str, words: Mapping, conditions: Mapping) -> Quantity:
    """The one quantity of this name whose attributes are `words` and that was measured under `conditions`.

    Raises UnknownName and AmbiguousQuestion, listing what there is.
    """
    named = [one for one in quantities if one.name == name]
    if not named:
        known = list(dict.fromkeys(one.name for one in quantities))
        raise UnknownName(f"unknown quantity {name}{nearest.suggestion(name, known)}; known: {listed(known)}",
                          known=known, code="benchmarks.unknown_quantity", remedy="name one of these")
    found = [one for one in named if all(getattr(one, word) == value for word, value in words.items())
             and all(one.conditions.get(key) == str(value) for key, value in conditions.items())]
    if len(found) == 1:
        return found[0]
    among = found or named
    known = list(dict.fromkeys(spelled(one, among) for one in among))
    asked = ", ".join(f"{word}={value!r}" for word, value in (*words.items(), *conditions.items()))
    if not found:
        raise UnknownName(f"unknown quantity {name} with {asked}; known: {listed(known)}", known=known,
                          code="benchmarks.unknown_quantity", remedy="choose what one of these has in brackets")
    telling = [word for word in ("device", "space", "dataset", "split", "source", "unit")
               if len({getattr(one, word) for one in found}) > 1]
    if len({str(one.conditions) for one in found}) > 1:
        telling.append("conditions")
    raise AmbiguousQuestion(f"ambiguous quantity; choose one of: {listed(known)}", known=known,
                            code="benchmarks.ambiguous_quantity",
                            remedy=f"choose one of them with {' and '.join(f'{word}=' for word in telling)}")


def _selects(one: Quantity, key: str | None, value: str) -> bool:
    if key is None:
        return value in (one.device, one.split) or value in one.conditions.values()
    if key in ("device", "dataset", "source", "unit") or key == "split" and one.split is not None:
        return getattr(one, key) == value
    return one.conditions.get(key) == value


def spelled(one: Quantity, others: list) -> str:
    """A quantity as a field names it, with the selectors in brackets that distinguish it from the others."""
    selectors = [] if one.device is None else [(None, one.device)]
    if one.split is not None:
        selectors.append(("split", one.split))
    selectors += sorted(one.conditions.items())
    for key in ("dataset", "source", "unit"):
        if getattr(one, key) is not None and len({getattr(other, key) for other in others}) > 1:
            selectors.append((key, getattr(one, key)))
    return Field((one.name,), tuple(selectors)).text


def vocabulary(atlas, setting: Setting) -> Vocabulary:
    """The fields that a filter over runs of a setting may use."""
    quantities = {one.name for one in atlas.quantities if one.space == setting.space}
    return Vocabulary([
        *OTHERS, *(name for name in setting.names("run") if name in NUMBERS),
        *setting.names("count"), *setting.cost_names,
        *(Field(("attribute", name)).text for name in setting.names("attribute")),
        *(Field(measure).text for measure in setting.measures), *quantities, *(f"{name}[*]" for name in quantities),
        *(field.text for field in _traits(atlas, setting))])


def _traits(atlas, setting: Setting) -> dict:
    return traits_of(atlas, setting.space)


def no_field(asked: str, known: list) -> UnknownName:
    """The error that a setting or a space has no such field."""
    return UnknownName(f"unknown field {asked}{nearest.suggestion(asked, known)}; known: {listed(known)}",
                       known=known, code="benchmarks.unknown_field",
                       remedy="name one of these fields; docs/filters.md explains how they are spelled")


def check_objective(text) -> None:
    """Raises WrongArgument for what cannot be the name of a field."""
    if not isinstance(text, str):
        raise WrongArgument(f"{text!r} is not the name of a field",
                            remedy='give a field such as "parameters", or "parameters:max"')


def filter_of(text: str | None, atlas, setting: Setting):
    """A filter over the fields of a setting; None for None. Raises FilterError, also for a parameter."""
    if text is None:
        return None
    found = read_filter(text, vocabulary(atlas, setting))
    parts(found)
    check_texts(found, FieldReader(fields(found), atlas, setting).listed_texts)
    return _without_parameters(found)


def traits_of(atlas, space: str) -> dict:
    """The traits of the architectures of a space, by field; none where the space has no rules here."""
    try:
        return traits(atlas.space(space))
    except UnsupportedSpace:
        return {}


def measured_filter(text: str | None, atlas, space: str):
    """A filter over measurements of a space and traits of its architectures, where runs play no part; None for None."""
    if text is None:
        return None
    names = {one.name for one in atlas.quantities if one.space == space}
    found = read_filter(text, Vocabulary([
        *names, *(f"{name}[*]" for name in names), *(field.text for field in traits_of(atlas, space))]))
    check_texts(found, lambda field: None if field.path[0] in names
                else listed_words(atlas.space(space), traits_of(atlas, space)[field]))
    return _without_parameters(found)


def _without_parameters(found):
    for condition in found.conditions():
        for operand in condition.operands:
            if isinstance(operand, Parameter):
                raise FilterError(f"the filter has the parameter :{operand.name} without a value; given: none",
                                  code="benchmarks.filter_unbound_parameter",
                                  remedy="write the value into the filter")
    return found
