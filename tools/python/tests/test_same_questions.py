"""Everything that a served atlas answers, an open one answers with the same bits: the same errors too."""

import importlib.util
import itertools
import json
import os
import random
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

import guide
import nasatlas
from connecting import FIRST, OverHTTP, same, told
from made_up_atlas import ARCHITECTURES, PROGRAM, REASON, Shared, publish
from nasatlas import errors
from nasatlas.importing.entries import DatasetCard, Measurement, MetricCard, SourceCard
from served import Served

CIFAR10 = {"dataset": "cifar10"}
WHOLE = {"space": "alpha", "dataset": "whole"}
FIELDS = {
    "tiny": ["accuracy.validation", "accuracy.test", "loss.train", "parameters", "train_seconds", "epochs", "seed",
             "status", "origin", "source", "score_validation", "latency[board]", "latency", "space", "nosuch"],
    "odd": ["accuracy.validation", "parameters", "flops", "cells", "train_seconds", "attribute.exact", "status",
            "origin", "seed", "latency[board]", "latency[board,batch=4]", "latency[batch=5]", "dataset",
            "latency_milliseconds[batch=1]", "evaluation_seconds", "train_cpu_seconds", "attribute.nosuch"],
    "nasbench201": ["accuracy_percent.validation", "parameters", "train_seconds", "latency[dataset=cifar10]", "epochs"]}
VALUES = ["0.5", "1", "3", "1e6", "1005", "'completed'", "failed", "diverged", "'x'", "777", "'unnamed-1'", "random",
          "search", "0.2", "-1", "91.5", "first", "'made-up'", "7"]
QUESTIONS = {"tiny": FIRST, "odd": WHOLE, "nasbench201": CIFAR10}


def filters(name, draw):
    """A random filter over fields, some of which are not there."""
    def condition():
        field, (low, high) = draw.choice(FIELDS[name]), draw.sample(VALUES, 2)
        return draw.choice([f"{field} {draw.choice(['=', '!=', '<', '<=', '>', '>='])} {low}", f"{field} is present",
                            f"{field} is absent", f"{field} in ({low}, {high})", f"{field} between {low} and {high}",
                            f"{field} not in ({low})", f"{field} not between {low} and {high}"])

    def part(depth):
        if depth == 0 or draw.random() < 0.4:
            return condition()
        if draw.random() < 0.25:
            return f"not ({part(depth - 1)})"
        return f" {draw.choice(['and', 'and', 'or'])} ".join(
            f"({part(depth - 1)})" if draw.random() < 0.5 else part(depth - 1) for _ in range(2))
    return part(2)


def outcome(ask):
    """What a question gives, comparable: an answer, or kind, code and what there is."""
    try:
        return ask()
    except nasatlas.NASAtlasError as error:
        return type(error).__name__, error.code


def words(error, atlas):
    """The text of an error without what differs: the path of the atlas, the id of the request, nearest names, and what
    the parser of a space says."""
    text = str(error).partition("\n  request: ")[0].replace(f"{atlas.path} has", "ATLAS has")
    text = re.sub("^(tiny|odd|nasbench201) has", "ATLAS has", text)
    return re.sub(r"\n  near are:(\n    .*)*|(?<=\n    )(tiny|alpha|zeta): .*", "", text)


def ranked(found):
    return [(one.architecture, repr(one.value), sorted(one.fields.items())) for one in found]


