"""Atlases as blackboxes of Syne Tune."""

import contextlib
import importlib.util
import io
import itertools
import logging
import math
import os
import pickle
import subprocess
import tempfile
import unittest
from pathlib import Path

import guide
import nasatlas
import numpy as np
import test_across_protocols
from guide import ATLAS
from made_up_atlas import ARCHITECTURES, PROGRAM, REASON, Shared, publish
from nasatlas import errors
from nasatlas.importing import ndjson
from nasatlas.importing.entries import (
    Curve, DatasetCard, MetricCard, Parameter, ProtocolCard, Run, SourceCard, SpaceCard, Unnamed)

ABSENT = "Syne Tune is not installed with huggingface_hub; tests/requirements-peers.txt pins both"
THERE = all(map(importlib.util.find_spec, ("syne_tune", "huggingface_hub")))

if THERE:
    # What a tuner writes goes to a folder of its own.
    FOLDER = tempfile.TemporaryDirectory()
    os.environ["SYNETUNE_FOLDER"] = FOLDER.name
    from nasatlas.adapters.syne_tune import AtlasBlackbox
    from syne_tune import StoppingCriterion, Tuner
    from syne_tune.backend.simulator_backend.simulator_callback import SimulatorCallback
    from syne_tune.blackbox_repository import UserBlackboxBackend, add_surrogate
    from syne_tune.optimizer.baselines import ASHA, RandomSearch
    from syne_tune.optimizer.schedulers.transfer_learning.transfer_learning_task_evaluation import (
        TransferLearningTaskEvaluations)
    from syne_tune.optimizer.schedulers.transfer_learning.bounding_box import BoundingBox
    for name in [one for one in logging.root.manager.loggerDict if one.startswith("syne_tune")]:
        logging.getLogger(name).setLevel(logging.ERROR)


class Opened(unittest.TestCase):
    def opened(self, path):
        atlas = nasatlas.open(path)
        self.addCleanup(atlas.close)
        return atlas


@unittest.skipUnless(THERE, ABSENT)
class OnNASBench201(Opened):
    def test_the_example_of_the_guide(self):
        """Twenty evaluations with the simulator."""
        names = guide.run("from syne_tune import")
        found, atlas = names["tuner"].tuning_status, self.opened(ATLAS)
        self.assertGreaterEqual(found.num_trials_finished, 20)
        self.assertEqual(found.num_trials_failed, 0)
        ended = 0
        for told in found.trial_rows.values():
            if "epoch" in told:
                text = atlas.space().text({name: told[name] for name in names["blackbox"].configuration_space})
                answer = atlas.query(text, dataset="cifar10")
                self.assertEqual((told["epoch"], told["validation_accuracy_percent"]), (200, answer.value))
                self.assertAlmostEqual(told["train_seconds"], answer.points[0].train_seconds, places=9)
                ended += 1
        self.assertGreaterEqual(ended, 20)
        best, _ = names["tuner"].best_config()
        values = [told["validation_accuracy_percent"] for told in found.trial_rows.values() if "epoch" in told]
        self.assertEqual(found.trial_rows[best]["validation_accuracy_percent"], max(values))

    def test_an_epoch_that_is_not_there(self):
        blackbox = AtlasBlackbox(ATLAS, dataset="cifar10")
        self.addCleanup(blackbox.task.atlas.close)
        with self.assertRaisesRegex(errors.MissingValue, "no epoch 12 here; known: 200"):
            blackbox(blackbox.all_configurations(1)[0], fidelity=12)
        with self.assertRaisesRegex(errors.MissingValue, "no value of epoch 12; it has 200"):
            AtlasBlackbox(ATLAS, dataset="cifar10", epoch=12)


