"""schemas/errors.json has every error code of the sources, and nothing else."""
import importlib.util
import json
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_SPECIFICATION = importlib.util.spec_from_file_location("errors", ROOT / "tools" / "docs" / "errors.py")
errors = importlib.util.module_from_spec(_SPECIFICATION)
_SPECIFICATION.loader.exec_module(errors)


class ErrorList(unittest.TestCase):
    def setUp(self):
        self.listed = json.loads(errors.LIST.read_text())

    def test_the_list_is_that_of_the_sources(self):
        self.assertEqual(errors.LIST.read_text(), errors.content(), "python3 tools/docs/errors.py makes it again")

    def test_codes_are_spelled_by_room(self):
        rooms = {path.name.lower() for path in (ROOT / "Sources").iterdir()} | {"server", "page"}
        for code in self.listed:
            self.assertRegex(code, r"^[a-z]+\.[a-z0-9_]+\*?$")
            self.assertIn(code.split(".")[0], rooms)

    def test_every_error_has_a_status(self):
        for code, entry in self.listed.items():
            self.assertTrue(entry.get("exit") or entry.get("http"), code)
            self.assertLessEqual(set(entry.get("exit", [])), set(errors.EXIT.values()), code)

    def test_what_tests_expect_is_listed(self):
        """An independent look: the codes that the Swift tests name."""
        known = {code for code in self.listed if not code.endswith("*")}
        open_ended = tuple(code[:-1] for code in self.listed if code.endswith("*"))
        for path in sorted((ROOT / "Tests").rglob("*.swift")):
            for code in re.findall(r'code == "([a-z]+\.[a-z0-9_.]+)"', path.read_text()):
                self.assertTrue(code in known or code.startswith(open_ended), f"{code} in {path.name}")


if __name__ == "__main__":
    unittest.main()
