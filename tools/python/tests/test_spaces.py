"""Spaces of independent choices, alone and beside the real nasatlas program."""

import itertools
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import nasatlas
import numpy as np
from made_up_atlas import ARCHITECTURES, PROGRAM, REASON, Shared, ask
from nasatlas import spaces
from nasatlas.errors import AmbiguousQuestion, NotInSpace, UnknownName, UnsupportedSpace
from nasatlas.importing import ndjson
from nasatlas.importing.entries import Measurement, Parameter, SourceCard, SpaceCard

ATLAS = Path(__file__).parents[3] / "data" / "nasbench201.atlas"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "nasatlas", "benchmarks")
GRID = {"kind": "grid", "parameters": [
    {"name": "rate", "kind": "ordinal", "values": [0, 1e-08, 0.3]}, {"name": "on", "kind": "categorical",
     "values": [True, False, None]}, {"name": "width", "kind": "ordinal", "values": [1, 16]}]}


class Choices(unittest.TestCase):
    def test_a_cell(self):
        space = spaces.space("nasbench201")
        text = "|none~0|+|skip_connect~0|nor_conv_1x1~1|+|nor_conv_3x3~0|avg_pool_3x3~1|none~2|"
        self.assertEqual(space.parse(text), {
            "edge_0_1": "none", "edge_0_2": "skip_connect", "edge_1_2": "nor_conv_1x1", "edge_0_3": "nor_conv_3x3",
            "edge_1_3": "avg_pool_3x3", "edge_2_3": "none"})
        self.assertEqual(space.text(space.parse(text)), text)
        self.assertEqual([space.slots[slot] for slot in np.flatnonzero(space.one_hot(text))], [
            "edge_0_1=none", "edge_0_2=skip_connect", "edge_1_2=nor_conv_1x1", "edge_0_3=nor_conv_3x3",
            "edge_1_3=avg_pool_3x3", "edge_2_3=none"])
        self.assertEqual((space.size, space.one_hot(text).shape), (15_625, (30,)))

    def test_a_grid(self):
        space = spaces.space("made-up", GRID)
        choices = {"width": np.int64(16), "rate": 1e-08, "on": None}
        self.assertEqual(space.text(choices), "rate=1e-08,on=null,width=16")
        self.assertEqual(space.parse("rate=0,on=true,width=1"), {"rate": 0, "on": True, "width": 1})
        self.assertEqual(space.text({"rate": 0.0, "on": np.bool_(False), "width": 1}), "rate=0,on=false,width=1")
        # An ordered parameter moves by one step, any other anyhow.
        self.assertEqual(space.neighbors("rate=0,on=true,width=1"), [
            "rate=1e-08,on=true,width=1", "rate=0,on=false,width=1", "rate=0,on=null,width=1",
            "rate=0,on=true,width=16"])
        texts = [",".join(words) for words in itertools.product(
            ["rate=0", "rate=1e-08", "rate=0.3"], ["on=true", "on=false", "on=null"], ["width=1", "width=16"])]
        self.assertEqual([space.text(space.parse(text)) for text in texts], texts)
        self.assertEqual(len({space.one_hot(text).tobytes() for text in texts}), space.size)

    def test_what_is_no_architecture_is_refused(self):
        cells, grid, sizes = spaces.space("spikenas"), spaces.space("made-up", GRID), spaces.space("nats-sss")
        for space, wrong, message in [
            (cells, "|low~0|", "has the form"), (cells, "|low~0|+|low~0|low~1|+|low~0|low~1|none~2||", "has the form"),
            (cells, "|low~0|+|low~0|Low~1|+|low~0|low~1|none~2|", "edge_1_2 cannot be 'Low'; allowed: none, skip"),
            (sizes, "8:8:8:8:7", "channels_5 cannot be '7'"), (sizes, "8:8:8:8", "has the form channels_1:channels_2"),
            (sizes, {}, "lacking: channels_1, channels_2"), (grid, "rate=0.0,on=true,width=1", "rate cannot be '0.0'"),
            (grid, {"rate": 0, "on": 1, "width": 1}, "on cannot be 1; allowed: true, false, null"),
            (grid, {"rate": 0, "on": True, "width": True}, "width cannot be True"),
            (grid, {"rate": 0, "on": True, "width": 1, "x": 2}, "unknown: x"),
        ]:
            with self.assertRaisesRegex(NotInSpace, message):
                space.places(wrong)
        for name in ("seqnas", "nasbench101", "nas-bench-graph"):
            space = spaces.space(name)
            for ask in (lambda: space.parameters, lambda: space.parse("x"), lambda: space.text({}),  # noqa: B023
                        lambda: space.places("x"), lambda: space.one_hot("x"), space.require_choices):  # noqa: B023
                with self.assertRaisesRegex(UnsupportedSpace, "nasbench201, spikenas, nats-sss, and every grid"):
                    ask()
        with self.assertRaisesRegex(UnsupportedSpace, "the space nas-bench-nlp has no rules here"):
            spaces.space("nas-bench-nlp")

    def test_draws_follow_their_seed_and_reach_everything(self):
        space = spaces.space("made-up", GRID)
        drawn = space.sample(200, seed=1)
        self.assertEqual(drawn, space.sample(200, seed=1))
        self.assertNotEqual(drawn, space.sample(200, seed=2))
        self.assertEqual(len(set(drawn)), space.size)
        self.assertEqual([space.canonical(text) for text in drawn], drawn)


