"""`nats_bench.api_topology` on an atlas: the topology space."""

from __future__ import annotations

from nasatlas.shims.nats_bench import cells, words
from nasatlas.shims.nats_bench.api_utils import NASBenchMetaAPI

__all__ = ["ALL_BASE_NAMES", "NATStopology", "print_information"]

ALL_BASE_NAMES = ["NATS-tss-v1_0-3ffb9"]


def print_information(information, extra_info=None, show: bool = False) -> list:
    """Lines about the results of an architecture, which `show` prints too."""
    found = words.lines(information, extra_info)
    if show:
        print("\n".join(found))
    return found


class NATStopology(NASBenchMetaAPI):
    """The topology space: 15,625 cells."""

    search_space_name = "topology"
    full_train_epochs = full_epochs_in_paper = 200
    is_topology, is_size = True, False
    _space = "nasbench201"
    _hps = {"12": 12, "200": 200}
    _architectures = staticmethod(cells.topology)
    _base_name = ALL_BASE_NAMES[-1]

    def get_unique_str(self, arch) -> str:
        """A text that isomorphic cells share."""
        return cells.unique_text(self.meta_archs[self._index(arch)])

    str2lists = staticmethod(cells.lists)
    str2matrix = staticmethod(cells.matrix)
