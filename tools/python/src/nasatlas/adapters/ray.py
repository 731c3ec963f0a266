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
    """A question as a trainable; `atlas` and the words of the question are those of Task.

    Each trial reports, epoch by epoch where the atlas has curves, the metric under `name`, `epoch`, and `train_seconds`
    where known; the last report has the value of the question and the canonical text as `architecture`. Where the atlas
    lacks the value, the trial ends with the error that tells what there is. Workers open the atlas by its path; with
    `reuse_actors=True` each does so once.
    """

    @property
    def mode(self) -> str:
        """`max` or `min`."""
        return "max" if self.larger_is_better else "min"

    @property
    def param_space(self) -> dict:
        """By parameter, a choice of its values."""
        return {one.name: tune.choice(list(one.values)) for one in self.space.parameters}

    @property
    def grid(self) -> dict:
        """By parameter, a grid of its values."""
        return {one.name: tune.grid_search(list(one.values)) for one in self.space.parameters}

    def tune_config(self, **words):
        """A TuneConfig that knows metric and mode; `words` are its others."""
        return tune.TuneConfig(metric=self.name, mode=self.mode, **words)

    @property
    def function(self):
        """What `ray.tune.Tuner` takes."""
        return functools.partial(_train, task=self)


def _train(config, task):
    choices = dict(config)
    value = task.value(choices)
    epochs, values = task.curve(choices)
    told = [{"epoch": epoch, task.name: one} for epoch, one in zip(epochs.tolist(), values.tolist())] or [{}]
    seconds = task.train_seconds(choices, epochs if len(epochs) else None)
    for report, one in zip(told, () if seconds is None else seconds.tolist()):
        report["train_seconds"] = one
    told[-1].update({task.name: value, "architecture": task.space.text(choices)})
    for report in told:
        tune.report(report)
