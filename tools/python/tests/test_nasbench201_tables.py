"""Tables of all or some cells of NAS-Bench-201: 200-epoch means, latencies, zero-cost proxies."""

import gzip
import json
import os
import pickle
import unittest
from collections import Counter

from benchmark_data import Folder, admitted, measurements, needs, runs, torch_archive
from nasatlas.importing.faults import BadData, MissingInput, RefusedPickle
from nasatlas.importing.sources import hw_latency_nb201, nasbench201_200ep, zero_cost
from published import SHARED

OPERATIONS = ["skip_connect", "none", "nor_conv_3x3", "nor_conv_1x1", "avg_pool_3x3"]  # NASLib's order


def arch_string(architecture, operations):
    """The published string of a `naslib:` form, given what its indices mean."""
    a, b, c, d, e, f = (operations[int(i)] for i in architecture.removeprefix("naslib:").split(","))
    return f"|{a}~0|+|{b}~0|{d}~1|+|{c}~0|{e}~1|{f}~2|"


def rank_correlation(pairs):
    """Spearman's, ties broken by order."""
    ranks = []
    for side in (0, 1):
        order = sorted(range(len(pairs)), key=lambda i: pairs[i][side])
        rank = [0] * len(order)
        for place, i in enumerate(order):
            rank[i] = place
        ranks.append(rank)
    n = len(pairs)
    return 1 - 6 * sum((x - y) ** 2 for x, y in zip(*ranks)) / (n * (n * n - 1))


