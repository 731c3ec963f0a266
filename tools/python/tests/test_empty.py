"""Questions that nothing in an atlas answers are refused with what exists; an empty answer is no answer."""

import tempfile
import unittest
from pathlib import Path

import nasatlas
import numpy as np
from connecting import OverHTTP
from made_up_atlas import PROGRAM, REASON, Shared, publish
from nasatlas import errors
from nasatlas.adapters.sklearn import arrays
from nasatlas.importing.entries import (
    Curve, DatasetCard, MetricCard, Parameter, ProtocolCard, Run, SourceCard, SpaceCard)

RELEASED = Path(__file__).resolve().parents[3] / "data" / "nasbench201.atlas"
FIRST = {"dataset": "first", "protocol": "twelve"}


def unfinished():
    """Two runs, and none that completed."""
    yield SourceCard("made-up", "Made-up runs", "made for tests", license="CC0", citation="Nobody: Made up")
    yield SpaceCard("line", "grid", "A line", parameters=[Parameter("a", "ordinal", [1, 2])])
    yield MetricCard("accuracy", "fraction", True, "share of correct answers")
    yield DatasetCard("data", "Data", "classification", "made up", "accuracy")
    yield ProtocolCard("three", {"epochs": 3})
    for number, status in ((1, "failed"), (2, "diverged")):
        yield Run("line", f"a={number}", "data", "three", 7, "made-up", [Curve("accuracy", "validation", [0.5])],
                  status=status)


