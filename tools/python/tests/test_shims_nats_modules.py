"""The modules, names, signatures and error types of nats_bench and nas_201_api, beside the packages' own."""

import ast
import bz2
import contextlib
import importlib
import importlib.util
import inspect
import io
import itertools
import os
import pickle
import shutil
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import nasatlas
from benchmark_data import Folder, needs
from made_up_atlas import PROGRAM, REASON, publish
from nasatlas import errors
from nasatlas.importing.sources import nats_bench as archives
from nasatlas.shims import nas_201_api, nats_bench
from nasatlas.shims.nas_201_api import api_201
from nasatlas.shims.nats_bench import api_size, api_topology, api_utils, cells, genotype_utils
from nasatlas.shims.nats_bench.faults import NoBenchmark, NotPlainData, UnreadableCell
from published import SHARED, beside

RELEASED = Path(__file__).resolve().parents[3] / "data" / "nasbench201.atlas"
TEXT = "|nor_conv_1x1~0|+|none~0|none~1|+|none~0|none~1|skip_connect~2|"


class Structures(unittest.TestCase):
    def test_readings(self):
        cell = genotype_utils.topology_str2structure(TEXT)
        self.assertEqual((cell.tostr(), len(cell), cell.node_N, cell.check_valid()), (TEXT, 4, [1, 2, 3], False))
        self.assertEqual(cell.to_unique_str(consider_zero=True), "#+#+#+#")
        self.assertIs(genotype_utils.topology_str2structure(cell), cell)
        self.assertEqual(cell.tolist("none"), (None, False))
        self.assertFalse(cell.check_valid_op(["none", "skip_connect"]))

    def test_every_cell(self):
        found = genotype_utils.TopologyStructure.gen_all(cells.OPERATIONS, 4, False)
        self.assertEqual({cell.tostr() for cell in found}, set(cells.topology()))
        self.assertEqual(len(found), 15_625)
        self.assertEqual(len({cell.to_unique_str(consider_zero=True) for cell in found}), 6466)

    def test_refused(self):
        for ask in (lambda: genotype_utils.topology_str2structure(7), lambda: genotype_utils.TopologyStructure("none"),
                    lambda: genotype_utils.TopologyStructure([[("none", 1)]]),
                    lambda: genotype_utils.topology_str2structure(TEXT).node(3),
                    lambda: genotype_utils.TopologyStructure.gen_all(["none"], 1, True)):
            with self.assertRaises(UnreadableCell) as caught:
                ask()
            self.assertIsInstance(caught.exception, ValueError)
            self.assertIsInstance(caught.exception, AssertionError)


