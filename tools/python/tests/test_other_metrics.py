"""A table with a perplexity, a mean squared error and two targets, through every door: Python, the command line, a
surrogate, pages, HTTP and adapters."""

import json
import re
import subprocess
import tempfile
import unittest
import urllib.parse
import urllib.request
from pathlib import Path

import nasatlas
import numpy as np
from made_up_atlas import PROGRAM, REASON, ask
from nasatlas import Fidelity, Metric
from served import Served

WIDTHS, DEPTHS = (8, 16, 32, 64, 128), (1, 2, 3, 4)
BEST, WORST = "width=128,depth=4", "width=8,depth=1"
METRICS = {
    "ppl": Metric("perplexity", "1", larger_is_better=False, minimum=1),
    "mse_height": Metric("mse_height", "square centimeter", larger_is_better=False, minimum=0, target="height"),
    "mse_weight": Metric("mse_weight", "square kilogram", larger_is_better=False, minimum=0, target="weight"),
    "f1": Metric("f1", "fraction", larger_is_better=True, minimum=0, maximum=1, meaning="F1 over points")}


def rows():
    """Larger networks are better in each metric but the weight, where they are worse."""
    for width in WIDTHS:
        for depth in DEPTHS:
            size = np.log2(width) * depth
            yield {"width": width, "depth": depth, "ppl": [400 / size, 200 / size + 1, 100 / size + 1],
                   "mse_height": 30 / size, "mse_weight": 2 + size / 10, "f1": size / 30, "size": width * depth}


