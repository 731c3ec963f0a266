"""Runs as columns: for pandas, polars and Parquet files."""

from __future__ import annotations

import importlib
import json
from contextlib import suppress
from typing import NamedTuple

import numpy as np

from nasatlas.errors import MissingPackage, NASAtlasError, SealedValue
from nasatlas.outputs import Target, writing
from nasatlas.reading.fields import spelled
from nasatlas.reading.manifest import manifest_path
from nasatlas.reading.setting import ORIGINS, Setting

HIDDEN = {"architecture", "seed_kind", "seed_high", "seed_low", "status", "origin", "source", "score_metric"}


class Measurements(NamedTuple):
    """The measurements of a space that has no runs."""

    space: str
    places: np.ndarray
    """The places of the measured architectures, ascending."""
    values: dict
    """One value per place, by the name of the measurement; NaN where absent."""
    units: dict

    @classmethod
    def of(cls, atlas, space: str, dataset: str | None):
        """The measurements on `dataset`, and those that are of no data set; None takes all."""
        found = [one for one in atlas._quantities_of(space, dataset) if dataset is None or one.dataset in (None, dataset)]
        span = atlas._places_of_space(space)
        values, units = {}, {}
        for one in found:
            with suppress(SealedValue):
                name = _named(one, found)
                values[name], units[name] = one.values()[span.start:span.stop], one.unit
        measured = np.flatnonzero(np.any([~np.isnan(column) for column in values.values()], axis=0)) if values \
            else np.empty(0, int)
        return cls(space, measured + span.start, {name: column[measured] for name, column in values.items()}, units)


def _named(one, others: list) -> str:
    """A quantity as filters name it among others."""
    return spelled(one, [other for other in others if other.name == one.name])


def columns(atlas, told: Setting | Measurements) -> tuple:
    """The columns of a table, and masks of absent numbers, by column, because a NaN may also be a recorded value."""
    if isinstance(told, Setting):
        return _of_runs(atlas, told)
    table = {"architecture": [atlas.architectures[place] for place in told.places.tolist()],
             "space": [told.space] * len(told.places), **told.values}
    return table, {name: np.isnan(values) for name, values in told.values.items()}


def _of_runs(atlas, setting: Setting) -> tuple:
    """One row per run, in the order of the atlas: texts as lists, numbers as arrays of shape (runs,), NaN where absent;
    and masks of absent numbers, by column, because a NaN may also be a recorded value.

    Final values are named `METRIC.SPLIT`; counts, costs and attributes have their names. Costs are totals, and
    `train_seconds` are those of the whole training. Measurements of the architecture are named as filters name them,
    such as `latency[raspi4]`, and repeat for each of its runs.
    """
    places = setting.column("run", "architecture").whole() - 1
    table = {
        "architecture": [atlas.architectures[place] for place in places.tolist()],
        "space": [setting.space] * setting.runs,
        "dataset": [setting.dataset] * setting.runs,
        "protocol": [atlas.protocol_name(setting)] * setting.runs,
        "seed": [str(seed) for seed in setting.seeds()],
        "status": [setting.status(run) for run in range(setting.runs)],
    }
    origin = setting.column("run", "origin")
    if origin is not None:
        table["origin"] = [ORIGINS[number] if there else None
                           for number, there in zip(origin.whole().tolist(), origin.mask().tolist())]
    if setting.column("run", "source") is not None:
        table["source"] = [setting.source(run) for run in range(setting.runs)]
    absent = {}
    for kind, name, values, missing in _numbers(setting):
        name = f"{kind}.{name}" if name in table else name
        table[name], absent[name] = values, missing
    for name, values in _of_architectures(atlas, setting, places):
        if not np.isnan(values).all():
            name = f"measured.{name}" if name in table else name
            table[name], absent[name] = values, np.isnan(values)
    return table, absent


def _numbers(setting: Setting):
    """Yields kind, name, numbers and a mask of absent ones of each column of runs."""
    for metric, split in _read(setting):
        column = setting.column("final", metric, split)
        yield "final", f"{metric}.{split}", column.values, ~column.mask()
    for kind in ("run", "count", "cost", "attribute"):
        for name in setting.cost_names if kind == "cost" else setting.names(kind):
            if kind == "cost" and name != "train_seconds":
                values = setting.cost_of_runs(name)
                yield kind, name, values, np.isnan(values)
            elif kind in ("count", "attribute") or kind == "run" and name not in HIDDEN:
                column = setting.column(kind, name)
                yield kind, name, column.values, ~column.mask()