@needs("nb201-200ep")
class Means(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.entries = admitted(nasbench201_200ep.entries(SHARED / "nb201-200ep"))
        cls.values = {}
        for run in runs(cls.entries).values():
            cls.values.setdefault(run.dataset, {})[run.architecture] = run.curves[0].values[0]

    def test_published_optima(self):
        for dataset, best, index in (("cifar10", 94.37333333333333, 6111), ("cifar100", 73.51333326009114, 9930),
                                     ("imagenet16-120", 47.31111105685764, 857)):
            values = list(self.values[dataset].values())
            self.assertEqual(len(values), 15_625)
            self.assertEqual((max(values), values.index(max(values))), (best, index))

    def test_the_number_of_seeds_differs(self):
        numbers = Counter(next(n for n in (1, 2, 3) if abs(v * 100 * n - round(v * 100 * n)) < 1e-3)
                          for v in self.values["cifar10"].values())
        self.assertEqual(numbers, {1: 6_618, 2: 3_705, 3: 5_302})


class MadeMeans(Folder):
    def test_bad_tables_are_told(self):
        head = "CIFAR10TestAccuracy200Epochs,CIFAR100TestAccuracy200Epochs,ImageNetTestAccuracy200Epochs," \
               "ArchitectureString,UniqueString\n"
        for text, what in ((head, "0 cells"), (head + "1,2,3,a,b\n1,2,3,a,b\n", "twice"),
                           (head + "1,x,3,a,b\n", "'x'"), (head + "1\n", "None"), ("a,b\n1,2\n", "lacks the columns")):
            self.put("nats_bench.csv.gz", gzip.compress(text.encode()))
            with self.assertRaisesRegex(BadData, what):
                list(nasbench201_200ep.entries(self.folder))
        for raw in (b"plain", gzip.compress(head.encode())[:-9]):
            self.put("nats_bench.csv.gz", raw)
            with self.assertRaises(BadData):
                list(nasbench201_200ep.entries(self.folder))


@needs("hw-latency-nb201")
class Latencies(unittest.TestCase):
    def test_27_settings_of_all_cells(self):
        measured = measurements(admitted(hw_latency_nb201.entries(SHARED / "hw-latency-nb201")))
        by_device = {}
        for (_, _, device, *_), measurement in measured.items():
            by_device.setdefault(device, []).append(measurement.value)
        self.check_what_the_card_says(by_device)
        settings = Counter((device, conditions) for _, _, device, conditions, _, _ in measured)
        self.assertEqual(set(settings.values()), {15_625})
        self.assertEqual(len(settings), 27)
        self.assertEqual(len({device for device, _ in settings}), 17)
        for device, batch, dataset, index, value in (
                ("raspi4", None, "cifar10", 0, 10.481976820010459), ("fpga", None, "cifar10", 0, 2.57296),
                ("eyeriss", None, "cifar10", 0, 3.645620000000001), ("pixel3", None, "cifar10", 0, 3.6058499999999998),
                ("essential_ph_1", None, None, 11, 19), ("titan_rtx", "256", None, 284, 8.92789363861084)):
            conditions = () if batch is None else (("batch", batch),)
            found = measured["latency", f"nats:{index}", device, conditions, dataset, None]
            self.assertEqual((found.value, found.unit), (value, "millisecond"))
        whole = {device for (_, _, device, *_), m in measured.items() if type(m.value) is int}
        self.assertEqual(whole, {"essential_ph_1", "pixel2", "samsung_a50", "samsung_s7"})


    def check_what_the_card_says(self, values):
        self.assertEqual([len(set(values[d])) for d in ("eyeriss", "fpga", "essential_ph_1", "samsung_s7")],
                         [38, 84, 39, 79])
        self.assertEqual([sum(v < 0.1 for v in values[d]) for d in ("pixel3", "raspi4")], [202, 157])
        if (SHARED / "nb201-200ep").is_dir():
            cells = list(dict.fromkeys(a for a, *_ in runs(nasbench201_200ep.entries(SHARED / "nb201-200ep"))))
            dead = {at for at, cell in enumerate(cells) if not reaches_the_output(cell)}
            self.assertEqual(len(dead), 341)
            for device in ("pixel3", "raspi4"):
                self.assertLessEqual({at for at, v in enumerate(values[device]) if v < 0.1}, dead)


def reaches_the_output(cell):
    """Whether a path of operations other than none leads from node 0 to node 3."""
    reached = {0}
    for node, inputs in enumerate(cell.split("+"), start=1):
        if any(i in reached and op != "none" for i, op in enumerate(p.split("~")[0] for p in inputs[1:-1].split("|"))):
            reached.add(node)
    return 3 in reached


class MadeLatencies(Folder):
    def setUp(self):
        super().setUp()
        good = torch_archive(pickle.dumps([1.5] * 15_625, 2))
        for name in hw_latency_nb201.SETTINGS:
            self.put(f"{name}.pt", good)

    def test_bad_lists_are_told(self):
        for values in ([1.5] * 15_624, [1.5] * 15_624 + [0.0], [1.5] * 15_624 + ["1"], [True] * 15_625, {}):
            self.put("raspi4.pt", torch_archive(pickle.dumps(values, 2)))
            with self.assertRaisesRegex(BadData, "raspi4"):
                list(hw_latency_nb201.entries(self.folder))

    def test_a_program_is_refused(self):
        class Runs:
            def __reduce__(self):
                return os.mkdir, (str(mark),)

        mark = self.folder / "mark"
        self.put("1080ti_1.pt", torch_archive(pickle.dumps([Runs()], 2)))
        with self.assertRaisesRegex(RefusedPickle, "mkdir"):
            list(hw_latency_nb201.entries(self.folder))
        self.assertFalse(mark.exists())

    def test_devices_are_known_and_complete(self):
        self.put("toaster_1.pt", b"")
        with self.assertRaisesRegex(BadData, "toaster_1"):
            list(hw_latency_nb201.entries(self.folder))
        (self.folder / "toaster_1.pt").unlink()
        (self.folder / "fpga.pt").unlink()
        with self.assertRaisesRegex(MissingInput, "fpga"):
            list(hw_latency_nb201.entries(self.folder))


@needs("zero-cost")
class Proxies(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        entries = admitted(zero_cost.entries(SHARED / "zero-cost"))
        cls.runs, cls.measured = runs(entries), measurements(entries)

    def test_counts(self):
        cells = Counter((dataset, dict(conditions)["table"])
                        for q, _, _, conditions, dataset, _ in self.measured if q == "flops")
        self.assertEqual(cells, {(d, t): n for d, timed in (("cifar10", 725), ("cifar100", 725),
                                                            ("imagenet16-120", 724))
                                 for t, n in (("timed", timed), ("untimed", 491))})
        self.assertEqual(Counter(r.dataset for r in self.runs.values()),
                         {d: 1104 for d in ("cifar10", "cifar100", "imagenet16-120")})
        self.assertEqual({m.cost_seconds is None for (_, _, _, c, *_), m in self.measured.items()
                          if c == (("table", "timed"),)}, {False})
        self.assertEqual({m.cost_seconds for (_, _, _, c, *_), m in self.measured.items()
                          if c == (("table", "untimed"),)}, {None})

    def test_exact_numbers(self):
        cell, timed = "naslib:0,2,3,2,3,1", (("table", "timed"),)
        synflow = self.measured["synflow", cell, None, timed, "cifar10", None]
        self.assertEqual((synflow.value, synflow.cost_seconds), (41.94876860937543, 0.4779003739822656))
        self.assertEqual(self.measured["params", cell, None, timed, "cifar10", None].value, 0.615386)
        dead = self.measured["nwot", "naslib:1,0,1,4,0,1", None, timed, "cifar10", None]
        self.assertEqual(dead.line()["measurement"]["value"], "-inf")

    @needs("nb201-200ep")
    def test_the_indices_mean_what_correlates_and_the_card_is_right(self):
        table = {(r.architecture, r.dataset): r.curves[0].values[0]
                 for r in runs(nasbench201_200ep.entries(SHARED / "nb201-200ep")).values()}

        def correlation(dataset, operations):
            return rank_correlation([(r.curves[0].values[0], table[arch_string(r.architecture, operations), dataset])
                                     for r in self.runs.values() if r.dataset == dataset])

        for dataset, least, away in (("cifar10", 0.975, 3.74), ("cifar100", 0.99, 0.343),
                                     ("imagenet16-120", 0.99, 0.379)):
            self.assertGreater(correlation(dataset, OPERATIONS), least)
            difference = [abs(r.curves[0].values[0] - table[arch_string(r.architecture, OPERATIONS), dataset])
                          for r in self.runs.values() if r.dataset == dataset]
            self.assertAlmostEqual(sum(difference) / len(difference), away, delta=0.005)
            for i in range(4):
                swapped = OPERATIONS.copy()
                swapped[i], swapped[i + 1] = swapped[i + 1], swapped[i]
                self.assertLess(correlation(dataset, swapped), 0.95)

    def test_the_accuracy_is_of_ten_thousand_images(self):
        values = [r.curves[0].values[0] for r in self.runs.values() if r.dataset == "cifar10"]
        self.assertTrue(all(abs(v * 100 - round(v * 100)) < 1e-3 for v in values))
        self.assertFalse(all(abs(v * 250 - round(v * 250)) < 1e-3 for v in values))


class MadeProxies(Folder):
    def entries(self, **contents):
        for letter in "abcd":
            content = contents.get(letter, {"cifar10": {}})
            self.put(f"zc_nasbench201.{letter}.json.gz", gzip.compress(json.dumps(content).encode()))
        return admitted(zero_cost.entries(self.folder))

    def test_files_of_one_computation_are_merged_and_must_agree(self):
        def table(score, accuracy=50.0):
            values = {"snip": {"score": score, "time": 2.5}, "val_accuracy": accuracy}
            return {"cifar10": {"(0, 1, 2, 3, 4, 0)": values}}

        found = measurements(self.entries(a=table(1.0), b=table(1.0)))
        self.assertEqual([(m.value, m.cost_seconds) for m in found.values()], [(1.0, 2.5)])
        for other in (table(1.5), table(1.0, 51.0)):
            with self.assertRaisesRegex(BadData, "another file"):
                self.entries(a=table(1.0), c=other)

    def test_the_untimed_table_stands_beside(self):
        cell = "(0, 1, 2, 3, 4, 0)"
        found = measurements(self.entries(a={"cifar10": {cell: {"snip": {"score": 1, "time": 2}}}},
                                          d={"nasbench201": {"cifar10": {cell: {"snip": 3}}}}))
        self.assertEqual({c: m.value for (_, _, _, c, *_), m in found.items()},
                         {(("table", "timed"),): 1, (("table", "untimed"),): 3})

    def test_bad_tables_are_told(self):
        good = "(0, 1, 2, 3, 4, 0)"
        for content in ([], {"svhn": {}}, {"cifar10": {"(0, 1)": {}}}, {"cifar10": {good: {"magic": 1}}},
                        {"cifar10": {good: {"snip": {"score": 1}}}}, {"cifar10": {good: {"snip": "1"}}},
                        {"cifar10": {good: 1}}):
            with self.assertRaises(BadData):
                self.entries(a=content)
        self.put("zc_nasbench201.a.json.gz", b"")
        with self.assertRaises(BadData):
            list(zero_cost.entries(self.folder))


if __name__ == "__main__":
    unittest.main()
