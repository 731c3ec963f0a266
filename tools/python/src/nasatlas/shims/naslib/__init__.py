"""NASLib's queries with an atlas: `get_dataset_api("nasbench201", "cifar10", atlas="nasbench201.atlas")`.

NASLib's own graphs take the result of `get_dataset_api` too: `graph.query(Metric.VAL_ACCURACY, "cifar10",
dataset_api=…)`. `NasBench201SearchSpace` and `NasBench101SearchSpace` here query, draw, mutate, hash and encode the
same without PyTorch, and build no network. The first takes NASLib's own tables too. Draws use NumPy's and Python's
global generators in the same order as the original, so one seed gives the same architectures.

Differs from the original, on purpose:
- VAL and TEST are values of the validation and of the test split; the original has one list, `eval_acc1es`, for both.
  NASLib's own graphs read that list: `evaluation="test"` makes it the test split.
- Values are means over the trainings, or those of `seed`.
- FLOPS and PARAMETERS (millions), LATENCY (seconds), EPOCH (their number), TRAIN_TIME (seconds of all epochs), VAL_TIME
  and TEST_TIME (seconds of one pass) are numbers, whatever the epoch; the original's tables lack most of them.
- An epoch or a value that the atlas lacks raises; so does a list with gaps, when all of it is read. With `absent=None`
  the answer is None instead. NASLib's Trainer formats and its graphs multiply values, so give them `absent=math.nan`.
- NAS-Bench-101: `epoch` chooses the training with this number of epochs (the original always returns the one with 108).
  PARAMETERS is in millions (the original: a hundred times the number). A cell outside the space raises (the original
  returns -1).
- `get_zc_benchmark_api` reads an atlas that `nasatlas-import zero-cost` made; it has no `idx`.
- A search space may change to another architecture; `get_nbhd` returns objects with an `arch`, not PyTorch modules.
"""

from __future__ import annotations

from nasatlas.errors import UnknownName
from nasatlas.shims.naslib.encodings import EncodingType
from nasatlas.shims.naslib.metrics import Metric, NotAnswered
from nasatlas.shims.naslib.nasbench101 import NasBench101SearchSpace
from nasatlas.shims.naslib.nasbench201 import (
    DATASETS, EDGE_LIST, OP_NAMES, NasBench201SearchSpace, convert_op_indices_to_str, convert_str_to_op_indices)
from nasatlas.shims.naslib.repeats import Repeats
from nasatlas.shims.naslib.tables import EVALUATIONS, RAISE, Cells
from nasatlas.shims.naslib.zero_cost import get_zc_benchmark_api
from nasatlas.shims.nasbench import api as nasbench101
from nasatlas.shims.nats_bench.api_topology import NATStopology

__all__ = ["EDGE_LIST", "OP_NAMES", "EncodingType", "Metric", "NasBench101SearchSpace", "NasBench201SearchSpace",
           "convert_op_indices_to_str", "convert_str_to_op_indices", "get_dataset_api", "get_zc_benchmark_api"]


def get_dataset_api(search_space: str | None = None, dataset: str | None = None, *, atlas, evaluation="validation",
                    seed="mean", absent=RAISE) -> dict:
    """The data for queries of a search space: `nb201_data` by cell, or `nb101_data`.

    `evaluation` is the split of the lists called `eval_`; `seed` is the training that answers. `absent` is the answer
    for a value that the atlas lacks, instead of raising: None, or NaN for NASLib's Trainer, which formats every value
    as a number.
    """
    if search_space == "nasbench101":
        return {"api": nasbench101, "nb101_data": Repeats(atlas, absent)}
    if search_space != "nasbench201":
        raise NotAnswered(f"atlases have no queries of {search_space!r}; known: nasbench101, nasbench201",
                          known=["nasbench101", "nasbench201"])
    if dataset not in list(DATASETS):
        raise UnknownName(f"there is no data set {dataset!r}; known: {', '.join(DATASETS)}", known=list(DATASETS),
                          code="benchmarks.unknown_dataset")
    if evaluation not in list(EVALUATIONS):
        raise UnknownName(f"evaluation is {evaluation!r}; allowed: validation, test", known=list(EVALUATIONS))
    return {"nb201_data": Cells(NATStopology(atlas), DATASETS[dataset], evaluation, seed, absent)}
