"""What every adapter asks."""

import importlib
import inspect
import pickle
import sys
import unittest
from unittest import mock

import nasatlas
from made_up_atlas import ARCHITECTURES, PROGRAM, REASON, Shared
from nasatlas import errors
from nasatlas.adapters.sklearn import arrays
from nasatlas.adapters.task import Task


@unittest.skipUnless(PROGRAM, REASON)
class Tasks(unittest.TestCase):
    def setUp(self):
        self.atlas = nasatlas.open(Shared.atlas())
        self.addCleanup(self.atlas.close)

    def choices(self, number):
        return self.atlas.space().parse(ARCHITECTURES[number])

    def test_arguments_are_explicit(self):
        """An editor shows the arguments of a question, as those of `Atlas.lookup`."""
        asked = {*inspect.signature(nasatlas.Atlas.lookup).parameters} - {"self"} | {"at_epoch"}
        for made in (Task, arrays):
            self.assertLessEqual(asked, {*inspect.signature(made).parameters}, made)
            with self.assertRaisesRegex(errors.WrongArgument, "unknown argument foo; known: dataset, .*at_epoch"):
                made(Shared.atlas(), foo=3)

    def test_values_and_curves_are_the_atlass(self):
        for epoch in ("last", 7, "best-so-far:5", "best-so-far", "best"):
            question = {"dataset": "second", "epoch": epoch}
            task = Task(self.atlas, **question)
            curve = self.atlas.curve(ARCHITECTURES[3], **question)
            count = {7: 7, "best-so-far:5": 5}.get(epoch, 12)
            self.assertEqual(task.value(self.choices(3)), self.atlas.query(ARCHITECTURES[3], **question).value)
            epochs, values = task.curve(self.choices(3))
            self.assertEqual((epochs.tolist(), values.tolist()),
                             (list(range(1, count + 1)), curve.mean[:count].tolist()))
            self.assertEqual(task.value(self.choices(3), 2), curve.mean[1])

    def test_seconds_end_where_the_question_does(self):
        # Odd architectures tell seconds by epoch, 1.5 + 0.1 e each; even ones a total of 100.25 for 12 epochs.
        for epoch, count in (("last", 12), (7, 7), ("best-so-far:5", 5)):
            task = Task(self.atlas, dataset="second", epoch=epoch)
            self.assertAlmostEqual(task.train_seconds(self.choices(3))[0], sum(1.5 + 0.1 * e for e in range(count)))
            self.assertAlmostEqual(task.train_seconds(self.choices(2))[0], 100.25 * count / 12)
            self.assertEqual(task.train_seconds(self.choices(2), [3, 6]).tolist(), [100.25 / 12 * 3, 100.25 / 12 * 6])
        listed = Task(self.atlas, dataset="first", protocol="listed")
        self.assertIsNone(listed.train_seconds(self.choices(1)))
        with self.assertRaisesRegex(errors.MissingValue, "no run of a=1,b=y has a training time"):
            listed.require_train_seconds(self.choices(1))

    def test_runs_that_share_no_epoch(self):
        task = Task(self.atlas, dataset="apart")
        self.assertEqual(task.value(self.choices(0)), (0.5 + 1.0) / 2)
        self.assertEqual([part.tolist() for part in task.curve(self.choices(0))], [[], []])
        self.assertEqual(task.train_seconds(self.choices(0)).tolist(), [8.0])

    def test_what_is_not_there(self):
        task = Task(self.atlas, dataset="apart")
        with self.assertRaisesRegex(errors.MissingValue, "there is no run of a=1,b=y on apart"):
            task.value(self.choices(1))
        with self.assertRaisesRegex(errors.NotInSpace, "a cannot be 9"):
            task.value({"a": 9, "b": "x"})

    def test_a_pickle_asks_the_same(self):
        task = pickle.loads(pickle.dumps(Task(Shared.atlas(), dataset="second", metric="loss", split="train")))
        self.addCleanup(task.atlas.close)
        self.assertEqual((task.name, task.larger_is_better), ("train_loss", False))
        self.assertEqual(task.value(self.choices(8)),
                         self.atlas.query(ARCHITECTURES[8], dataset="second", metric="loss", split="train").value)


class WithoutTheFramework(unittest.TestCase):
    def test_the_error_says_what_to_install(self):
        for adapter, lacking, install in (
                ("optuna", "optuna", "optuna"), ("smac", "ConfigSpace", "smac"), ("ray", "ray", r"'ray\[tune\]'"),
                ("syne_tune", "syne_tune", "syne-tune huggingface_hub")):
            with mock.patch.dict(sys.modules, {lacking: None}):
                for name in list(sys.modules):
                    if name == f"nasatlas.adapters.{adapter}" or name.startswith(f"{lacking}."):
                        del sys.modules[name]
                with self.assertRaisesRegex(errors.MissingPackage, f"{lacking}.* cannot be.*\n.*pip install {install}`"):
                    importlib.import_module(f"nasatlas.adapters.{adapter}")


if __name__ == "__main__":
    unittest.main()
