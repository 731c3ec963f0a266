"""`nni.nas.benchmark.nasbench101` (NNI 3.0) with an atlas: `query_nb101_trial_stats(arch, 108, atlas=…)`.

Differs from the original, on purpose:
- `arch` in results has the numbering of the atlas's canonical text, not that of the published file. With
  `isomorphism=False`, only an `arch` in this numbering is found.
- Vertices on no path from the input to the output are pruned before the search; the original does not find such cells.
- `training_time` is seconds, as documented; NNI's own file has sixty times as many in trials (not in intermediates).
- Intermediates are those halfway and at the end for which the atlas has a value.
"""

from __future__ import annotations

import numbers
from collections.abc import Iterator, Mapping

from nasatlas.errors import MissingValue, UnknownArchitecture, UnknownName
from nasatlas.shims.nasbench.api import SPLITS, NASBench
from nasatlas.shims.nasbench.cell import OPERATIONS, ModelSpec, graph_hash, read_text
from nasatlas.shims.nni.trials import REASONS, averages, intermediate, mean
from nasatlas.shims.told import Told, interface

__all__ = ["CONV1X1_BN_RELU", "CONV3X3_BN_RELU", "INPUT", "MAXPOOL3X3", "OUTPUT", "query_nb101_trial_stats"]

INPUT, OUTPUT = "input", "output"
CONV3X3_BN_RELU, CONV1X1_BN_RELU, MAXPOOL3X3 = OPERATIONS
PREFIXES = {"train": "train", "validation": "valid", "test": "test"}
"""Names of splits in atlases, and here."""
KEYS = (*(f"{prefix}_acc" for prefix in PREFIXES.values()), "training_time")
"""Keys of intermediates."""


def query_nb101_trial_stats(arch: dict | None, num_epochs: int | None, isomorphism: bool = True,
                            reduction: str | None = None, include_intermediates: bool = False, *,
                            atlas) -> Iterator[dict]:
    """Yields the trainings that match; None matches all. With `reduction="mean"`, yields one mean per cell and number
    of epochs. Accuracies are in percent, times in seconds, parameters in millions."""
    reduced = averages(reduction)
    bench = interface(NASBench, atlas)
    known = sorted(bench.valid_epochs)
    if num_epochs is not None and num_epochs not in known:
        raise UnknownName(f"the atlas has no trainings of {num_epochs} epochs; known: {', '.join(map(str, known))}",
                          known=known, code="benchmarks.unknown_protocol",
                          remedy="choose one of them with num_epochs=, or None for all")
    budgets = known if num_epochs is None else [num_epochs]
    if arch is None:
        cells = ((place, {epochs: bench._repeats(place, epochs) for epochs in budgets})
                 for place in bench.atlas._places_of_space("nasbench101"))
        return _told(bench, cells, reduced, include_intermediates)
    place = bench._place(_spec(arch))
    ours = _arch(*read_text(bench.atlas.architectures[place]))
    if not isomorphism and ours != {key: sorted(value) if key.startswith("input") else value
                                    for key, value in arch.items()}:
        raise UnknownArchitecture(f"the atlas has this cell in another numbering, {ours}", known=[ours],
                                  remedy="ask with isomorphism=True, or with this one")
    repeats = {epochs: bench._repeats(place, epochs) for epochs in budgets}
    if not any(repeats.values()):
        there = [epochs for epochs in known if bench._repeats(place, epochs)]
        raise MissingValue(f"the atlas has no training of {bench.atlas.architectures[place]} with "
                           f"{', '.join(map(str, budgets))} epochs; it has {', '.join(map(str, there)) or 'none'}",
                           known=there, code="benchmarks.no_run", remedy="choose among these with num_epochs=")
    return _told(bench, [(place, repeats)], reduced, include_intermediates)


