"""NNI's queries of NAS-Bench-101 and NAS-Bench-NLP on atlases, and NNI's own answers on the same trainings."""

import contextlib
import importlib
import io
import itertools
import json
import os
import tempfile
import types
import unittest
import warnings
import zipfile
from pathlib import Path
from unittest import mock

import nasatlas
from benchmark_data import needs
from made_up_atlas import PROGRAM, REASON, publish
from nasatlas import errors
from nasatlas.importing import cards
from nasatlas.importing.entries import Curve, MeanOf, ProtocolCard, Run, SourceCard, Unnamed
from nasatlas.importing.sources import nas_bench_nlp
from nasatlas.shims import nni
from nasatlas.shims.nasbench import api, cell
from nasatlas.shims.nni import nasbench101
from nasatlas.shims.told import MissingKey
from published import SHARED, beside
from test_shims_nni import Comparison, forget, original

RELEASED = Path(__file__).resolve().parents[3] / "data" / "nasbench201.atlas"
CONV3, CONV1, POOL = cell.OPERATIONS
# Input to 1x1 to 3x3 to output, and an edge past both.
CHAIN = {"op1": CONV1, "op2": CONV3, "input1": [0], "input2": [1], "input3": [0, 2]}
# The same with a vertex that leads nowhere.
LOOSE = {"op1": CONV1, "op2": POOL, "op3": CONV3, "input1": [0], "input2": [0], "input3": [1], "input4": [0, 3]}
# Two vertices beside each other; the atlas numbers them the other way round in one of the two.
WIDE = {"op1": CONV3, "op2": POOL, "input1": [0], "input2": [0], "input3": [1, 2]}
TURNED = {"op1": POOL, "op2": CONV3, "input1": [0], "input2": [0], "input3": [1, 2]}
EDGE = {"input1": [0]}


def text(arch):
    spec = nasbench101._spec(arch)
    return cell.canonical_text(spec.matrix.tolist(), spec.ops)


def heading(*epochs):
    yield SourceCard("made-up", "Made-up runs", "made for tests", license="CC0", citation="Nobody: Made up")
    yield cards.ACCURACY
    yield cards.cifar10("made up", primary_metric="accuracy")
    for number in epochs:
        yield ProtocolCard(f"nasbench101-{number}", {"epochs": number})


