"""nasbench.api on an atlas: pruning, hashes, repeats, what was spent, and what is said of what the atlas lacks."""

import itertools
import random
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import numpy as np

import nasatlas
from benchmark_data import needs, slow
from made_up_atlas import PROGRAM, REASON, publish
from nasatlas import errors, nearest
from nasatlas.importing import cards
from nasatlas.importing.entries import Curve, MeanOf, ProtocolCard, Run, SourceCard, Unnamed
from nasatlas.importing.sources import nasbench101_sample
from nasatlas.shims.nasbench import api
from nasatlas.shims.nasbench.lib import graph_util, model_spec
from nasatlas.shims.nasbench.cell import OPERATIONS, canonical_text, read_text
from nasatlas.shims.told import MissingKey
from published import SHARED

# Two chains and two cells of seven vertices; hashes by an independent program, as Tests/SpacesTests has them.
KNOWN = (
    ("0100", "", "043721b9c7fe8c5fad811d47d83132ec"),
    ("010001000", "0", "b49ac8c578b4561d79ac7087988f1c61"),
    ("0110010000100000001000000001000000100000010000000", "01201", "08c208c36f4974abf4a0eabf6ecdad4b"),
    ("0111010000000100000010000100000000100000010000000", "10002", "28cfc7874f6d200472e1a9dcd8650aa0"),
)
CONV3, CONV1, POOL = OPERATIONS
# A chain with a vertex that leads nowhere.
MATRIX = [[0, 1, 1, 0, 1], [0, 0, 0, 1, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 0]]
OPS = ["input", CONV1, POOL, CONV3, "output"]


SINGLE = api.ModelSpec([[0, 1, 0], [0, 0, 1], [0, 0, 0]], ["input", CONV3, "output"])


def read(digits, labels):
    """Matrix and operations of a known cell."""
    size = round(len(digits) ** 0.5)
    matrix = [[int(digits[size * i + j]) for j in range(size)] for i in range(size)]
    return np.array(matrix), ["input", *(OPERATIONS[int(label)] for label in labels), "output"]


def renumbered(matrix, ops, draw):
    """An isomorphic cell: other numbers for the inner vertices, edges still to higher ones."""
    inner = list(range(1, len(matrix) - 1))
    while True:
        draw.shuffle(inner)
        order = [0, *inner, len(matrix) - 1]
        found = np.asarray(matrix)[np.ix_(order, order)]
        if not np.tril(found).any():
            return found, [ops[vertex] for vertex in order]


