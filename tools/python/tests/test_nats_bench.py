"""NATS archives: published numbers, splits, and what happens to archives that are not what they seem."""

import bz2
import os
import pickle
import shutil
import unittest
from unittest import mock

from benchmark_data import Folder, admitted, curves, measurements, needs, runs
from nasatlas.importing.entries import ProtocolCard, SourceCard
from nasatlas.importing.faults import BadData, MissingInput, RefusedPickle
from nasatlas.importing.sources import _nats_packings, nasbench201_200ep, nats_bench
from published import SHARED

CELLS = {0: "|avg_pool_3x3~0|+|nor_conv_1x1~0|skip_connect~1|+|nor_conv_1x1~0|skip_connect~1|skip_connect~2|",
         11: "|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|none~0|nor_conv_3x3~1|avg_pool_3x3~2|",
         284: "|skip_connect~0|+|skip_connect~0|skip_connect~1|+|none~0|nor_conv_1x1~1|none~2|"}


@needs("nats-archives")
class Published(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.entries = admitted(nats_bench.entries(SHARED / "nats-archives"))
        cls.runs = runs(cls.entries)
        cls.measured = measurements(cls.entries)

    def value(self, cell, dataset, protocol, seed, metric, split, epoch):
        curve = curves(self.runs[CELLS.get(cell, cell), dataset, protocol, seed])[metric, split]
        places = list(curve.at or range(1, len(curve.values) + 1))
        return curve.values[places.index(epoch)]

    def test_every_training_is_there(self):
        self.assertEqual(len(self.runs), 3 * (5 + 12) + 3 * (4 + 12 + 4))
        seeds = {(p, d): sorted(s for a, e, q, s in self.runs if a == CELLS[11] and (q, e) == (p, d))
                 for p in ("nasbench201-12", "nasbench201-200") for d in ("cifar10-valid", "cifar10")}
        self.assertEqual(seeds, {("nasbench201-12", "cifar10-valid"): [111, 777], ("nasbench201-12", "cifar10"): [111],
                                 ("nasbench201-200", "cifar10-valid"): [777, 888, 999],
                                 ("nasbench201-200", "cifar10"): [777, 888, 999]})

    def test_published_numbers(self):
        for cell, accuracy in ((0, 69.55), (11, 74.0), (284, 79.46)):
            got = self.value(cell, "cifar10", "nasbench201-12", 111, "accuracy_percent", "test", 12)
            self.assertEqual(got, accuracy, cell)
        for seed, accuracy in ((777, 82.09199998291015), (888, 81.61599997314453), (999, 82.24000001464844)):
            got = self.value(0, "cifar10-valid", "nasbench201-200", seed, "accuracy_percent", "validation", 200)
            self.assertEqual(got, accuracy)
        seconds = self.measured["train_seconds", CELLS[0], None, (), "cifar10-valid", "nasbench201-200"]
        self.assertEqual(seconds.value, 1444.2185997962952)
        self.assertEqual(self.value(0, "cifar10-valid", "nasbench201-12", 777, "loss", "train", 1), 1.8994598120498658)

    def test_splits_of_each_data_set(self):
        def splits(dataset, protocol, seed, cell):
            return {s for m, s in curves(self.runs[cell, dataset, protocol, seed]) if m == "accuracy_percent"}

        for protocol, seed, cell in (("nasbench201-200", 999, CELLS[0]), ("nats-sss-90", 777, "8:8:8:16:32")):
            self.assertEqual(splits("cifar10-valid", protocol, seed, cell), {"train", "validation", "test"})
            self.assertEqual(splits("cifar10", protocol, seed, cell), {"train", "test"})
            for dataset in ("cifar100", "imagenet16-120"):
                self.assertEqual(splits(dataset, protocol, seed, cell), {"train", "validation", "test", "valtest"})
                parts = [self.value(cell, dataset, protocol, seed, "accuracy_percent", s,
                                    int(protocol.rsplit("-", 1)[1])) for s in ("validation", "test", "valtest")]
                self.assertAlmostEqual((parts[0] + parts[1]) / 2, parts[2], 4)

    def test_only_the_recorded_epochs_have_values(self):
        valid = curves(self.runs[CELLS[0], "cifar10-valid", "nasbench201-200", 777])
        self.assertEqual(len(valid["loss", "validation"].values), 200)
        self.assertEqual(valid["loss", "test"].at, [200])
        self.assertNotIn(("top5_accuracy_percent", "train"), valid)
        halves = curves(self.runs[CELLS[0], "cifar100", "nasbench201-200", 777])
        self.assertIsNone(halves["loss", "valtest"].at)
        self.assertEqual(halves["loss", "test"].at, [200])

    def test_times_that_the_source_repeats_stand_once(self):
        train = {k: m.value for k, m in self.measured.items() if k[0] == "train_seconds_per_epoch"}
        self.assertEqual(len(train), 3 * 2 * 4 + 3 * 3 * 4)
        for cell in CELLS.values():
            a, b, c = (train["train_seconds_per_epoch", cell, None, (), d, "nasbench201-200"]
                       for d in ("cifar10-valid", "cifar10", "imagenet16-120"))
            self.assertEqual(b, 2 * a)
            self.assertAlmostEqual(c / a, 151_700 / 25_000, 12)
        self.assertTrue(all(r.costs_by_epoch is None for r in self.runs.values()))
        latency = self.measured["latency", CELLS[0], None, (("batch", "256"),), "cifar100", None]
        self.assertEqual((latency.value, latency.unit), (0.013182918230692545, "second"))
        self.assertTrue(any("25,000 images" in sentence for sentence in self.entries[0].made_up))

    def test_counts(self):
        run = self.runs[CELLS[11], "cifar10", "nasbench201-200", 888]
        self.assertEqual(run.counts, {"parameters": 802_426, "flops": 113_951_370})
        self.assertEqual({e.name for e in self.entries if isinstance(e, ProtocolCard)},
                         {"nasbench201-12", "nasbench201-200", "nats-sss-1", "nats-sss-12", "nats-sss-90"})

    @needs("nb201-200ep")
    def test_their_means_are_the_200_epoch_table(self):
        table = {(r.architecture, r.dataset): r.curves[0].values[0]
                 for r in runs(nasbench201_200ep.entries(SHARED / "nb201-200ep")).values()
                 if r.architecture in CELLS.values()}
        self.assertEqual(len(table), 9)
        for (cell, dataset), mean in table.items():
            values = [self.value(cell, dataset, "nasbench201-200", s, "accuracy_percent", "test", 200)
                      for s in (777, 888, 999)]
            self.assertAlmostEqual(sum(values) / 3, mean, 10)


def without_source(entries):
    """Entries but for the card that names the files."""
    return [one for one in entries if not isinstance(one, SourceCard)]


@needs("nats-forms")
@needs("nats-archives")
class Packings(Folder):
    """Every form in which users have the archives gives the same entries."""

    SIMPLE = SHARED / "nats-archives" / "NATS-tss-v1_0-3ffb9-simple"
    SIZE = SHARED / "nats-archives" / "NATS-sss-v1_0-50262-simple"
    FORMS = SHARED / "nats-forms"

    @classmethod
    def setUpClass(cls):
        cls.simple = admitted(nats_bench.entries(cls.SIMPLE))

    def same(self, path, files):
        found = admitted(nats_bench.entries(path))
        self.assertEqual(without_source(found), without_source(self.simple))
        card, = (one for one in found if isinstance(one, SourceCard))
        self.assertEqual([file.name for file in card.files], files)

    def test_the_folder_itself(self):
        self.assertEqual(len(runs(self.simple)), 51)
        self.same(self.SIMPLE, ["SHA256SUMS of 3 archives of NATS-tss-v1_0-3ffb9-simple"])

    def test_folders_of_any_name(self):
        shutil.copytree(self.SIMPLE, self.folder / "cells")
        self.same(self.folder / "cells", ["SHA256SUMS of 3 archives of cells"])

    def test_links(self):
        whole = ["SHA256SUMS of 3 archives of NATS-tss-v1_0-3ffb9-simple"]
        (self.folder / "link").symlink_to(self.SIMPLE)
        (self.folder / "again").symlink_to(self.folder / "link")
        (self.folder / "round").symlink_to(self.folder)
        for path in (self.folder / "link", self.folder / "again", self.folder):
            self.same(path, whole)
        (self.folder / "other").mkdir()
        for one in self.SIMPLE.iterdir():
            (self.folder / "other" / one.name).symlink_to(one)
        self.same(self.folder / "other", ["SHA256SUMS of 3 archives of other"])

    def test_the_tar(self):
        whole = ["SHA256SUMS of 3 archives of NATS-tss-v1_0-3ffb9-simple"]
        self.same(self.FORMS / "tar", whole)
        self.same(self.FORMS / "tar" / "NATS-tss-v1_0-3ffb9-simple.tar", whole)
        card, = (one for one in nats_bench.entries(self.FORMS / "tar") if isinstance(one, SourceCard))
        self.assertEqual(card, self.simple[0])

    def test_the_single_pickle(self):
        name = "NATS-tss-v1_0-3ffb9.pickle.pbz2"
        self.same(self.FORMS / "single" / name, [name])
        self.same(self.FORMS / "single", [name])

    def test_archives_with_weights(self):
        whole = ["SHA256SUMS of 3 archives of NATS-tss-v1_0-3ffb9-full"]
        self.same(self.FORMS / "full", whole)
        self.same(self.FORMS / "full" / "NATS-tss-v1_0-3ffb9-full", whole)

    def test_one_of_each_space_in_any_packing(self):
        (self.folder / "size").symlink_to(self.SIZE)
        shutil.copy(self.FORMS / "single" / "NATS-tss-v1_0-3ffb9.pickle.pbz2", self.folder)
        both = runs(admitted(nats_bench.entries(self.folder)))
        self.assertEqual(both, runs(admitted(nats_bench.entries(SHARED / "nats-archives"))))

    def test_two_of_one_space_are_told(self):
        (self.folder / "a").symlink_to(self.SIMPLE)
        (self.folder / "b").symlink_to(self.FORMS / "full")
        with self.assertRaisesRegex(BadData, "-simple and NATS-tss-v1_0-3ffb9-full both contain cells of nasbench201"):
            list(nats_bench.entries(self.folder))

    def test_a_single_pickle_that_is_too_large_or_another_is_told(self):
        for content, kind, told in (({"arch2infos": None}, BadData, "contains no arch2infos"),
                                    ([1], BadData, "contains no arch2infos"),
                                    ({"arch2infos": {}}, MissingInput, "contains no NATS-Bench archive")):
            path = self.put("NATS-tss-v1_0-x.pickle.pbz2", bz2.compress(pickle.dumps(content)))
            with self.assertRaisesRegex(kind, told):
                list(nats_bench.entries(path))
        with mock.patch.object(_nats_packings, "LARGEST_FILE", 1000), \
                self.assertRaisesRegex(BadData, r"more than 1000.*\n.*tar that ends with -simple"):
            list(nats_bench.entries(self.FORMS / "single"))
        # The published file of all cells has 1.7 GB: the next step is never to fetch it again alone.
        path = self.put("NATS-tss-v1_0-y.pickle.pbz2", b"")
        os.truncate(path, (256 << 20) + 1)
        with self.assertRaisesRegex(BadData, r"is larger than 268435456 bytes\n.*tar that ends with -simple"):
            list(nats_bench.entries(path))

    def test_damaged_tars_are_told(self):
        whole = (self.FORMS / "tar" / "NATS-tss-v1_0-3ffb9-simple.tar").read_bytes()
        for raw in (b"no tar", whole[:100_000], b""):
            path = self.put("x.tar", raw)
            with self.assertRaises((BadData, MissingInput)):
                list(nats_bench.entries(path))


def archive(times=(2.0, 3.0), test_epochs=(0, 11), **extra):
    """A small archive: CIFAR-10 for 12 epochs with the seeds 1 and 2."""
    def training(seconds):
        return {"train_losses": dict.fromkeys(range(12), 1.5), "train_acc1es": dict.fromkeys(range(12), 50.0),
                "train_acc5es": None, "train_times": dict.fromkeys(range(12), seconds), "latency": [],
                "eval_losses": {f"ori-test@{e}": 1.25 for e in test_epochs},
                "eval_acc1es": {f"ori-test@{e}": 40.0 for e in test_epochs},
                "eval_times": {f"ori-test@{e}": 0.5 for e in test_epochs}, "params": 0.5, "flop": 1.5, **extra}

    part = {"arch_str": CELLS[0], "all_results": {("cifar10", s): training(t) for s, t in zip((1, 2), times)}}
    return {"12": part, "200": {"arch_str": CELLS[0], "all_results": {}}}


class Made(Folder):
    NAME = "NATS-tss-v1_0-3ffb9-simple/000000.pickle.pbz2"

    def entries(self, content):
        self.put(self.NAME, bz2.compress(content if isinstance(content, bytes) else pickle.dumps(content)))
        return admitted(nats_bench.entries(self.folder))

    def test_times_that_differ_stay_with_their_runs(self):
        entries = self.entries(archive())
        found = runs(entries)
        self.assertEqual([found[CELLS[0], "cifar10", "nasbench201-12", s].costs_by_epoch for s in (1, 2)],
                         [{"train_seconds": [2.0] * 12}, {"train_seconds": [3.0] * 12}])
        self.assertEqual(found[CELLS[0], "cifar10", "nasbench201-12", 1].costs, {"evaluation_seconds": 1.0})
        self.assertEqual(measurements(entries), {})

    def test_single_epochs_are_counted_from_1(self):
        run = runs(self.entries(archive()))[CELLS[0], "cifar10", "nasbench201-12", 1]
        self.assertEqual(curves(run)["loss", "test"].at, [1, 12])

    def test_what_is_no_archive_is_refused(self):
        for content in ({}, {"12": 1, "200": 2}, archive(test_epochs=(12,)), archive(params=0.1234567891), [1],
                        archive(times=("a", "b")), archive(train_losses={0: "1.5"}), archive(train_losses={"a": 1.5})):
            with self.assertRaises(BadData):
                self.entries(content)

    def test_a_program_is_refused(self):
        class Runs:
            def __reduce__(self):
                return os.mkdir, (str(mark),)

        mark = self.folder / "mark"
        with self.assertRaisesRegex(RefusedPickle, "mkdir"):
            self.entries(pickle.dumps({"12": Runs()}))
        self.assertFalse(mark.exists())

    def test_damage_is_told(self):
        whole = bz2.compress(pickle.dumps(archive()))
        for raw in (whole[:-10], b"BZh9 no such thing", whole[:40] + b"\0\0\0\0" + whole[44:]):
            self.put(self.NAME, raw)
            with self.assertRaises(BadData):
                list(nats_bench.entries(self.folder))

    def test_an_empty_folder_is_told(self):
        with self.assertRaises(MissingInput):
            list(nats_bench.entries(self.folder))


if __name__ == "__main__":
    unittest.main()
