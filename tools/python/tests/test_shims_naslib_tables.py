"""What NASLib's graphs read: lists made when they are read, its own tables, values that an atlas lacks, proxies."""

import ast
import contextlib
import gzip
import importlib.util
import io
import json
import math
import os
import pickle
import tempfile
import types
import unittest
from pathlib import Path
from unittest import mock

import numpy as np

import nasatlas
from benchmark_data import needs
from made_up_atlas import PROGRAM, REASON, publish
from nasatlas import errors
from nasatlas.importing.sources import nats_bench as archives
from nasatlas.importing.sources import zero_cost
from nasatlas.reading.setting import Setting
from nasatlas.shims import naslib
from nasatlas.shims.naslib import EncodingType, Metric, NasBench101SearchSpace, NasBench201SearchSpace
from nasatlas.shims.nasbench import cell
from nasatlas.shims.nats_bench import cells
from nasatlas.shims.told import MissingKey
from published import SHARED, peer_source
from test_shims_nni_others import CHAIN, ragged, text

RELEASED = Path(__file__).resolve().parents[3] / "data" / "nasbench201.atlas"
BEST = (2, 2, 0, 2, 2, 3)
TEXT = "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|"


def own_table():
    """A table in NASLib's form."""
    return {"nb201_data": {TEXT: {"cifar10-valid": {
        "train_losses": [2 - epoch / 200 for epoch in range(200)], "eval_losses": [float(199 - e) for e in range(200)],
        "train_acc1es": [epoch / 2 for epoch in range(200)], "eval_acc1es": [epoch / 3 for epoch in range(200)],
        "cost_info": {"flops": 15.6, "params": 0.13, "latency": 0.014, "train_time": 7.2}}}}}


class OwnTables(unittest.TestCase):
    def test_values(self):
        api, graph = own_table(), NasBench201SearchSpace(BEST)
        table = api["nb201_data"][TEXT]["cifar10-valid"]

        def ask(metric, **words):
            return graph.query(metric, "cifar10", dataset_api=api, **words)

        for metric, key in ((Metric.VAL_ACCURACY, "eval_acc1es"), (Metric.TEST_ACCURACY, "eval_acc1es"),
                            (Metric.TRAIN_ACCURACY, "train_acc1es"), (Metric.VAL_LOSS, "eval_losses"),
                            (Metric.TRAIN_LOSS, "train_losses")):
            self.assertEqual(ask(metric), table[key][-1])
            self.assertEqual(ask(metric, epoch=50), table[key][50])
            self.assertEqual(ask(metric, full_lc=True), table[key])
            self.assertEqual(ask(metric, full_lc=True, epoch=50), table[key][:50])
        self.assertIs(ask(Metric.RAW), api["nb201_data"][TEXT])
        self.assertEqual((ask(Metric.HP), ask(Metric.TRAIN_TIME)), (table["cost_info"], 7.2))
        with self.assertRaises(MissingKey):
            ask(Metric.VAL_TIME)
        with self.assertRaises(MissingKey) as caught:
            graph.query(Metric.VAL_LOSS, "cifar100", dataset_api=api)
        self.assertEqual(caught.exception.known, ["cifar10-valid"])
        with self.assertRaises(errors.UnknownArchitecture):
            NasBench201SearchSpace((0,) * 6).query(Metric.VAL_LOSS, "cifar10", dataset_api=api)


