"""`nasbench.api` with an atlas: `NASBench("nasbench101.atlas")`.

Differs from the original, on purpose:
- `query` answers with the mean over the repeats; where a `seed` is given, or `trials="random"`, it draws one of three,
  as the original does, from a separate generator: Python's `random` is not seeded.
- A matrix of any number type is read as edges; the original hashes 1.0 as another cell.
- Cells of more than seven vertices are an OutOfDomainError, as published but not as coded.
- `module_adjacency` is an isomorphic cell in canonical form.
- A published key that the atlas lacks is absent, and raises MissingKey when it is read. Where a query has no seconds,
  the counter takes the share of the cell's longest training that has seconds, and `derived_time_spent` says how
  many of the counted seconds are such. Where no training of a cell has seconds, the counter raises from then on.
"""

from __future__ import annotations

import random
import threading
from collections.abc import KeysView, Mapping

from nasatlas.errors import MissingValue, NASAtlasError, NotInSpace, QuestionError, UnknownName
from nasatlas.shims.nasbench.cell import OPERATIONS, ModelSpec, canonical_text, graph_hash, known_cell, read_text
from nasatlas.shims.nasbench.trainings import SPLITS, Trainings
from nasatlas.shims.told import MissingKey, Told, opened

__all__ = ["ModelSpec", "NASBench", "OutOfDomainError"]


class OutOfDomainError(NotInSpace):
    """The cell, or the number of epochs, is not in the search space."""

    code = "shims.out_of_domain"


