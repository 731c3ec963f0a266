"""`hw_nas_bench_api` (HW-NAS-Bench 1.0) with an atlas: `HWNASBenchAPI("hw-latency-nb201.atlas")`.

Differs from the original, on purpose:
- A metric that the atlas lacks is absent, and raises MissingKey when it is read; so is `average_hw_metric`, which is
  the product of nine metrics of different units, where one of the nine is absent.
- Cells may be named by their text too. Only the search space `nasbench201` is there.

`nasatlas-import hw-latency-nb201` makes an atlas with four latencies on CIFAR-10. The six other metrics are in no file
that an importer reads, but in any atlas whose measurements have the names, devices and units of `SCALES` and `METRICS`:
an interchange line for `edgegpu_energy` has the quantity `energy`, the unit `millijoule` or `joule`, the device
`edgegpu` and a data set.
"""

from __future__ import annotations

import math

import numpy as np

from nasatlas.errors import MissingValue, UnknownArchitecture, UnknownName
from nasatlas.shims.nats_bench import cells
from nasatlas.shims.nats_bench.api_topology import NATStopology
from nasatlas.shims.nats_bench.results import CLASSES
from nasatlas.shims.told import Told

__all__ = ["HWNASBenchAPI"]

METRICS = ("edgegpu_latency", "edgegpu_energy", "raspi4_latency", "edgetpu_latency", "pixel3_latency",
           "eyeriss_latency", "eyeriss_energy", "eyeriss_arithmetic_intensity", "fpga_latency", "fpga_energy")
MULTIPLIED = [name for name in METRICS if name != "eyeriss_arithmetic_intensity"]
CELLS = 15_625
DATASETS = {"cifar10": "cifar10", "cifar100": "cifar100", "ImageNet16-120": "imagenet16-120"}
"""Data sets here, and in atlases."""
SCALES = {("latency", "second"): 1e3, ("latency", "millisecond"): 1, ("latency", "microsecond"): 1e-3,
          ("energy", "joule"): 1e3, ("energy", "millijoule"): 1, ("arithmetic_intensity", "operations/byte"): 1}
"""Factors that turn the units of atlases into milliseconds and millijoules."""


class Metrics(Told):
    """The metrics of a cell on a data set; why one is absent is worked out when it is read."""

    __init__ = dict.__init__
    cell: tuple
    """The published number of the cell, and the data set."""

    @property
    def about(self) -> str:
        index, dataname = self.cell
        return f"{cells.topology()[index]} on {dataname}"

    @property
    def reasons(self) -> dict:
        absent = [name for name in MULTIPLIED if name not in self]
        return {"average_hw_metric": f"it is a product, and {', '.join(absent)} are absent", **{
            name: "no measurement of the atlas has quantity {0[2]} and device {0[0]} on {1}".format(
                name.partition("_"), DATASETS[self.cell[1]]) for name in METRICS if name not in self}}


