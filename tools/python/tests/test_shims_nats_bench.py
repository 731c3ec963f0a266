"""nats_bench and nas_201_api on an atlas: their numbers, their order, and what is said of what the atlas lacks."""

import contextlib
import io
import itertools
import math
import random
import re
import tempfile
import unittest
import warnings
from pathlib import Path

import numpy as np

import nasatlas
from benchmark_data import needs
from made_up_atlas import PROGRAM, REASON, publish
from nasatlas import errors
from nasatlas.importing import cards
from nasatlas.importing.entries import Curve, MeanOf, Measurement, Run, SourceCard, Unnamed
from nasatlas.importing.sources import nats_bench as archives
from nasatlas.shims import nats_bench
from nasatlas.shims.nas_201_api import NASBench201API
from nasatlas.shims.nats_bench import cells
from nasatlas.shims.told import MissingKey
from published import SHARED, beside

ROOT = Path(__file__).resolve().parents[3]
RELEASED = ROOT / "data" / "nasbench201.atlas"
BEST = "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|"


class Cells(unittest.TestCase):
    def test_the_order_is_that_of_the_swift_sources(self):
        swift = (ROOT / "Sources" / "Spaces" / "NASBench201" / "NATSOrder+Letters.swift").read_text()
        told = re.search(r'"""\n(.*?)"""', swift, re.DOTALL)[1].split()
        ours = Path(nats_bench.__file__).with_name("topology-order.txt").read_text().split()
        self.assertEqual(told, ours)

    def test_every_cell_has_one_number(self):
        found = cells.topology()
        self.assertEqual((len(found), len(set(found))), (15_625, 15_625))
        self.assertEqual(found[6111], BEST)
        self.assertEqual(cells.size()[9], "8:8:8:16:16")
        self.assertEqual(len(cells.size()), 32_768)

    def test_unique_texts_make_the_published_classes(self):
        self.assertEqual(len({cells.unique_text(cell) for cell in cells.topology()}), 6466)

    def test_readings(self):
        text = "|nor_conv_1x1~0|+|none~0|none~1|+|none~0|none~1|skip_connect~2|"
        self.assertEqual(cells.lists(text), [
            (("nor_conv_1x1", 0),), (("none", 0), ("none", 1)), (("none", 0), ("none", 1), ("skip_connect", 2))])
        self.assertEqual(cells.matrix(text).tolist(), [[0, 0, 0, 0], [2, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0]])
        for wrong in ("|nor_conv_1x1|", "|nor_conv_9x9~0|"):
            with self.assertRaises(errors.QuestionError):
                cells.matrix(wrong)


