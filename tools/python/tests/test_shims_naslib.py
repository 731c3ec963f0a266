"""NASLib's queries on atlases: op indices, splits, epochs, costs, and what atlases lack."""

import itertools
import tempfile
import unittest
from enum import Enum
from pathlib import Path

import numpy as np

import nasatlas
from benchmark_data import needs
from made_up_atlas import PROGRAM, REASON, ask, publish
from nasatlas import errors
from nasatlas.importing.sources import nats_bench as archives
from nasatlas.shims import naslib
from nasatlas.shims.naslib import Metric, NasBench201SearchSpace
from nasatlas.shims.nats_bench import cells
from nasatlas.shims.told import MissingKey
from published import SHARED, beside

RELEASED = Path(__file__).resolve().parents[3] / "data" / "nasbench201.atlas"
BEST = (2, 2, 0, 2, 2, 3)
TEXT = "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|"


class Cells(unittest.TestCase):
    def test_all_there_and_back(self):
        texts = set()
        for indices in NasBench201SearchSpace().get_arch_iterator():
            text = naslib.convert_op_indices_to_str(indices)
            self.assertEqual(naslib.convert_str_to_op_indices(text), indices)
            texts.add(text)
        self.assertEqual(texts, set(cells.topology()))
        self.assertEqual(naslib.convert_op_indices_to_str(BEST), TEXT)

    @unittest.skipUnless(PROGRAM, REASON)
    def test_the_program_reads_them_so(self):
        for indices in ((0, 1, 2, 3, 4, 0), (4, 3, 2, 1, 0, 1), BEST):
            told, fault = ask("query", RELEASED, "-a", f"naslib:{','.join(map(str, indices))}", "--dataset", "cifar10")
            self.assertIsNone(fault)
            self.assertIn(naslib.convert_op_indices_to_str(indices), str(told))

    def test_drawn_cells(self):
        space = NasBench201SearchSpace()
        np.random.seed(1)
        for _ in range(200):
            space.sample_random_architecture()
            drawn = space.get_hash()
            self.assertFalse(drawn[:3] == (1, 1, 1) or (drawn[2], *drawn[4:]) == (1, 1, 1))

    def test_refused(self):
        for ask_ in (lambda: naslib.convert_op_indices_to_str((1, 2)), lambda: NasBench201SearchSpace((5,) * 6),
                     lambda: naslib.convert_str_to_op_indices("|conv~0|"), lambda: NasBench201SearchSpace().get_hash()):
            with self.assertRaises(errors.UnknownArchitecture):
                ask_()


class Released(unittest.TestCase):
    """data/nasbench201.atlas: validation accuracies after 200 epochs, seconds of training, latency."""

    @classmethod
    def setUpClass(cls):
        cls.atlas = nasatlas.open(RELEASED)
        cls.api = naslib.get_dataset_api("nasbench201", "cifar10", atlas=cls.atlas)
        cls.space = NasBench201SearchSpace(BEST)

    def told(self, metric, **words):
        return self.space.query(metric, "cifar10", dataset_api=self.api, **words)

    def test_values(self):
        answer = self.atlas.query(TEXT, dataset="cifar10")
        self.assertEqual(self.told(Metric.VAL_ACCURACY), answer.value)
        self.assertEqual(self.told(Metric.VAL_ACCURACY, epoch=199), answer.value)
        self.assertEqual(self.told(Metric.TRAIN_TIME, epoch=3), answer.points[0].train_seconds)
        self.assertEqual((self.told(Metric.PARAMETERS), self.told(Metric.EPOCH)), (1.073466, 200))
        self.assertEqual(self.told(Metric.HP), {"params": 1.073466, "latency": self.told(Metric.LATENCY),
                                                "train_time": self.told(Metric.TRAIN_TIME)})
        one = naslib.get_dataset_api("nasbench201", "cifar10", atlas=self.atlas, seed="unnamed-2")
        self.assertEqual(self.space.query(Metric.VAL_ACCURACY, "cifar10", dataset_api=one), answer.points[1].value)

    def test_the_mapping_that_graphs_of_naslib_read(self):
        data = self.api["nb201_data"]
        self.assertEqual((len(data), next(iter(data))), (15_625, cells.topology()[0]))
        self.assertEqual(data[TEXT]["cifar10-valid"]["eval_acc1es"][-1], self.told(Metric.VAL_ACCURACY))
        self.assertEqual(data[TEXT]["cifar10-valid"]["cost_info"]["train_time"], self.told(Metric.TRAIN_TIME))
        self.assertIs(type(self.told(Metric.RAW)), type(data[TEXT]))

    def test_metrics_of_naslib_itself_are_known_by_name(self):
        theirs = Enum("Metric", list(Metric.__members__))
        self.assertEqual(self.told(theirs.VAL_ACCURACY), self.told(Metric.VAL_ACCURACY))

    def test_what_is_not_there(self):
        for ask_, known in ((lambda: self.told(Metric.VAL_ACCURACY, epoch=11), [199]),
                            (lambda: self.told(Metric.VAL_ACCURACY, full_lc=True), [199]),
                            (lambda: self.told(Metric.VAL_ACCURACY, full_lc=True, epoch=12), [199]),
                            (lambda: self.told(Metric.TEST_ACCURACY), []), (lambda: self.told(Metric.TRAIN_LOSS), []),
                            (lambda: self.told(Metric.VAL_TIME), [])):
            with self.assertRaises(errors.MissingValue) as caught:
                ask_()
            self.assertEqual(caught.exception.known, known)
        with self.assertRaises(MissingKey):
            self.told(Metric.FLOPS)
        with self.assertRaises(IndexError):
            self.told(Metric.VAL_ACCURACY, epoch=200)
        for ask_ in (lambda: self.told(Metric.ALL), lambda: self.told("accuracy"),
                     lambda: self.space.query(Metric.HP, "svhn", dataset_api=self.api),
                     lambda: self.space.query(Metric.HP, "cifar10"),
                     lambda: naslib.get_dataset_api("nasbench301", "cifar10", atlas=self.atlas),
                     lambda: naslib.get_dataset_api("nasbench101", "cifar10", atlas=self.atlas),
                     lambda: naslib.get_dataset_api("nasbench201", "svhn", atlas=self.atlas),
                     lambda: naslib.get_dataset_api("nasbench201", "cifar10", atlas=self.atlas, evaluation="train")):
            with self.assertRaises(errors.UnknownName):
                ask_()