class Published(unittest.TestCase):
    def test_every_text_of_the_atlases(self):
        atlases = [path for path in [ATLAS, CACHE / "fcnet.atlas", CACHE / "hpobench-nn.atlas"] if path.exists()]
        self.assertIn(ATLAS, atlases)
        for path in atlases:
            with nasatlas.open(path) as atlas:
                space = atlas.space()
                self.assertEqual(space.size, len(atlas))
                for text in atlas.architectures[::1 if len(atlas) < 20_000 else 7]:
                    if space.text(space.parse(text)) != text:
                        self.fail(f"{text} is read as {space.parse(text)}")

    def test_an_atlas_names_its_spaces(self):
        with nasatlas.open(ATLAS) as atlas:
            with self.assertRaisesRegex(UnknownName, "known: nasbench201"):
                atlas.space("fcnet")


@unittest.skipIf(PROGRAM is None, REASON)
class BesideTheProgram(unittest.TestCase):
    def test_draws_of_the_program_have_its_numbers(self):
        cells, sizes, spikes = (spaces.space(name) for name in ("nasbench201", "nats-sss", "spikenas"))
        for space in (cells, sizes, spikes):
            drawn, _ = ask("sample", "--space", space.name, "--count", 50)
            for one in drawn:
                text = one["canonicalText"]
                places = space.places(text)
                told = {identifier["name"]: identifier["value"] for identifier in one["identifiers"]}
                self.assertEqual(space.text(space.parse(text)), text)
                if space is cells:
                    self.assertEqual("".join(map(str, places)), told["digits"])
                elif space is sizes:
                    self.assertEqual(int("".join(map(str, places)), 8), int(told["nats"]))
                else:
                    by_source = [places[edge] for edge in (5, 4, 2, 3, 1, 0)]
                    self.assertEqual(int("".join(map(str, by_source)), 5), int(told["id"]))

    def test_neighbors_are_the_programs(self):
        with nasatlas.open(Shared.atlas()) as atlas:
            space = atlas.space()
            for text in (ARCHITECTURES[0], ARCHITECTURES[10], ARCHITECTURES[-1]):
                told, _ = ask("neighbors", Shared.atlas(), "-a", text, "--dataset", "second", "--epoch", "last")
                self.assertEqual(set(space.neighbors(text)),
                                 {place["architecture"]["canonicalText"] for place in told["places"]})
        with nasatlas.open(ATLAS) as atlas:
            space, text = atlas.space(), atlas.architectures[6111]
            told, _ = ask("neighbors", ATLAS, "-a", text, "--dataset", "cifar10")
            self.assertEqual(set(space.neighbors(text)),
                             {place["architecture"]["canonicalText"] for place in told["places"]})

    def test_the_program_reads_what_is_spelled(self):
        """Draws of every kind, measured in one file; the atlas of several spaces tells each."""
        made = {name: spaces.space(name, GRID) for name in ("nasbench201", "spikenas", "nats-sss", "fancy")}
        texts = {name: sorted(set(space.sample(20))) for name, space in made.items()}

        fancy = SpaceCard("fancy", "grid", "A fancy grid", parameters=[Parameter(**one) for one in GRID["parameters"]])
        entries = [SourceCard("drawn", "Drawn", "made for tests", citation="Nobody: Drawn"), fancy]
        entries += [Measurement(name, text, "drawn", "latency", "second", 1.0)
                    for name, found in texts.items() for text in found]
        with tempfile.TemporaryDirectory() as folder:
            lines, working, path = (Path(folder, name) for name in ("x.ndjson", "working.sqlite", "x.atlas"))
            ndjson.write(entries, lines)
            for words in (["ingest", lines, "--into", working], ["publish", working, path, "--title", "Drawn"]):
                subprocess.run([PROGRAM, *words], check=True, capture_output=True)
            with nasatlas.open(path) as atlas:
                with self.assertRaises(AmbiguousQuestion):
                    atlas.space()
                for name, found in texts.items():
                    span = atlas._places_of_space(name)
                    self.assertEqual(list(atlas.architectures[span.start:span.stop]), found)
                    self.assertEqual(atlas.space(name).places(found[0]), made[name].places(found[0]))


if __name__ == "__main__":
    unittest.main()
