"""Rules that are written in Python and in the program: golden/make.py made the files that both are compared with."""

import hashlib
import itertools
import json
import math
import unittest
from pathlib import Path

import nasatlas
import numpy as np
from golden import make
from made_up_atlas import PROGRAM, REASON, Shared
from nasatlas import spaces
from nasatlas.seeded import SeededGenerator

GOLDEN = Path(__file__).parent / "golden"
RELEASED = Path(__file__).parents[3] / "data" / "nasbench201.atlas"
SPACES, FILTERS, RULES = (json.loads((GOLDEN / f"{name}.json").read_text()) for name in ("spaces", "filters", "rules"))
SEEDS = range(1, 7)
"""Of mutants and children in rules.json."""


class InPython(unittest.TestCase):
    def test_the_numbers_of_the_generator(self):
        """Those of the reference implementation with the seed 0 through SplitMix64."""
        generator = SeededGenerator(0)
        self.assertEqual([generator.next() for _ in range(3)],
                         [11091344671253066420, 13793997310169335082, 1900383378846508768])
        drawn = [generator.below(5) for _ in range(2_000)]
        self.assertEqual(set(drawn), set(range(5)))
        self.assertTrue(all(0 <= generator.uniform() < 1 for _ in range(1_000)))

    def test_every_space_that_ships_is_there(self):
        self.assertEqual(sorted(SPACES), sorted(spaces.BUILT_IN))

    def test_draws(self):
        for name, golden in SPACES.items():
            for seed, texts in golden["draws"].items():
                self.assertEqual(spaces.space(name).sample(len(texts), seed=int(seed)), texts)

    def test_neighbors(self):
        for name, golden in SPACES.items():
            space = spaces.space(name)
            for one in golden["neighbors"]:
                found = space.neighbors(one["of"])
                self.assertEqual((len(found), make.digest(found)), (one["count"], one["sha256"]), one["of"])
                self.assertNotIn(one["of"], found)

    def test_neighbors_are_mutual_and_canonical(self):
        for name, golden in SPACES.items():
            space = spaces.space(name)
            of = golden["draws"]["1"][0]
            for text in space.neighbors(of)[::9]:
                self.assertIn(of, space.neighbors(text))
                self.assertEqual(space.canonical(f"  {text.upper()}\n"), text)

    def test_filters(self):
        with nasatlas.open(RELEASED) as atlas:
            for golden in FILTERS["nasbench201"]:
                self.assertEqual({"where": golden["where"], **make.outcome(
                    atlas, golden["where"], make.QUESTIONS["nasbench201"])}, golden)

    def test_some_filters_of_each_kind(self):
        for name, golden in FILTERS.items():
            self.assertGreater(sum(bool(one.get("places")) for one in golden), 4, name)
            self.assertGreater(len({one["error"] for one in golden if "error" in one}), 1, name)


def space_of(golden):
    """The space of an entry of rules.json."""
    space = spaces.space(golden["name"], golden.get("card"))
    return space.without(*golden["without"]) if "without" in golden else space


