"""Cards that several sources share. Equal cards let `nasatlas merge` merge their atlases."""

from __future__ import annotations

from collections.abc import Sequence

from nasatlas.importing.entries import DatasetCard, Input, MetricCard, ProtocolCard, Target

ACCURACY_PERCENT = MetricCard("accuracy_percent", "percent", True, "share of images classified correctly, times 100")
TOP5_ACCURACY_PERCENT = MetricCard(
    "top5_accuracy_percent", "percent", True, "share of images whose class is among the five best scores, times 100")
ACCURACY = MetricCard("accuracy", "fraction", True, "share of images classified correctly, 0 to 1")
LOSS = MetricCard("loss", "nats", False, "mean cross-entropy of a prediction, natural logarithm")

CIFAR_CITATION = "Alex Krizhevsky: Learning Multiple Layers of Features from Tiny Images. Technical report, 2009"
NATS_CITATION = ("Xuanyi Dong, Lu Liu, Katarzyna Musial, Bogdan Gabrys: NATS-Bench: Benchmarking NAS Algorithms for "
                 "Architecture Topology and Size. IEEE TPAMI 44 (2022). arXiv:2009.00437")
IMAGENET16_120 = "imagenet16-120"
SPACE_201 = "nasbench201"
CELLS_201 = 15_625


def images(name: str, title: str, classes: int, pixels: int, split_meaning: str, **more) -> DatasetCard:
    """A data set of square images in color, each of one class; `more` are further fields of the card."""
    return DatasetCard(
        name=name, title=title, task="classification", split_meaning=split_meaning,
        about=f"image classification, {classes} classes, {pixels} x {pixels} pixels",
        input=Input("image", {"channels": 3, "height": pixels, "width": pixels}), targets=[Target("class")],
        **{"primary_metric": "accuracy_percent", **more})


def cifar10(split_meaning: str, *, name: str = "cifar10", primary_metric: str = "accuracy_percent",
            known_defects: Sequence[str] = ()) -> DatasetCard:
    """CIFAR-10 as a source split it."""
    return images(name, "CIFAR-10", 10, 32, split_meaning, primary_metric=primary_metric, citation=CIFAR_CITATION,
                  known_defects=known_defects)


def cifar100(split_meaning: str, *, known_defects: Sequence[str] = ()) -> DatasetCard:
    """CIFAR-100 as a source split it."""
    return images("cifar100", "CIFAR-100", 100, 32, split_meaning, citation=CIFAR_CITATION,
                  known_defects=known_defects)


def imagenet16_120(split_meaning: str, *, known_defects: Sequence[str] = ()) -> DatasetCard:
    """ImageNet16-120 as a source split it."""
    return images(
        IMAGENET16_120, "ImageNet16-120", 120, 16, split_meaning, known_defects=known_defects,
        citation=("Patryk Chrabaszcz, Ilya Loshchilov, Frank Hutter: A Downsampled Variant of ImageNet as an "
                  "Alternative to the CIFAR datasets. arXiv 1707.08819"))


def nasbench201_protocol(epochs: int) -> ProtocolCard:
    """The training of NAS-Bench-201 and of the topology part of NATS-Bench: 12 or 200 epochs."""
    return ProtocolCard(f"nasbench201-{epochs}", {
        "epochs": epochs, "optimizer": "SGD", "nesterov": True, "momentum": 0.9, "learningRate": 0.1,
        "schedule": "cosine to 0", "weightDecay": 0.0005, "batchSize": 256, "channels": 16, "cellsAStage": 5,
        "augmentation": "random flip and random crop with padding 4 (CIFAR) or 2 (ImageNet16-120)"})
