"""NASLib's search space of NAS-Bench-201 without its networks."""

from __future__ import annotations

import functools
import itertools

import numpy as np

from nasatlas.errors import UnknownName, WrongArgument
from nasatlas.shims.naslib import encodings
from nasatlas.shims.naslib.conversions import (
    DATASETS, EDGE_LIST, OP_NAMES, convert_op_indices_to_str, convert_str_to_op_indices)
from nasatlas.shims.naslib.metrics import Metric, asked, table
from nasatlas.shims.naslib.space import NoCell, SearchSpace
from nasatlas.shims.naslib.tables import EPOCHS, Cells, of_cell

__all__ = ["DATASETS", "EDGE_LIST", "OP_NAMES", "NasBench201SearchSpace", "convert_op_indices_to_str",
           "convert_str_to_op_indices"]

KNOWN = [name for name in Metric.__members__ if name != "ALL"]
NAMES = {**DATASETS, "cifar10-valid": "cifar10-valid", "ninapro": "ninapro"}
"""Data sets in questions, and in tables; NASLib has a table of ninapro."""
CURVES = {f"{prefix.upper()}_{metric}": (prefix, kind) for prefix in ("train", "val", "test")
          for metric, kind in (("ACCURACY", "acc1es"), ("LOSS", "losses"))}
LAST = (-1, EPOCHS - 1)
COSTS = {"FLOPS": "flops", "LATENCY": "latency", "PARAMETERS": "params", "TRAIN_TIME": "train_time"}
PATHS = ((3,), (0, 4), (1, 5), (0, 2, 5))
"""Places of operations that NASLib takes for paths. They are those of a text, whose order is another than EDGE_LIST's:
kept, because published predictors were fitted on it."""


class NasBench201SearchSpace(SearchSpace):
    """A cell of NAS-Bench-201 as six operation indices, with NASLib's names for asking and choosing."""

    space_name = "nasbench201"

    def __init__(self, op_indices=None, *, n_classes: int = 10, in_channels: int = 3):
        super().__init__(n_classes)
        self.in_channels = in_channels
        self.op_indices = None
        self.max_epoch = 199
        if op_indices is not None:
            self.set_op_indices(op_indices)

    def set_op_indices(self, op_indices) -> None:
        """Becomes the cell of these six numbers."""
        convert_op_indices_to_str(op_indices)
        self.op_indices = [int(index) for index in op_indices]

    def set_spec(self, op_indices, dataset_api=None) -> None:
        """Becomes the cell of these six numbers, like `set_op_indices`."""
        self.set_op_indices(op_indices)

    def get_op_indices(self) -> list:
        """The six numbers, in the order of EDGE_LIST."""
        if self.op_indices is None:
            raise NoCell("no cell was chosen", remedy="set_spec or sample_random_architecture chooses one")
        return self.op_indices

    def get_hash(self) -> tuple:
        return tuple(self.get_op_indices())

    def get_arch_iterator(self, dataset_api=None):
        """Every cell, as six numbers."""
        return itertools.product(range(5), repeat=6)

    def sample_random_architecture(self, dataset_api=None, load_labeled: bool = False) -> None:
        """Becomes a drawn cell, with edges out of its input and into its output, with NumPy's `random`."""
        if load_labeled:
            return self.sample_random_labeled_architecture()
        while True:
            drawn = np.random.randint(5, size=6).tolist()
            if not drawn[0] == drawn[1] == drawn[2] == 1 and not drawn[2] == drawn[4] == drawn[5] == 1:
                return self.set_op_indices(drawn)

    def mutate(self, parent, dataset_api=None) -> None:
        """Becomes the cell of `parent` with another operation on one edge, both drawn with NumPy's `random`."""
        indices = list(_of(parent).get_op_indices())
        edge = np.random.choice(6)
        indices[edge] = int(np.random.choice([index for index in range(5) if index != indices[edge]]))
        self.set_op_indices(indices)

    def get_nbhd(self, dataset_api=None) -> list:
        """Objects whose `arch` is one of the 24 cells with another operation on one edge, in a drawn order."""
        own, found = self.get_op_indices(), []
        for edge, index in itertools.product(range(6), range(5)):
            if index != own[edge]:
                found.append(NasBench201SearchSpace([*own[:edge], index, *own[edge + 1:]]))
        return self._neighbors(found)

    def encode(self, encoding_type=encodings.EncodingType.ADJACENCY_ONE_HOT):
        """ADJACENCY_ONE_HOT: 30 numbers; PATH: 155; GCN, BONAS and SEMINAS: dicts of a graph of eight vertices."""
        kind, indices = encodings.spelled(encoding_type), self.get_op_indices()
        if kind == "adjacency_one_hot":
            return [int(index == own) for own in indices for index in range(5)]
        if kind == "path":
            found = np.zeros(5 + 25 + 125)
            for path in PATHS:
                # Paths of one operation come first, then those of two, then those of three.
                found[sum(5 ** shorter for shorter in range(1, len(path)))
                      + sum(indices[place] * 5 ** digit for digit, place in enumerate(path))] = 1
            return found
        return encodings.as_graph(kind, _edges_as_vertices(), [0, *(index + 1 for index in indices), 6], 7)

    def query(self, metric: Metric, dataset: str | None = None, path=None, epoch: int = -1, full_lc: bool = False,
              dataset_api: dict | None = None):
        """A value after an epoch, counted from 0, or with `full_lc` the list up to it (-1: all). Percent, nats,
        seconds, millions. RAW gives all lists of the cell, HP its costs."""
        name = asked(metric, dataset_api, "nasbench201", KNOWN)
        data, text = table(dataset_api, "nb201_data", "nasbench201"), _text(tuple(self.get_op_indices()))
        if name == "RAW":
            return data[text]
        if not isinstance(dataset, str) or dataset not in NAMES:
            raise UnknownName(f"there is no data set {dataset!r}; known: {', '.join(DATASETS)}", known=list(DATASETS),
                              code="benchmarks.unknown_dataset", remedy="choose one of them with dataset=")
        measure = CURVES.get(name)
        if measure and epoch in LAST and not full_lc and type(data) is Cells and data.dataset == NAMES[dataset]:
            value = data.final(text, measure)
            if value is not None:
                return value
        told = of_cell(data, text, NAMES[dataset])
        if measure:
            values = told.curve(*measure)
            return values[epoch] if not full_lc else values[:] if epoch == -1 else values[:epoch]
        if name == "HP":
            return told["cost_info"]
        if name in COSTS:
            return told["cost_info"][COSTS[name]]
        if name == "EPOCH":
            return 200
        return told.seconds(name.partition("_")[0].lower())


_text = functools.lru_cache(maxsize=5 ** 6)(convert_op_indices_to_str)


def _of(parent):
    """A search space that can be asked for its cell; raises WrongArgument."""
    if not hasattr(parent, "get_op_indices"):
        raise WrongArgument(f"{parent!r} is not a search space of NAS-Bench-201",
                            remedy="give a NasBench201SearchSpace that has a cell")
    return parent


def _edges_as_vertices() -> np.ndarray:
    """The edges of EDGE_LIST between an input and an output, 8 by 8."""
    found = np.zeros((8, 8), np.float32)
    for place, (source, target) in enumerate(EDGE_LIST, 1):
        found[0, place] = source == 1
        found[place, 7] = target == 4
        for other, (start, _) in enumerate(EDGE_LIST, 1):
            found[place, other] = start == target
    return found
