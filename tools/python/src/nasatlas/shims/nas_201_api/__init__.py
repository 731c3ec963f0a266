"""`nas_201_api` 2.x with an atlas: `NASBench201API("nasbench201.atlas")`.

The published modules are here under their names: `api_201` and `api_utils`. Without a path the atlas is looked for as
`NAS-Bench-201-v1_1-096897.atlas` in the folder that TORCH_HOME names, else in `~/.torch`. What differs from the original
is what differs in `nasatlas.shims.nats_bench`, which says it.
"""

from __future__ import annotations

from nasatlas.shims.nas_201_api.api_201 import NASBench201API
from nasatlas.shims.nats_bench.results import ArchResults, ResultsCount

__all__ = ["ArchResults", "NASBench201API", "NAS_BENCH_201_API_VERSION", "ResultsCount"]

NAS_BENCH_201_API_VERSION = "v2.0"
