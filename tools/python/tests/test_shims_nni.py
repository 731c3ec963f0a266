"""NNI's queries on atlases: filters, keys, means, and NNI's own answers on the same trainings."""

import importlib
import importlib.util
import itertools
import math
import shutil
import sys
import tempfile
import types
import unittest
import warnings
from pathlib import Path
from unittest import mock

import nasatlas
from benchmark_data import needs
from made_up_atlas import PROGRAM, REASON, publish
from nasatlas import errors
from nasatlas.importing.sources import nats_bench as archives
from nasatlas.shims.nats_bench import SplitWarning, cells
from nasatlas.shims.nni import nasbench201 as nni
from nasatlas.shims.told import MissingKey
from published import SHARED, beside

RELEASED = Path(__file__).resolve().parents[3] / "data" / "nasbench201.atlas"
BEST = {"0_1": "conv_3x3", "0_2": "conv_3x3", "1_2": "conv_3x3", "0_3": "skip_connect", "1_3": "conv_3x3",
        "2_3": "conv_1x1"}
TEXT = "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|"


class Released(unittest.TestCase):
    """data/nasbench201.atlas: validation accuracies after 200 epochs."""

    @classmethod
    def setUpClass(cls):
        cls.atlas = nasatlas.open(RELEASED)

    def test_trainings(self):
        told = list(nni.query_nb201_trial_stats(BEST, 200, "cifar100", atlas=self.atlas))
        answer = self.atlas.query(TEXT, dataset="cifar100")
        self.assertEqual([(one["seed"], one["valid_acc"], one["training_time"]) for one in told],
                         [(point.seed, point.value, point.train_seconds) for point in answer.points])
        self.assertEqual(told[0]["config"], {"arch": BEST, "num_epochs": 200, "dataset": "cifar100", "num_channels": 16,
                                             "num_cells": 5})
        mean, = nni.query_nb201_trial_stats(BEST, 200, "cifar100", reduction="mean", atlas=self.atlas)
        self.assertEqual(mean["valid_acc"], answer.value)
        self.assertIsNone(mean["seed"])

    def test_intermediates_keep_their_keys(self):
        one = next(nni.query_nb201_trial_stats(BEST, 200, "cifar100", include_intermediates=True, atlas=self.atlas))
        self.assertEqual(one["intermediates"], [{
            "current_epoch": 200, "train_acc": None, "valid_acc": one["valid_acc"], "test_acc": None,
            "ori_test_acc": None, "train_loss": None, "valid_loss": None, "test_loss": None, "ori_test_loss": None}])
        mean, = nni.query_nb201_trial_stats(BEST, 200, "cifar100", "mean", True, atlas=self.atlas)
        self.assertEqual(mean["intermediates"], [])

    def test_a_path_is_opened_once(self):
        with tempfile.TemporaryDirectory() as folder:
            for ending in ("", ".manifest.json"):
                shutil.copy(f"{RELEASED}{ending}", Path(folder, f"one.atlas{ending}"))
            path, link = Path(folder, "one.atlas"), Path(folder, "link.atlas")
            link.symlink_to(path)
            Path(folder, "link.atlas.manifest.json").symlink_to(f"{path}.manifest.json")
            with mock.patch.object(nasatlas.Atlas, "__init__", autospec=True,
                                   side_effect=nasatlas.Atlas.__init__) as made:
                for atlas in (path, str(path), link, path):
                    list(nni.query_nb201_trial_stats(BEST, 200, "cifar100", atlas=atlas))
                self.assertEqual(made.call_count, 1)
                shutil.copy(RELEASED, Path(folder, "other.atlas"))
                Path(folder, "other.atlas").replace(path)
                list(nni.query_nb201_trial_stats(BEST, 200, "cifar100", atlas=path))
                self.assertEqual(made.call_count, 2)
            path.unlink()
            with self.assertRaises(errors.AtlasNotFound):
                nni.query_nb201_trial_stats(BEST, 200, "cifar100", atlas=path)

    def test_an_unknown_reduction_is_a_ValueError(self):
        with self.assertRaises(ValueError):
            nni.query_nb201_trial_stats(BEST, 200, "cifar100", "median", atlas=self.atlas)

    def test_wildcards(self):
        told = list(nni.query_nb201_trial_stats(BEST, None, None, "mean", atlas=self.atlas))
        self.assertEqual([one["config"]["dataset"] for one in told], ["cifar10-valid", "cifar100", "imagenet16-120"])
        trials = nni.query_nb201_trial_stats(None, 200, "imagenet16-120", reduction="mean", atlas=self.atlas)
        values = self.atlas.lookup(dataset="imagenet16-120").values()
        for index, one in zip(range(300), trials):
            text = cells.topology()[index]
            self.assertEqual(nni._text(one["config"]["arch"]), text)
            self.assertEqual(one["valid_acc"], values[self.atlas.index(text)])

    def test_what_is_not_there(self):
        one = next(nni.query_nb201_trial_stats(BEST, 200, "cifar100", atlas=self.atlas))
        for key in ("test_acc", "valid_loss", "flops", "id"):
            with self.assertRaises(MissingKey):
                one[key]
        for words, known in (((BEST, 12, "cifar100"), [200]),
                             ((BEST, 200, "cifar10"), ["cifar10-valid", "cifar100", "imagenet16-120"]),
                             ((BEST, 200, "ImageNet16-120"), ["cifar10-valid", "cifar100", "imagenet16-120"]),
                             (({**BEST, "0_1": "conv"}, 200, "cifar100"), nni.PRIMITIVES),
                             (({"0_1": "none"}, 200, "cifar100"), list(nni.EDGES)),
                             ((TEXT, 200, "cifar100"), list(nni.EDGES)), ((BEST, [200], "cifar100"), [200]),
                             ((BEST, 200, "cifar100", "median"), ["none", "mean"])):
            with self.assertRaises(errors.QuestionError) as caught:
                nni.query_nb201_trial_stats(*words, atlas=self.atlas)
            self.assertEqual(caught.exception.known, known)


