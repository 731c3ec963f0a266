"""SMAC3 on atlases."""

import importlib.util
import tempfile
import unittest

import guide
import nasatlas
from guide import ATLAS
from made_up_atlas import PROGRAM, REASON, Shared
from nasatlas import errors, spaces

ABSENT = "SMAC3 is not installed; tests/requirements-peers.txt pins it"
ODD = {"kind": "grid", "parameters": [
    {"name": "mixed", "kind": "categorical", "values": [True, None, "a", 7]},
    {"name": "rate", "kind": "ordinal", "values": [0, 1e-08, 0.3]},
    {"name": "size", "kind": "ordinal", "values": [1, 16]}, {"name": "one", "kind": "ordinal", "values": [None]}]}

if importlib.util.find_spec("smac"):
    import smac
    from nasatlas.adapters.smac import Target, configuration_space
    from smac.runhistory import StatusType


@unittest.skipUnless(importlib.util.find_spec("smac"), ABSENT)
class Optimizing(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def opened(self, path):
        atlas = nasatlas.open(path)
        self.addCleanup(atlas.close)
        return atlas

    def run_with(self, facade, target, cost, **words):
        scenario = smac.Scenario(target.configuration_space(seed=1), deterministic=True, output_directory=self.folder,
                                 seed=1, **words)
        found = facade(scenario, cost, overwrite=True, logging_level=40)
        return found, found.optimize()

    def test_the_example_of_the_guide(self):
        """Twenty evaluations."""
        names = guide.run("from smac import")
        atlas, history = self.opened(ATLAS), names["smac"].runhistory
        space = atlas.space()
        self.assertEqual((history.submitted, history.finished), (20, 20))
        best = None
        for key, told in history.items():
            text = space.text(dict(history.get_config(key.config_id)))
            answer = atlas.query(text, dataset="cifar10")
            self.assertEqual((told.status, told.cost), (StatusType.SUCCESS, -answer.value))
            seconds = told.additional_info.pop("train_seconds")
            self.assertAlmostEqual(seconds, answer.points[0].train_seconds, places=9)
            self.assertEqual(told.additional_info, {"architecture": text, "validation_accuracy_percent": answer.value})
            best = max(answer.value, best or answer.value)
        self.assertEqual(atlas.query(space.text(dict(names["incumbent"])), dataset="cifar10").value, best)

    @unittest.skipUnless(PROGRAM, REASON)
    def test_several_fidelities(self):
        atlas = self.opened(Shared.atlas())
        target = Target(atlas, dataset="second", metric="accuracy")
        found, _ = self.run_with(smac.MultiFidelityFacade, target, target.cost_at, n_trials=20, min_budget=1,
                                 max_budget=12)
        epochs = set()
        for key, told in found.runhistory.items():
            text = target.space.text(dict(found.runhistory.get_config(key.config_id)))
            epoch = told.additional_info["epoch"]
            self.assertLess(abs(epoch + 0.5 - key.budget), 0.50001)
            self.assertEqual(told.cost, -atlas.query(text, dataset="second", epoch=epoch).value)
            epochs.add(epoch)
        self.assertEqual(epochs, {1, 4, 12})

    @unittest.skipUnless(PROGRAM, REASON)
    def test_a_loss_is_made_small(self):
        atlas = self.opened(Shared.atlas())
        target = Target(atlas, dataset="second", metric="loss", split="train", epoch=2)
        found, incumbent = self.run_with(smac.RandomFacade, target, target.cost, n_trials=12)
        values = [target.value(dict(one)) for one in found.runhistory.get_configs()]
        self.assertEqual((len(values), target.cost(incumbent)[0]), (12, min(values)))

    @unittest.skipUnless(PROGRAM, REASON)
    def test_what_the_atlas_lacks_crashes(self):
        atlas = self.opened(Shared.atlas())
        target = Target(atlas, dataset="first", protocol="listed")
        found, _ = self.run_with(smac.RandomFacade, target, target.cost, n_trials=12, crash_cost=1.0)
        statuses = {True: StatusType.SUCCESS, False: StatusType.CRASHED}
        there = set()
        for key, told in found.runhistory.items():
            value = target.lookup.values([target.space.text(dict(found.runhistory.get_config(key.config_id)))])[0]
            self.assertEqual(told.status, statuses[bool(value == value)])
            if value == value:
                self.assertEqual(told.cost, -value)
            else:
                self.assertIn("MissingValue", told.additional_info["error"])
            there.add(told.status)
        self.assertEqual(there, set(statuses.values()))
        with self.assertRaisesRegex(errors.MissingValue, "it has 10, 50, 200"):
            target.cost_at(target.space.parse("a=1,b=y"), budget=20.5)
        with self.assertRaisesRegex(errors.UnknownName, "0 is not an epoch"):
            target.cost_at(target.space.parse("a=1,b=y"), budget=0.5)

    def test_every_draw_of_an_odd_grid_is_in_the_space(self):
        space = spaces.space("odd", ODD)
        made = configuration_space(space, seed=3)
        self.assertEqual([type(made[one.name]).__name__ for one in space.parameters], [
            "CategoricalHyperparameter", "OrdinalHyperparameter", "OrdinalHyperparameter", "Constant"])
        drawn = [space.text(dict(one)) for one in made.sample_configuration(300)]
        self.assertEqual(len(set(drawn)), space.size)


if __name__ == "__main__":
    unittest.main()