@beside("nats_bench", "nats_bench")
@unittest.skipUnless(PROGRAM, REASON)
@needs("nats-archives")
class SameAsTheArchives(unittest.TestCase):
    """The genuine archives read by nats_bench 1.8: curves and costs, seed by seed and their means."""

    def test_values(self):
        import nats_bench as package
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        root = SHARED / "nats-archives"
        atlas = nasatlas.open(publish(folder.name, archives.entries(root), "nats"))
        theirs = package.create(str(next(root.glob("NATS-tss-*"))), "tss", True, False)
        compared = 0
        for index, (dataset, other) in itertools.product((0, 11, 284), naslib.DATASETS.items()):
            space = NasBench201SearchSpace(naslib.convert_str_to_op_indices(theirs[index]))
            trainings = theirs.query_by_index(index, other, "200")
            for seed, evaluation in itertools.product(("mean", *trainings), ("validation", "test")):
                api = naslib.get_dataset_api("nasbench201", dataset, atlas=atlas, evaluation=evaluation, seed=seed)
                for metric, name, key in (
                        (Metric.TRAIN_ACCURACY, "train", "accuracy"), (Metric.TRAIN_LOSS, "train", "loss"),
                        (Metric.VAL_ACCURACY, "x-valid", "accuracy"), (Metric.VAL_LOSS, "x-valid", "loss"),
                        (Metric.TEST_ACCURACY, "test", "accuracy"), (Metric.TEST_LOSS, "test", "loss")):
                    name = ("ori-test" if dataset == "cifar10" else "x-test") if name == "test" else name
                    whole = name == "train" or (dataset, name) == ("cifar10", "x-valid")
                    asked = list(trainings.values()) if seed == "mean" else [trainings[seed]]
                    for epoch in (0, 57, 199) if whole else (199,):
                        value = np.mean([(one.get_train(epoch) if name == "train" else one.get_eval(name, epoch))[key]
                                         for one in asked])
                        self.assertAlmostEqual(space.query(metric, dataset, epoch=epoch, dataset_api=api), value,
                                               delta=1e-12)
                        compared += 1
                    if whole:
                        curve = space.query(metric, dataset, full_lc=True, dataset_api=api)
                        self.assertEqual(len(curve), 200)
                        self.assertEqual(curve[:50], space.query(metric, dataset, epoch=50, full_lc=True,
                                                                 dataset_api=api))
                raw = space.query(Metric.RAW, dataset, dataset_api=api)[other]
                of = Metric.VAL_ACCURACY if evaluation == "validation" else Metric.TEST_ACCURACY
                self.assertEqual(raw["eval_acc1es"][-1], space.query(of, dataset, dataset_api=api))
            costs = theirs.get_cost_info(index, other, "200")
            api = naslib.get_dataset_api("nasbench201", dataset, atlas=atlas)
            for metric, key in ((Metric.FLOPS, "flops"), (Metric.PARAMETERS, "params"), (Metric.LATENCY, "latency"),
                                (Metric.TRAIN_TIME, "T-train@total"), (Metric.VAL_TIME, "T-x-valid@epoch")):
                self.assertAlmostEqual(space.query(metric, dataset, dataset_api=api) / costs[key], 1, delta=1e-12)
                compared += 1
        self.assertEqual(compared, 861)


if __name__ == "__main__":
    unittest.main()