@unittest.skipUnless(THERE, ABSENT)
@unittest.skipUnless(PROGRAM, REASON)
class OnCurves(Opened):
    def setUp(self):
        self.atlas = self.opened(Shared.atlas())

    def test_stopping_early(self):
        blackbox = AtlasBlackbox(self.atlas, dataset="second", epoch="last")
        self.assertEqual((blackbox.fidelity_values.tolist(), blackbox.objectives_names),
                         (list(range(1, 13)), ["validation_accuracy", "train_seconds"]))
        callback = SimulatorCallback()
        tuner = Tuner(
            trial_backend=UserBlackboxBackend(blackbox, elapsed_time_attr="train_seconds"),
            scheduler=ASHA(blackbox.configuration_space, metric="validation_accuracy", time_attr="epoch", max_t=12,
                           do_minimize=blackbox.do_minimize, random_seed=2),
            stop_criterion=StoppingCriterion(max_num_trials_finished=20), n_workers=2, sleep_time=0,
            callbacks=[callback])
        with contextlib.redirect_stdout(io.StringIO()):
            tuner.run()
        last = {}
        for told in callback.results:
            text = f"a={told['config_a']},b={told['config_b']}"
            answer = self.atlas.query(text, dataset="second", epoch=told["epoch"])
            self.assertEqual(told["validation_accuracy"], answer.value)
            self.assertAlmostEqual(told["train_seconds"], answer.points[0].train_seconds, places=9)
            last[told["trial_id"]] = told["epoch"]
        self.assertGreaterEqual(len(last), 20)
        self.assertIn(12, last.values())
        self.assertLess(min(last.values()), 12)

    def test_the_curve_is_the_fidelities(self):
        blackbox = AtlasBlackbox(self.atlas, dataset="second", epoch=10)
        for one in blackbox.all_configurations():
            rows = blackbox(one)
            self.assertEqual(rows.shape, (10, 2))
            for epoch, row in enumerate(rows.tolist(), start=1):
                told = blackbox(one, fidelity={"epoch": epoch})
                self.assertEqual(list(told.values()), row)
        self.assertEqual(len(blackbox.all_configurations()), 24)

    def test_seeds(self):
        blackbox = AtlasBlackbox(self.atlas, dataset="first", protocol="twelve", epoch="last")
        self.assertEqual(blackbox.seeds, [777, "mean-of-3", "unnamed-1", "unnamed-2"])
        one = self.atlas.space().parse(ARCHITECTURES[3])
        for place, seed in enumerate(blackbox.seeds):
            value = self.atlas.query(ARCHITECTURES[3], dataset="first", protocol="twelve", seed=seed, epoch=6).value
            self.assertEqual(blackbox(one, fidelity=6, seed=place)["validation_accuracy"], value)
        with self.assertRaisesRegex(errors.UnknownName, "allowed: places 0 to 3: 777, mean-of-3"):
            blackbox(one, fidelity=6, seed=4)
        with self.assertRaisesRegex(errors.MissingValue, "no run of seed unnamed-1, which is at place 2; known: "
                                                         "0"):
            blackbox(self.atlas.space().parse(ARCHITECTURES[4]), fidelity=6, seed=2)

    def test_a_surrogate_learns_what_is_there(self):
        blackbox = AtlasBlackbox(self.atlas, dataset="second", epoch="last")
        for curves in (True, False):
            # The nearest neighbor of what it has seen is itself.
            surrogate = add_surrogate(blackbox, predict_curves=curves)
            for one in blackbox.all_configurations()[::5]:
                for mine, its in zip(blackbox(one).ravel(), surrogate(one).ravel()):
                    self.assertAlmostEqual(mine, its, places=9)

    def test_tables_as_transfer_learning_asks_them(self):
        blackbox = AtlasBlackbox(self.atlas, dataset="second", epoch="last")
        evaluations = blackbox.objectives_evaluations
        self.assertEqual((evaluations.shape, blackbox.num_seeds, blackbox.num_fidelities), ((24, 1, 12, 2), 1, 12))
        for row, one in enumerate(blackbox.hyperparameters.to_dict("records")):
            np.testing.assert_array_equal(evaluations[row, 0], blackbox(one))
        told = TransferLearningTaskEvaluations(
            hyperparameters=blackbox.hyperparameters, configuration_space=blackbox.configuration_space,
            objectives_evaluations=evaluations, objectives_names=blackbox.objectives_names)
        best, = told.top_k_hyperparameter_configurations(1, "validation_accuracy", do_minimize=False)
        self.assertEqual(self.atlas.space().text(best),
                         self.atlas.top(1, dataset="second", epoch="best-so-far")[0].architecture)
        with contextlib.redirect_stdout(io.StringIO()):
            scheduler = BoundingBox(
                lambda space, metric, minimize, seed: RandomSearch(
                    space, metrics=[metric], do_minimize=minimize, random_seed=seed),
                blackbox.configuration_space, "validation_accuracy", {"second": told}, do_minimize=False,
                random_seed=3)
        self.assertEqual({name: value for name, value in scheduler.suggest().config.items() if name in best}, best)

    def test_fidelities_that_some_lack(self):
        blackbox = AtlasBlackbox(self.atlas, dataset="apart")
        self.assertEqual(blackbox.fidelity_values.tolist(), [1, 2, 3, 4])
        one = self.atlas.space().parse(ARCHITECTURES[0])
        self.assertEqual(blackbox(one, fidelity=2)["validation_accuracy"], 0.5)
        with self.assertRaisesRegex(errors.MissingValue, "share no epoch 1; they share none"):
            blackbox(one)
        self.assertEqual(len(blackbox.hyperparameter_objectives_values()[0]), 0)
        blackbox = AtlasBlackbox(self.atlas, dataset="apart", seed=2)
        self.assertEqual((blackbox.fidelity_values.tolist(), blackbox(one).tolist()), ([3, 4], [[0.75, 6], [1, 8]]))

    def test_a_list_of_epochs_without_seconds(self):
        blackbox = AtlasBlackbox(self.atlas, dataset="first", protocol="listed")
        self.assertEqual((blackbox.fidelity_values.tolist(), blackbox.objectives_names),
                         ([10, 50, 200], ["validation_accuracy"]))
        self.assertEqual({self.atlas.space().text(one) for one in blackbox.all_configurations()},
                         set(ARCHITECTURES[1::2]))

    def test_a_pickle_asks_the_same(self):
        blackbox = AtlasBlackbox(self.atlas, dataset="second", metric="loss", split="train")
        again = pickle.loads(pickle.dumps(blackbox))
        self.addCleanup(again.task.atlas.close)
        one = blackbox.all_configurations(3)[-1]
        self.assertEqual((again(one, fidelity=3), again.do_minimize), (blackbox(one, fidelity=3), True))


