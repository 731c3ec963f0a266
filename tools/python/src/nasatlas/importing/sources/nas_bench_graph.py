"""NAS-Bench-Graph: graph neural networks on nine graphs, means of three runs, from PyPI's nas-bench-graph."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nasatlas.importing.entries import (
    Curve, DatasetCard, Entry, Input, MeanOf, Measurement, MetricCard, ProtocolCard, Run, SourceCard, Target)
from nasatlas.importing.faults import BadData
from nasatlas.importing.files import SourceFiles, file_card
from nasatlas.importing.safe_pickle import load
from nasatlas.importing.source import Source

FETCH = "fetch it with `pip download --no-deps nas-bench-graph==1.4.0`, or with `tools/setup --benchmarks`"
SOURCE = Source(
    name="nas-bench-graph", title="NAS-Bench-Graph, means of three runs",
    expects=("the wheel nas_bench_graph-1.4.0-py3-none-any.whl, or a folder with it (or with its content)",),
    help=FETCH)

SPACE = NAME = PROTOCOL = "nas-bench-graph"
CITATION = ("Yijian Qin, Ziwei Zhang, Xin Wang, Zeyang Zhang, Wenwu Zhu: NAS-Bench-Graph: Benchmarking Graph Neural "
            "Architecture Search. NeurIPS 2022 Datasets and Benchmarks")
HASH_OF_ALL_SKIP = 88_888  # the largest, and the one that has no row
KEYS = ("valid_perf", "perf", "latency", "para")
PLANETOID = "Zhilin Yang, William Cohen, Ruslan Salakhutdinov: Revisiting Semi-Supervised Learning with Graph " \
            "Embeddings. ICML 2016"
PITFALLS = "Oleksandr Shchur and others: Pitfalls of Graph Neural Network Evaluation. arXiv 1811.05868"
OGB = "Weihua Hu and others: Open Graph Benchmark: Datasets for Machine Learning on Graphs. NeurIPS 2020"


@dataclass(frozen=True)
class _Table:
    file: str
    dataset: str
    title: str
    citation: str
    test: str
    cells: int = 26_206
    metric: str = "accuracy"
    defects: tuple[str, ...] = ()

    def card(self) -> DatasetCard:
        about = "node classification on one graph"
        return DatasetCard(
            self.dataset, self.title, "classification", f"the splits' sizes are not in this release; {self.test}",
            self.metric, citation=self.citation, known_defects=self.defects,
            about=about if self.metric == "accuracy" else about + ", 112 labels a node", input=Input("graph"),
            targets=[Target("class")] if self.metric == "accuracy" else ())


INFERRED = "test: {} nodes, by the steps of the test values"
UNEQUAL_SIZES = ("of 1,113 cells the number of parameters is a mean that is no whole number, so their three runs had "
                 "networks of different sizes")
TABLES = (
    _Table("cora", "cora", "Cora", PLANETOID, INFERRED.format("1,000")),
    _Table("citeseer", "citeseer", "CiteSeer", PLANETOID, INFERRED.format("1,000")),
    _Table("pubmed", "pubmed", "PubMed", PLANETOID, INFERRED.format("1,000")),
    _Table("cs", "coauthor-cs", "Coauthor CS", PITFALLS, INFERRED.format("17,583")),
    _Table("physics", "coauthor-physics", "Coauthor Physics", PITFALLS, INFERRED.format("34,243"),
           defects=(UNEQUAL_SIZES,)),
    _Table("photo", "amazon-photo", "Amazon Photo", PITFALLS, INFERRED.format("7,087")),
    _Table("computers", "amazon-computers", "Amazon Computers", PITFALLS, INFERRED.format("12,881")),
    _Table("arxiv", "ogbn-arxiv", "ogbn-arxiv", OGB, "OGB's split by year"),
    _Table("proteins", "ogbn-proteins", "ogbn-proteins", OGB, "OGB's split by species", cells=2_021, metric="roc_auc",
           defects=("2,021 cells only: those of the operations gcn, sage, arma, fc and skip",)),
)


def _source(raw: Mapping[str, bytes]) -> SourceCard:
    return SourceCard(
        name=NAME, title=SOURCE.title, version="1.4.0", origin="PyPI nas-bench-graph 1.4.0",
        files=[file_card(f"{name}.bench", data) for name, data in raw.items()],
        license="Apache-2.0", citation=CITATION,
        notes=(
            "This is the light release: one validation and one test value a cell, each the mean of three runs. Curves "
            "and single runs are in the authors' files at figshare only.",
            "On ogbn-proteins the values are means of the ROC-AUC over 112 labels; elsewhere a row is a node.",
            "The epoch of the values is not told (the full release keeps the best one), so they stand without one.",
            "The unit of the latency is not told; the values are taken as seconds.",
            "para is in millions. Where it is a whole number of parameters, it is the count of the run; else it is "
            "kept as the measurement parameters_millions.",
            "Every cell is there but the one of four skips.",
        ),
        known_defects=(
            "Each run's validation value was rounded to 0.001 before the mean was taken; test values were not.",
            UNEQUAL_SIZES + " (Coauthor Physics)",
            "The package hashes cells of ogbn-proteins with the code of nine operations, although its own function "
            "has another code for them; its search example names cheb where the table has sage.",
            "The package has no way from a hash back to the cell, and its example looks for the cell of four skips "
            "under a text where hashes are numbers.",
        ))


def _rows(table: _Table, raw: bytes) -> Iterator[tuple[int, Mapping[str, float]]]:
    cells: Any = load(raw)
    if not isinstance(cells, dict) or len(cells) != table.cells:
        raise BadData(f"{table.file}.bench is not a table of {table.cells} cells", FETCH)
    for cell, row in cells.items():
        if type(cell) is not int or not 0 <= cell < HASH_OF_ALL_SKIP:
            raise BadData(f"{table.file}.bench has the key {cell!r}; allowed: hashes from 0 to 88887", FETCH)
        if not isinstance(row, dict) or tuple(row) != KEYS or not all(
                type(v) is float and math.isfinite(v) for v in row.values()):
            raise BadData(f"{table.file}.bench at {cell} lacks finite numbers for {', '.join(KEYS)}", FETCH)
        if not (0 <= row["valid_perf"] <= 1 and 0 <= row["perf"] <= 1 and row["latency"] > 0 and row["para"] >= 0):
            raise BadData(f"{table.file}.bench at {cell} has a value outside its range: {dict(row)}", FETCH)
        yield cell, row


def entries(folder: Path) -> Iterator[Entry]:
    """Yields 211,669 means of three runs with their latencies: 26,206 cells on eight graphs, 2,021 on a ninth."""
    with SourceFiles(folder, ("nas_bench_graph-*.whl",)) as files:
        raw = {t.file: files.read(files.find(f"light/{t.file}.bench"), 16 << 20) for t in TABLES}
    yield _source(raw)
    yield MetricCard("accuracy", "fraction", True, "share of rows classified correctly")
    yield MetricCard("roc_auc", "fraction", True, "area under the ROC curve")
    for table in TABLES:
        yield table.card()
    yield ProtocolCard(PROTOCOL, {
        "runsAMean": 3, "hyperparameters": "chosen for each graph by the authors; not in this release"})
    for table in TABLES:
        for cell, row in _rows(table, raw[table.file]):
            architecture = f"hash:{cell}"
            parameters = round(row["para"] * 1e6)
            whole = abs(parameters - row["para"] * 1e6) < 1e-3
            yield Run(SPACE, architecture, table.dataset, PROTOCOL, MeanOf(3), NAME, [
                Curve(table.metric, "validation", [row["valid_perf"]]), Curve(table.metric, "test", [row["perf"]])],
                origin="exhaustive", counts={"parameters": parameters if whole else None})
            yield Measurement(SPACE, architecture, NAME, "latency", "second", row["latency"], dataset=table.dataset)
            if not whole:
                yield Measurement(SPACE, architecture, NAME, "parameters_millions", "million", row["para"],
                                  dataset=table.dataset)