class Rules(unittest.TestCase):
    """Moves, names and encodings, as rules.json has them of the program."""

    def each(self):
        """Every space with its golden architectures."""
        for golden in RULES:
            space = space_of(golden)
            for one in golden["architectures"]:
                yield space, one

    def test_every_space_that_ships_is_there(self):
        self.assertEqual([golden["name"] for golden in RULES], [
            *spaces.BUILT_IN, make.GRID["name"], make.POINTS["name"], *(name for name, _, _ in make.RESTRICTED)])
        for golden in RULES:
            space = space_of(golden)
            self.assertEqual((space.kind, space.size, space.published_index, list(space.encodings)),
                             (golden["kind"], golden.get("size"), golden.get("publishedIndex"), golden["encodings"]))
            self.assertEqual(space.sample(6, seed=7), golden["draws"])

    def test_encodings(self):
        for space, one in self.each():
            for name, golden in one["encoded"].items():
                expected = np.zeros(golden["length"])
                expected[golden["at"]] = [math.nan if value is None else value for value in golden["values"]]
                found = space.encode(one["of"], name)
                np.testing.assert_array_equal(found, expected, f"{name} of {one['of']}")
                self.assertEqual(found.dtype, np.float64)
            np.testing.assert_array_equal(space.encode(one["of"]), space.encode(one["of"], space.encodings[0]))

    def test_moves(self):
        for space, one in self.each():
            near = space.neighbors(one["of"])
            digest = hashlib.sha256("\n".join(near).encode()).hexdigest()
            self.assertEqual((len(near), digest), (one["neighbors"], one["neighborsDigest"]), one["of"])
            self.assertEqual([space.mutate(one["of"], seed=seed) for seed in SEEDS], one["mutants"], one["of"])
            if space.distance_encoding is None:
                self.assertTrue(set(one["mutants"]) <= set(near))
            self.assertEqual([space.cross_over(one["of"], one["with"], seed=seed) for seed in SEEDS], one["children"])
            self.assertEqual({space.cross_over(one["of"], one["of"], seed=seed) for seed in SEEDS},
                             {space.canonical(one["of"])})

    def test_names(self):
        for space, one in self.each():
            self.assertEqual(space.isomorphism_class(one["of"]), one["isomorphismClass"])
            self.assertEqual(space.identifiers(one["of"]), one["identifiers"])

    def test_configurations(self):
        for golden in RULES:
            found = [{"name": one.name, "values": list(one.values), "isOrdered": one.ordered,
                      **({} if one.range is None else {"range": [one.range.minimum, one.range.maximum]}),
                      **({} if one.parent is None else {"parent": one.parent, "parentValues": list(one.parent_values)})}
                     for one in space_of(golden).choices]
            self.assertEqual(found, golden["choices"])
        for space, one in self.each():
            self.assertEqual(space.configuration(one["of"]), one["configuration"], one["of"])
            self.assertEqual(space.canonical(one["configuration"]), one["configured"])
            self.assertEqual(one["configured"], space.canonical(one["of"]))
            for text in space.sample(20, seed=4):
                configuration = space.configuration(text)
                self.assertEqual(list(configuration), [choice.name for choice in space.choices
                                                       if choice.is_active(configuration)])
                self.assertEqual(space.canonical(configuration), text)

    def test_mistaken_configurations(self):
        space = spaces.space("seqnas")
        good = space.configuration("stem:none/time:off/encoder:att2/decoder:off/head:avg")
        for change, code, message in (
                ({"stem": 1}, "spaces.unknown_choice", "seqnas has no choice 'stem'.*known: stem_kernel"),
                ({"encoder_1_heads": 3}, "spaces.choice_value", "encoder_1_heads .* is 3; allowed: 1, 2, 4, 8"),
                ({"stem_dropout": "on"}, "spaces.inactive_choice", "only if stem_kernel is one of k1, k3, k5, kwide"),
                ({"stem_kernel": "k1"}, "spaces.missing_choice", "no value for stem_dropout; allowed: off, on")):
            with self.assertRaisesRegex(nasatlas.errors.NotInSpace, message) as caught:
                space.canonical({**good, **change})
            self.assertEqual(caught.exception.code, code)
            self.assertTrue(caught.exception.remedy)
        graph = spaces.space("nas-bench-graph")
        with self.assertRaisesRegex(nasatlas.errors.NotInSpace, "forbidden combination operation_1=skip"):
            graph.canonical({"link": "0,0,0,0", **{f"operation_{node}": "skip" for node in range(1, 5)}})

    def test_published_names_are_read(self):
        for space, one in self.each():
            for name, value in one["identifiers"].items():
                text = {"avec": value, "matrix": f"matrix:{value}:{one['identifiers'].get('operations')}"}.get(
                    name, f"{name}:{value}")
                if name == space.published_index or name in ("avec", "matrix"):
                    self.assertEqual(space.canonical(f" {text} "), space.canonical(one["of"]))
        for wrong in ("0" * 122, "1" * 117, "01"):
            with self.assertRaises(nasatlas.errors.NotInSpace):
                spaces.space("seqnas").canonical(wrong)
        for wrong in ("matrix:", "matrix:0110", "matrix:011001010", "matrix:011001010:x", "matrix:111001010:maxpool"):
            with self.assertRaises(nasatlas.errors.NotInSpace, msg=wrong):
                spaces.space("nasbench101").canonical(wrong)

    def test_classes_of_four_node_cells(self):
        for name in ("nasbench201", "spikenas"):
            space = spaces.space(name)
            names = [one.name for one in space.parameters]
            every = itertools.product(*(one.values for one in space.parameters))
            classes = {space.isomorphism_class(dict(zip(names, values))) for values in every}
            self.assertEqual(len(classes), 6_466)
            self.assertTrue(all(space.isomorphism_class(one) == one for one in classes))

    def test_mistakes(self):
        for golden in RULES:
            space, one = space_of(golden), golden["architectures"][0]["of"]
            with self.assertRaisesRegex(nasatlas.errors.UnknownName, "has no encoding 'x'; known: ") as caught:
                space.encode(one, "x")
            self.assertEqual((caught.exception.code, caught.exception.known),
                             ("spaces.unknown_encoding", list(space.encodings)))
            for ask in (lambda: space.mutate("x"), lambda: space.cross_over(one, "x"),  # noqa: B023
                        lambda: space.encode("x"), lambda: space.isomorphism_class("x"),  # noqa: B023
                        lambda: space.identifiers("x")):  # noqa: B023
                with self.assertRaises(nasatlas.errors.NotInSpace) as caught:
                    ask()
                self.assertTrue(caught.exception.remedy)
            for seed in (-1, 0.5, True, None, 1 << 64):
                with self.assertRaisesRegex(nasatlas.errors.WrongArgument, "a seed of .* draws nothing"):
                    space.mutate(one, seed=seed)
        with self.assertRaisesRegex(nasatlas.errors.NotInSpace, "only one of the parents has a stem"):
            spaces.space("seqnas").cross_over(make.STEMLESS[0], make.MORE["seqnas"][1])


