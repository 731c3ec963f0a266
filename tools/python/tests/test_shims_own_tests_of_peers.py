"""Tests that other packages wrote for themselves, with one changed import, on the replacements here."""

import ast
import contextlib
import importlib.util
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from benchmark_data import needs
from made_up_atlas import PROGRAM, REASON, publish
from nasatlas.importing import cards
from nasatlas.importing.entries import Curve, Run, SourceCard
from nasatlas.importing.sources import nats_bench as archives
from nasatlas.shims import nas_201_api
from nasatlas.shims.nats_bench import api_size, api_topology, cells
from published import SHARED, beside, peer_source


@beside("pytest", "pytest")
@unittest.skipUnless(PROGRAM, REASON)
@needs("nats-archives")
class NATSBench(unittest.TestCase):
    """tests/api_test.py of NATS-Bench, on an atlas of the three genuine archives that it comes with."""

    def test_api_test(self):
        written = peer_source("NATS-Bench", "tests/api_test.py").read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            atlas = publish(folder, archives.entries(SHARED / "nats-archives"), "nats")
            for name in (api_topology.ALL_BASE_NAMES[-1], api_size.ALL_BASE_NAMES[-1]):
                for ending in ("", ".manifest.json"):
                    shutil.copy(f"{atlas}{ending}", Path(folder, f"{name}-simple{ending}"))
            Path(folder, "api_test.py").write_text(
                re.sub(r"^from nats_bench\b", "from nasatlas.shims.nats_bench", written, flags=re.MULTILINE),
                encoding="utf-8")
            done = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "api_test.py"], cwd=folder,
                env={**os.environ, "FAKE_TORCH_HOME": folder, "PYTHONPATH": os.pathsep.join(sys.path)},
                capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertRegex(done.stdout, r"\b8 passed")


SHOWN = "|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|skip_connect~2|"


def entries():
    """The cells that the test of nas_201_api asks for, trained for 12 epochs with made-up values."""
    yield SourceCard("made-up", "Made-up runs", "made for tests", license="CC0", citation="Nobody: Made up")
    yield cards.ACCURACY_PERCENT
    yield cards.LOSS
    yield from archives.DATASETS
    yield cards.nasbench201_protocol(12)
    for number in (1, 2, 11, 301, cells.topology().index(SHOWN)):
        for dataset in ("cifar10-valid", "cifar10", "cifar100", "imagenet16-120"):
            splits = ("train", "test") if dataset == "cifar10" else ("train", "validation", "test")
            yield Run("nasbench201", cells.topology()[number], dataset, "nasbench201-12", 777, "made-up", [
                Curve(metric, split, [number + epoch / 12 for epoch in range(12)])
                for metric in ("loss", "accuracy_percent") for split in splits],
                counts={"parameters": 1000 + number, "flops": 2000 + number},
                costs_by_epoch={"train_seconds": [2.0] * 12})


@beside("nas_201_api", "nas-bench-201")
@unittest.skipUnless(PROGRAM, REASON)
class NASBench201(unittest.TestCase):
    """`test_api` that nas_201_api ships, which needs PyTorch to be imported and not to run."""

    def test_api(self):
        written = Path(importlib.util.find_spec("nas_201_api").origin).read_text(encoding="utf-8")
        function, = (ast.get_source_segment(written, node) for node in ast.parse(written).body
                     if isinstance(node, ast.FunctionDef) and node.name == "test_api")
        names = {"NASBench201API": nas_201_api.NASBench201API}
        exec(function, names)  # noqa: S102
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as printed:
            names["test_api"](str(publish(folder, entries(), "cells")))
        self.assertIn("Valid Info : {'iepoch': 11, 'loss': 301.91", printed.getvalue())
        self.assertTrue(printed.getvalue().endswith("TEST NAS-BENCH-201 DONE.\n"))


if __name__ == "__main__":
    unittest.main()