@unittest.skipUnless(THERE, ABSENT)
@unittest.skipUnless(PROGRAM, REASON)
class AcrossProtocols(Opened):
    def test_one_blackbox_of_two_protocols(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        atlas = self.opened(publish(folder.name, test_across_protocols.entries(), "two"))
        blackbox = AtlasBlackbox(atlas, dataset="rows", at_epoch=4)
        self.assertEqual((blackbox.fidelity_values.tolist(), blackbox.seeds), ([1, 2, 3, 4], [1, 2]))
        self.assertEqual(blackbox.hyperparameters["a"].tolist(), [1, 2, 3, 4])
        np.testing.assert_array_equal(blackbox.objectives_evaluations[:, 0, -1], [
            [9.5 / 128, 40.0], [13 / 128, 40.0], [17 / 128, 40.0], [53.5 / 128, 40.0]])
        self.assertEqual(blackbox({"a": 4}, fidelity=2), {"validation_accuracy": 51.5 / 128, "train_seconds": 20.0})
        again = pickle.loads(pickle.dumps(blackbox))
        self.addCleanup(again.task.atlas.close)
        self.assertEqual(again({"a": 4}, fidelity=2, seed=1), {"validation_accuracy": 52 / 128, "train_seconds": 20.0})


def ragged():
    """a=1 with two whole runs; a=2 with a whole and a short one; a=3 with a short one; a=4 with a NaN on its way."""
    yield SourceCard("drawn", "Drawn", "made for tests", citation="Nobody: Drawn")
    yield SpaceCard("pair", "grid", "One parameter", parameters=[Parameter("a", "ordinal", [1, 2, 3, 4])])
    yield MetricCard("accuracy", "fraction", True, "share of correct answers")
    yield ProtocolCard("five", {"epochs": 5})
    yield DatasetCard("rows", "Rows", "classification", "made up", "accuracy")
    for a, seed, epochs in ((1, 1, 5), (1, 2, 5), (2, 1, 5), (2, 2, 3), (3, 1, 3), (4, 1, 5)):
        values = [(10 * a + epoch + seed) / 64 for epoch in range(epochs)]
        if a == 4:
            values[2] = math.nan
        yield Run("pair", f"a={a}", "rows", "five", seed, "drawn", [Curve("accuracy", "validation", values)],
                  costs_by_epoch={"train_seconds": [1.0] * epochs})


@unittest.skipUnless(THERE, ABSENT)
@unittest.skipUnless(PROGRAM, REASON)
class OnRaggedCurves(Opened):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.atlas = self.opened(publish(folder.name, ragged(), "ragged"))

    def test_what_is_shared_answers_and_the_rest_raises(self):
        blackbox = AtlasBlackbox(self.atlas)
        self.assertEqual((blackbox.fidelity_values.tolist(), blackbox.seeds), ([1, 2, 3, 4, 5], [1, 2]))
        self.assertEqual(blackbox({"a": 1}).tolist(), [[(10 + epoch + 1.5) / 64, epoch + 1] for epoch in range(5)])
        self.assertEqual(blackbox({"a": 2}, seed=0).shape, (5, 2))
        # Of one run, for the other one ended before; so are the seconds.
        self.assertEqual(blackbox({"a": 2}, fidelity=5), {"validation_accuracy": 25 / 64, "train_seconds": 5.0})
        for a, words, known in ((2, {}, [1, 2, 3]), (3, {}, [1, 2, 3]), (2, {"seed": 1}, [1, 2, 3]),
                                (3, {"fidelity": 5}, [1, 2, 3]), (3, {"fidelity": 6}, [1, 2, 3, 4, 5]),
                                (3, {"seed": 1}, [0])):
            with self.assertRaises(errors.MissingValue, msg=(a, words)) as caught:
                blackbox({"a": a}, **words)
            self.assertEqual(caught.exception.known, known, (a, words))
        for seed in (2, -1, "1", 0.5):
            with self.assertRaisesRegex(errors.UnknownName, "allowed: places 0 to 1"):
                blackbox({"a": 1}, seed=seed)

    def test_a_recorded_nan_is_nan(self):
        rows = AtlasBlackbox(self.atlas)({"a": 4})
        self.assertEqual(np.isnan(rows).tolist(), [[epoch == 2, False] for epoch in range(5)])

    def test_surrogates_see_the_whole_ones(self):
        found, values = AtlasBlackbox(self.atlas).hyperparameter_objectives_values(predict_curves=True)
        self.assertEqual((found["a"].tolist(), values.shape), ([1, 4], (2, 10)))

    def test_a_tuning_ends_with_the_error_and_the_remedy_works(self):
        def tuned(blackbox):
            tuner = Tuner(
                trial_backend=UserBlackboxBackend(blackbox, elapsed_time_attr="train_seconds"),
                scheduler=RandomSearch(blackbox.configuration_space, metrics=["validation_accuracy"],
                                       do_minimize=False, random_seed=1),
                stop_criterion=StoppingCriterion(max_num_trials_finished=4), n_workers=1, sleep_time=0,
                callbacks=[SimulatorCallback()])
            with contextlib.redirect_stdout(io.StringIO()):
                tuner.run()
            return tuner.tuning_status

        with self.assertRaisesRegex(errors.MissingValue, "share no epoch 4.*\n.*epoch=3 in the question"):
            tuned(AtlasBlackbox(self.atlas))
        status = tuned(AtlasBlackbox(self.atlas, epoch=3))
        self.assertEqual((status.num_trials_finished >= 4, status.num_trials_failed), (True, 0))


@unittest.skipUnless(THERE, ABSENT)
@unittest.skipUnless(PROGRAM, REASON)
class OfOddValues(Opened):
    def test_values_of_several_types(self):
        lists = {"mixed": [True, None, "a", 7], "rate": [0, 1e-08], "on": [True, False], "one": [None]}
        kinds = {"mixed": "categorical", "rate": "ordinal", "on": "categorical", "one": "ordinal"}
        grid = SpaceCard("odd", "grid", "An odd grid", parameters=[
            Parameter(name, kinds[name], values) for name, values in lists.items()])
        entries = [
            SourceCard("drawn", "Drawn", "made for tests", citation="Nobody: Drawn"), grid,
            MetricCard("accuracy", "fraction", True, "share of correct answers"), ProtocolCard("short", {"epochs": 1}),
            DatasetCard("rows", "Rows", "classification", "made up", "accuracy")]
        words = itertools.product(["true", "null", "a", "7"], ["0", "1e-08"], ["true", "false"], ["null"])
        for number, chosen in enumerate(words):
            text = ",".join(f"{name}={word}" for name, word in zip(lists, chosen))
            entries.append(Run("odd", text, "rows", "short", Unnamed(1), "drawn",
                               [Curve("accuracy", "validation", [number / 16])]))
        with tempfile.TemporaryDirectory() as folder:
            lines, working, path = (Path(folder, name) for name in ("x.ndjson", "working.sqlite", "x.atlas"))
            ndjson.write(entries, lines)
            for command in (["ingest", lines, "--into", working], ["publish", working, path, "--title", "Odd"]):
                subprocess.run([PROGRAM, *command], check=True, capture_output=True)
            blackbox = AtlasBlackbox(path)
            drawn = [{name: domain.sample() for name, domain in blackbox.configuration_space.items()}
                     for _ in range(300)]
            values = {blackbox(one, fidelity=1)["validation_accuracy"] for one in drawn}
            self.assertEqual(values, {number / 16 for number in range(16)})
            listed = [blackbox(one, fidelity=1)["validation_accuracy"] for one in blackbox.all_configurations()]
            self.assertEqual(listed, [float(value) for value in blackbox.task.lookup.values()])
            blackbox.task.atlas.close()


if __name__ == "__main__":
    unittest.main()
