"""Predictions of one's own for exported splits, alone and with the real nasatlas program."""

import csv
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from nasatlas import evaluate

PROGRAM = os.environ.get("NASATLAS")
ATLAS = Path(__file__).parents[3] / "data" / "nasbench201.atlas"

SPLITS = """trial,train_size,part,architecture,value
0,2,train,"a,b",1.5
0,2,train,bb,2
0,2,test,ccc,
0,2,test,"d,d",
1,2,train,bb,2
1,2,train,ccc,3
1,2,test,"a,b",
1,2,test,"d,d",
"""


def why_not():
    """Why the test with the program is skipped; None where it can run."""
    if not PROGRAM:
        return "NASATLAS does not name the nasatlas program; tools/test sets it"
    return None if ATLAS.exists() else f"{ATLAS} is not there"


def fit_lengths(architectures, values):
    """A line through lengths of texts and values, by least squares."""
    lengths = [len(text) for text in architectures]
    centre, mean = sum(lengths) / len(lengths), sum(values) / len(values)
    spread = sum((length - centre) ** 2 for length in lengths)
    covariance = sum((length - centre) * (value - mean) for length, value in zip(lengths, values))
    return centre, mean, covariance / spread if spread else 0


def predict_lengths(model, architectures):
    centre, mean, slope = model
    return [mean + slope * (len(text) - centre) for text in architectures]


class Splits(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.splits = Path(folder.name, "splits.csv")
        self.predictions = Path(folder.name, "mine.csv")
        self.splits.write_text(SPLITS, encoding="utf-8")

    def rows(self):
        with open(self.predictions, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def test_splits_are_read(self):
        first, second = evaluate.read_splits(self.splits)
        self.assertEqual(first, evaluate.Split(0, 2, ["a,b", "bb"], [1.5, 2.0], ["ccc", "d,d"]))
        self.assertEqual((second.trial, second.train, second.values), (1, ["bb", "ccc"], [2.0, 3.0]))

    def test_each_split_is_predicted_by_its_own_fit(self):
        ticks = iter(range(100))
        count = evaluate.predict_splits(
            self.splits, self.predictions, fit_lengths, predict_lengths, clock=lambda: float(next(ticks)))
        rows = self.rows()
        self.assertEqual((count, len(rows)), (2, 4))
        self.assertEqual(list(rows[0]), evaluate.COLUMNS)
        self.assertEqual([row["architecture"] for row in rows], ["ccc", "d,d", "a,b", "d,d"])
        self.assertEqual([float(row["prediction"]) for row in rows], [1.5, 1.5, 3.0, 3.0])
        self.assertTrue(all(row["sd"] == "" and row["fit_seconds"] == "1.0" for row in rows))
        self.assertTrue(all(row["query_seconds"] == "0.5" for row in rows))

    def test_deviations_are_written(self):
        evaluate.predict_splits(
            self.splits, self.predictions, fit_lengths,
            lambda model, texts: (predict_lengths(model, texts), [0.25] * len(texts)))
        self.assertEqual({row["sd"] for row in self.rows()}, {"0.25"})

    def test_wrong_predictions_leave_no_file(self):
        for answer in ([1.0], [1.0, float("nan")], ([1.0, 2.0], [1.0, -1.0]), ([1.0, 2.0], [1.0])):
            with self.assertRaisesRegex(evaluate.SplitsError, "trial 0, train size 2"):
                evaluate.predict_splits(self.splits, self.predictions, fit_lengths, lambda *_, answer=answer: answer)
            self.assertEqual(list(self.predictions.parent.iterdir()), [self.splits])

    def test_wrong_splits_are_told_with_their_line(self):
        for text, message in [
            ("", "line 1: the columns"), (SPLITS.splitlines()[0] + "\n", "no splits"),
            (SPLITS + "1,2,test\n", "line 10: 3 fields"), (SPLITS + "1,x,test,e,\n", "line 10: invalid literal"),
            (SPLITS + "1,2,train,e,\n", "line 10: could not convert"), (SPLITS + "1,2,new,e,\n", "line 10: part is 'new'"),
        ]:
            self.splits.write_text(text, encoding="utf-8")
            with self.assertRaisesRegex(evaluate.SplitsError, message):
                list(evaluate.read_splits(self.splits))


@unittest.skipIf(why_not(), why_not())
class WithTheProgram(unittest.TestCase):
    def test_predictions_come_back_as_a_row_of_the_table(self):
        with tempfile.TemporaryDirectory() as folder:
            splits, mine = Path(folder, "splits.csv"), Path(folder, "mine.csv")
            command = [PROGRAM, "evaluate", "predictors", ATLAS, "--dataset", "cifar10", "--trials", "2",
                       "--train-size", "24"]
            subprocess.run([*command, "--export-splits", splits], check=True, capture_output=True)

            def fit(texts, values):
                weights = {name: i for i, name in enumerate(("none", "skip", "pool", "conv_1x1", "conv_3x3"))}
                score = lambda text: sum(weight * text.count(name) for name, weight in weights.items())
                return score, fit_lengths(["x" * score(text) for text in texts], values)

            def predict(model, texts):
                score, line = model
                return predict_lengths(line, ["x" * score(text) for text in texts])

            self.assertEqual(evaluate.predict_splits(splits, mine, fit, predict), 2)
            done = subprocess.run([*command, "--predictions", f"{mine}:counts", "--format", "csv"], check=True,
                                  capture_output=True, text=True)
            rows = list(csv.DictReader(done.stdout.splitlines()))
            self.assertEqual([(row["predictor"], row["trial"]) for row in rows], [("counts", "0"), ("counts", "1")])
            self.assertTrue(all(float(row["kendall"]) > 0.2 and float(row["fit_seconds"]) > 0 for row in rows))


if __name__ == "__main__":
    unittest.main()
