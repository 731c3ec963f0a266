"""Ray Tune: an atlas as a trainable, with its search space.

    from nasatlas.adapters.ray import Trainable
    from ray import tune

    trainable = Trainable("nasbench201.atlas", dataset="cifar10")
    tuner = tune.Tuner(trainable.function, param_space=trainable.param_space,
                       tune_config=trainable.tune_config(num_samples=20, reuse_actors=True))
    results = tuner.fit()
"""

from __future__ import annotations

import functools

from nasatlas.adapters import package
from nasatlas.adapters.task import Task

tune = package("ray.tune", "'ray[tune]'")


class Trainable(Task):
    """A question as a trainable; the arguments are those of Task.

    Each trial reports the metric under `name`, the `epoch`, and `train_seconds` where known, once per epoch where the
    atlas has curves. The last report has the value of the question and the canonical text as `architecture`. Where the
    atlas lacks the value, the trial ends with an error that lists what exists. Workers open the atlas by its path; with
    `reuse_actors=True` each worker does so once.
    """

    @property
    def mode(self) -> str:
        """`max` or `min`."""
        return "max" if self.larger_is_better else "min"

    @property
    def param_space(self) -> dict:
        """A random choice among the values of each parameter."""
        return {one.name: tune.choice(list(one.values)) for one in self.space.parameters}

    @property
    def grid(self) -> dict:
        """A grid of the values of each parameter."""
        return {one.name: tune.grid_search(list(one.values)) for one in self.space.parameters}

    def tune_config(self, **words):
        """A TuneConfig with the metric and mode; `words` are its other arguments."""
        return tune.TuneConfig(metric=self.name, mode=self.mode, **words)

    @property
    def function(self):
        """The function for `ray.tune.Tuner`."""
        return functools.partial(_train, task=self)


def _train(config, task):
    choices = dict(config)
    value = task.value(choices)
    epochs, values = task.curve(choices)
    told = [{task.fidelity.name: epoch, task.name: one} for epoch, one in zip(epochs.tolist(), values.tolist())] or [{}]
    seconds = task.train_seconds(choices, epochs if len(epochs) else None)
    for report, one in zip(told, () if seconds is None else seconds.tolist()):
        report["train_seconds"] = one
    told[-1].update({task.name: value, "architecture": task.space.text(choices)})
    for report in told:
        tune.report(report)
