"""The base of NASLib's search spaces."""

from __future__ import annotations

import copy
import random
from types import SimpleNamespace

from nasatlas.errors import UnknownArchitecture


class NoCell(UnknownArchitecture, NotImplementedError):
    """A search space that was asked before an architecture was chosen."""


class SearchSpace:
    """An architecture of a space, or none yet."""

    QUERYABLE = True
    space_name: str

    def __init__(self, n_classes: int = 10):
        self.num_classes = n_classes
        self.labeled_archs = None
        self.instantiate_model = False
        self.sample_without_replacement = False

    def clone(self):
        """A copy that can become another architecture."""
        return copy.deepcopy(self)

    def get_type(self) -> str:
        return self.space_name

    def set_spec(self, spec, dataset_api=None) -> None:
        """Becomes the architecture that `spec` names."""
        raise NotImplementedError

    def sample_random_labeled_architecture(self) -> None:
        """Becomes one of `labeled_archs`, with Python's `random`."""
        if not self.labeled_archs:
            raise UnknownArchitecture("there are no labeled_archs to draw from",
                                      remedy="set labeled_archs to a list of what get_hash gives")
        drawn = random.choice(self.labeled_archs)
        if self.sample_without_replacement:
            self.labeled_archs.pop(self.labeled_archs.index(drawn))
        self.set_spec(drawn)

    @staticmethod
    def _neighbors(found: list) -> list:
        random.shuffle(found)
        return [SimpleNamespace(arch=one) for one in found]
