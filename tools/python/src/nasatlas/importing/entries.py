"""The entries of an interchange file, one dataclass per kind; `line()` returns the JSON object of the line.

A field that a source lacks is None or empty, and absent from the line. Nothing is imputed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Union

Split = Literal["train", "validation", "test", "valtest"]
Status = Literal["completed", "diverged", "failed", "timed_out"]
Origin = Literal["random", "search", "baseline", "exhaustive"]

Number = Union[int, float]


def number(value: Number) -> Number | str:
    """The number as a value of JSON; numbers that are not finite become "nan", "inf" and "-inf"."""
    if value - value == 0:
        return value
    return "nan" if value != value else "inf" if value > 0 else "-inf"


def grid_text(values: Mapping[str, Number | str]) -> str:
    """The architecture of a grid space: `name=value,...` in the order of its parameters."""
    spelled = {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}
    return ",".join(f"{name}={value}" for name, value in spelled.items())


def _present(pairs: Mapping[str, Any]) -> dict[str, Any]:
    """The pairs whose values are present."""
    return {key: value for key, value in pairs.items() if value is not None and value != () and value != {}}


@dataclass(frozen=True)
class File:
    """A file that a source was read from."""

    name: str
    sha256: str


@dataclass(frozen=True)
class SourceCard:
    """The source of the values, their terms of use, and known defects."""

    name: str
    title: str
    origin: str
    files: Sequence[File] = ()
    version: str | None = None
    licence: str | None = None
    citation: str | None = None
    notes: Sequence[str] = ()
    known_defects: Sequence[str] = ()
    made_up: Sequence[str] = ()

    def line(self) -> dict[str, Any]:
        """The object under the key `source`."""
        return {"source": _present({
            "name": self.name, "title": self.title, "version": self.version, "origin": self.origin,
            "files": [{"name": f.name, "sha256": f.sha256} for f in self.files], "licence": self.licence,
            "citation": self.citation, "notes": list(self.notes), "knownDefects": list(self.known_defects),
            "madeUp": list(self.made_up)})}


@dataclass(frozen=True)
class Parameter:
    """One named parameter of a grid space and its values, in order where it is ordinal."""

    name: str
    kind: Literal["ordinal", "categorical"]
    values: Sequence[Number | str]


@dataclass(frozen=True)
class SpaceCard:
    """A grid or opaque space; the other spaces are built in and have no card."""

    name: str
    kind: Literal["grid", "opaque"]
    title: str
    citation: str | None = None
    parameters: Sequence[Parameter] = ()

    def line(self) -> dict[str, Any]:
        """The object under the key `space`."""
        parameters = [{"name": p.name, "kind": p.kind, "values": list(p.values)} for p in self.parameters]
        return {"space": _present({"name": self.name, "kind": self.kind, "title": self.title,
                                   "citation": self.citation, "parameters": parameters or None})}


@dataclass(frozen=True)
class MetricCard:
    """A metric with its unit and direction. `ingest` refuses a run with a value outside `minimum` to `maximum`."""

    name: str
    unit: str
    larger_is_better: bool
    meaning: str
    minimum: float | None = None
    maximum: float | None = None

    def line(self) -> dict[str, Any]:
        """The object under the key `metric`."""
        range_ = _present({"minimum": self.minimum, "maximum": self.maximum})
        return {"metric": _present({
            "name": self.name, "unit": self.unit, "largerIsBetter": self.larger_is_better, "meaning": self.meaning,
            "range": range_ or None})}


@dataclass(frozen=True)
class DatasetCard:
    """A data set as the source used it, with the meaning of its splits."""

    name: str
    title: str
    task: str
    split_meaning: str
    primary_metric: str
    source: str | None = None
    licence: str | None = None
    citation: str | None = None
    known_defects: Sequence[str] = ()
    digest: str | None = None
    class_names: Sequence[str] = ()
    class_counts: Sequence[int] = ()
    categorical_features: int | None = None
    numeric_features: int | None = None
    sequence_length: int | None = None

    def line(self) -> dict[str, Any]:
        """The object under the key `dataset`."""
        return {"dataset": _present({
            "name": self.name, "title": self.title, "task": self.task, "source": self.source,
            "licence": self.licence, "citation": self.citation, "splitMeaning": self.split_meaning,
            "primaryMetric": self.primary_metric, "knownDefects": list(self.known_defects), "digest": self.digest,
            "classNames": list(self.class_names) or None, "classCounts": list(self.class_counts) or None,
            "categoricalFeatures": self.categorical_features, "numericFeatures": self.numeric_features,
            "sequenceLength": self.sequence_length})}


@dataclass(frozen=True)
class ProtocolCard:
    """How runs were trained, as any JSON."""

    name: str
    settings: Mapping[str, Any]

    def line(self) -> dict[str, Any]:
        """The object under the key `protocol`."""
        return {"protocol": {"name": self.name, "settings": dict(self.settings)}}


@dataclass(frozen=True)
class Unnamed:
    """The 1st, 2nd, ... repetition of a source that does not name its seeds."""

    repetition: int


@dataclass(frozen=True)
class MeanOf:
    """A published mean of `runs` runs; 0 if the source does not state the number."""

    runs: int


Seed = Union[int, Unnamed, MeanOf]


def seed_value(seed: Seed) -> int | dict[str, int]:
    """The seed as it appears in a run's key."""
    if isinstance(seed, Unnamed):
        return {"unnamed": seed.repetition}
    return {"meanOf": seed.runs} if isinstance(seed, MeanOf) else seed


