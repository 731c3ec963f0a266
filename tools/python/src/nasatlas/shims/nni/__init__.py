"""`nni.nas.benchmark` of NNI 3.0 (`benchmarks` until 2.10) with an atlas: `query_nb201_trial_stats(…, atlas=…)`.

A path given as `atlas` is opened and checked once, and again when the file has changed.

Modules are named as in NNI: `nasbench101`, `nasbench201`, `nlp`; each says what differs. Everywhere:
- An architecture, a number of epochs or a data set without a training in the atlas raises; the original is silent.
- A key of a trial is absent where the atlas has no value, and raises when read. Intermediates have every key, with None
  where there is no value, and a loss that is NaN is None, as published.
- `id`, the row in NNI's own file, is absent.

`query_nds_trial_stats` is not there: its cells and networks, and their trainings, are in no source that
`nasatlas-import` reads, so no atlas can answer it. Its import raises an error that says so.
"""

from __future__ import annotations

from nasatlas.errors import NASAtlasError
from nasatlas.shims.nni.nasbench101 import query_nb101_trial_stats
from nasatlas.shims.nni.nasbench201 import (
    AVG_POOL_3X3, CONV_1X1, CONV_3X3, NONE, PRIMITIVES, SKIP_CONNECT, query_nb201_trial_stats)
from nasatlas.shims.nni.nlp import query_nlp_trial_stats

__all__ = ["AVG_POOL_3X3", "CONV_1X1", "CONV_3X3", "NONE", "PRIMITIVES", "SKIP_CONNECT", "NotAnswered",
           "query_nb101_trial_stats", "query_nb201_trial_stats", "query_nlp_trial_stats"]


class NotAnswered(NASAtlasError, ImportError):
    """A published query that no atlas can answer."""

    code = "shims.not_answered"


def __getattr__(name):
    if name in ("nds", "query_nds_trial_stats"):
        raise NotAnswered("no atlas answers query_nds_trial_stats: nasatlas-import has no source of NDS's trainings",
                          known=[one for one in __all__ if one.startswith("query_")],
                          remedy="ask NNI's own nds.db; `nasatlas-import list` names what atlases are made of")
    raise AttributeError(f"module 'nasatlas.shims.nni' has no attribute {name!r}; "
                         f"there are {', '.join(one for one in __all__ if one.startswith('query_'))}")
