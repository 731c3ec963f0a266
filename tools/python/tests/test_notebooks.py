"""What notebooks show, with a package that draws and without one; and what the package names."""

import importlib.util
import inspect
import math
import sys
import unittest
from html.parser import HTMLParser
from pathlib import Path
from unittest import mock

import nasatlas
import numpy as np
from connecting import FIRST, OverHTTP
from made_up_atlas import ARCHITECTURES
from nasatlas import asking, display, errors

PYTHON = Path(__file__).resolve().parents[1]
DRAWS = importlib.util.find_spec("vl_convert")


class Tags(HTMLParser):
    """Checks that tags are closed in their order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.seen.add(tag)
        if tag not in ("br", "path", "line", "rect"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()
        elif tag not in ("path", "line", "rect"):
            raise AssertionError(f"</{tag}> closes {self.open}")


class Shown(OverHTTP):
    def shown(self, name="tiny"):
        remote, local = self.pair(name)
        question = FIRST if name == "tiny" else {"space": "alpha", "dataset": "whole"}
        of = ARCHITECTURES[2] if name == "tiny" else "a=3"
        best = local.top(1, show=["parameters"], **question)[0]
        return {"atlas": local, "remote": remote, "lookup": local.lookup(**question), "answer": best,
                "several": local.query(of, seed="all", **question), "curve": local.curve(of, **question),
                "remote answer": remote.query(of, **question), "remote lookup": remote.lookup(**question)}

    @unittest.skipUnless(DRAWS, "vl-convert-python is not installed")
    def test_with_charts(self):
        for name in ("tiny", "odd"):
            for what, found in self.shown(name).items():
                text = found._repr_html_()
                tags = Tags(text)
                self.assertEqual(tags.open, [], what)
                self.assertEqual("svg" in tags.seen, what in ("atlas", "lookup", "curve"), what)

    def test_without_the_package_that_draws(self):
        with mock.patch.dict(sys.modules, {"vl_convert": None}):
            for what, found in self.shown().items():
                tags = Tags(found._repr_html_())
                self.assertEqual(tags.open, [], what)
                self.assertIn("table", tags.seen, what)
                self.assertNotIn("svg", tags.seen, what)

    def test_what_is_told(self):
        shown = self.shown()
        self.assertIn("<td>twelve</td>", shown["atlas"]._repr_html_())
        self.assertIn("latency", shown["remote"]._repr_html_())
        self.assertIn("parameters", shown["answer"]._repr_html_())
        self.assertIn("one value per run", shown["several"]._repr_html_())

    def test_texts_are_escaped_and_tables_end(self):
        text = display.table(["<b>"], [["a&b"]] * 20)
        self.assertIn("<th>&lt;b&gt;</th>", text)
        self.assertIn("a&amp;b", text)
        self.assertIn("and 8 more", text)
        self.assertEqual(display.histogram(np.array([math.nan, math.inf]), "x"), "")


class Tables(OverHTTP):
    def test_measurements_and_seconds(self):
        remote, local = self.pair("odd")
        for atlas in (remote, local):
            table = atlas.table("whole", space="alpha")
            latency = dict(zip(table["architecture"], table["latency[board,batch=4]"]))
            self.assertEqual(latency["a=1"], 1.5)
            self.assertTrue(math.isnan(latency["a=2"]))
            self.assertNotIn("latency[board,batch=4]", atlas.table("whole", space="zeta"))
            setting = atlas.setting("whole", space="alpha")
            told = [setting.train_seconds(run, setting.completed_epochs(run)) for run in range(setting.runs)]
            self.assertEqual(repr(table["train_seconds"].tolist()),
                             repr([math.nan if one is None else one[0] for one in told]))
            self.assertIn(0.1 + 0.2 + 0.3, table["train_seconds"].tolist())

    def test_counts_and_costs(self):
        remote, local = self.pair("odd")
        wanted = {"a=1": {"cells": 3, "flops": 10 ** 12, "latency_milliseconds[batch=1]": 0.0},
                  "a=2": {"cells": 3, "flops": 10 ** 12 + 1, "latency_milliseconds[batch=1]": 0.25, "parameters": 1,
                          "evaluation_seconds": 0.5, "train_cpu_seconds": 0.3 + 0.2 + 0.4}}
        names = list(wanted["a=2"])
        for atlas in (remote, local):
            table = atlas.table("whole", space="alpha")
            for architecture, values in wanted.items():
                row = table["architecture"].index(architecture)
                for name in names:
                    self.assertEqual(repr(table[name].tolist()[row]), repr(float(values.get(name, math.nan))), name)
                told = atlas.fields([architecture], names, dataset="whole", space="alpha")
                self.assertEqual({name: repr(told[name].tolist()) for name in names},
                                 {name: repr([float(values.get(name, math.nan))]) for name in names})
        with self.assertRaisesRegex(errors.QuestionError, r"known: .*latency_milliseconds\[batch=1\]"):
            local.fields(["a=1"], ["latency_milliseconds[batch=2]"], dataset="whole", space="alpha")
        best = local.top(1, by="flops:max", where="latency_milliseconds[batch=1] < 0.4 and cells = 3",
                         dataset="whole", space="alpha")
        self.assertEqual(best[0].architecture, "a=2")

    def test_parquet(self):
        try:
            from pyarrow import parquet
        except ImportError as error:
            self.skipTest(str(error))
        _, local = self.pair("odd")
        path = Path(self.folder.name, "whole.parquet")
        local.to_parquet(path, "whole", space="alpha", curves=True)
        found = parquet.read_table(path)
        rows = found.to_pylist()
        self.assertEqual([row["latency[board,batch=4]"] for row in rows if row["architecture"] == "a=1"], [1.5])
        self.assertEqual({tuple(row["train_seconds.by_epoch"]) for row in rows if row["architecture"] == "a=2"},
                         {(0.1, 0.2, 0.3)})
        self.assertEqual({row["train_seconds"] for row in rows if row["architecture"] == "a=1"}, {None})
        self.assertIn(b'"latency[board,batch=4]": "millisecond"', found.schema.metadata[b"nasatlas.units"])


class Package(unittest.TestCase):
    def test_names(self):
        self.assertLessEqual(set(nasatlas.__all__), set(dir(nasatlas)))
        self.assertEqual([name for name in dir(nasatlas) if not name.startswith("_")], sorted(nasatlas.__all__))
        for name in nasatlas.__all__:
            self.assertTrue(getattr(nasatlas, name).__doc__, name)
        found = {}
        exec("from nasatlas import *", found)
        self.assertIs(found["connect"], nasatlas.connect)
        with self.assertRaisesRegex(AttributeError, "no attribute 'nosuch'"):
            nasatlas.nosuch  # noqa: B018

    def test_types_ship(self):
        self.assertTrue((PYTHON / "src" / "nasatlas" / "py.typed").exists())
        self.assertIn('nasatlas = ["py.typed"]', (PYTHON / "pyproject.toml").read_text(encoding="utf-8"))

    def test_parameters_are_explicit_and_the_same_over_http(self):
        for name in ("lookup", "query", "curve", "top", "neighbors", "evaluate"):
            for kind in (nasatlas.Atlas, nasatlas.RemoteAtlas):
                signature = inspect.signature(getattr(kind, name))
                self.assertLessEqual(set(asking.WORDS), set(signature.parameters), name)
        public = {name for name in dir(nasatlas.Atlas) if not name.startswith("_")}
        self.assertLessEqual({"where", "show"}, set(inspect.signature(nasatlas.Atlas.top).parameters))
        self.assertLessEqual(public, set(dir(nasatlas.RemoteAtlas)))
        for name in public:
            one, other = (getattr(kind, name) for kind in (nasatlas.Atlas, nasatlas.RemoteAtlas))
            if callable(one):
                self.assertEqual(list(inspect.signature(one).parameters), list(inspect.signature(other).parameters), name)


if __name__ == "__main__":
    unittest.main()
