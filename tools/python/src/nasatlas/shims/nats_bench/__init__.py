"""`nats_bench` 1.8 with an atlas: `create("nasbench201.atlas", "tss")`.

The published modules are here under their names: `api_topology`, `api_size`, `api_utils`, `genotype_utils`. Without a
path the atlas is looked for where the package looks for its file: `NATS-tss-v1_0-3ffb9.atlas` (`NATS-sss-v1_0-50262.atlas`)
in the folder that TORCH_HOME names, else in `~/.torch`. Errors are also the ValueError or KeyError of the original.

Differs from the original, on purpose:
- `get_more_info` and `simulate_train_eval` answer with the mean over the trainings where the original draws one of them
  unasked; `create(..., trials="random")` draws, and so does `is_random=True`.
- A published key that the atlas lacks is absent, and raises MissingKey when it is read.
- A SplitWarning says where the original reports an accuracy of test images as a validation accuracy.
- The `comment` of CIFAR-10 has our words, and only `show` prints.
- `pickle_load` reads plain data and executes nothing; there are no weights, and an atlas is read-only.
"""

from __future__ import annotations

from nasatlas.shims.nats_bench import cells
from nasatlas.shims.nats_bench.api_size import NATSsize
from nasatlas.shims.nats_bench.api_topology import NATStopology
from nasatlas.shims.nats_bench.api_utils import SplitWarning, pickle_load, pickle_save
from nasatlas.shims.nats_bench.faults import NoSuchName
from nasatlas.shims.nats_bench.results import ArchResults, ResultsCount

__all__ = ["ArchResults", "NATSsize", "NATStopology", "ResultsCount", "SplitWarning", "create", "pickle_load",
           "pickle_save", "search_space_info", "version"]

NATS_BENCH_API_VERSIONs = [f"v1.{minor}" for minor in range(9)]
NATS_BENCH_TSS_NAMEs = ("tss", "topology")
NATS_BENCH_SSS_NAMEs = ("sss", "size")


def version() -> str:
    """The version of `nats_bench` that this answers like."""
    return NATS_BENCH_API_VERSIONs[-1]


def create(file_path_or_dict, search_space: str, fast_mode: bool = False, verbose: bool = True, **words):
    """The interface of a search space, `tss` or `sss`, over an atlas, its path, or None for the usual place; `words` are
    the arguments of NATStopology."""
    for names, made in ((NATS_BENCH_TSS_NAMEs, NATStopology), (NATS_BENCH_SSS_NAMEs, NATSsize)):
        if search_space in names:
            return made(file_path_or_dict, fast_mode, verbose, **words)
    known = [*NATS_BENCH_TSS_NAMEs, *NATS_BENCH_SSS_NAMEs]
    raise NoSuchName(f"there is no search space {search_space}; known: {', '.join(known)}", known=known)


def search_space_info(main_tag: str, aux_tag: str | None = None) -> dict:
    """The operations and nodes, or the widths and layers, of a space."""
    topology = {"op_names": list(cells.OPERATIONS), "num_nodes": 4}
    known = {("nas-bench-201", None): topology}
    known.update((("nats-bench", name), topology) for name in NATS_BENCH_TSS_NAMEs)
    known.update((("nats-bench", name), {"candidates": list(cells.CHANNELS), "num_layers": cells.LAYERS})
                 for name in NATS_BENCH_SSS_NAMEs)
    if (main_tag, aux_tag) not in list(known):
        raise NoSuchName(f"there is no search space {main_tag}, {aux_tag}; known: {', '.join(map(str, known))}",
                          known=list(known))
    return known[main_tag, aux_tag]
