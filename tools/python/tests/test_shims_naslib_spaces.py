"""NASLib's search spaces without networks: draws, neighbors, hashes, encodings, queries of NAS-Bench-101.

The digests are of what NASLib's own functions gave (nasbench201/encodings.py of 604f7f0, nasbench101/encodings.py of
45894fb, graph.py of dfa2e67 and 00a668b), value for value the same as here.
"""

import hashlib
import json
import random
import tempfile
import unittest
from types import SimpleNamespace

import numpy as np

import nasatlas
from made_up_atlas import PROGRAM, REASON, publish
from nasatlas import errors
from nasatlas.shims import naslib
from nasatlas.shims.naslib import EncodingType, Metric, NasBench101SearchSpace, NasBench201SearchSpace
from nasatlas.shims.nasbench import api, cell
from test_shims_nni_others import CHAIN, RELEASED, complete, text

KINDS = ("adjacency_one_hot", "path", "gcn", "bonas", "seminas")


class AnyCell(api.NASBench):
    """The domain of NAS-Bench-101 without an atlas."""

    def __init__(self):
        self.config = {"module_vertices": 7, "max_edges": 9}


DOMAIN = {"api": api, "nb101_data": AnyCell()}


def plain(value):
    if isinstance(value, dict):
        return {key: plain(one) for key, one in sorted(value.items())}
    if isinstance(value, np.ndarray):
        return value.tolist()
    return [int(one) for one in value] if isinstance(value, (list, tuple)) else value


def digest(values):
    found = hashlib.sha256()
    for value in values:
        found.update(json.dumps(plain(value)).encode())
    return found.hexdigest()[:16]


class Encodings(unittest.TestCase):
    def test_one_cell(self):
        space = NasBench201SearchSpace((2, 2, 0, 2, 2, 3))
        # The same as Tests/SpacesTests/NASBench201/NASBench201EncodingTests.swift has.
        self.assertEqual(space.encode(EncodingType.PATH).nonzero()[0].tolist(), [2, 17, 22, 107])
        self.assertEqual(space.encode(), sum(([int(own == index) for index in range(5)] for own in (2, 2, 0, 2, 2, 3)),
                                             []))
        self.assertEqual(space.encode("seminas")["operations"], [0, 3, 3, 1, 3, 3, 4, 6])

    def test_every_cell_of_201(self):
        known = ("75c422d1a8e2cb25", "6ea63482d40aa094", "0ee67b4d77b340b8", "7151a272ddaa3c69", "223d5a5ed3951285")
        spaces = [NasBench201SearchSpace(indices) for indices in NasBench201SearchSpace().get_arch_iterator()]
        self.assertEqual(tuple(digest(one.encode(EncodingType(kind)) for one in spaces) for kind in KINDS), known)

    def test_drawn_cells_of_101(self):
        known = ("b1ffae96fdd3cf80", "772f6da7b04c6cc0", "d82a3df093d62f73", "ed335c24a68c1c3a", "03a7c08f17be2435")
        drawn, near = [], []
        for seed in range(300):
            np.random.seed(seed)
            random.seed(seed)
            drawn.append(NasBench101SearchSpace())
            drawn[-1].sample_random_architecture(DOMAIN)
            for edits in (1, 3):
                near.append(NasBench101SearchSpace())
                near[-1].mutate(drawn[-1], DOMAIN, edits)
            near += [one.arch for one in drawn[-1].get_nbhd(DOMAIN)]
        self.assertEqual(tuple(digest(one.encode(kind) for one in drawn) for kind in KINDS), known)
        self.assertEqual(digest(one.get_hash() for one in drawn), "26b28e320386aadc")
        self.assertEqual(digest(one.get_hash() for one in near), "e30018f3f0ace1e5")

    def test_refused(self):
        for kind in (EncodingType.COMPACT, EncodingType.ADJACENCY_MIX, "paths", None, ["path"]):
            with self.assertRaises(errors.UnknownName) as caught:
                NasBench201SearchSpace((0,) * 6).encode(kind)
            self.assertEqual(caught.exception.known, list(KINDS))
        for space in (NasBench201SearchSpace(), NasBench101SearchSpace()):
            for ask in (space.encode, space.get_hash):
                with self.assertRaisesRegex(errors.UnknownArchitecture, "set_spec or sample_random_architecture"):
                    ask()


