"""Atlases over HTTP: the same bits as in process, and the right error when a server or the network fails."""

import collections
import errno
import hashlib
import itertools
import json
import math
import os
import pickle
import random
import signal
import tempfile
import threading
import time
import unittest
from pathlib import Path

import numpy as np

import guide
import nasatlas
import served
from made_up_atlas import ARCHITECTURES, Shared, ask, publish
from nasatlas import errors
from nasatlas.importing.entries import (
    Curve, DatasetCard, MeanOf, Measurement, MetricCard, Parameter, ProtocolCard, Run, SourceCard, SpaceCard, Unnamed)
from served import Faulty, Served

ROOT = Path(__file__).resolve().parents[3]
RELEASED = ROOT / "data" / "nasbench201.atlas"
FIRST = {"dataset": "first", "protocol": "twelve"}
QUICK = {"timeout_seconds": 20}


def never(seconds):
    raise AssertionError(f"a request was to be made again after {seconds} seconds")


def entries(shift=0.0):
    """Two spaces that share texts, and numbers that are easily lost on the way."""
    yield SourceCard("made-up", "Made-up runs", "made for tests", licence="CC0", citation="Nobody: Made up")
    yield SpaceCard("zeta", "grid", "The last", parameters=[Parameter("a", "ordinal", list(range(1, 6)))])
    yield SpaceCard("alpha", "grid", "The first", parameters=[Parameter("a", "ordinal", list(range(1, 8)))])
    yield MetricCard("accuracy", "fraction", True, "share of correct answers")
    for name in ("whole", "partly"):
        yield DatasetCard(name, name.title(), "classification", "made up", "accuracy", source="made up", licence="CC0",
                          citation="Nobody")
    yield ProtocolCard("three", {"epochs": 3})
    values = [0.1 + shift, -0.0, math.inf, 5e-324, 1 / 3, math.nan, 1e300]
    for (space, size), dataset in itertools.product((("zeta", 5), ("alpha", 7)), ("whole", "partly")):
        for number in range(size - (dataset == "partly")):
            for seed in [7, (1 << 40) + 9, Unnamed(2), MeanOf(4)][:1 + number % 4]:
                last = values[number]
                yield Run(space, f"a={number + 1}", dataset, "three", seed, "made-up",
                          [Curve("accuracy", "validation", [0.25, -last if last else 0.0, last]),
                           Curve("accuracy", "test", [last], epochs=[3])],
                          status="timed_out" if number == 3 else "completed",
                          origin=("search", "baseline", None)[number % 3], parameters=number or None,
                          forward_flops=10 ** 12 + number, evaluation_seconds=0.5 if number % 2 else None,
                          train_seconds_by_epoch=[0.1, 0.2, 0.3] if number % 2 else None,
                          attributes={"word": "x", "flag": True, "exact": number / 7, "large": (1 << 60) + 1})
    yield Measurement("alpha", "a=1", "made-up", "latency", "millisecond", 1.5, device="board",
                      conditions={"batch": "4"})


def told(answer):
    """Everything of an answer, comparable also where numbers are NaN."""
    return repr(answer.to_dict())


def same(case, one, other):
    """The same bits, zeros with their sign and NaN included."""
    case.assertEqual(one.dtype, other.dtype)
    case.assertEqual(one.tolist().__repr__(), other.tolist().__repr__())


