"""Reads the rows of a table as runs with curves, and its measurements."""

from __future__ import annotations

import math
from collections.abc import Mapping

from nasatlas.cells import Cells, TableError
from nasatlas.importing.entries import Curve, Measurement, Unnamed
from nasatlas.own_tables.axis import Axis
from nasatlas.own_tables.descriptions import Metric

LARGEST_SEED = (1 << 64) - 1


def _listed(positions: list) -> list | None:
    """The positions of a curve as its entry has them: None for 1, 2, …, n."""
    return None if positions == list(range(1, len(positions) + 1)) else positions


def _or(value: float | None, other: float) -> float:
    return other if value is None else value


def _between(metric: Metric) -> str:
    if metric.minimum is None:
        return f"of at most {metric.maximum}"
    return f"of at least {metric.minimum}" if metric.maximum is None else f"from {metric.minimum} to {metric.maximum}"


class Runs:
    """The rows of a table as runs."""

    def __init__(self, cells: Cells, texts: list, datasets: list, metrics: Mapping, axis: Axis):
        self._cells, self._texts, self._datasets, self._metrics, self._axis = cells, texts, datasets, metrics, axis

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
            positions = None if epoch is None else self._positions(epoch, rows)
            curves = [one for column, metric in self._metrics.items()
                      if (one := self._curve(column, metric, rows, positions)) is not None]
            if not curves:
                raise TableError(f"{cells.table.where(rows[0])}: no metric has a value; metrics: "
                                 f"{', '.join(self._metrics)}",
                                 remedy="remove the row, or name more columns with metrics=")
            yield text, dataset, number, rows, curves, self._seconds(train_seconds, rows, positions)

    def _positions(self, column: str, rows: list) -> list:
        """The positions of the rows of a run; sorts `rows` by them."""
        found = {}
        for row in rows:
            position = self._axis.of_cell(self._cells, column, row)
            if position in found:
                raise self._cells.error(column, row, f"{self._cells.table.where(found[position])} also has the "
                                        f"{self._axis.words(position)} of {self._texts[row]}", "name the column of "
                                        "seeds with seed=, or remove one of the rows")
            found[position] = row
        rows[:] = [found[position] for position in sorted(found)]
        return sorted(found)

    def _curve(self, column: str, metric: Metric, rows: list, positions: list | None) -> Curve | None:
        if positions is None:
            values = self._cells.numbers(column, rows[0])
            for value in values:
                self._check(column, metric, rows[0], value)
            at = self._axis.of_values(self._cells, column, rows[0], len(values))
            return Curve(metric.name, metric.split, values, _listed(at)) if values else None
        there = [(position, value) for position, row in zip(positions, rows)
                 if (value := self._cells.number(column, row)) is not None]
        if not there:
            return None
        for row in rows:
            self._check(column, metric, row, self._cells.number(column, row))
        return Curve(metric.name, metric.split, [value for _, value in there], _listed([one for one, _ in there]))

    def _check(self, column: str, metric: Metric, row: int, value: float | None) -> None:
        """Raises TableError for values outside the range of the metric."""
        if value is not None and (value < _or(metric.minimum, -math.inf) or value > _or(metric.maximum, math.inf)):
            raise self._cells.error(column, row, f"{value} is outside the range of {metric.name}",
                                    f"give a value {_between(metric)}, or change the range of the metric")

    def _seconds(self, column: str | None, rows: list, positions: list | None) -> dict:
        if column is None:
            return {}
        seconds = [self._cells.number(column, row) for row in rows]
        for row, one in zip(rows, seconds):
            if one is not None and one < 0:
                raise self._cells.error(column, row, f"a training cannot take {one} seconds",
                                        "give 0 or a larger number")
        if positions is None:
            return {"costs": {"train_seconds": seconds[0]}}
        if all(one is None for one in seconds):
            return {}
        if None in seconds or _listed(positions) is not None:
            raise self._cells.error(column, rows[0], f"seconds per {self._axis.name} need a value for each "
                                    f"{self._axis.name} from the first on",
                                    "fill the gaps, or leave out train_seconds=")
        return {"costs_by_epoch": {"train_seconds": seconds}}


def measurements(cells: Cells, texts: list, space: str, source: str, measured: Mapping) -> list:
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
