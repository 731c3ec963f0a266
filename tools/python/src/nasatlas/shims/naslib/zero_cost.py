"""NASLib's table of zero-cost proxies, from an atlas that `nasatlas-import zero-cost` made."""

from __future__ import annotations

import math

from nasatlas.errors import UnknownName
from nasatlas.reading.setting import Quantity
from nasatlas.shims.naslib.conversions import DATASETS, convert_str_to_op_indices
from nasatlas.shims.naslib.metrics import NotAnswered
from nasatlas.shims.told import Told, kept_open

PROTOCOL = "naslib-nasbench201"
REASONS = {"idx": "an atlas does not keep row numbers of NASLib's file"}


def get_zc_benchmark_api(search_space: str, dataset: str, *, atlas, table: str = "timed") -> dict:
    """By the text of six op indices, `val_accuracy` in percent and for each proxy a `score` and a `time` in seconds.

    `table` chooses between NASLib's published computations, "timed" and "untimed" (without `time`). As published,
    `val_accuracy` is of test images, and `flops` and `params` are millions.
    """
    if search_space != "nasbench201":
        raise NotAnswered(f"atlases have no proxies of {search_space!r}; known: nasbench201", known=["nasbench201"])
    if dataset not in list(DATASETS):
        raise UnknownName(f"there is no data set {dataset!r}; known: {', '.join(DATASETS)}", known=list(DATASETS),
                          code="benchmarks.unknown_dataset")
    atlas = kept_open(atlas)
    proxies = [one for one in atlas.quantities if one.space == "nasbench201" and one.dataset == dataset.lower()
               and "table" in one.conditions]
    chosen = [one for one in proxies if one.conditions["table"] == table]
    if not chosen:
        known = sorted({one.conditions["table"] for one in proxies})
        raise UnknownName(f"{atlas.path} has no proxies of {dataset} in the table {table!r}; known: "
                          f"{', '.join(known) or 'none'}", known=known,
                          remedy="choose one of these with table=" if known else
                          "`nasatlas-import zero-cost` makes an atlas that has")
    accuracies = _accuracies(atlas, dataset.lower())
    found = {}
    for proxy in chosen:
        times = _seconds(proxy)
        for place, value in enumerate(proxy.values().tolist()):
            if not math.isnan(value):
                told = {"score": value, **({"time": times[place]} if place in times else {})}
                found.setdefault(place, {})[proxy.name] = Told(told, f"{proxy.name} of {atlas.architectures[place]}")
    return {key: Told({"arch": key, **accuracies.get(place, {}), **scores}, f"{key} on {dataset}", REASONS)
            for place, scores in sorted(found.items())
            for key in [str(convert_str_to_op_indices(atlas.architectures[place]))]}


def _seconds(proxy: Quantity) -> dict:
    """The seconds of the computations, by place in the atlas; empty over HTTP, which does not transfer them."""
    if type(proxy) is not Quantity or (costs := proxy._read("cost_seconds")) is None:
        return {}
    places = proxy._read("architecture").whole() - 1
    return dict(zip(places[costs.mask()].tolist(), costs.values[costs.mask()].tolist()))


def _accuracies(atlas, dataset: str) -> dict:
    """By place in the atlas."""
    found = {}
    for setting in atlas.settings:
        if (setting.space, setting.dataset, setting.protocol) == ("nasbench201", dataset, PROTOCOL):
            for place in setting.architectures:
                for run in setting.runs_of(place):
                    curve = setting.curve(run, "accuracy_percent", "test")
                    if curve is not None:
                        found[place] = {"val_accuracy": float(curve[1][-1])}
    return found