class Released(unittest.TestCase):
    """data/nasbench201.atlas: validation accuracies after 200 epochs, seconds of training, latency."""

    @classmethod
    def setUpClass(cls):
        cls.atlas = nasatlas.open(RELEASED)
        cls.api = nats_bench.create(cls.atlas, "tss", time_cost="train")

    def test_published_best(self):
        for dataset, (number, value) in {"cifar10": (6111, 91.6067), "cifar100": (9930, 73.4933),
                                         "ImageNet16-120": (10676, 46.7333)}.items():
            index, accuracy = self.api.find_best(dataset, "valid", hp="200")
            self.assertEqual((index, round(accuracy, 4)), (number, value))
            told = self.atlas.top(1, dataset=dataset.lower())[0]
            self.assertEqual((self.api[index], accuracy), (told.architecture, told.value))

    def test_limits(self):
        index, accuracy = self.api.find_best("cifar10-valid", "x-valid", param_max=0.1, hp="200")
        lookup = self.atlas.lookup(dataset="cifar10")
        small = [i for i in range(len(self.api))
                 if max(self.seeds_parameters(i)) <= 0.1]
        best = max(small, key=lambda i: lookup(self.api[i]))
        self.assertEqual((index, accuracy), (best, lookup(self.api[best])))
        with self.assertRaisesRegex(errors.MissingValue, "flops"):
            self.api.find_best("cifar10", "valid", flop_max=10, hp="200")

    def seeds_parameters(self, index):
        trainings = self.api._trainings["200"]["cifar10-valid"]
        return set(trainings.millions_by_seed(self.api._places[index], "parameters").values())

    def test_means_and_seeds(self):
        for index in (0, 77, 6111, 15_624):
            for theirs in ("cifar10-valid", "cifar100", "ImageNet16-120"):
                ours = theirs.lower().replace("-valid", "")
                answer = self.atlas.query(self.api[index], dataset=ours)
                info = self.api.get_more_info(index, theirs, hp="200")
                self.assertEqual(info["valid-accuracy"], answer.value)
                self.assertEqual(info["train-all-time"], answer.points[0].train_seconds)
                self.assertEqual(info["train-per-time"], answer.points[0].train_seconds / 200)
                for point in answer.points:
                    one = self.api.get_more_info(index, theirs, hp="200", is_random=point.seed)
                    self.assertEqual(one["valid-accuracy"], point.value)
        self.assertEqual(self.api.statistics("cifar10-valid", 200), {2: 7456, 3: 8169})

    def test_a_draw_is_one_of_the_trainings_and_follows_the_seed(self):
        drawing = nats_bench.create(self.atlas, "topology", trials="random", time_cost="train")
        seeds = {point.value for point in self.atlas.query(BEST, dataset="cifar10").points}
        drawn = [drawing.simulate_train_eval(BEST, "cifar10", hp="200")[0] for _ in range(60)]
        self.assertEqual(set(drawn), seeds)
        random.seed(5)
        first = [self.api.get_more_info(6111, "cifar10-valid", hp="200", is_random=True) for _ in range(9)]
        random.seed(5)
        self.assertEqual(first, [drawing.get_more_info(6111, "cifar10-valid", hp="200") for _ in range(9)])

    def test_simulated_time(self):
        api = nats_bench.create(self.atlas, "tss", time_cost="train")
        first = api.simulate_train_eval(BEST, "cifar10", hp="200")
        self.assertEqual(first[2], first[3])
        second = api.simulate_train_eval(BEST, "cifar10", hp="200", account_time=False)
        self.assertEqual(second, first)
        third = api.simulate_train_eval(3, "cifar100", hp=200)
        self.assertEqual(api.used_time, first[2] + third[2])
        api.reset_time()
        self.assertEqual(api.used_time, 0)
        with self.assertRaises(errors.MissingValue) as caught:
            nats_bench.create(self.atlas, "tss").simulate_train_eval(BEST, "cifar10", hp="200")
        self.assertIn('time_cost="train"', caught.exception.remedy)

    def test_costs(self):
        costs = self.api.get_cost_info(6111, "cifar10-valid", hp="200")
        self.assertEqual(sorted(costs), ["T-train@epoch", "T-train@total", "latency", "params"])
        self.assertEqual(costs["params"], 1.073466)
        latency = [one for one in self.atlas.quantities if (one.name, one.dataset) == ("latency", "cifar10")][0]
        self.assertEqual(self.api.get_latency(6111, "cifar10-valid", hp="200"), latency.value(BEST))
        differing = next(i for i in range(len(self.api)) if len(self.seeds_parameters(i)) > 1)
        with self.assertRaisesRegex(MissingKey, "its trainings disagree: seed unnamed-1 "):
            self.api.get_cost_info(differing, "cifar10-valid", hp="200")["params"]
        config = self.api.get_net_config(6111, "ImageNet16-120")
        self.assertEqual(config, {"name": "infer.tiny", "C": 16, "N": 5, "arch_str": BEST, "num_classes": 120})

    def test_what_is_not_there(self):
        info = self.api.get_more_info(6111, "cifar10-valid", hp="200")
        self.assertNotIn("test-accuracy", info)
        with self.assertRaises(KeyError) as caught:
            info["test-accuracy"]
        self.assertIsInstance(caught.exception, errors.QuestionError)
        self.assertIn("valid-accuracy", caught.exception.known)
        for ask, known in (
                (lambda: self.api.get_more_info(5, "cifar10-valid"), ["200"]),
                (lambda: self.api.get_more_info(5, "cifar10-valid", iepoch=11, hp="200"), [200]),
                (lambda: self.api.get_more_info(5, "cifar10", hp="200"),
                 ["cifar10-valid", "cifar100", "ImageNet16-120"]),
                (lambda: self.api.get_more_info(5, "cifar100", hp="200", is_random=777),
                 ["unnamed-1", "unnamed-2", "unnamed-3"]),
                (lambda: self.api.get_more_info(5, "svhn", hp="200"), list(archives.NAMES)),
                (lambda: self.api.find_best("cifar100", "test", hp="200"), ["x-valid"]),
                (lambda: self.api.query_by_index(5, "cifar10", hp="200"),
                 ["cifar10-valid", "cifar100", "ImageNet16-120"]),
                (lambda: self.api.simulate_train_eval(5, "cifar10-valid", hp="200"),
                 ["cifar10", "cifar100", "ImageNet16-120"]),
                (lambda: nats_bench.create(self.atlas, "sss"), ["nasbench201"]),
                (lambda: nats_bench.create(self.atlas, "darts"), ["tss", "topology", "sss", "size"])):
            with self.assertRaises(errors.QuestionError) as caught:
                ask()
            self.assertEqual(caught.exception.known, known)
        for ask in (lambda: self.api.arch(15_625), lambda: self.api.get_more_info("|none~0|", "cifar100", hp="200"),
                    lambda: self.api.get_net_param(5, "cifar100", None, "200"), lambda: self.api.reload(".", 5)):
            with self.assertRaises(errors.NASAtlasError):
                ask()

    def test_architectures(self):
        api = NASBench201API(str(RELEASED), verbose=False)
        self.assertEqual(len(api), 15_625)
        self.assertEqual(sum(1 for _ in api), 15_625)
        self.assertEqual(api.arch(6111), BEST)
        self.assertEqual(api.query_index_by_arch(BEST), 6111)
        self.assertEqual(api.query_index_by_arch(np.int64(7)), 7)
        self.assertEqual(api.query_index_by_arch(type("Cell", (), {"tostr": lambda self: BEST})()), 6111)
        self.assertEqual((api.query_index_by_arch("no cell"), api.query_index_by_arch(None)), (-1, -1))
        self.assertTrue(0 <= api.random() < 15_625)
        self.assertEqual(api.avaliable_hps, ["200"])

    def test_words(self):
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            self.api.show(6111)
        self.assertEqual(printed.getvalue().splitlines()[1:-1],
                         self.api.query_by_arch(BEST, "200").replace("arch-index=6111", "None").splitlines())
        self.assertIn("cifar10-valid  Params=1.073 MB, latency=20.22 ms.\n"
                      "cifar10-valid  valid : [top1 = 91.61%]\n", printed.getvalue())


