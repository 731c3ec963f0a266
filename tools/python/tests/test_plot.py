"""Charts that the program writes, drawn."""

import html
import importlib.util
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from nasatlas import errors, plot

SNAPSHOTS = Path(__file__).parents[3] / "Tests" / "ReportsTests" / "Snapshots"
MAGIC = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF"}
BARS = {"data": {"values": [{"a": 1, "b": "left"}, {"a": 3, "b": "right"}]}, "mark": "bar", "width": 100, "height": 50,
        "encoding": {"x": {"field": "a", "type": "quantitative"}, "y": {"field": "b", "type": "nominal"}}}
DRAWS = importlib.util.find_spec("vl_convert")


def size(path):
    """Pixels of a PNG."""
    return struct.unpack(">II", path.read_bytes()[16:24])


class InAFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)


@unittest.skipUnless(DRAWS, "vl-convert-python is not installed")
class Charts(InAFolder):
    def test_every_chart_in_every_form(self):
        files = sorted(SNAPSHOTS.glob("*.vl.json"))
        self.assertEqual(len(files), 3)
        for file in files:
            for form, magic in MAGIC.items():
                drawn = plot.render(file, self.folder / f"chart.{form}")
                self.assertTrue(drawn.read_bytes().startswith(magic))
                self.assertGreater(drawn.stat().st_size, 5_000)
            text = plot.render(str(file), self.folder / "again.svg").read_text(encoding="utf-8")
            self.assertIn("Kendall", text)
            for name in re.findall(r'"predictor":"([^"]+)"', file.read_text(encoding="utf-8")):
                self.assertIn(html.escape(name, quote=False), text)

    def test_a_file_its_text_and_a_dict_are_one_chart(self):
        file = self.folder / "bars.json"
        file.write_text(json.dumps(BARS), encoding="utf-8")
        drawn = {plot.render(one, self.folder / "bars.svg").read_bytes()
                 for one in (file, str(file), json.dumps(BARS, indent=1), BARS)}
        self.assertEqual(len(drawn), 1)
        self.assertIn(b"right", drawn.pop())

    def test_scale_is_that_of_pixels(self):
        one, three = (size(plot.render(BARS, self.folder / "bars.PNG", scale=scale)) for scale in (1, 3))
        self.assertEqual(three, (3 * one[0], 3 * one[1]))

    def test_the_command(self):
        outs = [self.folder / f"bars.{form}" for form in MAGIC]
        told = subprocess.run([sys.executable, "-m", "nasatlas.plot", "-", *outs], input=json.dumps(BARS), text=True,
                              capture_output=True, check=False)
        self.assertEqual((told.returncode, told.stdout, told.stderr), (0, "", ""))
        for out, magic in zip(outs, MAGIC.values()):
            self.assertTrue(out.read_bytes().startswith(magic))
        told = subprocess.run([sys.executable, "-m", "nasatlas.plot", SNAPSHOTS / "none.json", outs[0]], text=True,
                              capture_output=True, check=False)
        self.assertEqual(told.returncode, 1)
        self.assertRegex(told.stderr, "^nasatlas.plot: plot.unreadable: .*none.json cannot be read: No such file")

    def test_what_is_no_chart_is_refused_and_nothing_is_fetched(self):
        away = {**BARS, "data": {"url": "http://localhost:9/rows.json"}}
        for chart, message in (({}, 'at least one of the following properties: "mark"'), ({"mark": "no"}, "cannot be"),
                               (away, "External data url not allowed")):
            for form in MAGIC:
                with self.assertRaisesRegex(plot.PlotError, message):
                    plot.render(chart, self.folder / f"chart.{form}")
        self.assertEqual(os.listdir(self.folder), [])
        with self.assertRaises(errors.Unwritable) as caught:
            plot.render(BARS, self.folder / "none" / "bars.svg")
        self.assertEqual(caught.exception.code, "records.output_cannot_create")


class Refused(InAFolder):
    def refused(self, code, message, *words):
        with self.assertRaisesRegex(plot.PlotError, message) as caught:
            plot.render(*words)
        self.assertEqual(caught.exception.code, code)

    def test_other_endings_and_scales(self):
        for name in ("chart.gif", "chart"):
            self.refused("plot.unknown_form", "allowed: .svg, .png, .pdf", BARS, name)
        for scale in (0, -1, float("nan"), 1e9):
            self.refused("plot.scale", "cannot be drawn", BARS, "x.png", scale)

    def test_what_is_no_specification(self):
        self.refused("plot.unreadable", "none.json cannot be read: No such file", "none.json", "x.svg")
        self.refused("plot.unreadable", "cannot be read: Is a directory", self.folder, "x.svg")
        self.refused("plot.not_json", "is not JSON", '{"mark": ', "x.svg")
        self.refused("plot.not_json", "it is list in JSON", "[1]", "x.svg")
        (self.folder / "binary.json").write_bytes(b"\xff\x00")
        self.refused("plot.unreadable", "binary.json cannot be read", self.folder / "binary.json", "x.svg")

    def test_without_the_package(self):
        with mock.patch.dict(sys.modules, {"vl_convert": None}):
            with self.assertRaisesRegex(errors.MissingPackage, "pip install vl-convert-python"):
                plot.render(BARS, self.folder / "x.svg")


if __name__ == "__main__":
    unittest.main()