@unittest.skipIf(PROGRAM is None, REASON)
class OtherMetrics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.path = str(Path(folder.name, "other.atlas"))
        cls.atlas = nasatlas.write_table(
            list(rows()), cls.path, architecture=["width", "depth"], metrics=METRICS, parameters="size", epochs=250,
            positions=[50, 100, 250], fidelity=Fidelity("step", "step"), task="multi_task", title="Other metrics")
        cls.addClassCleanup(cls.atlas.close)
        subprocess.run([PROGRAM, "fit", cls.path, "--predictor", "random-forest"], check=True, capture_output=True)
        cls.server = Served(cls.path)
        cls.addClassCleanup(cls.server.stop)
        cls.remote = nasatlas.connect(cls.server.address)
        cls.addClassCleanup(cls.remote.close)

    def program(self, *words):
        told, fault = ask(*words)
        self.assertIsNone(fault, words)
        return told

    def test_cards(self):
        for atlas in (self.atlas, self.remote):
            self.assertEqual({name: one["target"] for name, one in atlas.metrics.items()}, {
                "f1": None, "mse_height": "height", "mse_weight": "weight", "perplexity": None})
            card = atlas.datasets["data"]
            self.assertEqual((card["task"], card["primaryMetric"]), ("multi_task", "perplexity"))
            self.assertEqual(card["targets"], [
                {"name": "height", "kind": "number"}, {"name": "weight", "kind": "number"}])

    def test_queries(self):
        told = self.program("query", self.path, "-a", BEST)["answers"][0]
        self.assertFalse(told["context"]["largerIsBetter"])
        for atlas in (self.atlas, self.remote):
            answer = atlas.query(BEST)
            self.assertEqual((answer.value, answer.context.larger_is_better, answer.context.epoch),
                             (told["value"], False, told["context"]["epoch"]))
            self.assertEqual((answer.context.fidelity.name, answer.points[0].epoch), ("step", 250))
            self.assertEqual(atlas.query(BEST, metric="mse_height").context.unit, "square centimeter")
            self.assertEqual(atlas.query(BEST, epoch=100).value, 200 / 28 + 1)

    def test_rankings_have_the_right_direction(self):
        for name, first in (("perplexity", BEST), ("mse_height", BEST), ("mse_weight", WORST), ("f1", BEST)):
            told = self.program("top", self.path, "-k", 20, "--metric", name)
            texts = [one["architecture"]["canonicalText"] for one in told["places"]]
            self.assertEqual(texts[0], first, name)
            for atlas in (self.atlas, self.remote):
                best = atlas.top(20, metric=name)
                self.assertEqual([one.architecture for one in best], texts, name)
                values = [one.value for one in best]
                self.assertEqual(values, sorted(values, reverse=name == "f1"), name)
                by = atlas.top(1, by=f"{name}.validation")
                self.assertEqual(by[0].architecture, first, name)
        for atlas in (self.atlas, self.remote):
            near = atlas.neighbors("width=16,depth=2")
            self.assertEqual(near[0].value, min(one.value for one in near))

    def test_fronts(self):
        objectives = ["perplexity.validation", "mse_weight.validation"]
        told = self.program("pareto", self.path, *(word for one in objectives for word in ("--objective", one)))
        texts = [one["architecture"]["canonicalText"] for one in told["front"]]
        for atlas in (self.atlas, self.remote):
            front = atlas.pareto(objectives)
            self.assertEqual([one.architecture for one in front], texts)
            # Both fall with one number and rise with it, so each size is on the front.
            self.assertEqual(len({one.values for one in front}), len({np.log2(w) * d for w in WIDTHS for d in DEPTHS}))
            self.assertEqual([one.architecture for one in atlas.pareto(["perplexity.validation", "f1.validation"])],
                             [BEST])

    def test_predictions(self):
        told = self.program("query", self.path, "-a", BEST, "--predict")
        self.assertEqual(told["answers"][0]["context"]["kind"], "measured")
        for atlas in (self.atlas, self.remote):
            found = atlas.predict([WORST, "width=64,depth=3", BEST])
            self.assertTrue((found.predictions >= 1).all() and np.isfinite(found.deviations).all())
            self.assertGreater(found.predictions[0], found.predictions[1])
            self.assertFalse(found.context.larger_is_better)
            values = atlas.lookup().values()
            quality = atlas.evaluate({text: value for text, value in zip(atlas.architectures, values)})
            self.assertEqual((quality.metrics["kendall"], quality.metrics["mae"]), (1.0, 0.0))
            self.assertEqual(quality.units["mae"], "1")

    def page(self, path, **words):
        query = urllib.parse.urlencode({"setting": "data under default", **words})
        request = urllib.request.Request(f"{self.server.address}/atlases/other{path}?{query}",
                                         headers={"Accept": "text/html" if "charts" not in path else "*/*"})
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.read().decode()

    def test_pages(self):
        for name, first, direction in (("perplexity", BEST, "smaller"), ("f1", BEST, "larger"),
                                       ("mse_weight", WORST, "smaller")):
            page = self.page("", measure=f"{name}.validation")
            self.assertIn(f"{direction} is better", page)
            self.assertEqual(re.findall(r"width=\d+,depth=\d", re.sub("<svg.*?</svg>", "", page, flags=re.S)[
                page.index("<table"):])[0], first, name)
            best = self.page("/table.csv", measure=f"{name}.validation").splitlines()
            self.assertEqual(best[1].split('"')[1], first)
        page = self.page("/architecture", a=BEST, measure="mse_height.validation")
        self.assertIn("square centimeter", page)
        self.assertIn("perplexity", page)

    def test_charts_of_pages(self):
        chart = json.loads(self.page("/charts/splits", a=BEST, measure="perplexity.validation"))
        self.assertEqual([(one["epoch"], one["best"]) for one in chart["data"]["values"]],
                         [(50, False), (100, False), (250, True)])
        self.assertEqual(chart["layer"][0]["encoding"]["x"]["title"], "step")
        chart = json.loads(self.page("/charts/trade-off", measure="perplexity.validation", against="f1.validation"))
        self.assertEqual([one["architecture"] for one in chart["data"]["values"] if one["front"]], [BEST])

    def test_scikit_learn(self):
        from nasatlas.adapters.sklearn import arrays
        data = arrays(self.atlas, metric="mse_weight", encoding="scaled")
        self.assertEqual((data.X.shape[0], data.target), (20, "validation_mse_weight"))
        self.assertEqual(self.atlas.architectures[int(np.argmin(data.y))], WORST)

    def test_optuna(self):
        try:
            import optuna
        except ImportError as error:
            self.skipTest(str(error))
        from nasatlas.adapters.optuna import Objective
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        for name, direction, best in (("perplexity", "minimize", BEST), ("f1", "maximize", BEST),
                                      ("mse_weight", "minimize", WORST)):
            objective = Objective(self.atlas, metric=name)
            self.assertEqual(objective.direction, direction)
            sampler = optuna.samplers.GridSampler(objective.grid, seed=1)
            study = optuna.create_study(direction=direction, sampler=sampler)
            study.optimize(objective)
            self.assertEqual(study.best_value, self.atlas.query(best, metric=name).value)

    def test_ray(self):
        try:
            from nasatlas.adapters.ray import Trainable
        except (ImportError, nasatlas.NASAtlasError) as error:
            self.skipTest(str(error))
        self.assertEqual([Trainable(self.atlas, metric=name).mode for name in ("perplexity", "f1")], ["min", "max"])

    def test_smac(self):
        try:
            from nasatlas.adapters.smac import Target
        except (ImportError, nasatlas.NASAtlasError) as error:
            self.skipTest(str(error))
        task = Target(self.atlas, metric="perplexity")
        cost = task.cost({"width": 128, "depth": 4})
        self.assertEqual(cost[0] if isinstance(cost, tuple) else cost, self.atlas.query(BEST).value)

    def test_syne_tune(self):
        try:
            from nasatlas.adapters.syne_tune import AtlasBlackbox
        except (ImportError, nasatlas.NASAtlasError) as error:
            self.skipTest(str(error))
        blackbox = AtlasBlackbox(self.atlas, metric="perplexity")
        self.assertEqual(list(blackbox.fidelity_space), ["step"])
        self.assertTrue(blackbox.do_minimize)