def _spec(arch: Mapping) -> ModelSpec:
    """The cell that a dict of operations and inputs describes; raises UnknownArchitecture."""
    if not isinstance(arch, Mapping):
        raise UnknownArchitecture(f"an architecture is a dict of op1, input1, …, not {arch!r}",
                                  remedy='for instance {"op1": "conv3x3-bn-relu", "input1": [0], "input2": [0, 1]}')
    count = sum(str(key).startswith("op") for key in arch) + 2
    keys = [*(f"op{vertex}" for vertex in range(1, count - 1)), *(f"input{vertex}" for vertex in range(1, count))]
    if set(arch) != set(keys):
        raise UnknownArchitecture(f"an architecture with {count - 2} operations has the keys {', '.join(keys)}, not "
                                  f"{', '.join(map(str, arch))}", known=keys)
    for vertex in range(1, count - 1):
        if arch[f"op{vertex}"] not in OPERATIONS:
            raise UnknownArchitecture(f"there is no operation {arch[f'op{vertex}']!r} for op{vertex}; known: "
                                      f"{', '.join(OPERATIONS)}", known=list(OPERATIONS))
    matrix = [[0] * count for _ in range(count)]
    for vertex in range(1, count):
        sources = arch[f"input{vertex}"]
        if not isinstance(sources, (list, tuple)) or not all(
                isinstance(one, numbers.Integral) and not isinstance(one, bool) and 0 <= one < vertex
                for one in sources):
            raise UnknownArchitecture(f"input{vertex} is a list of vertices from 0 to {vertex - 1}, not {sources!r}",
                                      known=list(range(vertex)))
        for source in sources:
            matrix[source][vertex] = 1
    return ModelSpec(matrix, [INPUT, *(arch[f"op{vertex}"] for vertex in range(1, count - 1)), OUTPUT])


def _arch(matrix, operations) -> dict:
    inner = range(1, len(operations) - 1)
    return {**{f"op{vertex}": operations[vertex] for vertex in inner},
            **{f"input{vertex}": matrix[:, vertex].nonzero()[0].tolist() for vertex in range(1, len(operations))}}


def _told(bench, cells, reduced, intermediates) -> Iterator[dict]:
    for place, trained in cells:
        matrix, operations = read_text(bench.atlas.architectures[place])
        arch, identity = _arch(matrix, operations), None
        fixed = bench._fixed(place)
        parameters = {"parameters": fixed["trainable_parameters"] / 1e6} if "trainable_parameters" in fixed else {}
        for epochs, repeats in trained.items():
            if not repeats:
                continue
            if identity is None:
                labels = [-1, *(OPERATIONS.index(name) for name in operations[1:-1]), -2]
                identity = graph_hash(matrix.tolist(), labels)
            told = [{**_accuracies(repeat, "final"), **parameters, **_seconds(repeat, "final")} for repeat in repeats]
            about = f"{bench.atlas.architectures[place]} with {epochs} epochs"
            config = {"arch": arch, "num_vertices": len(operations), "hash": identity, "num_epochs": epochs}
            for values, repeat in zip([mean(told)] if reduced else told, repeats):
                found = {"config": Told(config, about, REASONS), **values}
                if intermediates:
                    # A mean has none, as published.
                    found["intermediates"] = [] if reduced else [
                        intermediate(at, KEYS, there, f"epoch {at} of {repeat.about}")
                        for at, half in ((epochs // 2, "halfway"), (epochs, "final"))
                        if (there := {**_accuracies(repeat, half), **_seconds(repeat, half)})]
                yield Told(found, about if reduced else repeat.about, REASONS)


def _accuracies(repeat, half: str) -> dict:
    """Percent halfway or at the end, under NNI's names."""
    return {f"{PREFIXES[split]}_acc": repeat[key] * 100 for split in SPLITS
            if (key := f"{half}_{split}_accuracy") in repeat}


def _seconds(repeat, half: str) -> dict:
    key = f"{half}_training_time"
    return {"training_time": repeat[key]} if key in repeat else {}
