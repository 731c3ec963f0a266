"""write_table, and the examples of docs/own-tables.md."""

import contextlib
import doctest
import io
import json
import math
import os
import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import nasatlas
import numpy as np
from made_up_atlas import PROGRAM, REASON, Shared
from nasatlas import Measured, Metric, errors
from nasatlas.cells import TableError
from nasatlas.importing.entries import Parameter, SpaceCard

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "own-tables.md"
ACCURACY = {"acc": Metric("accuracy_percent", "percent", True)}
CELL = "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|"


def blocks(kind):
    return [part.partition("\n```")[0] for part in PAGE.read_text(encoding="utf-8").split(f"```{kind}\n")[1:]]


class InAFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder)

    def write(self, table, **more):
        atlas = nasatlas.write_table(table, "made.atlas", replace=True, **{
            "architecture": "width", "metrics": ACCURACY, **more})
        self.addCleanup(atlas.close)
        return atlas

    def refused(self, table, message, **more):
        with self.assertRaisesRegex(TableError, message) as caught:
            self.write(table, **more)
        self.assertTrue(caught.exception.remedy, caught.exception)
        self.assertEqual(os.listdir(), [name for name in os.listdir() if name.endswith(".csv")])


@unittest.skipIf(PROGRAM is None, REASON)
class Page(InAFolder):
    def test_every_example(self):
        try:
            import pandas  # noqa: F401
        except ImportError as error:
            self.skipTest(str(error))
        Path("results.csv").write_text(blocks("csv")[0] + "\n", encoding="utf-8")
        examples = [block for block in blocks("python") if not block.startswith(">>>")]
        self.assertEqual(len(examples), 5)
        for block in examples:
            exec(compile(block, str(PAGE), "exec"), {})
        self.assertEqual(sorted(os.listdir()), sorted([
            "results.csv", *(f"{name}.atlas{more}" for name in ("results", "models", "log", "steps", "shares", "drawn")
                             for more in ("", ".manifest.json"))]))

    def test_sessions(self):
        failed, tried = doctest.testfile(str(PAGE), module_relative=False)
        self.assertEqual(failed, 0)
        self.assertGreater(tried, 4)

    def test_ndjson(self):
        lines = blocks("json")[0]
        self.assertEqual(len(lines.splitlines()), 10)
        Path("table.ndjson").write_text(lines + "\n", encoding="utf-8")
        done = subprocess.run(["bash", "-euc", blocks("sh")[0].replace("nasatlas ", f"{PROGRAM} ")],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"(?m)^ *1 +91\.5")
        self.assertIn("width=32,act=gelu", done.stdout)
        with nasatlas.open("table.atlas") as atlas:
            self.assertEqual(atlas.query("width=16,act=relu").value, 90.25)
            self.assertEqual(atlas.quantity("latency", device="laptop").value("width=16,act=relu"), 1.1)

    def test_the_arguments_are_told(self):
        import inspect
        text = PAGE.read_text(encoding="utf-8")
        for name in inspect.signature(nasatlas.write_table).parameters:
            if name not in ("table", "path"):
                self.assertIn(f"`{name}`", text)


