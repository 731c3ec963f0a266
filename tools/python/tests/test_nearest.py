"""Nearest names: what is suggested for a name that is not there."""

import pickle
import random
import unittest
from pathlib import Path
from unittest import mock

import nasatlas
from nasatlas import errors, nearest
from nasatlas.reading.nearest_texts import NearestTexts
from nasatlas.shims.nats_bench import cells

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

    def test_distances_are_those_of_the_whole_table(self):
        def whole(first, second):
            before, last = [], list(range(len(second) + 1))
            for i, one in enumerate(first):
                row = [i + 1]
                for j, other in enumerate(second):
                    row.append(min(last[j + 1] + 1, row[j] + 1, last[j] + (one != other)))
                    if i and j and one == second[j - 1] and first[i - 1] == other:
                        row[-1] = min(row[-1], before[j - 1] + 1)
                before, last = last, row
            return last[-1]

        draw = random.Random(5)
        for _ in range(3000):
            first, second = (bytes(draw.choices(b"abc", k=draw.randint(0, 8))) for _ in range(2))
            distance = whole(first, second)
            for limit in (1, 2, 3):
                self.assertEqual(nearest._distance(first, second, limit), distance if distance <= limit else None,
                                 (first, second, limit))

    def test_an_index_finds_what_ranking_every_name_finds(self):
        draw = random.Random(6)
        texts = [*cells.topology()[:700], "accuracy", "accuracy_percent", "Straße", "lat", "latency_ms", "v2:1", ""]
        index = NearestTexts(texts)
        asked = ["accuracy_fraction", "LATENCY", "latency-seconds", "la", "", "strasse", "|none~0|", "v3:1", "\u20ac"]
        for _ in range(60):
            letters = list(draw.choice(texts))
            for _ in range(draw.randint(1, 4)):
                at = draw.randrange(len(letters) + 1)
                letters[at:at + draw.randrange(2)] = draw.choice(["", "x", "n", "|"])
            asked.append("".join(letters))
        for one in asked:
            ranked = sorted((nearest.rank(one, name), name) for name in texts
                            if name != one and nearest.rank(one, name) is not None)
            self.assertEqual(index.nearest(one, 3), [name for _, name in ranked[:3]], one)
        self.assertEqual(NearestTexts([]).nearest("x", 3), [])

    def test_nothing_is_sought_before_an_error_is_read(self):
        with nasatlas.open(RELEASED) as atlas, mock.patch.object(nearest, "rank", wraps=nearest.rank) as rank:
            for ask in (lambda: atlas.index(atlas.architectures[5][:-1]), lambda: atlas.lookup(dataset="cifar-10")):
                with self.assertRaises(errors.QuestionError) as caught:
                    ask()
                self.assertFalse(rank.called)
                again = pickle.loads(pickle.dumps(caught.exception))
                self.assertTrue(rank.called)
                for name in ("message", "known", "remedy", "code"):
                    self.assertEqual(getattr(again, name), getattr(caught.exception, name))
                self.assertEqual(str(again), str(caught.exception))
                self.assertEqual(repr(again), f"{type(again).__name__}({again.message!r})")
                rank.reset_mock()
            with self.assertRaises(errors.UnknownArchitecture) as caught:
                atlas.index(atlas.architectures[5][:-1])
            self.assertEqual(caught.exception.known[0], atlas.architectures[5])

    def test_questions(self):
        with nasatlas.open(RELEASED) as atlas:
            for words, said in (({"dataset": "cifar-10"}, r"unknown dataset cifar-10 \(did you mean cifar10\?\)"),
                                ({"metric": "accuracy"}, r"\(did you mean accuracy_percent\?\); known: accuracy_perc"),
                                ({"protocol": "nasbench201"}, r"\(did you mean nasbench201-200\?\)"),
                                ({"split": "x-valid"}, r"no split x-valid \(called validation here\); known: valid"),
                                ({"split": "test"},
                                 "^accuracy_percent on cifar10 has no split test; known: validation$")):
                with self.assertRaises(errors.UnknownName) as caught:
                    atlas.lookup(**{"dataset": "cifar10", **words})
                self.assertRegex(caught.exception.message, said)
            with self.assertRaisesRegex(errors.UnknownName, r"unknown space nasbench-201 \(did you mean nasbench201"):
                atlas.space("nasbench-201")


if __name__ == "__main__":
    unittest.main()
