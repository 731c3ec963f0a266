"""Runs as columns: for pandas, polars and Parquet files."""

from __future__ import annotations

import importlib
import json

import numpy as np

from nasatlas.errors import MissingPackage, NASAtlasError
from nasatlas.outputs import Target, writing
from nasatlas.reading.manifest import manifest_path
from nasatlas.reading.setting import ORIGINS, Setting

HIDDEN = {"architecture", "seed_kind", "seed_high", "seed_low", "status", "origin", "source", "score_metric"}


def columns(atlas, setting: Setting) -> tuple:
    """One row a run, in the order of the atlas: texts as lists, numbers as arrays of shape (runs,), NaN where absent;
    and which numbers are absent, by column, for a NaN may also have been recorded.

    Final values are named `METRIC.SPLIT`, fields and attributes as docs/file-format.md names them.
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
    numbers = {f"{metric}.{split}": setting.column("final", metric, split) for metric, split in _read(setting)}
    for kind in ("run", "attribute"):
        for name in setting.names(kind):
            if kind == "attribute" or name not in HIDDEN:
                taken = name in table or name in numbers
                numbers[f"{kind}.{name}" if taken else name] = setting.column(kind, name)
    table.update((name, column.values) for name, column in numbers.items())
    return table, {name: ~column.mask() for name, column in numbers.items()}


def _read(setting: Setting) -> list:
    """The measures that there are values of: a sealed atlas over HTTP keeps some."""
    return [measure for measure in setting.measures if setting.column("final", *measure) is not None]


def dataframe(table: dict, kind: str | None):
    """The table as a pandas or polars frame; `kind` None takes the one that is installed, pandas first."""
    for name in (kind,) if kind else ("pandas", "polars"):
        if name not in ("pandas", "polars"):
            raise NASAtlasError(f"{name!r} is no kind of data frame", known=["pandas", "polars"],
                                remedy='give "pandas" or "polars"')
        try:
            return importlib.import_module(name).DataFrame(table)
        except ImportError:
            continue
    raise MissingPackage(f"{kind or 'pandas or polars'} is not installed",
                         remedy=f"`pip install {kind or 'pandas'}`, or take .table(), which needs numpy only")


def write_parquet(path, atlas, setting: Setting, curves: bool) -> None:
    """Writes the runs of a setting, with a list a run for each curve where `curves`; absent values are null."""
    inputs = (atlas.path, manifest_path(atlas.path))
    Target(path).check("parquet", inputs)
    try:
        arrow = importlib.import_module("pyarrow")
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise MissingPackage("pyarrow is not installed", remedy="`pip install pyarrow`") from error
    table, absent = columns(atlas, setting)
    made = {name: arrow.array(values, mask=absent.get(name)) for name, values in table.items()}
    for metric, split in _read(setting) if curves else ():
        found = setting._all_curves(metric, split)
        ends = np.concatenate(([0], np.cumsum(found.lengths)))
        order = np.repeat(found.starts - ends[:-1], found.lengths) + np.arange(ends[-1])
        made[f"{metric}.{split}.curve"] = arrow.LargeListArray.from_arrays(ends, found.values[order])
        if found.lists.any():
            epochs = [setting.epoch_list(run, metric, split) for run in range(setting.runs)]
            made[f"{metric}.{split}.epochs"] = arrow.array(epochs, type=arrow.list_(arrow.int64()))
    units = {metric: atlas.metrics[metric]["unit"] for metric, _ in setting.measures}
    metadata = {"nasatlas.digest": atlas.digest, "nasatlas.title": atlas.title or "",
                "nasatlas.units": json.dumps(units, sort_keys=True)}
    with writing(path, "parquet", inputs=inputs) as file:
        parquet.write_table(arrow.table(made).replace_schema_metadata(metadata), file, compression="zstd")
