"""Your own predictor on the splits of `nasatlas evaluate predictors`.

    nasatlas evaluate predictors my.atlas --export-splits splits.csv

    from nasatlas import evaluate
    evaluate.predict_splits("splits.csv", "mine.csv", fit, predict)

    nasatlas evaluate predictors my.atlas --predictor random-forest --predictions mine.csv

`fit(architectures, values)` returns a model for `predict(model, architectures)`, which returns one number per
architecture, or a pair of lists: means and standard deviations. Architectures are canonical texts.
"""

import csv
import io
import math
import time
from dataclasses import dataclass, field

from nasatlas.outputs import writing

HEADER = ["trial", "train_size", "part", "architecture", "value"]
COLUMNS = ["trial", "train_size", "architecture", "prediction", "sd", "fit_seconds", "query_seconds"]


class SplitsError(ValueError):
    """Splits in another form than the program writes, or predictions that do not fit the splits."""


@dataclass
class Split:
    """The training and test architectures of one fit."""

    trial: int
    train_size: int
    train: list[str] = field(default_factory=list)
    """One value per architecture of `train`."""
    values: list[float] = field(default_factory=list)
    test: list[str] = field(default_factory=list)


def read_splits(path):
    """Yields the splits of a file, in its order."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        if next(rows, None) != HEADER:
            raise SplitsError(f"{path}, line 1: the columns must be {','.join(HEADER)}")
        split = None
        for row in rows:
            if len(row) != len(HEADER):
                raise SplitsError(f"{path}, line {rows.line_num}: {len(row)} fields for {len(HEADER)} columns")
            trial, train_size, part, architecture, value = row
            try:
                key = (int(trial), int(train_size))
                if split is None or (split.trial, split.train_size) != key:
                    if split is not None:
                        yield split
                    split = Split(*key)
                if part == "train":
                    split.values.append(float(value))
                    split.train.append(architecture)
                elif part == "test":
                    split.test.append(architecture)
                else:
                    raise ValueError(f"part is {part!r}; allowed: train, test")
            except ValueError as error:
                raise SplitsError(f"{path}, line {rows.line_num}: {error}") from error
        if split is None:
            raise SplitsError(f"{path}: there are no splits")
        yield split


def predict_splits(splits, predictions, fit, predict, progress=None, clock=time.perf_counter):
    """Fits to every split of the file `splits`, writes the file `predictions`, and returns the number of splits.

    `progress(split)` is called after each split. The file appears when all are done. Raises SplitsError where `predict`
    does not return one finite number per architecture, and Unwritable where the file cannot be written or would replace
    something else than predictions.
    """
    count = 0
    with writing(predictions, "csv", inputs=(splits,)) as written:
        file = io.TextIOWrapper(written, encoding="utf-8", newline="")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for split in read_splits(splits):
            start = clock()
            model = fit(list(split.train), list(split.values))
            fitted = clock()
            means, deviations = _columns(predict(model, list(split.test)), split)
            query = (clock() - fitted) / len(split.test)
            for architecture, mean, deviation in zip(split.test, means, deviations):
                writer.writerow([
                    split.trial, split.train_size, architecture, repr(mean),
                    "" if deviation is None else repr(deviation), repr(fitted - start), repr(query)])
            count += 1
            if progress is not None:
                progress(split)
        file.detach()
    return count


def _columns(answer, split):
    """Means and deviations, checked; each deviation is None where `predict` returned none."""
    where = f"trial {split.trial}, train size {split.train_size}"
    pair = isinstance(answer, tuple) and len(answer) == 2
    means = [float(value) for value in (answer[0] if pair else answer)]
    deviations = [float(value) for value in answer[1]] if pair else [None] * len(means)
    if len(means) != len(split.test) or len(deviations) != len(split.test):
        raise SplitsError(
            f"{where}: {len(means)} predictions and {len(deviations)} deviations for {len(split.test)} architectures")
    for architecture, mean, deviation in zip(split.test, means, deviations):
        if not math.isfinite(mean) or deviation is not None and not (math.isfinite(deviation) and deviation >= 0):
            raise SplitsError(f"{where}: {architecture} is predicted as {mean}, deviation {deviation}")
    return means, deviations
