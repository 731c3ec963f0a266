"""NASAtlas for Python: ask NAS benchmarks, in process or over HTTP.

    >>> import nasatlas
    >>> atlas = nasatlas.open("data/nasbench201.atlas")
    >>> round(atlas.query("nats:6111", dataset="cifar10").value, 2)
    91.61

| name | what it does |
|---|---|
| `open`, `Atlas` | opens an atlas file and answers questions about it in this process |
| `connect`, `RemoteAtlas` | connects to an atlas on a server; the same methods, over HTTP |
| `write_table`, `Metric`, `Measured`, `Fidelity` | makes an atlas of your own results |
| `read_checkpoint` | reads the weights that `nasatlas train --keep-weights` keeps |
| `spaces` | samples architectures, lists neighbors, reads and writes their texts |
| `evaluate` | runs your predictor on the splits of `nasatlas evaluate predictors` |
| `plot` | draws charts as SVG, PNG or PDF |
| `errors`, `NASAtlasError` | the exceptions; each one says what to do next |
| `adapters` | connect an atlas to Optuna, Syne Tune, SMAC, Ray Tune or scikit-learn |
| `shims` | drop-in replacements for the packages of published benchmarks |
| `importing` | importers of published tables; they work without numpy |
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nasatlas import adapters, errors, evaluate, importing, plot, shims, spaces
    from nasatlas.atlas import Atlas, open
    from nasatlas.checkpoints import Checkpoint, read_checkpoint
    from nasatlas.errors import NASAtlasError
    from nasatlas.fidelity import Fidelity
    from nasatlas.own_tables import Measured, Metric, write_table
    from nasatlas.remote.atlas import RemoteAtlas
    from nasatlas.remote.connecting import connect
    from nasatlas.spaces.ranges import Range

__version__ = "0.1.0"
__all__ = ["Atlas", "Checkpoint", "Fidelity", "Measured", "Metric", "NASAtlasError", "Range", "RemoteAtlas",
           "adapters", "connect", "errors", "evaluate", "importing", "open", "plot", "read_checkpoint", "shims",
           "spaces", "write_table"]

_HOMES = {"Atlas": "atlas", "Checkpoint": "checkpoints", "Fidelity": "fidelity", "Measured": "own_tables",
          "Metric": "own_tables", "NASAtlasError": "errors", "Range": "spaces.ranges", "RemoteAtlas": "remote.atlas",
          "connect": "remote.connecting", "open": "atlas", "read_checkpoint": "checkpoints",
          "write_table": "own_tables"}
"""The modules of names, imported when a name is first used: importers and scripts without numpy do not wait for it."""


def __getattr__(name: str):
    if name in _HOMES:
        return getattr(importlib.import_module(f"nasatlas.{_HOMES[name]}"), name)
    if name in __all__:
        return importlib.import_module(f"nasatlas.{name}")
    raise AttributeError(f"module 'nasatlas' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *(name for name in globals() if name.startswith("__"))])