def entries():
    """Two cells: one with curves on half of CIFAR-10 and on all of it, and one with a published mean."""
    yield SourceCard("made-up", "Made-up runs", "made for tests", license="CC0", citation="Nobody: Made up")
    yield cards.ACCURACY_PERCENT
    yield cards.LOSS
    yield cards.cifar10("made up")
    yield cards.cifar100("made up")
    yield cards.nasbench201_protocol(12)
    words = ("nasbench201-12",)
    up, down = [float(e) for e in range(1, 13)], [1 / e for e in range(1, 13)]
    for seed in (777, 888):
        yield Run("nasbench201", BEST, "cifar10", *words, seed, "made-up", [
            Curve("accuracy_percent", "train", up), Curve("loss", "train", down),
            Curve("accuracy_percent", "validation", [value + seed / 1000 for value in up])],
            counts={"parameters": 100 + seed}, costs_by_epoch={"train_seconds": [2.0] * 12})
    yield Run("nasbench201", BEST, "cifar10", *words, 999, "made-up", [
        Curve("accuracy_percent", "train", up), Curve("accuracy_percent", "test", up[-1:], [12])],
              counts={"parameters": 999})
    for seed, values in ((Unnamed(1), [5.0]), (MeanOf(2), [7.0])):
        yield Run("nasbench201", cells.topology()[0], "cifar100", *words, seed, "made-up", [
            Curve("accuracy_percent", "validation" if seed == MeanOf(2) else "valtest", values, [12])])
    for split in ("validation", "test"):
        yield Measurement("nasbench201", BEST, "made-up", "evaluation_seconds", "second", 0.25, dataset="cifar10",
                          conditions={"split": split}, protocol=words[0])
    yield Measurement("nasbench201", BEST, "made-up", "latency", "second", 0.5, dataset="cifar10",
                      conditions={"batch": "256"})


