"""Optuna on atlases, and its studies in atlases."""

import importlib.util
import json
import math
import pickle
import subprocess
import tempfile
import unittest
from pathlib import Path

import guide
import nasatlas
from guide import ATLAS
from made_up_atlas import ARCHITECTURES, PROGRAM, REASON, Shared, ask
from nasatlas import errors, spaces
from nasatlas.importing.entries import DatasetCard, MetricCard, ProtocolCard, SourceCard

ABSENT = "optuna is not installed"

if importlib.util.find_spec("optuna"):
    import optuna
    from nasatlas.adapters.optuna import Objective, write_study
    from nasatlas.adapters.optuna_study import StudyError
    optuna.logging.set_verbosity(optuna.logging.CRITICAL)
    COMPLETE, FAIL, PRUNED = (optuna.trial.TrialState[name] for name in ("COMPLETE", "FAIL", "PRUNED"))


def cards(larger=True):
    return {"source": SourceCard("mine", "My study", "my machine", citation="Nobody: Mine"),
            "metric": MetricCard("accuracy", "fraction", larger, "share of correct answers"),
            "dataset": DatasetCard("rows", "Rows", "classification", "made up", "accuracy"),
            "protocol": ProtocolCard("short", {"epochs": 7})}


@unittest.skipUnless(importlib.util.find_spec("optuna"), ABSENT)
class OnNASBench201(unittest.TestCase):
    def setUp(self):
        self.atlas = nasatlas.open(ATLAS)
        self.addCleanup(self.atlas.close)

    def test_the_example_of_the_guide(self):
        """Twenty evaluations."""
        names = guide.run("import optuna")
        objective, study = names["objective"], names["study"]
        self.assertEqual((study.direction.name, len(study.trials)), ("MAXIMIZE", 20))
        for trial in study.trials:
            text = trial.user_attrs["architecture"]
            self.assertEqual(objective.space.parse(text), trial.params)
            answer = self.atlas.query(text, dataset="cifar10")
            self.assertEqual((trial.state, trial.value), (COMPLETE, answer.value))
            self.assertEqual(trial.user_attrs["train_seconds"], answer.points[0].train_seconds)
        if PROGRAM:
            told, _ = ask("query", ATLAS, "-a", study.best_trial.user_attrs["architecture"], "--dataset", "cifar10")
            self.assertEqual(study.best_value, told["answers"][0]["value"])

    def test_the_grid_is_the_space(self):
        objective = Objective(ATLAS, dataset="cifar100", seed="unnamed-1")
        study = optuna.create_study(direction=objective.direction,
                                    sampler=optuna.samplers.GridSampler(objective.grid, seed=0))
        study.optimize(objective, n_trials=20)
        self.assertEqual(len({trial.user_attrs["architecture"] for trial in study.trials}), 20)
        trial = study.ask(objective.distributions)
        self.assertIn(objective.space.text(trial.params), self.atlas.architectures)

    def test_what_the_atlas_lacks_fails(self):
        objective = Objective(self.atlas, dataset="cifar10", epoch=12)
        study = optuna.create_study(direction=objective.direction)
        with self.assertRaisesRegex(errors.MissingValue, "epoch"):
            study.optimize(objective, n_trials=5)
        study.optimize(objective, n_trials=4, catch=errors.QuestionError)
        self.assertEqual([(trial.state, trial.value) for trial in study.trials], [(FAIL, None)] * 5)
        self.assertTrue(all("epoch" in trial.user_attrs["lacking"] for trial in study.trials))

    def test_an_objective_is_pickled_with_its_question(self):
        objective = pickle.loads(pickle.dumps(Objective(self.atlas, dataset="cifar100")))
        choices = objective.space.parse(self.atlas.architectures[77])
        self.assertEqual(objective.value(choices), self.atlas.query("place:77", dataset="cifar100").value)

    def test_several_values_are_no_task(self):
        with self.assertRaisesRegex(errors.QuestionError, "one value per architecture"):
            Objective(self.atlas, dataset="cifar10", seed="all")