def original(benchmark="nasbench201", names=("schema", "query")):
    """NNI's modules of a benchmark, as installed, without the rest of NNI, which wants PyTorch."""
    forget()
    root = Path(importlib.util.find_spec("nni").origin).parent
    for name in ("nni", "nni.common", "nni.nas", "nni.nas.benchmark"):
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__path__ = [str(root.joinpath(*name.split(".")[1:]))]
    return tuple(importlib.import_module(f"nni.nas.benchmark.{benchmark}.{name}") for name in names)


def forget():
    for name in [name for name in sys.modules if name.split(".")[0] == "nni"]:
        del sys.modules[name]


class Comparison(unittest.TestCase):
    """What is the same in NNI's answers and here."""

    def compare(self, theirs, ours, about):
        """Counts what is the same, with the keys of all but architectures in one order; NNI's ids are rows."""
        count, order = 0, sorted if about[-1] == "arch" else list
        self.assertEqual(order(key for key in theirs if key != "id"), order(ours), about)
        for key in ours:
            if isinstance(ours[key], dict):
                count += self.compare(theirs[key], ours[key], (about, key))
            elif isinstance(ours[key], list) and all(isinstance(one, dict) for one in ours[key]):
                self.assertEqual(len(theirs[key]), len(ours[key]))
                count += sum(self.compare(*pair, (about, key)) for pair in zip(theirs[key], ours[key]))
            elif isinstance(ours[key], float):
                self.assertTrue(math.isclose(theirs[key], ours[key], rel_tol=1e-12), (about, key))
                count += 1
            else:
                self.assertEqual(theirs[key], ours[key], (about, key))
                count += 1
        return count


