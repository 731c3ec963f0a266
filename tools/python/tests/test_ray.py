"""Ray Tune on atlases."""

import importlib.util
import logging
import os
import tempfile
import unittest

import guide
import nasatlas
from guide import ATLAS
from made_up_atlas import ARCHITECTURES, PROGRAM, REASON, Shared
from nasatlas import errors

ABSENT = "Ray Tune is not installed; tests/requirements-peers.txt pins it"

if importlib.util.find_spec("ray"):
    # What Ray writes goes to a folder of its own.
    FOLDER = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    os.environ.update(RAY_TMPDIR=FOLDER.name, RAY_USAGE_STATS_ENABLED="0", RAY_AIR_NEW_OUTPUT="0")
    import ray
    from nasatlas.adapters.ray import Trainable
    from ray import tune


def tearDownModule():
    if importlib.util.find_spec("ray"):
        ray.shutdown()
        FOLDER.cleanup()


@unittest.skipUnless(importlib.util.find_spec("ray"), ABSENT)
class Tuning(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False, logging_level="ERROR",
                 ignore_reinit_error=True)
        logging.getLogger("ray").setLevel(logging.CRITICAL)

    def opened(self, path):
        atlas = nasatlas.open(path)
        self.addCleanup(atlas.close)
        return atlas

    def fitted(self, trainable, space, **words):
        told = tune.RunConfig(storage_path=os.path.join(FOLDER.name, self.id()), verbose=0)
        return tune.Tuner(trainable.function, param_space=space, run_config=told,
                          tune_config=trainable.tune_config(reuse_actors=True, **words)).fit()

    def test_unknown_names_are_refused(self):
        trainable = Trainable(ATLAS, dataset="cifar10")
        self.addCleanup(trainable.atlas.close)
        choices = trainable.space.parse(trainable.atlas.architectures[5])
        with self.assertRaisesRegex(errors.NotInSpace, "unknown: lr"):
            trainable.function({**choices, "lr": 0.1})

    def test_the_example_of_the_guide(self):
        """Twenty evaluations."""
        results, atlas = guide.run("from nasatlas.adapters.ray")["results"], self.opened(ATLAS)
        self.assertEqual((len(results), results.num_errors), (20, 0))
        values = []
        for one in results:
            told = one.metrics
            text = atlas.space().text(one.config)
            answer = atlas.query(text, dataset="cifar10")
            self.assertEqual((told["architecture"], told["epoch"], told["validation_accuracy_percent"]),
                             (text, 200, answer.value))
            self.assertAlmostEqual(told["train_seconds"], answer.points[0].train_seconds, places=9)
            values.append(answer.value)
        self.assertGreater(len(set(values)), 10)
        self.assertEqual(results.get_best_result().metrics["validation_accuracy_percent"], max(values))

    @unittest.skipUnless(PROGRAM, REASON)
    def test_curves(self):
        atlas = self.opened(Shared.atlas())
        question = {"dataset": "second", "metric": "loss", "split": "train", "epoch": "best-so-far:9"}
        trainable = Trainable(atlas, **question)
        results = self.fitted(trainable, {**trainable.grid, "a": tune.grid_search([2, 7])}, num_samples=1)
        self.assertEqual({one.metrics["architecture"] for one in results},
                         {text for text in ARCHITECTURES if text[2] in "27"})
        for one in results:
            answer = atlas.query(one.metrics["architecture"], **question)
            curve = atlas.curve(one.metrics["architecture"], **question).mean[:9].tolist()
            frame = one.metrics_dataframe
            self.assertEqual(frame["epoch"].tolist(), list(range(1, 10)))
            self.assertEqual(frame["train_loss"].tolist(), [*curve[:-1], answer.value])
            self.assertTrue(frame["train_seconds"].is_monotonic_increasing)
        best = min(atlas.query(one.metrics["architecture"], **question).value for one in results)
        self.assertEqual(results.get_best_result().metrics["train_loss"], best)

    @unittest.skipUnless(PROGRAM, REASON)
    def test_stopping_early(self):
        atlas = self.opened(Shared.atlas())
        trainable = Trainable(atlas, dataset="second", epoch="last")
        scheduler = tune.schedulers.ASHAScheduler(time_attr="epoch", max_t=12, grace_period=2)
        results = self.fitted(trainable, {"a": tune.grid_search([1, 3, 5, 7]), "b": "x"}, scheduler=scheduler)
        ends = []
        for one in results:
            text = f"a={one.config['a']},b=x"
            ends.append(one.metrics["epoch"])
            self.assertEqual(one.metrics["validation_accuracy"],
                             atlas.query(text, dataset="second", epoch=ends[-1]).value)
        self.assertEqual((max(ends), results.num_errors), (12, 0))
        self.assertLess(min(ends), 12)

    @unittest.skipUnless(PROGRAM, REASON)
    def test_runs_that_share_no_epoch_and_what_is_not_there(self):
        trainable = Trainable(Shared.atlas(), dataset="apart")
        self.addCleanup(trainable.atlas.close)
        results = self.fitted(trainable, {"a": 1, "b": tune.grid_search(["x", "y"])})
        there, lacking = sorted(results, key=lambda one: one.error is not None)
        self.assertEqual((there.metrics["validation_accuracy"], there.metrics["train_seconds"]), (0.75, 8.0))
        self.assertNotIn("epoch", there.metrics)
        self.assertIn("there is no run of a=1,b=y on apart", str(lacking.error))


if __name__ == "__main__":
    unittest.main()
