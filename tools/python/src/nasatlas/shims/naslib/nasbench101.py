"""NASLib's search space of NAS-Bench-101 without its networks."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nasatlas.errors import UnknownArchitecture, UnknownName, WrongArgument
from nasatlas.shims.naslib import encodings
from nasatlas.shims.naslib.metrics import Metric, NotAnswered, asked, table
from nasatlas.shims.naslib.space import NoCell, SearchSpace
from nasatlas.shims.nasbench.cell import OPERATIONS, ModelSpec

__all__ = ["NasBench101SearchSpace"]

VERTICES = 7
CONV3X3, CONV1X1, MAXPOOL = OPERATIONS
OF_HASHES = ("input", "output", MAXPOOL, CONV1X1, CONV3X3)
ORDERS = {"gcn": ("output", "input", *OPERATIONS), "bonas": ("input", *OPERATIONS, "output"),
          "seminas": ("input", "output", *OPERATIONS)}
"""Of operations, in the hash and in each encoding."""
KEYS = {"TRAIN_ACCURACY": "train_accuracy", "VAL_ACCURACY": "validation_accuracy", "TEST_ACCURACY": "test_accuracy",
        "TRAIN_TIME": "training_time", "PARAMETERS": "trainable_parameters"}
BUDGETS = (4, 12, 36, 108)


class NasBench101SearchSpace(SearchSpace):
    """A cell of NAS-Bench-101 as a dict of `matrix` and `ops`, with NASLib's names for asking and choosing."""

    space_name = "nasbench101"

    def __init__(self, n_classes: int = 10, stacks: int = 3, channels: int = 64):
        super().__init__(n_classes)
        self.stacks, self.channels = stacks, channels
        self.spec = None

    def set_spec(self, spec, dataset_api=None) -> None:
        """Becomes the cell of a dict of `matrix` and `ops`, of a result of get_hash, or of a published hash, for
        which `dataset_api` is needed."""
        if isinstance(spec, str):
            fixed, _ = self._bench(dataset_api).get_metrics_from_hash(spec)
            spec = _of_seven(fixed["module_adjacency"], fixed["module_operations"])
        elif isinstance(spec, tuple):
            size = round(((1 + 4 * len(spec)) ** 0.5 - 1) / 2)
            if size < 2 or size * size + size != len(spec) or not set(spec[-size:]) <= set(range(len(OF_HASHES))):
                raise UnknownArchitecture(f"{spec!r} is nothing that get_hash gives", remedy="see set_spec")
            spec = {"matrix": np.array(spec[:-size]).reshape(size, size),
                    "ops": [OF_HASHES[number] for number in spec[-size:]]}
        if not isinstance(spec, Mapping) or {"matrix", "ops"} != set(spec):
            raise UnknownArchitecture(f"{spec!r} is not a dict of matrix and ops alone", known=["matrix", "ops"],
                                      remedy='for instance {"matrix": …, "ops": ["input", …, "output"]}')
        ModelSpec(spec["matrix"], spec["ops"])
        unknown = [name for name in spec["ops"] if name not in OF_HASHES]
        if unknown:
            raise UnknownArchitecture(f"there is no operation {unknown[0]!r}; known: {', '.join(OPERATIONS)}",
                                      known=list(OPERATIONS), remedy="give one of them for each vertex")
        self.spec = {"matrix": np.array(spec["matrix"]), "ops": list(spec["ops"])}

    def get_spec(self) -> dict:
        """Matrix and operations as they were given."""
        if self.spec is None:
            raise NoCell("no cell was chosen", remedy="set_spec or sample_random_architecture chooses one")
        return self.spec

    def get_hash(self) -> tuple:
        """The entries of the matrix, row by row, and a number for each operation; isomorphic cells have several."""
        spec = self.get_spec()
        return (*spec["matrix"].ravel().tolist(), *(OF_HASHES.index(name) for name in spec["ops"]))

    def get_arch_iterator(self, dataset_api=None):
        """The published hashes of the cells of the atlas."""
        return self._bench(dataset_api).hash_iterator()

    def sample_random_architecture(self, dataset_api, load_labeled: bool = False) -> None:
        """Becomes a drawn cell of the space, with NumPy's `random`; the atlas may lack it."""
        if load_labeled:
            return self.sample_random_labeled_architecture()
        bench = self._bench(dataset_api)
        while True:
            matrix = np.triu(np.random.choice([0, 1], size=(VERTICES, VERTICES)), 1)
            names = np.random.choice(list(OPERATIONS), size=VERTICES).tolist()
            names = ["input", *names[1:-1], "output"]
            if bench.is_valid(ModelSpec(matrix, names)):
                return self.set_spec({"matrix": matrix, "ops": names})

    def mutate(self, parent, dataset_api, edits: int = 1) -> None:
        """Becomes a cell near that of `parent`: each edge changes with 1/7, each operation with 1/3, with NumPy's
        `random`. As published, every one of `edits` starts from the parent, so the last one counts."""
        bench, own = self._bench(dataset_api), _of_seven(**_named(_of(parent).get_spec()))
        for _ in range(max(edits, 1)):
            while True:
                matrix, names = own["matrix"].copy(), list(own["ops"])
                for source in range(VERTICES - 1):
                    for target in range(source + 1, VERTICES):
                        if np.random.random() < 1 / VERTICES:
                            matrix[source, target] = 1 - matrix[source, target]
                for vertex in range(1, VERTICES - 1):
                    if np.random.random() < 1 / len(OPERATIONS):
                        others = [name for name in OPERATIONS if name != names[vertex]]
                        names[vertex] = str(np.random.choice(others))
                if bench.is_valid(ModelSpec(matrix, names)):
                    break
        self.set_spec({"matrix": matrix, "ops": names})

    def get_nbhd(self, dataset_api=None) -> list:
        """Objects whose `arch` has another operation on a vertex in use, or one edge in use more or less, in a drawn
        order."""
        bench, own, found = self._bench(dataset_api), _of_seven(**_named(self.get_spec())), []

        def add(matrix, names):
            if bench.is_valid(ModelSpec(matrix, names)):
                other = NasBench101SearchSpace(self.num_classes, self.stacks, self.channels)
                other.set_spec({"matrix": matrix, "ops": names})
                found.append(other)

        _, vertices = _in_use(own["matrix"])
        for vertex in range(1, VERTICES - 1):
            for name in OPERATIONS:
                if vertex in vertices and name != own["ops"][vertex]:
                    add(own["matrix"], [*own["ops"][:vertex], name, *own["ops"][vertex + 1:]])
        for source in range(VERTICES - 1):
            for target in range(source + 1, VERTICES):
                matrix = own["matrix"].copy()
                matrix[source, target] = 1 - matrix[source, target]
                if (source, target) in _in_use(own["matrix"] if own["matrix"][source, target] else matrix)[0]:
                    add(matrix, own["ops"])
        return self._neighbors(found)

    def encode(self, encoding_type=encodings.EncodingType.PATH):
        """PATH: 364 numbers; ADJACENCY_ONE_HOT: 36; GCN, BONAS and SEMINAS: dicts of a graph of seven vertices."""
        kind, spec = encodings.spelled(encoding_type), _of_seven(**_named(self.get_spec()))
        matrix, names = spec["matrix"], spec["ops"]
        if kind == "adjacency_one_hot":
            return [*matrix[np.triu_indices(VERTICES, 1)].tolist(),
                    *(int(name == one) for name in names[1:-1] for one in (MAXPOOL, CONV3X3, CONV1X1))]
        if kind == "path":
            found = np.zeros(sum(3 ** length for length in range(VERTICES - 1)))
            # For each vertex the numbers of all paths that lead to it, and how long they are.
            leading = [{(0, 0)}] + [set() for _ in range(VERTICES - 1)]
            for vertex in range(1, VERTICES):
                for source in range(vertex):
                    if matrix[source, vertex]:
                        own = OPERATIONS.index(names[source]) + 1 if source else 0
                        leading[vertex] |= {(number + own * 3 ** length, length + bool(source))
                                            for number, length in leading[source]}
            for number, _ in leading[-1]:
                found[number] = 1
            return found
        order = ORDERS[kind]
        return encodings.as_graph(kind, matrix, [order.index(name) for name in names], len(order))

    def query(self, metric: Metric, dataset: str | None = "cifar10", path=None, epoch: int | None = -1,
              full_lc: bool = False, dataset_api: dict | None = None):
        """A value of the training of `epoch` epochs: 4, 12, 36 or 108 (-1). Percent, seconds, millions. RAW gives
        all of it in fractions; so, as published, does `full_lc`: 88 values, 4, 8, 20 and 56 times those of the four."""
        name = asked(metric, dataset_api, "nasbench101", ["RAW", *KEYS])
        if dataset not in ("cifar10", None):
            raise UnknownName(f"there is no data set {dataset!r}; known: cifar10", known=["cifar10"],
                              code="benchmarks.unknown_dataset", remedy="leave dataset out")
        if epoch not in (-1, None, *BUDGETS) and not full_lc:
            raise UnknownName(f"there are no trainings of {epoch!r} epochs; known: 4, 12, 36, 108", known=list(BUDGETS),
                              code="benchmarks.unknown_epoch", remedy="choose one of them with epoch=")
        bench, spec = self._bench(dataset_api), ModelSpec(**_named(self.get_spec()))
        if full_lc and name != "RAW":
            told = [bench.query(spec, epochs=budget)[KEYS[name]] for budget in BUDGETS]
            curve = [value for value, times in zip(told, (4, 8, 20, 56)) for _ in range(times)]
            return curve if epoch in (-1, None) else curve[:epoch]
        told = bench.query(spec, epochs=108 if epoch in (-1, None) else epoch)
        if name == "RAW":
            return told
        value = told[KEYS[name]]
        return None if value is None else value * {"TRAIN_TIME": 1, "PARAMETERS": 1e-6}.get(name, 100)

    @staticmethod
    def _bench(dataset_api):
        if not isinstance(dataset_api, dict):
            raise NotAnswered("this needs dataset_api", remedy='dataset_api=get_dataset_api("nasbench101", atlas=…)')
        return table(dataset_api, "nb101_data", "nasbench101")


