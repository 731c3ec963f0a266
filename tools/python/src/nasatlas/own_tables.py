"""Converts your own results into an atlas: a CSV file, a data frame or lists of values.

docs/own-tables.md has examples. The `nasatlas` program writes the atlas (`ingest` and `publish`).
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import subprocess
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from nasatlas import program, spaces
from nasatlas.cells import Cells, Table, TableError
from nasatlas.errors import NotInSpace, UnknownArchitecture, WrongArgument
from nasatlas.importing import ndjson, space_checks
from nasatlas.importing.entries import (
    Curve, DatasetCard, File, Measurement, MetricCard, Parameter, ProtocolCard, Run, SourceCard, SpaceCard, Unnamed)
from nasatlas.outputs import Target
from nasatlas.reading import names

if TYPE_CHECKING:
    from nasatlas.atlas import Atlas

SPLITS = ("train", "validation", "test", "valtest")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
LARGEST_SEED, LARGEST_EPOCH = (1 << 64) - 1, (1 << 31) - 1


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


class Measured(NamedTuple):
    """Describes a column of measurements of architectures, such as a latency."""

    name: str
    unit: str
    device: str | None = None


EXAMPLES = {Metric: 'nasatlas.Metric("accuracy", "percent", larger_is_better=True)',
            Measured: 'nasatlas.Measured("latency", "millisecond")'}


def write_table(table, path: str | os.PathLike, *, architecture: str | Sequence[str], metrics: Mapping[str, Metric],
                space: str | SpaceCard | None = None, dataset: str = "data", dataset_column: str | None = None,
                protocol: str = "default", protocol_settings: Mapping | None = None, seed: str | None = None,
                epoch: str | None = None, epochs: int | None = None, parameters: str | None = None,
                flops: str | None = None, train_seconds: str | None = None,
                measured: Mapping[str, Measured] | None = None, attributes: Sequence[str] = (),
                title: str = "My results", citation: str = "unpublished", license: str | None = None,
                replace: bool = False) -> Atlas:
    """Converts a table with one row per training into an atlas, and opens it. Runs the `nasatlas` program.

    `table` is the path of a CSV file with a header, a pandas or polars frame, a mapping from names of columns to lists,
    or a list of rows as mappings. `metrics` describes each column of results; the first is the primary metric.

    `architecture` names the columns of the parameters of a grid, or the column of texts of a built-in `space` such as
    `nasbench201`. `space` may also be a card: of a grid with more values than the table, or of an opaque space, whose
    architectures are any JSON. A table with one architecture gets an opaque space, because a grid has at least two;
    the architecture is a JSON object of its parameters.

    `seed` names a column of whole numbers; without it, equal architectures are repetitions `unnamed-1`, `unnamed-2`.
    A curve is a list of numbers in a cell, one per epoch, or one row per epoch if `epoch` names a column. A single
    number is the value after `epochs` epochs (default: 1). `parameters`, `flops` and `train_seconds` name columns of
    runs; with `epoch`, seconds are per epoch. `measured` describes columns of measurements, and `attributes` names
    further columns of numbers. Empty cells are absent values. Other columns are ignored.

    Raises TableError, which names the column and the row; WrongArgument; MissingProgram; Unwritable if `path` is
    another kind of file, or an atlas and `replace` is False.
    """
    program.find()
    file = Path(table) if isinstance(table, (str, os.PathLike)) else None
    Target(path).check("atlas", [] if file is None else [file], replace, "replace=True")
    metrics = _described("metrics", metrics, Metric)
    measured = {} if measured is None else _described("measured", measured, Measured)
    columns, attributes = _columns("architecture", architecture), _columns("attributes", attributes)
    named = {"dataset_column": dataset_column, "seed": seed, "epoch": epoch, "parameters": parameters, "flops": flops,
             "train_seconds": train_seconds}
    for argument, column in named.items():
        if column is not None and not isinstance(column, str):
            raise _no_column(argument, column)
    _check(columns, metrics, measured, epochs)
    _check_attributes(attributes)
    _check_texts(dataset, protocol, protocol_settings, title, citation, license)
    cells = Cells(Table(table), [*columns, *metrics, *measured, *attributes], named)
    card, texts = _architectures(cells, columns, space)
    datasets = _datasets(cells, dataset, dataset_column)
    settings = {"name": protocol, **({} if epochs is None else {"epochs": epochs}), **(protocol_settings or {})}
    source = SourceCard("table", title, "a table written with nasatlas.write_table", files=_files(file),
                        license=license, citation=citation)
    entries = [source, *([] if card is None else [card]), *_metric_cards(metrics), ProtocolCard(protocol, settings)]
    entries += [DatasetCard(one, one, "unknown", f"the splits of {title}", next(iter(metrics.values())).name,
                            source=title, citation=citation, license=license) for one in dict.fromkeys(datasets)]
    name = space if card is None else card.name
    for text, of, number, rows, curves, costs in _Runs(cells, texts, datasets, metrics, epochs).each(
            seed, epoch, train_seconds):
        further = {column: cells.shared(column, rows, whole=False) for column in attributes}
        entries.append(Run(
            name, text, of, protocol, number, source.name, curves,
            counts={"parameters": cells.shared(parameters, rows), "flops": cells.shared(flops, rows)},
            attributes={column: value for column, value in further.items() if value is not None}, **costs))
    entries += _measurements(cells, texts, name, source.name, measured)
    _publish(entries, path, title, replace)
    from nasatlas.atlas import Atlas
    return Atlas(path)


def _files(file: Path | None) -> list:
    if file is None:
        return []
    name = os.fsencode(file.name).decode("utf-8", "replace")
    return [File(name, hashlib.sha256(file.read_bytes()).hexdigest())]


def _metric_cards(metrics: Mapping) -> list:
    return [MetricCard(one.name, one.unit, one.larger_is_better, one.meaning or one.name, one.minimum, one.maximum)
            for one in {one.name: one for one in metrics.values()}.values()]


def _datasets(cells: Cells, dataset: str, column: str | None) -> list:
    """The data set of every row."""
    rows = range(len(cells.table))
    if column is None:
        return [dataset for _ in rows]
    return [_name(cells.text(column, row), f"column {column}, {cells.table.where(row)}: the data set") for row in rows]


def _columns(argument: str, given) -> list:
    """The columns that an argument names; raises WrongArgument for values that are not names."""
    names = [given] if isinstance(given, str) else list(given) if isinstance(given, Iterable) else [given]
    if not all(isinstance(one, str) for one in names):
        raise _no_column(argument, given)
    return names


def _no_column(argument: str, given) -> WrongArgument:
    return WrongArgument(f"{argument} cannot be {given!r}", remedy='name columns by texts, such as "width"')


def _described(argument: str, given, kind: type) -> dict:
    """The descriptions of columns by column; raises WrongArgument for other values."""
    if not isinstance(given, Mapping):
        raise WrongArgument(f"{argument} cannot be {given!r}",
                            remedy=f"give a description of each column: {argument}={{\"column\": {EXAMPLES[kind]}}}")
    found = {}
    for column, one in given.items():
        if not isinstance(column, str):
            raise _no_column(f"a column of {argument}", column)
        try:
            if not isinstance(one, (tuple, list)):
                raise TypeError
            found[column] = kind(*one)
        except TypeError as error:
            raise WrongArgument(
                f"the description of column {column} in {argument} cannot be {one!r}",
                remedy=f"give a {kind.__name__}: {argument}={{\"{column}\": {EXAMPLES[kind]}}}") from error
    return found


def _check(columns: Sequence, metrics: Mapping, measured: Mapping, epochs: int | None) -> None:
    is_whole = isinstance(epochs, int) and not isinstance(epochs, bool)
    if epochs is not None and not (is_whole and 0 < epochs <= LARGEST_EPOCH):
        raise WrongArgument(f"epochs cannot be {epochs!r}", remedy=f"give a whole number from 1 to {LARGEST_EPOCH}")
    if not columns:
        raise WrongArgument("the table needs a column of architectures", remedy='name it, such as architecture="width"')
    if not metrics:
        raise WrongArgument("the table needs a metric", remedy=f'give metrics={{"column": {EXAMPLES[Metric]}}}')
    for column, one in metrics.items():
        if one.split not in SPLITS:
            raise WrongArgument(f"the split of {column} cannot be {one.split!r}; allowed: {', '.join(SPLITS)}",
                                known=list(SPLITS), remedy="choose one of them")
        _name(one.name, f"the metric of {column}")
        _text(one.unit, f"the unit of {column}")
        if one.meaning != "":
            _text(one.meaning, f"the meaning of {column}")
        if not isinstance(one.larger_is_better, bool):
            raise WrongArgument(f"larger_is_better of {column} cannot be {one.larger_is_better!r}",
                                remedy="give True or False")
    cards = {}
    for column, one in metrics.items():
        says = (one.unit, one.larger_is_better, one.minimum, one.maximum)
        first = cards.setdefault(one.name, (column, says))
        if first[1] != says:
            raise WrongArgument(f"the columns {first[0]} and {column} describe the metric {one.name} differently",
                                remedy="give both the same unit, direction and range, or different names")
        _range(column, one)
        if any((one.name, one.split) == (other.name, other.split) for name, other in metrics.items() if name != column):
            raise WrongArgument(f"two columns have the metric {one.name} on the split {one.split}",
                                remedy="give them different names or splits")
    for column, one in measured.items():
        _name(one.name, f"the quantity of {column}")
        _text(one.unit, f"the unit of {column}")
        if one.device is not None:
            _text(one.device, f"the device of {column}")
            if not unicodedata.is_normalized("NFC", one.device):
                raise WrongArgument(f"the device of {column}, {one.device!r}, is not in Unicode normal form C",
                                    remedy='normalize it with unicodedata.normalize("NFC", …)')
        if any(one[::2] == other[::2] for name, other in measured.items() if name != column):
            raise WrongArgument(f"two columns measure {one.name}", remedy="give them different names or devices")


def _check_attributes(attributes: Sequence) -> None:
    for column in attributes:
        if not column or "\0" in column or not unicodedata.is_normalized("NFC", column):
            raise TableError(f"column {column!r}: the name cannot be the name of an attribute; allowed: texts in "
                             "Unicode normal form C that are not empty and have no NUL", remedy="rename the column")


def _check_texts(dataset: str, protocol: str, settings: Mapping | None, title: str, citation: str,
                 license: str | None) -> None:
    _name(dataset, "the data set")
    _name(protocol, "the protocol")
    for argument, text in (("title", title), ("citation", citation), ("license", license)):
        if text is not None or argument != "license":
            _text(text, argument)
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


def _text(given: str, what: str) -> None:
    """Raises WrongArgument for values that cannot be stored as a text."""
    if not isinstance(given, str) or not given.strip():
        raise WrongArgument(f"{what} cannot be {given!r}", remedy="give a text that is not empty")
    if "\0" in given or any("\ud800" <= one <= "\udfff" for one in given):
        raise WrongArgument(f"{what} cannot be {given!r}", remedy="leave out NUL characters and lone surrogates")


def _name(given: str, what: str) -> str:
    if not isinstance(given, str) or not NAME.fullmatch(given):
        raise TableError(f"{what} is called {given!r}; allowed: letters, digits and . _ -, up to 100",
                         remedy="choose such a name")
    return given


def _architectures(cells: Cells, columns: list, space) -> tuple:
    """The card of the space (None for a built-in space) and the canonical text of every row."""
    table = cells.table
    if isinstance(space, str) and space in spaces.BUILT_IN:
        if len(columns) != 1:
            raise WrongArgument(f"architecture names {len(columns)} columns; {space} has architectures in one column",
                                remedy="name one column with architecture=")
        rules = spaces.space(space)
        return None, [_canonical(cells, rules, columns[0], row) for row in range(len(table))]
    space_checks.check_name("table" if space is None else space.name if isinstance(space, SpaceCard) else space)
    if isinstance(space, SpaceCard) and space.kind == "opaque":
        return space, _objects(cells, columns) if len(columns) > 1 else [
            _json(cells, columns[0], row) for row in range(len(table))]
    values = {column: cells.values(column) for column in columns}
    if isinstance(space, SpaceCard):
        card = space
    elif all(len(set(found)) == 1 for found in values.values()):
        # A grid has two architectures or more.
        return SpaceCard(space or "table", "opaque", "The one architecture of a table"), _objects(cells, columns)
    else:
        card = SpaceCard(space or "table", "grid", "The parameters of a table", parameters=[
            Parameter(column, *_listed(found)) for column, found in values.items()])
    space_checks.check_grid(card)
    rules = spaces.space(card.name, card.line()["space"])
    texts = []
    for row in range(len(table)):
        try:
            texts.append(rules.text({column: found[row] for column, found in values.items()}))
        except NotInSpace as error:
            raise TableError(f"{table.where(row)}: {error.message}", remedy=error.remedy) from error
    return card, texts


def _canonical(cells: Cells, rules, column: str, row: int) -> str:
    text = cells.text(column, row)
    try:
        return rules.canonical(names.canonical(text, rules.name) or text)
    except (NotInSpace, UnknownArchitecture) as error:
        raise cells.error(column, row, error.message, error.remedy) from error


def _json(cells: Cells, column: str, row: int) -> str:
    value = cells.present(column, row)
    try:
        return _canonical_json(json.loads(value) if isinstance(value, str) else value)
    except (TypeError, ValueError) as error:
        raise cells.error(column, row, f"{value!r} is not JSON in Unicode normal form C",
                          'give JSON, such as {"layers": 3} or "resnet"') from error


def _objects(cells: Cells, columns: list) -> list:
    """Every row as a JSON object of its parameters."""
    values, found = {column: cells.values(column, of_grid=False) for column in columns}, []
    for row in range(len(cells.table)):
        try:
            found.append(_canonical_json({column: values[column][row] for column in columns}))
        except (TypeError, ValueError) as error:
            raise TableError(f"{cells.table.where(row)}: the columns {', '.join(columns)} are not JSON in Unicode "
                             f"normal form C: {error}", remedy="give numbers, texts, lists, true or false") from error
    return found


def _canonical_json(value) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    text.encode()
    if not unicodedata.is_normalized("NFC", text):
        raise ValueError("not in Unicode normal form C")
    return text


def _listed(found: Iterable) -> tuple:
    """Kind and values of a parameter: numbers are sorted, texts keep their order."""
    known = list(dict.fromkeys(found))
    is_number = all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in known)
    return ("ordinal", sorted(known)) if is_number else ("categorical", known)


def _or(value: float | None, other: float) -> float:
    return other if value is None else value


def _between(metric: Metric) -> str:
    if metric.minimum is None:
        return f"of at most {metric.maximum}"
    return f"of at least {metric.minimum}" if metric.maximum is None else f"from {metric.minimum} to {metric.maximum}"


class _Runs:
    """The rows of a table as runs."""

    def __init__(self, cells: Cells, texts: list, datasets: list, metrics: Mapping, epochs: int | None):
        self._cells, self._texts, self._datasets, self._metrics = cells, texts, datasets, metrics
        self._last = epochs
        """The epoch of a cell with a single number."""

    def each(self, seed, epoch, train_seconds):
        """Yields text, data set, seed, rows, curves and costs of every run, the last as arguments of `Run`."""
        cells, grouped, repetitions = self._cells, {}, {}
        for row, key in enumerate(zip(self._texts, self._datasets)):
            if seed is not None:
                number = cells.whole(seed, row, LARGEST_SEED)
            elif epoch is not None:
                number = Unnamed(1)
            else:
                number = Unnamed(repetitions.setdefault(key, 0) + 1)
                repetitions[key] += 1
            rows = grouped.setdefault((*key, number), [])
            if rows and epoch is None:
                raise cells.error(seed, row, f"{cells.table.where(rows[0])} also has the seed {number} of {key[0]}",
                                  "give every training of an architecture its own seed")
            rows.append(row)
        for (text, dataset, number), rows in grouped.items():
            epochs = None if epoch is None else self._epochs(epoch, rows)
            curves = [one for column, metric in self._metrics.items()
                      if (one := self._curve(column, metric, rows, epochs)) is not None]
            if not curves:
                raise TableError(f"{cells.table.where(rows[0])}: no metric has a value; metrics: "
                                 f"{', '.join(self._metrics)}",
                                 remedy="remove the row, or name more columns with metrics=")
            yield text, dataset, number, rows, curves, self._seconds(train_seconds, rows, epochs)

    def _epochs(self, column: str, rows: list) -> list:
        """The epochs of a run; sorts `rows` by epoch."""
        found = {}
        for row in rows:
            epoch = self._cells.whole(column, row, LARGEST_EPOCH)
            if epoch < 1:
                raise self._cells.error(column, row, f"the epoch cannot be {epoch}",
                                        "count epochs from 1")
            if epoch in found:
                raise self._cells.error(column, row, f"{self._cells.table.where(found[epoch])} also has the "
                                        f"epoch {epoch} of {self._texts[row]}", "name the column of seeds with "
                                        "seed=, or remove one of the rows")
            found[epoch] = row
        rows.sort(key=lambda row: self._cells.whole(column, row))
        return sorted(found)

    def _curve(self, column: str, metric: Metric, rows: list, epochs: list | None) -> Curve | None:
        if epochs is None:
            values = self._cells.numbers(column, rows[0])
            for value in values:
                self._check(column, metric, rows[0], value)
            is_last = len(values) == 1 and self._last not in (None, 1)
            return Curve(metric.name, metric.split, values, [self._last] if is_last else None) if values else None
        there = [(epoch, value) for epoch, row in zip(epochs, rows)
                 if (value := self._cells.number(column, row)) is not None]
        if not there:
            return None
        for row in rows:
            self._check(column, metric, row, self._cells.number(column, row))
        known = [epoch for epoch, _ in there]
        return Curve(metric.name, metric.split, [value for _, value in there],
                     None if known == list(range(1, len(known) + 1)) else known)

    def _check(self, column: str, metric: Metric, row: int, value: float | None) -> None:
        """Raises TableError for values outside the range of the metric."""
        if value is not None and (value < _or(metric.minimum, -math.inf) or value > _or(metric.maximum, math.inf)):
            raise self._cells.error(column, row, f"{value} is outside the range of {metric.name}",
                                    f"give a value {_between(metric)}, or change the range of the metric")

    def _seconds(self, column: str | None, rows: list, epochs: list | None) -> dict:
        if column is None:
            return {}
        seconds = [self._cells.number(column, row) for row in rows]
        for row, one in zip(rows, seconds):
            if one is not None and one < 0:
                raise self._cells.error(column, row, f"a training cannot take {one} seconds",
                                        "give 0 or a larger number")
        if epochs is None:
            return {"costs": {"train_seconds": seconds[0]}}
        if all(one is None for one in seconds):
            return {}
        if None in seconds or epochs != list(range(1, len(epochs) + 1)):
            raise self._cells.error(column, rows[0], "seconds per epoch need a value for each of the epochs 1, 2, …",
                                    "fill the gaps, or leave out train_seconds=")
        return {"costs_by_epoch": {"train_seconds": seconds}}


def _measurements(cells: Cells, texts: list, space: str, source: str, measured: Mapping) -> list:
    found = []
    for column, one in measured.items():
        first = {}
        for row, text in enumerate(texts):
            value = cells.number(column, row)
            if value is None:
                continue
            before, known = first.setdefault(text, (row, value))
            if known != value:
                raise cells.error(column, row, f"{value} differs from {known} in {cells.table.where(before)}, which "
                                  "has the same architecture",
                                  "give one value per architecture, or describe the column in metrics=")
            if before == row:
                found.append(Measurement(space, text, source, one.name, one.unit, value, device=one.device))
    return found


def _publish(entries: list, path, title: str, replace: bool) -> None:
    folder = os.path.dirname(os.path.abspath(os.fsdecode(path)))
    with tempfile.TemporaryDirectory(prefix=".nasatlas-", dir=folder) as scratch:
        lines, working = os.path.join(scratch, "table.ndjson"), os.path.join(scratch, "working.sqlite")
        ndjson.write(entries, Path(lines))
        words = ["--force"] if replace and os.path.exists(path) else []
        for command in (["ingest", lines, "--into", working],
                        ["publish", working, os.fsdecode(path), "--title", title, *words]):
            done = subprocess.run([program.find(), *command], capture_output=True, text=True, check=False)
            if done.returncode:
                said, _, following = done.stderr.replace(lines, "the table").partition("\n  next: ")
                raise TableError(f"`nasatlas {command[0]}` refused the table: {said.strip()}",
                                 remedy=following.partition("\n")[0] or "read the message of the program")
