"""Displays of atlases and answers in notebooks: tables, and a chart where vl-convert-python is installed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np

from nasatlas import plot
from nasatlas.errors import MissingPackage, NASAtlasError

SHOWN = 12
"""Rows of a table at most."""
BINS = 40


def atlas(found) -> str:
    """An atlas: its settings, its measurements, and how the values of its first setting are distributed."""
    settings = [[one.space, found._dataset_name(one, found.settings), found.protocol_name(one), one.fidelity.title,
                 f"{one.runs:,}", ", ".join(".".join(measure) for measure in one.measures)] for one in found.settings]
    measured = [[one.name, one.unit, one.space, one.device or "", one.dataset or "", f"{one.measurements:,}"]
                for one in found.quantities]
    parts = [f"<strong>{escape(found.title or found.path)}</strong> "
             f"{len(found):,} architectures, digest {found.digest[:12]}"]
    if settings:
        parts.append(table(["space", "data set", "protocol", "positions", "runs", "measures"], settings))
    if measured:
        parts.append(table(["measured", "unit", "space", "device", "data set", "architectures"], measured))
    return "<div>" + "\n".join([*parts, _chart_of(found)]) + "</div>"


def _chart_of(found) -> str:
    if found.has_slow_arrays:
        return ""
    try:
        if found.settings:
            setting = found.settings[0]
            name, split = next((one for one in setting.measures if one == (setting.primary_metric, "validation")),
                               setting.measures[0])
            return lookup_chart(found._lookup((*found._setting_words(setting), name, split, None, "mean")))
        one = found.quantities[0]
        return histogram(one.values(), f"{one.name} ({one.unit})")
    except (NASAtlasError, IndexError):
        return ""


def lookup(found) -> str:
    """A question: what it is about, and how the values of all architectures are distributed."""
    context = found.context
    rows = [[name, str(value)] for name, value in context._asdict().items() if value is not None]
    chart = "" if found.atlas.has_slow_arrays else lookup_chart(found)
    return "<div>" + table(["question", ""], rows, len(rows)) + chart + "</div>"


def lookup_chart(found) -> str:
    context = found.context
    return histogram(found.values(), f"{context.metric}, {context.split}, {context.dataset} ({context.unit})")


def answer(found) -> str:
    """An answer: value, unit, and the runs that it is of."""
    context = found.context
    value = "one value per run" if found.value is None else f"{found.value:.6g} {context.unit}"
    head = (f"<strong>{escape(value)}</strong> {escape(f'{context.metric} on {context.split} of {context.dataset}')}, "
            f"{escape(context.fidelity.label)} {escape(context.epoch)}<br><code>{escape(found.architecture)}</code>")
    rows = [[str(one.seed), context.fidelity.words(one.epoch), f"{one.value:.6g}",
             "" if one.train_seconds is None else f"{one.train_seconds:.6g}"] for one in found.points]
    shown = [[name, f"{one:.6g}"] for name, one in found.fields.items()]
    return "<div>" + head + (table(["field", ""], shown) if shown else "") \
        + table(["seed", context.fidelity.label, "value", "seconds of training"], rows) + "</div>"


def curve(found) -> str:
    """The curves of an architecture: a line per run, or a table of the mean."""
    context = found.context
    head = f"{escape(context.metric)} on {escape(context.split)}<br><code>{escape(found.architecture)}</code>"
    axis = found.fidelity
    rows = [[axis.words(place), f"{mean:.6g}"] for place, mean in zip(found.positions.tolist(), found.mean.tolist())]
    points = [{"position": axis.level(place), "value": value, "seed": str(run.seed)} for run in found.runs
              for place, value in zip(run.positions.tolist(), run.values.tolist()) if np.isfinite(value)]
    drawn = _drawn({
        "data": {"values": points}, "mark": {"type": "line", "point": len(found.mean) < 30}, "width": 420,
        "height": 200,
        "encoding": {
            "x": {"field": "position", "type": "quantitative", "title": axis.title},
            "color": {"field": "seed", "type": "nominal"},
            "y": {"field": "value", "type": "quantitative", "title": f"{context.metric} ({context.unit})",
                  "scale": {"zero": False}}}}) if points else ""
    return "<div>" + head + (drawn or table([axis.label, f"mean ({context.unit})"], rows)) + "</div>"


def histogram(values: np.ndarray, title: str) -> str:
    """The distribution of finite values, as SVG; an empty text without finite values or without the chart package."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return ""
    counts, edges = np.histogram(finite, BINS)
    bars = [{"from": low, "to": high, "count": count} for low, high, count in zip(
        edges[:-1].tolist(), edges[1:].tolist(), counts.tolist()) if count]
    return _drawn({"data": {"values": bars}, "mark": "bar", "width": 420, "height": 120, "encoding": {
        "x": {"field": "from", "type": "quantitative", "bin": "binned", "title": title}, "x2": {"field": "to"},
        "y": {"field": "count", "type": "quantitative", "title": "architectures"}}})


def _drawn(chart: dict) -> str:
    try:
        return plot.svg(chart)
    except MissingPackage:
        return ""


def table(titles: Sequence[str], rows: Iterable[Sequence[str]], shown: int = SHOWN) -> str:
    """A table of texts, with a last row that gives the number of omitted rows."""
    rows = list(rows)
    cells = ["".join(f"<th>{escape(one)}</th>" for one in titles)]
    cells += ["".join(f"<td>{escape(one)}</td>" for one in row) for row in rows[:shown]]
    if len(rows) > shown:
        cells.append(f'<td colspan="{len(titles)}">and {len(rows) - shown} more</td>')
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"