class Cells(unittest.TestCase):
    def test_pruning(self):
        spec = api.ModelSpec(MATRIX, OPS)
        self.assertEqual(spec.matrix.tolist(), [[0, 1, 0, 1], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]])
        self.assertEqual(spec.ops, ["input", CONV1, CONV3, "output"])
        self.assertEqual((spec.original_matrix.tolist(), spec.original_ops), (MATRIX, OPS))
        apart = api.ModelSpec([[0, 1, 0], [0, 0, 0], [0, 0, 0]], ["input", POOL, "output"])
        self.assertEqual((apart.valid_spec, apart.matrix, apart.ops), (False, None, None))

    def test_pruning_keeps_the_vertices_on_paths(self):
        # By brute force: all paths from the first vertex to the last.
        draw = random.Random(4)
        self.assertFalse(api.ModelSpec(np.zeros((0, 0)), []).valid_spec)
        for _ in range(300):
            count = draw.randint(1, 7)
            matrix = [[int(j > i and draw.random() < 0.4) for j in range(count)] for i in range(count)]
            paths, kept = [[0]], set()
            while paths:
                path = paths.pop()
                if path[-1] == count - 1 and count > 1:
                    kept.update(path)
                paths += [[*path, target] for target in range(count) if matrix[path[-1]][target]]
            spec = api.ModelSpec(np.array(matrix, draw.choice([int, float, bool])), list(range(count)))
            self.assertEqual((spec.valid_spec, spec.ops or []), (bool(kept), sorted(kept)))
            if kept:
                self.assertEqual(spec.matrix.tolist(), np.array(matrix)[np.ix_(spec.ops, spec.ops)].tolist())
                self.assertEqual(spec.matrix.dtype, np.int8)

    def test_refused(self):
        for matrix, ops in (([[0, 1]], ["input"]), ([[0, 1], [0, 0]], ["input"]),
                            ([[0, 1], [1, 0]], ["input", "output"]), ([[1, 1], [0, 0]], ["input", "output"])):
            with self.assertRaises(ValueError):
                api.ModelSpec(matrix, ops)

    def test_published_hashes(self):
        for *cell, known in KNOWN:
            matrix, ops = read(*cell)
            self.assertEqual(api.ModelSpec(matrix, ops).hash_spec(), known)
            self.assertEqual(api.ModelSpec(matrix.astype(float), ops).hash_spec(list(OPERATIONS)), known)

    def test_isomorphic_cells_have_one_text_and_one_hash(self):
        draw = random.Random(1)
        for *cell, known in KNOWN:
            matrix, ops = read(*cell)
            spec = api.ModelSpec(matrix, ops)
            text = canonical_text(spec.matrix.tolist(), spec.ops)
            again = api.ModelSpec(*read_text(text))
            self.assertEqual((canonical_text(again.matrix.tolist(), again.ops), again.hash_spec()), (text, known))
            for _ in range(20):
                spec = api.ModelSpec(*renumbered(matrix, ops, draw))
                self.assertEqual((canonical_text(spec.matrix.tolist(), spec.ops), spec.hash_spec()), (text, known))

    def test_texts_are_the_smallest_of_all_numberings(self):
        # By brute force: over all orders, the codes (sources, operation) that canonical_text compares.
        draw = random.Random(2)
        for _ in range(60):
            count = draw.randint(2, 6)
            matrix = [[int(j > i and draw.random() < 0.6) for j in range(count)] for i in range(count)]
            spec = api.ModelSpec(matrix, ["input", *draw.choices(OPERATIONS, k=count - 2), "output"])
            if not spec.valid_spec:
                continue
            size, best = len(spec.ops), None
            for inner in itertools.permutations(range(1, size - 1)):
                order = [0, *inner, size - 1]
                shuffled = spec.matrix[np.ix_(order, order)]
                if np.tril(shuffled).any():
                    continue
                codes = [(sum(1 << v for v in range(w) if shuffled[v][w]),
                          OPERATIONS.index(spec.ops[order[w]]) if w < size - 1 else 0) for w in range(1, size)]
                best = min(best or (codes, shuffled), (codes, shuffled), key=lambda one: one[0])
            read, _ = read_text(canonical_text(spec.matrix.tolist(), spec.ops))
            self.assertEqual(read.tolist(), best[1].tolist())


