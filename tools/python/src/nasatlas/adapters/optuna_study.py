"""Finished trials of Optuna as entries of an interchange file."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import optuna
from optuna.trial import TrialState

from nasatlas.errors import NASAtlasError
from nasatlas.importing import ndjson
from nasatlas.importing.entries import Curve, Parameter, Run, SpaceCard, Unnamed
from nasatlas.importing.faults import OutputFailure
from nasatlas.spaces import Space
from nasatlas.spaces import space as space_of_card

LARGEST = 65_536


class StudyError(NASAtlasError, ValueError):
    """A study that an atlas cannot store."""

    code = "adapters.study"


def write(study, path, source, dataset, metric, protocol, space, split, epoch, final) -> dict:
    """See `nasatlas.adapters.optuna.write_study`."""
    if final not in (None, "returned", "reported"):
        raise StudyError(f"final is {final!r}", known=["returned", "reported"],
                         remedy="give one of these, or leave out final=")
    if len(study.directions) != 1:
        raise StudyError(f"the study has {len(study.directions)} objectives, and a run has one value here",
                         remedy="write a study of one objective")
    maximizes = study.direction == optuna.study.StudyDirection.MAXIMIZE
    if maximizes != metric.larger_is_better:
        raise StudyError(f"the study {'maximizes' if maximizes else 'minimizes'}, and {metric.name} is better where it "
                         f"is {'larger' if metric.larger_is_better else 'smaller'}",
                         remedy="give the card of the metric that the study optimized")
    trials = [trial for trial in study.get_trials(deepcopy=False) if trial.state.is_finished()]
    if not trials:
        raise StudyError("the study has no finished trial", remedy="run it first")
    cards = [source, metric, dataset, protocol]
    if not isinstance(space, Space):
        space, card = _grid(space, study, trials)
        cards.insert(1, card)
    first = min((step for trial in trials for step in trial.intermediate_values), default=1)
    if first < 0:
        raise StudyError(f"a trial reported step {first}", remedy="report epochs as steps, from 0 or 1")
    shift = 1 if first == 0 else 0
    epoch = epoch or protocol.settings.get("epochs", 1)
    seen = Counter()

    runs = []
    for trial in trials:
        architecture = space.text(_listed(trial, space))
        seen[architecture] += 1
        runs.append(Run(
            space.name, architecture, dataset.name, protocol.name, Unnamed(seen[architecture]), source.name,
            _curve(trial, metric, split, shift, epoch, final), origin="search", attributes=_attributes(trial),
            **_status(trial)))
    try:
        return dict(ndjson.write([*cards, *runs], Path(path)))
    except OutputFailure as fault:
        raise fault.__cause__ from None


def _status(trial) -> dict:
    if trial.state == TrialState.PRUNED:
        return {"status": "timed_out", "status_detail": "pruned"}
    return {"status": "completed"} if trial.state == TrialState.COMPLETE else {"status": "failed"}


def _attributes(trial) -> dict:
    told = {"trial": trial.number}
    if trial.duration is not None:
        told["duration_seconds"] = trial.duration.total_seconds()
    return told


def _curve(trial, metric, split, shift, epoch, final) -> list:
    steps = sorted(trial.intermediate_values)
    values = [trial.intermediate_values[step] for step in steps]
    epochs = [step + shift for step in steps]
    returned = trial.value if trial.state == TrialState.COMPLETE else None
    if returned is not None and (not values or final == "returned"):
        values, epochs = [returned], [epochs[-1] if epochs else epoch]
    elif returned is not None and final is None and values[-1] != returned:
        raise StudyError(f"trial {trial.number} returned {returned} and reported {values[-1]} last",
                         remedy='say which counts with final="returned" (without curves) or final="reported"')
    if not values:
        return []
    return [Curve(metric.name, split, values, None if epochs == list(range(1, len(epochs) + 1)) else epochs)]


def _grid(name, study, trials) -> tuple:
    """The grid that the distributions of the trials span, and its card."""
    distributions = trials[0].distributions
    for trial in trials:
        if trial.distributions != distributions:
            raise StudyError(f"trial {trial.number} has other parameters than trial {trials[0].number}",
                             remedy="write a study whose trials all suggest the same parameters")
    parameters = []
    for parameter, distribution in distributions.items():
        if isinstance(distribution, optuna.distributions.CategoricalDistribution):
            parameters.append(Parameter(parameter, "categorical", list(distribution.choices)))
            continue
        step = distribution.step
        count = None if step is None else round((distribution.high - distribution.low) / step) + 1
        if count is None or count > LARGEST:
            raise StudyError(f"{parameter} is continuous, or has over {LARGEST} values: no trial would meet another",
                             remedy="write a study with steps or categories")
        values = [distribution.low + place * step for place in range(count)]
        # As a table would spell them: 0.1 + 2 * 0.1 is 0.3.
        values = [value if isinstance(value, int) else float(f"{value:.12g}") for value in values]
        parameters.append(Parameter(parameter, "ordinal", [int(value) if value == int(value) else value
                                                           for value in values]))
    card = SpaceCard(name, "grid", f"Parameters of the Optuna study {study.study_name}", parameters=parameters)
    return space_of_card(name, json.loads(json.dumps(card.line()["space"]))), card


def _listed(trial, space) -> dict:
    """The parameters of a trial; a number in steps as the listed one nearest to it."""
    listed = dict(trial.params)
    for parameter in space.parameters:
        distribution = trial.distributions.get(parameter.name)
        if isinstance(distribution, optuna.distributions.FloatDistribution):
            value = trial.params[parameter.name]
            listed[parameter.name] = min(parameter.values, key=lambda one, value=value: abs(one - value))
    return listed
