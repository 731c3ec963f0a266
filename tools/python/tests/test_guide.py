"""docs/python.md does what it says."""

import doctest
import os
import re
import unittest
from pathlib import Path

from published import PACKAGES

ROOT = Path(__file__).resolve().parents[3]
GUIDE = ROOT / "docs" / "python.md"


class Guide(unittest.TestCase):
    def setUp(self):
        # Its paths are those of a clone.
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(ROOT)

    def test_every_session(self):
        failed, tried = doctest.testfile(str(GUIDE), module_relative=False)
        self.assertGreater(tried, 40)
        self.assertEqual(failed, 0)

    def test_every_other_block(self):
        blocks = [block for block in re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
                  if ">>>" not in block]
        self.assertGreater(len(blocks), 3)
        places = [PACKAGES.parent, *filter(None, os.environ.get("NASATLAS_ATLASES", "").split(os.pathsep))]
        for block in blocks:
            name, = re.findall(r'"([\w-]+\.atlas)"', block)
            for line in block.splitlines():
                if line.startswith(("import ", "from ")):
                    exec(line, {})
            with self.subTest(atlas=name):
                place = next((one for one in places if Path(one, name).exists()), None)
                if place is None:
                    self.skipTest(f"{name} is not in {', '.join(map(str, places))}; NASATLAS_ATLASES names others")
                os.chdir(place)
                exec(compile(block, f"{GUIDE} on {name}", "exec"), {})


if __name__ == "__main__":
    unittest.main()