class Rankings(OverHTTP):
    def alike(self, name, ask):
        """Both answer alike; gives what they say."""
        remote, local = self.pairs[name]
        one, other = outcome(lambda: ask(remote)), outcome(lambda: ask(local))
        self.assertEqual(repr(one), repr(other))
        return other

    def setUp(self):
        self.pairs = {name: self.pair(name) for name in self.files}

    def test_random_filters(self):
        draw, seen = random.Random(14), {name: {"answers": 0, "nothing": 0, "errors": set()} for name in FIELDS}
        for name, count in (("tiny", 500), ("odd", 400), ("nasbench201", 40)):
            for _ in range(count):
                where = filters(name, draw)
                question = {**QUESTIONS[name], **draw.choice([{}, {}, {"seed": 777}, {"seed": "unnamed-1"},
                                                              {"seed": "all"}, {"epoch": 3}, {"epoch": "last"}])}
                show = draw.sample(FIELDS[name], 1) if draw.random() < 0.4 else []
                with self.subTest(atlas=name, where=where, show=show, **question):
                    found = self.alike(name, lambda atlas: ranked(
                        atlas.top(5, where=where, show=show, **question)))  # noqa: B023
                    if isinstance(found, tuple):
                        seen[name]["errors"].add(found[1])
                    else:
                        seen[name]["answers" if found else "nothing"] += 1
        for name in ("tiny", "odd"):
            self.assertGreater(seen[name]["answers"], 30, seen)
            self.assertGreater(seen[name]["nothing"], 10, seen)
            self.assertTrue({"benchmarks.filter_mixed", "benchmarks.filter_kind_mismatch",
                             "benchmarks.filter_unknown_field"} <= seen[name]["errors"], seen)

    def test_rankings_without_a_filter(self):
        for question in ({**FIRST, "seed": 777}, {**FIRST, "seed": 888}, {**FIRST, "seed": "mean-of-3"},
                         {"dataset": "first", "protocol": "listed"}, {"dataset": "second", "metric": "loss"}):
            for count in (1, 3, 100):
                self.alike("tiny", lambda atlas: ranked(atlas.top(count, **question)))  # noqa: B023
        found = self.alike("nasbench201", lambda atlas: ranked(atlas.top(
            3, where="parameters < 1e6", show=["parameters", "train_seconds"], **CIFAR10)))
        self.assertEqual([sorted(name for name, _ in fields) for _, _, fields in found],
                         [["parameters", "train_seconds"]] * 3)

    def test_rankings_by_a_field(self):
        draw, seen = random.Random(8), set()
        for name, count in (("tiny", 60), ("odd", 60), ("nasbench201", 12)):
            for _ in range(count):
                by = draw.choice(FIELDS[name]) + draw.choice(["", "", ":min", ":max"])
                where = filters(name, draw) if draw.random() < 0.3 else None
                show = draw.sample(FIELDS[name], 1) if draw.random() < 0.3 else []
                with self.subTest(atlas=name, by=by, where=where, show=show):
                    found = self.alike(name, lambda atlas: atlas.top(
                        6, by=by, where=where, show=show, **QUESTIONS[name]))  # noqa: B023
                    seen.add(found[1] if isinstance(found, tuple) else bool(found))
        self.assertTrue({True, "benchmarks.not_a_number", "benchmarks.unknown_field"} <= seen, seen)
        slowest = self.alike("tiny", lambda atlas: atlas.top(2, by="latency[board]:max", show=["parameters"], **FIRST))
        self.assertEqual([(one.architecture, one.value, one.fields) for one in slowest],
                         [("a=8,b=z", 34.5, {"parameters": 1023.0}), ("a=8,b=x", 31.5, {"parameters": 1021.0})])
        for count in (0, 2000):
            self.alike("odd", lambda atlas: atlas.top(count, by="parameters", **WHOLE))  # noqa: B023
        for wrong in ({"by": "parameters", "metric": "accuracy"}, {"by": "parameters", "seed": 777}, {"by": 5},
                      {"by": "parameters", "split": "test"}, {"by": "parameters", "epoch": 3}, {"by": ""},
                      {"by": "parameters", "show": "epochs"}, {"by": "parameters", "count": -1}, {"show": "epochs"}):
            self.alike("tiny", lambda atlas: atlas.top(**wrong, **FIRST))  # noqa: B023
        _, local = self.pairs["tiny"]
        with self.assertRaisesRegex(errors.WrongArgument, "by replaces the metric, so split has no effect\n.*split="):
            local.top(by="parameters", split="test", **FIRST)

    def test_mistakes_have_the_same_words(self):
        first, cifar10, whole = ({**QUESTIONS[name]} for name in ("tiny", "nasbench201", "odd"))
        long = "(" * 300 + "parameters < 1"
        for name, asks in {
                "tiny": [
                    *(lambda atlas, where=where: atlas.top(where=where, **first) for where in (
                        "foo < 0", "parametrs < 0", "parameters < ", "parameters ? 3", "parameters < 3 7", "parameters <\t",
                        "parameters < '3", "parameters < 3x", "parameters < 1e999", long, "parameters < :x",
                        "parameters < 'x'", "seed = 777 or parameters < 3", "seed = 12345")),
                    *(lambda atlas, one=one: atlas.top(show=[one], **first) for one in ("foo", "status", "latency[x]")),
                    *(lambda atlas, by=by: atlas.top(by=by, **first) for by in ("foo", "status", "foo[", "latency[x]")),
                    *(lambda atlas, one=one: atlas.query(one, **first) for one in (
                        "a=9,b=x", "zz", "", "place:99", "place:x", 99, -1, "0123456789", "a=1,b=x")),
                    *(lambda atlas, more=more: atlas.top(**first, **more) for more in (
                        {"epoch": 99}, {"seed": 5}, {"epoch": "x"}, {"metric": "x"}, {"split": "val"})),
                    lambda atlas: atlas.query("a=1,b=y", seed=5, **first),
                    lambda atlas: atlas.query("a=1,b=x", dataset="first", protocol="listed"),
                    lambda atlas: atlas.query("a=1,b=x", split="test", **first),
                    lambda atlas: atlas.curve("a=1,b=y", epoch=99, **first),
                    lambda atlas: atlas.neighbors("zz", **first), lambda atlas: atlas.pareto(["foo"], **first),
                    lambda atlas: atlas.fields(["zz"], ["parameters"], **first),
                    lambda atlas: atlas.fields(["a=1,b=x"], ["foo"], **first),
                    lambda atlas: atlas.evaluate(["a=1,b=y"], [float("nan")], **first),
                    lambda atlas: atlas.across_protocols(99, dataset="first")],
                "odd": [lambda atlas: atlas.query("a=8", **whole), lambda atlas: atlas.query("a=6"),
                        lambda atlas: atlas.query("a=7", space="zeta", dataset="whole")],
                "nasbench201": [
                    *(lambda atlas, one=one: atlas.query(one, **cifar10) for one in ("nats:99999", "nats:x", "nats:01", 5)),
                    lambda atlas: atlas.lookup(**cifar10).values(["nats:99999"]), lambda atlas: atlas.index("nats:99999"),
                    lambda atlas: atlas.fields(["nats:99999"], ["parameters"], **cifar10),
                    lambda atlas: atlas.query("nats:5", seed=777, **cifar10),
                    lambda atlas: atlas.query("nats:5", epoch=12, **cifar10)]}.items():
            for number, ask in enumerate(asks):
                with self.subTest(atlas=name, number=number):
                    told = []
                    for atlas in self.pairs[name]:
                        with self.assertRaises(nasatlas.NASAtlasError) as caught:
                            ask(atlas)
                        told.append((type(caught.exception), caught.exception.code, words(caught.exception, atlas)))
                    self.assertEqual(*told)

    def test_fronts(self):
        draw = random.Random(5)
        for name in self.files:
            numeric = [one for one in FIELDS[name] if one not in ("status", "origin", "source", "space", "dataset")]
            for _ in range(40 if name != "nasbench201" else 12):
                objectives = [one + draw.choice(["", "", ":min", ":max"]) for one in draw.sample(
                    numeric, draw.choice([1, 2, 2, 3, 4]))]
                where = filters(name, draw) if draw.random() < 0.3 else None
                with self.subTest(atlas=name, objectives=objectives, where=where):
                    self.alike(name, lambda atlas: [(*one[:2], repr(one.values)) for one in atlas.pareto(
                        objectives, where=where, **QUESTIONS[name])])  # noqa: B023
        front = self.alike("nasbench201", lambda atlas: atlas.pareto(
            ["accuracy_percent.validation", "parameters", "train_seconds"], **CIFAR10))
        self.assertGreater(len(front), 20)
        for wrong in ([], ["status", "parameters"]):
            self.alike("tiny", lambda atlas: atlas.pareto(wrong, **FIRST))  # noqa: B023

    def test_neighbors(self):
        for name, spellings in (("tiny", ARCHITECTURES[:4] + ["place:3", "B=y,A=3"]), ("odd", ["a=3", "a=7", "A = 3"]),
                                ("nasbench201", [
                                    "nats:6111", "place:5", "|NONE~0|+|none~0|none~1|+|none~0|none~1|none~2|",
                                    6111, "none"])):
            for spelling, more in itertools.product(spellings, ({}, {"seed": 777}, {"epoch": "last"}, {"epoch": 99})):
                with self.subTest(atlas=name, of=spelling, **more):
                    self.alike(name, lambda atlas: ranked(atlas.neighbors(
                        spelling, **QUESTIONS[name], **more)))  # noqa: B023
        self.assertEqual(len(self.alike("nasbench201", lambda atlas: ranked(atlas.neighbors("nats:5", **CIFAR10)))), 24)

    def test_samples(self):
        for name, seed in itertools.product(self.files, (0, 1, 2, (1 << 31) - 1)):
            found = self.alike(name, lambda atlas: atlas.sample(40, seed, **QUESTIONS[name]))  # noqa: B023
            self.assertEqual(len(found), 40)
            _, local = self.pairs[name]
            self.assertEqual([local.query(text, **QUESTIONS[name], seed="all").architecture for text in found], found)
        for words in ({}, {"space": "alpha"}, {"space": "zeta"}, {"space": "x"}, {"dataset": "whole"},
                      {"protocol": "three"}):
            for count in (1, 3, 40):
                found = self.alike("odd", lambda atlas: atlas.sample(count, 3, **words))  # noqa: B023
        # Several data sets and protocols, and one space.
        found = self.alike("tiny", lambda atlas: atlas.sample(100, 1))
        self.assertEqual(set(found), set(ARCHITECTURES))
        self.assertEqual(found[:3], self.alike("tiny", lambda atlas: atlas.sample(3, 1)))
        self.assertEqual(self.alike("odd", lambda atlas: atlas.sample(3)),
                         ("AmbiguousQuestion", "benchmarks.ambiguous_space"))
        for count, seed in ((0, 1), (True, 1), ("5", 1), (5, -1), (5, 1 << 31), (5, "x")):
            self.alike("tiny", lambda atlas: atlas.sample(count, seed, **FIRST))  # noqa: B023

    def test_fields(self):
        for name in self.files:
            texts = self.pairs[name][1].sample(12, **QUESTIONS[name])
            asked = [*texts, "place:0", 5]
            for field in FIELDS[name]:
                with self.subTest(atlas=name, field=field):
                    self.alike(name, lambda atlas: {key: column.tolist() for key, column in atlas.fields(
                        asked, [field], **QUESTIONS[name]).items()})  # noqa: B023
        lacking = "a=9,b=x"
        for wrong in ([lacking], [ARCHITECTURES[0], 999], ["place:999"], "a=1,b=x"):
            self.alike("tiny", lambda atlas: atlas.fields(wrong, ["parameters"], **FIRST))  # noqa: B023

    def test_judging_predictions(self):
        draw = random.Random(2)
        for name in self.files:
            local = self.pairs[name][1]
            texts = list(dict.fromkeys(local.sample(30, 3, **QUESTIONS[name])))
            predictions = [draw.random() for _ in texts]
            deviations = [draw.random() for _ in texts]
            for told_deviations in (None, deviations):
                self.alike(name, lambda atlas: atlas.evaluate(
                    texts, predictions, told_deviations, **QUESTIONS[name]))  # noqa: B023
        self.assertEqual(self.alike("tiny", lambda atlas: atlas.evaluate(
            {text: 0.5 for text in ARCHITECTURES[:9]}, **FIRST)).count, 8)
        self.alike("tiny", lambda atlas: atlas.evaluate(ARCHITECTURES[:3], [1.0], **FIRST))
        self.alike("tiny", lambda atlas: atlas.evaluate(ARCHITECTURES[:3], [1.0, 2.0, float("nan")], **FIRST))
        self.assertEqual(self.alike("tiny", lambda atlas: atlas.predict(ARCHITECTURES[:3], **FIRST)),
                         ("MissingSurrogate", "surrogates.no_surrogate"))
        self.assertEqual(self.alike("tiny", lambda atlas: atlas.evaluate(ARCHITECTURES[1:2], [1.0], [2.0, 3.0], **FIRST)),
                         ("WrongArgument", "nasatlas.argument"))
        with self.assertRaises(errors.MissingSurrogate) as caught:
            self.pairs["tiny"][1].predict(ARCHITECTURES[:3], **FIRST)
        self.assertRegex(str(caught.exception), "no surrogate of accuracy on validation of first under twelve\n"
                         f"  next: make one with `nasatlas fit {self.files['tiny']} --dataset first --protocol twelve ")
        self.assertNotRegex(str(caught.exception), "server|request")
        self.assertEqual(self.alike("tiny", lambda atlas: atlas.predict(ARCHITECTURES[:3], seed=7, **FIRST)),
                         ("WrongArgument", "nasatlas.argument"))

    def test_quantities_by_name(self):
        for name, words in itertools.product(self.files, (
                {}, {"device": "board"}, {"device": "boards"}, {"dataset": "cifar10"}, {"conditions": {"batch": 4}},
                {"unit": "hour"}, {"dataset": "cifar10", "unit": "second", "space": "nasbench201"})):
            self.alike(name, lambda atlas: atlas.quantity("latency", **words).values().tolist())  # noqa: B023
        remote, local = self.pairs["nasbench201"]
        same(self, remote.quantity("latency", dataset="cifar10").values(),
             local.quantity("latency", dataset="cifar10").values())
        with self.assertRaises(errors.AmbiguousQuestion) as caught:
            local.quantity("latency")
        self.assertIn("latency[dataset=cifar10]", caught.exception.known)
        self.assertIn("dataset=", caught.exception.remedy)
        with self.assertRaisesRegex(errors.UnknownName, "did you mean latency"):
            local.quantity("latencys")

    def test_configuration_spaces(self):
        for name, space in (("tiny", None), ("odd", "alpha"), ("odd", None), ("nasbench201", None), ("tiny", "x")):
            self.alike(name, lambda atlas: atlas.configuration_space(space))  # noqa: B023

    def test_an_answer_of_a_filtered_ranking_is_whole(self):
        for remote, local in (self.pairs["tiny"],):
            question = {"where": "seed = 777 and parameters > 1003", "show": ["parameters"], **FIRST}
            for one, other in zip(remote.top(5, **question), local.top(5, **question)):
                self.assertEqual(told(one), told(other))
                self.assertEqual(one.fields, other.fields)