class Released(unittest.TestCase):
    """data/nasbench201.atlas: validation accuracies after 200 epochs."""

    @classmethod
    def setUpClass(cls):
        cls.atlas = nasatlas.open(RELEASED)

    def api(self, **words):
        return naslib.get_dataset_api("nasbench201", "cifar10", atlas=self.atlas, **words)

    def test_a_query_reads_no_curve(self):
        api = self.api()
        with mock.patch.object(Setting, "curve", autospec=True, side_effect=Setting.curve) as read:
            for indices in ((0,) * 6, BEST, (4, 3, 2, 1, 0, 1)):
                NasBench201SearchSpace(indices).query(Metric.VAL_ACCURACY, "cifar10", dataset_api=api)
            told = api["nb201_data"][TEXT]["cifar10-valid"]
            self.assertEqual(list(told), ["train_losses", "eval_losses", "train_acc1es", "eval_acc1es", "cost_info"])
            self.assertEqual(read.call_count, 0)
            told["eval_acc1es"]  # noqa: B018
            self.assertEqual(read.call_count, 3)
            told["eval_acc1es"]  # noqa: B018
            self.assertEqual(read.call_count, 3)

    def test_all_cells_in_either_way(self):
        api, values = self.api(), self.atlas.lookup(dataset="cifar10").values()
        for place in range(0, 15_625, 311):
            one = self.atlas.architectures[place]
            graph = NasBench201SearchSpace(naslib.convert_str_to_op_indices(one))
            self.assertEqual(graph.query(Metric.VAL_ACCURACY, "cifar10", dataset_api=api), values[place])
            self.assertEqual(api["nb201_data"][one]["cifar10-valid"]["eval_acc1es"][-1], values[place])

    def test_an_answer_for_what_is_absent(self):
        graph = NasBench201SearchSpace(op_indices=BEST)
        for absent in (None, math.nan):
            api = self.api(absent=absent)
            told = api["nb201_data"][TEXT]["cifar10-valid"]
            for value in (graph.query(Metric.TRAIN_ACCURACY, "cifar10", dataset_api=api),
                          graph.query(Metric.TEST_ACCURACY, "cifar10", dataset_api=api),
                          graph.query(Metric.VAL_ACCURACY, "cifar10", epoch=3, dataset_api=api),
                          graph.query(Metric.VAL_TIME, "cifar10", dataset_api=api),
                          graph.query(Metric.FLOPS, "cifar10", dataset_api=api),
                          told["train_acc1es"][-1], told["cost_info"]["flops"]):
                self.assertIs(value, absent)
            self.assertEqual(graph.query(Metric.TRAIN_TIME, "cifar10", dataset_api=api),
                             told["cost_info"]["train_time"])
            self.assertGreater(graph.query(Metric.VAL_ACCURACY, "cifar10", dataset_api=api), 91)
        with self.assertRaises(errors.MissingValue):
            graph.query(Metric.TRAIN_ACCURACY, "cifar10", dataset_api=self.api())

    def test_where_the_original_has_a_NotImplementedError(self):
        graph = NasBench201SearchSpace(BEST)
        for ask in (lambda: graph.query(Metric.ALL, "cifar10", dataset_api=self.api()),
                    lambda: graph.query(Metric.VAL_ACCURACY, "cifar10"), lambda: graph.encode(EncodingType.COMPACT),
                    lambda: NasBench101SearchSpace().query(Metric.HP, dataset_api=self.api()),
                    lambda: NasBench101SearchSpace().query(Metric.RAW), lambda: NasBench101SearchSpace().get_spec(),
                    lambda: naslib.get_dataset_api("nlp", "treebank", atlas=self.atlas),
                    lambda: naslib.get_zc_benchmark_api("nasbench101", "cifar10", atlas=self.atlas)):
            with self.assertRaises(NotImplementedError) as caught:
                ask()
            self.assertIsInstance(caught.exception, errors.QuestionError)

    def test_words(self):
        graph = NasBench201SearchSpace()
        graph.set_spec(op_indices=BEST)
        self.assertEqual(graph.get_hash(), BEST)


