"""The entries of an interchange file, one dataclass per kind; `line()` returns the JSON object of the line.

A field that a source lacks is None or empty, and absent from the line. Nothing is imputed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Union

from nasatlas.fidelity import Fidelity

if TYPE_CHECKING:
    from nasatlas.spaces.ranges import Range

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
    license: str | None = None
    citation: str | None = None
    notes: Sequence[str] = ()
    known_defects: Sequence[str] = ()
    made_up: Sequence[str] = ()

    def line(self) -> dict[str, Any]:
        """The object under the key `source`."""
        return {"source": _present({
            "name": self.name, "title": self.title, "version": self.version, "origin": self.origin,
            "files": [{"name": f.name, "sha256": f.sha256} for f in self.files], "license": self.license,
            "citation": self.citation, "notes": list(self.notes), "knownDefects": list(self.known_defects),
            "madeUp": list(self.made_up)})}


@dataclass(frozen=True)
class Parameter:
    """One named parameter of a grid space: its values, in order where it is ordinal, or the range of its numbers."""

    name: str
    kind: Literal["ordinal", "categorical", "integer", "real"]
    values: Sequence[Number | str] = ()
    range: Range | None = None

    @classmethod
    def of(cls, name: str, numbers: Range) -> Parameter:
        """A parameter that is a number from a range."""
        return cls(name, "integer" if numbers.whole else "real", (), numbers)

    def members(self) -> dict[str, Any]:
        """What the space line says of it."""
        if self.range is None:
            return {"name": self.name, "kind": self.kind, "values": list(self.values)}
        ends = {"minimum": self.range.value(self.range.minimum), "maximum": self.range.value(self.range.maximum)}
        return {"name": self.name, "kind": self.kind,
                "range": ends if self.range.scale == "linear" else {**ends, "scale": self.range.scale}}


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
        parameters = [one.members() for one in self.parameters]
        return {"space": _present({"name": self.name, "kind": self.kind, "title": self.title,
                                   "citation": self.citation, "parameters": parameters or None})}


@dataclass(frozen=True)
class MetricCard:
    """A metric with its unit and direction. `ingest` refuses a run with a value outside `minimum` to `maximum`.

    `target` names the target of its data sets that it measures.
    """

    name: str
    unit: str
    larger_is_better: bool
    meaning: str
    minimum: float | None = None
    maximum: float | None = None
    target: str | None = None

    def line(self) -> dict[str, Any]:
        """The object under the key `metric`."""
        range_ = _present({"minimum": self.minimum, "maximum": self.maximum})
        return {"metric": _present({
            "name": self.name, "unit": self.unit, "largerIsBetter": self.larger_is_better, "meaning": self.meaning,
            "range": range_ or None, "target": self.target})}


@dataclass(frozen=True)
class Feature:
    """One named feature of an input: `categorical`, `numeric`, or another word."""

    name: str
    kind: str


@dataclass(frozen=True)
class Input:
    """What a model receives for one example.

    `kind` is one word, such as `image`, `event_sequence`, `series`, `graph`, `text` or `table`. `shape` has the size of
    each axis, such as `{"channels": 3, "height": 32, "width": 32}`.
    """

    kind: str
    shape: Mapping[str, int] | None = None
    features: Sequence[Feature] = ()

    def value(self) -> dict[str, Any]:
        """The object under the key `input`."""
        features = [{"name": one.name, "kind": one.kind} for one in self.features]
        return _present({"kind": self.kind, "shape": None if self.shape is None else dict(self.shape),
                         "features": features or None})


@dataclass(frozen=True)
class Target:
    """What a model predicts: a `class`, a `number`, or another word. `class_counts` has rows of each class by split."""

    kind: str
    name: str | None = None
    class_names: Sequence[str] = ()
    class_counts: Mapping[Split, Sequence[int]] | None = None

    def value(self) -> dict[str, Any]:
        """One object under the key `targets`."""
        counts = None if self.class_counts is None else {split: list(n) for split, n in self.class_counts.items()}
        return _present({"name": self.name, "kind": self.kind, "classNames": list(self.class_names) or None,
                         "classCounts": counts})


@dataclass(frozen=True)
class DatasetCard:
    """A data set as the source used it, with the meaning of its splits.

    `task` is one word, such as `classification`, `regression` or `language_modeling`; `about` is a sentence for people.
    """

    name: str
    title: str
    task: str
    split_meaning: str
    primary_metric: str
    source: str | None = None
    license: str | None = None
    citation: str | None = None
    known_defects: Sequence[str] = ()
    digest: str | None = None
    about: str | None = None
    input: Input | None = None
    targets: Sequence[Target] = ()

    def line(self) -> dict[str, Any]:
        """The object under the key `dataset`."""
        return {"dataset": _present({
            "name": self.name, "title": self.title, "task": self.task, "about": self.about, "source": self.source,
            "license": self.license, "citation": self.citation, "splitMeaning": self.split_meaning,
            "primaryMetric": self.primary_metric, "knownDefects": list(self.known_defects), "digest": self.digest,
            "input": None if self.input is None else self.input.value(),
            "targets": [one.value() for one in self.targets] or None})}


@dataclass(frozen=True)
class ProtocolCard:
    """How runs were trained, as any JSON. Without `fidelity`, positions of curves are epochs."""

    name: str
    settings: Mapping[str, Any]
    fidelity: Fidelity | None = None

    def line(self) -> dict[str, Any]:
        """The object under the key `protocol`."""
        protocol: dict[str, Any] = {"name": self.name, "settings": dict(self.settings)}
        if self.fidelity is not None:
            protocol["fidelity"] = self.fidelity.value()
        return {"protocol": protocol}


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
    """Values of one metric on one split.

    `at` has their positions, epochs unless the protocol says otherwise: from 1 and ascending; None means 1 to n.
    """

    metric: str
    split: Split
    values: Sequence[Number]
    at: Sequence[int] | None = None


@dataclass(frozen=True)
class Run:
    """One training of one architecture.

    `counts` are whole numbers by name, such as `parameters` and `flops`. `costs` are totals of the run, such as
    `train_seconds` and `latency_milliseconds[batch=1]`. `costs_by_epoch` has one number per epoch of the longest curve;
    its names differ from those of `costs`. Values that are None are absent.
    """

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
    counts: Mapping[str, int | None] | None = None
    costs: Mapping[str, Number | None] | None = None
    costs_by_epoch: Mapping[str, Sequence[Number] | None] | None = None
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
            if curve.at is not None:
                written["at"] = list(curve.at)
            curves.append(written)
        counts, total, by_epoch = (_present(one or {}) for one in (self.counts, self.costs, self.costs_by_epoch))
        if counts:
            run["counts"] = counts
        costs = _present({"total": {name: number(cost) for name, cost in total.items()},
                          "perEpoch": {name: [number(cost) for cost in each] for name, each in by_epoch.items()}})
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
