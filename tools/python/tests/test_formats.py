"""Answers of the program as files that other programs read: every format has the numbers of the JSON answer."""

import csv
import io
import json
import subprocess
import unittest
from pathlib import Path

from test_with_program import PROGRAM, SKIP_PROGRAM

ATLAS = Path(__file__).resolve().parents[3] / "data" / "nasbench201.atlas"


def answer(format, *words):
    return subprocess.run([PROGRAM, *words, "--format", format], check=True, capture_output=True).stdout


@unittest.skipIf(SKIP_PROGRAM, SKIP_PROGRAM)
class Formats(unittest.TestCase):
    TOP = ("top", str(ATLAS), "--dataset", "cifar10", "-k", "300", "--show", "latency")

    def places(self):
        return json.loads(answer("json", *self.TOP))["places"]

    def test_csv(self):
        rows = list(csv.DictReader(io.StringIO(answer("csv", *self.TOP).decode())))
        places = self.places()
        self.assertEqual(len(rows), 300)
        for row, place in zip(rows, places):
            self.assertEqual(float(row["accuracy_percent.validation"]), place["value"])
            self.assertEqual(row["architecture"], place["architecture"]["canonicalText"])
            self.assertEqual(float(row["latency"]), place["fields"]["latency"])

    def test_parquet_with_pyarrow(self):
        import pyarrow.parquet

        table = pyarrow.parquet.read_table(io.BytesIO(answer("parquet", *self.TOP)))
        places = self.places()
        self.assertEqual(table.column_names, ["rank", "name", "architecture", "id", "accuracy_percent.validation", "runs",
                                              "latency"])
        self.assertEqual([str(kind) for kind in table.schema.types],
                         ["int64", "string", "string", "string", "double", "int64", "double"])
        self.assertEqual(table["accuracy_percent.validation"].to_pylist(), [place["value"] for place in places])
        self.assertEqual(table["architecture"].to_pylist(),
                         [place["architecture"]["canonicalText"] for place in places])
        self.assertIn(b"cifar10", table.schema.metadata[b"caption"])

    def test_parquet_with_polars_and_absent_cells(self):
        import polars

        # One architecture has no single epoch or deviation to tell where runs were published as a mean.
        words = ("query", str(ATLAS), "-a", "nats:6111", "--dataset", "cifar10", "--seed", "all")
        frame = polars.read_parquet(io.BytesIO(answer("parquet", *words)))
        told = json.loads(answer("json", *words))["answers"][0]["points"]
        self.assertEqual(frame["value"].to_list(), [point["value"] for point in told])
        self.assertEqual(frame["standard_deviation"].to_list(), [None] * len(told))

    def test_many_columns_make_long_lists(self):
        import pyarrow.parquet

        fields = [f"count({name})" for name in ("none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3")]
        fields += [f"architecture.{field}" for field in fields]
        fields += ["depth", "epochs", "latency", "parameters", "train_seconds"]
        words = [word for field in fields for word in ("--show", field)]
        found = json.loads(answer("json", "top", str(ATLAS), "--dataset", "cifar10", *words))
        table = pyarrow.parquet.read_table(io.BytesIO(answer("parquet", "top", str(ATLAS), "--dataset", "cifar10", *words)))
        self.assertGreater(table.num_columns, 15)
        for place, row in zip(found["places"], table.to_pylist()):
            for name, value in place["fields"].items():
                self.assertEqual(row[name], value)


if __name__ == "__main__":
    unittest.main()