class Released(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.atlas = nasatlas.open(RELEASED)
        cls.api = nats_bench.create(cls.atlas, "tss")

    def test_words_of_functions(self):
        self.assertEqual(self.api.str2lists(arch_str=TEXT), cells.lists(TEXT))
        self.assertEqual(self.api.str2matrix(arch_str=TEXT, search_space=list(cells.OPERATIONS)).sum(), 3)
        self.assertIsInstance(self.api.meta_archs, list)
        self.assertEqual(nats_bench.NATS_BENCH_API_VERSIONs[-1], nats_bench.version())
        self.api.reset_archive_dir("here")
        self.api.reset_fast_mode(True)
        self.assertEqual((self.api.archive_dir, self.api.fast_mode), ("here", True))
        self.assertIn("fast_mode=True, file=nasbench201.atlas", repr(self.api))

    def test_what_the_original_refuses_with_a_ValueError(self):
        api = self.api
        for ask in (lambda: api.arch(15_625), lambda: api.query_index_by_arch(-1), lambda: api.arch2infos_dict[20_000],
                    lambda: api.get_more_info(100_000, "cifar10", hp="200"),
                    lambda: api.get_more_info(5, "cifar100", iepoch=200, hp="200"),
                    lambda: api.get_more_info(5, "cifar100", hp="200", is_random=777),
                    lambda: api.simulate_train_eval(5, "cifar10-valid", hp="200"),
                    lambda: api.query_meta_info_by_index(5, "90"), lambda: api.query_by_index(5, "svhn", "200"),
                    lambda: api.find_best("cifar10-valid", "test", hp="200"),
                    lambda: api.find_best("cifar10", "x-valid", hp="200"), lambda: api.statistics("svhn", "200"),
                    lambda: api.reload("nowhere"), lambda: api.str2matrix(TEXT, ["none"]),
                    lambda: nats_bench.create(self.atlas, "darts"), lambda: nats_bench.create("nowhere", "tss"),
                    lambda: nats_bench.search_space_info("nats-bench", None),
                    lambda: api_utils.reset_file_system("google")):
            with self.assertRaises(errors.NASAtlasError) as caught:
                ask()
            self.assertIsInstance(caught.exception, ValueError)
        with self.assertRaises(KeyError):
            api.get_more_info(5, "svhn", hp="200")

    def test_results_of_all(self):
        infos = self.api.arch2infos_dict
        self.assertEqual((len(infos), list(infos)[:2], 7 in infos, -1 in infos), (15_625, [0, 1], True, False))
        self.assertEqual(list(infos[6111]), ["200"])
        self.assertEqual(infos[6111]["200"].get_metrics("cifar100", "x-valid")["accuracy"],
                         self.api.get_more_info(6111, "cifar100", hp="200")["valid-accuracy"])

    def test_the_usual_place(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, TORCH_HOME=folder):
            for make in (lambda: nats_bench.create(None, "tss"), api_topology.NATStopology, api_201.NASBench201API):
                with self.assertRaisesRegex(NoBenchmark, "no path was given"):
                    make()
            for name in ("NATS-tss-v1_0-3ffb9", "NAS-Bench-201-v1_1-096897"):
                for ending in ("", ".manifest.json"):
                    shutil.copy(f"{RELEASED}{ending}", Path(folder, f"{name}.atlas{ending}"))
            self.assertEqual(nats_bench.create(None, "tss").filename, "NATS-tss-v1_0-3ffb9.atlas")
            self.assertEqual(len(api_201.NASBench201API().evaluated_indexes), 15_625)

    def test_signatures_of_nas_201_api(self):
        api = nas_201_api.NASBench201API(self.atlas, time_cost="train")
        best = api.find_best("cifar10", "valid", FLOP_max=None, Param_max=0.1, hp="200")
        self.assertEqual(best, self.api.find_best("cifar10", "valid", None, 0.1, "200"))
        self.assertEqual(api.simulate_train_eval(6111, "cifar10", "200")[3], api.used_time)
        self.assertNotIn("comment", api.get_more_info(6111, "cifar10-valid", hp="200"))
        self.assertEqual(api.evaluated_indexes, list(range(15_625)))


class Files(Folder):
    def test_there_and_back(self):
        kept = {"numbers": [1, 2.5, None], "pairs": {("a", 1): "b"}}
        api_utils.pickle_save(kept, self.folder / "kept")
        self.assertEqual(api_utils.pickle_load(self.folder / "kept"), kept)
        self.assertEqual(nats_bench.pickle_load(self.folder / "kept.pbz2"), kept)

    def test_nothing_is_executed(self):
        self.put("hostile.pbz2", bz2.compress(pickle.dumps(os.system)))
        self.put("broken.pbz2", b"BZh9")
        for name in ("hostile", "broken"):
            with self.assertRaises(NotPlainData) as caught:
                nats_bench.pickle_load(self.folder / name)
            self.assertIsInstance(caught.exception, ValueError)
        with self.assertRaises(FileNotFoundError):
            nats_bench.pickle_load(self.folder / "absent")

    @needs("nats-archives")
    def test_a_published_file(self):
        meta = nats_bench.pickle_load(next((SHARED / "nats-archives").glob("NATS-tss-*")) / "meta.pickle.pbz2")
        self.assertEqual(meta["meta_archs"], list(cells.topology()))


def parameters(function) -> list:
    """Names of parameters, without the instance's."""
    return [name for name in inspect.signature(function).parameters if name != "self"]


@beside("nats_bench", "nats_bench")
class NamesOfThePackage(unittest.TestCase):
    SET_WHEN_MADE = {"archive_dir", "fast_mode"}

    def test_modules(self):
        not_names = {"Any", "Dict", "List", "Optional", "Text", "Union"}
        compared = 0
        for name in ("", ".api_size", ".api_topology", ".api_utils", ".genotype_utils"):
            theirs = importlib.import_module(f"nats_bench{name}")
            ours = importlib.import_module(f"nasatlas.shims.nats_bench{name}")
            for word in {word for word in dir(theirs) if not word.startswith("_")} - not_names:
                value = getattr(theirs, word)
                if name and getattr(value, "__module__", theirs.__name__) != theirs.__name__ or inspect.ismodule(value):
                    continue  # It is imported there, not made.
                if name in (".api_size", ".api_topology") and word == "PICKLE_EXT":
                    continue
                self.assertTrue(hasattr(ours, word), (name, word))
                if isinstance(value, (list, tuple, str)):
                    self.assertEqual(getattr(ours, word), value)
                elif inspect.isfunction(value):
                    self.assertEqual(parameters(getattr(ours, word))[:len(parameters(value))], parameters(value), word)
                compared += 1
        self.assertGreater(compared, 30)

    def test_methods(self):
        import nats_bench as package
        lacking = {"used_time", "reset_latency", "reset_pseudo_train_times", "reset_pseudo_eval_times", "update", "load_state_dict",
                   "create_from_state_dict", "debug_test", "update_train_info", "reset_eval", "update_latency",
                   "update_eval", "update_OLD_eval", "judge_valid"}
        compared = 0
        for name in ("NATStopology", "NATSsize", "ArchResults", "ResultsCount"):
            theirs, ours = getattr(package, name), getattr(nats_bench, name)
            for word in {word for word in dir(theirs) if not word.startswith("_")} - lacking:
                value = getattr(theirs, word)
                self.assertTrue(hasattr(ours, word) or word in self.SET_WHEN_MADE, (name, word))
                if inspect.isfunction(value):
                    self.assertEqual(parameters(getattr(ours, word)), parameters(value), (name, word))
                    compared += 1
        self.assertGreater(compared, 55)

    def test_structures(self):
        from nats_bench.genotype_utils import TopologyStructure as Theirs
        ours = genotype_utils.TopologyStructure
        for text in cells.topology()[::25]:
            one, other = Theirs.str2structure(text), ours.str2structure(text)
            self.assertEqual((one.nodes, one.tostr(), one.check_valid(), one.node_num, len(one), one.tolist("none")),
                             (other.nodes, other.tostr(), other.check_valid(), other.node_num, len(other),
                              other.tolist("none")))
            for zeros in (True, False, None):
                self.assertEqual(one.to_unique_str(zeros), other.to_unique_str(zeros))
        for text in ("|none~0|+|none~1|+|nor_conv_1x1~2|", TEXT):
            self.assertEqual(Theirs.str2fullstructure(text).nodes, ours.str2fullstructure(text).nodes)


@beside("nas_201_api", "nas-bench-201")
class NamesOfNASBench201(unittest.TestCase):
    def test_methods(self):
        """The package cannot be imported without PyTorch; its source can be read."""
        root = Path(importlib.util.find_spec("nas_201_api").origin).parent
        compared = 0
        for file, found in (("api_201.py", "NASBench201API"), ("api_utils.py", "NASBenchMetaAPI")):
            parts = ast.parse((root / file).read_text(encoding="utf-8")).body
            class_, = (part for part in parts if isinstance(part, ast.ClassDef) and part.name == found)
            for part in class_.body:
                if isinstance(part, ast.FunctionDef) and not part.name.startswith("_"):
                    value = inspect.getattr_static(nas_201_api.NASBench201API, part.name, None)
                    names = [one.arg for one in part.args.args if one.arg != "self"]
                    if part.name not in ("used_time", "avaliable_hps"):
                        self.assertEqual(parameters(getattr(value, "__func__", value)), names, part.name)
                        compared += 1
        self.assertGreater(compared, 20)


@beside("nats_bench", "nats_bench")
@unittest.skipUnless(PROGRAM, REASON)
@needs("nats-archives")
class SameAsThePackage(unittest.TestCase):
    """nats_bench 1.8 and the shim, both on the genuine archives."""

    @classmethod
    def setUpClass(cls):
        import nats_bench as package
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        atlas = nasatlas.open(publish(folder.name, archives.entries(SHARED / "nats-archives"), "nats"))
        cls.package = package
        cls.pairs = [
            (package.create(str(next((SHARED / "nats-archives").glob(f"NATS-{space}-*"))), space, True, False),
             nats_bench.create(atlas, space)) for space in ("tss", "sss")]

    def each(self):
        for (theirs, ours), index in itertools.product(self.pairs, (0, 11, 284)):
            theirs.get_cost_info(index, "cifar10", "12")
            for hp in ours.avaliable_hps:
                yield theirs.arch2infos_dict[index][hp], ours.arch2infos_dict[index][hp]

    def test_trainings(self):
        compared = 0
        for theirs, ours in self.each():
            self.assertEqual(theirs.dataset_seed, ours.dataset_seed)
            self.assertEqual(set(theirs.all_results), set(ours.all_results))
            for key, training in theirs.all_results.items():
                own = ours.all_results[key]
                self.assertEqual(training.seed, own.seed)
                self.assertEqual(training.arch_config, own.arch_config)
                self.assertEqual(training.arch_config.get("channel"), own.arch_config.get("channel"))
                self.assertEqual(set(training.eval_names), set(own.eval_names))
                for one, other in ((training.train_times, own.train_times), (training.eval_times, own.eval_times)):
                    self.assertEqual(set(one), set(other))
                    self.assertTrue(all(abs(one[each] / other[each] - 1) < 1e-12 for each in one))
                compared += 1
        self.assertEqual(compared, 111)

    def test_state(self):
        """The package makes its own objects of ours."""
        for theirs, ours in self.each():
            again = self.package.ArchResults.create_from_state_dict(pickle.loads(pickle.dumps(ours.state_dict())))
            for dataset in theirs.get_dataset_names():
                self.assertEqual(theirs.get_metrics(dataset, "ori-test")["accuracy"],
                                 again.get_metrics(dataset, "ori-test")["accuracy"])
                self.assertEqual(theirs.get_compute_costs(dataset)["params"],
                                 again.get_compute_costs(dataset)["params"])

    def test_words(self):
        for (theirs, ours), index in itertools.product(self.pairs, (0, 11, 284)):
            self.assertEqual(theirs.query_info_str_by_arch(index, "12"), ours.query_info_str_by_arch(index, "12"))
            with contextlib.redirect_stdout(io.StringIO()) as first:
                theirs.show(index)
            with contextlib.redirect_stdout(io.StringIO()) as second:
                ours.show(index)
            self.assertEqual(first.getvalue(), second.getvalue())

    def test_an_evaluation_that_a_data_set_lacks(self):
        for (theirs, ours), (dataset, name) in itertools.product(
                self.pairs, (("cifar10-valid", "test"), ("cifar10", "x-valid"), ("cifar100", "nothing"))):
            theirs.get_cost_info(11, "cifar10", "12")
            for api, words in ((theirs, {"enforce_all": False}), (ours, {})):
                with self.assertRaises(ValueError):
                    api.find_best(dataset, name, hp="12", **words)
            self.assertEqual(ours.find_best("cifar10-valid", "valid"), ours.find_best("cifar10", "valid"))


if __name__ == "__main__":
    unittest.main()
