"""The axis of curves: epochs, steps, seconds and shares, in process, over HTTP, in tables and in notebooks."""

import json
import tempfile
import unittest
import unittest.mock
from pathlib import Path

import nasatlas
import numpy as np
from made_up_atlas import PROGRAM, REASON, ask, publish
from nasatlas import Fidelity, Metric, display, errors
from nasatlas.importing.entries import (
    Curve, DatasetCard, MetricCard, Parameter, ProtocolCard, Run, SourceCard, SpaceCard)
from served import Served
from test_own_tables import InAFolder

AXES = {"plain": None, "steps": Fidelity("step", "step"),
        "shares": Fidelity("data_share", "share of the rows", (0.1, 0.5, 1))}
POSITIONS = {"plain": None, "steps": [50, 100, 250], "shares": None}
TEXT = "width=2"


def entries():
    yield SourceCard("made-up", "Made-up runs", "made for tests", license="CC0", citation="Nobody: Made up")
    yield SpaceCard("tiny", "grid", "A tiny grid", parameters=[Parameter("width", "ordinal", [1, 2, 3])])
    yield MetricCard("perplexity", "1", False, "exponential of the mean cross-entropy")
    yield DatasetCard("words", "Words", "language_modeling", "made up", "perplexity", source="made up", license="CC0",
                      citation="Nobody")
    for name, axis in AXES.items():
        yield ProtocolCard(name, {"lr": 0.1, "called": name}, axis)
        for width in (1, 2, 3):
            yield Run("tiny", f"width={width}", "words", name, 1, "made-up", [
                Curve("perplexity", "validation", [90.0 / width, 60.0 / width, 30.0 / width], at=POSITIONS[name])])


@unittest.skipIf(PROGRAM is None, REASON)
class Axes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.path = publish(cls.folder.name, entries())
        cls.atlas = nasatlas.open(cls.path)
        cls.addClassCleanup(cls.atlas.close)

    def each(self):
        """The atlas in process and over HTTP."""
        yield self.atlas
        server = Served(self.path)
        try:
            with nasatlas.connect(server.address) as remote:
                yield remote
        finally:
            server.stop()

    def test_cards_answers_and_curves_name_the_axis(self):
        for atlas in self.each():
            by_protocol = {one.protocol: one.fidelity for one in atlas.settings}
            self.assertEqual(by_protocol, {name: axis or Fidelity("epoch", "epoch") for name, axis in AXES.items()})
            self.assertEqual({atlas.fidelities[one.protocol_digest] for one in atlas.settings},
                             set(by_protocol.values()))
            for name, axis in by_protocol.items():
                curve = atlas.curve(TEXT, protocol=name)
                self.assertEqual((curve.fidelity, curve.positions.tolist()), (axis, POSITIONS[name] or [1, 2, 3]))
                self.assertEqual(curve.mean.tolist(), [45.0, 30.0, 15.0])
                answer = atlas.query(TEXT, protocol=name, epoch="last")
                self.assertEqual((answer.value, answer.context.fidelity), (15.0, axis))
                self.assertEqual(json.loads(json.dumps(answer.to_dict()))["fidelity"], axis.value())
            self.assertEqual(atlas.curve(TEXT, protocol="shares").levels.tolist(), [0.1, 0.5, 1])
            self.assertEqual(atlas.query(TEXT, protocol="steps", epoch=100).value, 30.0)

    def test_the_program_says_the_same(self):
        for name, axis in AXES.items():
            told, _ = ask("query", self.path, "-a", TEXT, "--protocol", name)
            self.assertEqual(told["answers"][0]["context"].get("fidelity"), None if axis is None else axis.value())

    def test_protocols_of_several_axes_are_not_mixed(self):
        with self.assertRaisesRegex(errors.AmbiguousQuestion, "several axes .*step.*data_share"):
            self.atlas.across_protocols(100)

    def test_notebooks(self):
        curve = self.atlas.curve(TEXT, protocol="shares")
        self.assertIn("data share (share of the rows)", self.atlas._repr_html_())
        with unittest.mock.patch.object(display.plot, "svg", side_effect=errors.MissingPackage("no package")):
            self.assertIn("<th>data share</th>", curve._repr_html_())
            self.assertIn("<td>2 (0.5 share of the rows)</td>", curve._repr_html_())
        drawn = []
        with unittest.mock.patch.object(display.plot, "svg", side_effect=lambda chart: drawn.append(chart) or "<svg/>"):
            curve._repr_html_()
        self.assertEqual(drawn[0]["encoding"]["x"]["title"], "data share (share of the rows)")
        self.assertEqual([one["position"] for one in drawn[0]["data"]["values"]], [0.1, 0.5, 1])
        self.assertIn("<th>step</th>", self.atlas.query(TEXT, protocol="steps")._repr_html_())
        self.assertIn("step, in step", self.atlas.lookup(protocol="steps")._repr_html_())

    def test_parquet(self):
        try:
            from pyarrow import parquet
        except ImportError as error:
            self.skipTest(str(error))
        path = Path(self.folder.name, "curves.parquet")
        for atlas in self.each():
            for name, axis in AXES.items():
                atlas.to_parquet(path, protocol=name, curves=True)
                read = parquet.read_table(path)
                self.assertEqual("perplexity.validation.at" in read.column_names, POSITIONS[name] is not None)
                if POSITIONS[name]:
                    self.assertEqual(read["perplexity.validation.at"].to_pylist(), [POSITIONS[name]] * 3)
                self.assertEqual(json.loads(read.schema.metadata[b"nasatlas.fidelity"]),
                                 (axis or Fidelity("epoch", "epoch")).value())
                np.testing.assert_array_equal(read["perplexity.validation"].to_numpy(), [30.0, 15.0, 10.0])


