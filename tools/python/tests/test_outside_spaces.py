"""Configurations outside a search space: each is refused by whatever takes it, and never answered as another one."""

import importlib.util
import math
import tempfile
import unittest
from pathlib import Path

import nasatlas
from made_up_atlas import PROGRAM, REASON, publish
from nasatlas import errors, spaces
from nasatlas.adapters.task import Task
from nasatlas.shims import hpo_benchmarks, hpobench, nas_bench_graph, nats_bench
from nasatlas.shims.naslib import NasBench101SearchSpace, NasBench201SearchSpace
from nasatlas.shims.nasbench import api as nasbench101
from nasatlas.shims.nni import query_nb201_trial_stats
from nasatlas.shims.told import MissingKey, OutsideSearchSpace

RELEASED = Path(__file__).resolve().parents[3] / "data" / "nasbench201.atlas"
EDGES = dict.fromkeys(("1<-0", "2<-0", "2<-1", "3<-0", "3<-1", "3<-2"), "nor_conv_3x3")
OPS = {f"Op{number}": "nor_conv_3x3" for number in range(6)}
NNI = dict.fromkeys(("0_1", "0_2", "1_2", "0_3", "1_3", "2_3"), "conv_3x3")
MATRIX = {"matrix": [[0, 1], [0, 0]], "ops": ["input", "output"]}


