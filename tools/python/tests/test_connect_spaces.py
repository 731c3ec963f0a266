"""Spaces of a server as configurations, and what is measured beside metrics, over HTTP as in process."""

import importlib.util
import json
import random
import tempfile
import unittest

import numpy as np

import nasatlas
import served
from connecting import QUICK, OverHTTP, never, same
from made_up_atlas import publish
from nasatlas import errors, spaces
from nasatlas.importing.entries import Measurement, Parameter, SourceCard, SpaceCard
from nasatlas.shims import hpo_benchmarks
from served import Served

TEXTS = {
    "nasbench101": "v2:1", "nas-bench-graph": "0,0,0,0:gat,gat,gat,gat",
    "seqnas": "stem:none/time:off/encoder:off/decoder:off/head:avg", "nats-sss": "8:8:8:8:8",
    "nasbench201": "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|",
    "spikenas": "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|", "odd": "mixed=true,rate=0,one=7", "free": "[1]"}
DRAWS = 1000


def entries():
    """One architecture of each space, measured."""
    yield SourceCard("made-up", "Made-up devices", "made for tests", license="CC0", citation="Nobody: Made up")
    yield SpaceCard("odd", "grid", "A grid", parameters=[
        Parameter("mixed", "categorical", [True, None, "a", 7]), Parameter("rate", "ordinal", [0, 1e-08, 0.3]),
        Parameter("one", "ordinal", [7])])
    yield SpaceCard("free", "opaque", "Any texts")
    for number, (space, text) in enumerate(TEXTS.items()):
        yield Measurement(space, text, "made-up", "latency", "millisecond", 1.5 + number, device="board",
                          conditions={"batch": "4"})
        yield Measurement(space, text, "made-up", "energy", "joule", 0.1 * number)
    yield Measurement("nats-sss", TEXTS["nats-sss"], "made-up", "share", "1", 0.5, split="validation")


def drawn(space, generator):
    """A configuration, as ConfigSpace draws them."""
    conditions = {one["child"]: one for one in space["conditions"]}
    found = {}
    for one in space["hyperparameters"]:
        condition = conditions.get(one["name"])
        if condition is None or found.get(condition["parent"]) in condition["values"]:
            found[one["name"]] = generator.choice(one.get("choices") or one.get("sequence") or [one["value"]])
    if any(all(found.get(clause["name"]) == clause["value"] for clause in one["clauses"])
           for one in space["forbiddens"]):
        return drawn(space, generator)
    return found


def is_cell(configuration):
    """What `meta.invalid` of nasbench101 says."""
    edges = [tuple(map(int, name.split("_")[1:])) for name, value in configuration.items()
             if name.startswith("edge") and value]
    ahead, behind = {0}, {6}
    for source, target in sorted(edges):
        ahead |= {target} if source in ahead else set()
    for source, target in sorted(edges, reverse=True):
        behind |= {source} if target in behind else set()
    left = [edge for edge in edges if set(edge) <= ahead & behind]
    return 6 in ahead and len(left) <= 9