@unittest.skipIf(PROGRAM is None, REASON)
class Written(InAFolder):
    def test_every_kind_of_table_is_one_atlas(self):
        columns = {"width": [16, 16, 32], "lr": [0.1, 0.01, 0.1], "seed": [1, 2, (1 << 63) + 1],
                   "acc": [90.5, 91.25, 1e-3]}
        rows = [dict(zip(columns, row)) for row in zip(*columns.values())]
        tables = {"columns": columns, "rows": rows, "arrays": {
            name: np.array(values) for name, values in columns.items() if name != "seed"} | {"seed": columns["seed"]}}
        Path("made.csv").write_text("\ufeffwidth,lr,seed,acc\n" + "".join(
            ",".join(map(str, row.values())) + "\n" for row in rows), encoding="utf-8")
        tables["csv"] = "made.csv"
        for name in ("pandas", "polars"):
            with contextlib.suppress(ImportError):
                tables[name] = __import__(name).DataFrame({**columns, "seed": [1, 2, 3]})
        found = {}
        for name, table in tables.items():
            with self.write(table, architecture=["width", "lr"], seed="seed") as atlas:
                made = atlas.table()
                self.assertEqual(made["architecture"], ["width=16,lr=0.01", "width=16,lr=0.1", "width=32,lr=0.1"], name)
                self.assertEqual(made["accuracy_percent.validation"].tolist(), [91.25, 90.5, 1e-3], name)
                found[name] = made["seed"]
        self.assertEqual(found["columns"], ["2", "1", str((1 << 63) + 1)])
        for name in ("rows", "arrays", "csv"):
            self.assertEqual(found[name], found["columns"])

    def test_all_that_a_run_has(self):
        table = {"width": [1, 1, 2], "act": ["relu", "relu", "gelu"], "on": [True, True, False], "seed": [1, 2, 1],
                 "set": ["a", "a", "b"], "acc": [50.0, 60.0, None], "test": [None, 55.0, 45.0], "n": [10, 10, 20],
                 "f": [100, 100, 200], "s": [1.5, 2.5, None], "drop": [0.1, 0.2, 0.3], "ms": [1.0, 1.0, 2.0]}
        atlas = self.write(
            table, architecture=["width", "act", "on"], seed="seed", dataset_column="set", parameters="n", flops="f",
            train_seconds="s", attributes=["drop"], measured={"ms": Measured("latency", "millisecond", "phone")},
            metrics={**ACCURACY, "test": ("accuracy_percent", "percent", True, "test")}, epochs=7, space="mine",
            protocol="sgd", protocol_settings={"lr": 0.1}, title="Everything", citation="Me", license="CC0")
        made = atlas.table("a")
        self.assertEqual(made["architecture"], ["width=1,act=relu,on=true"] * 2)
        self.assertEqual(made["accuracy_percent.validation"].tolist(), [50.0, 60.0])
        self.assertEqual(repr(made["accuracy_percent.test"].tolist()), "[nan, 55.0]")
        for column, values in (("parameters", [10, 10]), ("flops", [100, 100]), ("train_seconds", [1.5, 2.5]),
                               ("drop", [0.1, 0.2]), ("latency[phone]", [1.0, 1.0])):
            self.assertEqual(made[column].tolist(), values, column)
        self.assertEqual(atlas.query("width=1,act=relu,on=true", dataset="a").points[0].epoch, 7)
        self.assertEqual((atlas.title, atlas.spaces), ("Everything", ["mine"]))
        self.assertEqual(atlas.sources["table"]["citation"], "Me")
        self.assertEqual(next(iter(atlas.protocols.values())), {"name": "sgd", "epochs": 7, "lr": 0.1})
        self.assertEqual(atlas.lookup(dataset="b", split="test")("width=2,act=gelu,on=false"), 45.0)
        self.assertEqual([(one.name, one.values, one.ordered) for one in atlas.space().parameters], [
            ("width", (1, 2), True), ("act", ("relu", "gelu"), False), ("on", (True, False), False)])

    def test_curves(self):
        for table, more in (
                ({"width": [1, 1, 2], "acc": [[1.0, 2.0], (3.0, math.nan), np.array([5.0])]}, {}),
                ({"width": [1, 2, 1, 1, 1], "e": [2, 1, 1, 1, 2], "seed": [1, 1, 1, 2, 2],
                  "acc": [2.0, 5.0, 1.0, 3.0, math.nan]}, {"epoch": "e", "seed": "seed"})):
            atlas = self.write(table, **more)
            runs = atlas.curve("width=1").runs
            self.assertEqual([run.positions.tolist() for run in runs], [[1, 2], [1] if more else [1, 2]])
            self.assertEqual(runs[0].values.tolist(), [1.0, 2.0])
            self.assertEqual(runs[1].values[0], 3.0)
            self.assertTrue(more or math.isnan(runs[1].values[1]))
            self.assertEqual(atlas.curve("width=2").mean.tolist(), [5.0])
        atlas = self.write({"width": [1, 1, 2], "e": [5, 9, 9], "acc": [1.0, 2.0, 3.0], "loss": [None, 0.5, 0.1]},
                           epoch="e", metrics={**ACCURACY, "loss": Metric("loss", "nat", False)})
        self.assertEqual(atlas.curve("width=1").positions.tolist(), [5, 9])
        self.assertEqual(atlas.curve("width=1", metric="loss").positions.tolist(), [9])
        atlas = self.write({"width": [1, 1, 2], "e": [1, 2, 1], "acc": [1.0, 2.0, 3.0], "s": [0.5, 0.25, 0.1]},
                           epoch="e", train_seconds="s")
        self.assertEqual(atlas.table()["train_seconds"].tolist(), [0.75, 0.1])

    def test_spaces(self):
        atlas = self.write({"cell": [CELL.upper(), "nats:6111"], "acc": [1.0, 2.0]}, architecture="cell",
                           space="nasbench201")
        self.assertEqual(atlas.query("nats:6111").value, 2.0)
        self.assertEqual(atlas.query(CELL).value, 1.0)
        card = SpaceCard("wide", "grid", "Wide", parameters=[Parameter("width", "ordinal", [1, 2, 4, 8])])
        atlas = self.write({"width": [1, 4], "acc": [1.0, 2.0]}, space=card)
        self.assertEqual((atlas.space().size, [one.architecture for one in atlas.neighbors("width=2")]),
                         (4, ["width=4", "width=1"]))
        card = SpaceCard("any", "opaque", "Anything")
        atlas = self.write({"what": ['{"b": 1, "a": [2]}', {"c": 3}], "acc": [1.0, 2.0]}, architecture="what",
                           space=card)
        self.assertEqual(list(atlas.architectures), ['{"a":[2],"b":1}', '{"c":3}'])
        Path("made.csv").write_text("my act,my rate,acc\nReLU 6,0.1,1\nrelu,1,2\n", encoding="utf-8")
        atlas = self.write("made.csv", architecture=["my act", "my rate"], space=card)
        self.assertEqual(sorted(atlas.architectures), ['{"my act":"ReLU 6","my rate":0.1}',
                                                       '{"my act":"relu","my rate":1}'])

    def test_a_table_may_have_one_architecture(self):
        two = {"width": [16, 16], "act": ["relu", "relu"], "seed": [1, 2], "acc": [90.0, 91.0]}
        atlas = self.write(two, architecture=["width", "act"], seed="seed", space="mine")
        self.assertEqual(list(atlas.architectures), ['{"act":"relu","width":16}'])
        self.assertEqual(atlas.query(atlas.architectures[0]).value, 90.5)
        self.assertEqual([(one.architecture, one.value) for one in atlas.top(3)], [(atlas.architectures[0], 90.5)])
        self.assertEqual(atlas.spaces, ["mine"])
        atlas = self.write({"width": [16], "acc": [90.0]})
        self.assertEqual(list(atlas.architectures), ['{"width":16}'])

    def test_files_are_not_lost(self):
        Path("made.csv").write_text("width,acc\n1,2\n2,3\n", encoding="utf-8")
        for path in ("made.csv", Shared.atlas()):
            with self.assertRaises(errors.OutputRefused):
                nasatlas.write_table("made.csv", path, architecture="width", metrics=ACCURACY)
        first = self.write("made.csv")
        with self.assertRaises(errors.OutputRefused) as caught:
            nasatlas.write_table("made.csv", "made.atlas", architecture="width", metrics=ACCURACY)
        self.assertIn("replace=True", caught.exception.remedy)
        second = self.write({"width": [1, 2], "acc": [5.0, 6.0]})
        self.assertNotEqual(first.digest, second.digest)
        self.assertEqual(sorted(os.listdir()), ["made.atlas", "made.atlas.manifest.json", "made.csv"])


