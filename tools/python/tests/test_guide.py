"""docs/python.md does what it says."""

import doctest
import os
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


class Guide(unittest.TestCase):
    def test_every_block(self):
        # Its paths are those of a clone.
        here = os.getcwd()
        self.addCleanup(os.chdir, here)
        os.chdir(ROOT)
        failed, tried = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False)
        self.assertGreater(tried, 15)
        self.assertEqual(failed, 0)


if __name__ == "__main__":
    unittest.main()
