"""SMAC3: an atlas as a target function, with the ConfigSpace of its space.

    from nasatlas.adapters.smac import Target
    from smac import HyperparameterOptimizationFacade, Scenario

    target = Target("nasbench201.atlas", dataset="cifar10")
    scenario = Scenario(target.configuration_space(seed=1), deterministic=True, n_trials=20)
    incumbent = HyperparameterOptimizationFacade(scenario, target.cost).optimize()
"""

from __future__ import annotations

import math

from nasatlas.adapters import package
from nasatlas.adapters.task import Task

ConfigSpace = package("ConfigSpace", "smac")


class Target(Task):
    """A question as a target function; the arguments are those of Task.

    A cost is the value, negated where larger is better. Additional information of a trial: `architecture`, the
    canonical text; the value under `name`; `train_seconds`, where known. Where the atlas lacks the value, SMAC records
    the trial as crashed, with an error that lists what exists. If the first trial crashes, the optimization ends.
    """

    def configuration_space(self, seed: int | None = None):
        """The space as a ConfigSpace.ConfigurationSpace, drawing by `seed`."""
        return configuration_space(self.space, seed)

    def cost(self, config, seed: int = 0) -> tuple:
        """The cost of a configuration, and additional information. `seed` has no effect: the question chooses runs."""
        return self._cost(config, None)

    def cost_at(self, config, seed: int = 0, budget: float | None = None) -> tuple:
        """The cost after `budget` epochs, rounded down, for facades with several fidelities. The additional information
        has the epoch too."""
        # SMAC divides budgets repeatedly, so 3 may arrive as 2.9999999.
        return self._cost(config, None if budget is None else math.floor(budget + 1e-6))

    def _cost(self, config, epoch):
        choices = dict(config)
        value = self.value(choices, epoch)
        told = {"architecture": self.space.text(choices), self.name: value}
        seconds = self.train_seconds(choices, None if epoch is None else [epoch])
        if seconds is not None:
            told["train_seconds"] = float(seconds[0])
        if epoch is not None:
            told["epoch"] = epoch
        return -value if self.larger_is_better else value, told


def configuration_space(space, seed: int | None = None):
    """A Space as a ConfigSpace.ConfigurationSpace, drawing by `seed`."""
    made = ConfigSpace.ConfigurationSpace(name=space.name, seed=seed)
    made.add([_hyperparameter(one) for one in space.parameters])
    return made


def _hyperparameter(parameter):
    if len(parameter.values) == 1:
        return ConfigSpace.Constant(parameter.name, parameter.values[0])
    if parameter.ordered:
        return ConfigSpace.OrdinalHyperparameter(parameter.name, list(parameter.values))
    return ConfigSpace.CategoricalHyperparameter(parameter.name, list(parameter.values))