@dataclass(frozen=True)
class Curve:
    """Values of one metric on one split; `epochs` are 1-based and ascending, None means 1 to n."""

    metric: str
    split: Split
    values: Sequence[Number]
    epochs: Sequence[int] | None = None


@dataclass(frozen=True)
class Run:
    """One training of one architecture."""

    space: str
    architecture: str
    dataset: str
    protocol: str
    seed: Seed
    source: str
    curves: Sequence[Curve]
    origin: Origin | None = None
    status: Status = "completed"
    status_detail: str | None = None
    parameters: int | None = None
    forward_flops: int | None = None
    train_seconds: Number | None = None
    evaluation_seconds: Number | None = None
    train_seconds_by_epoch: Sequence[Number] | None = None
    attributes: Mapping[str, Any] | None = None

    def line(self) -> dict[str, Any]:
        """The object under the key `run`."""
        run: dict[str, Any] = {
            "key": {"space": self.space, "architecture": self.architecture, "dataset": self.dataset,
                    "protocol": self.protocol, "seed": seed_value(self.seed)},
            "source": self.source}
        if self.origin is not None:
            run["origin"] = {"kind": self.origin}
        run["status"] = self.status
        if self.status_detail is not None:
            run["statusDetail"] = self.status_detail
        run["curves"] = curves = []
        for curve in self.curves:
            written = {"metric": curve.metric, "split": curve.split, "values": [number(v) for v in curve.values]}
            if curve.epochs is not None:
                written["epochs"] = list(curve.epochs)
            curves.append(written)
        counts = _present({"parameters": self.parameters, "forwardFLOPs": self.forward_flops})
        if counts:
            run["counts"] = counts
        by_epoch = self.train_seconds_by_epoch
        costs = _present({
            "trainSeconds": None if self.train_seconds is None else number(self.train_seconds),
            "evaluationSeconds": None if self.evaluation_seconds is None else number(self.evaluation_seconds),
            "trainSecondsByEpoch": None if by_epoch is None else [number(v) for v in by_epoch]})
        if costs:
            run["costs"] = costs
        if self.attributes:
            run["attributes"] = dict(self.attributes)
        return {"run": run}


@dataclass(frozen=True)
class Measurement:
    """A value of an architecture measured without training, or a cost that a source repeats for every seed."""

    space: str
    architecture: str
    source: str
    quantity: str
    unit: str
    value: Number
    device: str | None = None
    conditions: Mapping[str, str] | None = None
    dataset: str | None = None
    protocol: str | None = None
    split: str | None = None
    cost_seconds: Number | None = None

    def line(self) -> dict[str, Any]:
        """The object under the key `measurement`."""
        return {"measurement": _present({
            "space": self.space, "architecture": self.architecture, "source": self.source,
            "quantity": self.quantity, "unit": self.unit, "device": self.device, "conditions": self.conditions,
            "dataset": self.dataset, "split": self.split, "protocol": self.protocol, "value": number(self.value),
            "costSeconds": None if self.cost_seconds is None else number(self.cost_seconds)})}


Entry = Union[SourceCard, SpaceCard, MetricCard, DatasetCard, ProtocolCard, Run, Measurement]
