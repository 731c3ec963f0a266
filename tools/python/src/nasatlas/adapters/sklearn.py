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
from nasatlas.errors import MissingValue, UnknownName, UnsupportedSpace
from nasatlas.spaces import ChoiceSpace

ENCODINGS = ("one-hot", "ordinal", "scaled")
"""Encodings of every space of independent choices."""


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
    """The names of the columns of X, such as `edge_0_1=none`, or `path_12` of the encoding `path`."""
    target: str
    """The name of the values, such as `validation_accuracy_percent`."""


class _Question(Task):
    """A task about any space that has encodings."""

    needs_choices = False


def arrays(atlas: Atlas | str | os.PathLike, encoding: str | None = None, *, dataset: str | None = None,
           protocol: str | None = None, space: str | None = None, metric: str | None = None, split: str = "validation",
           epoch: int | str | None = None, seed: int | str = "mean", at_epoch: int | None = None,
           **unknown_words) -> Arrays:
    """Encodings and values; the arguments of the question are those of Task.

    A row is an architecture that has a value; with seed="all" it is one of the runs that the mean is over. Values that
    were recorded as NaN have no row. Encodings of a space of independent choices: `one-hot` has a column of 0 and 1 for
    each value of each parameter; `ordinal` a column for each parameter, the place of its value from 0; `scaled` ordered
    parameters as their place, from 0 to 1, and the others one-hot. Other encodings are those of `Space.encodings`, also
    of spaces such as NAS-Bench-101. The default is `one-hot`, or the first encoding of the space. Raises MissingValue
    where nothing has a value.
    """
    by_run = seed == "all"
    task = _Question(atlas, dataset=dataset, protocol=protocol, space=space, metric=metric, split=split, epoch=epoch,
                seed="mean" if by_run else seed, at_epoch=at_epoch, **unknown_words)
    has_choices = isinstance(task.space, ChoiceSpace)
    encodings = list(dict.fromkeys([*(ENCODINGS if has_choices else ()), *task.space.encodings]))
    encoding = encodings[0] if encoding is None else encoding
    if encoding not in encodings:
        raise UnknownName(f"unknown encoding {encoding}; known: {', '.join(encodings)}", known=encodings,
                          code="adapters.unknown_encoding", remedy="choose one of them with encoding=")
    span = task.atlas._places_of_space(task.lookup.context.space)
    means = task.lookup.values()
    known = span.start + np.flatnonzero(~np.isnan(means[span.start:span.stop]))
    groups, y = _runs(task.lookup) if by_run else (known, means[known])
    if not len(groups):
        raise MissingValue(f"all values of {task.lookup} are NaN", remedy="ask for another epoch or metric")
    texts = [task.atlas.architectures[place] for place in span]
    digests = task.atlas._architecture_ids(span)
    rows = groups - span.start
    if has_choices and encoding in ENCODINGS:
        places = np.array([task.space.places(text) for text in texts], np.int64)[rows]
        X, columns = _of_choices(task.space.parameters, places, encoding)
    else:
        X, columns = _of_space(task.space, texts, rows, encoding)
    rows = rows.tolist()
    return Arrays(X, y, groups, [digests[row] for row in rows], [texts[row] for row in rows], columns, task.name)


def _runs(lookup) -> tuple:
    """Architecture and value of each run that the mean is over."""
    setting, values = lookup.setting, lookup.run_values()
    there = ~np.isnan(values)
    if (completed := setting.completed()) is not None:
        there &= completed
    there = setting.leaving_out_means(there)
    return (setting.column("run", "architecture").whole() - 1)[there], values[there]


def _of_space(space, texts: list, rows, encoding: str) -> tuple:
    """Columns of X and their names, from an encoding of the space."""
    found = {row: space.encode(texts[row], encoding) for row in dict.fromkeys(rows.tolist())}
    lengths = sorted({len(one) for one in found.values()})
    if len(lengths) > 1:
        raise UnsupportedSpace(f"the encoding {encoding} of {space.name} has rows of {' and '.join(map(str, lengths))} "
                               "numbers", code="adapters.ragged_encoding", remedy="choose another one with encoding=")
    return np.stack([found[row] for row in rows.tolist()]), [f"{encoding}_{place}" for place in range(lengths[0])]


def _of_choices(parameters, places, encoding) -> tuple:
    """Columns of X and their names, from the places (n, p) of the values."""
    pieces, names = [], []
    for parameter, own in zip(parameters, places.T):
        count = len(parameter.values)
        if encoding == "ordinal" or encoding == "scaled" and parameter.ordered:
            pieces.append((own if encoding == "ordinal" else own / max(count - 1, 1))[:, None])
            names.append(parameter.name)
        else:
            pieces.append(own[:, None] == np.arange(count))
            names += [f"{parameter.name}={word}" for word in parameter.words]
    return np.concatenate(pieces, axis=1).astype(float), names
