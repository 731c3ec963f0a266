"""Tests and examples that nasbench and HPOBench wrote for themselves, with one changed import, on the shims."""

import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from made_up_atlas import PROGRAM, REASON, publish
from nasatlas.importing import cards
from nasatlas.importing.entries import Curve, ProtocolCard, Run, SourceCard, Unnamed
from nasatlas.shims.nasbench import api
from nasatlas.shims.nasbench.cell import OPERATIONS, canonical_text
from published import beside, built, peer_source

CONV3, CONV1, POOL = OPERATIONS
TEST_CASES = "import types, unittest\ntf = types.SimpleNamespace(test=unittest)"
"""Of TensorFlow their tests use the class of test cases only, which is Python's."""


def entries():
    """The cell of nasbench's example: three trainings of 108 epochs with made-up values."""
    yield SourceCard("made-up", "Made-up runs", "made for tests", license="CC0", citation="Nobody: Made up")
    yield cards.ACCURACY
    yield cards.cifar10("made up", primary_metric="accuracy")
    yield ProtocolCard("nasbench101-108", {"epochs": 108})
    matrix = [[int((row, column) in ((0, 1), (0, 2), (0, 3), (0, 5), (1, 6), (2, 6), (3, 4), (4, 6), (5, 6)))
               for column in range(7)] for row in range(7)]
    cell = api.ModelSpec(matrix, ["input", CONV1, CONV3, CONV3, CONV3, POOL, "output"])
    for repeat in (1, 2, 3):
        yield Run("nasbench101", canonical_text(cell.matrix.tolist(), cell.ops), "cifar10", "nasbench101-108",
                  Unnamed(repeat), "made-up", [Curve("accuracy", split, [0.5, 0.75 + repeat / 16], [54, 108])
                                               for split in ("train", "validation", "test")],
                  counts={"parameters": 1000}, costs={"train_seconds": 100.0 * repeat})


class NASBench(unittest.TestCase):
    def test_lib(self):
        for name in ("model_spec_test", "graph_util_test"):
            written = peer_source("nasbench", f"nasbench/tests/{name}.py").read_text(encoding="utf-8")
            changed = re.sub(r"^from nasbench\.lib", "from nasatlas.shims.nasbench.lib", written, flags=re.MULTILINE)
            changed = re.sub(r"^import tensorflow as tf.*$", TEST_CASES, changed, flags=re.MULTILINE)
            with tempfile.TemporaryDirectory() as folder:
                Path(folder, f"{name}.py").write_text(changed, encoding="utf-8")
                done = subprocess.run(
                    [sys.executable, "-m", "unittest", name], cwd=folder, capture_output=True, text=True, check=False,
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
            self.assertEqual(done.returncode, 0, done.stderr)
            count = written.count("\n  def test_")
            self.assertGreater(count, 4)
            self.assertIn(f"Ran {count} tests", done.stderr)

    @unittest.skipUnless(PROGRAM, REASON)
    def test_the_example(self):
        written = peer_source("nasbench", "example.py").read_text(encoding="utf-8")
        changed = re.sub(r"^from nasbench import api", "from nasatlas.shims.nasbench import api",
                         re.sub(r"^from absl import app.*$", "", written, flags=re.MULTILINE), flags=re.MULTILINE)
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as printed:
            names = {"__name__": "example"}
            exec(compile(changed, "example.py", "exec"), names)  # noqa: S102
            names["NASBENCH_TFRECORD"] = str(publish(folder, entries(), "cells"))
            names["main"](None)
        self.assertIn("(200.0, 108)", printed.getvalue())
        self.assertIn("Epochs trained 108, repeat number: 3", printed.getvalue())


@beside("pytest", "pytest")
@beside("ConfigSpace", "ConfigSpace")
class HPOBench(unittest.TestCase):
    def test_wrong_input(self):
        """The test of HPOBench that asks for no value of budget 1, which the published table here lacks."""
        written = peer_source("HPOBench", "tests/test_tabular_benchmarks.py").read_text(encoding="utf-8")
        atlas = built("fcnet")
        self.addCleanup(atlas.close)
        begins = written.index("from hpobench.container")
        changed = written[:begins] + f"""
from nasatlas.shims import hpobench


class SliceLocalizationBenchmark(hpobench.SliceLocalizationBenchmark):
    socket_id = None

    def __init__(self, rng=None, socket_id=None):
        super().__init__({atlas.path!r}, rng=rng)


""" + written[written.index("class TestTabularBenchmark"):]
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "test_changed.py").write_text(changed, encoding="utf-8")
            done = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "wrong_input", "test_changed.py"],
                cwd=folder, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True, text=True,
                check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertRegex(done.stdout, r"\b1 passed")


if __name__ == "__main__":
    unittest.main()