class HWNASBenchAPI:
    """Milliseconds and millijoules of cells of NAS-Bench-201 on six devices, by the published numbers of cells."""

    def __init__(self, file_path_or_dict, search_space: str = "nasbench201"):
        if search_space != "nasbench201":
            raise UnknownName(f"atlases have no devices of {search_space!r}; known: nasbench201", known=["nasbench201"],
                              code="shims.other_space")
        self.search_space = search_space
        self._cells = NATStopology(file_path_or_dict)
        self.atlas = self._cells.atlas
        self._quantities = {}
        self._order = None
        self._rows = {}
        """By data set: names, a value each for every cell in the published order, and which cells have all."""
        for one in self.atlas.quantities:
            name = f"{one.device}_{one.name}"
            if one.space == "nasbench201" and name in METRICS and not one.conditions and (one.name, one.unit) in SCALES:
                self._quantities[one.dataset, name] = one
        if not self._quantities:
            devices = sorted({one.device for one in self.atlas.quantities if one.device})
            raise MissingValue(f"{self.atlas.path} has none of {', '.join(METRICS)}; its devices are "
                               f"{', '.join(devices) or 'none'}", known=devices,
                               remedy="`nasatlas-import hw-latency-nb201` makes an atlas that has four of them")

    def __getstate__(self):
        # Rows are views of memory.
        return {**self.__dict__, "_rows": {}}

    def query_by_index(self, arch_index: int, dataname: str) -> Metrics:
        """The metrics of a cell that the atlas has, by their published names, and the product of nine of them."""
        try:
            rows = self._rows.get(dataname)
        except TypeError:
            rows = None
        if rows is None or type(arch_index) is not int or not 0 <= arch_index < CELLS:
            rows, arch_index = self._named(arch_index, dataname)
        names, values, whole = rows
        row = values[arch_index * len(names):(arch_index + 1) * len(names)].tolist()
        found = Metrics(zip(names, row))
        if not whole[arch_index]:
            found = Metrics((name, value) for name, value in found.items() if value == value)
            if not found:
                self._lack(arch_index, dataname)
        found.cell = arch_index, dataname
        return found

    def _named(self, arch_index, dataname) -> tuple:
        """The rows of a data set, and the published number of a cell that may be given by its text."""
        _, text = self._place(arch_index, dataname)
        if dataname not in self._rows:
            columns = {name: self._column(self._quantities[DATASETS[dataname], name]) for name in METRICS
                       if (DATASETS[dataname], name) in self._quantities}
            if columns.keys() >= set(MULTIPLIED):
                columns["average_hw_metric"] = math.prod(columns[name] for name in MULTIPLIED)
            values = np.stack([*columns.values()], axis=1) if columns else np.empty((CELLS, 0))
            self._rows[dataname] = (tuple(columns), memoryview(values.ravel()),
                                    memoryview(~np.isnan(values).any(axis=1) & bool(columns)))
        return self._rows[dataname], self._cells.query_index_by_arch(text)

    def _column(self, quantity) -> np.ndarray:
        """Values in the published order of cells, NaN where absent."""
        if self._order is None:
            span = self.atlas._places_of_space("nasbench201")
            places = dict(zip(self.atlas.architectures[span.start:span.stop], span))
            self._order = np.array([places.get(text, -1) for text in cells.topology()])
        values = quantity.values()[self._order] * SCALES[quantity.name, quantity.unit]
        return np.where(self._order < 0, np.nan, values)

    def _lack(self, arch_index, dataname):
        """Raises where a cell has no metric on a data set, naming the data sets that have one."""
        place, text = self._place(arch_index, dataname)
        known = [ours for ours, name in DATASETS.items() if any(
            dataset == name and one.at(place) is not None for (dataset, _), one in self._quantities.items())]
        raise MissingValue(f"the atlas has no metric of {text} on {dataname}; it has some on "
                           f"{', '.join(known) or 'no data set'}", known=known,
                           remedy="choose one of them, or another cell")

    def get_net_config(self, arch_index: int, dataname: str) -> Told:
        """The description of the network; with C and N where a protocol of the atlas has them."""
        _, text = self._place(arch_index, dataname)
        theirs = "cifar10-valid" if dataname == "cifar10" else dataname
        for hp in self._cells.avaliable_hps:
            for training in self._cells.query_meta_info_by_index(arch_index, hp)._all(theirs)[:1]:
                return training.get_config(None)
        return Told({"name": "infer.tiny", "arch_str": text, "num_classes": CLASSES[theirs]}, f"{text} on {dataname}",
                    dict.fromkeys("CN", "an atlas without trainings has no protocol"))

    def get_op_lookup_tables(self):
        """Raises an error, because those tables are of FBNet's space."""
        raise UnknownName("lookup tables of operations are of the space fbnet, which atlases do not have",
                          known=["nasbench201"], code="shims.other_space")

    def _place(self, arch_index, dataname) -> tuple:
        if dataname not in list(DATASETS):
            raise UnknownName(f"there is no data set {dataname!r}; known: {', '.join(DATASETS)}", known=list(DATASETS),
                              code="benchmarks.unknown_dataset")
        index = self._cells.query_index_by_arch(arch_index)
        if index not in self._cells.evaluated_indexes:
            raise UnknownArchitecture(f"the atlas has no architecture {arch_index!r}; it has {len(self._cells._places)}"
                                      if index == -1 else f"the atlas has nothing of architecture {arch_index}",
                                      known=sorted(self._cells.evaluated_indexes)[:10])
        return self._cells._places[index], self._cells.arch(index)