class Moves201(unittest.TestCase):
    def test_mutations(self):
        parent, told = NasBench201SearchSpace((0, 1, 2, 3, 4, 0)), []
        for seed in range(300):
            np.random.seed(seed)
            child = parent.clone()
            child.mutate(parent)
            self.assertEqual(sum(a != b for a, b in zip(child.get_hash(), parent.get_hash())), 1)
            told.append(child.get_hash())
        self.assertEqual(digest(told), "2d2725ad61bc4ac5")
        self.assertEqual(parent.get_hash(), (0, 1, 2, 3, 4, 0))

    def test_neighbors(self):
        near = {one.arch.get_hash() for one in NasBench201SearchSpace((0, 1, 2, 3, 4, 0)).get_nbhd()}
        self.assertEqual(len(near), 24)
        self.assertTrue(all(sum(a != b for a, b in zip(one, (0, 1, 2, 3, 4, 0))) == 1 for one in near))

    def test_labelled(self):
        space = NasBench201SearchSpace(n_classes=100)
        with self.assertRaisesRegex(errors.UnknownArchitecture, "labeled_archs"):
            space.sample_random_architecture(load_labeled=True)
        space.labeled_archs, space.sample_without_replacement = [(0,) * 6, (1,) * 6], True
        drawn = set()
        for _ in range(2):
            space.sample_random_architecture(load_labeled=True)
            drawn.add(space.get_hash())
        self.assertEqual((drawn, space.labeled_archs), ({(0,) * 6, (1,) * 6}, []))

    def test_evolution_as_naslib_writes_it(self):
        """What its regularised evolution asks of a graph, on the atlas of this repository."""
        np.random.seed(3)
        api_ = naslib.get_dataset_api("nasbench201", "cifar10", atlas=RELEASED)
        search_space, models = NasBench201SearchSpace(), []
        for _ in range(10):
            model = SimpleNamespace(arch=search_space.clone())
            model.arch.sample_random_architecture(dataset_api=api_)
            model.accuracy = model.arch.query(Metric.VAL_ACCURACY, "cifar10", dataset_api=api_)
            models.append(model)
        first = max(one.accuracy for one in models)
        for _ in range(90):
            parent = max((models[place] for place in np.random.choice(len(models), 5)), key=lambda one: one.accuracy)
            child = SimpleNamespace(arch=search_space.clone())
            child.arch.mutate(parent.arch, dataset_api=api_)
            child.accuracy = child.arch.query(Metric.VAL_ACCURACY, "cifar10", dataset_api=api_)
            models.append(child)
        self.assertGreater(max(one.accuracy for one in models), max(first, 90))
        self.assertIsNone(search_space.op_indices)


