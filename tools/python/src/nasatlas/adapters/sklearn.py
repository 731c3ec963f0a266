"""scikit-learn: architectures and their values as arrays. Needs numpy only.

    from nasatlas.adapters.sklearn import arrays
    from sklearn.ensemble import RandomForestRegressor

    data = arrays("nasbench201.atlas", dataset="cifar10")
    RandomForestRegressor().fit(data.X[:1000], data.y[:1000]).score(data.X[1000:], data.y[1000:])
"""

from __future__ import annotations

import os
from typing import NamedTuple

import numpy as np

from nasatlas.adapters.task import Task
from nasatlas.atlas import Atlas
from nasatlas.errors import MissingValue, UnknownName

ENCODINGS = ("one-hot", "places", "scaled")


class Arrays(NamedTuple):
    """n rows, in the order of the atlas."""

    X: np.ndarray
    """Encodings of shape (n, columns), in 64-bit floats."""
    y: np.ndarray
    """Values of shape (n,), in the unit of the metric."""
    groups: np.ndarray
    """The place of each row's architecture in the atlas, of shape (n,): runs of one architecture are one group."""
    ids: list
    """The id of each row's architecture."""
    architectures: list
    """The canonical text of each row's architecture."""
    columns: list
    """The names of the columns of X, such as `edge_0_1=none`."""
    target: str
    """The name of the values, such as `validation_accuracy_percent`."""


def arrays(atlas: Atlas | str | os.PathLike, encoding: str = "one-hot", *, dataset: str | None = None,
           protocol: str | None = None,
           space: str | None = None, metric: str | None = None, split: str = "validation",
           epoch: int | str | None = None, seed: int | str = "mean", at_epoch: int | None = None,
           **unknown_words) -> Arrays:
    """Encodings and values; the arguments of the question are those of Task.

    A row is an architecture that has a value; with seed="all" it is one of the runs that the mean is over. Values that
    were recorded as NaN have no row. Encodings: `one-hot` has a column of 0 and 1 for each value of each parameter;
    `places` a column for each parameter, the place of its value from 0; `scaled` ordered parameters as their place,
    from 0 to 1, and the others one-hot. Raises MissingValue where nothing has a value.
    """
    if encoding not in ENCODINGS:
        raise UnknownName(f"unknown encoding {encoding}; known: {', '.join(ENCODINGS)}", known=list(ENCODINGS),
                          code="adapters.unknown_encoding", remedy="choose one of them with encoding=")
    by_run = seed == "all"
    task = Task(atlas, dataset=dataset, protocol=protocol, space=space, metric=metric, split=split, epoch=epoch,
                seed="mean" if by_run else seed, at_epoch=at_epoch, **unknown_words)
    span = task.atlas._places_of_space(task.lookup.context.space)
    means = task.lookup.values()
    known = span.start + np.flatnonzero(~np.isnan(means[span.start:span.stop]))
    groups, y = _runs(task.lookup) if by_run else (known, means[known])
    if not len(groups):
        raise MissingValue(f"all values of {task.lookup} are NaN", remedy="ask for another epoch or metric")
    texts = [task.atlas.architectures[place] for place in span]
    digests = task.atlas._architecture_ids(span)
    rows = groups - span.start
    places = np.array([task.space.places(text) for text in texts], np.int64)[rows]
    X, columns = _encoded(task.space.parameters, places, encoding)
    rows = rows.tolist()
    return Arrays(X, y, groups, [digests[row] for row in rows], [texts[row] for row in rows], columns, task.name)


def _runs(lookup) -> tuple:
    """Architecture and value of each run that the mean is over: completed, and no published mean beside them."""
    setting, values = lookup.setting, lookup.run_values()
    there = ~np.isnan(values)
    if (completed := setting.completed()) is not None:
        there &= completed
    places = setting.column("run", "architecture").whole() - 1
    if (published := setting.means_beside_runs()) is not None:
        there &= ~(published & np.isin(places, places[there & ~published]))
    return places[there], values[there]


def _encoded(parameters, places, encoding) -> tuple:
    """Columns of X and their names, from the places (n, p) of the values."""
    pieces, names = [], []
    for parameter, own in zip(parameters, places.T):
        count = len(parameter.values)
        if encoding == "places" or encoding == "scaled" and parameter.ordered:
            pieces.append((own if encoding == "places" else own / max(count - 1, 1))[:, None])
            names.append(parameter.name)
        else:
            pieces.append(own[:, None] == np.arange(count))
            names += [f"{parameter.name}={word}" for word in parameter.words]
    return np.concatenate(pieces, axis=1).astype(float), names
