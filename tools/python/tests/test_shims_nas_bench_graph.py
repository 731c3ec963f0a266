"""nas_bench_graph on an atlas: hashes of all cells however they are written, and the package's own numbers."""

import itertools
import random
import tempfile
import unittest

import numpy as np
from made_up_atlas import PROGRAM, REASON, publish
from nasatlas import errors
from nasatlas.importing.entries import Curve, DatasetCard, MeanOf, MetricCard, ProtocolCard, Run, SourceCard
from nasatlas.shims import nas_bench_graph
from nasatlas.shims.nas_bench_graph import Arch
from nasatlas.shims.told import MissingKey
from published import beside, built


class Cells(unittest.TestCase):
    def test_numberings_of_a_cell_have_one_hash(self):
        draw = random.Random(1)
        for _ in range(300):
            link = [0, draw.randrange(2), draw.randrange(3), draw.randrange(4)]
            ops = draw.choices(nas_bench_graph.gnn_list, k=4)
            known = Arch(link, ops).valid_hash()
            for order in itertools.permutations(range(4)):
                numbers = {0: 0, **{old + 1: new + 1 for new, old in enumerate(order)}}
                other = [numbers[link[old]] for old in order]
                if all(parent <= node for node, parent in enumerate(other)):
                    self.assertEqual(Arch(other, [ops[old] for old in order]).valid_hash(), known)

    def test_a_skip_in_a_chain_may_stand_anywhere(self):
        hashes = {Arch([0, 1, 2, 3], ops).valid_hash() for ops in itertools.permutations(["skip", "gcn", "gcn", "gcn"])}
        self.assertEqual(hashes, {Arch([0, 1, 2, 3], ["skip", "gcn", "gcn", "gcn"]).hash_arch()})

    def test_there_are_26206_cells_and_one_of_skips(self):
        cells = sum(Arch(link, list(ops)).check_isomorph() for link in nas_bench_graph.link_list
                    for ops in itertools.product(nas_bench_graph.gnn_list, repeat=4))
        self.assertEqual(cells, 26_207)

    def test_refused(self):
        self.assertEqual(Arch(np.array([0, 1, 0, 2]), np.array(["gcn"] * 4)).valid_hash(),
                         Arch([0, 1, 0, 2], ["gcn"] * 4).valid_hash())
        for link, ops in (([0, 2, 0, 0], ["gcn"] * 4), ([0, True, 0, 0], ["gcn"] * 4), ([0, 1.0, 0, 0], ["gcn"] * 4),
                          ([0, 0, 0, 0], [["gcn"]] * 4), ([0] * 5, ["gcn"] * 5), ([0, 0, 0], ["gcn"] * 3),
                          ([0, 0, 0, 0], ["gcn"] * 3 + ["gru"]),
                          (None, None)):
            with self.assertRaises(errors.UnknownArchitecture):
                Arch(link, ops).valid_hash()
        with self.assertRaises(errors.UnknownArchitecture):
            Arch([0, 1, 2, 1], ["gcn"] * 4).hash_arch()


def entries():
    """One cell on Cora, without a latency."""
    yield SourceCard("made-up", "Made-up runs", "made for tests", license="CC0", citation="Nobody: Made up")
    yield MetricCard("accuracy", "fraction", True, "share of correct answers")
    yield DatasetCard("cora", "Cora", "classification", "made up", "accuracy")
    yield ProtocolCard("nas-bench-graph", {"runsAMean": 3})
    yield Run("nas-bench-graph", "0,1,2,3:gcn,gat,gcn,gin", "cora", "nas-bench-graph", MeanOf(3), "made-up", [
        Curve("accuracy", "validation", [0.75])], counts={"parameters": 2_500_000})


@unittest.skipUnless(PROGRAM, REASON)
class MadeUp(unittest.TestCase):
    def test_what_is_not_there(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = publish(folder.name, entries(), "graph")
        table = nas_bench_graph.lightread("cora", path)
        key = Arch([0, 1, 2, 3], ["gcn", "gat", "gcn", "gin"]).valid_hash()
        self.assertEqual({**table}, {key: {"valid_perf": 0.75, "para": 2.5}})
        self.assertEqual([one.valid_hash() for one in nas_bench_graph.all_archs(path)], [key])
        for name in ("perf", "latency"):
            with self.assertRaisesRegex(MissingKey, f"no {name} of 0,1,2,3:gcn,gat,gcn,gin on cora; it has: valid_"):
                table[key][name]
        with self.assertRaises(KeyError):
            table[88_888]
        for name, code in (("reddit", "benchmarks.unknown_dataset"), ("citeseer", "benchmarks.unknown_dataset")):
            with self.assertRaises(errors.UnknownName) as caught:
                nas_bench_graph.light_read(name, path)
            self.assertEqual(caught.exception.code, code)


@beside("nas_bench_graph", "nas-bench-graph")
class SameAsThePackage(unittest.TestCase):
    """nas-bench-graph 1.4.0: 1,500 cells of each graph; millions of parameters are 1e-15 apart."""

    def test_values(self):
        import nas_bench_graph as package
        atlas, compared = built("nas-bench-graph"), 0
        for name in nas_bench_graph.DATASETS:
            theirs, ours = package.light_read(name), nas_bench_graph.light_read(name, atlas)
            self.assertEqual(set(theirs), set(ours))
            for key in random.Random(2).sample(sorted(theirs), 1500):
                told, found = theirs[key], ours[key]
                self.assertEqual((type(ours), type(found), list(told)), (dict, dict, list(found)))
                for name_ in ("valid_perf", "perf", "latency"):
                    self.assertEqual(told[name_], found[name_], (name, key))
                self.assertAlmostEqual(found["para"], told["para"], delta=1e-15 * told["para"])
                compared += 4
        self.assertEqual(compared, 54_000)

    def test_hashes(self):
        import nas_bench_graph as package
        links = itertools.product(range(1), range(2), range(3), range(4))
        for link, ops in itertools.product(links, itertools.product(nas_bench_graph.gnn_list, repeat=4)):
            theirs = package.Arch(list(link), list(ops)).valid_hash()
            self.assertEqual(theirs, Arch(list(link), list(ops)).valid_hash(), (link, ops))
        random.seed(4)
        theirs = package.Arch()
        theirs.random_arch()
        random.seed(4)
        ours = Arch()
        ours.random_arch()
        self.assertEqual((theirs.link, theirs.ops), (ours.link, ours.ops))
        for proteins in (False, True):
            cell = [0, 0, 1, 2], ["gcn", "fc", "skip", "arma"]
            self.assertEqual(package.Arch(*cell).hash_arch(proteins), Arch(*cell).hash_arch(proteins))


if __name__ == "__main__":
    unittest.main()
