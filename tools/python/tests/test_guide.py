"""docs/python.md does what it says."""

import doctest
import os
import re
import unittest
from pathlib import Path

import guide
from guide import PAGE, ROOT
from published import PACKAGES


class Guide(unittest.TestCase):
    def setUp(self):
        # Its paths are those of a clone.
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(ROOT)

    def test_every_session(self):
        failed, tried = doctest.testfile(str(PAGE), module_relative=False)
        self.assertGreater(tried, 40)
        self.assertEqual(failed, 0)

    def test_every_replacement(self):
        replacements = [block for block in guide.blocks() if "nasatlas.shims" in block]
        self.assertGreater(len(replacements), 3)
        places = [PACKAGES.parent, *filter(None, os.environ.get("NASATLAS_ATLASES", "").split(os.pathsep))]
        for block in replacements:
            name, = re.findall(r'"([\w-]+\.atlas)"', block)
            for line in block.splitlines():
                if line.startswith(("import ", "from ")):
                    exec(line, {})
            with self.subTest(atlas=name):
                place = next((one for one in places if Path(one, name).exists()), None)
                if place is None:
                    self.skipTest(f"{name} is not in {', '.join(map(str, places))}; NASATLAS_ATLASES names others")
                os.chdir(place)
                exec(compile(block, f"{PAGE} on {name}", "exec"), {})

    def test_every_other_block_belongs_to_the_test_of_a_framework(self):
        tests = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
        lines = sorted(line for text in tests for line in re.findall(r'guide\.run\("([^"]+)"[,)]', text))
        self.assertGreater(len(lines), 3)
        blocks = [block for block in guide.blocks() if "nasatlas.shims" not in block]
        found = [line for block in blocks for line in lines if f"\n{line}" in f"\n{block}"]
        self.assertEqual(sorted(found), lines)
        self.assertEqual(len(blocks), len(lines))


if __name__ == "__main__":
    unittest.main()
