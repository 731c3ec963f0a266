"""Nearest names: what is suggested for a name that is not there."""

import unittest
from pathlib import Path

import nasatlas
from nasatlas import errors, nearest

RELEASED = Path(__file__).resolve().parents[3] / "data" / "nasbench201.atlas"


class Nearest(unittest.TestCase):
    def test_ranks(self):
        for asked, name, rank in (
                ("CIFAR10", "cifar10", 0), ("accuracy", "accuracy_percent", 1), ("latency_ms", "latency_seconds", 1),
                ("cifar10", "cifar10-valid", 2), ("cifar", "cifar10", 2), ("cifar1", "cifar10", 3),
                ("cifar10", "cifar100", 3), ("accurcay", "accuracy", 3), ("toysat", "toyset", 3),
                ("acc", "accuracy", 6),
                ("ac", "accuracy", None), ("loss", "accuracy", None), ("svhn", "cifar10", None)):
            self.assertEqual(nearest.rank(asked, name), rank, (asked, name))
        self.assertEqual(nearest.nearest("cifar-10", ["cifar100", "cifar10"]), "cifar10")
        self.assertIsNone(nearest.nearest("x", []))

    def test_questions(self):
        with nasatlas.open(RELEASED) as atlas:
            for words, said in (({"dataset": "cifar-10"}, r"no dataset cifar-10 here \(did you mean cifar10\?\)"),
                                ({"metric": "accuracy"}, r"\(did you mean accuracy_percent\?\); known: accuracy_perc"),
                                ({"protocol": "nasbench201"}, r"\(did you mean nasbench201-200\?\)"),
                                ({"split": "x-valid"}, r"no split x-valid \(called validation here\); known: valid"),
                                ({"split": "test"},
                                 "^accuracy_percent on cifar10 has no split test; known: validation$")):
                with self.assertRaises(errors.UnknownName) as caught:
                    atlas.lookup(**{"dataset": "cifar10", **words})
                self.assertRegex(caught.exception.message, said)
            with self.assertRaisesRegex(errors.UnknownName, r"no space nasbench-201 here \(did you mean nasbench201"):
                atlas.space("nasbench-201")


if __name__ == "__main__":
    unittest.main()
