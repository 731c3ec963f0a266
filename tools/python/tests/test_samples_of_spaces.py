"""The sample of NAS-Bench-101 and the logs of NAS-Bench-NLP."""

import json
import math
import struct
import unittest
from collections import Counter

from benchmark_data import Folder, admitted, curves, needs, runs
from nasatlas.importing.entries import ProtocolCard, Unnamed
from nasatlas.importing.faults import BadData, MissingInput
from nasatlas.importing.sources import nas_bench_nlp, nasbench101_sample
from published import SHARED


@needs("nb101-sample")
class Sample101(unittest.TestCase):
    def test_counts_and_numbers(self):
        entries = admitted(nasbench101_sample.entries(SHARED / "nb101-sample"))
        found = runs(entries)
        self.assertEqual(Counter(p for _, _, p, _ in found), {f"nasbench101-{e}": 20_001 for e in (4, 12, 36, 108)})
        self.assertIsNone(entries[0].license)
        first = found["hash:00005c142e6f48ac74fdcf73e3439874", "cifar10", "nasbench101-108", Unnamed(1)]
        self.assertEqual((first.curves[0].values, first.curves[0].at), ([0.9304887652397156], [108]))
        self.assertEqual((first.counts, first.costs),
                         ({"parameters": 8_555_530}, {"train_seconds": 1768.9759521484375}))
        values = {p: [r.curves[0].values[0] for (_, _, q, _), r in found.items() if q == p]
                  for p in ("nasbench101-4", "nasbench101-108")}
        self.assertEqual(max(values["nasbench101-108"]), 0.9491186141967773)
        for value in values["nasbench101-4"]:
            self.assertEqual(struct.unpack("f", struct.pack("f", value))[0], value)
            self.assertLess(abs(value * 9_984 - round(value * 9_984)), 0.001)
        self.assertTrue(all(r.costs is None for (_, _, p, _), r in found.items() if p != "nasbench101-108"))


class Made101(Folder):
    def columns(self, **changed):
        columns = {f"{e}_final_validation_accuracy": [0.5, 0.6] for e in (4, 12, 36, 108)}
        columns |= {"final_training_time": [1.5, 2.5], "trainable_parameters": [10, 20], "key": ["0" * 32, "f" * 32]}
        return {k: v for k, v in (columns | changed).items() if v is not None}

    def test_a_good_file_and_bad_ones(self):
        path = self.put("data-20k.json", json.dumps(self.columns()))
        self.assertEqual(len(runs(admitted(nasbench101_sample.entries(path)))), 8)
        for content in ([], {}, self.columns(key=None), self.columns(key=["0" * 32] * 2), self.columns(key=["0", "1"]),
                        self.columns(final_training_time=[1.5]), self.columns(trainable_parameters=[1.5, 2.5])):
            self.put("data-20k.json", json.dumps(content))
            with self.assertRaises(BadData):
                list(nasbench101_sample.entries(self.folder))
        self.put("data-20k.json", "[" * 100_000)
        with self.assertRaises(BadData):
            list(nasbench101_sample.entries(self.folder))
        path.unlink()
        with self.assertRaises(MissingInput):
            list(nasbench101_sample.entries(self.folder))


@needs("nas-bench-nlp")
class LogsNLP(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.entries = admitted(nas_bench_nlp.entries(SHARED / "nas-bench-nlp"))
        cls.runs = runs(cls.entries)

    def test_counts(self):
        self.assertEqual(len(self.runs), 345)
        self.assertEqual(len({r.attributes["recipeID"] for r in self.runs.values()}), 344)
        self.assertEqual(len({cell for cell, *_ in self.runs}), 291)
        self.assertEqual(Counter(r.status for r in self.runs.values()), {"completed": 341, "diverged": 4})
        self.assertEqual(Counter(len(r.costs_by_epoch["train_seconds"]) for r in self.runs.values()),
                         {50: 341, 1: 2, 19: 1, 23: 1})

    def test_exact_numbers(self):
        cell = '{"f":{"input":["x","h_prev_0"],"op":"linear"},"h_new_0":{"input":["f"],"op":"activation_tanh"}}'
        run = self.runs[cell, "wikitext-2", "nas-bench-nlp-50", Unnamed(1)]
        self.assertEqual((run.counts["parameters"], run.costs_by_epoch["train_seconds"][0]),
                         (15_066_078, 141.30380201339722))
        self.assertEqual([curves(run)["loss", s].values[0] for s in ("train", "validation", "test")],
                         [5.754718696136168, 5.680663164924173, 5.593245711158623])
        [protocol] = [e for e in self.entries if isinstance(e, ProtocolCard)]
        self.assertEqual((protocol.settings["epochs"], protocol.settings["lr"]), (50, 0.001))

    def test_diverged_trainings_end_with_their_nan(self):
        for run in self.runs.values():
            last = [c.values[-1] for c in run.curves]
            self.assertEqual(run.status == "diverged", any(map(math.isnan, last)))
            if run.status == "diverged":
                self.assertEqual(run.line()["run"]["curves"][0]["values"][-1], "nan")
                self.assertEqual(run.status_detail, "loss is nan!")


class MadeNLP(Folder):
    def log(self, name, **changed):
        log = {"recepie": '{"b": {"op": "x"}, "a": 1}', "recepie_id": 7, "num_params": 5, "epochs": 2, "status": "OK",
               "init_time": "t", "experiment_id": 1, "wall_times": [1.5, 1.5], "lr": 0.1}
        log |= {f"{s}_losses": [2.5, 1.5] for s in ("train", "val", "test")} | changed
        self.put(f"log_stats_model_{name}.json", json.dumps(log))

    def test_repetitions_and_an_early_end(self):
        self.log("1")
        self.log("2", status="KeyboardInterrupt", **{k: [2.5] for k in ("wall_times", "train_losses", "val_losses",
                                                                       "test_losses")})
        found = runs(admitted(nas_bench_nlp.entries(self.folder)))
        self.assertEqual({(cell, s.repetition, r.status, r.status_detail) for (cell, _, _, s), r in found.items()},
                         {('{"a":1,"b":{"op":"x"}}', 1, "completed", None),
                          ('{"a":1,"b":{"op":"x"}}', 2, "failed", "KeyboardInterrupt")})

    def test_bad_logs_are_told(self):
        for changed in ({"recepie": "{"}, {"recepie": "[]"}, {"num_params": "5"}, {"train_losses": [1.5]},
                        {"val_losses": [1.5, "x"]}, {"wall_times": []}, {"epochs": 1}, {"status": None}):
            self.log("1", **changed)
            with self.assertRaisesRegex(BadData, "log_stats_model_1"):
                list(nas_bench_nlp.entries(self.folder))
        self.log("1")
        self.log("2", lr=0.2)
        with self.assertRaisesRegex(BadData, "other training settings"):
            list(nas_bench_nlp.entries(self.folder))

    def test_a_folder_without_logs_is_told(self):
        with self.assertRaises(BadData):
            list(nas_bench_nlp.entries(self.folder))


if __name__ == "__main__":
    unittest.main()
