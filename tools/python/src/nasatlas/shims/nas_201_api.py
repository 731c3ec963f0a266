"""`nas_201_api` 2.x with an atlas: `NASBench201API("nasbench201.atlas")`.

The same as the topology space of `nasatlas.shims.nats_bench`, which says what differs from the original.
"""

from __future__ import annotations

from nasatlas.shims.nats_bench.api import NATStopology
from nasatlas.shims.nats_bench.results import ArchResults, ResultsCount

__all__ = ["ArchResults", "NASBench201API", "ResultsCount"]


class NASBench201API(NATStopology):
    """NAS-Bench-201: 15,625 cells on three data sets."""

    def __init__(self, file_path_or_dict, verbose: bool = True, **words):
        super().__init__(file_path_or_dict, False, verbose, **words)
