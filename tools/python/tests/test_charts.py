"""Charts that the program writes, drawn."""

import importlib.util
import json
import tempfile
import unittest
from pathlib import Path

from nasatlas import charts

SNAPSHOTS = Path(__file__).parents[3] / "Tests" / "ReportsTests" / "Snapshots"
MAGIC = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF"}


class Charts(unittest.TestCase):
    @unittest.skipUnless(importlib.util.find_spec("vl_convert"), "vl-convert-python is not installed")
    def test_every_chart_in_every_form(self):
        files = sorted(SNAPSHOTS.glob("*.vl.json"))
        self.assertEqual(len(files), 2)
        with tempfile.TemporaryDirectory() as folder:
            for file in files:
                for form, magic in MAGIC.items():
                    drawn = charts.render(file, Path(folder, f"chart.{form}"))
                    self.assertTrue(drawn.read_bytes().startswith(magic))
                    self.assertGreater(drawn.stat().st_size, 5_000)
                specification = json.loads(file.read_text(encoding="utf-8"))
                text = charts.render(specification, Path(folder, "again.svg")).read_text(encoding="utf-8")
                self.assertIn("Kendall", text)
                self.assertIn("random_forest", text)

    def test_other_endings_are_refused(self):
        for name in ("chart.gif", "chart"):
            with self.assertRaisesRegex(charts.ChartsError, "allowed: .svg, .png, .pdf"):
                charts.render({}, name)


if __name__ == "__main__":
    unittest.main()