@unittest.skipUnless(PROGRAM, REASON)
class MadeUp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.api = nats_bench.create(publish(folder.name, entries(), "cells"), "tss")

    def test_epochs_are_counted_from_0(self):
        info = self.api.get_more_info(BEST, "cifar10-valid", iepoch=4, is_random=777)
        told = {key: info[key] for key in info if key != "comment"}
        self.assertEqual(told, {
            "train-loss": 0.2, "train-accuracy": 5.0, "train-per-time": 2.0, "train-all-time": 10.0,
            "valid-accuracy": 5.777, "valid-per-time": 0.25, "valid-all-time": 1.25})
        for iepoch in (-1, 12):
            with self.assertRaises(errors.MissingValue):
                self.api.get_more_info(BEST, "cifar10-valid", iepoch=iepoch)

    def test_runs_with_a_validation_value_are_of_half_the_images(self):
        results = self.api.query_by_index(6111)
        self.assertEqual(results.dataset_seed, {"cifar10-valid": [777, 888], "cifar10": [999]})
        self.assertEqual(self.api.get_more_info(6111, "cifar10")["test-accuracy"], 12.0)
        self.assertEqual(self.api.find_best("cifar10", "test"), (6111, 12.0))
        self.assertEqual(self.api.statistics("cifar10", 12), {0: 1, 1: 1})

    def test_parameters_are_those_of_seed_888_where_trainings_disagree(self):
        self.assertEqual(self.api.get_cost_info(6111, "cifar10-valid")["params"], 988e-6)
        self.assertEqual([one.params for one in self.api.query_by_index(6111, "cifar10-valid").values()],
                         [877e-6, 988e-6])

    def test_time_cost(self):
        self.api.reset_time()
        told = self.api.simulate_train_eval(6111, "cifar10", iepoch=3)
        self.assertEqual(told, (4 + (0.777 + 0.888) / 2, 0.5, 8.25, 8.25))
        self.assertEqual(self.api.get_cost_info(6111, "cifar10-valid")["T-x-valid@total"], 3.0)

    def test_a_published_mean_answers_where_no_training_does(self):
        info = self.api.get_more_info(0, "cifar100")
        self.assertEqual({"valid-accuracy": 7.0, "valtest-accuracy": 5.0}, info)
        drawn = self.api.get_more_info(0, "cifar100", is_random=True)
        self.assertEqual({"valtest-accuracy": 5.0}, drawn)

    def test_an_answer_of_other_images_is_not_silent(self):
        api = nats_bench.create(self.api.atlas, "tss", trials="random", time_cost="train")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with self.assertRaises(nats_bench.SplitWarning):
                api.simulate_train_eval(0, "cifar100")


def close(left, right):
    return left == right or math.isclose(left, right, rel_tol=1e-12)