def _of(parent):
    """A search space that can be asked for its cell; raises WrongArgument."""
    if not hasattr(parent, "get_spec"):
        raise WrongArgument(f"{parent!r} is not a search space of NAS-Bench-101",
                            remedy="give a NasBench101SearchSpace that has a cell")
    return parent


def _named(spec: Mapping) -> dict:
    return {"matrix": spec["matrix"], "ops": spec["ops"]}


def _of_seven(matrix, ops) -> dict:
    """A cell with as many vertices as NASLib's: the added ones are before the output and have no edges."""
    matrix, count = np.array(matrix), len(ops)
    if count > VERTICES:
        raise UnknownArchitecture(f"the cell has {count} vertices; at most {VERTICES} are in the space",
                                  remedy="give a cell without vertices that lead nowhere")
    wide = np.zeros((VERTICES, VERTICES), matrix.dtype)
    kept = [*range(count - 1), VERTICES - 1]
    wide[np.ix_(kept, kept)] = matrix
    return {"matrix": wide, "ops": [*ops[:-1], *[CONV3X3] * (VERTICES - count), ops[-1]]}


def _in_use(matrix) -> tuple:
    """Edges and vertices on paths from the input to the output."""
    count = len(matrix)
    reached, reaching = {0}, {count - 1}
    for vertex in range(1, count):
        if any(matrix[source, vertex] for source in reached):
            reached.add(vertex)
    for vertex in reversed(range(count - 1)):
        if any(matrix[vertex, target] for target in reaching):
            reaching.add(vertex)
    edges = {(source, target) for source in reached for target in reaching if matrix[source, target]}
    return edges, {vertex for edge in edges for vertex in edge}
