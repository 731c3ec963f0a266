"""Names of architectures: what a bare number may mean, and spellings that mean one thing in process and over HTTP."""

import random
import tempfile
import unittest
from http.client import HTTPMessage
from pathlib import Path

import nasatlas
import numpy as np
from connecting import QUICK, OverHTTP
from made_up_atlas import PROGRAM, REASON, Shared, publish
from nasatlas import errors
from nasatlas.importing.entries import Measurement, SourceCard
from nasatlas.remote import problems
from nasatlas.shims import nas_bench_graph, nats_bench

RELEASED = Path(__file__).resolve().parents[3] / "data" / "nasbench201.atlas"
BEST = "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|"
CIFAR10 = {"dataset": "cifar10"}


class InProcess(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.atlas = nasatlas.open(RELEASED)
        cls.addClassCleanup(cls.atlas.close)

    def refused(self, ask, number):
        with self.assertRaises(errors.AmbiguousQuestion) as caught:
            ask(number)
        self.assertEqual(caught.exception.code, "benchmarks.bare_integer")
        self.assertEqual(caught.exception.known, [f"nats:{int(number)}", f"place:{int(number)}"])
        self.assertIn(f"nats:{int(number)}, place:{int(number)}", str(caught.exception))

    def test_a_bare_number_in_a_question_about_one_is_refused(self):
        """`query(6111)` answered 84.54, of the place; NATS-Bench's 6111 is 91.61."""
        lookup, latency = self.atlas.lookup(**CIFAR10), next(
            one for one in self.atlas.quantities if one.name == "latency")
        for ask in (lambda one: self.atlas.query(one, **CIFAR10), lambda one: self.atlas.curve(one, **CIFAR10),
                    self.atlas.index, lookup, lookup.answer, lookup.curves, latency.value):
            for number in (6111, 0, 15_624, np.int64(6111), np.uint16(6111), "6111", "0"):
                self.refused(ask, number)
        for nothing in (True, False, np.True_, 6111.0):
            with self.assertRaises(errors.UnknownArchitecture):
                self.atlas.query(nothing, **CIFAR10)
        with self.assertRaisesRegex(errors.UnknownArchitecture, "allowed: places 0 to 15624"):
            self.atlas.query(15_625, **CIFAR10)

    def test_spellings(self):
        place = self.atlas.index(BEST)
        for spelling in (BEST, f"place:{place}", "nats:6111", self.atlas.architecture_id(place),
                         self.atlas.architecture_id(place)[:9]):
            self.assertEqual(self.atlas.query(spelling, **CIFAR10).architecture, BEST)
            self.assertEqual(self.atlas.lookup(**CIFAR10).values([spelling, place]).round(2).tolist(), [91.61] * 2)
        self.assertEqual(self.atlas.query("place:6111", **CIFAR10).index, 6111)
        self.assertNotEqual(self.atlas.query("place:6111", **CIFAR10).architecture, BEST)
        api = nats_bench.create(self.atlas, "tss")
        for number in (*random.Random(1).sample(range(15_625), 300), 0, 15_624):
            self.assertEqual(self.atlas.architectures[self.atlas.index(f"nats:{number}")], api.arch(number))
        for wrong in ("place:15625", "place:-1", "place:", "place:05", "place:1.0", "place: 5", "place:²", "nats:15625",
                      "nats:-1", "nats:06", "nats:x", "nats:" + "9" * 400, "id:5"):
            with self.assertRaises(errors.UnknownArchitecture) as caught:
                self.atlas.index(wrong)
            self.assertTrue(caught.exception.remedy)

    def test_lists_keep_places(self):
        lookup = self.atlas.lookup(**CIFAR10)
        values = lookup.values()
        for places in ([5, 6111], np.array([5, 6111], np.uint16), [np.int64(5), "place:6111"]):
            self.assertEqual(lookup.values(places).tolist(), values[[5, 6111]].tolist())
        with self.assertRaises(errors.AmbiguousQuestion):
            lookup.values(["6111", BEST])
        self.assertEqual(list(self.atlas.settings[0].runs_of(6111)), list(lookup.setting.runs_of(6111)))
        self.assertEqual(self.atlas.architecture_id(np.int64(5)), self.atlas.architecture_id(5))
        with self.assertRaises(errors.UnknownArchitecture):
            self.atlas.architecture_id(True)

    @unittest.skipUnless(PROGRAM, REASON)
    def test_spaces_without_a_published_index_take_places(self):
        with nasatlas.open(Shared.atlas()) as atlas:
            question = {"dataset": "first", "protocol": "twelve"}
            for place in (7, np.int64(7), "place:7"):
                self.assertEqual(atlas.query(place, **question).index, 7)
            for wrong in ("7", "nats:7", "id:7"):
                with self.assertRaises(errors.UnknownArchitecture):
                    atlas.query(wrong, **question)

    @unittest.skipUnless(PROGRAM, REASON)
    def test_the_other_published_indexes(self):
        """As Tests/SpacesTests has them."""
        cell = nas_bench_graph.Arch([0, 1, 2, 1], ["gcn", "gin", "fc", "cheb"])
        texts = {"nas-bench-graph": nas_bench_graph.text_of(cell.valid_hash()),
                 "spikenas": "|high~0|+|high~0|none~1|+|skip~0|none~1|high~2|", "nats-sss": "8:8:8:8:64"}
        with tempfile.TemporaryDirectory() as folder:
            entries = [SourceCard("made-up", "Made-up values", "made for tests", license="CC0", citation="Nobody"), *(
                Measurement(space, text, "made-up", "energy", "joule", 1.0) for space, text in texts.items())]
            with nasatlas.open(publish(folder, entries, "two")) as atlas:
                for spelling, space in (("id:12549", "spikenas"), ("nats:7", "nats-sss"),
                                        (f"hash:{cell.valid_hash()}", "nas-bench-graph")):
                    for chosen in (space, None):
                        self.assertEqual(atlas.architectures[atlas.index(spelling, chosen)], texts[space])
                with self.assertRaises(errors.AmbiguousQuestion) as caught:
                    atlas.index(1)
                self.assertEqual(sorted(caught.exception.known), ["hash:1", "id:1", "nats:1", "place:1"])
                for wrong in ("hash:9", "hash:89999", "hash:90000"):
                    with self.assertRaises(errors.UnknownArchitecture):
                        atlas.index(wrong)


class Served(OverHTTP):
    def test_the_same_over_http(self):
        for name, numbers in (("nasbench201", (6111, np.int64(6111), "6111", 15_625, True)),
                              ("tiny", (7, np.int64(7)))):
            remote, local = self.pair(name)
            question = CIFAR10 if name == "nasbench201" else {"dataset": "first", "protocol": "twelve"}
            for ask in (lambda atlas, one: atlas.query(one, **question),
                        lambda atlas, one: atlas.curve(one, **question),
                        lambda atlas, one: atlas.lookup(**question)(one), lambda atlas, one: atlas.index(one)):
                for number in numbers:
                    said = []
                    for atlas in (remote, local):
                        try:
                            said.append(repr(ask(atlas, number)))
                        except errors.QuestionError as error:
                            said.append((type(error), error.code, error.message, error.known))
                    self.assertEqual(said[0], said[1])
        remote, local = self.pair("nasbench201")
        with self.assertRaises(errors.AmbiguousQuestion):
            remote.neighbors(6111, **CIFAR10)
        for spelling in ("place:6111", "nats:6111", BEST, local.architecture_id(6111)):
            self.assertEqual(remote.query(spelling, **CIFAR10), local.query(spelling, **CIFAR10))
            self.assertEqual(remote.index(spelling), local.index(spelling))
            self.assertEqual(remote.lookup(**CIFAR10).values([spelling, 5]).tolist(),
                             local.lookup(**CIFAR10).values([spelling, 5]).tolist())
        one, other = (remote.fields(asked, ["parameters"], **CIFAR10)["parameters"].tolist()
                      for asked in ([6111, "place:6111"], [local.architectures[6111]] * 2))
        self.assertEqual(one, other)

    def test_a_ledger_keeps_places(self):
        remote, local = self.pair("nasbench201")
        ledger = remote.ledger(queries=9, **CIFAR10)
        for spelling in (6111, "place:6111", local.architectures[6111]):
            self.assertEqual(ledger.ask(spelling).architecture, local.architectures[6111])
        self.assertEqual(ledger.ask("nats:6111").architecture, BEST)
        self.assertEqual(ledger.spent["queries"], 2)
        self.assertEqual(ledger.close("place:6111").architecture, local.architectures[6111])

    def test_a_server_that_refuses_numbers_itself(self):
        headers = HTTPMessage()
        headers["Content-Type"] = "application/problem+json"
        error = problems.refusal(400, headers, b'{"code": "benchmarks.bare_integer", "detail": "the number 5"}')
        self.assertIsInstance(error, errors.AmbiguousQuestion)

    def test_following_does_not_take_a_place_to_another_atlas(self):
        remote = nasatlas.connect(self.server.address, "tiny", follow=True, **QUICK)
        self.addCleanup(remote.close)
        changed = errors.AtlasChanged("another file")

        def ask():
            raise changed
        remote._card = lambda digest: None
        remote._take = lambda card: setattr(remote, "digest", "0" * 64)
        with self.assertRaisesRegex(errors.AtlasChanged, "places may be others"):
            remote._followed(ask, "place:5")


if __name__ == "__main__":
    unittest.main()