class NASBench:
    """NAS-Bench-101. Accuracies are fractions, times are seconds."""

    def __init__(self, dataset_file, seed: int | None = None, *, trials: str | None = None):
        if trials not in (None, "mean", "random"):
            raise UnknownName(f"trials is mean or random, not {trials!r}", known=["mean", "random"])
        self.atlas = opened(dataset_file)
        self._draws = trials == "random" or trials is None and seed is not None
        self._random = random.Random(seed)
        self._trainings = {}
        for setting in self.atlas.settings:
            epochs = self.atlas.protocols[setting.protocol_digest].get("epochs")
            if setting.space == "nasbench101" and setting.dataset == "cifar10" and epochs is not None:
                self._trainings[epochs] = Trainings(setting, epochs)
        self._trainings = dict(sorted(self._trainings.items()))
        if not self._trainings:
            raise UnknownName(f"{self.atlas.path} has no trainings of nasbench101 on cifar10; its spaces are "
                              f"{', '.join(self.atlas.spaces)}", known=self.atlas.spaces, code="shims.other_space",
                              remedy="open an atlas of nasbench101; `nasatlas-import nasbench101-sample` makes one")
        self.valid_epochs = set(self._trainings)
        self.config = {"module_vertices": 7, "max_edges": 9, "num_repeats": 3, "available_ops": list(OPERATIONS)}
        self.history = {}
        self._hashes = _Hashes(self.atlas)
        self.fixed_statistics = _ByHash(self, self._fixed)
        """By hash: matrix, operations and number of parameters."""
        self.computed_statistics = _ByHash(self, self._computed)
        """By hash: by number of epochs, a dict a repeat."""
        self.reset_budget_counters()

    def query(self, model_spec: ModelSpec, epochs: int = 108, stop_halfway: bool = False) -> Told:
        """A training of a cell, at its end or halfway; what it cost is counted. Raises MissingValue where the atlas has
        no accuracy there."""
        if epochs not in self._trainings:
            known = sorted(self._trainings)
            raise OutOfDomainError(f"there is no training of {epochs} epochs; known: {', '.join(map(str, known))}",
                                   known=known, remedy="choose one of them with epochs=")
        place = self._place(model_spec)
        data = dict(self._fixed(place))
        repeats = self._repeats(place, epochs)
        if not repeats:
            raise MissingValue(f"the atlas has no training of {self.atlas.architectures[place]} of {epochs} epochs",
                               known=[one for one in sorted(self._trainings) if self._repeats(place, one)],
                               code="benchmarks.no_run")
        if self._draws:
            drawn = self._random.randint(0, self.config["num_repeats"] - 1)
            if drawn >= len(repeats):
                raise MissingValue(f"repeat {drawn + 1} was drawn, and the atlas has {len(repeats)} of "
                                   f"{self.atlas.architectures[place]}", known=list(range(1, len(repeats) + 1)),
                                   remedy='NASBench(..., trials="mean") takes the mean of those there are')
            repeats = [repeats[drawn]]
        half = "halfway_" if stop_halfway else "final_"
        for key in ("training_time", *(f"{split}_accuracy" for split in SPLITS)):
            values = [repeat[half + key] for repeat in repeats if half + key in repeat]
            if values:
                data[key] = sum(values) / len(values)
        if not any(f"{split}_accuracy" in data for split in SPLITS):
            raise MissingValue(f"the atlas has no accuracy of {self.atlas.architectures[place]} with {epochs} epochs"
                               + (", halfway" if stop_halfway else ""), known=[key for one in repeats for key in one],
                               remedy="ask without stop_halfway" if stop_halfway else "ask for other epochs")
        self._count(place, epochs // 2 if stop_halfway else epochs, data.get("training_time"))
        return Told(data, f"{self.atlas.architectures[place]} with {epochs} epochs")

    def is_valid(self, model_spec: ModelSpec) -> bool:
        """Whether the cell is in the search space; the atlas may lack it all the same."""
        try:
            self._check_spec(model_spec)
        except OutOfDomainError:
            return False
        return True

    # What was spent

    def get_budget_counters(self) -> tuple:
        """Seconds of training, epochs; raises MissingValue where queries had no seconds."""
        return self.training_time_spent, self.total_epochs_spent

    def reset_budget_counters(self) -> None:
        """Sets all counters to zero."""
        self._seconds, self._derived, self._epochs, self._untimed = 0.0, 0.0, 0, 0

    def _count(self, place: int, epochs: int, seconds: float | None) -> None:
        """Adds what a query cost; seconds that are None are derived from the cell's longest training."""
        self._epochs += epochs
        if seconds is None:
            seconds = self._share(place, epochs)
            if seconds is None:
                self._untimed += 1
                return
            self._derived += seconds
        self._seconds += seconds

    def _share(self, place: int, epochs: int) -> float | None:
        for longest in sorted(self._trainings, reverse=True):
            totals = [one["final_training_time"] for one in self._trainings[longest].of(place)
                      if "final_training_time" in one]
            if totals:
                return sum(totals) / len(totals) / longest * epochs
        return None

    @property
    def training_time_spent(self) -> float:
        if self._untimed:
            raise MissingValue(f"the atlas had no seconds of training for {self._untimed} queries, so what was spent "
                               "is not known", code="shims.no_train_seconds",
                               remedy="read total_epochs_spent, or call reset_budget_counters")
        return self._seconds

    @property
    def derived_time_spent(self) -> float:
        """The part of `training_time_spent` that is a share of longer trainings."""
        return self._derived

    @property
    def total_epochs_spent(self) -> int:
        return self._epochs

    # All that is known

    def hash_iterator(self):
        """The published hashes of all cells of the atlas. Each is computed when the iteration reaches it."""
        return KeysView(self.fixed_statistics)

    def get_metrics_from_hash(self, module_hash: str) -> tuple:
        """Fixed and computed statistics of a cell."""
        return self.fixed_statistics[module_hash], self.computed_statistics[module_hash]

    def get_metrics_from_spec(self, model_spec: ModelSpec) -> tuple:
        """Fixed and computed statistics of a specification."""
        place = self._place(model_spec)
        return self._fixed(place), self._computed(place)

    def evaluate(self, model_spec: ModelSpec, model_dir: str):
        """Raises: an atlas trains nothing."""
        raise NASAtlasError("an atlas trains nothing", code="shims.no_training",
                            remedy="`nasatlas train` trains cells of nasbench101")

    # How it is found

    def _check_spec(self, spec: ModelSpec) -> None:
        if not spec.valid_spec:
            raise OutOfDomainError("no path leads from the input to the output")
        for what, found, most in (("vertices", len(spec.ops), self.config["module_vertices"]),
                                  ("edges", int(spec.matrix.sum()), self.config["max_edges"])):
            if found > most:
                raise OutOfDomainError(f"the pruned cell has {found} {what}; at most {most} are in the space")
        if spec.ops[0] != "input" or spec.ops[-1] != "output":
            raise OutOfDomainError(f"operations begin with input and end with output, not {spec.ops}")
        for name in spec.ops[1:-1]:
            if name not in OPERATIONS:
                raise OutOfDomainError(f"there is no operation {name}; known: {', '.join(OPERATIONS)}",
                                       known=list(OPERATIONS))

    def _place(self, spec: ModelSpec) -> int:
        self._check_spec(spec)
        text = canonical_text(spec.matrix.tolist(), spec.ops)
        try:
            return self.atlas.index(text, "nasbench101")
        except QuestionError as error:
            raise MissingKey(lambda _: f"the atlas has nothing of this cell, {text} (hash {spec.hash_spec()}); it has "
                             f"{len(self.atlas)} cells", known=lambda _, lack=error: lack.known,
                             remedy="hash_iterator lists the hashes it has") from error

    def _fixed(self, place: int) -> Told:
        matrix, operations = read_text(self.atlas.architectures[place])
        found = {"module_adjacency": matrix, "module_operations": operations}
        parameters = next((count for one in self._trainings.values()
                           if (count := one.parameters(place)) is not None), None)
        if parameters is not None:
            found["trainable_parameters"] = parameters
        return Told(found, self.atlas.architectures[place])

    def _computed(self, place: int) -> dict:
        return {epochs: repeats for epochs in self._trainings if (repeats := self._repeats(place, epochs))}

    def _repeats(self, place: int, epochs: int) -> list:
        return self._trainings[epochs].of(place)


class _Hashes:
    """Places of cells by published hash, in the order of the atlas; computed as far as needed."""

    def __init__(self, atlas):
        self._atlas = atlas
        self._left = iter(atlas._places_of_space("nasbench101"))
        self._places = {}
        self._listed = []
        self._lock = threading.Lock()

    def __len__(self):
        return len(self._atlas._places_of_space("nasbench101"))

    def __iter__(self):
        at = 0
        while at < len(self._listed) or self._next() or at < len(self._listed):
            yield self._listed[at]
            at += 1

    def place(self, module_hash) -> int | None:
        """The place of the cell of a hash; None for a hash that no cell has.

        The hash of a specification that was hashed in this process leads to its cell at once. Else cells are hashed in
        the order of the atlas until one has the hash.
        """
        cell = None if module_hash in self._places else known_cell(module_hash)
        if cell is not None:
            return self._atlas._places_by_text("nasbench101").get(canonical_text(*cell))
        while module_hash not in self._places and self._next():
            pass
        return self._places.get(module_hash)

    def _next(self) -> bool:
        """Computes the next hash; False after the last one."""
        with self._lock:
            place = next(self._left, None)
            if place is None:
                return False
            matrix, operations = read_text(self._atlas.architectures[place])
            labels = [-1, *(OPERATIONS.index(name) for name in operations[1:-1]), -2]
            found = graph_hash(matrix.tolist(), labels)
            self._places[found] = place
            self._listed.append(found)
            return True


class _ByHash(Mapping):
    """Statistics by published hash, made when asked for."""

    def __init__(self, bench: NASBench, made):
        self._bench = bench
        self._made = made

    def __getitem__(self, module_hash):
        place = self._bench._hashes.place(module_hash)
        if place is None:
            raise MissingKey(f"the atlas has no cell of hash {module_hash}; it has {len(self)} others",
                             remedy="hash_iterator lists them")
        return self._made(place)

    def __iter__(self):
        return iter(self._bench._hashes)

    def __len__(self):
        return len(self._bench._hashes)
