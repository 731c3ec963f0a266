"""A question across protocols: which protocol answers for an architecture, what the answer says, what is refused."""

import pickle
import tempfile
import unittest

import guide
import nasatlas
import numpy as np
from benchmark_data import needs, slow
from made_up_atlas import PROGRAM, REASON, publish
from nasatlas import errors
from nasatlas.adapters.task import Task
from nasatlas.importing.entries import (
    Curve, DatasetCard, MetricCard, Parameter, ProtocolCard, Run, SourceCard, SpaceCard)
from nasatlas.importing.sources import spikenas
from published import SHARED
from served import Served

QUESTION = {"dataset": "rows"}


def entries():
    """a=1, 2, 3 for four epochs; a=3, 4 for eight; a=5 for two of eight; a=6 without a run on this data set."""
    yield SourceCard("drawn", "Drawn", "made for tests", citation="Nobody: Drawn")
    yield SpaceCard("line", "grid", "One parameter", parameters=[Parameter("a", "ordinal", [1, 2, 3, 4, 5, 6])])
    yield MetricCard("accuracy", "fraction", True, "share of correct answers")
    yield MetricCard("loss", "nat", False, "cross-entropy")
    for name in ("rows", "other"):
        yield DatasetCard(name, name.title(), "classification", "made up", "accuracy")
    yield ProtocolCard("long", {"epochs": 8})
    yield ProtocolCard("short", {"epochs": 4})
    for a, protocol, seed, epochs in ((1, "short", 1, 4), (1, "short", 2, 4), (2, "short", 1, 4), (3, "short", 1, 4),
                                      (3, "long", 1, 8), (4, "long", 1, 8), (4, "long", 2, 8), (5, "long", 1, 2)):
        start = (32 if protocol == "long" else 0) + 4 * a + seed
        curves = [Curve("accuracy", "validation", [(start + epoch) / 128 for epoch in range(1, epochs + 1)])]
        if protocol == "long":
            curves.append(Curve("loss", "validation", [2.0 - epoch / 16 for epoch in range(epochs)]))
        yield Run("line", f"a={a}", "rows", protocol, seed, "drawn", curves, costs={"train_seconds": 10.0 * epochs})
    yield Run("line", "a=6", "other", "short", 1, "drawn", [Curve("accuracy", "validation", [0.5])])