class Library(unittest.TestCase):
    """`nasbench.lib`."""

    def test_matrices(self):
        self.assertIs(model_spec.ModelSpec, api.ModelSpec)
        for matrix, is_one in (([[0, 1], [0, 0]], True), ([[0, 0], [0, 0]], True), ([[1, 1], [0, 0]], False),
                               ([[0, 1], [1, 0]], False), (np.zeros((3, 3)), True)):
            self.assertIs(model_spec.is_upper_triangular(matrix), is_one)

    def test_bits_count_columns(self):
        for bits in range(64):
            found = np.fromfunction(graph_util.gen_is_edge_fn(bits), (4, 4), dtype=np.int8)
            expected = np.zeros((4, 4), int)
            for number, edge in enumerate(((0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3))):
                expected[edge] = bits >> number & 1
            self.assertEqual(found.tolist(), expected.tolist())
            whole = all(expected[v].any() for v in range(3)) and all(expected[:, v].any() for v in range(1, 4))
            self.assertIs(graph_util.is_full_dag(expected), whole)
            self.assertEqual(graph_util.num_edges(expected), bits.bit_count())

    def test_renumbered_graphs_are_isomorphic(self):
        matrix = np.array([[0, 1, 1, 0], [0, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 0]])
        labels = [-1, 1, 2, -2]
        for order in itertools.permutations(range(4)):
            found, renamed = graph_util.permute_graph(matrix, labels, order)
            for old, new in enumerate(order):
                self.assertEqual(renamed[new], labels[old])
                self.assertEqual([found[new, to] for to in order], (matrix[old] == 1).tolist())
            self.assertTrue(graph_util.is_isomorphic((matrix, labels), (found, renamed)))
        self.assertFalse(graph_util.is_isomorphic((matrix, labels), (matrix, [-1, 1, 1, -2])))
        self.assertEqual(graph_util.hash_module(matrix, labels), graph_util.hash_module(matrix, [-1, 2, 1, -2]))
        self.assertNotEqual(graph_util.hash_module(matrix, labels), graph_util.hash_module(matrix, [-1, 1, 1, -2]))
        for *cell, known in KNOWN:
            matrix, ops = read(*cell)
            self.assertEqual(graph_util.hash_module(matrix, [-1, *map(OPERATIONS.index, ops[1:-1]), -2]), known)
        with self.assertRaises(ValueError):
            graph_util.hash_module([[0, 1], [0, 0]], [-1, 1, -2])


def entries():
    """Three cells: three repeats with halves and seconds, a published mean, one without seconds."""
    yield SourceCard("made-up", "Made-up runs", "made for tests", license="CC0", citation="Nobody: Made up")
    yield cards.ACCURACY
    yield cards.cifar10("made up", primary_metric="accuracy")
    yield ProtocolCard("nasbench101-4", {"epochs": 4})
    yield ProtocolCard("nasbench101-108", {"epochs": 108})
    chain = canonical_text([[0, 1, 0, 1], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]], ["input", CONV1, CONV3, "output"])
    for repeat in (1, 2, 3):
        yield Run("nasbench101", chain, "cifar10", "nasbench101-108", Unnamed(repeat), "made-up", [
            Curve("accuracy", "validation", [0.5 + repeat / 8, 0.625 + repeat / 8], [54, 108]),
            Curve("accuracy", "test", [0.25 + repeat / 8], [108])], counts={"parameters": 1000},
                  costs={"train_seconds": 100.0 * repeat})
    yield Run("nasbench101", chain, "cifar10", "nasbench101-4", Unnamed(1), "made-up",
              [Curve("accuracy", "validation", [0.25], [4])], counts={"parameters": 1000})
    yield Run("nasbench101", "v2:1", "cifar10", "nasbench101-108", MeanOf(3), "made-up",
              [Curve("accuracy", "validation", [0.75], [108])])
    yield Run("nasbench101", "v3:1/2:conv3x3", "cifar10", "nasbench101-4", Unnamed(1), "made-up",
              [Curve("accuracy", "validation", [0.125], [4])], counts={"parameters": 500})


