"""Cards that several sources share, worded once so that their atlases can be merged."""

from __future__ import annotations

from collections.abc import Sequence

from nasatlas.importing.entries import DatasetCard, MetricCard, ProtocolCard

ACCURACY_PERCENT = MetricCard("accuracy_percent", "percent", True, "share of rows classified correctly, times 100")
TOP5_ACCURACY_PERCENT = MetricCard(
    "top5_accuracy_percent", "percent", True, "share of rows whose class is among the five best scores, times 100")
ACCURACY = MetricCard("accuracy", "fraction", True, "share of rows classified correctly, 0 to 1")
LOSS = MetricCard("loss", "nats", False, "mean cross-entropy a row, natural logarithm")

CIFAR_CITATION = ("A. Krizhevsky. Learning Multiple Layers of Features from Tiny Images. "
                  "Technical report, University of Toronto, 2009.")
NASBENCH201_CITATION = ("X. Dong, Y. Yang. NAS-Bench-201: Extending the Scope of Reproducible Neural Architecture "
                        "Search. ICLR 2020. arXiv:2001.00326.")
NATS_CITATION = ("X. Dong, L. Liu, K. Musial, B. Gabrys. NATS-Bench: Benchmarking NAS Algorithms for Architecture "
                 "Topology and Size. IEEE TPAMI 2021. arXiv:2009.00437.")
SPACE_201 = "nasbench201"
CELLS_201 = 15_625


def cifar10(split_meaning: str, *, name: str = "cifar10", primary_metric: str = "accuracy_percent",
            known_defects: Sequence[str] = ()) -> DatasetCard:
    """CIFAR-10 as a source split it."""
    return DatasetCard(name=name, title="CIFAR-10", task="image classification", split_meaning=split_meaning,
                       primary_metric=primary_metric, citation=CIFAR_CITATION, known_defects=known_defects)


def cifar100(split_meaning: str, *, known_defects: Sequence[str] = ()) -> DatasetCard:
    """CIFAR-100 as a source split it."""
    return DatasetCard(name="cifar100", title="CIFAR-100", task="image classification", split_meaning=split_meaning,
                       primary_metric="accuracy_percent", citation=CIFAR_CITATION, known_defects=known_defects)


def imagenet16_120(split_meaning: str, *, known_defects: Sequence[str] = ()) -> DatasetCard:
    """ImageNet16-120 as a source split it."""
    return DatasetCard(
        name="ImageNet16-120", title="ImageNet16-120", task="image classification", split_meaning=split_meaning,
        primary_metric="accuracy_percent", known_defects=known_defects,
        citation=("P. Chrabaszcz, I. Loshchilov, F. Hutter. A Downsampled Variant of ImageNet as an Alternative to "
                  "the CIFAR Datasets. arXiv:1707.08819; 120 of its classes at 16x16 pixels, chosen by "
                  "NAS-Bench-201."))


def nasbench201_protocol(epochs: int) -> ProtocolCard:
    """The training of NAS-Bench-201 and of the topology part of NATS-Bench: 12 or 200 epochs."""
    return ProtocolCard(f"nasbench201-{epochs}", {
        "epochs": epochs, "optimizer": "SGD", "nesterov": True, "momentum": 0.9, "weightDecay": 0.0005,
        "initialLearningRate": 0.1, "learningRateSchedule": "cosine to 0", "batch": 256, "stemChannels": 16,
        "cellsPerStage": 5})