class MeasuredAlone(OverHTTP):
    """An atlas without runs."""

    def setUp(self):
        found = [SourceCard("made-up", "Made-up values", "made for tests", license="CC0", citation="Nobody"),
                 MetricCard("accuracy", "fraction", True, "share of correct answers"),
                 DatasetCard("cifar10", "CIFAR-10", "classification", "made up", "accuracy")]
        found += [Measurement("nats-sss", f"8:8:8:8:{8 * size}", "made-up", "latency", "second", size / 7,
                              device=device) for size in range(1, 5) for device in ("one", "two")[:size]]
        found += [Measurement("nats-sss", f"8:8:8:8:{8 * size}", "made-up", "flops", "1", 7.0 * size, dataset="cifar10")
                  for size in range(1, 4)]
        self.path = publish(self.folder.name, found, "measured")
        server = Served(self.path)
        self.addCleanup(server.stop)
        self.remote, self.local = nasatlas.connect(server.address), nasatlas.open(self.path)
        self.addCleanup(self.remote.close)
        self.addCleanup(self.local.close)

    def alike(self, ask):
        one, other = outcome(lambda: ask(self.remote)), outcome(lambda: ask(self.local))
        self.assertEqual(repr(one), repr(other))
        return other

    def test_rankings(self):
        for by, words in itertools.product(
                ("latency[one]", "latency[two]:max", "flops", "latency", "parameters", "latency[three]"),
                ({}, {"show": ["flops"]}, {"show": ["latency[two]"]}, {"dataset": "cifar10"}, {"dataset": "x"},
                 {"space": "x"}, {"protocol": "x"}, {"where": "flops < 8"})):
            with self.subTest(by=by, **words):
                self.alike(lambda atlas: atlas.top(3, by=by, **words))  # noqa: B023
        best = self.alike(lambda atlas: atlas.top(2, by="latency[two]:max", show=["flops"]))
        self.assertEqual([(one.architecture, one.value, one.runs, one.fields) for one in best],
                         [("8:8:8:8:32", 4 / 7, 0, {}), ("8:8:8:8:24", 3 / 7, 0, {"flops": 21.0})])
        with self.assertRaisesRegex(errors.QuestionError, r"has no runs, only measurements\n  next: rank them with top\("):
            self.local.top()

    def test_fronts(self):
        for objectives, words in itertools.product(
                (["latency[one]", "flops:max"], ["latency[two]:max"], ["flops", "parameters"], ["channels_5"],
                 ["channels_5:max", "latency[one]"], ["latency[three]"]),
                ({}, {"where": "flops < 20"}, {"where": "channels_5 > 900"}, {"protocol": "x"}, {"dataset": "x"})):
            with self.subTest(objectives=objectives, **words):
                self.alike(lambda atlas: atlas.pareto(objectives, **words))  # noqa: B023
        for by in ("channels_5", "channels_5:max"):
            self.alike(lambda atlas: atlas.top(2, by=by, show=["channels_1"], where="channels_5 in (16, 24)"))  # noqa: B023
        self.assertEqual([one.values for one in self.alike(lambda atlas: atlas.pareto(["channels_5:max"]))], [(32.0,)])

    def test_samples(self):
        found = self.alike(lambda atlas: atlas.sample(50, 4))
        self.assertEqual(set(found), {f"8:8:8:8:{size}" for size in (8, 16, 24, 32)})
        self.alike(lambda atlas: atlas.sample(3, space="x"))
        self.alike(lambda atlas: atlas.sample(3, dataset="cifar10"))

    def test_tables(self):
        def plain(table):
            return {name: list(column) for name, column in table.items()}
        self.assertEqual(repr(self.alike(lambda atlas: plain(atlas.table()))), repr({
            "architecture": ["8:8:8:8:16", "8:8:8:8:24", "8:8:8:8:32", "8:8:8:8:8"], "space": ["nats-sss"] * 4,
            **plain(self.local.fields(range(4), ["flops", "latency[one]", "latency[two]"]))}))
        for words in ({"dataset": "cifar10"}, {"space": "nats-sss"}, {"dataset": "x"}, {"space": "x"}, {"protocol": "x"}):
            with self.subTest(**words):
                self.alike(lambda atlas: plain(atlas.table(**words)))  # noqa: B023

    @unittest.skipUnless(importlib.util.find_spec("pyarrow"), "pyarrow is not installed")
    def test_parquet(self):
        from pyarrow import parquet
        paths = [Path(self.folder.name, f"measured-{number}.parquet") for number in range(2)]
        for path, atlas in zip(paths, (self.remote, self.local)):
            atlas.to_parquet(path, curves=True)
        one, other = map(parquet.read_table, paths)
        self.assertTrue(one.equals(other))
        self.assertEqual(other.column("flops").to_pylist(), [14.0, 21.0, None, 7.0])
        self.assertEqual(json.loads(other.schema.metadata[b"nasatlas.units"]),
                         {"flops": "1", "latency[one]": "second", "latency[two]": "second"})

    def test_fields(self):
        for remote, local in ((self.remote, self.local),):
            for asked, words in itertools.product(
                    (["latency[one]"], ["latency"], ["latency[three]"], ["parameters"],
                     ["latency[one]", "latency[two]"]),
                    ({}, {"space": "nats-sss"}, {"space": "x"}, {"dataset": "x"}, {"protocol": "x"})):
                def ask(atlas):
                    return {name: column.tolist() for name, column in atlas.fields(  # noqa: B023
                        ["8:8:8:8:8", "nats:2", 3, "8:8:8:8:64"], asked, **words).items()}  # noqa: B023
                with self.subTest(asked=asked, **words):
                    self.assertEqual(repr(outcome(lambda: ask(remote))), repr(outcome(lambda: ask(local))))


