"""`nas_201_api.api_201` on an atlas."""

from __future__ import annotations

from nasatlas.shims.nats_bench import words
from nasatlas.shims.nats_bench.api_topology import NATStopology
from nasatlas.shims.told import Told

__all__ = ["ALL_ARCHIVE_DIRS", "ALL_BENCHMARK_FILES", "NASBench201API", "print_information"]

ALL_BENCHMARK_FILES = ["NAS-Bench-201-v1_0-e61699.pth", "NAS-Bench-201-v1_1-096897.pth"]
ALL_ARCHIVE_DIRS = ["NAS-Bench-201-v1_1-archive"]


def print_information(information, extra_info=None, show: bool = False) -> list:
    """Lines about the results of an architecture, which `show` prints too."""
    found = words.lines(information, extra_info, joint=", ")
    if show:
        print("\n".join(found))
    return found


class NASBench201API(NATStopology):
    """NAS-Bench-201: 15,625 cells on three data sets, with the signatures of `nas_201_api`."""

    _base_name = ALL_BENCHMARK_FILES[-1].removesuffix(".pth")

    def __init__(self, file_path_or_dict=None, verbose: bool = True, **options):
        super().__init__(file_path_or_dict, False, verbose, **options)
        self.evaluated_indexes = sorted(self.evaluated_indexes)

    def get_more_info(self, index, dataset: str, iepoch: int | None = None, hp: str = "12", is_random=None) -> Told:
        """As in NATStopology; without a comment."""
        found = super().get_more_info(index, dataset, iepoch, hp, is_random)
        found.pop("comment", None)
        return found

    def simulate_train_eval(self, arch, dataset: str, hp: str = "12", account_time: bool = True) -> tuple:
        """(validation accuracy in percent, latency, seconds of this training, seconds of all since `reset_time`)."""
        return super().simulate_train_eval(arch, dataset, None, hp, account_time)

    def find_best(self, dataset: str, metric_on_set: str, FLOP_max: float | None = None,
                  Param_max: float | None = None, hp: str = "12") -> tuple:
        """(number, mean accuracy) of the best architecture of the atlas within so many millions."""
        return super().find_best(dataset, metric_on_set, FLOP_max, Param_max, hp)

    def _lines(self, information, extra_info=None) -> list:
        return print_information(information, extra_info)
