"""Makes the card of a data set: its task, and the targets that metrics name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nasatlas.importing.entries import DatasetCard
from nasatlas.importing.entries import Target as DatasetTarget
from nasatlas.own_tables.descriptions import Metric

TASKS = {
    "classification": {"accuracy", "acc", "top1", "top5", "f1", "auc", "auroc", "precision", "recall", "kappa", "mcc"},
    "regression": {"mse", "rmse", "mae", "mape", "smape", "r2", "squared", "absolute"},
    "language_modeling": {"perplexity", "ppl", "bpc", "bpb"}}
"""Words in the names of metrics, by the task that they belong to."""
KINDS = {"classification": "class", "regression": "number", "language_modeling": "token"}
"""What a target is, by the task of its metrics."""


def task_of(metrics: Iterable[Metric]) -> str:
    """The task that the first metric with a known name belongs to; `unknown` where there is none.

        >>> from nasatlas import Metric
        >>> task_of([Metric("loss", "nat", False), Metric("mean_squared_error", "1", False)])
        'regression'
        >>> task_of([Metric("loss", "nat", False)])
        'unknown'
    """
    for metric in metrics:
        words = set(re.split(r"[^a-z0-9]+", metric.name.lower()))
        for task, known in TASKS.items():
            if words & known:
                return task
    return "unknown"


def dataset_card(name: str, task: str | None, metrics: Iterable[Metric], title: str, citation: str,
                 license: str | None) -> DatasetCard:
    """The card of a data set of a table; the first metric is the primary one."""
    metrics = list(metrics)
    targets = dict.fromkeys(one.target for one in metrics if one.target is not None)
    kinds = {target: KINDS.get(task_of(one for one in metrics if one.target == target), "unknown")
             for target in targets}
    return DatasetCard(
        name, name, task_of(metrics) if task is None else task, f"the splits of {title}", metrics[0].name, source=title,
        citation=citation, license=license, targets=[DatasetTarget(kind, target) for target, kind in kinds.items()])