@beside("nni", "nni")
@beside("nats_bench", "nats_bench")
@unittest.skipUnless(PROGRAM, REASON)
@needs("nats-archives")
class SameAsThePackage(Comparison):
    """NNI 3.0 on a file of its own form, filled from the genuine archives by nats_bench 1.8, and the shim."""

    @classmethod
    def setUpClass(cls):
        import nats_bench as package
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        root = SHARED / "nats-archives"
        cls.atlas = nasatlas.open(publish(folder.name, archives.entries(root), "nats"))
        model, cls.query = original()
        cls.addClassCleanup(forget)
        database = importlib.import_module("playhouse.sqlite_ext").SqliteExtDatabase(Path(folder.name, "nni.db"))
        cls.addClassCleanup(database.close)
        model.proxy.initialize(database)
        api = package.create(str(next(root.glob("NATS-tss-*"))), "tss", True, False)
        database.create_tables([model.Nb201TrialConfig, model.Nb201TrialStats, model.Nb201IntermediateStats])
        with database.atomic():
            for index, hp, (name, dataset) in itertools.product((0, 11, 284), ("12", "200"), nni.DATASETS.items()):
                config = model.Nb201TrialConfig.create(arch=nni._arch(api.arch(index)), num_epochs=int(hp),
                                                       num_channels=16, num_cells=5, dataset=name)
                for seed, one in api.query_by_index(index, dataset, hp).items():
                    cls.fill(model, config, seed, one, int(hp) - 1)

    @staticmethod
    def fill(model, config, seed, one, last):
        splits = dict(zip(nni.PREFIXES[1:], nni.EVALUATIONS[one.name]))
        values = {"train_acc": one.train_acc1es[last], "train_loss": one.train_losses[last], "parameters": one.params,
                  "flops": one.flop, "latency": one.get_latency(), "training_time": one.get_times()["T-train@total"]}
        for prefix, split in splits.items():
            told = one.get_eval(split, last)
            values.update({f"{prefix}_acc": told["accuracy"], f"{prefix}_loss": told["loss"],
                           f"{prefix}_evaluation_time": told["cur_time"]})
        trial = model.Nb201TrialStats.create(config=config, seed=seed, **values)
        for epoch in range(last + 1):
            values = {"train_acc": one.train_acc1es[epoch], "train_loss": one.train_losses[epoch]}
            for prefix, split in splits.items():
                values.update({f"{prefix}_acc": one.eval_acc1es.get(f"{split}@{epoch}"),
                               f"{prefix}_loss": one.eval_losses.get(f"{split}@{epoch}")})
            model.Nb201IntermediateStats.create(trial=trial, current_epoch=epoch + 1, **values)

    def test_answers(self):
        compared = answers = 0
        cell = nni._arch(cells.topology()[11])
        for words in ((None, None, None), (None, 12, None), (None, 200, "cifar100"), (cell, None, "imagenet16-120"),
                      (cell, 200, "cifar10-valid"), (cell, 12, "cifar10")):
            for reduction, curves in ((None, True), (None, False), ("none", False), ("mean", False), ("mean", True)):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", SplitWarning)
                    ours = list(nni.query_nb201_trial_stats(*words, reduction, curves, atlas=self.atlas))
                theirs = list(self.query.query_nb201_trial_stats(*words, reduction, curves))
                self.assertEqual(len(theirs), len(ours), (words, reduction))
                place = {self.key(one): one for one in theirs}
                self.assertEqual(len(place), len(theirs))
                for one in ours:
                    compared += self.compare(place[self.key(one)], one, (words, reduction))
                    answers += 1
        self.assertEqual((answers, compared), (335, 103_966))

    @staticmethod
    def key(one):
        config = one["config"]
        return nni._text(config["arch"]), config["num_epochs"], config["dataset"], one.get("seed")

    def test_a_value_of_test_images_is_not_silent(self):
        with self.assertWarns(SplitWarning):
            nni.query_nb201_trial_stats(None, 12, "cifar10", atlas=self.atlas)


if __name__ == "__main__":
    unittest.main()
