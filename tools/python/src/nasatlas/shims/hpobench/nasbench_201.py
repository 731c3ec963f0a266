"""`hpobench.benchmarks.nas.nasbench_201`: cells of NAS-Bench-201."""

from __future__ import annotations

import functools

import numpy as np

from nasatlas.errors import MissingValue, UnknownName
from nasatlas.shims import hpo_benchmarks
from nasatlas.shims.hpobench.benchmark import Benchmark, OutOfRange, Refused, generator
from nasatlas.shims.nats_bench.api_topology import NATStopology
from nasatlas.shims.nats_bench.results import SETS
from nasatlas.shims.told import OutsideSearchSpace, Told, checked


SEEDS = (777, 888, 999)
"""Of the published trainings of NAS-Bench-201."""


class Structure:
    """A cell as a tuple of pairs of operation and source for each node."""

    def __init__(self, genotype):
        self.nodes = [tuple(node) for node in genotype]

    def tostr(self) -> str:
        """The text that NAS-Bench-201 has for the cell."""
        return "+".join("|" + "|".join(f"{operation}~{source}" for operation, source in node) + "|"
                        for node in self.nodes)

    def __repr__(self):
        return f"_Structure({len(self)} nodes with {self.tostr()})"

    def __len__(self):
        return len(self.nodes) + 1

    def __getitem__(self, index):
        return self.nodes[index]


