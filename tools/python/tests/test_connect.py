"""Atlases over HTTP: the same bits as in process, and the right error when a server or the network fails."""

import collections
import itertools
import json
import pickle
import random
import shutil
import subprocess
import threading
import unittest
from pathlib import Path

import numpy as np

import guide
import nasatlas
import served
from connecting import FIRST, RELEASED, OverHTTP, same, told
from made_up_atlas import ARCHITECTURES, ask
from nasatlas import errors
from served import Served


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
                for wrong in ([len(local.atlas)], [-1], [0, len(local.atlas)]):
                    said = []
                    for lookup in (remote, local):
                        with self.assertRaises(errors.UnknownArchitecture) as caught:
                            lookup.values(wrong)
                        said.append((caught.exception.code, caught.exception.message))
                    self.assertEqual(said[0], said[1])
                    self.assertEqual(said[0][0], "benchmarks.unknown_place")
                # A server says the same of a batch that was not looked through before it was sent.
                with self.assertRaises(errors.UnknownArchitecture) as caught:
                    remote._batch(np.array([0, len(local.atlas)]))
                self.assertEqual(caught.exception.code, "benchmarks.unknown_place")
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
                    self.assertEqual(remote.architecture_id(f"place:{place}"), local.architecture_id(f"place:{place}"))
                    self.assertEqual(local.architecture_id(f"place:{place}"), local.architecture_id(place))
            self.assertEqual(remote.index(np.int64(3)), 3)
            for wrong in (-1, 99, "a=1,b=w", "ffffffffffff", None, True, 1.5):
                with self.assertRaises(errors.UnknownArchitecture):
                    remote.index(wrong)
            with self.assertRaises(errors.UnknownArchitecture):
                remote.architecture_id(99)
        for atlas in (remote, local):
            with self.assertRaises(errors.AmbiguousQuestion) as caught:
                atlas.index("a=1")
            self.assertEqual(caught.exception.code, "benchmarks.ambiguous_space")
        remote, local = self.pair("nasbench201")
        self.assertEqual(remote.query("place:5", dataset="cifar10"), local.query("place:5", dataset="cifar10"))

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
                        same(self, one.positions, other.positions)
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
        self.assertEqual([(one.architecture, one.value) for one in remote.neighbors("a=3,b=x", **FIRST)],
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
        for name, is_withheld in itertools.product(("tiny", "odd"), (False, True)):
            remote, local = self.pair(name)
            if is_withheld:
                # As a sealed atlas does it: what it tells is in an export.
                remote._whole = lambda digest: None
            for setting in local.settings:
                words = (setting.dataset, setting.protocol, setting.space)
                with self.subTest(atlas=name, setting=words, is_withheld=is_withheld):
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
        with self.assertRaisesRegex(errors.NotOverHTTP, "download"):
            remote._rows("SELECT 1")

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
        self.assertEqual((found.metric, found.split, found.units["mae"], found.units["kendall"]),
                         ("accuracy", "validation", "percent", "1"))
        self.assertEqual(found.units.keys(), found.metrics.keys())
        missing = remote.evaluate(["a=1,b=x", "a=2,b=x", "a=3,b=x"], [0.1, 0.2, 0.3], **FIRST)
        self.assertEqual((missing.count, missing.missing), (2, ["a=1,b=x"]))
        self.assertEqual(remote.evaluate([0, 3], [0.1, 0.2], **FIRST).missing, [0])

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


    def test_predictions_of_a_surrogate(self):
        folder = Path(self.folder.name, "with-a-surrogate")
        folder.mkdir()
        atlas = folder / RELEASED.name
        for file in (RELEASED, RELEASED.with_name(RELEASED.name + ".manifest.json")):
            shutil.copy(file, folder)
        subprocess.run([served.PROGRAM, "fit", atlas, "--dataset", "cifar10", "--predictor", "ridge", "--limit", "60",
                        "--folds", "2"], check=True, capture_output=True)
        server = Served(atlas, batch_keys=7)
        self.addCleanup(server.stop)
        remote, local = nasatlas.connect(server.address), nasatlas.open(atlas)
        asked = [5, local.architectures[3000], local.architecture_id(77), *range(100, 120)]
        found = remote.predict(asked, dataset="cifar10")
        truth = local.lookup(dataset="cifar10").values(asked)
        self.assertGreater(np.corrcoef(found.predictions, truth)[0, 1], 0.5)
        self.assertTrue((found.deviations > 0).all())
        self.assertEqual((found.surrogate["predictor"], found.context.kind), ("ridge", "predicted"))
        single = remote.predict(asked[1:2], dataset="cifar10")
        self.assertEqual(single.predictions[0], found.predictions[1])
        self.assertEqual(len(remote.predict([], dataset="cifar10").predictions), 0)
        with self.assertRaises(errors.WrongArgument):
            remote.predict([0], dataset="cifar10", seed=777)
        with self.assertRaises(errors.UnknownArchitecture):
            remote.predict([20_000], dataset="cifar10")
        with self.assertRaises(errors.MissingSurrogate) as caught:
            remote.predict([0], dataset="cifar100")
        self.assertEqual(caught.exception.code, "surrogates.no_surrogate")

    def test_wrong_batches_are_refused_as_in_process(self):
        remote, local = (side.lookup(**FIRST) for side in self.pair("tiny"))
        for wrong in ([0.5, 1], [True, False], np.array([True]), np.array([0.0]), "a=1", {"a=1": 1}, 3, [99_999],
                      np.array([0, -1]), [10 ** 30]):
            raised = []
            for side in (local, remote):
                with self.subTest(wrong=wrong), self.assertRaises(errors.NASAtlasError) as caught:
                    side.values(wrong)
                raised.append((type(caught.exception), str(caught.exception)))
            self.assertEqual(raised[0], raised[1])


class Ledgers(OverHTTP):
    def test_a_ledger(self):
        remote, local = self.pair("nasbench201")
        ledger = remote.ledger(queries=3, epochs=2000, simulated_seconds=1e6, dataset="cifar10")
        self.assertEqual(ledger.remaining, {"queries": 3, "epochs": 2000, "simulated_seconds": 1e6})
        best = local.top(1, dataset="cifar10")[0]
        self.assertEqual(told(ledger.ask(best.architecture)), told(best))
        self.assertEqual(told(ledger.ask(5)), told(local.query("place:5", dataset="cifar10")))
        self.assertEqual(told(ledger.ask(5)), told(local.query("place:5", dataset="cifar10")))
        runs = len(best.points) + len(local.query("place:5", dataset="cifar10").points)
        self.assertEqual(ledger.remaining["queries"], 1)
        self.assertEqual((ledger.spent["queries"], ledger.spent["epochs"]), (2, 200 * runs))
        self.assertEqual([(charge.architecture, charge.value, charge.spent["queries"]) for charge in ledger.history],
                         [(best.architecture, best.value, 1),
                          (local.architectures[5], local.query("place:5", dataset="cifar10").value, 2)])
        again = remote.resume_ledger(ledger.id)
        again.ask(6)
        with self.assertRaises(errors.BudgetExhausted) as caught:
            again.ask(7)
        self.assertEqual((caught.exception.code, caught.exception.status), ("oracles.budget_queries", 409))
        self.assertEqual(ledger.remaining["queries"], 1)
        self.assertEqual(ledger.refresh().remaining["queries"], 0)
        with self.assertRaises(errors.LedgerRefused) as caught:
            ledger.close(8)
        self.assertEqual(caught.exception.code, "server.not_asked")
        worse = local.query("place:5", dataset="cifar10").value
        report = ledger.close(5)
        self.assertEqual((report.architecture, report.asked, report.test),
                         (local.architectures[5], (worse, best.value, best.value - worse), None))
        self.assertEqual(again.refresh().report, report)
        with self.assertRaises(errors.LedgerClosed):
            again.ask(9)
        with self.assertRaises(errors.LedgerRefused):
            remote.resume_ledger("0" * 32)

    def test_a_budget_is_named(self):
        remote, _ = self.pair("tiny")
        with self.assertRaises(errors.LedgerRefused) as caught:
            remote.ledger(**FIRST)
        self.assertEqual(caught.exception.code, "server.no_budget")
        self.assertIn("queries", caught.exception.known)
        with self.assertRaises(errors.ServerError) as caught:
            remote.ledger(queries=3, unlimited=True, **FIRST)
        self.assertEqual(caught.exception.code, "server.contradiction")
        ledger = remote.ledger(unlimited=True, **FIRST)
        ledger.ask("a=2,b=y")
        self.assertEqual((ledger.limits, ledger.remaining, ledger.spent["queries"]), ({}, {}, 1))

    def test_epochs_and_test_values(self):
        remote, local = self.pair("tiny")
        ledger = remote.ledger(epochs=100, **FIRST)
        answer = ledger.ask("a=2,b=y", epoch=4)
        self.assertEqual(told(answer), told(local.query("a=2,b=y", epoch=4, **FIRST)))
        report = ledger.close("a=2,b=y")
        test = local.lookup(split="test", **FIRST)
        self.assertEqual((report.test.value, report.test.best), (test("a=2,b=y"), test.top(1)[0].value))


if __name__ == "__main__":
    unittest.main()
