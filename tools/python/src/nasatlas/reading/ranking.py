"""Comparisons of architectures: the best ones, Pareto fronts, and fields side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nasatlas.answers import FrontPoint, RankedArchitecture
from nasatlas.errors import MissingValue, QuestionError, WrongArgument
from nasatlas.filters import read_field
from nasatlas.filters.expression import fields as fields_of
from nasatlas.reading.choice import NO_EPOCH, NO_VALUE, NOT_FINITE, NOTHING, REASONS, RunChoice
from nasatlas.reading.fields import (
    FieldReader, check_objective, filter_of, measured_filter, no_field, quantity, spelled, traits_of)
from nasatlas.reading.lookup import Answer
from nasatlas.spaces.traits import value as trait_value


def best(lookup, count: int, where: str | None, show: Sequence) -> list:
    """The best architectures by the value of a question over the runs that pass `where`, as answers."""
    atlas, setting = lookup.atlas, lookup.setting
    shown = read_fields(show)
    condition = filter_of(where, atlas, setting)
    reader = FieldReader([*fields_of(condition), *shown], atlas, setting)
    choice = RunChoice(lookup.seed, condition, reader)
    values, present, _ = lookup._runs()
    used = choice.counted & present
    means, taken = setting.means(values, used)
    lacks = choice.lacks
    if (without := (lacks == NOTHING) & (taken == 0)).any():
        final = setting.column("final", lookup.metric, lookup.split)
        there = choice._any(choice.counted & final.mask())
        lacks = np.where(without, np.where(there, NO_EPOCH, NO_VALUE), lacks)
    lacks = np.where((lacks == NOTHING) & ~np.isfinite(means), NOT_FINITE, lacks)
    passing = choice.passing()
    there = (lacks == NOTHING) & (True if passing is None else passing)
    if not there.any():
        lookup.require_answers()
        choice.check_empty(f"{lookup.metric} on {lookup.split}", atlas.name(setting), lacks, passing)
    order = _ordered(means, np.flatnonzero(there), lookup.larger_is_better)[:count]
    columns = [(field.text, reader.means(field, used & setting.runs_among(order))[0]) for field in shown]
    return [Answer(lookup, setting.architectures.start + place, float(means[place]), {
        name: float(column[place]) for name, column in columns if column[place] == column[place]})
        for place in order.tolist()]


def best_by(atlas, by: str, count: int, where: str | None, show: Sequence, dataset, protocol, space) -> list:
    """The best architectures by a field, means over completed runs that pass `where`, as RankedArchitectures. Without
    runs, the best by a measurement."""
    shown = read_fields(show)
    if not atlas.settings:
        if protocol is not None:
            raise atlas._no_runs()
        return _best_measured(atlas, by, count, where, shown, dataset, space)
    setting = atlas.setting(dataset, protocol, space)
    field, is_larger_better = _objective(by, atlas, setting)
    condition = filter_of(where, atlas, setting)
    reader = FieldReader([*fields_of(condition), *shown, field], atlas, setting)
    choice = RunChoice("mean", condition, reader)
    means, taken = reader.means(field, choice.counted)
    lacks = np.where((choice.lacks == NOTHING) & (taken == 0), NO_VALUE, choice.lacks)
    lacks = np.where((lacks == NOTHING) & ~np.isfinite(means), NOT_FINITE, lacks)
    passing = choice.passing()
    there = (lacks == NOTHING) & (True if passing is None else passing)
    if not there.any():
        choice.check_empty(field.text, atlas.name(setting), lacks, passing)
    order = _ordered(means, np.flatnonzero(there), is_larger_better)[:count]
    used = choice.counted & setting.runs_among(order)
    columns = {one.text: reader.means(one, used)[0] for one in shown}
    return _ranked(atlas, setting.architectures, order, means, taken, columns)


def _best_measured(atlas, by: str, count: int, where: str | None, shown: list, dataset, space) -> list:
    space = atlas._space_name(space)
    field, is_larger_better = _objective(by, atlas, None)
    places = atlas._places_of_space(space)
    atlas._quantities_of(space, dataset)
    condition = measured_filter(where, atlas, space)
    found = _measured_numbers(atlas, space, dataset, places, [*shown, field])
    values = found[field.text]
    passing = _measured_passing(condition, atlas, space, dataset, places)
    there = np.flatnonzero(np.isfinite(values) & passing)
    if not len(there):
        _check_measured(field.text, space, condition, np.isnan(values) & passing, np.isinf(values) & passing)
    order = _ordered(values, there, is_larger_better)[:count]
    columns = {one.text: found[one.text] for one in shown}
    return _ranked(atlas, places, order, values, np.zeros(len(values), int), columns)


def _measured_passing(condition, atlas, space: str, dataset, places) -> np.ndarray:
    """Which of the places pass a filter over measurements and traits."""
    if condition is None:
        return np.ones(len(places), bool)
    columns = _measured_values(atlas, space, dataset, places, fields_of(condition))
    return np.array([condition.truth({field: column[row] for field, column in columns.items()}.get) is True
                     for row in range(len(places))], bool)


def _measured_values(atlas, space: str, dataset, places, asked) -> dict:
    """Lists of measurements, or of what the architectures are, by field."""
    known, measured = traits_of(atlas, space), {one.name for one in atlas.quantities if one.space == space}
    found = {}
    for field in asked:
        if field.path[0] not in measured and field in known:
            rules = atlas.space(space)
            found[field] = [trait_value(rules, known[field], atlas.architectures[place]) for place in places]
        else:
            found[field] = measured_columns(atlas, space, dataset, places, {field.text: field})[field.text].tolist()
    return found


def _measured_numbers(atlas, space: str, dataset, places, asked) -> dict:
    """The same as arrays of numbers by the text of the field, NaN where they are absent."""
    found = {}
    for field, values in _measured_values(atlas, space, dataset, places, asked).items():
        word = next((one for one in values if isinstance(one, str)), None)
        if word is not None:
            raise QuestionError(f'{field.text} is "{word}"; a number is needed', code="benchmarks.not_a_number",
                                remedy="choose a field with numbers")
        found[field.text] = np.array([np.nan if one is None else one for one in values], float)
    return found


def front_measured(atlas, objectives: Sequence, where: str | None, dataset, space) -> list:
    """The Pareto-optimal architectures by measurements and by what architectures are, as FrontPoints."""
    space = atlas._space_name(space)
    asked = [_objective(one, atlas, None) for one in objectives]
    places = atlas._places_of_space(space)
    atlas._quantities_of(space, dataset)
    condition = measured_filter(where, atlas, space)
    found = _measured_numbers(atlas, space, dataset, places, [field for field, _ in asked])
    values = np.stack([found[field.text] for field, _ in asked], axis=1)
    passing = _measured_passing(condition, atlas, space, dataset, places)
    absent = np.isnan(values).any(axis=1) & passing
    odd = np.isinf(values).any(axis=1) & passing & ~absent
    there = np.flatnonzero(passing & ~absent & ~odd)
    if not len(there):
        _check_measured(" and ".join(field.text for field, _ in asked), space, condition, absent, odd)
    kept = _front_rows(values[there], asked)
    return [FrontPoint(atlas.architectures[places[row]], atlas.architecture_id(places[row]), tuple(values[row].tolist()))
            for row in there[kept].tolist()]


def _front_rows(values: np.ndarray, asked: Sequence) -> np.ndarray:
    """The rows in the front, the best of the first objective first."""
    costs = values * [-1 if is_larger_better else 1 for _, is_larger_better in asked]
    kept = pareto_front(costs)
    return kept[np.argsort(costs[kept, 0], kind="stable")]


def _check_measured(what: str, space: str, condition, absent: np.ndarray, odd: np.ndarray) -> None:
    """Raises MissingValue where nothing is left for other reasons than the filter."""
    counts = ((int(absent.sum()), NO_VALUE), (int(odd.sum()), NOT_FINITE))
    omitted = [f"{number} {REASONS[reason]}" for number, reason in counts if number]
    if condition is None or omitted:
        raise MissingValue(f"no architecture has a finite value of {what} on {space}: {', '.join(omitted)}",
                           known=omitted, code="benchmarks.no_values",
                           remedy="choose another epoch, metric, split or field")


def _ordered(values: np.ndarray, rows: np.ndarray, is_larger_better: bool) -> np.ndarray:
    """`rows` from the best value to the worst; equal values in the order of the atlas."""
    return rows[np.argsort(-values[rows] if is_larger_better else values[rows], kind="stable")]


def _ranked(atlas, places: range, rows: np.ndarray, values, counts, columns: dict) -> list:
    return [RankedArchitecture(
        atlas.architectures[places[row]], atlas.architecture_id(places[row]), float(values[row]), int(counts[row]),
        {name: float(column[row]) for name, column in columns.items() if column[row] == column[row]})
        for row in rows.tolist()]


def neighbors(lookup, architecture) -> list:
    """The neighbors of an architecture that have a value, as answers, the best first; equal values in the order of the
    atlas. Where distances say which are neighbors, the nearest, two for each parameter."""
    atlas, setting = lookup.atlas, lookup.setting
    space, text = atlas._spelled(architecture, setting.space)
    choice = RunChoice(lookup.seed, None, FieldReader((), atlas, setting))
    values, present, _ = lookup._runs()
    means, _ = setting.means(values, choice.counted & present)
    start, known = setting.architectures.start, atlas._places_by_text(setting.space)
    texts = space.neighbors(text) if space.distance_encoding is None else _nearest(atlas, space, text)
    found = [place for one in texts if (place := known.get(one)) is not None and np.isfinite(means[place - start])]
    if not found:
        lookup.require_answers()
    sign = -1 if lookup.larger_is_better else 1
    return [Answer(lookup, place, float(means[place - start]))
            for place in sorted(found, key=lambda place: (sign * means[place - start], place))]


def _nearest(atlas, space, text: str) -> list:
    """The texts of the points of an atlas that are nearest to one of its space; equal distances in the order of the
    atlas."""
    texts, points = atlas._points(space)
    distances = np.zeros(len(texts))
    for column, value in zip(points, space.encode(text, space.distance_encoding)):
        distances += (column - value) ** 2
    nearest = [texts[place] for place in np.argsort(distances, kind="stable").tolist() if texts[place] != text]
    return nearest[:2 * len(space.parameters)]


def front(atlas, setting, objectives: Sequence, where: str | None) -> list:
    """The Pareto-optimal architectures by `objectives`, means over completed runs that pass `where`, as FrontPoints."""
    asked = [_objective(one, atlas, setting) for one in objectives]
    condition = filter_of(where, atlas, setting)
    reader = FieldReader([*fields_of(condition), *(field for field, _ in asked)], atlas, setting)
    choice = RunChoice("mean", condition, reader)
    columns, lacks = [], choice.lacks
    for field, _ in asked:
        means, taken = reader.means(field, choice.counted)
        columns.append(means)
        # That a value is absent says more than that one is not finite.
        lacks = np.where((taken == 0) & np.isin(lacks, (NOTHING, NOT_FINITE)), NO_VALUE, lacks)
        lacks = np.where((lacks == NOTHING) & ~np.isfinite(means), NOT_FINITE, lacks)
    passing = choice.passing()
    there = (lacks == NOTHING) & (True if passing is None else passing)
    if not there.any():
        what = " and ".join(field.text for field, _ in asked)
        choice.check_empty(what, atlas.name(setting), lacks, passing)
    places = np.flatnonzero(there)
    values = np.stack([column[places] for column in columns], axis=1)
    kept = _front_rows(values, asked)
    return [FrontPoint(atlas.architectures[place], atlas.architecture_id(place), tuple(values[row].tolist()))
            for row, place in zip(kept.tolist(), (places[kept] + setting.architectures.start).tolist())]


def pareto_front(costs: np.ndarray) -> np.ndarray:
    """The rows of `costs`, of shape (n, objectives), that no other row dominates, ascending; less is better.

    Equal rows are kept or dropped together. In lexicographic order no row dominates an earlier one: one pass suffices.
    """
    front, count, kept = np.empty_like(costs), 0, []
    for row in np.lexsort(costs.T[::-1]).tolist():
        point = costs[row]
        if count and (front[count - 1] == point).all():
            kept.append(row)
            continue
        # With two objectives, the last point of the front has the least second cost; compare with it alone.
        first = count - 1 if costs.shape[1] <= 2 and count else 0
        if not (front[first:count] <= point).all(axis=1).any():
            front[count] = point
            count += 1
            kept.append(row)
    return np.sort(np.array(kept, np.int64))


def _objective(text: str, atlas, setting) -> tuple:
    """The field named by `FIELD`, `FIELD:min` or `FIELD:max`, and whether larger is better."""
    check_objective(text)
    for ending in (":min", ":max"):
        if text.endswith(ending):
            return read_field(text[:-len(ending)]), ending == ":max"
    field = read_field(text)
    is_metric = setting is not None and not field.selectors and field.path in setting.measures
    return field, is_metric and atlas.metrics[field.path[0]]["larger_is_better"]


def read_fields(names: Sequence) -> list:
    """Fields by their spellings."""
    if isinstance(names, str):
        raise WrongArgument(f"fields must be a list; the argument is {names!r}", remedy=f"give [{names!r}]")
    return [read_field(name) for name in names]


def columns(atlas, setting, places: Sequence, asked: dict) -> dict:
    """One array per field of `asked`, by its name there, for the architectures at these places; a place is None where
    the atlas does not have the architecture. Fields of runs are means over completed runs."""
    reader = FieldReader(asked.values(), atlas, setting)
    counted = RunChoice("mean", None, reader).counted
    rows = np.array([place if place in setting.architectures else -1 for place in places], np.int64)
    found = {}
    for name, field in asked.items():
        measured = reader.measured(field)
        of_space = np.full(len(atlas.architectures), np.nan)
        if measured is not None:
            of_space = measured.values()
        else:
            used = counted & setting.runs_among(rows[rows >= 0] - setting.architectures.start)
            of_space[setting.architectures.start:setting.architectures.stop] = reader.means(field, used)[0]
        found[name] = np.where(rows < 0, np.nan, of_space[rows])
    return found


def measured_columns(atlas, space: str, dataset: str | None, places: Sequence, asked: dict) -> dict:
    """The result of `columns` for measurements alone, in atlases without runs."""
    of_space = atlas._quantities_of(space, dataset)
    rows = np.array([-1 if place is None else place for place in places], np.int64)
    found = {}
    for name, field in asked.items():
        one = quantity(field, atlas, space, dataset, None)
        if one is None:
            raise no_field(field.text, sorted(
                {spelled(one, [other for other in of_space if other.name == one.name]) for one in of_space}))
        found[name] = np.where(rows < 0, np.nan, one.values()[rows])
    return found
