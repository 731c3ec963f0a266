"""`nats_bench.api_size` on an atlas: the size space."""

from __future__ import annotations

from nasatlas.shims.nats_bench import cells, words
from nasatlas.shims.nats_bench.api_utils import NASBenchMetaAPI

__all__ = ["ALL_BASE_NAMES", "NATSsize", "print_information"]

ALL_BASE_NAMES = ["NATS-sss-v1_0-50262"]
SHOWN = {**words.SHOWN, "cifar10-valid": (("valid", "x-valid"), ("test", "ori-test"))}


def print_information(information, extra_info=None, show: bool = False) -> list:
    """Lines about the results of an architecture, which `show` prints too."""
    found = words.lines(information, extra_info, shown=SHOWN)
    if show:
        print("\n".join(found))
    return found


class NATSsize(NASBenchMetaAPI):
    """The size space: 32,768 choices of five widths."""

    search_space_name = "size"
    full_train_epochs = full_epochs_in_paper = 90
    is_topology, is_size = False, True
    _space = "nats-sss"
    _hps = {"01": 1, "12": 12, "90": 90}
    _architectures = staticmethod(cells.size)
    _base_name = ALL_BASE_NAMES[-1]

    def _lines(self, information, extra_info=None) -> list:
        return print_information(information, extra_info)
