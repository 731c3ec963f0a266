"""docs/python.md does what it says."""

import doctest
import os
import re
import unittest
from pathlib import Path

import guide
from guide import ROOT


class Guide(unittest.TestCase):
    def test_every_block_with_prompts(self):
        # Its paths are those of a clone.
        here = os.getcwd()
        self.addCleanup(os.chdir, here)
        os.chdir(ROOT)
        failed, tried = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False)
        self.assertGreater(tried, 15)
        self.assertEqual(failed, 0)

    def test_every_other_block_belongs_to_the_test_of_a_framework(self):
        tests = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
        lines = sorted(line for text in tests for line in re.findall(r'guide\.run\("([^"]+)"\)', text))
        self.assertGreater(len(lines), 3)
        found = [line for block in guide.blocks() for line in lines if f"\n{line}" in f"\n{block}"]
        self.assertEqual(sorted(found), lines)
        self.assertEqual(len(guide.blocks()), len(lines))


if __name__ == "__main__":
    unittest.main()