def complete():
    """Three cells with all that the published file has."""
    yield from heading(4, 12, 36, 108)
    values = (number / 1024 for number in itertools.count(1))
    for arch in (CHAIN, WIDE, EDGE):
        for epochs, repeat in itertools.product((4, 12, 36, 108), (1, 2, 3)):
            yield Run("nasbench101", text(arch), "cifar10", f"nasbench101-{epochs}", Unnamed(repeat), "made-up",
                      [Curve("accuracy", split, [next(values), next(values)], [epochs // 2, epochs])
                       for split in ("train", "validation", "test")], counts={"parameters": 1000 * len(arch)},
                      costs_by_epoch={"train_seconds": [0.25 * repeat] * epochs})


def ragged():
    """The chain with two repeats and no seconds; an edge with a published mean only."""
    yield from heading(4, 108)
    for repeat in (1, 2):
        yield Run("nasbench101", text(CHAIN), "cifar10", "nasbench101-108", Unnamed(repeat), "made-up",
                  [Curve("accuracy", "validation", [0.5 * repeat], [108])])
    yield Run("nasbench101", text(EDGE), "cifar10", "nasbench101-4", MeanOf(3), "made-up",
              [Curve("accuracy", "validation", [0.5], [4])])


def filled(path, atlas):
    """NNI's file of NAS-Bench-101, made by NNI of what nasbench.api says of an atlas, and NNI's module that asks it."""
    model, query = original("nasbench101")
    utils = importlib.import_module("nni.nas.benchmark.utils")
    database = importlib.import_module("playhouse.sqlite_ext").SqliteExtDatabase(path)
    model.proxy.initialize(database)
    utils._loaded_benchmarks["nasbench101"] = database
    nasbench = types.ModuleType("nasbench")
    nasbench.api = types.SimpleNamespace(NASBench=lambda _: api.NASBench(atlas))
    with mock.patch.dict("sys.modules", nasbench=nasbench), mock.patch("sys.argv", ["db_gen", "file"]):
        with contextlib.redirect_stderr(io.StringIO()):
            importlib.import_module("nni.nas.benchmark.nasbench101.db_gen").main()
    database.connect(reuse_if_open=True)
    return database, query


class WithAtlases(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.folder = Path(holder.name)

    @classmethod
    def publish(cls, entries, name):
        return nasatlas.open(publish(cls.folder, entries, name))


@unittest.skipUnless(PROGRAM, REASON)
class Cells101(WithAtlases):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complete, cls.ragged = cls.publish(complete(), "complete"), cls.publish(ragged(), "ragged")

    def ask(self, *words, atlas=None, **named):
        return list(nni.query_nb101_trial_stats(*words, **named, atlas=atlas or self.complete))

    def test_units(self):
        first = self.ask(CHAIN, 4, include_intermediates=True)[0]
        self.assertEqual(first, {
            "config": {"arch": CHAIN, "num_vertices": 4, "hash": nasbench101._spec(CHAIN).hash_spec(), "num_epochs": 4},
            "train_acc": 200 / 1024, "valid_acc": 400 / 1024, "test_acc": 600 / 1024, "training_time": 1.0,
            "parameters": 0.005, "intermediates": [
                {"current_epoch": 2, "train_acc": 100 / 1024, "valid_acc": 300 / 1024, "test_acc": 500 / 1024,
                 "training_time": 0.5},
                {"current_epoch": 4, "train_acc": 200 / 1024, "valid_acc": 400 / 1024, "test_acc": 600 / 1024,
                 "training_time": 1.0}]})

    def test_filters(self):
        self.assertEqual([len(self.ask(arch, number)) for arch, number in
                          ((None, None), (None, 36), (WIDE, None), (EDGE, 108))], [36, 9, 12, 3])
        mean, = self.ask(WIDE, 108, reduction="mean")
        self.assertEqual(mean["training_time"], 54.0)
        self.assertEqual(mean["valid_acc"], sum(one["valid_acc"] for one in self.ask(WIDE, 108)) / 3)

    def test_numbering(self):
        self.assertEqual(self.ask(LOOSE, 108), self.ask(CHAIN, 108))
        self.assertEqual(self.ask(TURNED, 108), self.ask(WIDE, 108))
        ours = self.ask(WIDE, 108)[0]["config"]["arch"]
        other = TURNED if ours == WIDE else WIDE
        self.assertEqual(len(self.ask(ours, 108, isomorphism=False)), 3)
        with self.assertRaises(errors.UnknownArchitecture) as caught:
            self.ask(other, 108, False)
        self.assertEqual(caught.exception.known, [ours])

    def test_what_is_not_there(self):
        told = self.ask(CHAIN, 108, include_intermediates=True, atlas=self.ragged)
        self.assertEqual([one["valid_acc"] for one in told], [50.0, 100.0])
        self.assertEqual([one["intermediates"] for one in told],
                         [[{"current_epoch": 108, "train_acc": None, "valid_acc": value, "test_acc": None,
                            "training_time": None}] for value in (50.0, 100.0)])
        for key in ("train_acc", "training_time", "parameters", "id"):
            with self.assertRaises(MissingKey):
                told[0][key]
        for words, known in (((CHAIN, 36), [4, 108]), ((CHAIN, [108]), [4, 108]), ((CHAIN, 4), [108]), ((EDGE, 4), []),
                             ((CHAIN, 108, True, "median"), ["none", "mean"])):
            with self.assertRaises(errors.QuestionError) as caught:
                self.ask(*words, atlas=self.ragged)
            self.assertEqual(caught.exception.known, known)
        with self.assertRaises(MissingKey):
            self.ask(WIDE, 108, atlas=self.ragged)

    def test_what_is_no_cell(self):
        for arch, said in (("v2:1", "a dict of op1"), ({}, "has the keys input1"),
                           ({**CHAIN, "op2": "conv5x5"}, "conv5x5"), ({**CHAIN, "input2": [2]}, "from 0 to 1"),
                           ({**CHAIN, "input2": 1}, "from 0 to 1"),
                           ({**CHAIN, "op4": CONV3}, "has the keys op1, op2, op3")):
            with self.assertRaisesRegex(errors.UnknownArchitecture, said):
                self.ask(arch, 108)
        with self.assertRaises(api.OutOfDomainError):
            self.ask({"op1": CONV1, "input1": [0], "input2": []}, 108)
        with self.assertRaisesRegex(errors.UnknownName, "nasbench101") as caught:
            self.ask(CHAIN, 108, atlas=RELEASED)
        self.assertEqual(caught.exception.known, ["nasbench201"])


@unittest.skipUnless(PROGRAM, REASON)
@beside("nni", "nni")
class SameAsNNI101(Comparison, WithAtlases):
    """NNI's own conversion of what nasbench.api tells, asked by NNI and here."""

    def test_answers(self):
        atlas = self.publish(complete(), "complete")
        database, query = filled(self.folder / "nni.db", atlas)
        self.addCleanup(forget)
        self.addCleanup(database.close)
        compared = answers = 0
        for words in itertools.product((None, CHAIN, TURNED, EDGE), (None, 4, 108), (True,), (None, "none", "mean"),
                                       (False, True)):
            ours = list(nni.query_nb101_trial_stats(*words, atlas=atlas))
            theirs = list(query.query_nb101_trial_stats(*words))
            self.assertEqual(len(theirs), len(ours), words)
            for one in theirs:
                # The file has sixty times the seconds of trials that the documentation means.
                one["training_time"] /= 60
            place = {self.key(one): one for one in theirs}
            self.assertEqual(len(place), len(theirs))
            for one in ours:
                compared += self.compare(place[self.key(one)], one, words)
                answers += 1
        self.assertEqual((answers, compared), (504, 8_040))

    @staticmethod
    def key(one):
        return one["config"]["hash"], one["config"]["num_epochs"], round(one["valid_acc"], 9)


@unittest.skipUnless(PROGRAM, REASON)
@needs("nas-bench-nlp")
class Recurrent(WithAtlases):
    """The published logs on WikiText-2."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.logs = SHARED / "nas-bench-nlp" / "wikitext2_logs.zip"
        cls.atlas = cls.publish(nas_bench_nlp.entries(cls.logs), "nlp")
        with zipfile.ZipFile(cls.logs) as archive:
            name = min(one for one in archive.namelist() if "log_stats_model_" in one)
            cls.log = json.loads(archive.read(name))

    def ask(self, *words, atlas=None):
        return list(nni.query_nlp_trial_stats(*words, atlas=atlas or self.atlas))

    def test_one_log(self):
        arch = {"f_op": "linear", "f_input_0": "x", "f_input_1": "h_prev_0", "h_new_0_op": "activation_tanh",
                "h_new_0_input_0": "f"}
        told = self.ask(arch, "wikitext-2", None, True)
        log, = (one for one in told if one["train_loss"] == self.log["train_losses"][-1])
        self.assertEqual({key: value for key, value in log.items() if key != "intermediates"}, {
            "config": {"arch": arch, "dataset": "wikitext-2"}, "train_loss": self.log["train_losses"][-1],
            "val_loss": self.log["val_losses"][-1], "test_loss": self.log["test_losses"][-1],
            "training_time": self.log["wall_times"][-1]})
        self.assertEqual([one["current_epoch"] for one in log["intermediates"]], list(range(1, 51)))
        self.assertEqual(log["intermediates"][2]["val_loss"], self.log["val_losses"][2])
        mean, = self.ask(arch, None, "mean")
        self.assertAlmostEqual(mean["val_loss"], sum(one["val_loss"] for one in told) / len(told), places=12)
        self.assertEqual(len(self.ask(None, None)), 341)

    def test_what_is_not_there(self):
        for words, said in (((None, "ptb"), "known: wikitext-2"), (({"f_op": "linear"}, None), "no cell"),
                            (("f", None), "is a dict"), ((None, None, "max"), "known: none, mean")):
            with self.assertRaisesRegex(errors.QuestionError, said):
                self.ask(*words)
        diverged = next(text for place, text in enumerate(self.atlas.architectures) if not any(
            one.status(run) == "completed" for one in self.atlas.settings for run in one.runs_of(place)))
        with self.assertRaisesRegex(errors.MissingValue, "no training of 50 epochs"):
            self.ask(nni.nlp._flat(diverged), None)
        with self.assertRaisesRegex(errors.UnknownName, "nasatlas-import nas-bench-nlp"):
            self.ask(None, None, atlas=RELEASED)


@unittest.skipUnless(PROGRAM, REASON)
@beside("nni", "nni")
@needs("nas-bench-nlp")
class SameAsNNINLP(Comparison, WithAtlases):
    """NNI's own conversion of the published logs, asked by NNI and here."""

    def test_answers(self):
        logs = SHARED / "nas-bench-nlp" / "wikitext2_logs.zip"
        atlas = self.publish(nas_bench_nlp.entries(logs), "nlp")
        with zipfile.ZipFile(logs) as archive:
            archive.extractall(self.folder / "logs")
        folder, = {path.parent for path in (self.folder / "logs").rglob("log_stats_model_*.json")}
        with mock.patch.dict(os.environ, NASBENCHMARK_DIR=str(self.folder)):
            model, query = original("nlp")
        self.addCleanup(forget)
        self.addCleanup(model.db.close)
        with mock.patch("sys.argv", ["db_gen", str(folder)]):
            with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
                warnings.simplefilter("ignore", ResourceWarning)
                importlib.import_module("nni.nas.benchmark.nlp.db_gen").main()
        compared = answers = 0
        archs = [None, *(nni.nlp._flat(text) for text in atlas.architectures[:40])]
        for arch, curves in itertools.product(archs, (False, True)):
            theirs = list(query.query_nlp_trial_stats(arch, "wikitext-2", None, curves))
            try:
                ours = list(nni.query_nlp_trial_stats(arch, "wikitext-2", None, curves, atlas=atlas))
            except errors.MissingValue:
                ours = []
            self.assertEqual(len(theirs), len(ours))
            place = {self.key(one): one for one in theirs}
            self.assertEqual(len(place), len(theirs))
            for one in ours:
                compared += self.compare(place[self.key(one)], one, (arch, curves))
                answers += 1
        self.assertEqual((answers, compared), (772, 114_764))

    @staticmethod
    def key(one):
        return one["train_loss"], one["training_time"]


class NotThere(unittest.TestCase):
    def test_nds(self):
        with self.assertRaisesRegex(errors.NASAtlasError, "no source of NDS") as caught:
            from nasatlas.shims.nni import query_nds_trial_stats  # noqa: F401
        self.assertIsInstance(caught.exception, ImportError)
        self.assertEqual(caught.exception.known, [name for name in nni.__all__ if name.startswith("query_")])
        with self.assertRaisesRegex(AttributeError, "query_nlp_trial_stats"):
            nni.query_nb301_trial_stats  # noqa: B018


if __name__ == "__main__":
    unittest.main()