@unittest.skipUnless(importlib.util.find_spec("optuna"), ABSENT)
@unittest.skipUnless(PROGRAM, REASON)
class OnCurves(unittest.TestCase):
    def setUp(self):
        self.atlas = nasatlas.open(Shared.atlas())
        self.addCleanup(self.atlas.close)

    def test_a_grid_to_its_end(self):
        objective = Objective(self.atlas, dataset="first", protocol="twelve", epoch="last")
        study = optuna.create_study(
            direction=objective.direction, pruner=optuna.pruners.NopPruner(),
            sampler=optuna.samplers.GridSampler(objective.grid, seed=0))
        study.optimize(objective, n_trials=100, catch=errors.QuestionError)
        self.assertEqual({trial.user_attrs["architecture"] for trial in study.trials}, set(ARCHITECTURES))
        self.assertIsInstance(study.trials[0].distributions["a"], optuna.distributions.IntDistribution)
        for trial in study.trials:
            text = trial.user_attrs["architecture"]
            try:
                value = objective.lookup(text)
            except errors.QuestionError:
                self.assertEqual((trial.state, trial.value, trial.intermediate_values), (FAIL, None, {}))
            else:
                curve = self.atlas.curve(text, dataset="first", protocol="twelve")
                self.assertEqual((trial.state, trial.value), (COMPLETE, value))
                self.assertEqual(trial.intermediate_values, dict(zip(curve.positions.tolist(), curve.mean.tolist())))
        self.assertEqual({trial.state for trial in study.trials}, {COMPLETE, FAIL})

    def test_runs_that_share_no_epoch_have_a_value(self):
        objective = Objective(self.atlas, dataset="apart")
        study = optuna.create_study(direction=objective.direction)
        study.enqueue_trial(objective.space.parse(ARCHITECTURES[0]))
        study.optimize(objective, n_trials=1)
        self.assertEqual((study.best_value, study.best_trial.intermediate_values), (0.75, {}))
        self.assertEqual(study.best_trial.user_attrs["train_seconds"], 8.0)

    def test_pruning(self):
        objective = Objective(self.atlas, dataset="second", epoch=10)
        study = optuna.create_study(
            direction=objective.direction, sampler=optuna.samplers.RandomSampler(seed=3),
            pruner=optuna.pruners.MedianPruner(n_startup_trials=3, n_warmup_steps=4))
        study.optimize(objective, n_trials=20)
        pruned = study.get_trials(states=[PRUNED])
        self.assertGreater(len(pruned), 2)
        self.assertEqual(len(pruned) + len(study.get_trials(states=[COMPLETE])), 20)
        for trial in study.trials:
            epochs, values = objective.curve(trial.params)
            self.assertEqual(list(trial.intermediate_values.values()), values[:len(trial.intermediate_values)].tolist())
            self.assertEqual(len(trial.intermediate_values) == 10, trial.state == COMPLETE)
            if "train_seconds" in trial.user_attrs:
                answer = self.atlas.query(trial.user_attrs["architecture"], dataset="second",
                                          epoch=max(trial.intermediate_values))
                self.assertEqual(trial.user_attrs["train_seconds"], answer.points[0].train_seconds)


