"""A table of hyperparameters drawn at random: a grid with ranges, in Python and in the program."""

import json
import math
import random
import subprocess
import tempfile
import unittest
import urllib.parse
import urllib.request
from pathlib import Path

import nasatlas
import numpy as np
from made_up_atlas import PROGRAM, REASON, ask
from nasatlas import Metric, Range, errors, spaces
from nasatlas.cells import TableError
from nasatlas.importing.entries import Parameter, SpaceCard
from served import Served

RANGES = {"lr": Range(1e-4, 1e-1, "log"), "width": Range(64, 1024, "log", whole=True), "dropout": Range(0, 1)}
ACCURACY = {"acc": Metric("accuracy_percent", "percent", True)}


def rows(count=200):
    """Accuracies are best at lr = 0.003 and width = 256, whatever the dropout is."""
    drawn = random.Random(1)
    for _ in range(count):
        one = {"lr": float(f"{10 ** drawn.uniform(-4, -1):.5g}"), "width": round(2 ** drawn.uniform(6, 10)),
               "dropout": round(drawn.random(), 4), "act": drawn.choice(["relu", "gelu"])}
        yield {**one, "acc": 90 - 5 * abs(math.log10(one["lr"] / 0.003)) - abs(math.log2(one["width"] / 256))}


@unittest.skipIf(PROGRAM is None, REASON)
class Points(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.path = str(cls.folder / "drawn.atlas")
        cls.atlas = nasatlas.write_table(list(rows()), cls.path, architecture=["lr", "width", "dropout", "act"],
                                         metrics=ACCURACY, ranges=RANGES)
        cls.addClassCleanup(cls.atlas.close)
        subprocess.run([PROGRAM, "fit", cls.path], check=True, capture_output=True)

    def test_the_space_has_the_ranges(self):
        space = self.atlas.space()
        self.assertEqual({one.name: one.range for one in space.parameters}, {**RANGES, "act": None})
        self.assertEqual((space.kind, space.size, space.encodings), ("grid", None, ("scaled",)))
        self.assertIn("uncounted", repr(space))
        drawn = space.sample(50, seed=3)
        self.assertEqual([space.canonical(one.upper()) for one in drawn], drawn)
        self.assertTrue(all(1e-4 <= space.parse(one)["lr"] <= 0.1 for one in drawn))

    def test_neighbors_are_the_nearest_points(self):
        space, texts = self.atlas.space(), list(self.atlas.architectures)
        points = np.array([space.encode(text) for text in texts])
        served = Served(self.path)
        self.addCleanup(served.stop)
        with nasatlas.connect(served.address) as remote:
            for text in (texts[0], texts[77], "lr=0.1,width=64,dropout=0,act=gelu"):
                distances = np.sqrt(((points - space.encode(text)) ** 2).sum(axis=1))
                expected = [one for _, one in sorted(zip(distances, texts)) if one != text][:8]
                near = self.atlas.neighbors(text)
                self.assertEqual({one.architecture for one in near}, set(expected))
                self.assertEqual(sorted((one.value for one in near), reverse=True), [one.value for one in near])
                told, fault = ask("neighbors", self.path, "-a", text, "--json")
                self.assertIsNone(fault)
                self.assertEqual([one["architecture"]["canonicalText"] for one in told["places"]],
                                 [one.architecture for one in near])
                self.assertEqual([(one.architecture, one.value) for one in remote.neighbors(text)],
                                 [(one.architecture, one.value) for one in near])
            query = urllib.parse.urlencode({"a": texts[0]})
            with urllib.request.urlopen(f"{served.address}/atlases/drawn/architecture?{query}") as page:
                self.assertIn("The 8 points of the atlas that are nearest", page.read().decode())

    def test_any_point_is_predicted(self):
        with nasatlas.open(self.path) as atlas:
            found = atlas.predict(["lr=3e-3,width=256,dropout=0.5,act=relu", "lr=0.1,width=64,dropout=0.5,act=relu"])
        self.assertLess(abs(found.predictions[0] - 90), 1)
        self.assertLess(abs(found.predictions[1] - 80.4), 2)
        self.assertTrue((found.deviations > 0).all())

    def test_scikit_learn_sees_the_numbers(self):
        from nasatlas.adapters.sklearn import arrays
        from nasatlas.adapters.task import Task
        data = arrays(self.atlas)
        self.assertEqual((data.X.shape, data.columns[0]), ((len(self.atlas.architectures), 5), "scaled_0"))
        for row, text in zip(data.X[:5], data.architectures):
            self.assertEqual(row.tolist(), self.atlas.space().encode(text).tolist())
        # A framework would choose points that the atlas lacks.
        with self.assertRaisesRegex(errors.UnsupportedSpace, "has numbers from ranges"):
            Task(self.atlas)

    def test_filters_compare_numbers(self):
        found = self.atlas.top(200, where="lr < 0.001 and act = gelu")
        expected = [one for one in rows() if one["lr"] < 0.001 and one["act"] == "gelu"]
        self.assertEqual(len(found), len(expected))
        told, fault = ask("top", self.path, "--count", "200", "--where", "lr < 0.001 and act = gelu", "--json")
        self.assertIsNone(fault)
        self.assertEqual(len(told["places"]), len(expected))

    def test_a_misspelled_value_is_an_error(self):
        with self.assertRaisesRegex(errors.FilterError, r"act is never 'rleu' \(did you mean relu\?\); known: gelu, relu"):
            self.atlas.top(1, where="act = rleu")
        told, fault = ask("top", self.path, "--where", "act = rleu", "--json")
        self.assertIsNone(told)
        self.assertEqual(fault["code"], "benchmarks.filter_unknown_value")

    def test_points_outside_are_refused(self):
        for text in ("lr=0.2,width=64,dropout=0,act=relu", "lr=0.01,width=64.5,dropout=0,act=relu",
                     "lr=nan,width=64,dropout=0,act=relu", "lr=0.01,width=64,dropout=0", "lr=1,lr=1"):
            with self.assertRaises(errors.NotInSpace):
                self.atlas.space().canonical(text)
        with self.assertRaisesRegex(errors.NotInSpace, "lr cannot be 0.5; allowed: 0.0001 to 0.1"):
            self.atlas.space().text({"lr": 0.5, "width": 64, "dropout": 0, "act": "relu"})
        with self.assertRaisesRegex(errors.UnsupportedSpace, "has numbers from ranges"):
            self.atlas.space().require_choices()

    def write(self, table, columns, **more):
        return nasatlas.write_table(table, self.folder / "other.atlas", architecture=columns, metrics=ACCURACY,
                                    replace=True, **more)

    def test_columns_with_many_numbers_are_ranges(self):
        table = [{**one, "layers": number % 4} for number, one in enumerate(rows())]
        with self.write(table, ["lr", "width", "dropout", "layers"]) as atlas:
            found = {one.name: one for one in atlas.space().parameters}
        lr, width = [one["lr"] for one in table], [one["width"] for one in table]
        self.assertEqual(found["lr"].range, Range(min(lr), max(lr), "log"))
        self.assertEqual(found["width"].range, Range(min(width), max(width), "linear", whole=True))
        self.assertEqual(found["layers"].values, (0, 1, 2, 3))

    def test_a_card_may_have_ranges(self):
        card = SpaceCard("mine", "grid", "Mine", parameters=[
            Parameter.of("lr", RANGES["lr"]), Parameter("act", "categorical", ["relu", "gelu", "tanh"])])
        with self.write(list(rows(5)), ["lr", "act"], space=card) as atlas:
            self.assertEqual(atlas.space().parameters[0].range, RANGES["lr"])
            self.assertEqual(len(atlas.space().parameters[1].values), 3)

    def test_mistakes_in_ranges(self):
        table = list(rows(5))
        for ranges in ({"lr": (0, 1)}, {"rate": RANGES["lr"]}, [RANGES["lr"]]):
            with self.assertRaises(errors.WrongArgument):
                self.write(table, ["lr"], ranges=ranges)
        with self.assertRaisesRegex(errors.WrongArgument, "both say"):
            self.write(table, ["lr"], ranges={"lr": RANGES["lr"]}, space=SpaceCard("x", "grid", "X"))
        with self.assertRaisesRegex(TableError, "row 1: lr cannot be .*; allowed: 0.5 to 1"):
            self.write(table, ["lr"], ranges={"lr": Range(0.5, 1)})
        for ends in ((1, 0), (0, 1, "log"), (0, math.inf), (0.5, 2, "linear", True), (0, 1, "cube"), ("0", "1")):
            with self.assertRaises(errors.WrongArgument):
                Range(*ends)

    def test_the_program_refuses_what_is_no_range(self):
        line = {"space": {"name": "points", "kind": "grid", "parameters": [
            {"name": "lr", "kind": "real", "range": {"minimum": 1, "maximum": 0}}]}}
        file = self.folder / "wrong.ndjson"
        file.write_text(json.dumps(line) + "\n")
        told, fault = ask("ingest", str(file), "--into", str(self.folder / "wrong.sqlite"))
        self.assertIsNone(told)
        self.assertIn("lr", fault["message"])


class Ranges(unittest.TestCase):
    def test_positions_and_numbers(self):
        lr = RANGES["lr"]
        self.assertEqual((lr.position(1e-4), lr.position(0.1), lr.number(0), lr.number(1)), (0, 1, 1e-4, 0.1))
        self.assertAlmostEqual(lr.position(1e-2), 2 / 3)
        self.assertEqual(lr.number(1 / 3), 0.001)
        self.assertEqual(RANGES["dropout"].number(1 / 3), 0.33333)
        self.assertEqual(RANGES["width"].number(0.5), 256)

    def test_a_space_with_whole_numbers_is_counted(self):
        card = {"kind": "grid", "parameters": [
            {"name": "width", "kind": "integer", "range": {"minimum": 1, "maximum": 100}},
            {"name": "act", "kind": "categorical", "values": ["relu", "gelu"]}]}
        self.assertEqual(spaces.space("mine", card).size, 200)


if __name__ == "__main__":
    unittest.main()