@unittest.skipIf(served.REASON, served.REASON)
class OverHTTP(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.files = {"tiny": Shared.atlas(), "odd": publish(cls.folder.name, entries(), "odd"), "nasbench201": RELEASED}
        cls.server = Served(*cls.files.values(), state_folder=Path(cls.folder.name, "ledgers"))
        cls.addClassCleanup(cls.server.stop)

    def pair(self, name):
        """The atlas over HTTP, never asked twice, and in process."""
        remote = nasatlas.connect(self.server.address, name, sleep=never, **QUICK)
        self.addCleanup(remote.close)
        local = nasatlas.open(self.files[name])
        self.addCleanup(local.close)
        return remote, local


class SameBitsAsInProcess(OverHTTP):
    def compare(self, question, remote, local):
        """Both ask; gives what became of it."""
        try:
            expected = question(local)
        except nasatlas.NASAtlasError as error:
            with self.assertRaises(type(error)) as caught:
                question(remote)
            found = caught.exception
            self.assertEqual((found.code, found.message), (error.code, error.message))
            if error.code != "benchmarks.no_completed_run":
                self.assertEqual(found.known, error.known)
            return "error"
        found = question(remote)
        self.assertEqual(told(found), told(expected))
        self.assertEqual(found.index, expected.index)
        self.assertEqual(repr(found), repr(expected))
        return "answer"

    def test_single_answers(self):
        outcomes = collections.Counter()
        draw = random.Random(7)
        for name, protocols, measures in (
                ("tiny", [("first", "twelve"), ("second", "twelve"), ("first", "listed"), ("apart", "listed")],
                 [("accuracy", "validation"), ("accuracy", "test"), ("loss", "train")]),
                ("odd", [("whole", "three"), ("partly", "three")], [("accuracy", "validation"), ("accuracy", "test")])):
            remote, local = self.pair(name)
            questions = [
                {"dataset": dataset, "protocol": protocol, "metric": metric, "split": split, "epoch": epoch,
                 "seed": seed} for (dataset, protocol), (metric, split), epoch, seed in itertools.product(
                    protocols, measures, [None, "best", "last", 1, 12, 50, "best-so-far", "best-so-far:3"],
                    ["mean", "all", 777, 7, (1 << 40) + 9, "unnamed-2", "mean-of-4"])]
            for question in draw.sample(questions, 160):
                if name == "odd":
                    question["space"] = draw.choice(["alpha", "zeta"])
                architecture = draw.choice(ARCHITECTURES if name == "tiny" else [f"a={draw.randrange(1, 6)}"])
                with self.subTest(architecture=architecture, **question):
                    outcomes[self.compare(lambda atlas: atlas.query(architecture, **question), remote, local)] += 1
                    try:
                        value = local.lookup(**question)(architecture)
                    except nasatlas.NASAtlasError as error:
                        with self.assertRaises(type(error)):
                            remote.lookup(**question)(architecture)
                    else:
                        self.assertEqual(repr(remote.lookup(**question)(architecture)), repr(value))
        self.assertGreater(outcomes["answer"], 50)
        self.assertGreater(outcomes["error"], 50)

    def test_what_the_card_tells(self):
        for name in self.files:
            remote, local = self.pair(name)
            with self.subTest(atlas=name):
                for what in ("digest", "version", "title", "metrics", "spaces", "sources", "datasets", "protocols",
                             "architectures"):
                    self.assertEqual(getattr(remote, what), getattr(local, what), what)
                self.assertEqual(list(remote.metrics), list(local.metrics))
                self.assertEqual(len(remote), len(local))
                self.assertEqual(
                    [(one.number, one.runs, one.space, one.dataset, one.dataset_digest, one.protocol, one.measures,
                      one.protocol_digest, one.primary_metric, one.has_scores, one.architectures, repr(one))
                     for one in remote.settings],
                    [(one.number, one.runs, one.space, one.dataset, one.dataset_digest, one.protocol, one.measures,
                      one.protocol_digest, one.primary_metric, one.has_scores, one.architectures, repr(one))
                     for one in local.settings])
                self.assertEqual([(one.name, one.unit, one.space, one.device, one.dataset, one.measurements, repr(one))
                                  for one in remote.quantities],
                                 [(one.name, one.unit, one.space, one.device, one.dataset, one.measurements, repr(one))
                                  for one in local.quantities])
                for space in local.spaces:
                    self.assertEqual(remote.space(space).parameters, local.space(space).parameters)

    def test_arrays(self):
        for name, question in (("tiny", FIRST), ("tiny", {**FIRST, "metric": "loss", "split": "train", "epoch": 4}),
                               ("tiny", {**FIRST, "seed": "unnamed-1"}), ("tiny", {**FIRST, "seed": "all"}),
                               ("odd", {"space": "alpha", "dataset": "whole", "epoch": 2}),
                               ("odd", {"space": "zeta", "dataset": "partly", "metric": "accuracy"}),
                               ("nasbench201", {"dataset": "imagenet16-120"})):
            remote, local = (atlas.lookup(**question) for atlas in self.pair(name))
            with self.subTest(atlas=name, **question):
                same(self, remote.values(), local.values())
                self.assertIs(remote.values(), remote.values())
                with self.assertRaises(ValueError):
                    remote.values()[0] = 1
                places = random.Random(1).choices(range(len(local.atlas)), k=30)
                same(self, remote.values(places), local.values(places))
                same(self, remote.values(np.array(places, np.uint16)), local.values(np.array(places, np.uint16)))
                same(self, remote.values([]), local.values([]))
                if name != "nasbench201":
                    same(self, remote.run_values(), local.run_values())
                span = local.setting.architectures
                texts = [local.atlas.architectures[place] for place in (span[-1], span[0], span[1])]
                same(self, remote.values(texts), local.values(texts))
                ids = [local.atlas.architecture_id(span[2])[:20], texts[0]]
                same(self, remote.values(ids), local.values(ids))
                for wrong in ([len(local.atlas)], [-1]):
                    with self.assertRaises(errors.UnknownName):
                        remote.values(wrong)
                with self.assertRaises(errors.UnknownArchitecture):
                    remote.values([texts[0], "no such text"])

    def test_architectures(self):
        for name in ("tiny", "odd"):
            remote, local = self.pair(name)
            for space in local.spaces:
                for place in local._spans[space]:
                    text = local.architectures[place]
                    self.assertEqual(remote.index(text, space), place)
                    self.assertEqual(remote.architecture_id(place), local.architecture_id(place))
                    self.assertEqual(remote.index(local.architecture_id(place)), place)
            self.assertEqual(remote.index(np.int64(3)), 3)
            for wrong in (-1, 99, "a=1,b=w", "ffffffffffff", None, True, 1.5):
                with self.assertRaises(errors.UnknownArchitecture):
                    remote.index(wrong)
            with self.assertRaises(errors.UnknownName):
                remote.architecture_id(99)
        with self.assertRaises(errors.AmbiguousQuestion):
            remote.index("a=1")
        remote, local = self.pair("nasbench201")
        self.assertEqual(remote.query(5, dataset="cifar10"), local.query(5, dataset="cifar10"))

    def test_curves(self):
        for name, questions in (
                ("tiny", [{**FIRST, "metric": metric, "split": split, "seed": seed} for metric, split in (
                    ("accuracy", "validation"), ("loss", "train")) for seed in ("mean", "all", 777)]
                 + [{"dataset": "apart", "seed": seed} for seed in ("mean", "all")]
                 + [{"dataset": "first", "protocol": "listed"}]),
                ("odd", [{"dataset": "whole", "space": "alpha", "split": split} for split in ("validation", "test")])):
            remote, local = self.pair(name)
            found = 0
            for question, place in itertools.product(questions, range(0, 12)):
                text = local.architectures[place]
                with self.subTest(architecture=text, **question):
                    try:
                        expected = local.curve(text, **question)
                    except errors.QuestionError as error:
                        with self.assertRaises(type(error)) as caught:
                            remote.curve(text, **question)
                        self.assertEqual((caught.exception.code, caught.exception.message), (error.code, error.message))
                        continue
                    curve = remote.curve(text, **question)
                    for one, other in ((curve, expected), *zip(curve.runs, expected.runs)):
                        same(self, one.epochs, other.epochs)
                    same(self, curve.mean, expected.mean)
                    for one, other in zip(curve.runs, expected.runs):
                        same(self, one.values, other.values)
                    for what in (lambda one: [run[:2] + run[4:] for run in one.runs],
                                 lambda one: (one.architecture, one.architecture_id, one.context, one.absent)):
                        self.assertEqual(what(curve), what(expected))
                    found += 1
            self.assertGreater(found, 5)

    def test_rankings(self):
        for name, question, count in (
                ("tiny", FIRST, 10), ("tiny", {**FIRST, "metric": "loss", "split": "train", "epoch": 4}, 1000),
                ("tiny", {**FIRST, "seed": "all"}, 5), ("odd", {"space": "alpha", "dataset": "whole"}, 9),
                ("tiny", FIRST, 1001), ("tiny", FIRST, 0), ("nasbench201", {"dataset": "cifar10"}, 20),
                # Here the program has another order of equal values, that of the published table.
                ("nasbench201", {"dataset": "cifar100"}, 400)):
            remote, local = self.pair(name)
            with self.subTest(atlas=name, count=count, **question):
                found, expected = remote.top(count, **question), local.top(count, **question)
                self.assertEqual([repr(one.value) for one in found], [repr(one.value) for one in expected])
                self.assertEqual([one.architecture for one in found], [one.architecture for one in expected])
                if count == 400:
                    self.assertLess(len({one.value for one in found}), count)
                if found and question.get("seed") != "all":
                    self.assertEqual(told(found[0]), told(expected[0]))
                    self.assertEqual(found[-1].index, expected[-1].index)

    def test_rankings_that_a_file_does_not_answer_are_those_of_the_program(self):
        remote, _ = self.pair("tiny")
        words = ("--dataset", "first", "--protocol", "twelve")
        expected, _ = ask("top", self.files["tiny"], "-k", 4, *words, "--where", "parameters > 1005",
                          "--show", "parameters")
        found = remote.top(4, where="parameters > 1005", show=["parameters"], **FIRST)
        self.assertEqual([(one.architecture, one.value, one.fields) for one in found],
                         [(one["architecture"]["canonicalText"], one["value"], one["fields"])
                          for one in expected["places"]])
        expected, _ = ask("neighbors", self.files["tiny"], "-a", "a=3,b=x", *words)
        self.assertEqual([(one.architecture, one.value) for one in remote.neighbours("a=3,b=x", **FIRST)],
                         [(one["architecture"]["canonicalText"], one["value"]) for one in expected["places"]])
        expected, _ = ask("pareto", self.files["tiny"], *words, "--objective", "accuracy.validation",
                          "--objective", "parameters:min")
        front = remote.pareto(["accuracy.validation", "parameters:min"], **FIRST)
        self.assertEqual([(one.architecture, list(one.values)) for one in front],
                         [(one["architecture"]["canonicalText"], one["values"]) for one in expected["front"]])
        self.assertGreater(len(front), 1)
        drawn = remote.sample(5, 3, **FIRST)
        self.assertEqual((len(set(drawn)), drawn), (5, remote.sample(5, 3, **FIRST)))
        self.assertLess(set(drawn), set(ARCHITECTURES))

    def test_tables(self):
        for name in ("tiny", "odd"):
            remote, local = self.pair(name)
            for setting in local.settings:
                words = (setting.dataset, setting.protocol, setting.space)
                with self.subTest(atlas=name, setting=words):
                    found, expected = remote.table(*words), local.table(*words)
                    self.assertEqual(list(found), list(expected))
                    for column, values in expected.items():
                        self.assertEqual(repr(list(found[column])), repr(list(values)), column)
                    if name == "odd":
                        self.assertIn("exact", found)
                        self.assertFalse({"word", "flag", "large"} & set(found))

    def test_files_of_tables(self):
        try:
            import pandas
            from pyarrow import parquet
        except ImportError as error:
            self.skipTest(str(error))
        remote, local = self.pair("tiny")
        pandas.testing.assert_frame_equal(remote.dataframe(**FIRST), local.dataframe(**FIRST))
        for protocol in ("twelve", "listed"):
            paths = [Path(self.folder.name, f"{kind}.parquet") for kind in ("remote", "local")]
            for path, atlas in zip(paths, (remote, local)):
                atlas.to_parquet(path, "first", protocol, curves=True)
            one, other = map(parquet.read_table, paths)
            self.assertTrue(one.schema.equals(other.schema, check_metadata=True))
            self.assertEqual(repr(one.to_pydict()), repr(other.to_pydict()))

    def test_what_only_the_file_answers(self):
        remote, _ = self.pair("tiny")
        for question in (lambda: remote.quantities[0].values(), lambda: remote.quantities[0].value(1),
                         lambda: remote._rows("SELECT 1")):
            with self.assertRaisesRegex(errors.NotOverHTTP, "download"):
                question()

    def test_evaluation(self):
        remote, local = self.pair("tiny")
        values = local.lookup(**FIRST).values()
        places = np.flatnonzero(~np.isnan(values)).tolist()
        guesses = {local.architectures[place]: values[place] + 0.01 * (place % 3) for place in places}
        found = remote.evaluate(guesses, **FIRST)
        self.assertEqual(found.count, len(places))
        # In percent, as everywhere in evaluations.
        self.assertAlmostEqual(found.metrics["mae"], 100 * np.mean([0.01 * (place % 3) for place in places]))
        again = remote.evaluate(places, list(guesses.values()), deviations=[0.1] * len(places), **FIRST)
        self.assertEqual({name: again.metrics[name] for name in found.metrics}, found.metrics)
        self.assertIn("nll", again.metrics)
        missing = remote.evaluate(["a=1,b=x", "a=2,b=x", "a=3,b=x"], [0.1, 0.2, 0.3], **FIRST)
        self.assertEqual((missing.count, missing.missing), (2, ["a=1,b=x"]))

    def test_a_pickle_and_an_address_with_a_path(self):
        remote, local = self.pair("tiny")
        again = pickle.loads(pickle.dumps(remote))
        self.assertEqual((again.digest, again.query(3, **FIRST)), (local.digest, local.query(3, **FIRST)))
        again.close()
        with nasatlas.connect(self.server.address + "/v1/", f"tiny@{local.digest}") as once_more:
            self.assertEqual(len(once_more), len(local))
        with nasatlas.connect(self.server.address, "tiny", token="secret") as trusted, \
                self.assertRaisesRegex(TypeError, "token"):
            pickle.dumps(trusted)

    def test_threads(self):
        remote, local = self.pair("tiny")
        lookup = remote.lookup(**FIRST)
        expected = local.lookup(**FIRST).values().tolist()
        found, faults = {}, []

        def work(first):
            try:
                for place in range(first, len(expected), 4):
                    found[place] = float(lookup.values([place])[0])
                    if expected[place] == expected[place]:
                        self.assertEqual(remote.query(place, **FIRST).value, expected[place])
            except BaseException as error:
                faults.append(error)

        threads = [threading.Thread(target=work, args=(first,)) for first in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(faults, [])
        self.assertEqual(repr([found[place] for place in range(len(expected))]), repr(expected))

    def test_an_adapter(self):
        try:
            from nasatlas.adapters.sklearn import arrays
        except ImportError as error:
            self.skipTest(str(error))
        for seed in ("mean", "all"):
            found, expected = (arrays(atlas, **FIRST, seed=seed) for atlas in self.pair("tiny"))
            self.assertEqual(repr([np.asarray(one).tolist() for one in found]),
                             repr([np.asarray(one).tolist() for one in expected]))

    def test_which_atlas(self):
        with self.assertRaises(errors.AmbiguousQuestion) as caught:
            nasatlas.connect(self.server.address)
        self.assertEqual(sorted(caught.exception.known), sorted(self.files))
        with self.assertRaises(errors.UnknownName) as caught:
            nasatlas.connect(self.server.address, "other")
        self.assertEqual(sorted(caught.exception.known), sorted(self.files))
        self.assertIn(f"request: {caught.exception.request_id}", str(caught.exception))
        with self.assertRaises(errors.AtlasChanged):
            nasatlas.connect(self.server.address, "tiny@" + "0" * 64)
        for address in ("ftp://localhost", "http://", "http://me@localhost", "http://localhost:port", "http://a/?b=c"):
            with self.assertRaises(errors.ServerError) as caught:
                nasatlas.connect(address)
            self.assertEqual(caught.exception.code, "client.address")

    def test_the_guide(self):
        served_alone = Served(RELEASED, state_folder=Path(self.folder.name, "of-the-guide"))
        self.addCleanup(served_alone.stop)
        names = guide.run("with nasatlas.connect(", {"http://127.0.0.1:8080": served_alone.address})
        self.assertEqual(names["answer"].value, nasatlas.open(RELEASED).query(names["cell"], dataset="cifar10").value)
        self.assertEqual(names["report"].asked.regret, 0)
        self.assertGreater(len(names["front"]), 5)
        self.assertEqual(names["ledger"].remaining, {"queries": 49})


class Ledgers(OverHTTP):
    def test_a_ledger(self):
        remote, local = self.pair("nasbench201")
        ledger = remote.ledger(queries=3, epochs=2000, simulated_seconds=1e6, dataset="cifar10")
        self.assertEqual(ledger.remaining, {"queries": 3, "epochs": 2000, "simulated_seconds": 1e6})
        best = local.top(1, dataset="cifar10")[0]
        self.assertEqual(told(ledger.ask(best.architecture)), told(best))
        self.assertEqual(told(ledger.ask(5)), told(local.query(5, dataset="cifar10")))
        self.assertEqual(told(ledger.ask(5)), told(local.query(5, dataset="cifar10")))
        runs = len(best.points) + len(local.query(5, dataset="cifar10").points)
        self.assertEqual(ledger.remaining["queries"], 1)
        self.assertEqual((ledger.spent["queries"], ledger.spent["epochs"]), (2, 200 * runs))
        self.assertEqual([(charge.architecture, charge.value, charge.spent["queries"]) for charge in ledger.history],
                         [(best.architecture, best.value, 1),
                          (local.architectures[5], local.query(5, dataset="cifar10").value, 2)])
        again = remote.resume_ledger(ledger.id)
        again.ask(6)
        with self.assertRaises(errors.BudgetExhausted) as caught:
            again.ask(7)
        self.assertEqual((caught.exception.code, caught.exception.status), ("benchmarks.budget.queries", 409))
        self.assertEqual(ledger.remaining["queries"], 1)
        self.assertEqual(ledger.refresh().remaining["queries"], 0)
        with self.assertRaises(errors.LedgerRefused) as caught:
            ledger.close(8)
        self.assertEqual(caught.exception.code, "server.not_asked")
        worse = local.query(5, dataset="cifar10").value
        report = ledger.close(5)
        self.assertEqual((report.architecture, report.asked, report.test),
                         (local.architectures[5], (worse, best.value, best.value - worse), None))
        self.assertEqual(again.refresh().report, report)
        with self.assertRaises(errors.LedgerClosed):
            again.ask(9)
        with self.assertRaises(errors.LedgerRefused):
            remote.resume_ledger("0" * 32)

    def test_epochs_and_test_values(self):
        remote, local = self.pair("tiny")
        ledger = remote.ledger(epochs=100, **FIRST)
        answer = ledger.ask("a=2,b=y", epoch=4)
        self.assertEqual(told(answer), told(local.query("a=2,b=y", epoch=4, **FIRST)))
        report = ledger.close("a=2,b=y")
        test = local.lookup(split="test", **FIRST)
        self.assertEqual((report.test.value, report.test.best), (test("a=2,b=y"), test.top(1)[0].value))


class Failures(OverHTTP):
    """R27. A proxy stands before the program and spoils its answers."""

    def setUp(self):
        self.proxy = Faulty(self.server.address)
        self.addCleanup(self.proxy.close)
        self.waits = []
        self.remote = nasatlas.connect(
            self.proxy.address, "tiny", timeout_seconds=0.5, retries=3, sleep=self.waits.append)
        self.addCleanup(self.remote.close)
        self.local = nasatlas.open(self.files["tiny"])
        self.addCleanup(self.local.close)
        self.lookup = self.remote.lookup(**FIRST)
        self.proxy.requests.clear()

    def good(self):
        """What a question gives when all goes well in the end."""
        self.assertEqual(self.remote.query("a=2,b=x", **FIRST), self.local.query("a=2,b=x", **FIRST))

    def fails(self, kind, code, *faults, question=None):
        self.proxy.faults[:] = faults
        with self.assertRaises(kind) as caught:
            (question or self.good)()
        self.assertEqual(caught.exception.code, code)
        self.assertTrue(caught.exception.request_id)
        self.assertEqual(self.proxy.faults, [])
        # And whatever came of it, the next question is answered.
        waits = list(self.waits)
        self.good()
        self.assertEqual(self.waits, waits)
        return caught.exception

    def test_one_connection_is_kept(self):
        for _ in range(20):
            self.good()
        self.assertEqual((self.proxy.connections, self.waits), (1, []))

    def test_a_connection_that_the_server_closed_meanwhile(self):
        self.proxy.faults[:] = [served.stale]
        for _ in range(3):
            self.good()
        self.assertEqual((self.proxy.connections, self.waits), (2, []))

    def test_broken_connections(self):
        self.proxy.faults[:] = [served.reset] * 3
        self.good()
        # The first is taken for a connection that had been closed before.
        self.assertEqual(self.waits, [0.2, 0.4])
        self.waits.clear()
        error = self.fails(errors.ServerUnreachable, "client.unreachable", *[served.reset] * 5)
        self.assertIsInstance(error, ConnectionError)
        self.assertEqual(self.waits, [0.2, 0.4, 0.8])
        self.proxy.close()
        self.remote.close()
        with self.assertRaises(errors.ServerUnreachable):
            nasatlas.connect("http://127.0.0.1:1", "tiny", retries=0)

    def test_answers_that_are_cut_short(self):
        for fault in (served.cut, served.cut_gzip, served.cut_chunks):
            with self.subTest(fault=fault.__name__):
                self.waits.clear()
                self.proxy.faults[:] = [fault]
                self.good()
                self.assertEqual(self.waits, [0.2])
                self.fails(errors.BrokenAnswer, "client.truncated", *[fault] * 4)
                self.waits.clear()
                self.proxy.faults[:] = [fault] * 2
                np.testing.assert_array_equal(self.lookup.values([3, 4]), self.local.lookup(**FIRST).values([3, 4]))

    def test_a_busy_server(self):
        for status, headers, waits in ((429, {"Retry_After": "3"}, [3]), (503, {"Retry_After": "7"}, [7]),
                                       (502, {}, [0.2]), (503, {"Retry_After": "soon"}, [0.2])):
            self.waits.clear()
            self.proxy.faults[:] = [served.says(status, b"<html>", Content_Type="text/html", **headers)]
            self.good()
            self.assertEqual(self.waits, waits)
        error = self.fails(errors.TooManyRequests, "server.rate", *[served.says(
            429, b'{"code": "server.rate", "detail": "too many", "hint": "wait"}',
            Content_Type="application/problem+json", Retry_After="1", X_Request_ID="theirs")] * 4)
        self.assertEqual((error.status, error.retry_after_seconds, error.remedy, error.request_id),
                         (429, 1, "wait", "theirs"))
        self.waits.clear()
        error = self.fails(errors.TooManyRequests, "client.http_429", served.says(429, Retry_After="3600"))
        self.assertIn("3600", error.remedy)
        for status, kind in ((504, errors.ServerBusy), (500, errors.ServerError), (403, errors.AccessRefused),
                             (302, errors.ServerError), (204, errors.BrokenAnswer)):
            self.fails(kind, "client.redirect" if status == 302 else "client.broken_answer" if status == 204
                       else f"client.http_{status}", served.says(status))
        self.assertEqual(self.waits, [])
        self.fails(errors.ServerBusy, "client.http_503", *[served.says(503)] * 4)

    def test_a_date_to_come_again(self):
        date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 30))
        self.proxy.faults[:] = [served.says(429, Retry_After=date)]
        self.good()
        self.assertTrue(25 < self.waits[0] <= 30, self.waits)

    def test_garbage(self):
        json_type = {"Content_Type": "application/json"}
        for body in (b"", b"nothing", b"[1, 2]", b"{}", b'{"value": 1', b'{"architecture": 5}', b"[" * 100_000,
                     b"\xff\xfe", b'{"points": NaN}',
                     b'{"architecture": {"canonicalText": "a", "space": "b"}, "points": 3, "absent": []}'):
            with self.subTest(body=body[:40]):
                self.fails(errors.BrokenAnswer, "client.broken_answer", served.says(200, body, **json_type))
        self.fails(errors.BrokenAnswer, "client.broken_answer", served.says(200, b'{"value": true}', **json_type),
                   question=lambda: self.lookup("a=2,b=x"))
        self.fails(errors.BrokenAnswer, "client.content_type", served.says(200, b"{}", Content_Type="text/html"))
        for coding in ("br", "gzip"):
            self.fails(errors.BrokenAnswer, "client.encoding",
                       served.says(200, b"{}", Content_Encoding=coding, **json_type))
        self.fails(errors.BrokenAnswer, "client.no_length", served.endless)
        self.fails(errors.BrokenAnswer, "client.no_http", served.other_protocol)
        # A byte more or less of an array.
        for change in (lambda body: body[:-1], lambda body: body + b"\0" * 8):
            self.fails(errors.BrokenAnswer, "client.broken_answer",
                       served.changed(lambda status, headers, body, change=change: (status, headers, change(body))),
                       question=lambda: self.lookup.values([1, 2, 3]))
        self.fails(errors.BrokenAnswer, "client.broken_answer", served.changed(
            lambda status, headers, body: (status, headers, json.dumps({**json.loads(body), "values": [1]}).encode())),
            question=lambda: self.lookup.values(["a=2,b=x", "a=3,b=x"]))
        self.assertEqual(self.waits, [])

    def test_slow_servers(self):
        for fault in (served.slow, served.dripping):
            start = time.monotonic()
            error = self.fails(errors.ServerTimeout, "client.timeout", fault)
            self.assertLess(time.monotonic() - start, 1.2)
            self.assertIsInstance(error, TimeoutError)
        self.assertEqual(self.waits, [])

    def test_an_answer_of_another_atlas(self):
        other = "1" * 64
        error = self.fails(errors.AtlasChanged, "client.atlas_changed", served.changed(
            lambda status, headers, body: (status, {**headers, "ETag": f'W/"{other}"'}, body)))
        self.assertEqual(error.digest, other)
        self.assertEqual(self.waits, [])

    def test_any_change_of_the_bytes(self):
        draw = random.Random(9)

        def damaged(status, headers, body):
            place = draw.randrange(len(body))
            return status, headers, body[:place] + bytes([draw.randrange(256)]) + body[place + 1:]

        seen = collections.Counter()
        for _ in range(120):
            self.proxy.faults[:] = [served.changed(damaged)]
            try:
                self.remote.query("a=2,b=x", **FIRST)
                seen["answer"] += 1
            except errors.BrokenAnswer:
                seen["error"] += 1
            except errors.AtlasChanged as error:
                self.fail(f"the digest in the head was not changed: {error}")
        self.assertGreater(min(seen.values()), 10)
        # Behind gzip no damage changes a byte unnoticed.
        whole, found = self.remote._ask("GET", "/manifest"), 0
        self.assertEqual(whole.headers["Content-Encoding"], "gzip")
        for _ in range(60):
            self.proxy.faults[:] = [served.changed(damaged)] * 4
            try:
                self.assertEqual(self.remote._ask("GET", "/manifest").body, whole.body)
            except errors.BrokenAnswer:
                found += 1
        self.assertGreater(found, 40)

    def test_an_answer_of_another_question(self):
        def answer(lookup):
            return lookup.answer("a=2,b=x")

        def value(lookup):
            return lookup("a=2,b=x")

        def curves(lookup):
            return lookup.curves("a=2,b=x")

        def top(lookup):
            return lookup.top(3)

        # A value alone does not say of which data set it is, and a curve has all epochs.
        for other, questions in (({**FIRST, "epoch": 3}, (answer, value, top)),
                                 ({**FIRST, "seed": 777}, (answer, value, curves, top)),
                                 ({"dataset": "second"}, (answer, curves, top))):
            for ask_for in questions:
                self.proxy.requests.clear()
                ask_for(self.remote.lookup(**other))
                target = self.proxy.requests[0][1]
                self.proxy.faults[:] = [lambda exchange: (setattr(exchange, "target", target), exchange.through())[1]]
                with self.assertRaises(errors.BrokenAnswer):
                    ask_for(self.lookup)

    @unittest.skipUnless(os.path.exists("/dev/full"), "there is no /dev/full")
    def test_a_full_disk_is_no_fault_of_the_server(self):
        path = Path(self.folder.name, "full.atlas")
        os.symlink("/dev/full", f"{path}.{self.local.digest[:12]}.part")
        with self.assertRaises(OSError) as caught:
            self.remote.download(path)
        self.assertEqual((type(caught.exception), caught.exception.errno, self.waits), (OSError, errno.ENOSPC, []))
        self.good()

    def test_a_ledger_is_closed_once(self):
        ledger = self.remote.ledger(queries=2, **FIRST)
        self.proxy.faults[:] = [served.lost, served.lost]
        ledger.ask("a=2,b=x")
        self.assertEqual(ledger.remaining, {"queries": 1})
        self.waits.clear()
        for fault, is_closed in ((served.reset, False), (served.says(503), False), (served.lost, True)):
            self.proxy.requests.clear()
            self.proxy.faults[:] = [fault]
            with self.assertRaises(errors.ServerError) as caught:
                ledger.close("a=2,b=x")
            if caught.exception.status is None:
                self.assertIn("refresh", caught.exception.remedy)
            self.assertEqual([target for method, target, _ in self.proxy.requests if method == "POST"],
                             [f"/v1/ledgers/{ledger.id}/close"])
            self.assertEqual(ledger.refresh().report is not None, is_closed)
        self.proxy.requests.clear()
        self.proxy.faults[:] = [served.says(503)]
        with self.assertRaises(errors.ServerBusy):
            self.remote.ledger(queries=2, **FIRST)
        self.assertEqual((len(self.proxy.requests), self.waits), (1, []))

    def test_downloads(self):
        path = Path(tempfile.mkdtemp(dir=self.folder.name), "copy.atlas")
        self.proxy.faults[:] = [served.cut, served.cut]
        with self.remote.download(path) as copy:
            self.assertEqual(copy.query(3, **FIRST), self.local.query(3, **FIRST))
        self.assertEqual(path.read_bytes(), self.files["tiny"].read_bytes())
        self.assertEqual(*(Path(f"{one}.manifest.json").read_bytes() for one in (path, self.files["tiny"])))
        ranges = [headers.get("Range") for _, target, headers in self.proxy.requests if target.endswith("/file")]
        size = path.stat().st_size
        self.assertEqual(ranges, [None, f"bytes={size // 2}-", f"bytes={size // 2 + (size - size // 2) // 2}-"])
        self.proxy.requests.clear()
        self.remote.download(path).close()
        self.assertEqual(self.proxy.requests, [])
        # Another process goes on where one ended.
        ended = path.with_name("later.atlas")
        Path(f"{ended}.{self.local.digest[:12]}.part").write_bytes(path.read_bytes()[:1000])
        self.remote.download(ended).close()
        self.assertEqual(self.proxy.requests[0][2]["Range"], "bytes=1000-")
        self.assertEqual(sorted(one.name for one in path.parent.iterdir()), [
            "copy.atlas", "copy.atlas.manifest.json", "later.atlas", "later.atlas.manifest.json"])

    def test_downloads_of_wrong_bytes(self):
        path = Path(tempfile.mkdtemp(dir=self.folder.name), "copy.atlas")
        wrong = served.changed(lambda status, headers, body: (status, headers, body[:-1] + bytes([body[-1] ^ 1])))
        self.fails(errors.BrokenAnswer, "client.wrong_digest", wrong, question=lambda: self.remote.download(path))
        part = Path(f"{path}.{self.local.digest[:12]}.part")
        part.write_bytes(b"x" * 1000)
        self.fails(errors.BrokenAnswer, "client.wrong_digest", question=lambda: self.remote.download(path))
        part.write_bytes(self.files["tiny"].read_bytes()[:1000])
        self.fails(errors.BrokenAnswer, "client.range", served.changed(
            lambda status, headers, body: (status, {**headers, "Content-Range": "bytes 0-9/10"}, body)),
            question=lambda: self.remote.download(path))
        part.unlink()
        self.fails(errors.BrokenAnswer, "client.wrong_digest", served.Exchange.through, served.says(
            200, json.dumps({"manifest": {"digest": "1" * 64}}).encode(), Content_Type="application/json"),
            question=lambda: self.remote.download(path))
        self.assertFalse(path.exists())
        path.write_bytes(b"something of mine")
        with self.assertRaises(errors.NASAtlasError) as caught:
            self.remote.download(path)
        self.assertEqual((caught.exception.code, path.read_bytes()), ("client.file_exists", b"something of mine"))
        self.remote.download(path, replace=True).close()
        self.assertEqual(hashlib.sha256(path.read_bytes()).hexdigest(), self.local.digest)