@unittest.skipIf(served.REASON, served.REASON)
class Spaces(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.file = publish(folder.name, entries(), "spaces")
        server = Served(cls.file)
        cls.addClassCleanup(server.stop)
        cls.atlas = nasatlas.connect(server.address, sleep=never, **QUICK)
        cls.addClassCleanup(cls.atlas.close)

    def read(self, name, texts):
        """Raises where the server cannot read one of the texts."""
        for first in range(0, len(texts), 200):
            self.atlas.fields(texts[first:first + 200], ["energy"], space=name)

    def test_every_draw_is_read(self):
        for name in [name for name in TEXTS if name != "free"]:
            with self.subTest(space=name):
                space, generator = self.atlas.configuration_space(name), random.Random(5)
                configurations = [drawn(space, generator) for _ in range(DRAWS)]
                texts = [spaces.spell(space, one) for one in configurations]
                if name == "nasbench101":
                    good = [is_cell(one) for one in configurations]
                    self.assertIn("invalid", space["meta"])
                    self.assertTrue(100 < sum(good) < DRAWS)
                    for text in [text for text, one in zip(texts, good) if not one][:20]:
                        with self.assertRaises(errors.UnknownArchitecture):
                            self.read(name, [text])
                    texts = [text for text, one in zip(texts, good) if one]
                else:
                    self.assertNotIn("invalid", space["meta"])
                self.assertGreater(len(set(texts)), 10 if name == "odd" else 300)
                self.read(name, texts)

    def test_the_texts_of_independent_choices_are_those_of_the_package(self):
        for name in ("nasbench201", "spikenas", "nats-sss", "odd"):
            own, told = self.atlas.space(name), self.atlas.configuration_space(name)
            self.assertEqual(
                [(one.name, list(one.values), one.ordered or len(one.values) == 1) for one in own.parameters],
                [(one["name"], one.get("choices") or one.get("sequence") or [one["value"]],
                  one["type"] in ("ordinal", "constant")) for one in told["hyperparameters"]])
            self.assertEqual((told["conditions"], told["forbiddens"]), ([], []))
            for text in own.sample(50):
                self.assertEqual(spaces.spell(told, own.parse(text)), text)

    def test_what_is_no_configuration(self):
        with self.assertRaises(errors.ServerError) as caught:
            self.atlas.configuration_space("free")
        self.assertEqual((caught.exception.code, caught.exception.status), ("server.no_configspace", 422))
        with self.assertRaises(errors.UnknownName):
            self.atlas.configuration_space("none")
        with self.assertRaises(errors.AmbiguousQuestion):
            self.atlas.configuration_space()
        space = self.atlas.configuration_space("seqnas")
        configuration = drawn(space, random.Random(1))
        for wrong in ({**configuration, "pooling": "min"}, {**configuration, "polling": "min"},
                      {name: value for name, value in configuration.items() if name != "pooling"}):
            with self.assertRaises(errors.NotInSpace):
                spaces.spell(space, wrong)

    @unittest.skipUnless(importlib.util.find_spec("ConfigSpace"), "ConfigSpace is not installed")
    def test_configspace_reads_them(self):
        import ConfigSpace
        from nasatlas.adapters.smac import configuration_space
        for name in [name for name in TEXTS if name != "free"]:
            with self.subTest(space=name):
                space = self.atlas.configuration_space(name)
                made = ConfigSpace.ConfigurationSpace.from_serialized_dict(json.loads(json.dumps(space)))
                made.seed(3)
                self.assertEqual(len(made.conditions), len(space["conditions"]))
                configurations = [dict(one) for one in made.sample_configuration(DRAWS)]
                if name == "nasbench101":
                    configurations = [one for one in configurations if is_cell(one)]
                self.read(name, [spaces.spell(space, one) for one in configurations])
                told = made.to_serialized_dict()
                self.assertEqual(sorted(one["name"] for one in told["hyperparameters"]),
                                 sorted(one["name"] for one in space["hyperparameters"]))
                if name in (*spaces.BUILT_IN, "odd"):
                    # The adapter makes the same space of what is in process.
                    own = configuration_space(self.atlas.space(name)).to_serialized_dict()
                    self.assertEqual(told["hyperparameters"], own["hyperparameters"])

    def test_measurements_of_an_atlas_without_runs(self):
        with nasatlas.open(self.file) as local:
            for one, other in zip(self.atlas.quantities, local.quantities):
                self.assertEqual(
                    (one.name, one.space, one.conditions, one.source, one.protocol_digest, one.dataset, one.device,
                     one.split),
                    (other.name, other.space, other.conditions, other.source, other.protocol_digest, other.dataset,
                     other.device, other.split))
                same(self, one.values(), other.values())
                place = int(np.flatnonzero(~np.isnan(other.values()))[0])
                self.assertEqual((one.at(place), one.at((place + 1) % len(local)), one.value(f"place:{place}")),
                                 (other.at(place), None, other.at(place)))
        other = [place for place in range(len(self.atlas)) if place not in self.atlas._spans["nats-sss"]]
        self.assertTrue(np.isnan(self.atlas.fields(other, ["energy"], space="nats-sss")["energy"]).all())
        found = self.atlas.fields(["8:8:8:8:8", "16:8:8:8:8"], ["latency[board,batch=4]", "energy"], space="nats-sss")
        self.assertEqual({name: repr(values.tolist()) for name, values in found.items()},
                         {"latency[board,batch=4]": "[4.5, nan]", "energy": repr([0.1 * 3, float("nan")])})


class Measurements(OverHTTP):
    def test_a_sealed_atlas_keeps_what_was_measured_on_test_data(self):
        made_up = [SourceCard("made-up", "Made up", "made for tests", license="CC0", citation="Nobody: Made up")]
        for name, conditions in (("test_error", {}), ("energy", {"split": "test"}), ("energy", {"split": "train"}),
                                 ("power", {"split": "test"})):
            made_up.append(Measurement("nats-sss", TEXTS["nats-sss"], "made-up", name, "joule", 0.25,
                                       conditions=conditions))
        made_up += [Measurement("nats-sss", TEXTS["nats-sss"], "made-up", name, "joule", 0.25, split=split)
                    for name, split in (("declared", "test"), ("test_declared", "validation"), ("latest", None))]
        with tempfile.TemporaryDirectory() as folder:
            server = Served(sealed=[publish(folder, made_up, "secret")])
            self.addCleanup(server.stop)
            atlas = nasatlas.connect(server.address, sleep=never, **QUICK)
            self.addCleanup(atlas.close)
            told = {}
            for one in atlas.quantities:
                split = one.split or one.conditions.get("split")
                try:
                    told[one.name, split] = one.values().tolist()
                except errors.SealedValue as error:
                    told[one.name, split] = error.code
            self.assertEqual(told, {("test_error", None): "server.sealed", ("energy", "test"): "server.sealed",
                                    ("energy", "train"): [0.25], ("power", "test"): "server.sealed",
                                    ("declared", "test"): "server.sealed", ("test_declared", "validation"): [0.25],
                                    ("latest", None): [0.25]})
            for field in ("test_error", "energy[split=test]", "power", "declared", "declared[split=test]"):
                with self.assertRaises(errors.SealedValue):
                    atlas.fields([0], [field])
            self.assertEqual(atlas.fields([0], ["energy[split=train]"])["energy[split=train]"].tolist(), [0.25])

    def test_a_shim_over_http(self):
        remote, local = self.pair("nasbench201")
        names = ["val_acc", "train_time", "model_size", "latency"]
        benches = [hpo_benchmarks.NASBench201("cifar100", 7, names, atlas=atlas) for atlas in (remote, local)]
        draw = random.Random(2)
        operations = spaces.OPERATIONS["nasbench201"]
        for _ in range(20):
            cell = {f"Op{number}": draw.choice(operations) for number in range(6)}
            told = [bench(cell) for bench in benches]
            self.assertEqual(told[0], told[1])
            self.assertEqual(set(told[0]), set(names))

    def test_fields(self):
        remote, local = self.pair("nasbench201")
        lookup = local.lookup(dataset="cifar10")
        found = remote.fields([3, local.architectures[8]], ["train_seconds", "accuracy_percent.validation"],
                              dataset="cifar10")
        self.assertEqual(found["accuracy_percent.validation"].tolist(), lookup.values([3, 8]).tolist())
        seconds = [np.mean([point.train_seconds for point in lookup.answer(f"place:{place}").points])
                   for place in (3, 8)]
        np.testing.assert_allclose(found["train_seconds"], seconds, rtol=1e-12)
        with self.assertRaises(errors.UnknownName):
            remote.fields([3], ["beauty"], dataset="cifar10")
        with self.assertRaises(errors.UnknownArchitecture):
            remote.fields([len(local)], ["parameters"], dataset="cifar10")

    def test_a_place_costs_one_request(self):
        remote, local = self.pair("nasbench201")
        asked = []
        ask = remote._server.ask
        remote._server.ask = lambda method, path, *words, **how: asked.append(path) or ask(method, path, *words, **how)
        place = f"place:{len(local) - 1}"
        for question in (lambda atlas: atlas.query(place, dataset="cifar10").value,
                         lambda atlas: atlas.lookup(dataset="cifar10")(place),
                         lambda atlas: atlas.curve(place, dataset="cifar10").mean.tolist()):
            del asked[:]
            self.assertEqual(question(remote), question(local))
            self.assertEqual(len(asked), 1, asked)
        del asked[:]
        self.assertTrue(remote.neighbors(place, dataset="cifar10"))
        self.assertEqual(len(asked), 1, asked)


if __name__ == "__main__":
    unittest.main()
