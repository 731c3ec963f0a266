"""What is typed by mistake at night: each mistake is a typed error that says what is allowed and what to do next."""

import math
import os
import shutil
import tempfile
import unittest
import warnings
from pathlib import Path
from unittest import mock

import nasatlas
import numpy as np
from nasatlas import errors, plot
from nasatlas.adapters.sklearn import arrays
from nasatlas.adapters.task import Task
from nasatlas.shims import hpo_benchmarks, hpobench, nas_bench_graph, naslib, nats_bench, nni
from nasatlas.shims.hw_nas_bench_api import HWNASBenchAPI
from nasatlas.shims.naslib import Metric, NasBench201SearchSpace
from nasatlas.shims.nasbench import api as nasbench101

RELEASED = Path(__file__).resolve().parents[3] / "data" / "nasbench201.atlas"
OPERATIONS = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"]
CHART = {"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {"x": {"field": "a", "type": "quantitative"}}}


class Mistakes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.folder = Path(holder.name)
        cls.atlas = nasatlas.open(RELEASED)
        cls.addClassCleanup(cls.atlas.close)
        cls.cell = cls.atlas.architectures[5]
        cls.lookup = cls.atlas.lookup(dataset="cifar10")

    def copied(self, name, data=None, manifest=None):
        """A copy of the atlas with other bytes, or with another manifest."""
        path = self.folder / name
        if data is None:
            shutil.copy(RELEASED, path)
        else:
            path.write_bytes(data)
        told = Path(f"{RELEASED}.manifest.json").read_bytes() if manifest is None else manifest
        Path(f"{path}.manifest.json").write_bytes(told)
        return path

    def check(self, *mistakes):
        """Each is what is asked, the kind of error, and a pattern that its text with the next step fits."""
        for number, (ask, kind, said) in enumerate(mistakes):
            with self.subTest(number=number, said=said), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with self.assertRaises(errors.NASAtlasError) as caught:
                    ask()
                self.assertIsInstance(caught.exception, kind)
                self.assertTrue(caught.exception.remedy, caught.exception)
                self.assertRegex(str(caught.exception).replace("\n", " "), said)

    def test_files(self):
        whole = RELEASED.read_bytes()
        turned = bytearray(whole)
        turned[len(turned) // 2] ^= 1
        beside = self.copied("folder.atlas")
        os.remove(f"{beside}.manifest.json")
        os.mkdir(f"{beside}.manifest.json")
        alone = self.folder / "alone.atlas"
        shutil.copy(RELEASED, alone)
        (self.folder / "text.txt").write_text("hello")
        (self.folder / "empty").mkdir()
        opened = nasatlas.open
        self.check(
            (lambda: opened("/no/such.atlas"), FileNotFoundError, "/no/such.atlas does not exist.*check the path"),
            (lambda: opened("such.atlas"), FileNotFoundError, f"begins in {os.getcwd()}"),
            (lambda: opened(self.folder), errors.AtlasNotFound, f"name a file, such as {self.folder}/"),
            (lambda: opened(self.folder / "empty"), errors.AtlasNotFound, "there is no .atlas in this folder"),
            (lambda: opened(""), errors.AtlasNotFound, "an empty path"),
            (lambda: opened("a\0b"), errors.AtlasNotFound, "null byte"),
            (lambda: opened("http://127.0.0.1:8080"), errors.AtlasNotFound, "nasatlas.connect"),
            (lambda: opened(f"{RELEASED}.manifest.json"), errors.NotAnAtlas, "name the atlas beside it"),
            (lambda: opened(self.folder / "text.txt"), errors.NotAnAtlas, "does not begin like an SQLite file"),
            (lambda: opened(None), TypeError, "needs the path of an atlas; the argument is None"),
            (lambda: opened(self.atlas), errors.WrongArgument, "is open already, use it directly"),
            (lambda: opened(self.copied("cut.atlas", whole[:100_000])), errors.DamagedAtlas, "100000 bytes"),
            (lambda: opened(self.copied("nothing.atlas", b"")), errors.DamagedAtlas, "is empty.*copy"),
            (lambda: opened(self.copied("turned.atlas", bytes(turned))), errors.DamagedAtlas, "SHA-256.*copy"),
            (lambda: opened(alone), errors.AtlasNotFound, "manifest .* is missing.*beside the atlas"),
            (lambda: opened(beside), errors.AtlasNotFound, "manifest .* cannot be read: Is a directory.*permissions"),
            (lambda: opened(self.copied("half.atlas", manifest=b'{"a":')), errors.DamagedAtlas, "not the JSON of a"),
            (lambda: opened(self.copied("list.atlas", manifest=b"[1]")), errors.DamagedAtlas, "not the JSON of a"))
        with mock.patch("builtins.open", side_effect=PermissionError(13, "Permission denied")):
            self.check((lambda: opened(RELEASED), errors.AtlasNotFound, "Permission denied.*permission to read"))
        self.assertEqual(len(opened(os.fsencode(RELEASED))), 15_625)
        closed = opened(RELEASED)
        closed.close()
        self.check((lambda: closed.query(self.cell, dataset="cifar10"), errors.ClosedAtlas, "closed.*open it again"))

    def test_questions(self):
        def ask(**words):
            return lambda: self.atlas.query(self.cell, **{"dataset": "cifar10", **words})

        unknown, wrong = errors.UnknownName, errors.WrongArgument
        self.check(
            (ask(dataset="cifar-10"), unknown, "known: cifar10, cifar100, imagenet16-120.*dataset="),
            (ask(dataset=10), unknown, "unknown dataset 10"), (ask(dataset=["cifar10"]), wrong, "allowed: one dataset"),
            (ask(metric="accuracy"), unknown, "known: accuracy_percent"), (ask(metric=["x"]), wrong, "allowed: one metric"),
            (ask(split="val"), unknown, "known: validation"), (ask(protocol=3), unknown, "known: nasbench201-200"),
            (ask(space="nb201"), unknown, "known: nasbench201"), (ask(epoch=0), unknown, "a number from 1 on"),
            (ask(epoch=12), errors.MissingValue, "it has 200"), (ask(epoch=math.nan), unknown, "nan is not an epoch"),
            (ask(epoch=[1]), wrong, "allowed: one epoch"), (ask(epoch=10 ** 30), unknown, "is not an epoch"),
            (ask(epoch="9" * 30), unknown, "is not an epoch"),
            (ask(epoch="best-so-far:" + "9" * 30), unknown, "not an epoch"),
            (ask(seed=777), unknown, "known: unnamed-1"), (ask(seed=[1, 2]), wrong, "ask once per seed"),
            (ask(data_set="cifar10"), wrong, "unknown argument data_set; known: dataset, protocol, space, metric, split"),
            (lambda: self.atlas.lookup(data="cifar10"), TypeError, "unknown argument data"),
            (lambda: self.atlas.curve(self.cell), errors.AmbiguousQuestion, "choose one of them with dataset="),
            (lambda: self.atlas.top("cifar10", dataset="cifar10"), wrong, "is 'cifar10'; allowed: whole numbers from 0 on"),
            (lambda: self.atlas.table("x"), unknown, "known: cifar10"))

    def test_architectures(self):
        unknown = errors.UnknownArchitecture
        self.check((lambda: self.atlas.query(self.cell[:-1], dataset="cifar10"), unknown, "near are: "),
                   (lambda: self.lookup(""), unknown, "give a canonical text"))
        for place in (15_625, -1, 3.0, math.nan, None, True, [self.cell], {"edge_0_1": "none"}, np.array([1, 2])):
            self.check((lambda place=place: self.atlas.query(place, dataset="cifar10"), unknown, "next: "),
                       (lambda place=place: self.lookup(place), unknown, "next: "),
                       (lambda place=place: self.atlas.index(place), unknown, "next: "))
        self.check(
            (lambda: self.lookup([1]), unknown, r"lookup\(...\).values"),
            (lambda: self.lookup({"a": 1}), unknown, r"space\(\).text"),
            (lambda: self.atlas.architecture_id("x"), errors.UnknownArchitecture, "is not an architecture"),
            (lambda: self.atlas.architecture_id(99_999), errors.UnknownArchitecture, "places 0 to 15624"))

    def test_one_architecture_where_a_list_is_asked_for(self):
        for one in ("nats:6111", 6111):
            self.check(*((ask, errors.WrongArgument, f"needs a list of architectures; .* give \\[{one!r}\\]") for ask in (
                lambda one=one: self.atlas.predict(one, dataset="cifar10"),
                lambda one=one: self.atlas.fields(one, ["train_seconds"], dataset="cifar10"),
                lambda one=one: self.atlas.evaluate(one, [90.0], dataset="cifar10"))))

    def test_what_was_answered_wrongly(self):
        """Each of these gave numbers, of other architectures than were meant."""
        wrong, latency = errors.WrongArgument, next(one for one in self.atlas.quantities if one.name == "latency")
        self.check(
            (lambda: self.lookup.values(np.ones(15_625, bool)), wrong, "flatnonzero"),
            (lambda: self.lookup.values(np.array([0.5, 1.5])), wrong, "has the type float64"),
            (lambda: self.lookup.values([1, 2.5]), errors.UnknownArchitecture, "2.5 names no architecture"),
            (lambda: self.lookup.top(-1), wrong, "is -1; allowed"), (lambda: self.lookup.top(None), wrong, "is None; allowed"),
            (lambda: latency.value(-1), errors.UnknownArchitecture, "places 0 to 15624"),
            (lambda: latency.value(99_999), errors.UnknownArchitecture, "places 0 to 15624"),
            (lambda: nasbench101.ModelSpec([[0, math.nan], [0, 0]], ["input", "output"]), errors.NotInSpace,
             "not a number"))
        self.assertEqual(latency.value(self.cell), latency.value("place:5"))
        self.assertEqual(self.lookup.values([5, self.cell]).tolist(), [self.lookup("place:5")] * 2)
        self.assertEqual(self.lookup.values(np.array([])).shape, (0,))
        self.check(
            (lambda: self.lookup.values(5), wrong, "call the lookup for one"),
            (lambda: self.lookup.values(self.cell), wrong, "give a list"),
            (lambda: self.lookup.values([1, 99_999]), errors.UnknownArchitecture, "places 0 to 15624"),
            (lambda: self.lookup.values(np.array([-1, 3])), errors.UnknownArchitecture, "places 0 to 15624"),
            (lambda: self.lookup.values([10 ** 30]), errors.UnknownArchitecture, "places 0 to 15624"),
            (lambda: self.lookup.values([1, True]), errors.UnknownArchitecture, "True names no architecture"))
        self.assertEqual(self.lookup.values([]).shape, (0,))

    def test_spaces_and_files_to_write(self):
        space = self.atlas.space()
        choices, no = space.parse(self.cell), errors.NotInSpace
        self.check(
            (lambda: self.atlas.space("x"), errors.UnknownName, "known: nasbench201"),
            (lambda: space.parse("x"), no, "has the form"), (lambda: space.parse(None), no, "None is neither"),
            (lambda: space.text({"edge_0_1": "none"}), no, "lacking: edge_0_2"), (lambda: space.one_hot(5), no, "5 is"),
            (lambda: space.text({**choices, "edge_0_1": "conv"}), no, "allowed: none, skip_connect"),
            (lambda: space.sample("x"), errors.WrongArgument, "a count of 'x' draws nothing"),
            (lambda: space.sample(1, seed=-1), errors.WrongArgument, "a seed of -1 draws nothing"),
            (lambda: self.atlas.dataframe("cifar10", kind="dask"), errors.NASAtlasError, "pandas"))
        try:
            import pyarrow  # noqa: F401
        except ImportError:
            return
        self.check((lambda: self.atlas.to_parquet(self.folder, "cifar10"), OSError, "it is a folder"),
                   (lambda: self.atlas.to_parquet("/no/such/x.parquet", "cifar10"), errors.Unwritable, "folder"),
                   (lambda: self.atlas.to_parquet(None, "cifar10"), errors.WrongArgument, "not a path"))

    def test_shims_on_what_is_no_atlas_of_theirs(self):
        made = (lambda one: nats_bench.create(one, "tss"), HWNASBenchAPI, nasbench101.NASBench,
                lambda one: naslib.get_dataset_api("nasbench201", "cifar10", atlas=one),
                lambda one: nni.query_nb201_trial_stats(None, 200, "cifar100", atlas=one),
                lambda one: nni.query_nb101_trial_stats(None, None, atlas=one),
                lambda one: nni.query_nlp_trial_stats(None, None, atlas=one), hpobench.SliceLocalizationBenchmark,
                lambda one: hpobench.Cifar100NasBench201Benchmark(atlas=one),
                lambda one: hpobench.TabularBenchmark("nn", 146821, one),
                lambda one: hpo_benchmarks.HPOLib("naval_propulsion", atlas=one),
                lambda one: nas_bench_graph.light_read("cora", one))
        for make in made:
            self.check((lambda: make("/no/such.atlas"), errors.AtlasNotFound, "check the path|give the path of an atlas"),
                       (lambda: make(self.folder), errors.AtlasNotFound, "Is a directory"),
                       (lambda: make({"a": 1}), errors.WrongArgument, "needs the path of an atlas"))
        for make in (made[2], *made[5:8], *made[9:]):
            self.check((lambda: make(self.atlas), errors.QuestionError, "nasbench201|none"))
        self.check((lambda: nats_bench.create(self.atlas, "sss"), errors.UnknownName, "open an atlas of nats-sss"),
                   (lambda: HWNASBenchAPI(self.atlas), errors.MissingValue, "nasatlas-import hw-latency-nb201"))

    def test_nats_bench(self):
        tss, unknown = nats_bench.create(self.atlas, "tss"), errors.UnknownArchitecture

        def info(index, dataset="cifar10-valid", **words):
            return lambda: tss.get_more_info(index, dataset, **{"hp": "200", "is_random": False, **words})

        self.check(
            (info(99_999), unknown, "0 to 15624"), (info(-1), unknown, "0 to 15624"), (info(None), unknown, "number"),
            (info(1.5), unknown, "number"), (info(1, "svhn"), errors.UnknownName, "known: cifar10-valid"),
            (info(1, ["svhn"]), errors.UnknownName, "known"), (info(1, hp="12"), errors.UnknownName, "known: 200"),
            (info(1, iepoch=300), errors.MissingValue, "0 to 199"), (info(1, iepoch="x"), errors.MissingValue, "0 to"),
            (info(1, is_random=777), errors.UnknownName, "no seed 777"),
            (lambda: tss[99_999], IndexError, "0 to 15624"),
            (lambda: tss["x"], unknown, "0 to"), (lambda: tss.arch("x"), unknown, "0 to"),
            (lambda: tss.str2lists(None), errors.NASAtlasError, "write a cell as"),
            (lambda: tss.query_meta_info_by_index(1, "200").get_metrics("x", "x"), errors.MissingValue, "on cifar10"),
            (lambda: nats_bench.create(self.atlas, ["tss"]), errors.UnknownName, "known: tss"),
            (lambda: nats_bench.search_space_info(["x"], "y"), errors.UnknownName, "known"))
        self.assertEqual(sum(1 for _ in tss), 15_625)

    def test_objective_functions(self):
        bench = hpobench.Cifar10ValidNasBench201Benchmark(atlas=self.atlas)
        good = dict.fromkeys(("1<-0", "2<-0", "2<-1", "3<-0", "3<-1", "3<-2"), "none")
        simple, unknown, wrong = hpo_benchmarks.NASBench201, errors.UnknownName, errors.WrongArgument
        self.check(
            (lambda: bench.objective_function(None), wrong, "a dict with 1<-0"),
            (lambda: bench.objective_function("x"), wrong, "a dict with"),
            (lambda: bench.objective_function({"1<-0": "none"}), unknown, "lacking: 2<-0"),
            (lambda: bench.objective_function({**good, "1<-0": "conv"}), unknown, "known: none, skip_connect"),
            (lambda: bench.objective_function(good, fidelity=200), wrong, "a fidelity is a dict with epoch"),
            (lambda: bench.objective_function(good, fidelity={"epochs": 2}), unknown, "known: epoch"),
            (lambda: bench.objective_function(good, fidelity={"epoch": 0}), unknown, "from 1 to 200"),
            (lambda: bench.objective_function(good, fidelity={"epoch": math.nan}), unknown, "from 1 to 200"),
            (lambda: bench.objective_function(good, data_seed=777), unknown, "known: unnamed-1"),
            (lambda: bench.objective_function(good, data_seed=111), unknown, "known: unnamed-1"),
            (lambda: hpobench.Cifar10ValidNasBench201Benchmark(atlas=self.atlas, rng="x"), wrong, "neither a seed"),
            (lambda: simple("x", atlas=self.atlas), unknown, "known: cifar10"),
            (lambda: simple("cifar10", metric_names="val_acc", atlas=self.atlas), wrong, r"give \['val_acc'\]"),
            (lambda: simple("cifar10", seed=-1, atlas=self.atlas), wrong, "is not a seed"),
            (lambda: simple("cifar10", atlas=self.atlas)(None), wrong, "a dict with Op0"),
            (lambda: simple("cifar10", atlas=self.atlas)({}), unknown, "lacking: Op0"),
            (lambda: simple("cifar10", atlas=self.atlas)(dict.fromkeys([f"Op{n}" for n in range(6)], ["x"])), unknown,
             "known: none"))

    def test_naslib(self):
        api = naslib.get_dataset_api("nasbench201", "cifar10", atlas=self.atlas)
        space = NasBench201SearchSpace((0,) * 6)

        def ask(metric=Metric.VAL_ACCURACY, dataset="cifar10", **words):
            return lambda: space.query(metric, dataset, **{"dataset_api": api, **words})

        self.check(
            (ask(epoch="x"), errors.UnknownName, "0 to 199"), (ask(epoch=200), IndexError, "0 to 199"),
            (ask(epoch=None), errors.UnknownName, "0 to 199"),
            (ask(epoch="x", full_lc=True), errors.UnknownName, "0 to 199"),
            (ask(dataset="cifar100"), errors.MissingValue, "is of cifar10-valid; get_dataset_api makes"),
            (ask(dataset=["cifar10"]), errors.UnknownName, "known: cifar10"),
            (ask("acc"), errors.UnknownName, "VAL_LOSS"), (lambda: space.mutate(None), TypeError, "give"),
            (ask(dataset_api=None), errors.UnknownName, "get_dataset_api"),
            (ask(dataset_api={"nb101_data": 1}), errors.UnknownName, "not of nasbench201"),
            (lambda: NasBench201SearchSpace(10), errors.UnknownArchitecture, "six numbers"),
            (lambda: NasBench201SearchSpace("abcdef"), errors.UnknownArchitecture, "six numbers"),
            (lambda: naslib.convert_str_to_op_indices(None), errors.UnknownArchitecture, "write a cell as"),
            (lambda: naslib.get_dataset_api("darts", "cifar10", atlas=self.atlas), errors.UnknownName, "nasbench101"),
            (lambda: naslib.get_dataset_api("nasbench201", ["svhn"], atlas=self.atlas), errors.UnknownName, "cifar100"))

    def test_adapters(self):
        task, choices = Task(self.atlas, dataset="cifar10"), self.atlas.space().parse(self.cell)
        self.check(
            (lambda: Task(self.atlas, data="cifar10"), errors.WrongArgument, "unknown argument data"),
            (lambda: Task(None), errors.WrongArgument, "needs the path of an atlas"),
            (lambda: task.value(None), errors.NotInSpace, "None is neither"),
            (lambda: task.value({"x": 1}), errors.NotInSpace, "unknown: x"),
            (lambda: task.value(choices, 12), errors.MissingValue, "it has 200"),
            (lambda: task.value(choices, "x"), errors.UnknownName, "a number from 1 on"),
            (lambda: task.value(choices, 2.5), errors.UnknownName, "a number from 1 on"),
            (lambda: task.train_seconds(choices, [math.nan]), errors.UnknownName, "a number from 1 on"),
            (lambda: arrays(self.atlas), errors.AmbiguousQuestion, "dataset="),
            (lambda: arrays(self.atlas, dataset="cifar10", encoding=["x"]), errors.UnknownName, "known: one-hot"),
            (lambda: arrays("/no/such.atlas"), errors.AtlasNotFound, "check the path|give the path of an atlas"))

    def test_charts(self):
        out = self.folder / "x.svg"
        self.check(*((ask, plot.PlotError, said) for ask, said in (
            (lambda: plot.render(None, out), "give its text or a dict"), (lambda: plot.render([1], out), "a dict"),
            (lambda: plot.render(5, out), "a dict"), (lambda: plot.render("/no/x.json", out), "No such file"),
            (lambda: plot.render(self.folder, out), "Is a directory"), (lambda: plot.render("{bad", out), "is not JSON"),
            (lambda: plot.render(CHART, None), ".svg, .png or .pdf"),
            (lambda: plot.render(CHART, "x.jpg"), "allowed: .svg"),
            (lambda: plot.render(CHART, out, scale="x"), "up to 100"),
            (lambda: plot.render(CHART, out, scale=None), "up to 100"),
            (lambda: plot.render(CHART, out, scale=math.nan), "up to 100"))))


if __name__ == "__main__":
    unittest.main()