@unittest.skipUnless(PROGRAM, REASON)
class AcrossProtocols(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.path = publish(folder.name, entries(), "two")
        cls.atlas = nasatlas.open(cls.path)

    def test_the_shortest_protocol_that_reaches_the_epoch_answers(self):
        asked = self.atlas.across_protocols(4, **QUESTION)
        self.assertEqual((asked.protocols, asked.counts), (["short", "long"], {"short": 3, "long": 1}))
        self.assertEqual(repr(asked), "<AcrossProtocols accuracy.validation on rows, epoch 4: 3 of short, 1 of long>")
        for a, protocol in ((1, "short"), (2, "short"), (3, "short"), (4, "long")):
            answer = asked.answer(f"a={a}")
            alone = self.atlas.query(f"a={a}", protocol=protocol, epoch=4, **QUESTION)
            self.assertEqual(answer, alone)
            self.assertEqual((answer.context.protocol, answer.context.epoch), (protocol, "4"))
            self.assertEqual(asked(f"a={a}"), alone.value)
            self.assertEqual({point.epoch for point in answer.points}, {4})
        self.assertEqual((asked.context.protocol, asked.context.epoch), ("short, long", "4"))
        self.assertEqual(asked.curves("a=4").context.protocol, "long")
        self.assertEqual(asked.known_epochs().tolist(), [1, 2, 3, 4])

    def test_all_architectures(self):
        asked = self.atlas.across_protocols(4, **QUESTION)
        expected = [9.5, 13, 17, 53.5, np.nan, np.nan]
        np.testing.assert_array_equal(asked.values() * 128, expected)
        np.testing.assert_array_equal(asked.values(["a=4", 0]) * 128, [53.5, 9.5])
        np.testing.assert_array_equal(asked.values(np.array([1])) * 128, [13])
        self.assertEqual([(one.architecture, one.context.protocol) for one in asked.top(2)],
                         [("a=4", "long"), ("a=3", "short")])
        self.assertEqual(len(asked.top()), 4)
        self.assertEqual(self.atlas.across_protocols(4, seed=2, **QUESTION).counts, {"short": 1, "long": 1})

    def test_epochs_and_metrics_that_one_protocol_has(self):
        long = self.atlas.across_protocols(6, **QUESTION)
        self.assertEqual((long.protocols, long.counts), (["long"], {"long": 2}))
        losses = self.atlas.across_protocols(4, metric="loss", **QUESTION)
        self.assertEqual((losses.protocols, losses.larger_is_better), (["long"], False))
        self.assertEqual([one.architecture for one in losses.top()], ["a=3", "a=4"])
        self.assertEqual(self.atlas.across_protocols(2, **QUESTION).counts, {"short": 3, "long": 2})

    def test_what_is_not_there(self):
        asked = self.atlas.across_protocols(4, **QUESTION)
        for text, told in (("a=5", "a=5 has no value at epoch 4 under any of short, long; it has epochs long: 1, 2"),
                           ("a=6", "it has epochs none")):
            with self.assertRaisesRegex(errors.MissingValue, told):
                asked(text)
        with self.assertRaises(errors.UnknownArchitecture):
            asked("a=7")
        for words, kind, told in (
                ({"at_epoch": 9}, errors.MissingValue, "no protocol of rows has values at epoch 9; known: "),
                ({"dataset": None}, errors.AmbiguousQuestion, "other, rows"),
                ({"dataset": "row"}, errors.UnknownName, "did you mean rows"),
                ({"metric": "loss", "split": "test"}, errors.UnknownName, "no split test"),
                ({"metric": "f1"}, errors.UnknownName, "unknown metric f1"), ({"seed": 7}, errors.UnknownName, "unknown seed 7"),
                ({"space": "grid"}, errors.UnknownName, "unknown space grid"),
                ({"seed": "all"}, errors.QuestionError, "mean"),
                ({"at_epoch": 0}, errors.UnknownName, "0 is not an epoch"),
                ({"at_epoch": True}, errors.UnknownName, "True is not an epoch"),
                ({"at_epoch": "4"}, errors.UnknownName, "'4' is not an epoch")):
            with self.assertRaisesRegex(kind, told, msg=words):
                self.atlas.across_protocols(**{"at_epoch": 4, **QUESTION, **words})
        for count in (-1, True, "2"):
            with self.assertRaises(errors.WrongArgument):
                asked.top(count)

    def test_a_pickle_asks_the_same(self):
        again = pickle.loads(pickle.dumps(self.atlas.across_protocols(4, **QUESTION)))
        self.addCleanup(again.atlas.close)
        self.assertEqual((again.counts, again("a=4") * 128), ({"short": 3, "long": 1}, 53.5))

    def test_tasks(self):
        task = Task(self.atlas, at_epoch=4, **QUESTION)
        self.assertEqual((task.value({"a": 4}) * 128, task.value({"a": 4}, 2) * 128, task.last_epoch), (53.5, 51.5, 4))
        self.assertEqual(task.value({"a": 1}, 2) * 128, 7.5)
        epochs, values = task.curve({"a": 4})
        self.assertEqual((epochs.tolist(), (values * 128).tolist()), ([1, 2, 3, 4], [50.5, 51.5, 52.5, 53.5]))
        self.assertEqual((task.train_seconds({"a": 4}).tolist(), task.train_seconds({"a": 1}, [1, 4]).tolist()),
                         ([40.0], [10.0, 40.0]))
        with self.assertRaisesRegex(errors.WrongArgument, "epoch and protocol cannot be given too"):
            Task(self.atlas, at_epoch=4, epoch=4, protocol="short", **QUESTION)

    def test_over_http(self):
        server = Served(self.path)
        self.addCleanup(server.stop)
        with nasatlas.connect(server.address, timeout_seconds=20) as remote:
            here, there = (one.across_protocols(4, **QUESTION) for one in (self.atlas, remote))
            self.assertEqual(there.counts, here.counts)
            np.testing.assert_array_equal(there.values(), here.values())
            self.assertEqual(there.answer("a=4").context, here.answer("a=4").context)
            self.assertEqual([one.index for one in there.top(3)], [one.index for one in here.top(3)])


@slow("the archive of SpikeNAS-Bench takes half a minute")
@unittest.skipUnless(PROGRAM, REASON)
@needs("spikenas")
class SpikeNAS(unittest.TestCase):
    def test_the_whole_space_at_100_epochs(self):
        with tempfile.TemporaryDirectory() as folder:
            path = publish(folder, spikenas.entries(SHARED / "spikenas"), "spikenas")
            names = guide.run("spikenas = nasatlas.open", {"spikenas.atlas": str(path)})
            self.addCleanup(names["spikenas"].close)
            self.assertEqual(int(np.isfinite(names["asked"].values()).sum()), 15_625)


if __name__ == "__main__":
    unittest.main()
