"""SpikeNAS-Bench: counts, exact numbers, the defects that its card names, and broken logs."""

import io
import itertools
import re
import tarfile
import unittest
from collections import Counter

from benchmark_data import Folder, admitted, curves, needs, runs, slow
from nasatlas.importing.entries import Run, Unnamed
from nasatlas.importing.faults import BadData, MissingInput
from nasatlas.importing.sources import spikenas
from published import SHARED

SOME = 500
EDGES = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
OF_THE_RATES = [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)]


def edges_without_neurons(cell):
    """Which edges of the cell `id` are none or skip, in the order of the firing rates."""
    digits = dict(zip(EDGES, (cell // 5 ** k % 5 for k in range(6))))
    return [digits[edge] < 2 for edge in OF_THE_RATES]


def check(test, run):
    """What holds for every run."""
    cell = int(run.architecture.removeprefix("id:"))
    rates = run.attributes["firing_rates"]
    silent = [rate == -1 for rate in rates]
    test.assertEqual(silent, edges_without_neurons(cell) * 2 + [False] * 4, run.architecture)
    convolutions = 6 - sum(silent[:6])
    smallest = {"cifar10": 17_179_620, "cifar100": 17_589_620, "tiny-imagenet": 71_505_768}[run.dataset]
    test.assertEqual(run.counts["parameters"], smallest + 738_048 * convolutions, run.architecture)
    found = curves(run)
    last = [int(run.protocol.removeprefix("spikenas-"))]
    test.assertEqual(found["accuracy_percent", "test"].at, last)
    for split in ("train", "validation"):
        test.assertEqual(len(found["accuracy_percent", split].values), len(found["loss", split].values))


@needs("spikenas")
class Published(unittest.TestCase):
    def test_some_logs(self):
        entries = spikenas.entries(SHARED / "spikenas")
        taken = admitted(itertools.islice(entries, 9 + SOME))
        entries.close()
        self.assertIsNone(taken[0].license)
        found = [e for e in taken if isinstance(e, Run)]
        self.assertEqual(len(found), SOME)
        for run in found:
            check(self, run)
        run = runs(found)["id:472", "cifar10", "spikenas-100", Unnamed(1)]
        self.assertEqual((run.counts, run.costs), ({"parameters": 20_131_812}, {"train_seconds": 7322.4}))
        first, last = ([curves(run)[key].values[at] for key in (
            ("accuracy_percent", "train"), ("loss", "train"), ("accuracy_percent", "validation"),
            ("loss", "validation"))] for at in (0, 99))
        self.assertEqual((first, last), ([19.408, 2.166, 27.684, 1.979], [98.964, 0.044, 84.756, 0.552]))
        self.assertEqual(curves(run)["accuracy_percent", "test"].values, [85.09])
        self.assertEqual(run.attributes["firing_rates"][:6], [0.263, 0.045, 0.1, 0.101, -1.0, -1.0])

    @slow("reads 16,193 logs in about 15 s")
    def test_all_logs(self):
        found = runs(admitted(spikenas.entries(SHARED / "spikenas")))
        lengths = Counter((dataset, protocol, len(run.curves[0].values))
                          for (_, dataset, protocol, _), run in found.items())
        self.assertEqual(lengths, {
            ("cifar10", "spikenas-100", 100): 14_935, ("cifar10", "spikenas-200", 200): 690,
            ("cifar100", "spikenas-100", 100): 276, ("tiny-imagenet", "spikenas-100", 100): 195,
            ("tiny-imagenet", "spikenas-100", 1): 97})
        for run in found.values():
            check(self, run)
        self.assertEqual(len({a for a, d, *_ in found if d == "cifar10"}), 5 ** 6)
        short = [r for r in found.values() if len(r.curves[0].values) == 1]
        self.assertTrue(all(curve.at == [100] for r in short for curve in r.curves))
        last = [[curves(r)["accuracy_percent", split].values[-1] for split in ("validation", "test")]
                for (_, dataset, *_), r in found.items() if dataset == "cifar100"]
        above = [test - validation for validation, test in last]
        self.assertAlmostEqual(sum(above) / len(above), 2.4, delta=0.05)
        copied = sum(curves(r)["accuracy_percent", "test"].values == curves(r)["accuracy_percent", "validation"].values
                     for r in short)
        self.assertEqual(copied, 96)
        [misplaced] = [r for r in found.values() if "folder" in r.attributes]
        self.assertEqual((misplaced.architecture, misplaced.attributes["folder"]), ("id:2", "4880"))
        self.assertEqual([curves(misplaced)["accuracy_percent", s].values for s in ("validation", "test")],
                         [[0.5], [42.1]])


def log(cell=472, rows=100, test="test accuracy: 85.090", header="epoch, train_acc, train_loss, val_acc, val_loss",
        rates=16, elapsed="2.0hour2.0minute2.4second"):
    """A log with constant curves."""
    values = ", 50.000, 1.500" * (header.count("acc"))
    body = "".join(f"{e}.000{values}\n" for e in (range(rows) if isinstance(rows, int) else rows))
    return (f"architecture id: {cell}\nmodel parameters: 20131812\n{header}\n{body}{test}\n"
            f"firing rate of layers: {', '.join(['0.100'] * rates)}\nElapsed time: {elapsed}\n")


class Made(Folder):
    def entries(self, logs):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:xz") as archive:
            for name, text in logs.items():
                member = tarfile.TarInfo(name)
                member.size = len(text)
                archive.addfile(member, io.BytesIO(text.encode()))
        self.put("spikenas.tar.xz", out.getvalue())
        return admitted(spikenas.entries(self.folder))

    def one(self, text, name="data/CIFAR10/472/train_process.txt"):
        [run] = runs(self.entries({"README.md": "no log", name: text})).values()
        return run

    def test_the_five_best_and_a_last_epoch_alone(self):
        header = "epoch, train_acc,train_top5, train_loss, val_acc, val_top5, val_loss"
        text = log(rows=[], header=header, test="test top1: 51.900, test tpo5: 75.5").replace(
            "val_loss\n", "val_loss\n99.000, 99.929, 99.999, 0.011, 51.900, 75.530, 2.581\n")
        run = self.one(text, "data/TinyImagenet/472/train_process.txt")
        self.assertEqual({key: (c.values, c.at) for key, c in curves(run).items()}, {
            ("accuracy_percent", "train"): ([99.929], [100]), ("top5_accuracy_percent", "train"): ([99.999], [100]),
            ("loss", "train"): ([0.011], [100]), ("accuracy_percent", "validation"): ([51.9], [100]),
            ("top5_accuracy_percent", "validation"): ([75.53], [100]), ("loss", "validation"): ([2.581], [100]),
            ("accuracy_percent", "test"): ([51.9], [100]), ("top5_accuracy_percent", "test"): ([75.5], [100])})

    def test_the_log_knows_its_id_better_than_the_folder(self):
        run = self.one(log(2), "data/CIFAR100/4880/train_process.txt")
        self.assertEqual((run.architecture, run.attributes["folder"]), ("id:2", "4880"))

    def test_two_lengths_are_two_protocols(self):
        self.assertEqual([self.one(log(rows=n)).protocol for n in (100, 200)], ["spikenas-100", "spikenas-200"])

    def test_broken_logs_are_told(self):
        for text in (log(cell=15_625), log(rows=99), log(rows=[*range(50), *range(51, 101)]), log(rows=[]),
                     log(rates=15), log(elapsed="2.0hour"), log(test="test accuracy: nan"), log()[:-40], "",
                     "x" * 70_000, log().replace("50.000, 1.500\n", "50.000\n", 1), log(header="epoch, train_acc"),
                     re.sub(r"\n7\.000.*", "\n7.000, 1.0, 1.0, 1.0, 1.0, 1.0", log())):
            with self.assertRaises(BadData):
                self.one(text)

    def test_a_second_training_of_one_id_is_told(self):
        with self.assertRaisesRegex(BadData, "second training of id 472"):
            self.entries({f"data/CIFAR10/{n}/train_process.txt": log() for n in (472, 473)})

    def test_other_archives_are_told(self):
        for logs in ({}, {"data/SVHN/1/train_process.txt": log(1)}):
            with self.assertRaises(BadData):
                self.entries(logs)
        whole = (self.folder / "spikenas.tar.xz").read_bytes()
        for raw in (b"no archive", whole[:len(whole) // 2]):
            self.put("spikenas.tar.xz", raw)
            with self.assertRaises(BadData):
                list(spikenas.entries(self.folder))
        (self.folder / "spikenas.tar.xz").unlink()
        with self.assertRaises(MissingInput):
            list(spikenas.entries(self.folder))


if __name__ == "__main__":
    unittest.main()
