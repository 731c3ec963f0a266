"""`nas_201_api.api_utils` on an atlas."""

from __future__ import annotations

from nasatlas.shims.nats_bench.api_utils import NASBenchMetaAPI
from nasatlas.shims.nats_bench.results import ArchResults, ResultsCount, remap_dataset_set_names

__all__ = ["ArchResults", "NASBenchMetaAPI", "ResultsCount", "remap_dataset_set_names"]
