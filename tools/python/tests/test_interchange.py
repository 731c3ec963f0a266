"""Entries, the interchange writer, the files of a source, and the command."""

import ast
import contextlib
import io
import json
import os
import re
import shutil
import stat
import struct
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

from nasatlas.importing import command, ndjson
from nasatlas.importing.entries import (
    Curve, DatasetCard, Feature, Fidelity, File, Input, MeanOf, Measurement, MetricCard, Parameter, ProtocolCard, Run,
    SourceCard, SpaceCard, Target, Unnamed, grid_text)
from nasatlas.importing.faults import BadData, BadEntry, Fault, MissingInput, OutputFailure
from nasatlas.importing.files import SourceFiles
from nasatlas.importing.source import Importer, Source

ROOT = Path(__file__).resolve().parents[3]
SOURCE = SourceCard("made-up", "Made up", "this test", [File("a.pkl", "0" * 64)], citation="Nobody: Made up",
                    made_up=["all of it"])
METRIC = MetricCard("accuracy", "fraction", True, "share of rows")
DATASET = DatasetCard("rows", "Rows", "classification", "train 1; validation 1", "accuracy")
PROTOCOL = ProtocolCard("short", {"epochs": 3})
CARDS = [SOURCE, METRIC, DATASET, PROTOCOL]


def run(architecture="digits:000000", seed=Unnamed(1), values=(0.5,), at=None, **more):
    given = {"space": "nasbench201", "dataset": "rows", "protocol": "short", "source": "made-up", **more}
    return Run(architecture=architecture, seed=seed, curves=[Curve("accuracy", "validation", values, at)], **given)