@unittest.skipUnless(PROGRAM, REASON)
class Queries101(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.atlas = nasatlas.open(publish(folder.name, complete(), "cells"))
        cls.api = naslib.get_dataset_api("nasbench101", "cifar10", atlas=cls.atlas)
        matrix, names = cell.read_text(text(CHAIN))
        cls.space = NasBench101SearchSpace()
        cls.space.set_spec({"matrix": matrix, "ops": names})
        cls.spec = api.ModelSpec(matrix, names)

    def ask(self, metric, **words):
        return self.space.query(metric, dataset_api=self.api, **words)

    def test_values(self):
        bench = self.api["nb101_data"]
        data = bench.query(self.spec)
        self.assertEqual(self.ask(Metric.VAL_ACCURACY), data["validation_accuracy"] * 100)
        self.assertEqual(self.ask(Metric.TEST_ACCURACY, epoch=4), bench.query(self.spec, 4)["test_accuracy"] * 100)
        self.assertEqual((self.ask(Metric.TRAIN_TIME), self.ask(Metric.PARAMETERS)), (54.0, 0.005))
        self.assertEqual({key: self.ask(Metric.RAW)[key] for key in ("train_accuracy", "trainable_parameters")},
                         {"train_accuracy": data["train_accuracy"], "trainable_parameters": 5000})
        curve = self.ask(Metric.VAL_ACCURACY, full_lc=True)
        told = [bench.query(self.spec, budget)["validation_accuracy"] for budget in (4, 12, 36, 108)]
        self.assertEqual(curve, [told[0]] * 4 + [told[1]] * 8 + [told[2]] * 20 + [told[3]] * 56)
        self.assertEqual(self.ask(Metric.VAL_ACCURACY, full_lc=True, epoch=30), curve[:30])

    def test_hashes(self):
        found = set()
        for one in self.space.get_arch_iterator(self.api):
            space = NasBench101SearchSpace()
            space.set_spec(one, self.api)
            self.assertEqual(space.get_spec()["matrix"].shape, (7, 7))
            self.assertEqual(api.ModelSpec(**space.get_spec()).hash_spec(), one)
            found.add(space.query(Metric.VAL_ACCURACY, dataset_api=self.api))
            again = NasBench101SearchSpace()
            again.set_spec(space.get_hash())
            self.assertEqual(again.get_hash(), space.get_hash())
        self.assertEqual(len(found), 3)
        self.assertIn(self.ask(Metric.VAL_ACCURACY), found)

    def test_refused(self):
        own = self.space.get_spec()
        known = ["RAW", "TRAIN_ACCURACY", "VAL_ACCURACY", "TEST_ACCURACY", "TRAIN_TIME", "PARAMETERS"]
        for ask, told in (
                (lambda: self.ask(Metric.VAL_LOSS), known), (lambda: self.ask(Metric.HP), known),
                (lambda: self.ask(Metric.RAW, epoch=5), [4, 12, 36, 108]),
                (lambda: self.ask(Metric.RAW, dataset="cifar100"), ["cifar10"]),
                (lambda: self.space.query(Metric.RAW), []), (lambda: self.space.mutate(self.space, None), []),
                (lambda: self.space.query(Metric.RAW, dataset_api={"nb201_data": {}}), ["nb101_data"]),
                (lambda: NasBench101SearchSpace().set_spec((1, 2)), []),
                (lambda: NasBench101SearchSpace().set_spec({"matrix": own["matrix"]}), ["matrix", "ops"]),
                (lambda: NasBench101SearchSpace().set_spec({**own, "ops": ["input", "a", "b", "output"]}),
                 list(cell.OPERATIONS)),
                (lambda: NasBench101SearchSpace().set_spec("0" * 32), []),
                (lambda: NasBench101SearchSpace().set_spec("0" * 32, self.api), [])):
            with self.assertRaises(errors.QuestionError) as caught:
                ask()
            self.assertEqual(caught.exception.known, told)
        absent = NasBench101SearchSpace()
        absent.set_spec({"matrix": [[0, 1, 0], [0, 0, 1], [0, 0, 0]], "ops": ["input", cell.OPERATIONS[2], "output"]})
        with self.assertRaises(errors.MissingValue):
            absent.query(Metric.RAW, dataset_api=self.api)
        absent.set_spec({"matrix": np.zeros((2, 2)), "ops": ["input", "output"]})
        with self.assertRaises(api.OutOfDomainError):
            absent.query(Metric.RAW, dataset_api=self.api)
        with self.assertRaisesRegex(errors.NotInSpace, "not square"):
            absent.set_spec({"matrix": [[0, 1]], "ops": ["input", "output"]})


if __name__ == "__main__":
    unittest.main()
