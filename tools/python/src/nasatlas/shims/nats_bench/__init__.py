"""`nats_bench` 1.8 with an atlas: `create("nasbench201.atlas", "tss")`.

Differs from the original, on purpose:
- `get_more_info` and `simulate_train_eval` answer with the mean over the trainings where the original draws one of them
  unasked; `create(..., trials="random")` draws, and so does `is_random=True`.
- A published key that the atlas lacks is absent, and raises MissingKey when it is read.
- Where the original tells a validation accuracy that is measured on test images too, a SplitWarning says so.
- The `comment` of CIFAR-10 has our words, and nothing is printed but by `show`.
"""

from __future__ import annotations

from nasatlas.errors import UnknownName
from nasatlas.shims.nats_bench import cells
from nasatlas.shims.nats_bench.api import NATSsize, NATStopology, SplitWarning
from nasatlas.shims.nats_bench.results import ArchResults, ResultsCount

__all__ = ["ArchResults", "NATSsize", "NATStopology", "ResultsCount", "SplitWarning", "create", "search_space_info",
           "version"]

NATS_BENCH_TSS_NAMEs = ("tss", "topology")
NATS_BENCH_SSS_NAMEs = ("sss", "size")


def version() -> str:
    """The version of `nats_bench` that this answers like."""
    return "v1.8"


def create(file_path_or_dict, search_space: str, fast_mode: bool = False, verbose: bool = True, **words):
    """The interface of a search space, `tss` or `sss`, over an atlas or its path; `words` are those of NATStopology."""
    for names, made in ((NATS_BENCH_TSS_NAMEs, NATStopology), (NATS_BENCH_SSS_NAMEs, NATSsize)):
        if search_space in names:
            return made(file_path_or_dict, fast_mode, verbose, **words)
    known = [*NATS_BENCH_TSS_NAMEs, *NATS_BENCH_SSS_NAMEs]
    raise UnknownName(f"there is no search space {search_space}; known: {', '.join(known)}", known=known)


def search_space_info(main_tag: str, aux_tag: str | None = None) -> dict:
    """What the architectures of a space are made of."""
    topology = {"op_names": list(cells.OPERATIONS), "num_nodes": 4}
    known = {("nas-bench-201", None): topology}
    known.update((("nats-bench", name), topology) for name in NATS_BENCH_TSS_NAMEs)
    known.update((("nats-bench", name), {"candidates": list(cells.CHANNELS), "num_layers": cells.LAYERS})
                 for name in NATS_BENCH_SSS_NAMEs)
    if (main_tag, aux_tag) not in list(known):
        raise UnknownName(f"there is no search space {main_tag}, {aux_tag}; known: {', '.join(map(str, known))}",
                          known=list(known))
    return known[main_tag, aux_tag]