class Folder(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = Path(made.name)


class Lines(unittest.TestCase):
    def test_what_is_not_known_is_absent(self):
        self.assertEqual(run().line(), {"run": {
            "key": {"space": "nasbench201", "architecture": "digits:000000", "dataset": "rows", "protocol": "short",
                    "seed": {"unnamed": 1}},
            "source": "made-up", "status": "completed",
            "curves": [{"metric": "accuracy", "split": "validation", "values": [0.5]}]}})
        self.assertEqual(Measurement("nasbench201", "nats:1", "made-up", "latency", "second", 1).line(), {
            "measurement": {"space": "nasbench201", "architecture": "nats:1", "source": "made-up",
                            "quantity": "latency", "unit": "second", "value": 1}})
        self.assertEqual(
            Measurement("nasbench201", "nats:1", "made-up", "error", "1", 1, split="test").line()["measurement"]["split"],
            "test")
        self.assertEqual(SOURCE.line()["source"]["madeUp"], ["all of it"])
        self.assertNotIn("license", SOURCE.line()["source"])
        self.assertNotIn("parameters", SpaceCard("open", "opaque", "Open").line()["space"])

    def test_all_that_a_run_can_say(self):
        line = run(seed=MeanOf(3), at=[7], origin="random", status="diverged", status_detail="nan at 8",
                   counts={"parameters": 10, "flops": 20, "supernet_parameters": None},
                   costs={"evaluation_seconds": 0.5, "latency_milliseconds[batch=1]": 1.5, "energy_joules": None},
                   costs_by_epoch={"train_seconds": [0.5]}, attributes={"rates": [0.1]}).line()["run"]
        self.assertEqual(line["key"]["seed"], {"meanOf": 3})
        self.assertEqual(line["curves"][0]["at"], [7])
        self.assertEqual((line["origin"], line["status"], line["statusDetail"]),
                         ({"kind": "random"}, "diverged", "nan at 8"))
        self.assertEqual(line["counts"], {"parameters": 10, "flops": 20})
        self.assertEqual(line["costs"], {
            "total": {"evaluation_seconds": 0.5, "latency_milliseconds[batch=1]": 1.5},
            "perEpoch": {"train_seconds": [0.5]}})
        self.assertEqual(line["attributes"], {"rates": [0.1]})

    def test_zero_is_a_value(self):
        line = run(seed=0, counts={"parameters": 0}, costs={"train_seconds": 0.0}).line()["run"]
        self.assertEqual((line["key"]["seed"], line["counts"], line["costs"]),
                         (0, {"parameters": 0}, {"total": {"train_seconds": 0.0}}))

    def test_numbers_are_exact_and_non_finite_ones_are_words(self):
        values = [0.1 + 0.2, 5e-324, 1.7976931348623157e308, 91.60666665039064, -0.0, 2**53 + 1,
                  float("nan"), float("inf"), -float("inf")]
        read = json.loads(ndjson.encode_line(run(values=values)))["run"]["curves"][0]["values"]
        self.assertEqual(read[6:], ["nan", "inf", "-inf"])
        self.assertEqual([struct.pack("<d", v) for v in read[:5]], [struct.pack("<d", v) for v in values[:5]])
        self.assertEqual(read[5], 2**53 + 1)

    def test_grid_architectures(self):
        self.assertEqual(grid_text({"act": "tanh", "lr": 0.0005, "alpha": 1e-8, "n": 16, "drop": 0}),
                         "act=tanh,lr=0.0005,alpha=1e-08,n=16,drop=0")
        space = SpaceCard("g", "grid", "G", None, [Parameter("lr", "ordinal", (0.1, 1))])
        self.assertEqual(space.line()["space"]["parameters"],
                         [{"name": "lr", "kind": "ordinal", "values": [0.1, 1]}])


    def test_the_range_of_a_metric(self):
        ends = {(None, None): None, (0, 1): {"minimum": 0, "maximum": 1}, (0, None): {"minimum": 0}}
        for (minimum, maximum), expected in ends.items():
            card = MetricCard("accuracy", "fraction", True, "share", minimum, maximum)
            self.assertEqual(card.line()["metric"].get("range"), expected)

    def test_what_a_data_set_holds(self):
        card = DatasetCard(
            "bank", "Bank", "classification", "train, validation", "accuracy", about="default of a loan",
            input=Input("event_sequence", {"length": 250}, [Feature("mcc", "categorical"), Feature("sum", "numeric")]),
            targets=[Target("class", "default", ["no", "yes"], {"train": (9, 1)}), Target("number")])
        line = card.line()["dataset"]
        self.assertEqual((line["task"], line["about"]), ("classification", "default of a loan"))
        self.assertEqual(line["input"], {
            "kind": "event_sequence", "shape": {"length": 250},
            "features": [{"name": "mcc", "kind": "categorical"}, {"name": "sum", "kind": "numeric"}]})
        self.assertEqual(line["targets"], [
            {"name": "default", "kind": "class", "classNames": ["no", "yes"], "classCounts": {"train": [9, 1]}},
            {"kind": "number"}])
        self.assertEqual({"about", "input", "targets"} & set(DATASET.line()["dataset"]), set())
        metric = MetricCard("auc", "fraction", True, "area", target="default")
        self.assertEqual(metric.line()["metric"]["target"], "default")

    def test_the_axis_of_fidelity(self):
        self.assertEqual(PROTOCOL.line(), {"protocol": {"name": "short", "settings": {"epochs": 3}}})
        card = ProtocolCard("shares", {}, Fidelity("share", "share of the rows", [0.25, 0.5, 1]))
        self.assertEqual(card.line()["protocol"]["fidelity"],
                         {"name": "share", "unit": "share of the rows", "levels": [0.25, 0.5, 1]})


class Writing(Folder):
    def test_one_object_a_line_in_order(self):
        path = self.folder / "out.ndjson"
        counts = ndjson.write([*CARDS, run()], path)
        lines = path.read_text(encoding="utf-8").splitlines()
        self.assertEqual([list(json.loads(line)) for line in lines],
                         [["source"], ["metric"], ["dataset"], ["protocol"], ["run"]])
        self.assertEqual(counts["run"], 1)
        self.assertEqual([p.name for p in self.folder.iterdir()], ["out.ndjson"])

    def test_an_error_leaves_the_old_file_alone(self):
        path = self.folder / "out.ndjson"
        path.write_text(old := '{"a":1}\n{"b":2}\n')

        def breaks():
            yield from CARDS
            raise EOFError("cut off")

        for entries, kind in [(breaks(), BadData), ([run()], BadEntry), ([*CARDS, run(values=["x"])], BadEntry)]:
            with self.assertRaises(kind):
                ndjson.write(entries, path)
            self.assertEqual([p.name for p in self.folder.iterdir()], ["out.ndjson"])
            self.assertEqual(path.read_text(), old)

    def test_a_folder_that_is_not_there(self):
        with self.assertRaisesRegex(OutputFailure, "none"):
            ndjson.write(CARDS, self.folder / "none" / "out.ndjson")

    def test_cards_come_first_and_once(self):
        for entries, told in [
            ([*CARDS, SOURCE], "two cards"), ([*CARDS, run(dataset="other")], "dataset other"),
            ([*CARDS, run(space="other")], "space other"), ([*CARDS, run(protocol="other")], "protocol other"),
            ([*CARDS, run(source="other")], "source other"), ([DATASET], "metric accuracy"),
            ([*CARDS, run(values=[1, 2], at=[1])], "2 values at 1"),
            ([*CARDS, run(costs={"train_seconds": 1}, costs_by_epoch={"train_seconds": [1]})], "train_seconds as a to"),
            ([*CARDS, Measurement("nasbench201", "a", "made-up", "q", "u", 1, dataset="no")], "dataset no"),
            ([SourceCard("s", "S", "o", citation="N", notes=[object()])], "cannot be written"),
            ([SourceCard("s", "S", "o")], "source s has no citation\n  next: give the paper"),
            ([SourceCard("s", "S", "o", citation="")], "source s has no citation"),
            ([SourceCard("s", "S", "o", citation=" \n")], "source s has no citation"),
        ]:
            with self.subTest(told), self.assertRaisesRegex(BadEntry, told):
                ndjson.write(entries, self.folder / "out.ndjson")


class Files(Folder):
    def test_folder_archive_and_folder_of_archive_are_alike(self):
        packed = self.folder / "packed" / "a.zip"
        packed.parent.mkdir()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("in/x.txt", "x")
        (self.folder / "plain" / "in").mkdir(parents=True)
        (self.folder / "plain" / "in" / "x.txt").write_text("x")
        for path in (packed, packed.parent, self.folder / "plain"):
            with SourceFiles(path) as files:
                self.assertEqual(files.read(files.find("x.txt")), b"x")
                self.assertEqual(files.matching("in/*"), ["in/x.txt"])
                with self.assertRaisesRegex(MissingInput, "no file y.txt"):
                    files.find("y.txt")
                with self.assertRaisesRegex(MissingInput, "has no y"):
                    files.read("y")
                with self.assertRaisesRegex(BadData, "larger than 0"):
                    files.read("in/x.txt", largest=0)

    def test_damaged_archives(self):
        path = self.folder / "a.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("x", b"x" * 1000)
        raw = path.read_bytes()
        path.write_bytes(raw[:33] + b"\xff" * 4 + raw[37:])
        with SourceFiles(path) as files, self.assertRaisesRegex(BadData, "damaged"):
            files.read("x")
        path.write_bytes(raw[:50])
        with self.assertRaisesRegex(BadData, "not a zip archive"):
            SourceFiles(path)


FOUND = {"made-up": Importer(Source("made-up", "Made up", ("anything",), "make it"),
                             lambda folder: iter([*CARDS, run()]))}


class Command(Folder):
    def status(self, *arguments):
        """(exit status, standard output, standard error) of the real command."""
        done = subprocess.run([sys.executable, "-m", "nasatlas.importing", *arguments], capture_output=True, text=True,
                              env={**os.environ, "NASATLAS": ""}, check=False)
        return done.returncode, done.stdout, done.stderr

    def test_list_names_every_source(self):
        status, out, _ = self.status("list", "--json")
        self.assertEqual(status, 0)
        names = [s["name"] for s in json.loads(out)]
        self.assertLessEqual({"seqnas", "nasbench201", "fcnet", "hpobench-nn", "nas-bench-graph"}, set(names))

    def test_statuses(self):
        empty = self.folder / "empty"
        empty.mkdir()
        for arguments, wanted, told in [
            (["seqnsa"], 64, "did you mean seqnas"), (["seqnas"], 64, "--from"), ([], 64, "SOURCE"),
            (["seqnas", "--from", str(empty)], 64, "--out"),
            (["seqnas", "--from", str(self.folder / "no"), "--out", "x"], 66, "does not exist"),
            (["seqnas", "--from", str(empty), "--out", str(self.folder / "x")], 65, "3,194"),
            (["seqnas", "--from", str(empty), "--out", str(self.folder / "no" / "x")], 73, "no folder"),
            (["seqnas", "--from", str(empty), "--atlas", "x", "--nasatlas", "/no/such"], 69, "build"),
        ]:
            status, out, err = self.status(*arguments)
            with self.subTest(arguments):
                self.assertEqual((status, out), (wanted, ""))
                self.assertIn(told, err)
        self.assertEqual([p.name for p in self.folder.iterdir()], ["empty"])

    def test_the_result_line(self):
        written = []
        out = self.folder / "o.ndjson"
        with contextlib.redirect_stderr(io.StringIO()):
            command.run(["made-up", "--from", str(self.folder), "--out", str(out)], FOUND, written.append)
            command.run(["made-up", "--from", str(self.folder), "--out", str(out), "--json"], FOUND, written.append)
        self.assertEqual(written[0], f"made-up: 1 dataset, 1 metric, 1 protocol, 1 run, 1 source in {out}")
        self.assertEqual(json.loads(written[1])["counts"]["run"], 1)

    def test_an_atlas_is_ingested_and_published(self):
        # Stands for the program: what matters here is which calls it gets, and what becomes of its status.
        program, calls = self.folder / "program", self.folder / "calls"
        program.write_text(f'#!/bin/sh\necho "$1 $#" >> "{calls}"\n'
                           f'[ "$1" = ingest ] && cp "$2" "{self.folder}/seen"\n[ "$1" != "$FAIL_AT" ] || exit 65\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        atlas = self.folder / "a.atlas"
        arguments = ["made-up", "--from", str(self.folder), "--atlas", str(atlas), "--nasatlas", str(program)]
        with contextlib.redirect_stderr(io.StringIO()):
            command.run(arguments, FOUND, lambda line: None)
            self.assertEqual(calls.read_text().splitlines(), ["ingest 4", "publish 5"])
            self.assertEqual(len((self.folder / "seen").read_text().splitlines()), 5)
            os.environ["FAIL_AT"] = "ingest"
            self.addCleanup(os.environ.pop, "FAIL_AT")
            with self.assertRaises(Fault) as caught:
                command.run(arguments, FOUND, lambda line: None)
        self.assertEqual((caught.exception.status, caught.exception.code), (65, "import.program"))
        self.assertEqual({p.name for p in self.folder.iterdir()}, {"program", "calls", "seen"})


class Requirements(unittest.TestCase):
    """Every requirements file can be installed in a clean environment."""

    def run_dev(self, *words):
        return subprocess.run([ROOT / "tools" / "dev", *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)

    def test_tools_dev_has_the_word(self):
        self.assertIn("tools/dev requirements [FILE...]", self.run_dev("--help").stdout)
        done = self.run_dev("requirements", "--help")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("exits with 1", done.stdout)

    @unittest.skipUnless(os.environ.get("NASATLAS_SLOW") == "1", "takes about 10 minutes; NASATLAS_SLOW=1 runs it")
    def test_every_file_can_be_installed(self):
        done = self.run_dev("requirements")
        self.assertEqual(done.returncode, 0, done.stdout)


class Pythons(unittest.TestCase):
    """The package needs the oldest Python that pyproject.toml names, importers and `write_table` included."""

    def oldest(self):
        text = (ROOT / "tools" / "python" / "pyproject.toml").read_text(encoding="utf-8")
        return re.search(r'requires-python = ">=([0-9.]+)"', text)[1]

    def test_the_pages_agree(self):
        for page in ("README.md", "docs/python.md", "docs/own-tables.md", "docs/published-tables.md"):
            found = re.findall(r"Python (3\.[0-9]+)", (ROOT / page).read_text(encoding="utf-8"))
            self.assertEqual(set(found), {self.oldest()}, page)

    def test_no_module_has_newer_syntax(self):
        version = tuple(map(int, self.oldest().split(".")))
        for path in sorted((ROOT / "tools" / "python" / "src").rglob("*.py")):
            with self.subTest(path.name):
                ast.parse(path.read_text(encoding="utf-8"), path.name, feature_version=version)

    def test_the_importers_start(self):
        python = shutil.which(f"python{self.oldest()}")
        if python is None or subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode:
            self.skipTest(f"there is no python{self.oldest()}")
        done = subprocess.run([python, "-m", "nasatlas.importing", "list"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