@unittest.skipUnless(PROGRAM, REASON)
class Queries(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.path = publish(folder.name, entries(), "cells")
        cls.spec = api.ModelSpec(MATRIX, OPS)

    def setUp(self):
        self.bench = api.NASBench(self.path)

    def test_means(self):
        data = self.bench.query(self.spec)
        self.assertEqual({key: data[key] for key in data if key != "module_adjacency"}, {
            "module_operations": ["input", CONV1, CONV3, "output"], "trainable_parameters": 1000,
            "training_time": 200.0, "validation_accuracy": 0.875, "test_accuracy": 0.5})
        self.assertEqual(data["module_adjacency"].tolist(), self.spec.matrix.tolist())
        self.assertEqual(self.bench.get_budget_counters(), (200.0, 108))

    def test_halfway(self):
        data = self.bench.query(self.spec, stop_halfway=True)
        self.assertEqual(data["validation_accuracy"], 0.75)
        # The atlas has totals, and half of one is nobody's measurement.
        with self.assertRaises(MissingKey):
            data["training_time"]
        self.assertEqual(self.bench.get_budget_counters(), (200.0 / 108 * 54, 54))
        self.assertEqual(self.bench.derived_time_spent, 200.0 / 108 * 54)

    def test_counters_where_the_longest_training_alone_has_seconds(self):
        self.bench.query(self.spec)
        self.assertNotIn("training_time", self.bench.query(self.spec, epochs=4))
        self.assertEqual(self.bench.get_budget_counters(), (200.0 + 200.0 / 108 * 4, 112))
        self.assertEqual(self.bench.derived_time_spent, 200.0 / 108 * 4)
        self.bench.query(SINGLE, epochs=4)
        with self.assertRaisesRegex(errors.MissingValue, "no seconds of training for 1 queries"):
            self.bench.get_budget_counters()
        self.assertEqual(self.bench.total_epochs_spent, 116)
        self.bench.reset_budget_counters()
        self.assertEqual((*self.bench.get_budget_counters(), self.bench.derived_time_spent), (0.0, 0, 0.0))

    def test_draws_follow_the_seed(self):
        state = random.getstate()
        told = [api.NASBench(self.path, seed=seed).query(self.spec)["validation_accuracy"] for seed in range(20)]
        expected = [0.625 + (random.Random(seed).randint(0, 2) + 1) / 8 for seed in range(20)]
        self.assertEqual(told, expected)
        self.assertEqual(random.getstate(), state)
        with self.assertRaisesRegex(errors.MissingValue, "repeat . was drawn, and the atlas has 1"):
            for _ in range(40):
                api.NASBench(self.path, trials="random").query(self.spec, epochs=4)

    def test_statistics(self):
        fixed, computed = self.bench.get_metrics_from_hash(self.spec.hash_spec())
        self.assertEqual(fixed["trainable_parameters"], 1000)
        self.assertEqual(sorted(computed), [4, 108])
        self.assertEqual(computed[108][1], {
            "halfway_validation_accuracy": 0.75, "final_validation_accuracy": 0.875, "final_test_accuracy": 0.5,
            "final_training_time": 200.0})
        self.assertEqual(self.bench.get_metrics_from_spec(self.spec)[1], computed)
        chain = api.ModelSpec([[0, 1], [0, 0]], ["input", "output"])
        known = {self.spec.hash_spec(), chain.hash_spec(), SINGLE.hash_spec()}
        hashes = self.bench.hash_iterator()
        self.assertEqual((set(hashes), len(hashes), list(hashes)), (known, 3, list(hashes)))
        self.assertTrue(chain.hash_spec() in hashes and "0" * 32 not in hashes)
        self.assertEqual(set(self.bench.fixed_statistics), set(self.bench.computed_statistics))
        self.assertEqual(self.bench.valid_epochs, {4, 108})

    def test_domain(self):
        chain = [[int(j == i + 1) for j in range(8)] for i in range(8)]
        dense = [[int(j > i) for j in range(7)] for i in range(7)]
        for matrix, ops in ((chain, ["input"] + [POOL] * 6 + ["output"]), (dense, ["input"] + [POOL] * 5 + ["output"]),
                            ([[0, 1, 0], [0, 0, 1], [0, 0, 0]], ["input", "conv7x7", "output"]),
                            ([[0, 1], [0, 0]], ["output", "input"]), ([[0, 0], [0, 0]], ["input", "output"])):
            spec = api.ModelSpec(matrix, ops)
            self.assertFalse(self.bench.is_valid(spec))
            with self.assertRaises(api.OutOfDomainError):
                self.bench.query(spec)
        with self.assertRaises(api.OutOfDomainError) as caught:
            self.bench.query(self.spec, epochs=36)
        self.assertEqual(caught.exception.known, [4, 108])

    def test_a_hash_of_a_specification_needs_no_other_hash(self):
        """Without its specification, a hash is found by a pass over the cells of the atlas."""
        with mock.patch.object(api, "graph_hash", wraps=api.graph_hash) as made:
            fixed, _ = self.bench.get_metrics_from_hash(self.spec.hash_spec())
            self.assertEqual(fixed["module_operations"], self.bench.get_metrics_from_spec(self.spec)[0]["module_operations"])
            absent = api.ModelSpec([[0, 1, 1], [0, 0, 1], [0, 0, 0]], ["input", POOL, "output"]).hash_spec()
            with self.assertRaises(MissingKey):
                self.bench.get_metrics_from_hash(absent)
            self.assertEqual(made.call_count, 0)

    def test_hashes_are_worked_out_as_far_as_they_are_asked_for(self):
        with mock.patch.object(api, "graph_hash", wraps=api.graph_hash) as made:
            hashes = self.bench.hash_iterator()
            self.assertEqual((len(hashes), made.call_count), (3, 0))
            first = next(iter(hashes))
            self.bench.get_metrics_from_hash(first)
            self.assertEqual(made.call_count, 1)
            with ThreadPoolExecutor(4) as threads:
                listed = list(threads.map(list, [hashes] * 8))
            self.assertEqual(({tuple(one) for one in listed}, made.call_count), ({tuple(hashes)}, 3))

    def test_an_absent_cell_costs_no_search_for_near_ones(self):
        absent = api.ModelSpec([[0, 1, 0], [0, 0, 1], [0, 0, 0]], ["input", CONV1, "output"])
        with mock.patch.object(nearest, "rank", wraps=nearest.rank) as rank:
            with self.assertRaises(MissingKey) as caught:
                self.bench.query(absent)
            self.assertFalse(rank.called)
            self.assertEqual(caught.exception.known, ["v3:1/2:conv3x3"])
            self.assertIn(f"(hash {absent.hash_spec()}); it has 3 cells", str(caught.exception))

    def test_what_is_not_there(self):
        absent = api.ModelSpec([[0, 1, 0], [0, 0, 1], [0, 0, 0]], ["input", CONV1, "output"])
        self.assertTrue(self.bench.is_valid(absent))
        for ask in (lambda: self.bench.query(absent), lambda: self.bench.get_metrics_from_hash("0" * 32),
                    lambda: self.bench.query(self.spec)["train_accuracy"]):
            with self.assertRaises(KeyError) as caught:
                ask()
            self.assertIsInstance(caught.exception, errors.QuestionError)
        with self.assertRaises(errors.MissingValue):  # a published mean is no repeat
            self.bench.query(api.ModelSpec([[0, 1], [0, 0]], ["input", "output"]))
        with self.assertRaises(errors.NASAtlasError):
            self.bench.evaluate(self.spec, ".")


@slow("to find cells of hashes the program lists all 423,624")
@unittest.skipUnless(PROGRAM, REASON)
@needs("nb101-sample")
class PublishedSample(unittest.TestCase):
    def test_the_first_cells_are_found_by_their_published_hashes(self):
        wanted, kept = {}, []
        for entry in nasbench101_sample.entries(SHARED / "nb101-sample"):
            if isinstance(entry, Run):
                if len(wanted) == 200 and entry.architecture not in wanted:
                    break
                wanted.setdefault(entry.architecture, {})[entry.protocol] = entry.curves[0].values[-1]
            kept.append(entry)
        with tempfile.TemporaryDirectory() as folder:
            bench = api.NASBench(nasatlas.open(publish(folder, kept, "sample")))
        self.assertEqual({f"hash:{one}" for one in bench.hash_iterator()}, set(wanted))
        for name, values in wanted.items():
            fixed, computed = bench.get_metrics_from_hash(name.partition(":")[2])
            spec = api.ModelSpec(*renumbered(fixed["module_adjacency"], fixed["module_operations"], random.Random(3)))
            for protocol, value in values.items():
                epochs = int(protocol.rpartition("-")[2])
                self.assertEqual(computed[epochs][0]["final_validation_accuracy"], value)
                self.assertEqual(bench.query(spec, epochs)["validation_accuracy"], value)


if __name__ == "__main__":
    unittest.main()