class Released(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.atlas = nasatlas.open(RELEASED)
        cls.addClassCleanup(cls.atlas.close)
        cls.hpobench = hpobench.Cifar10ValidNasBench201Benchmark(atlas=cls.atlas)
        cls.simple = hpo_benchmarks.NASBench201("cifar10", atlas=cls.atlas)

    def refused(self, kind, said, ask):
        with self.assertRaises(errors.QuestionError) as caught:
            ask()
        self.assertIsInstance(caught.exception, kind)
        self.assertRegex(str(caught.exception), said)
        self.assertTrue(caught.exception.remedy)
        return caught.exception

    def test_unknown_names_are_refused(self):
        choices = self.atlas.space().parse(self.atlas.architectures[5])
        for said, kind, ask in (
                ("unknown: 4<-0", OutsideSearchSpace,
                 lambda: self.hpobench.objective_function({**EDGES, "4<-0": "none"})),
                ("unknown: 4<-0", OutsideSearchSpace,
                 lambda: self.hpobench.objective_function_test({**EDGES, "4<-0": "none"})),
                ("lacking: 3<-2", OutsideSearchSpace, lambda: self.hpobench({k: EDGES[k] for k in list(EDGES)[:-1]})),
                ("unknown: Op6", OutsideSearchSpace, lambda: self.simple({**OPS, "Op6": "none"})),
                ("unknown: lr", errors.NotInSpace, lambda: Task(self.atlas, dataset="cifar10").value(
                    {**choices, "lr": 1})),
                ("keys 0_1", errors.UnknownArchitecture,
                 lambda: next(query_nb201_trial_stats({**NNI, "3_4": "none"}, 200, "cifar10", atlas=self.atlas))),
                ("matrix and ops alone", errors.UnknownArchitecture,
                 lambda: NasBench101SearchSpace().set_spec({**MATRIX, "op": []}))):
            with self.subTest(said=said, kind=kind):
                self.refused(kind, said, ask)
        # Whoever wrote for the published packages catches these.
        for kind in (KeyError, ValueError, LookupError, errors.NotInSpace, errors.UnknownName):
            self.refused(kind, "Op6", lambda: self.simple({**OPS, "Op6": "none"}))

    def test_truth_is_no_number(self):
        api = nats_bench.create(self.atlas, "tss")
        link = nas_bench_graph.Arch([0, True, 0, 0], ["gcn"] * 4)
        for said, ask in (("no architecture True", lambda: api.get_more_info(True, "cifar10-valid", hp="200")),
                          ("no architecture True", lambda: api[True]), ("no architecture True", lambda: api.arch(True)),
                          ("six numbers", lambda: NasBench201SearchSpace((True,) * 6)),
                          ("not True", lambda: self.hpobench(EDGES, fidelity={"epoch": True})),
                          ("not a cell", link.valid_hash),
                          ("not a cell", nas_bench_graph.Arch([0, 0.5, 0, 0], ["gcn"] * 4).valid_hash),
                          ("init_lr cannot be True", lambda: hpo_benchmarks.HPOLib._chosen({
                              **{name: values[0] for name, values in hpo_benchmarks.HPOLib.search_space.items()},
                              "init_lr": True})),
                          ("depth cannot be True", lambda: hpo_benchmarks.HPOBench._chosen({
                              **{name: values[0] for name, values in hpo_benchmarks.HPOBench.search_space.items()},
                              "depth": True}))):
            with self.subTest(said=said):
                self.refused(errors.QuestionError, said, ask)

    def test_a_fidelity_that_the_atlas_lacks_raises_at_once(self):
        """An optimizer that reads the answer with `get("function_value", math.inf)` saw infinity."""
        for said, ask in (("at epoch 12; it has x-valid at epochs 200", lambda: self.hpobench.objective_function(
                               EDGES, fidelity={"epoch": 12}).get("function_value", math.inf)),
                          ("has no ori-test", lambda: self.hpobench.objective_function_test(EDGES))):
            self.assertIsInstance(self.refused(MissingKey, said, ask), KeyError)
        self.assertEqual(round(self.hpobench.objective_function(EDGES)["function_value"], 3), 9.801)
        api = nats_bench.create(self.atlas, "tss")
        training = next(iter(api.query_by_index(6111, "cifar10-valid", "200").values()))
        for said, ask in (("has no train at epoch 12; it has x-valid", lambda: training.get_train(11)),
                          ("has no x-valid at epoch 12", lambda: training.get_eval("x-valid", 11)),
                          ("at epoch 12", lambda: api.get_more_info(6111, "cifar10-valid", iepoch=11, hp="200")),
                          ("at epoch 12", lambda: api.simulate_train_eval(6111, "cifar10", iepoch=11, hp="200"))):
            self.refused(errors.MissingValue, said, ask)

    def test_what_is_outside_a_space_is_a_question_error(self):
        self.assertTrue(issubclass(errors.NotInSpace, errors.QuestionError))
        self.assertTrue(issubclass(errors.NotInSpace, ValueError))
        self.assertTrue(issubclass(nasbench101.OutOfDomainError, errors.NotInSpace))
        self.refused(errors.NotInSpace, "has the form", lambda: self.atlas.space().parse("x"))

    @unittest.skipUnless(importlib.util.find_spec("optuna"), "Optuna is not installed")
    def test_optuna(self):
        import optuna
        from nasatlas.adapters.optuna import Objective
        self.addCleanup(optuna.logging.set_verbosity, optuna.logging.get_verbosity())
        optuna.logging.set_verbosity(optuna.logging.CRITICAL)
        objective = Objective(self.atlas, dataset="cifar10")
        choices = objective.space.parse(self.atlas.architectures[5])
        self.refused(errors.NotInSpace, "unknown: Op6", lambda: objective(
            optuna.trial.FixedTrial({**choices, "Op6": "none"})))
        study = optuna.create_study(direction="maximize")
        study.enqueue_trial({"edge_0_7": "none"})
        self.refused(errors.NotInSpace, "unknown: edge_0_7", lambda: study.optimize(objective, n_trials=1))

        def wrapped(trial):
            trial.suggest_float("mine", 0, 1)
            return objective(trial)
        self.assertEqual(wrapped(optuna.trial.FixedTrial({**choices, "mine": 0.5})), objective.value(choices))

    def test_texts_of_served_spaces(self):
        space = {"name": "tiny", "hyperparameters": [{"name": "a", "choices": ["x", "y"]}],
                 "meta": {"words": {}, "architecture": "a={a}"}}
        self.assertEqual(spaces.spell(space, {"a": "y"}), "a=y")
        self.refused(errors.NotInSpace, "unknown: b", lambda: spaces.spell(space, {"a": "y", "b": 1}))


@unittest.skipUnless(PROGRAM, REASON)
class Tables(unittest.TestCase):
    def test_unknown_names_are_refused(self):
        from test_shims_hpobench import FIRST, NETWORK, entries
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        atlas = nasatlas.open(publish(folder.name, entries(), "tables"))
        for bench, good in ((hpobench.NavalPropulsionBenchmark(atlas), FIRST),
                            (hpobench.TabularBenchmark("nn", 146821, atlas), NETWORK),
                            (hpo_benchmarks.HPOLib("naval_propulsion", atlas=atlas), FIRST)):
            self.assertTrue(bench(good))
            for said, wrong in (("unknown: n_units_3", {**good, "n_units_3": 16}),
                                ("lacking: batch_size", {k: v for k, v in good.items() if k != "batch_size"}),
                                ("batch_size cannot be 7", {**good, "batch_size": 7})):
                with self.assertRaisesRegex(OutsideSearchSpace, said):
                    bench(wrong)


if __name__ == "__main__":
    unittest.main()
