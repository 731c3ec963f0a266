"""Draws the picture of README.md from the shipped atlas: accuracy against latency, with the Pareto front.

    PYTHONPATH=tools/python/src python tools/docs/picture.py docs/images/trade-off.png

Needs numpy and vl-convert-python (tools/python/tests/requirements.txt pins them).
"""

import sys

import numpy as np

import nasatlas
from nasatlas import plot

ATLAS = "data/nasbench201.atlas"
DATASET = "cifar10"


def front(latency, accuracy):
    """Which points no other point beats in both, by ascending latency."""
    order = np.lexsort((-accuracy, latency))
    best = np.maximum.accumulate(accuracy[order])
    keep = np.concatenate(([True], best[1:] > best[:-1]))
    return order[keep]


def main(path):
    atlas = nasatlas.open(ATLAS)
    accuracy = atlas.lookup(dataset=DATASET).values()
    quantity = next(one for one in atlas.quantities if one.name == "latency" and one.dataset == DATASET)
    latency = 1_000 * quantity.values()
    chosen = front(latency, accuracy)
    on_front = set(chosen.tolist())
    # Points of equal pixels are drawn once, which keeps the file small.
    pixels, first = np.unique(np.stack([latency.round(2), accuracy.round(1)], axis=1), axis=0, return_index=True)
    cloud = [{"ms": round(float(latency[place]), 3), "accuracy": round(float(accuracy[place]), 3)}
             for place in first.tolist() if place not in on_front]
    line = [{"ms": round(float(latency[place]), 3), "accuracy": round(float(accuracy[place]), 3)} for place in chosen]
    x = {"field": "ms", "type": "quantitative", "title": "latency (ms)", "scale": {"zero": False, "nice": True}}
    y = {"field": "accuracy", "type": "quantitative", "title": "validation accuracy (%)", "scale": {"domain": [40, 95]}}
    points = {"type": "point", "filled": True, "clip": True}
    plot.render({
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": "white", "width": 620, "height": 300,
        "title": {"text": "NAS-Bench-201 on CIFAR-10", "anchor": "start", "fontSize": 15,
                  "subtitle": f"{len(accuracy):,} trained cells; {len(line)} of them are Pareto-optimal"},
        "layer": [
            {"data": {"values": cloud}, "mark": {**points, "size": 9, "opacity": 0.25, "color": "#5b7a99"},
             "encoding": {"x": x, "y": y}},
            {"data": {"values": line}, "mark": {"type": "line", "interpolate": "step-after", "color": "#c2410c",
                                                "strokeWidth": 2, "clip": True},
             "encoding": {"x": x, "y": y}},
            {"data": {"values": line}, "mark": {**points, "size": 45, "opacity": 1, "color": "#c2410c"},
             "encoding": {"x": x, "y": y}},
        ],
        "config": {"view": {"stroke": None}, "axis": {"gridColor": "#e8ebef", "labelFontSize": 12, "titleFontSize": 13}},
    }, path, scale=1.2)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