def _of_architectures(atlas, setting: Setting, places: np.ndarray):
    """Yields seconds of training and measurements, by name, one number per run."""
    yield "train_seconds", setting.seconds_of_runs()
    measured = measured_of(atlas, setting)
    repeated = setting._repeated("train_seconds")
    for one in measured:
        # Seconds of the whole training are a column already.
        if one not in repeated:
            with suppress(SealedValue):
                yield _named(one, measured), one.values()[places]


def measured_of(atlas, setting: Setting) -> list:
    """The quantities of a setting: those of its space, without those of another data set or protocol."""
    return [one for one in atlas.quantities if one.space == setting.space
            and one.dataset in (None, setting.dataset) and one.protocol_digest in (None, setting.protocol_digest)]


def _read(setting: Setting) -> list:
    """The measures that there are values of: a sealed atlas over HTTP keeps some."""
    return [measure for measure in setting.measures if setting.column("final", *measure) is not None]


def dataframe(table: dict, kind: str | None):
    """The table as a pandas or polars frame; `kind` None takes the one that is installed, pandas first."""
    for name in (kind,) if kind else ("pandas", "polars"):
        if name not in ("pandas", "polars"):
            raise NASAtlasError(f"unknown kind of data frame {name!r}; known: pandas, polars",
                                known=["pandas", "polars"], remedy='give "pandas" or "polars"')
        try:
            return importlib.import_module(name).DataFrame(table)
        except ImportError:
            continue
    raise MissingPackage(f"{kind or 'pandas or polars'} is not installed",
                         remedy=f"`pip install {kind or 'pandas'}`, or take .table(), which needs numpy only")


def write_parquet(path, atlas, told: Setting | Measurements, curves: bool) -> None:
    """Writes the runs of a setting or measurements, with a list per run for each curve, and for each cost by epoch, where `curves`; absent
    values are null."""
    inputs = (atlas.path, manifest_path(atlas.path))
    Target(path).check("parquet", inputs)
    try:
        arrow = importlib.import_module("pyarrow")
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise MissingPackage("pyarrow is not installed", remedy="`pip install pyarrow`") from error
    table, absent = columns(atlas, told)
    made = {name: arrow.array(values, mask=absent.get(name)) for name, values in table.items()}
    if isinstance(told, Setting):
        units = _units(atlas, told, table)
        if curves:
            made.update(_curves(arrow, told))
    else:
        units = told.units
    metadata = {**({"nasatlas.fidelity": json.dumps(told.fidelity.value())} if isinstance(told, Setting) else {}),
                "nasatlas.digest": atlas.digest, "nasatlas.title": atlas.title or "",
                "nasatlas.units": json.dumps(units, sort_keys=True)}
    with writing(path, "parquet", inputs=inputs) as file:
        parquet.write_table(arrow.table(made).replace_schema_metadata(metadata), file, compression="zstd")


def _curves(arrow, setting: Setting) -> dict:
    """A list per run for each curve, and for each cost by epoch. Positions other than 1, 2, …, n are in a column `.at`,
    as interchange files name them."""
    made = {}
    for metric, split in _read(setting):
        found = setting._all_curves(metric, split)
        ends = np.concatenate(([0], np.cumsum(found.lengths)))
        order = np.repeat(found.starts - ends[:-1], found.lengths) + np.arange(ends[-1])
        made[f"{metric}.{split}.curve"] = arrow.LargeListArray.from_arrays(ends, found.values[order])
        if found.lists.any():
            positions = [setting.position_list(run, metric, split) for run in range(setting.runs)]
            made[f"{metric}.{split}.at"] = arrow.array(positions, type=arrow.list_(arrow.int64()))
    for name in setting.names("epoch_cost"):
        values, lengths = setting.column("epoch_cost", name).all()
        made[f"{name}.by_epoch"] = arrow.LargeListArray.from_arrays(np.concatenate(([0], np.cumsum(lengths))), values)
    return made


def _units(atlas, setting: Setting, table: dict) -> dict:
    units = {metric: atlas.metrics[metric]["unit"] for metric, _ in setting.measures}
    units.update({"train_seconds": "second"} if "train_seconds" in table else {})
    measured = measured_of(atlas, setting)
    units.update((name, one.unit) for one in measured if (name := _named(one, measured)) in table)
    return units