@unittest.skipIf(PROGRAM is None, REASON)
class BesideTheProgram(unittest.TestCase):
    def test_the_program_says_what_the_files_say(self):
        self.assertEqual(make.inputs_of_rules(), make.without_outputs(RULES))
        self.assertEqual(make.of_spaces(), SPACES)
        self.assertEqual(make.of_filters_by_server(), FILTERS)

    def test_filters_of_a_made_up_atlas(self):
        with nasatlas.open(Shared.atlas()) as tiny, nasatlas.open(RELEASED) as released:
            atlases = {"tiny": tiny, "nasbench201": released}
            self.assertEqual(make.of_filters(atlases.get), FILTERS)


class Texts(unittest.TestCase):
    """What spaces read and refuse."""

    def test_one_spelling(self):
        for name, spelling, text in (
                ("nasbench101", "V5:1.2.3/4/4/4:CONV3X3,maxpool,conv1x1", "v5:1.2.3/4/4/4:conv3x3,conv1x1,maxpool"),
                ("nasbench101", "v4:1.3/2/3:conv3x3-bn-relu,maxpool3x3", "v4:1.3/2/3:conv3x3,maxpool"),
                ("nasbench101", "v4:1.2/3/3:conv1x1,conv3x3", "v4:1.2/3/3:conv3x3,conv1x1"),
                ("nas-bench-graph", "0,1,2,3:gcn,skip,skip,gat", "0,1,2,3:skip,skip,gcn,gat"),
                ("seqnas", " STEM:K5/time:on/encoder:ATT4+gru/decoder:off/head:max",
                 "stem:k5/time:on/encoder:att4+gru/decoder:off/head:max"),
                ("nats-sss", " 8:8:16:8:64 ", "8:8:16:8:64")):
            self.assertEqual(spaces.space(name).canonical(spelling), text)
        grid = spaces.space("g", {"kind": "grid", "parameters": [
            {"name": "Rate", "kind": "ordinal", "values": [0, 1e-08, 0.3]},
            {"name": "act", "kind": "categorical", "values": ["Relu", True, None]}]})
        for spelling in ("Rate=1e-08,act=Relu", "act=relu,rate=1e-8", " RATE=0.00000001,ACT=RELU "):
            self.assertEqual(grid.canonical(spelling), "Rate=1e-08,act=Relu")

    def test_what_is_not_an_architecture(self):
        for name, wrongs in {
                "nasbench101": ["", "v9:1", "v2:", "v3:1/2", "v3:2/:conv3x3", "v3:1.1/2:conv3x3", "v3:1.2/1:conv3x3",
                                "v3:1.2/2:conv9x9", "v3:1.2/2:conv3x3:x", "v²:1", "x",
                                "v7:1.2.3.4.5.6/2.3.4.5.6/3/4/5/6:" + ",".join(["maxpool"] * 5)],
                "nas-bench-graph": ["0,0,0,4:gcn,gcn,gcn,gcn", "0,0,0:gcn,gcn,gcn", "0,0,0,0:gcn,gcn,gcn,xyz",
                                    "0,0,0,0:skip,skip,skip,skip", "0,0,0,0"],
                "seqnas": ["stem:k5", "stem:k4/time:on/encoder:off/decoder:off/head:max",
                           "stem:k5/time:on/encoder:att4,gru,gru/decoder:off/head:max",
                           "stem:k5/time:on/encoder:off/decoder:self3+cross1/head:max",
                           "stem:k5/time:maybe/encoder:off/decoder:off/head:max"],
                "nats-sss": ["8:8:8:8", "8:8:8:8:9"], "nasbench201": ["|none~0|"]}.items():
            space = spaces.space(name)
            for wrong in wrongs:
                for ask in (space.canonical, space.neighbors):
                    with self.assertRaises(nasatlas.errors.NotInSpace, msg=wrong) as caught:
                        ask(wrong)
                    self.assertTrue(caught.exception.remedy)


if __name__ == "__main__":
    unittest.main()
