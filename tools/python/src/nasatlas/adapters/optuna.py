"""Optuna: an atlas as an objective, and a study as an interchange file for `nasatlas ingest`.

    import optuna
    from nasatlas.adapters.optuna import Objective

    objective = Objective("nasbench201.atlas", dataset="cifar10")
    study = optuna.create_study(direction=objective.direction)
    study.optimize(objective, n_trials=20)
"""

from __future__ import annotations

import os

from nasatlas.adapters import package
from nasatlas.adapters.task import Task
from nasatlas.errors import QuestionError, WrongArgument
from nasatlas.spaces import check_names

optuna = package("optuna", "optuna")


class Objective(Task):
    """A question as an objective of Optuna; the arguments are those of Task.

    Where the atlas has curves, a trial reports them epoch by epoch and can be pruned. Where the atlas lacks the value,
    the trial fails with a QuestionError that lists what exists; `study.optimize(…, catch=QuestionError)` continues
    with the next trial. User attributes of a trial: `architecture`, the canonical text; `train_seconds`, where known, up to
    the last reported epoch; `lacking`, the error where the atlas lacks the value.
    """

    @property
    def direction(self) -> str:
        """`maximize` or `minimize`."""
        return "maximize" if self.larger_is_better else "minimize"

    @property
    def grid(self) -> dict:
        """All values by parameter, for `optuna.samplers.GridSampler`."""
        return {one.name: list(one.values) for one in self.space.parameters}

    @property
    def distributions(self) -> dict:
        """By parameter, for `study.ask`: whole numbers in even steps as such, other values as categories."""
        return {one.name: _distribution(one) for one in self.space.parameters}

    def __call__(self, trial) -> float:
        if not hasattr(trial, "suggest_categorical"):
            raise WrongArgument(f"{trial!r} is not a trial", remedy="give the objective to study.optimize")
        choices = {name: _suggest(trial, name, one) for name, one in self.distributions.items()}
        # Enqueued parameters, or those of a FixedTrial. A wrapper may suggest other names itself.
        fixed = getattr(trial, "_fixed_params", None) or getattr(trial, "_params", None) or {}
        check_names([name for name in fixed if name not in trial.params], list(choices), "a trial",
                    "leave the unknown names out", needed=())
        trial.set_user_attr("architecture", self.space.text(choices))
        try:
            value = self.value(choices)
            epochs, values = self.curve(choices)
        except QuestionError as error:
            trial.set_user_attr("lacking", error.message)
            raise
        seen = epochs[-1:]
        pruned = False
        if len(epochs) > 1:
            for epoch, reported in zip(epochs.tolist(), values.tolist()):
                trial.report(reported, epoch)
                if trial.should_prune():
                    seen, pruned = [epoch], epoch < epochs[-1]
                    break
        seconds = self.train_seconds(choices, seen if len(seen) else None)
        if seconds is not None:
            trial.set_user_attr("train_seconds", float(seconds[0]))
        if pruned:
            raise optuna.TrialPruned(f"pruned after epoch {seen[0]}")
        return value


def _distribution(parameter):
    values = parameter.values
    whole = parameter.ordered and len(values) > 1 and all(type(value) is int for value in values)
    steps = {after - before for before, after in zip(values, values[1:])} if whole else set()
    if len(steps) == 1 and min(steps) > 0:
        return optuna.distributions.IntDistribution(values[0], values[-1], step=steps.pop())
    return optuna.distributions.CategoricalDistribution(values)


def _suggest(trial, name, distribution):
    if isinstance(distribution, optuna.distributions.IntDistribution):
        return trial.suggest_int(name, distribution.low, distribution.high, step=distribution.step)
    return trial.suggest_categorical(name, distribution.choices)


def write_study(study, path: str | os.PathLike, *, source, dataset, metric, protocol, space="optuna",
                split: str = "validation", epoch: int | None = None, final: str | None = None) -> dict:
    """Writes the finished trials of a study as an interchange file, and returns the number of entries of each kind.

    `source`, `dataset`, `metric` and `protocol` are cards of `nasatlas.importing.entries`, because the study lacks this
    information. `space` is a Space whose choices the parameters are, or the name of the grid that the study's
    distributions span. Trials with the same parameters are repetitions of one architecture.

    Reported values are curves, with steps as epochs (steps from 0 are epochs from 1). A returned value without reports
    is the value at `epoch`, or at the `epochs` of the protocol's settings. Where a trial returned another value than it
    reported last, `final` chooses `returned` or `reported`. Pruned trials are runs that timed out; failed trials are
    runs that failed.

    Raises StudyError where an atlas cannot store the study, and Unwritable where the file cannot be written or would
    replace something else than an interchange file.
    """
    from nasatlas.adapters.optuna_study import write
    return write(study, path, source, dataset, metric, protocol, space, split, epoch, final)