@unittest.skipIf(PROGRAM is None, REASON)
class Surrogates(unittest.TestCase):
    """In process, `predict` and `evaluate` run the installed program."""

    def test_predictions_are_those_of_a_server(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "fitted.atlas")
            for ending in ("", ".manifest.json"):
                Path(f"{path}{ending}").write_bytes(Path(f"{Shared.atlas()}{ending}").read_bytes())
            fitted = subprocess.run([PROGRAM, "fit", path, "--dataset", "first", "--protocol", "twelve", "--predictor",
                                     "ridge"], capture_output=True, text=True, check=False)
            self.assertEqual(fitted.returncode, 0, fitted.stderr)
            server = Served(path)
            self.addCleanup(server.stop)
            with nasatlas.connect(server.address) as remote, nasatlas.open(path) as local:
                asked = ["a=1,b=x", "place:5", 7, "a=8,b=z"]
                one, other = remote.predict(asked, **FIRST), local.predict(asked, **FIRST)
                self.assertEqual(one.predictions.tolist(), other.predictions.tolist())
                self.assertEqual(one.deviations.tolist(), other.deviations.tolist())
                self.assertEqual(one[2:], other[2:])
                self.assertEqual(other.context.kind, "predicted")
                process = local._own_server
                self.assertIs(process, local._own_server)
            self.assertFalse(process.close.alive)

    def test_a_surrogate_made_while_the_atlas_is_open(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "late.atlas")
            for ending in ("", ".manifest.json"):
                Path(f"{path}{ending}").write_bytes(Path(f"{Shared.atlas()}{ending}").read_bytes())
            with nasatlas.open(path) as atlas:
                with self.assertRaises(errors.MissingSurrogate) as caught:
                    atlas.predict([3], **FIRST)
                command = re.search("`nasatlas (.*?)`", caught.exception.remedy)[1]
                subprocess.run([PROGRAM, *shlex.split(command), "--predictor", "ridge"], check=True, capture_output=True)
                self.assertEqual(len(atlas.predict([3], **FIRST).predictions), 1)

    def test_the_guide(self):
        self.assertEqual(guide.run("with nasatlas.open(")["quality"].count, 50)

    def test_without_the_program(self):
        with nasatlas.open(Shared.atlas()) as atlas:
            for environment in ({"PATH": "/nowhere"}, {"NASATLAS": "/no/such/program", "PATH": os.environ["PATH"]}):
                with mock.patch.dict(os.environ, environment, clear=True):
                    for ask in (lambda: atlas.predict(ARCHITECTURES[:2], **FIRST),
                                lambda: atlas.evaluate({ARCHITECTURES[0]: 1.0}, **FIRST)):
                        with self.assertRaises(errors.MissingProgram) as caught:
                            ask()
                        self.assertIn("NASATLAS", caught.exception.remedy)
            with tempfile.TemporaryDirectory() as folder:
                other = Path(folder, "nasatlas")
                other.write_text("#!/bin/sh\necho no such command >&2\nexit 64\n")
                other.chmod(0o755)
                with mock.patch.dict(os.environ, {"NASATLAS": str(other)}):
                    with self.assertRaisesRegex(errors.MissingProgram, "no such command"):
                        atlas.predict(ARCHITECTURES[:2], **FIRST)

    def test_the_server_ends_with_the_process(self):
        code = ("import nasatlas, sys, time; atlas = nasatlas.open(sys.argv[1]);"
                "atlas.evaluate({'a=1,b=x': 1.0}, dataset='first', protocol='twelve');"
                "print(atlas._own_server.address, flush=True); time.sleep(60)")
        child = subprocess.Popen([sys.executable, "-c", code, Shared.atlas()], stdout=subprocess.PIPE, text=True)
        self.addCleanup(child.stdout.close)
        address = child.stdout.readline().strip()
        nasatlas.connect(address).close()
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        deadline = time.monotonic() + 20
        while True:
            try:
                nasatlas.connect(address, retries=0).close()
            except errors.ServerUnreachable:
                break
            self.assertLess(time.monotonic(), deadline, "the server outlives its process")
            time.sleep(0.05)


if __name__ == "__main__":
    unittest.main()
