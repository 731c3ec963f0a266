"""`hpobench.benchmarks.ml.tabular_benchmark`: perceptrons on OpenML tasks."""

from __future__ import annotations

import numpy as np

from nasatlas.errors import MissingValue, UnknownName
from nasatlas.shims import hpo_benchmarks
from nasatlas.shims.hpobench.benchmark import Benchmark, Refused
from nasatlas.shims.told import Told


class TabularBenchmark(Benchmark):
    """Perceptrons of HPOBench on OpenML tasks: 1 less a score, and seconds of training."""

    _choices = hpo_benchmarks.HPOBench.search_space
    _ordered = tuple(_choices)
    _fidelity = {"iter": (3, 243, int), "subsample": (0.1, 1.0, float)}
    _scores = {"acc": "accuracy", "bal_acc": "balanced_accuracy", "f1": "macro_f1", "precision": "macro_precision"}

    def __init__(self, model: str, task_id: int, data_dir, rng=None):
        if model != "nn":
            raise Refused(f"atlases have the model nn, not {model!r}", known=["nn"])
        super().__init__(data_dir, rng)
        self.model, self.task_id = model, task_id
        tasks = {card.get("source"): name for name, card in self.atlas.datasets.items()}
        name = tasks.get(f"OpenML task {task_id}")
        if name is None:
            known = sorted(int(source.rpartition(" ")[2]) for source in tasks
                           if str(source).startswith("OpenML task "))
            raise UnknownName(f"the atlas has no task {task_id}; known: {', '.join(map(str, known)) or 'none'}",
                              known=known, code="benchmarks.unknown_dataset", remedy="choose one of these" if known else
                              "open an atlas of hpobench-nn; `nasatlas-import hpobench-nn` makes one")
        self._setting = self.atlas.setting(name, space="hpobench-nn")

    def objective_function(self, configuration, fidelity=None, rng=None, seed=None, metric: str = "acc",
                           **kwargs) -> Told:
        """1 minus the mean validation score over the runs, or the score of `seed`; and the sum of their seconds."""
        return self._objective(configuration, fidelity, seed, metric, "validation", "val_scores")

    def objective_function_test(self, configuration, fidelity=None, rng=None, seed=None, metric: str = "acc",
                                **kwargs) -> Told:
        """Like `objective_function`, on the test split."""
        return self._objective(configuration, fidelity, seed, metric, "test", "test_scores")

    def _objective(self, configuration, fidelity, seed, metric, split, key) -> Told:
        fidelity, setting = self._with_fidelity(fidelity), self._setting
        if metric not in list(self._scores):
            raise Refused(f"there is no metric {metric}; known: {', '.join(self._scores)}",
                              known=list(self._scores), code="benchmarks.unknown_metric")
        there = [name for name, one in self._scores.items() if (one, split) in setting.measures]
        if metric not in there:
            raise MissingValue(f"the atlas has no {metric} of {split} of {setting.dataset}; it has: "
                               f"{', '.join(there) or 'nothing'}", known=there,
                               remedy="choose one of them with metric=")
        text = hpo_benchmarks.HPOBench._text(hpo_benchmarks.HPOBench._chosen(configuration))
        place = self.atlas.index(text, "hpobench-nn")
        runs = {setting.seed(run): run for run in hpo_benchmarks.completed(setting, place)}
        if seed is not None and seed not in list(runs):
            raise Refused(f"the atlas has no seed {seed}; known: {', '.join(map(str, runs))}", known=list(runs),
                              code="benchmarks.unknown_seed", remedy="seed=None takes all of them")
        info, losses, seconds = {}, [], []
        for one, run in runs.items() if seed is None else [(seed, runs[seed])]:
            scores = {name: self._score(run, self._scores[name], split, fidelity) for name in there}
            about = f"seed {one} of {setting.dataset}"
            info[one] = {"fidelity": fidelity, key: Told(scores, about)}
            losses.append(1 - scores[metric])
            if (spent := setting.train_seconds(run, fidelity["iter"])) is not None:
                info[one]["model_cost"] = spent[0]
                seconds.append(spent[0])
            info[one] = Told(info[one], about)
        told = {"function_value": float(np.mean(losses)), "info": info}
        if len(seconds) == len(info):
            told["cost"] = sum(seconds)
        return Told(told, setting.dataset)

    def _score(self, run, metric, split, fidelity) -> float:
        curve = self._setting.curve(run, metric, split)
        epochs = [] if curve is None else curve[0].tolist()
        if fidelity["iter"] not in epochs or fidelity["subsample"] != 1:
            raise MissingValue(f"the atlas has no {metric} of {self._setting.dataset} at {fidelity}; it has iter "
                               f"{', '.join(map(str, epochs))} with subsample 1", known=epochs,
                               remedy="leave fidelity out, or give one of these as iter")
        return float(curve[1][epochs.index(fidelity["iter"])])
