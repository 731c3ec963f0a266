"""Every example in a docstring does what it says."""

import doctest
import importlib
import os
import pkgutil
import unittest
from pathlib import Path

import nasatlas

ROOT = Path(__file__).resolve().parents[3]


class Docstrings(unittest.TestCase):
    def test_examples(self):
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(ROOT)
        tried, modules = 0, ["nasatlas"]
        modules += [one.name for one in pkgutil.walk_packages(nasatlas.__path__, "nasatlas.")
                    if not one.name.startswith(("nasatlas.shims", "nasatlas.adapters")) and "__main__" not in one.name]
        for name in modules:
            found = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
            self.assertEqual(found.failed, 0, name)
            tried += found.attempted
        self.assertGreater(tried, 30)

    def test_public_names_have_docstrings(self):
        for name in dir(nasatlas.Atlas):
            if not name.startswith("_") and callable(getattr(nasatlas.Atlas, name)):
                self.assertTrue(getattr(nasatlas.Atlas, name).__doc__, name)


if __name__ == "__main__":
    unittest.main()