@unittest.skipIf(served.REASON, served.REASON)
class Restarts(unittest.TestCase):
    """Servers of their own, which are stopped, limited, sealed, or given other files."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.path = self.folder / "odd.atlas"

    def publish(self, shift=0.0):
        place = Path(tempfile.mkdtemp(dir=self.folder))
        made = publish(place, entries(shift), "odd")
        for end in (".manifest.json", ""):
            os.replace(f"{made}{end}", f"{self.path}{end}")

    def connect(self, server, **how):
        remote = nasatlas.connect(server.address, **how)
        self.addCleanup(remote.close)
        return remote

    def serve(self, *atlases, **settings):
        server = Served(*atlases, state_folder=self.folder / "ledgers", **settings)
        self.addCleanup(server.stop)
        return server

    def test_a_restart_and_another_file(self):
        self.publish()
        server = self.serve(self.path)
        question = {"dataset": "whole", "space": "alpha"}
        waits = []

        def start_again(seconds):
            waits.append(seconds)
            server.start()

        remote = self.connect(server, sleep=start_again)
        ledger = remote.ledger(queries=2, **question)
        ledger.ask("a=1")
        server.stop(signal.SIGKILL)
        self.assertEqual(remote.query("a=1", **question).value, 0.1)
        self.assertEqual(len(waits), 1)
        self.assertEqual(ledger.refresh().remaining, {"queries": 1})

        following = self.connect(server, follow=True, sleep=never)
        before, stale = following.digest, following.lookup(**question)
        best = stale.top(1001)[0]
        pickled = pickle.dumps(remote)
        self.publish(0.5)
        server.renew()
        after = nasatlas.open(self.path).digest
        for _ in range(200):
            try:
                remote.query("a=1", **question)
            except errors.AtlasChanged as error:
                self.assertEqual((error.digest, error.code), (after, "server.other_digest"))
                break
            time.sleep(0.02)
        else:
            self.fail("the server still has the old file")
        with self.assertRaises(errors.AtlasChanged):
            remote.lookup(**question).values()
        with self.assertRaises(errors.AtlasChanged):
            pickle.loads(pickled)
        with self.assertRaisesRegex(errors.AtlasChanged, "places"):
            following.query(0, **question)
        self.assertEqual((following.digest, following.query(0, **question).value), (after, 0.6))
        with self.assertRaises(errors.AtlasChanged) as caught:
            stale("a=1")
        self.assertEqual((caught.exception.digest, before), (after, remote.digest))
        self.assertEqual((best.architecture, best.context.atlas_digest), ("a=3", before))
        with self.assertRaises(errors.AtlasChanged):
            best.index  # noqa: B018
        self.publish(0.25)
        server.renew()
        for _ in range(200):
            if (answer := following.query("a=1", **question)).value != 0.6:
                break
            time.sleep(0.02)
        self.assertEqual((answer.value, answer.context.atlas_digest), (0.35, nasatlas.open(self.path).digest))

    def test_limits_and_tokens(self):
        tokens = self.folder / "tokens"
        tokens.write_text(hashlib.sha256(b"open-sesame").hexdigest() + "\n")
        server = self.serve(Shared.atlas(), batch_keys=5, page_rows=7, token_file=tokens, reading_needs_token="true")
        for token in (None, "wrong"):
            with self.assertRaises(errors.AccessRefused) as caught:
                self.connect(server, token=token)
            self.assertEqual((caught.exception.status, caught.exception.code), (401, "server.unauthorized"))
            self.assertNotIn("wrong", str(caught.exception))
        with self.assertRaises(errors.ServerError):
            self.connect(server, token="two\r\nlines")
        remote, local = self.connect(server, token="open-sesame"), nasatlas.open(Shared.atlas())
        self.assertEqual(remote.architectures, local.architectures)
        same(self, remote.lookup(**FIRST).values(), local.lookup(**FIRST).values())
        same(self, remote.lookup(**FIRST).values(ARCHITECTURES), local.lookup(**FIRST).values(ARCHITECTURES))
        self.assertEqual(remote.ledger(queries=1, **FIRST).remaining, {"queries": 1})

    def test_a_rate(self):
        server = self.serve(Shared.atlas(), requests_per_second=20, request_burst=4)
        waits = []

        def sleep(seconds):
            waits.append(seconds)
            time.sleep(seconds)

        remote, local = self.connect(server, sleep=sleep), nasatlas.open(Shared.atlas())
        for _ in range(10):
            self.assertEqual(remote.query("a=2,b=x", **FIRST), local.query("a=2,b=x", **FIRST))
        self.assertTrue(waits)
        self.assertGreaterEqual(min(waits), 1)

    def test_a_sealed_atlas(self):
        self.publish()
        server = Served(sealed=[self.path], state_folder=self.folder / "ledgers")
        self.addCleanup(server.stop)
        remote, local = self.connect(server), nasatlas.open(self.path)
        question = {"dataset": "whole", "space": "alpha"}
        self.assertTrue(remote.is_sealed)
        self.assertEqual(told(remote.query("a=1", **question)), told(local.query("a=1", **question)))
        for ask_for in (lambda: remote.query("a=1", split="test", **question),
                        lambda: remote.download(self.folder / "copy.atlas")):
            with self.assertRaises(errors.SealedValue):
                ask_for()
        table = remote.table(**question)
        self.assertNotIn("accuracy.test", table)
        self.assertEqual(repr(table["accuracy.validation"]), repr(local.table(**question)["accuracy.validation"]))
        ledger = remote.ledger(queries=1, **question)
        ledger.ask("a=1")
        self.assertEqual(ledger.close("a=1").test.value, local.lookup(split="test", **question)("a=1"))


if __name__ == "__main__":
    unittest.main()
