"""Every example in a docstring does what it says."""

import doctest
import importlib
import importlib.util
import os
import pkgutil
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import nasatlas
from made_up_atlas import PROGRAM, REASON

NEEDS = {"dataframe": "pandas", "to_parquet": "pyarrow"}
"""Packages that examples of methods need."""
RUN_THE_PROGRAM = ("configuration_space", "evaluate", "predict")
ROOT = Path(__file__).resolve().parents[3]


class Docstrings(unittest.TestCase):
    def setUp(self):
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(ROOT)

    def examples(self):
        """The examples of all modules, those of `shims` and `adapters` left out."""
        modules = ["nasatlas"]
        modules += [one.name for one in pkgutil.walk_packages(nasatlas.__path__, "nasatlas.")
                    if not one.name.startswith(("nasatlas.shims", "nasatlas.adapters")) and "__main__" not in one.name]
        for name in modules:
            yield from doctest.DocTestFinder().find(importlib.import_module(name))

    def run_one(self, example):
        runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
        self.assertEqual(runner.run(example).failed, 0, example.name)

    def test_examples(self):
        tried = 0
        for example in self.examples():
            method = example.name.rpartition(".")[2]
            if method not in RUN_THE_PROGRAM and importlib.util.find_spec(NEEDS.get(method, "numpy")):
                self.run_one(example)
                tried += len(example.examples)
        self.assertGreater(tried, 60)

    @unittest.skipUnless(PROGRAM, REASON)
    def test_examples_that_run_the_program(self):
        with tempfile.TemporaryDirectory() as folder:
            for ending in ("", ".manifest.json"):
                shutil.copy(ROOT / "data" / f"nasbench201.atlas{ending}", Path(folder, f"fitted.atlas{ending}"))
            path = Path(folder, "fitted.atlas")
            subprocess.run([PROGRAM, "fit", path, "--dataset", "cifar10", "--predictor", "ridge", "--limit", "200"],
                           check=True, capture_output=True)
            with nasatlas.open(path) as fitted:
                for example in self.examples():
                    if example.name.rpartition(".")[2] in RUN_THE_PROGRAM:
                        example.globs["fitted"] = fitted
                        self.run_one(example)

    def test_public_methods_have_examples(self):
        for name in dir(nasatlas.Atlas):
            if not name.startswith("_") and callable(getattr(nasatlas.Atlas, name)):
                self.assertIn(">>> ", getattr(nasatlas.Atlas, name).__doc__, name)

    def test_public_names_have_docstrings(self):
        for name in dir(nasatlas.Atlas):
            if not name.startswith("_") and callable(getattr(nasatlas.Atlas, name)):
                self.assertTrue(getattr(nasatlas.Atlas, name).__doc__, name)


if __name__ == "__main__":
    unittest.main()