@unittest.skipIf(PROGRAM is None, REASON)
class Refused(InAFolder):
    def test_cells(self):
        two = {"width": [1, 2], "acc": [1.0, 2.0]}
        csv = Path("made.csv")
        for text, message in (
                ("width,acc\n1,2\n2,many\n", "column acc, line 3: 'many' is not a number"),
                ("width,acc\n1,2\n\n2,many\n", "column acc, line 4: "),
                ("width,acc\n1,2\n2\n", "line 3: 1 cells for 2"),
                ("width,acc\n", "the table has no rows"), ("", "the table has no rows"),
                ("width,width\n1,2\n", "two columns are called 'width'"),
                ("width,acc\n1,2\n,3\n", "line 3: the cell is empty"),
                ("width,acc\n1,1_0\n2,3\n", "'1_0' is not a number")):
            csv.write_text(text, encoding="utf-8")
            self.refused(csv, message)
        csv.write_bytes(b"width,acc\n\xff,1\n")
        self.refused(csv, "cannot be read")
        self.refused("nosuch.csv", "nosuch.csv cannot be read: No such file")
        csv.unlink()
        for change, message, more in (
                ({"acc": [1.0, True]}, "column acc, row 2: True is not a number", {}),
                ({"acc": [1.0, [1.0, "x"]]}, "column acc, row 2: value 2 of the curve", {}),
                ({"acc": [1.0, math.inf]}, "column acc, row 2: inf is infinite\n  next: leave the cell empty", {}),
                ({"acc": [-math.inf, 1.0]}, "column acc, row 1: -inf is infinite", {}),
                ({"acc": ["1", "Infinity"]}, "column acc, row 2: 'Infinity' is infinite", {}),
                ({"acc": ["1", "1e999"]}, "column acc, row 2: '1e999' is infinite", {}),
                ({"acc": [1, 10**400]}, "column acc, row 2: 10+ … is infinite", {}),
                ({"acc": [[1.0], [1.0, math.inf]]}, "column acc, row 2: value 2 of the curve is infinite", {}),
                ({"acc": [1.0, math.inf], "e": [1, 1]}, "column acc, row 2: inf is infinite", {"epoch": "e"}),
                ({"acc": [[1.0], [math.nan]]}, "row 2: no metric has a value; metrics: acc", {}),
                ({"ms": [1.0, math.inf]}, "column ms, row 2: inf is infinite",
                 {"measured": {"ms": Measured("latency", "millisecond")}}),
                ({"n": [1.0, math.inf]}, "column n, row 2: inf is infinite", {"attributes": ["n"]}),
                ({"width": [1.0, math.inf]}, "column width, row 2: inf is infinite", {}),
                ({"acc": [1.0, None]}, "row 2: no metric has a value; metrics: acc", {}),
                ({"width": [1, 1]}, "the space g has a single architecture; allowed: 2 or more", {"space": SpaceCard(
                    "g", "grid", "G", parameters=[Parameter("width", "ordinal", [1])])}),
                ({"width": [1, "x"]}, "column width, row 2: 'x' is a text, and 1 in row 1 is a number", {}),
                ({"width": ["a", "b c"]}, "column width, row 2: 'b c' cannot be a value", {}),
                ({"width": ["a", "b,c"]}, "column width, row 2: 'b,c' cannot be a value", {}),
                ({"width": [[1], [2]]}, r"column width, row 1: \[1\] cannot be a value", {}),
                ({"seed": [1, 1.5]}, "column seed, row 2: 1.5 is not a whole number", {"seed": "seed"}),
                ({"seed": [1, -1]}, "column seed, row 2: -1 is not a whole number", {"seed": "seed"}),
                ({"seed": [1, math.inf]}, "column seed, row 2: inf is not a whole number", {"seed": "seed"}),
                ({"width": [1, 1], "other": [1, 2], "seed": [3, 3]},
                 "column seed, row 2: row 1 also has the seed 3 of width=1,other=1",
                 {"seed": "seed", "architecture": ["width", "other"], "swap": True}),
                ({"e": [0, 1]}, "column e, row 1: the epoch cannot be 0", {"epoch": "e"}),
                ({"width": [1, 1, 2], "acc": [1.0, 2.0, 3.0], "e": [1, 1, 1]},
                 "column e, row 2: row 1 also has the epoch 1 of width=1", {"epoch": "e"}),
                ({"n": [1, "x"]}, "column n, row 2: 'x' is not a whole number", {"parameters": "n"}),
                ({"width": [1, 1, 2], "acc": [1.0, 2.0, 3.0], "e": [1, 2, 1], "n": [5, 6, 7]},
                 "column n, row 2: 6 differs from 5 in the same training", {"epoch": "e", "parameters": "n"}),
                ({"e": [2, 2], "s": [0.5, 0.5]}, "column s, row 1: seconds per epoch",
                 {"epoch": "e", "train_seconds": "s"}),
                ({"width": [1, 1, 2], "acc": [1.0, 2.0, 3.0], "ms": [1, 2, 3]},
                 "column ms, row 2: 2.0 differs from 1.0 in row 1",
                 {"measured": {"ms": Measured("latency", "millisecond")}}),
                ({"acc": [99.0, 101.0]}, "column acc, row 2: 101.0 is outside the range of a",
                 {"metrics": {"acc": Metric("a", "percent", True, minimum=0, maximum=100)}}),
                ({"acc": [[1.0, -1.0], [1.0]]}, "column acc, row 1: -1.0 is outside the range of a",
                 {"metrics": {"acc": Metric("a", "percent", True, minimum=0)}}),
                ({"e": [1, 1], "acc": [1.0, 2.0]}, "column acc, row 2: 2.0 is outside the range of a",
                 {"epoch": "e", "metrics": {"acc": Metric("a", "percent", True, maximum=1.5)}}),
                ({"set": ["a", "b c"]}, "column set, row 2: the data set is called 'b c'", {"dataset_column": "set"}),
                ({"set": ["a", None]}, "column set, row 2: the cell is empty", {"dataset_column": "set"}),
                ({"cell": [CELL, "|x|"]}, "column cell, row 2: '.x.' is not a canonical text",
                 {"architecture": "cell", "space": "nasbench201"}),
                ({"cell": [CELL, "nats:99999"]}, "column cell, row 2: nats:99999 is not an architecture",
                 {"architecture": "cell", "space": "nasbench201"}),
                ({"what": ["{", "1"]}, "column what, row 1: '{' is not JSON",
                 {"architecture": "what", "space": SpaceCard("any", "opaque", "Any")}),
                ({}, "row 2: width cannot be 2; allowed: 1, 4", {"space": SpaceCard(
                    "g", "grid", "G", parameters=[Parameter("width", "ordinal", [1, 4])])}),
                ({"acc": [1.0]}, "columns have different lengths: 1, 2", {}),
                ({}, r"there is no column acd \(did you mean acc\?\)", {"metrics": {"acd": ACCURACY["acc"]}}),
                ({}, r"there is no column sed \(seed=\)", {"seed": "sed"}),
                ({}, "the data set is called ''", {"dataset": ""}), ({}, "the space is called 'a b'", {"space": "a b"}),
                ({"my width": [1, 2]}, "column 'my width': the name cannot be the name of a parameter; allowed: 1 to "
                 "256 letters, digits and .*\n  next: rename the column, for example to my_width",
                 {"architecture": "my width"}),
                ({"": [1, 2]}, "column '': the name cannot", {"architecture": ""}),
                ({"a=b": [1, 2]}, "column 'a=b': the name cannot be .*\n.* to a_b", {"architecture": "a=b"}),
                ({"é": [1, 2]}, "column 'é': the name cannot be .*\n.* to parameter", {"architecture": "é"}),
                ({"w" * 257: [1, 2]}, "the name cannot", {"architecture": "w" * 257}),
                ({"my width": [1, 2]}, "column 'my width': the name cannot",
                 {"architecture": "my width", "space": SpaceCard(
                     "g", "grid", "G", parameters=[Parameter("my width", "ordinal", [1, 2])])}),
                ({"Width": [1, 2]}, "columns width and Width have names that differ only in case",
                 {"architecture": ["width", "Width"]}),
                ({"act": ["ReLU", "relu"]}, "column act: the values ReLU and relu differ only in case",
                 {"architecture": "act"}),
                ({f"c{n}": [1, 2] for n in range(257)}, "table has 257 parameters; allowed: 1 to 256",
                 {"architecture": [f"c{n}" for n in range(257)]}),
                ({f"c{n}": [1, 2] for n in range(64)}, "c63 has 2.64 or more architectures",
                 {"architecture": [f"c{n}" for n in range(64)]}),
                ({}, "the space is called 'A'; allowed: 1 to 64 lower-case", {"space": "A"}),
                ({}, "the space is called 'a b'", {"space": SpaceCard("a b", "opaque", "A")}),
                ({}, "the name of the built-in space nasbench201", {"space": SpaceCard("nasbench201", "opaque", "A")}),
                ({"a\u0308": [1, 2]}, "column '.*': the name cannot be the name of an attribute",
                 {"attributes": ["a\u0308"]}),
                ({"what": ['"a\u0308"', "1"]}, "column what, row 1: .* is not JSON in Unicode normal form C",
                 {"architecture": "what", "space": SpaceCard("any", "opaque", "Any")}),
                ({"n": [1, 1 << 64]}, f"column n, row 2: {1 << 64} is not a whole number from 0 to {(1 << 64) - 1}",
                 {"seed": "n"}),
                ({"n": [1, 1 << 60]}, "column n, row 2: .* to 9007199254740992", {"parameters": "n"}),
                ({"n": [1, 1 << 31]}, "column n, row 2: .* to 2147483647", {"epoch": "n"}),
                ({"s": [2, -1]}, "column s, row 2: a training cannot take -1.0 seconds", {"train_seconds": "s"})):
            table = {**two, **change}
            if more.pop("swap", False):
                table["other"] = [1, 1]
                table = {name: [*values, 9] for name, values in table.items()}
            with self.subTest(message=message):
                self.refused(table, message, **more)

    def test_arguments(self):
        two = {"width": [1, 2], "acc": [1.0, 2.0], "b": [1.0, 2.0]}
        for message, more in (
                ("the table needs a metric", {"metrics": {}}),
                ("metrics cannot be 'acc'", {"metrics": "acc"}), ("metrics cannot be None", {"metrics": None}),
                ("the description of column acc in metrics cannot be 'accuracy'", {"metrics": {"acc": "accuracy"}}),
                ("the description of column acc in metrics cannot be {'n", {"metrics": {"acc": {"name": "a"}}}),
                ("column acc in metrics cannot be .'a',.", {"metrics": {"acc": ("a",)}}),
                ("a column of metrics cannot be 0", {"metrics": {0: ACCURACY["acc"]}}),
                ("the unit of acc cannot be None", {"metrics": {"acc": Metric("a", None, True)}}),
                ("the unit of acc cannot be ''", {"metrics": {"acc": Metric("a", "", True)}}),
                ("larger_is_better of acc cannot be 'max'", {"metrics": {"acc": Metric("a", "1", "max")}}),
                ("the meaning of acc cannot be 3", {"metrics": {"acc": Metric("a", "1", True, meaning=3)}}),
                ("measured cannot be 'b'", {"measured": "b"}),
                ("the description of column b in measured cannot be 'latency'", {"measured": {"b": "latency"}}),
                ("the unit of b cannot be None", {"measured": {"b": Measured("latency", None)}}),
                ("the device of b cannot be 3", {"measured": {"b": Measured("latency", "ms", 3)}}),
                ("architecture cannot be None", {"architecture": None}),
                ("the table needs a column of architectures", {"architecture": []}),
                ("attributes cannot be 3", {"attributes": 3}), ("seed cannot be 3", {"seed": 3}),
                ("protocol_settings cannot be 'x'", {"protocol_settings": "x"}),
                ("protocol_settings cannot be {'a': nan}", {"protocol_settings": {"a": math.nan}}),
                ("not in Unicode normal form C", {"measured": {"b": Measured("q", "s", "a\u0308")}}),
                ("title cannot be None", {"title": None}), ("title cannot be 'a.x00b'", {"title": "a\0b"}),
                ("title cannot be '.udcff'", {"title": "\udcff"}), ("attributes cannot be .1.", {"attributes": [1]}),
                ("citation cannot be ''", {"citation": ""}), ("license cannot be 3", {"license": 3}),
                (f"epochs cannot be {1 << 31}", {"epochs": 1 << 31}),
                ("the split of acc cannot be 'dev'; allowed: train",
                 {"metrics": {"acc": Metric("a", "1", True, "dev")}}),
                ("describe the metric a differently", {"metrics": {"acc": Metric("a", "1", True),
                                                                      "b": Metric("a", "percent", True, "test")}}),
                ("describe the metric a differently", {"metrics": {"acc": Metric("a", "1", True, minimum=0),
                                                                  "b": Metric("a", "1", True, "test")}}),
                ("the range of acc cannot be 1 to 0",
                 {"metrics": {"acc": Metric("a", "1", True, minimum=1, maximum=0)}}),
                ("the range of acc cannot be nan to None",
                 {"metrics": {"acc": Metric("a", "1", True, minimum=float("nan"))}}),
                ("two columns have the metric a on the split validation", {"metrics": {"acc": Metric("a", "1", True),
                                                                  "b": Metric("a", "1", True)}}),
                ("names 2 columns; nasbench201 has architectures in one column",
                 {"architecture": ["width", "b"], "space": "nasbench201"}),
                ("two columns measure ms", {"measured": {"acc": Measured("ms", "1"), "b": Measured("ms", "1")}}),
                ("epochs cannot be 0", {"epochs": 0})):
            with self.subTest(message), self.assertRaisesRegex(errors.WrongArgument, message) as caught:
                self.write(two, **more)
            self.assertTrue(caught.exception.remedy)
        with self.assertRaisesRegex(errors.WrongArgument, "int is not a table"):
            self.write(5)
        with self.assertRaises(errors.WrongArgument) as caught:
            self.write(two, metrics={"acc": "accuracy"})
        self.assertEqual(
            caught.exception.remedy,
            'give a Metric: metrics={"acc": nasatlas.Metric("accuracy", "percent", larger_is_better=True)}')
        self.assertEqual(self.write(two, attributes="b").table()["b"].tolist(), [1.0, 2.0])

    def test_the_card_states_the_range(self):
        metric = Metric("accuracy", "fraction", True, minimum=0, maximum=1)
        self.write({"width": [1, 2], "acc": [0.5, 1.0]}, metrics={"acc": metric})
        cards = subprocess.run([PROGRAM, "cards", "made.atlas", "--json"], capture_output=True, check=True)
        found, = json.loads(cards.stdout)["metrics"]
        self.assertEqual(found["range"], {"minimum": 0, "maximum": 1})

    def test_without_the_program(self):
        with mock.patch.dict(os.environ, {"NASATLAS": "/no/such/program"}), self.assertRaises(errors.MissingProgram):
            self.write({"width": [1, 2], "acc": [1.0, 2.0]})
        self.assertEqual(os.listdir(), [])

    def test_what_the_program_refuses_is_told(self):
        with tempfile.TemporaryDirectory() as elsewhere:
            program = Path(elsewhere, "nasatlas")
            program.write_text("#!/bin/sh\necho 'error: a fault\n  next: mend it\n  code: store.fault' >&2\nexit 65\n")
            program.chmod(0o755)
            with mock.patch.dict(os.environ, {"NASATLAS": str(program)}), \
                    self.assertRaisesRegex(TableError, "`nasatlas ingest` refused the table: error: a fault") as caught:
                self.write({"width": [1, 2], "acc": [1.0, 2.0]})
        self.assertEqual(caught.exception.remedy, "mend it")
        self.assertEqual(os.listdir(), [])

    def test_nothing_is_printed(self):
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            self.write({"width": [1, 2], "acc": [1.0, 2.0]})
        self.assertEqual(out.getvalue(), "")


if __name__ == "__main__":
    unittest.main()