@beside("nats_bench", "nats_bench")
@unittest.skipUnless(PROGRAM, REASON)
@needs("nats-archives")
class SameAsThePackage(unittest.TestCase):
    """nats_bench 1.8 and the shim, both on the genuine archives. Seconds are sums in another order: 1e-12 apart."""

    @classmethod
    def setUpClass(cls):
        import nats_bench as package
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.atlas = nasatlas.open(publish(folder.name, archives.entries(SHARED / "nats-archives"), "nats"))
        cls.pairs = [
            (package.create(str(next((SHARED / "nats-archives").glob(f"NATS-{space}-*"))), space, True, False),
             nats_bench.create(cls.atlas, space)) for space in ("tss", "sss")]

    def each(self):
        for theirs, ours in self.pairs:
            for index, hp in itertools.product((0, 11, 284), ours.avaliable_hps):
                for dataset in archives.NAMES:
                    yield theirs, ours, index, hp, dataset

    def compare(self, theirs, ours, about):
        self.assertEqual(set(theirs), set(ours), about)
        for key in theirs:
            if key != "comment":
                self.assertTrue(close(theirs[key], ours[key]), (about, key, theirs[key], ours[key]))
                if key.endswith(("loss", "accuracy")) and isinstance(about[-1], int) and about[-1] > 1:
                    self.assertEqual(theirs[key], ours[key], (about, key))

    def test_architectures(self):
        for theirs, ours in self.pairs:
            self.assertEqual(theirs.meta_archs, ours.meta_archs)
        theirs, ours = self.pairs[0]
        for index in range(0, 15_625, 25):
            self.assertEqual(theirs.get_unique_str(index), ours.get_unique_str(index))
            self.assertEqual(theirs.str2lists(theirs[index]), ours.str2lists(ours[index]))
            self.assertTrue(np.array_equal(theirs.str2matrix(theirs[index]), ours.str2matrix(ours[index])))

    def test_more_info(self):
        compared = 0
        for theirs, ours, index, hp, dataset in self.each():
            seeds = theirs.query_meta_info_by_index(index, hp).get_dataset_seeds(dataset)
            self.assertEqual(ours.query_meta_info_by_index(index, hp).get_dataset_seeds(dataset), seeds)
            for iepoch, which in itertools.product((None, 0, int(hp) // 2), (False, *seeds)):
                self.compare(theirs.get_more_info(index, dataset, iepoch, hp, which),
                             ours.get_more_info(index, dataset, iepoch, hp, which),
                             (index, hp, dataset, iepoch, which))
                compared += 1
            random.seed(index)
            drawn = theirs.get_more_info(index, dataset, None, hp)
            random.seed(index)
            self.compare(drawn, ours.get_more_info(index, dataset, None, hp, True), (index, hp, dataset))
        self.assertEqual(compared, 513)

    def test_costs_and_trainings(self):
        for theirs, ours, index, hp, dataset in self.each():
            self.compare(theirs.get_cost_info(index, dataset, hp), ours.get_cost_info(index, dataset, hp),
                         (index, hp, dataset))
            self.assertEqual(theirs.get_net_config(index, dataset), ours.get_net_config(index, dataset))
            trainings = ours.query_by_index(index, dataset, hp)
            for seed, training in theirs.query_by_index(index, dataset, hp).items():
                for name in ("train_losses", "train_acc1es", "eval_losses", "eval_acc1es"):
                    self.assertEqual(dict(getattr(training, name)), getattr(trainings[seed], name))
                self.compare(training.get_times(), trainings[seed].get_times(), (index, hp, dataset, seed))

    def test_simulated_training(self):
        drawing = {space: nats_bench.create(self.atlas, space, trials="random") for space in ("topology", "size")}
        for theirs, ours, index, hp, dataset in self.each():
            if dataset == "cifar10-valid":
                continue
            for iepoch in (None, int(hp) // 2):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", nats_bench.SplitWarning)
                    random.seed(index)
                    told = theirs.simulate_train_eval(index, dataset, iepoch, hp)
                    random.seed(index)
                    found = drawing[ours.search_space_name].simulate_train_eval(index, dataset, iepoch, hp)
                self.assertTrue(all(map(close, told, found)), (index, hp, dataset, iepoch, told, found))

    def test_best(self):
        compared = 0
        for theirs, ours in self.pairs:
            for hp, (dataset, on), limits in itertools.product(
                    ours.avaliable_hps, (("cifar10", "valid"), ("cifar10", "test"), ("cifar10", "train"),
                                         ("cifar100", "valid"), ("cifar100", "test"), ("ImageNet16-120", "ori-test")),
                    ({}, {"flop_max": 20}, {"param_max": 0.2})):
                for index in (0, 11, 284):
                    theirs.get_cost_info(index, "cifar10", hp)
                told = theirs.find_best(dataset, on, hp=hp, enforce_all=False, **limits)
                found = ours.find_best(dataset, on, hp=hp, **limits)
                self.assertEqual(told[0], found[0])
                self.assertTrue(told[1] is found[1] is None or close(told[1], found[1]))
                compared += 1
            for hp, dataset in itertools.product(ours.avaliable_hps, archives.NAMES):
                self.assertEqual(theirs.statistics(dataset, hp), ours.statistics(dataset, hp))
        self.assertEqual(compared, 90)


if __name__ == "__main__":
    unittest.main()
