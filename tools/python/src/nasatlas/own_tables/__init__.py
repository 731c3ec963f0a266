"""Converts your own results into an atlas: a CSV file, a data frame or lists of values.

docs/own-tables.md has examples. The `nasatlas` program writes the atlas (`ingest` and `publish`).
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nasatlas import program
from nasatlas.cells import Cells, Table, TableError
from nasatlas.fidelity import Fidelity
from nasatlas.importing import ndjson
from nasatlas.importing.entries import File, MetricCard, ProtocolCard, Run, SourceCard, SpaceCard
from nasatlas.outputs import Target
from nasatlas.own_tables.architectures import architectures
from nasatlas.own_tables.axis import Axis
from nasatlas.own_tables.datasets import dataset_card
from nasatlas.own_tables.descriptions import (
    Measured, Metric, check, check_attributes, check_name, check_texts, columns_of, described, no_column)
from nasatlas.own_tables.runs import Runs, measurements
from nasatlas.spaces.ranges import Range

if TYPE_CHECKING:
    from nasatlas.atlas import Atlas


def write_table(table, path: str | os.PathLike, *, architecture: str | Sequence[str], metrics: Mapping[str, Metric],
                space: str | SpaceCard | None = None, ranges: Mapping[str, Range] | None = None, dataset: str = "data",
                dataset_column: str | None = None, protocol: str = "default",
                protocol_settings: Mapping | None = None, seed: str | None = None, epoch: str | None = None,
                epochs: float | None = None, positions: Sequence[float] | None = None,
                fidelity: Fidelity | None = None, parameters: str | None = None, flops: str | None = None,
                train_seconds: str | None = None, measured: Mapping[str, Measured] | None = None,
                attributes: Sequence[str] = (), task: str | None = None, title: str = "My results",
                citation: str = "unpublished", license: str | None = None, replace: bool = False) -> Atlas:
    """Converts a table with one row per training into an atlas, and opens it. Runs the `nasatlas` program.

    `table` is the path of a CSV file with a header, a pandas or polars frame, a mapping from names of columns to lists,
    or a list of rows as mappings. `metrics` describes each column of results; the first is the primary metric.

    `architecture` names the columns of the parameters of a grid, or the column of texts of a built-in `space` such as
    `nasbench201`. `space` may also be a card: of a grid with more values than the table, or of an opaque space, whose
    architectures are any JSON. A table with one architecture gets an opaque space, because a grid has at least two;
    the architecture is a JSON object of its parameters.

    `ranges` describes columns of hyperparameters that were drawn at random, such as `{"lr": Range(1e-4, 1e-1, "log")}`.
    Without it, a column with more than 32 different numbers is a range from the smallest to the largest, logarithmic if
    that is 100 times as large.

    `seed` names a column of whole numbers; without it, equal architectures are repetitions `unnamed-1`, `unnamed-2`.
    A curve is a list of numbers in a cell, one per epoch, or one row per epoch if `epoch` names a column. A single
    number is the value after `epochs` epochs (default: 1). If the numbers of lists are of other epochs than 1, 2, …,
    give these as `positions`. `fidelity` is another axis than epochs, such as `Fidelity("step", "step")`; `epoch`,
    `epochs` and `positions` then have steps. If the axis has `levels`, they have levels, such as 0.1, 0.5 and 1.

    `task` is the task of the data sets, such as `regression`; the default follows from the names of the metrics, or is
    `unknown`. `parameters`, `flops` and `train_seconds` name columns of runs; with `epoch`, seconds are per epoch.
    `measured` describes columns of measurements, and `attributes` names further columns of numbers. Empty cells are
    absent values. Other columns are ignored.

    Raises TableError, which names the column and the row; WrongArgument; MissingProgram; Unwritable if `path` is
    another kind of file, or an atlas and `replace` is False.
    """
    program.find()
    file = Path(table) if isinstance(table, (str, os.PathLike)) else None
    Target(path).check("atlas", [] if file is None else [file], replace, "replace=True")
    metrics = described("metrics", metrics, Metric)
    measured = {} if measured is None else described("measured", measured, Measured)
    columns, attributes = columns_of("architecture", architecture), columns_of("attributes", attributes)
    named = {"dataset_column": dataset_column, "seed": seed, "epoch": epoch, "parameters": parameters, "flops": flops,
             "train_seconds": train_seconds}
    for argument, column in named.items():
        if column is not None and not isinstance(column, str):
            raise no_column(argument, column)
    check(columns, metrics, measured)
    axis = Axis(fidelity, positions, epochs)
    check_attributes(attributes)
    check_texts(dataset, protocol, protocol_settings, title, citation, license, task)
    cells = Cells(Table(table), [*columns, *metrics, *measured, *attributes], named)
    card, texts = architectures(cells, columns, space, {} if ranges is None else ranges)
    datasets = _datasets(cells, dataset, dataset_column)
    count = {} if epochs is None or fidelity is not None else {"epochs": epochs}
    settings = {"name": protocol, **count, **(protocol_settings or {})}
    source = SourceCard("table", title, "a table written with nasatlas.write_table", files=_files(file),
                        license=license, citation=citation)
    entries = [source, *([] if card is None else [card]), *_metric_cards(metrics),
               ProtocolCard(protocol, settings, fidelity)]
    entries += [dataset_card(one, task, metrics.values(), title, citation, license) for one in dict.fromkeys(datasets)]
    name = space if card is None else card.name
    for text, of, number, rows, curves, costs in Runs(cells, texts, datasets, metrics, axis).each(
            seed, epoch, train_seconds):
        further = {column: cells.shared(column, rows, whole=False) for column in attributes}
        entries.append(Run(
            name, text, of, protocol, number, source.name, curves,
            counts={"parameters": cells.shared(parameters, rows), "flops": cells.shared(flops, rows)},
            attributes={column: value for column, value in further.items() if value is not None}, **costs))
    entries += measurements(cells, texts, name, source.name, measured)
    _publish(entries, path, title, replace)
    from nasatlas.atlas import Atlas
    return Atlas(path)


def _files(file: Path | None) -> list:
    if file is None:
        return []
    name = os.fsencode(file.name).decode("utf-8", "replace")
    return [File(name, hashlib.sha256(file.read_bytes()).hexdigest())]


def _metric_cards(metrics: Mapping) -> list:
    return [MetricCard(one.name, one.unit, one.larger_is_better, one.meaning or one.name, one.minimum, one.maximum,
                       one.target)
            for one in {one.name: one for one in metrics.values()}.values()]


def _datasets(cells: Cells, dataset: str, column: str | None) -> list:
    """The data set of every row."""
    rows = range(len(cells.table))
    if column is None:
        return [dataset for _ in rows]
    return [check_name(cells.text(column, row), f"column {column}, {cells.table.where(row)}: the data set")
            for row in rows]


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