@unittest.skipIf(PROGRAM is None, REASON)
class Written(InAFolder):
    """Axes that `write_table` writes."""

    def test_lists_columns_and_single_numbers(self):
        steps = Fidelity("step", "step")
        for table, more in (
                ({"width": [1, 2], "acc": [[1.0, 2.0, 3.0], [2.0, 3.0]]}, {"positions": [50, 100, 250]}),
                ({"width": [1, 1, 1, 2, 2], "at": [50, 250, 100, 100, 50], "acc": [1.0, 3.0, 2.0, 3.0, 2.0]},
                 {"epoch": "at"})):
            atlas = self.write(table, fidelity=steps, **more)
            self.assertEqual(atlas.curve("width=1").positions.tolist(), [50, 100, 250])
            self.assertEqual(atlas.curve("width=2").positions.tolist(), [50, 100])
            self.assertEqual(atlas.curve("width=1").mean.tolist(), [1.0, 2.0, 3.0])
            self.assertEqual(list(atlas.fidelities.values()), [steps])
            self.assertEqual(next(iter(atlas.protocols.values())), {"name": "default"})
        atlas = self.write({"width": [1, 2], "acc": [1.0, 2.0]}, fidelity=steps, epochs=250)
        self.assertEqual(atlas.curve("width=1").positions.tolist(), [250])

    def test_levels(self):
        shares = Fidelity("share", "fraction", [0.1, 0.5, 1])
        for table, more in (
                ({"width": [1, 2], "acc": [[1.0, 2.0, 3.0], [2.0, 3.0]]}, {}),
                ({"width": [1, 2], "acc": [[1.0, 2.0, 3.0], [2.0, 3.0]]}, {"positions": [0.1, 0.5, 1]}),
                ({"width": [1, 1, 1, 2, 2], "at": ["0.1", "0.5", "1.0", "0.1", "0.5"], "acc": [1.0, 2.0, 3, 2, 3]},
                 {"epoch": "at"})):
            atlas = self.write(table, fidelity=shares, **more)
            self.assertEqual(atlas.curve("width=1").levels.tolist(), [0.1, 0.5, 1])
            self.assertEqual(atlas.curve("width=2").positions.tolist(), [1, 2])
            self.assertEqual(atlas.query("width=1", epoch=2).value, 2.0)
        atlas = self.write({"width": [1, 2], "acc": [1.0, 2.0]}, fidelity=shares, epochs=0.5)
        self.assertEqual(atlas.curve("width=1").levels.tolist(), [0.5])

    def test_positions_that_the_axis_lacks(self):
        shares = Fidelity("share", "fraction", [0.1, 0.5, 1])
        lists = {"width": [1, 2], "acc": [[1.0, 2.0, 3.0, 4.0], [2.0]]}
        self.refused(lists, "column acc, row 1: the list has 4 numbers, and there are 3 levels of share",
                     fidelity=shares)
        self.refused(lists, "there are 2 positions", positions=[5, 9])
        self.refused({"width": [1, 2], "at": [0.1, 0.2], "acc": [1.0, 2.0]},
                     "column at, row 2: 0.2 is not a level of share; known: 0.1, 0.5, 1", fidelity=shares, epoch="at")

    def test_axes_that_cannot_be(self):
        table = {"width": [1, 2], "acc": [1.0, 2.0]}
        for more, message in (
                ({"fidelity": "step"}, "fidelity cannot be 'step'"),
                ({"fidelity": Fidelity("Step", "step")}, "name of fidelity cannot be 'Step'; allowed: lower-case"),
                ({"fidelity": Fidelity("step", "")}, "unit of fidelity"),
                ({"fidelity": Fidelity("step", "step", [1, 1])}, r"levels of fidelity cannot be \[1, 1\]"),
                ({"fidelity": Fidelity("step", "step", [2, 3]), "epochs": 1}, "epochs cannot be 1"),
                ({"positions": [2, 1]}, r"positions cannot be \[2, 1\]"), ({"positions": []}, "positions cannot be"),
                ({"positions": "ab"}, "positions cannot be 'ab'"),
                ({"positions": [0]}, "a number of positions cannot be 0"),
                ({"task": "two words"}, "task cannot be 'two words'; allowed"), ({"task": 3}, "task cannot be 3")):
            with self.subTest(more), self.assertRaisesRegex(errors.WrongArgument, message) as caught:
                self.write(table, **more)
            self.assertTrue(caught.exception.remedy)

    def test_tasks_and_targets(self):
        table = {"width": [1, 2], "a": [1.0, 2.0], "b": [2.0, 1.0]}
        first = Metric("mse_height", "1", False, target="height")
        second = Metric("mse_weight", "1", False, target="weight")
        atlas = self.write(table, metrics={"a": first, "b": second})
        self.assertEqual(atlas.datasets["data"]["task"], "regression")
        self.assertEqual(atlas.datasets["data"]["targets"], [
            {"name": "height", "kind": "number"}, {"name": "weight", "kind": "number"}])
        self.assertEqual(atlas.metrics["mse_weight"]["target"], "weight")
        for metric, task, found in (("loss", None, "unknown"), ("top1_accuracy", None, "classification"),
                                    ("loss", "sequence_labelling", "sequence_labelling")):
            atlas = self.write(table, metrics={"a": Metric(metric, "1", False)}, task=task)
            self.assertEqual(atlas.datasets["data"]["task"], found)
            self.assertEqual(atlas.datasets["data"]["targets"], [])