class NasBench201BaseBenchmark(Benchmark):
    """Cells of NAS-Bench-201: 100 less percent, and seconds."""

    _choices = {f"{target}<-{source}": hpo_benchmarks.OPERATIONS for target in range(1, 4) for source in range(target)}
    _fidelity = {"epoch": (1, 200, int)}

    def __init__(self, dataset: str, rng=None, *, atlas, validation: str | None = None):
        super().__init__(atlas, rng)
        self.dataset = dataset
        evaluations = SETS[dataset]
        published, self._test = self.dataset_mapping(dataset)
        self._validation = validation or published
        if self._validation not in evaluations:
            raise UnknownName(f"there is no {validation} of {dataset}; known: {', '.join(evaluations)}",
                              known=list(evaluations))
        self._api = NATStopology(self.atlas)
        self.config_to_structure = self.config_to_structure_func(4)

    @staticmethod
    def config_to_structure_func(max_nodes: int):
        """A function from configurations to cells of so many nodes."""
        return functools.partial(_structure, max_nodes)

    @staticmethod
    def get_search_spaces(xtype: str, name: str) -> list:
        """The operations of the space `nas-bench-201` of cells."""
        if xtype != "cell":
            raise OutOfRange(f"there is no kind of search space {xtype!r}; known: cell", known=["cell"])
        if name != "nas-bench-201":
            raise Refused(f"there is no search space {name!r}; known: nas-bench-201", known=["nas-bench-201"])
        return list(hpo_benchmarks.OPERATIONS)

    def dataset_mapping(self, dataset: str) -> tuple:
        """The names of the validation and test evaluations on a data set."""
        if dataset not in ("cifar10-valid", "cifar100", "ImageNet16-120"):
            raise UnknownName(f"there is no data set {dataset!r} here", known=["cifar10-valid", "cifar100",
                                                                              "ImageNet16-120"])
        return ("x-valid", "ori-test") if dataset == "cifar10-valid" else ("ori-test", "x-test")

    def objective_function(self, configuration, fidelity=None, rng=None, data_seed="all", **kwargs) -> Told:
        """100 less the mean accuracy over the trainings of `data_seed`, seeds or one (None draws), and their seconds
        of training and validation together. Raises MissingKey where the atlas has no accuracy at the fidelity."""
        info, spent = self._info(configuration, fidelity, rng, data_seed)
        return self._found(info, info.get("valid_precision"), spent, "valid")

    @staticmethod
    def _found(info: Told, value, cost, prefix: str) -> Told:
        found = {"info": info, "function_value": value, "cost": cost}
        found = Told({key: one for key, one in found.items() if one is not None}, info.about, {
            "function_value": info.reasons.get(f"{prefix}_precision", "no accuracy"),
            "cost": info.reasons.get(f"{prefix}_cost", "no seconds")})
        found["function_value"]  # noqa: B018  An optimizer that reads it with get() would see nothing.
        return found

    def _info(self, configuration, fidelity, rng, data_seed) -> tuple:
        """The known values of a configuration, and the sum of the seconds of training and validation, where known."""
        fidelity = self._with_fidelity(fidelity)
        trainings = self._trainings(configuration)
        if data_seed is None:
            place = int((self.rng if rng is None else generator(rng)).choice(len(SEEDS), size=1)[0])
            # Trainings without a seed are drawn by their place: which of them had which seed is not known.
            data_seed = SEEDS[place] if SEEDS[place] in trainings else list(trainings)[place % len(trainings)]
        if not isinstance(data_seed, str) or data_seed != "all":
            trainings = self._of_seeds(trainings, data_seed)
        epoch, info, reasons = fidelity["epoch"], {"fidelity": fidelity}, {}
        train = self._part("train", trainings, lambda one: one.get_train(epoch - 1), info, reasons)
        spent = self._part("valid", trainings, lambda one: one.get_eval(self._validation, epoch - 1), info, reasons,
                           train)
        # There is one test value a training, that of the last epoch; it is evaluated once.
        self._part("test", trainings, lambda one: one.get_eval(self._test, 199), info, reasons, train, once=True)
        return Told(info, f"{self.dataset} at epoch {epoch}", reasons), spent

    def _of_seeds(self, trainings: dict, data_seed) -> dict:
        """The trainings of seeds; raises Refused."""
        asked = set(data_seed) if isinstance(data_seed, (list, tuple, set)) else {data_seed}
        if asked == set(SEEDS):
            return trainings
        lacking = [seed for seed in asked if isinstance(seed, bool) or seed not in list(trainings)]
        if lacking or not asked:
            raise Refused(f"the atlas has no seed {', '.join(map(str, lacking)) or 'of an empty list'} of this cell on "
                          f"{self.dataset}; known: {', '.join(map(str, trainings))}", known=list(trainings),
                          code="benchmarks.unknown_seed", remedy='data_seed="all" takes all of them')
        return {seed: one for seed, one in trainings.items() if seed in asked}

    def _part(self, prefix, trainings, ask, info, reasons, train=None, once=False):
        """Puts precision, losses and cost of a split into `info`; returns the cost, None where it is not known."""
        keys = [f"{prefix}_precision", f"{prefix}_losses", f"{prefix}_cost"]
        try:
            told = [ask(one) for one in trainings.values()]
        except MissingValue as error:
            reasons.update(dict.fromkeys(keys, error.message))
            return None
        if all("accuracy" in one for one in told):
            info[keys[0]] = float(100 - np.mean([one["accuracy"] for one in told]))
        if all("loss" in one for one in told):
            info[keys[1]] = float(np.mean([one["loss"] for one in told]))
        time = "cur_time" if once else "all_time"
        if not all(time in one for one in told) or prefix != "train" and train is None:
            reasons[keys[2]] = "no seconds of training" if prefix == "train" else "no seconds of evaluation"
            return None
        info[keys[2]] = sum(one[time] for one in told) + (train or 0.0)
        return info[keys[2]]

    def objective_function_test(self, configuration, fidelity=None, rng=None, **kwargs) -> Told:
        """Like `objective_function`, with the value and cost of the test split after 200 epochs."""
        fidelity = self._with_fidelity(fidelity)
        if fidelity["epoch"] != 200:
            raise Refused(f"test values are those of epoch 200, not {fidelity['epoch']}", known=[200],
                              remedy="leave fidelity out")
        info, _ = self._info(configuration, fidelity, None, "all")
        return self._found(info, info.get("test_precision"), info.get("test_cost"), "test")

    def _trainings(self, configuration) -> dict:
        operations = checked(configuration, self._choices)
        for name, operation in operations.items():
            if operation not in hpo_benchmarks.OPERATIONS:
                raise OutsideSearchSpace(f"{name} cannot be {operation!r}; known: "
                                         f"{', '.join(hpo_benchmarks.OPERATIONS)}", known=hpo_benchmarks.OPERATIONS)
        text = "|{}~0|+|{}~0|{}~1|+|{}~0|{}~1|{}~2|".format(*operations.values())
        index = self._api.query_index_by_arch(text)
        found = self._api.query_by_index(index, self.dataset, "200")
        single = {seed: one for seed, one in found.items() if not one.is_mean}
        return single or found


def _structure(max_nodes: int, config) -> Structure:
    return Structure([(config[f"{node}<-{source}"], source) for source in range(node)] for node in range(1, max_nodes))


class Cifar10ValidNasBench201Benchmark(NasBench201BaseBenchmark):
    def __init__(self, rng=None, *, atlas, validation=None):
        super().__init__("cifar10-valid", rng, atlas=atlas, validation=validation)


class Cifar100NasBench201Benchmark(NasBench201BaseBenchmark):
    def __init__(self, rng=None, *, atlas, validation=None):
        super().__init__("cifar100", rng, atlas=atlas, validation=validation)


class ImageNetNasBench201Benchmark(NasBench201BaseBenchmark):
    def __init__(self, rng=None, *, atlas, validation=None):
        super().__init__("ImageNet16-120", rng, atlas=atlas, validation=validation)
