"""Atlases as arrays of scikit-learn."""

import importlib.util
import tempfile
import unittest
from pathlib import Path

import guide
import nasatlas
import numpy as np
from guide import ATLAS
from made_up_atlas import ARCHITECTURES, PROGRAM, REASON, Shared
from nasatlas import errors
from nasatlas.adapters.sklearn import arrays

ABSENT = "scikit-learn is not installed; tests/requirements-peers.txt pins it"


@unittest.skipUnless(importlib.util.find_spec("sklearn"), ABSENT)
class Estimators(unittest.TestCase):
    def test_the_example_of_the_guide(self):
        names = guide.run("from sklearn")
        self.assertEqual(names["scores"].shape, (5,))
        self.assertGreater(names["scores"].min(), 0.5)

    def test_twenty_predictions_of_what_it_has_seen(self):
        from sklearn.neighbors import KNeighborsRegressor
        for encoding in ("one-hot", "ordinal", "scaled", "path"):
            data = arrays(ATLAS, encoding, dataset="cifar100")
            model = KNeighborsRegressor(n_neighbors=1).fit(data.X, data.y)
            rows = np.random.default_rng(3).choice(len(data.y), 20, replace=False)
            with nasatlas.open(ATLAS) as atlas:
                values = [atlas.query(data.ids[row], dataset="cifar100").value for row in rows]
            self.assertEqual(model.predict(data.X[rows]).tolist(), values)
            self.assertGreater(len(set(values)), 10)

    def test_runs_of_an_architecture_stay_together(self):
        from sklearn.model_selection import GroupKFold
        data = arrays(ATLAS, dataset="cifar10", seed="all")
        self.assertGreater(len(data.y), len(set(data.groups.tolist())))
        for learned, tested in GroupKFold(4).split(data.X, data.y, data.groups):
            self.assertFalse(set(data.groups[learned].tolist()) & set(data.groups[tested].tolist()))


class Rows(unittest.TestCase):
    def test_every_row_is_its_architecture(self):
        with nasatlas.open(ATLAS) as atlas:
            data = arrays(atlas, dataset="cifar10")
            space = atlas.space()
            self.assertEqual((data.X.shape, data.target), ((15_625, 30), "validation_accuracy_percent"))
            self.assertEqual(data.columns, space.slots)
            self.assertEqual(data.y.tolist(), atlas.lookup(dataset="cifar10").values().tolist())
            self.assertEqual(data.architectures, list(atlas.architectures))
            for row in (0, 4711, 15_624):
                self.assertEqual(data.X[row].tolist(), space.one_hot(data.architectures[row]).tolist())
                self.assertEqual(data.ids[row], atlas.architecture_id(data.groups[row]))

    @unittest.skipUnless(PROGRAM, REASON)
    def test_a_grid_with_odd_runs(self):
        with nasatlas.open(Shared.atlas()) as atlas:
            question = {"dataset": "first", "protocol": "twelve", "epoch": "last"}
            scaled, places = (arrays(atlas, encoding, **question) for encoding in ("scaled", "ordinal"))
            self.assertEqual((scaled.columns, places.columns), (["a", "b=x", "b=y", "b=z"], ["a", "b"]))
            # Architectures 0, 5 and 6 lack completed runs or have them, as their other seeds tell.
            known = [text for text in ARCHITECTURES if not np.isnan(atlas.lookup(**question).values([text])[0])]
            self.assertEqual(scaled.architectures, known)
            self.assertLess(len(known), len(ARCHITECTURES))
            for text, one, other in zip(known, scaled.X.tolist(), places.X.tolist()):
                choices = atlas.space().parse(text)
                self.assertEqual(other, [choices["a"] - 1, "xyz".index(choices["b"])])
                self.assertEqual(one, [(choices["a"] - 1) / 7, *(float(choices["b"] == word) for word in "xyz")])

    @unittest.skipUnless(PROGRAM, REASON)
    def test_encodings_of_a_space_without_independent_choices(self):
        texts = ["v2:1", "v3:1/2:maxpool", "v4:1.2/3/3:conv3x3,conv1x1"]
        with tempfile.TemporaryDirectory() as folder:
            path = nasatlas.write_table(
                {"cell": texts, "acc": [0.5, 0.6, 0.7]}, Path(folder, "cells.atlas"), architecture="cell",
                space="nasbench101", metrics={"acc": nasatlas.Metric("accuracy", "fraction", True)}).path
            with nasatlas.open(path) as atlas:
                for encoding, first in ((None, "adjacency_0"), ("path", "path_0")):
                    data = arrays(atlas, encoding)
                    self.assertEqual(data.columns[0], first)
                    for row, text in zip(data.X, data.architectures):
                        self.assertEqual(row.tolist(), atlas.space().encode(text, encoding).tolist())
                self.assertEqual(sorted(data.y.tolist()), [0.5, 0.6, 0.7])
                with self.assertRaisesRegex(errors.UnknownName, "known: adjacency, categorical"):
                    arrays(atlas, "one-hot")

    @unittest.skipUnless(PROGRAM, REASON)
    def test_runs_are_those_that_the_mean_is_over(self):
        with nasatlas.open(Shared.atlas()) as atlas:
            for question in ({"dataset": "first", "protocol": "twelve", "epoch": 4}, {"dataset": "second"}):
                runs, means = arrays(atlas, seed="all", **question), arrays(atlas, **question)
                self.assertEqual(sorted(set(runs.groups.tolist())), means.groups.tolist())
                for group, mean in zip(means.groups, means.y):
                    self.assertAlmostEqual(runs.y[runs.groups == group].mean(), mean, places=12)

    def test_what_is_not_there_is_an_error(self):
        with self.assertRaisesRegex(errors.UnknownName, "known: one-hot, ordinal, scaled, adjacency, path"):
            arrays(ATLAS, "places", dataset="cifar10")
        for seed in ("mean", "all"):
            with self.assertRaisesRegex(errors.MissingValue, "no value of epoch 12; it has 200"):
                arrays(ATLAS, dataset="cifar10", epoch=12, seed=seed)
        with self.assertRaisesRegex(errors.AmbiguousQuestion, "cifar100"):
            arrays(ATLAS)


if __name__ == "__main__":
    unittest.main()