class Empty(unittest.TestCase):
    def refused(self, ask, kind, code, known, said):
        with self.assertRaises(errors.QuestionError) as caught:
            ask()
        error = caught.exception
        self.assertEqual((type(error), error.code, error.known), (kind, code, known), error)
        self.assertRegex(error.message, said)
        self.assertTrue(error.remedy)

    def everything(self, atlas, question, *expected):
        """All that speaks of every architecture refuses in the same words."""
        lookup = atlas.lookup(**question)
        for ask in (lookup.values, lambda: lookup.values([0, 1]), lambda: lookup.values(np.array([1])),
                    lambda: atlas.top(**question), lambda: atlas.top(0, **question),
                    lambda: arrays(atlas, **question)):
            self.refused(ask, *expected)
        if "seed" not in question:
            self.refused(lookup.run_values, *expected)

    def test_the_released_atlas(self):
        """Final values of epoch 200: `values` of epoch 12 were 15,625 times NaN, and `top` had no entry."""
        with nasatlas.open(RELEASED) as atlas:
            cell = atlas.top(1, dataset="cifar10")[0].architecture
            for question, *expected in (
                    ({"epoch": 12}, errors.MissingValue, "benchmarks.unknown_epoch", [200],
                     "cifar10 under nasbench201-200 has no value of epoch 12; it has 200"),
                    ({"epoch": "best-so-far:199"}, errors.MissingValue, "benchmarks.unknown_epoch", [200],
                     "no value of epoch 199; it has 200"),
                    ({"seed": 777}, errors.UnknownName, "benchmarks.unknown_seed",
                     ["unnamed-1", "unnamed-2", "unnamed-3"], "unknown seed 777; known: unnamed-1"),
                    ({"seed": "unnamed-4"}, errors.UnknownName, "benchmarks.unknown_seed",
                     ["unnamed-1", "unnamed-2", "unnamed-3"], "unknown seed unnamed-4"),
                    ({"seed": "unnamed-2", "epoch": 12}, errors.MissingValue, "benchmarks.unknown_epoch", [200],
                     "seed unnamed-2 of cifar10 .* has no value of epoch 12")):
                with self.subTest(**question):
                    self.everything(atlas, {"dataset": "cifar10", **question}, *expected)
                    self.refused(lambda: atlas.query(cell, dataset="cifar10", **question), *expected[:3], "no")
            for ask in (atlas.lookup, atlas.top, lambda **words: atlas.query(cell, **words)):
                self.refused(lambda ask=ask: ask(dataset="cifar10", epoch="best-so-far:300"), errors.MissingValue,
                             "benchmarks.unknown_epoch", [200], "has no value of epoch 300; it has 200")
            self.refused(lambda: atlas.top(dataset="cifar10", seed="unnamed-2", where="seed = 'unnamed-1'"),
                         errors.MissingValue, "benchmarks.no_run_passes",
                         ["runs of seed unnamed-2", "seed 'unnamed-2'"], "runs of seed unnamed-2")
            self.refused(lambda: atlas.curve(cell, dataset="cifar10", epoch=12), errors.MissingValue,
                         "benchmarks.unknown_epoch", [200], "has no value of epoch 12; it has 200")
            self.refused(lambda: atlas.curve(cell, dataset="cifar10", seed=777), errors.UnknownName,
                         "benchmarks.unknown_seed", ["unnamed-1", "unnamed-2", "unnamed-3"], "unknown seed 777")
            for ask in (atlas.top, lambda **words: atlas.lookup(**words).values(),
                        lambda **words: atlas.curve(cell, **words)):
                self.refused(lambda ask=ask: ask(dataset="cifar10", split="test"), errors.UnknownName,
                             "benchmarks.unknown_split", ["validation"], "on cifar10 has no split test; known: val")

    @unittest.skipUnless(PROGRAM, REASON)
    def test_curves(self):
        with nasatlas.open(Shared.atlas()) as atlas:
            self.everything(atlas, {**FIRST, "epoch": 13}, errors.MissingValue, "benchmarks.unknown_epoch",
                            list(range(1, 13)), "it has 1 to 12")
            self.everything(atlas, {"dataset": "apart", "seed": 4}, errors.UnknownName, "benchmarks.unknown_seed",
                            [1, 2, 3], "known: 1, 2, 3")
            self.everything(atlas, {"dataset": "first", "protocol": "listed", "epoch": 11}, errors.MissingValue,
                            "benchmarks.unknown_epoch", [10, 50, 200], "it has 10, 50, 200")
            # Where some have a value, the others are NaN.
            values = atlas.lookup(**FIRST, seed="unnamed-2").values()
            self.assertTrue(np.isnan(values).any() and not np.isnan(values).all())
            self.assertTrue(np.isnan(atlas.lookup(**FIRST, seed="unnamed-2").values([0])).all())
            self.assertEqual(atlas.curve("a=2,b=x", **FIRST, epoch=12).positions.tolist(), list(range(1, 13)))

    @unittest.skipUnless(PROGRAM, REASON)
    def test_nothing_was_completed(self):
        with tempfile.TemporaryDirectory() as folder, \
                nasatlas.open(publish(folder, unfinished(), "unfinished")) as atlas:
            lookup = atlas.lookup()
            for ask in (lookup.values, atlas.top):
                self.refused(ask, errors.MissingValue, "benchmarks.no_completed_run", ["diverged", "failed"],
                             "no run on data under three was completed")
            self.assertEqual(atlas.lookup(seed=7).values().tolist(), [0.5, 0.5])


class Served(OverHTTP):
    def test_the_same_over_http(self):
        remote, local = self.pair("nasbench201")
        for word, value in (("epoch", 12), ("seed", 777), ("epoch", "best-so-far:199")):
            question = {"dataset": "cifar10", word: value}
            asks = {"values": lambda atlas: atlas.lookup(**question).values(),
                    "places": lambda atlas: atlas.lookup(**question).values([1, 2]),
                    "texts": lambda atlas: atlas.lookup(**question).values(local.architectures[:3]),
                    "top": lambda atlas: atlas.top(**question), "many": lambda atlas: atlas.top(2000, **question),
                    "curve": lambda atlas: atlas.curve(local.architectures[0], **question)}
            if value == "best-so-far:199":
                del asks["curve"]
            for name, ask in asks.items():
                for atlas in (remote, local):
                    with self.subTest(name=name, atlas=atlas, **question), self.assertRaises(errors.QuestionError):
                        ask(atlas)


if __name__ == "__main__":
    unittest.main()