@unittest.skipUnless(PROGRAM, REASON)
class WithCurves(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.folder = holder.name

    @needs("nats-archives")
    def test_whole_lists_are_lists(self):
        atlas = publish(self.folder, archives.entries(SHARED / "nats-archives"), "nats")
        data = naslib.get_dataset_api("nasbench201", "cifar10", atlas=atlas)["nb201_data"]
        told = data[cells.topology()[11]]["cifar10-valid"]
        again = json.loads(json.dumps(told))
        self.assertEqual(again, told)
        self.assertEqual(dict(data[cells.topology()[11]]["cifar10-valid"]), again)
        self.assertEqual(pickle.loads(pickle.dumps(told)), again)
        for key in ("train_losses", "eval_losses", "train_acc1es", "eval_acc1es"):
            self.assertIs(type(told[key]), list)
            self.assertEqual({type(value) for value in told[key]}, {float})
            self.assertEqual(len(told[key]), 200)

    def test_repeats_that_lack_values(self):
        atlas = publish(self.folder, ragged(), "ragged")
        graph = NasBench101SearchSpace()
        graph.set_spec(dict(zip(("matrix", "ops"), cell.read_text(text(CHAIN)))))
        api = naslib.get_dataset_api("nasbench101", atlas=atlas, absent=None)
        self.assertEqual(graph.query(Metric.VAL_ACCURACY, dataset_api=api), 75)
        for metric in (Metric.TRAIN_ACCURACY, Metric.TRAIN_TIME, Metric.PARAMETERS):
            self.assertIsNone(graph.query(metric, dataset_api=api))
        self.assertIsNone(graph.query(Metric.VAL_ACCURACY, epoch=4, dataset_api=api))

    @needs("zero-cost")
    def test_proxies(self):
        """The same as NASLib's file, key by key."""
        atlas = publish(self.folder, zero_cost.entries(SHARED / "zero-cost"), "proxies")
        with gzip.open(SHARED / "zero-cost" / "zc_nasbench201.a.json.gz") as file:
            published = json.load(file)
        compared = 0
        for dataset, theirs in published.items():
            ours = naslib.get_zc_benchmark_api("nasbench201", dataset, atlas=atlas)
            self.assertEqual(set(ours), set(theirs))
            for key, values in theirs.items():
                self.assertEqual({**ours[key], "idx": values["idx"]}, values)
                compared += len(values) - 1
        self.assertEqual(compared, 30_435)
        untimed = naslib.get_zc_benchmark_api("nasbench201", "cifar10", atlas=atlas, table="untimed")
        self.assertEqual(len(untimed), 491)
        for ask in (lambda: next(iter(untimed.values()))["snip"]["time"], lambda: next(iter(ours.values()))["idx"]):
            with self.assertRaises(MissingKey):
                ask()
        for words, known in ((("cifar10", "other"), ["timed", "untimed"]), (("svhn", "timed"), list(naslib.DATASETS))):
            with self.assertRaises(errors.UnknownName) as caught:
                naslib.get_zc_benchmark_api("nasbench201", words[0], atlas=atlas, table=words[1])
            self.assertEqual(caught.exception.known, known)


class OfNASLib(unittest.TestCase):
    """NASLib's own code, as far as it needs no PyTorch."""

    def test_its_own_query(self):
        """The function `query` of its graph reads our tables."""
        written = peer_source("NASLib", "naslib/search_spaces/nasbench201/graph.py").read_text(encoding="utf-8")
        class_, = (node for node in ast.parse(written).body if isinstance(node, ast.ClassDef))
        query, = (node for node in class_.body if isinstance(node, ast.FunctionDef) and node.name == "query")
        names = {"Metric": Metric, "convert_op_indices_to_str": naslib.convert_op_indices_to_str}
        exec(compile(ast.Module([query], []), "graph.py", "exec"), names)  # noqa: S102
        api = naslib.get_dataset_api("nasbench201", "cifar10", atlas=RELEASED)
        compared = 0
        for one in cells.topology()[::500]:
            ours = NasBench201SearchSpace(naslib.convert_str_to_op_indices(one))
            graph = types.SimpleNamespace(instantiate_model=False, get_hash=ours.get_hash)
            for metric in (Metric.VAL_ACCURACY, Metric.HP, Metric.TRAIN_TIME, Metric.RAW):
                self.assertEqual(names["query"](graph, metric, "cifar10", dataset_api=api),
                                 ours.query(metric, "cifar10", dataset_api=api))
                compared += 1
        self.assertEqual(compared, 128)

    def own_tests(self, file, kept, **names):
        """Runs the methods `kept` of a file of NASLib's tests, with `names` in place of what the file imports."""
        written = ast.parse(peer_source("NASLib", f"tests/{file}").read_text(encoding="utf-8"))
        written.body = [node for node in written.body if not isinstance(node, (ast.Import, ast.ImportFrom))]
        class_, = (node for node in written.body if isinstance(node, ast.ClassDef))
        class_.body = [node for node in class_.body if node.name in kept]
        names.update(unittest=unittest, np=np, os=os, Metric=Metric, __name__="peer")
        exec(compile(written, file, "exec"), names)  # noqa: S102
        result = unittest.TestResult()
        with contextlib.redirect_stdout(io.StringIO()):
            unittest.defaultTestLoader.loadTestsFromTestCase(names[class_.name]).run(result)
        self.assertEqual((result.testsRun, result.errors, result.failures), (len(kept), [], []))

    def test_its_own_tests_of_201(self):
        """Those that build no network, with one changed import."""
        self.own_tests("test_nb201_search_space.py", (
            "test_set_and_get_spec", "test_set_spec_twice_without_instantiation", "test_sample_random_architecture",
            "test_query_no_api", "test_query", "test_get_arch_iterator"), NasBench201SearchSpace=NasBench201SearchSpace)

    def test_its_own_tests_of_101(self):
        """Those that build no network, with one changed import and NASLib's own reader of its own file."""
        reader = self.reader()
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(peer_source("NASLib", "tests/assets/nb101_dummy.pkl").parents[1])
        self.own_tests("test_nb101_search_space.py", (
            "test_set_and_get_spec", "test_set_and_get_spec_hash", "test_sample_random_architecture", "test_query",
            "test_get_arch_iterator"), NasBench101SearchSpace=NasBench101SearchSpace, api=reader)

    def test_its_own_reader_of_101(self):
        reader = self.reader()
        with contextlib.redirect_stdout(io.StringIO()):
            bench = reader.NASBench(str(peer_source("NASLib", "tests/assets/nb101_dummy.pkl")))
        api, graph, found = {"api": reader, "nb101_data": bench}, NasBench101SearchSpace(), 0
        for name in graph.get_arch_iterator(api):
            graph.set_spec(name, api)
            computed = bench.computed_statistics[name][108]
            self.assertIn(graph.query(Metric.VAL_ACCURACY, dataset_api=api),
                          [one["final_validation_accuracy"] * 100 for one in computed])
            found += 1
        self.assertEqual(found, 30)

    @staticmethod
    def reader():
        """NASLib's module that reads its file of NAS-Bench-101."""
        path = peer_source("NASLib", "naslib/utils/nb101_api.py")
        spec = importlib.util.spec_from_file_location("nb101_api", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


if __name__ == "__main__":
    unittest.main()
