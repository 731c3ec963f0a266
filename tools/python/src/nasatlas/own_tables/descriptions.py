"""Describes the columns of a table, and checks what descriptions and other arguments say."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from nasatlas.cells import TableError
from nasatlas.errors import WrongArgument

SPLITS = ("train", "validation", "test", "valtest")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
WORD = re.compile(r"[a-z][a-z0-9_]{0,63}")
"""A task, and the name of an axis."""


class Metric(NamedTuple):
    """Describes a column of results of trainings, such as an accuracy."""

    name: str
    """Such as `accuracy` or `loss`."""
    unit: str
    """Such as `percent`, `fraction`, `nat`; `1` for numbers without a unit."""
    larger_is_better: bool
    split: str = "validation"
    """`train`, `validation`, `test` or `valtest`."""
    meaning: str = ""
    minimum: float | None = None
    """Smaller values are refused."""
    maximum: float | None = None
    """Larger values are refused."""
    target: str | None = None
    """The target of the data set that it measures; None for a metric of all targets."""


class Measured(NamedTuple):
    """Describes a column of measurements of architectures, such as a latency."""

    name: str
    unit: str
    device: str | None = None


EXAMPLES = {Metric: 'nasatlas.Metric("accuracy", "percent", larger_is_better=True)',
            Measured: 'nasatlas.Measured("latency", "millisecond")'}


def columns_of(argument: str, given) -> list:
    """The columns that an argument names; raises WrongArgument for values that are not names."""
    names = [given] if isinstance(given, str) else list(given) if isinstance(given, Iterable) else [given]
    if not all(isinstance(one, str) for one in names):
        raise no_column(argument, given)
    return names


def no_column(argument: str, given) -> WrongArgument:
    return WrongArgument(f"{argument} cannot be {given!r}", remedy='name columns by texts, such as "width"')


def described(argument: str, given, kind: type) -> dict:
    """The descriptions of columns by column; raises WrongArgument for other values."""
    if not isinstance(given, Mapping):
        raise WrongArgument(f"{argument} cannot be {given!r}",
                            remedy=f"give a description of each column: {argument}={{\"column\": {EXAMPLES[kind]}}}")
    found = {}
    for column, one in given.items():
        if not isinstance(column, str):
            raise no_column(f"a column of {argument}", column)
        try:
            if not isinstance(one, (tuple, list)):
                raise TypeError
            found[column] = kind(*one)
        except TypeError as error:
            raise WrongArgument(
                f"the description of column {column} in {argument} cannot be {one!r}",
                remedy=f"give a {kind.__name__}: {argument}={{\"{column}\": {EXAMPLES[kind]}}}") from error
    return found


def check(columns: Sequence, metrics: Mapping, measured: Mapping) -> None:
    if not columns:
        raise WrongArgument("the table needs a column of architectures", remedy='name it, such as architecture="width"')
    if not metrics:
        raise WrongArgument("the table needs a metric", remedy=f'give metrics={{"column": {EXAMPLES[Metric]}}}')
    for column, one in metrics.items():
        if one.split not in SPLITS:
            raise WrongArgument(f"the split of {column} cannot be {one.split!r}; allowed: {', '.join(SPLITS)}",
                                known=list(SPLITS), remedy="choose one of them")
        check_name(one.name, f"the metric of {column}")
        check_text(one.unit, f"the unit of {column}")
        if one.meaning != "":
            check_text(one.meaning, f"the meaning of {column}")
        if one.target is not None:
            check_text(one.target, f"the target of {column}")
        if not isinstance(one.larger_is_better, bool):
            raise WrongArgument(f"larger_is_better of {column} cannot be {one.larger_is_better!r}",
                                remedy="give True or False")
    cards = {}
    for column, one in metrics.items():
        says = (one.unit, one.larger_is_better, one.minimum, one.maximum, one.target)
        first = cards.setdefault(one.name, (column, says))
        if first[1] != says:
            raise WrongArgument(f"the columns {first[0]} and {column} describe the metric {one.name} differently",
                                remedy="give both the same unit, direction, range and target, or different names")
        _range(column, one)
        if any((one.name, one.split) == (other.name, other.split) for name, other in metrics.items() if name != column):
            raise WrongArgument(f"two columns have the metric {one.name} on the split {one.split}",
                                remedy="give them different names or splits")
    for column, one in measured.items():
        check_name(one.name, f"the quantity of {column}")
        check_text(one.unit, f"the unit of {column}")
        if one.device is not None:
            check_text(one.device, f"the device of {column}")
            if not unicodedata.is_normalized("NFC", one.device):
                raise WrongArgument(f"the device of {column}, {one.device!r}, is not in Unicode normal form C",
                                    remedy='normalize it with unicodedata.normalize("NFC", …)')
        if any(one[::2] == other[::2] for name, other in measured.items() if name != column):
            raise WrongArgument(f"two columns measure {one.name}", remedy="give them different names or devices")


def check_attributes(attributes: Sequence) -> None:
    for column in attributes:
        if not column or "\0" in column or not unicodedata.is_normalized("NFC", column):
            raise TableError(f"column {column!r}: the name cannot be the name of an attribute; allowed: texts in "
                             "Unicode normal form C that are not empty and have no NUL", remedy="rename the column")


def check_texts(dataset: str, protocol: str, settings: Mapping | None, title: str, citation: str,
                license: str | None, task: str | None) -> None:
    check_name(dataset, "the data set")
    check_name(protocol, "the protocol")
    if task is not None and not (isinstance(task, str) and WORD.fullmatch(task)):
        raise WrongArgument(f"task cannot be {task!r}; allowed: lower-case letters, digits and underscores, a letter "
                            "first",
                            remedy="give one word, such as classification, regression or language_modeling")
    for argument, text in (("title", title), ("citation", citation), ("license", license)):
        if text is not None or argument != "license":
            check_text(text, argument)
    try:
        if not isinstance(settings or {}, Mapping):
            raise TypeError("they are not a mapping")
        json.dumps(settings or {}, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise WrongArgument(f"protocol_settings cannot be {settings!r}: {error}",
                            remedy='give a mapping of names to JSON, such as {"optimizer": "SGD"}') from error


def _range(column: str, metric: Metric) -> None:
    ends = [one for one in (metric.minimum, metric.maximum) if one is not None]
    are_numbers = all(isinstance(one, (int, float)) and not isinstance(one, bool) and math.isfinite(one)
                      for one in ends)
    if not are_numbers or ends != sorted(ends):
        raise WrongArgument(f"the range of {column} cannot be {metric.minimum!r} to {metric.maximum!r}",
                            remedy="give finite numbers as minimum and maximum, the smaller one first")


def check_text(given: str, what: str) -> None:
    """Raises WrongArgument for values that cannot be stored as a text."""
    if not isinstance(given, str) or not given.strip():
        raise WrongArgument(f"{what} cannot be {given!r}", remedy="give a text that is not empty")
    if "\0" in given or any("\ud800" <= one <= "\udfff" for one in given):
        raise WrongArgument(f"{what} cannot be {given!r}", remedy="leave out NUL characters and lone surrogates")


def check_name(given: str, what: str) -> str:
    if not isinstance(given, str) or not NAME.fullmatch(given):
        raise TableError(f"{what} is called {given!r}; allowed: letters, digits and . _ -, up to 100",
                         remedy="choose such a name")
    return given