@unittest.skipUnless(importlib.util.find_spec("optuna"), ABSENT)
class StudiesInAtlases(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def published(self, study, **words):
        lines, working, path = (self.folder / name for name in ("study.ndjson", "working.sqlite", "study.atlas"))
        counts = write_study(study, lines, **{**cards(), **words})
        for command in (["ingest", lines, "--into", working], ["publish", working, path, "--title", "Study"]):
            subprocess.run([PROGRAM, *command], check=True, capture_output=True)
        atlas = nasatlas.open(path)
        self.addCleanup(atlas.close)
        return counts, atlas

    def test_nothing_is_lost_for_a_study(self):
        study = optuna.create_study(direction="maximize")
        study.add_trial(optuna.create_trial(value=0.5, params={"width": 8}, distributions={
            "width": optuna.distributions.IntDistribution(8, 16, step=8)}))
        diary = self.folder / "diary.txt"
        diary.write_text("Dear diary\n")
        for path, kind in ((diary, errors.OutputRefused), (self.folder / "no" / "x", errors.Unwritable)):
            with self.assertRaises(kind):
                write_study(study, path, **cards())
        self.assertEqual(diary.read_text(), "Dear diary\n")

    @unittest.skipUnless(PROGRAM, REASON)
    def test_a_study_of_ones_own_grid(self):
        def objective(trial):
            width = trial.suggest_int("width", 8, 32, step=8)
            rate = trial.suggest_float("rate", 0.1, 0.3, step=0.1)
            name = trial.suggest_categorical("name", ["relu", "tanh"])
            if (width, name) == (32, "tanh"):
                raise RuntimeError("out of memory")
            for epoch in range(5):
                trial.report(1 - rate / (epoch + 1) - 1 / width, epoch)
                if epoch == 2 and width == 8:
                    raise optuna.TrialPruned
            return 1 - rate / 5 - 1 / width

        study = optuna.create_study(direction="maximize", sampler=optuna.samplers.RandomSampler(seed=5))
        study.optimize(objective, n_trials=40, catch=RuntimeError)
        counts, atlas = self.published(study, space="mine")
        self.assertEqual((counts["run"], atlas.settings[0].runs), (40, 40))
        self.assertEqual({one.name: one.values for one in atlas.space().parameters},
                         {"width": (8, 16, 24, 32), "rate": (0.1, 0.2, 0.3), "name": ("relu", "tanh")})
        found = {text: [] for text in atlas.architectures}
        for trial in study.trials:
            rate = round(trial.params["rate"], 1)
            found[f"width={trial.params['width']},rate={rate},name={trial.params['name']}"].append(trial)
        for text, trials in found.items():
            runs = atlas.settings[0].runs_of(atlas.index(text))
            statuses = [atlas.settings[0].status(run) for run in runs]
            self.assertEqual(statuses, [{COMPLETE: "completed", PRUNED: "timed_out", FAIL: "failed"}[trial.state]
                                        for trial in trials])
            if "completed" in statuses:
                value = atlas.query(text, epoch="last").value
                self.assertTrue(math.isclose(value, trials[0].value, rel_tol=1e-15))
                self.assertEqual(atlas.curve(text).positions.tolist(), [1, 2, 3, 4, 5])
            else:
                with self.assertRaises(errors.MissingValue):
                    atlas.query(text, epoch="last")
            if "timed_out" in statuses:
                curve = atlas.curve(text, seed="unnamed-1")
                self.assertEqual(curve.mean.tolist(), list(trials[0].intermediate_values.values()))
        self.assertEqual({trial.state for trial in study.trials}, {COMPLETE, PRUNED, FAIL})

    @unittest.skipUnless(PROGRAM, REASON)
    def test_a_study_of_cells_comes_back(self):
        objective = Objective(ATLAS, dataset="cifar10")
        study = optuna.create_study(direction=objective.direction, sampler=optuna.samplers.RandomSampler(seed=5))
        study.optimize(objective, n_trials=20)
        _, atlas = self.published(study, space=objective.space)
        self.assertEqual(atlas.spaces, ["nasbench201"])
        for trial in study.trials:
            answer = atlas.query(trial.user_attrs["architecture"])
            self.assertEqual((answer.value, answer.points[0].epoch), (trial.value, 7))

    def test_what_no_atlas_holds_is_refused(self):
        lines = self.folder / "study.ndjson"

        def study_of(objective, **words):
            study = optuna.create_study(**{"direction": "maximize", **words})
            study.optimize(objective, n_trials=3)
            return study

        def reporting(trial):
            trial.report(0.5, 0)
            return trial.suggest_int("a", 1, 3) / 10

        grid = spaces.space("other", {"kind": "grid", "parameters": [
            {"name": "a", "kind": "ordinal", "values": [7, 8]}]})
        for study, words, kind, message in [
            (study_of(lambda trial: trial.suggest_float("a", 0, 1)), {}, StudyError, "a is continuous"),
            (study_of(lambda trial: trial.suggest_int(f"a{trial.number}", 0, 1)), {}, StudyError, "other parameters"),
            (study_of(lambda trial: trial.suggest_int("a", 0, 1), direction="minimize"), {}, StudyError, "minimizes"),
            (study_of(lambda trial: (1, trial.suggest_int("a", 0, 1)), direction=None,
                      directions=["minimize", "maximize"]), {}, StudyError, "2 objectives"),
            (optuna.create_study(direction="maximize"), {}, StudyError, "no finished trial"),
            (study_of(reporting), {}, StudyError, "reported 0.5 last"),
            (study_of(reporting), {"final": "best"}, StudyError, "final is 'best'"),
            (study_of(reporting), {"final": "reported", "space": grid}, errors.NotInSpace, "a cannot be"),
        ]:
            with self.assertRaisesRegex(kind, message):
                write_study(study, lines, **{**cards(), **words})
            self.assertEqual(list(self.folder.iterdir()), [])
        for final, values in (("reported", {0.5}), ("returned", {0.1, 0.2, 0.3})):
            self.assertEqual(write_study(study_of(reporting), lines, **cards(), final=final)["run"], 3)
            runs = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines() if '"run"' in line]
            self.assertLessEqual({run["run"]["curves"][0]["values"][0] for run in runs}, values)


if __name__ == "__main__":
    unittest.main()
