"""NASLib's metrics."""

from __future__ import annotations

from enum import Enum, auto

from nasatlas.errors import UnknownName


class NotAnswered(UnknownName, NotImplementedError):
    """A metric, an encoding or a search space that has no answer here."""


class Metric(Enum):
    """The metrics of a query."""

    RAW = auto()
    ALL = auto()
    TRAIN_ACCURACY = auto()
    VAL_ACCURACY = auto()
    TEST_ACCURACY = auto()
    TRAIN_LOSS = auto()
    VAL_LOSS = auto()
    TEST_LOSS = auto()
    TRAIN_TIME = auto()
    VAL_TIME = auto()
    TEST_TIME = auto()
    FLOPS = auto()
    LATENCY = auto()
    PARAMETERS = auto()
    EPOCH = auto()
    HP = auto()


def asked(metric, dataset_api, space: str, known: list) -> str:
    """The name of a metric, of NASLib's Metric or ours; raises NotAnswered where it cannot be asked for."""
    name = getattr(metric, "name", None)
    if not isinstance(name, str) or name not in known:
        raise NotAnswered(f"{metric!r} cannot be asked for; known: {', '.join(known)}", known=known,
                          code="benchmarks.unknown_metric", remedy="ask for one of them, as Metric.VAL_ACCURACY")
    if not isinstance(dataset_api, dict):
        raise NotAnswered("a query needs dataset_api",
                          remedy=f'dataset_api=get_dataset_api("{space}", "cifar10", atlas=…)')
    return name


def table(dataset_api: dict, key: str, space: str):
    """The data of a space; raises UnknownName where it is another's."""
    if key not in dataset_api:
        raise UnknownName(f"this dataset_api is not of {space}; it has {', '.join(map(str, dataset_api))}",
                          known=[key], code="shims.other_space",
                          remedy=f'get_dataset_api("{space}", "cifar10", atlas=…) makes one')
    return dataset_api[key]
