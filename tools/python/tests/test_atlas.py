"""Atlases in process: the same bits as the program gives, and nothing from a damaged file."""

import itertools
import os
import pickle
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np

import nasatlas
from made_up_atlas import ARCHITECTURES, PROGRAM, REASON, Shared, ask
from nasatlas import errors
from nasatlas.reading import frames

ROOT = Path(__file__).resolve().parents[3]
RELEASED = ROOT / "data" / "nasbench201.atlas"


def bits(value):
    """The bits of a number as the program spells it, or None."""
    named = {"nan": float("nan"), "inf": float("inf"), "-inf": float("-inf")}
    return None if value is None else struct.pack("<d", named.get(value, value))


def seed_of(told):
    """A seed as Python spells it, from the program's JSON."""
    if isinstance(told, int):
        return told
    return f"unnamed-{told['unnamed']}" if "unnamed" in told else f"mean-of-{told['meanOf']}"


@unittest.skipUnless(PROGRAM, REASON)
class SameBitsAsTheProgram(unittest.TestCase):
    def compare(self, atlas, path, architecture, question):
        words = ["query", path, "-a", architecture]
        for name, value in question.items():
            words += [f"--{name}", value]
        told, error = ask(*words)
        try:
            answer = atlas.query(architecture, **question)
            answer.points  # noqa: B018
        except errors.QuestionError as found:
            self.assertIsNotNone(error, f"{words}: {found}")
            self.assertEqual((found.code, found.message), (error["code"], error["message"]), words)
            return "error"
        self.assertIsNone(error, words)
        told = told["answers"][0]
        self.assertEqual(bits(answer.value), bits(told.get("value")), words)
        self.assertEqual(bits(answer.standard_deviation), bits(told.get("standardDeviation")), words)
        self.assertEqual(
            [(p.seed, p.status, p.epoch, bits(p.value), p.source, bits(p.train_seconds), p.seconds_are_derived)
             for p in answer.points],
            [(seed_of(p["seed"]), p["status"], p["epoch"], bits(p["value"]), p.get("source"),
              bits(p.get("trainSeconds", {}).get("seconds")), p.get("trainSeconds", {}).get("isDerived"))
             for p in told["points"]], words)
        self.assertEqual([run[:2] for run in answer.absent],
                         [(seed_of(run["seed"]), run["status"]) for run in told["absent"]], words)
        context, names = told["context"], {
            "space": "space", "dataset": "dataset", "dataset_digest": "datasetDigest", "protocol": "protocolName",
            "protocol_digest": "protocolDigest", "metric": "metric", "unit": "unit",
            "larger_is_better": "largerIsBetter", "split": "split", "epoch": "epoch", "seeds": "seeds", "kind": "kind",
            "atlas_digest": "atlasDigest"}
        self.assertEqual(answer.context.to_dict(), {
            **{mine: context.get(theirs) for mine, theirs in names.items()},
            "fidelity": context.get("fidelity", {"name": "epoch", "unit": "epoch"})})
        return "answer"

    def test_values_of_an_odd_atlas(self):
        path = Shared.atlas()
        atlas = nasatlas.open(path)
        questions = [
            {"dataset": dataset, "protocol": protocol, "metric": metric, "split": split, "epoch": epoch, "seed": seed}
            for (dataset, protocol), (metric, split), epoch, seed in itertools.product(
                [("first", "twelve"), ("second", "twelve"), ("first", "listed")],
                [("accuracy", "validation"), ("accuracy", "test"), ("loss", "train")],
                ["best", "last", 1, 12, 50, "best-so-far", "best-so-far:3"], ["mean", "all", 777, "unnamed-2"])]
        chosen = random.Random(3).sample(questions, 150)
        found = [self.compare(atlas, path, architecture, question)
                 for architecture, question in zip(itertools.cycle(ARCHITECTURES), chosen)]
        # Both kinds are common, or this test shows little.
        self.assertGreater(found.count("answer"), 30)
        self.assertGreater(found.count("error"), 30)

    def test_the_default_question(self):
        path = Shared.atlas()
        for architecture in ARCHITECTURES:
            self.compare(nasatlas.open(path), path, architecture, {"dataset": "first", "protocol": "twelve"})

    def test_curves(self):
        path = Shared.atlas()
        atlas = nasatlas.open(path)
        for architecture, metric, seed in itertools.product(ARCHITECTURES[:10], ("accuracy", "loss"), ("mean", "all")):
            split = "validation" if metric == "accuracy" else "train"
            question = {"dataset": "first", "protocol": "twelve", "metric": metric, "split": split, "seed": seed}
            told, error = ask("curve", path, "-a", architecture, *itertools.chain.from_iterable(
                (f"--{name}", value) for name, value in question.items()))
            if error is not None:
                with self.assertRaises(errors.MissingValue):
                    atlas.curve(architecture, **question)
                continue
            curve = atlas.curve(architecture, **question)
            self.assertEqual(
                [(run.seed, run.positions.tolist(), list(map(bits, run.values.tolist()))) for run in curve.runs],
                [(seed_of(run["seed"]), run["epochs"], list(map(bits, run["values"]))) for run in told[0]["runs"]])
            if told[0].get("mean"):
                self.assertEqual(
                    list(zip(curve.positions.tolist(), map(bits, curve.mean.tolist()))),
                    [(point["epoch"], bits(point["value"])) for point in told[0]["mean"]])

    def test_all_values_are_those_of_single_questions(self):
        atlas = nasatlas.open(Shared.atlas())
        for epoch, seed in itertools.product(["best", "last", 4, "best-so-far:3"], ["mean", 777]):
            lookup = atlas.lookup(dataset="first", protocol="twelve", epoch=epoch, seed=seed)
            for index, value in enumerate(lookup.values().tolist()):
                try:
                    values = [point.value for point in lookup.points(index)[0]]
                    self.assertEqual(bits(value), bits(sum(values[1:], values[0]) / len(values)))
                    self.assertEqual(bits(lookup(index)), bits(value))
                except errors.QuestionError:
                    self.assertNotEqual(value, value)

    def test_the_best_are_those_of_the_program(self):
        for split, metric in (("validation", "accuracy"), ("train", "loss")):
            told, _ = ask("top", Shared.atlas(), "-k", 12, "--dataset", "first", "--protocol", "twelve", "--metric",
                          metric, "--split", split, "--epoch", "last")
            places = told["places"]
            top = nasatlas.open(Shared.atlas()).top(
                12, dataset="first", protocol="twelve", metric=metric, split=split, epoch="last")
            self.assertEqual([bits(answer.value) for answer in top], [bits(place["value"]) for place in places])


@unittest.skipUnless(PROGRAM, REASON)
class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name, "copy.atlas")
        for end in ("", ".manifest.json"):
            shutil.copy(f"{Shared.atlas()}{end}", f"{self.path}{end}")
            os.chmod(f"{self.path}{end}", 0o600)

    def test_every_flipped_bit_is_found(self):
        data = bytearray(self.path.read_bytes())
        draw = random.Random(4)
        for _ in range(300):
            place, bit = draw.randrange(len(data)), 1 << draw.randrange(8)
            data[place] ^= bit
            self.path.write_bytes(data)
            with self.assertRaises((errors.DamagedAtlas, errors.NotAnAtlas)):
                nasatlas.open(self.path)
            data[place] ^= bit

    def test_a_block_that_changes_while_the_atlas_is_open(self):
        data = self.path.read_bytes()
        truth = nasatlas.open(self.path).lookup(dataset="first", protocol="twelve").values()
        found = 0
        for place in range(len(data) // 3, len(data), 61):
            self.path.write_bytes(data)
            with nasatlas.open(self.path) as atlas:
                lookup = atlas.lookup(dataset="first", protocol="twelve")
                self.path.write_bytes(data[:place] + bytes([data[place] ^ 4]) + data[place + 1:])
                try:
                    np.testing.assert_array_equal(lookup.values(), truth)
                except errors.DamagedAtlas:
                    found += 1
        self.assertGreater(found, 0)

    def test_lengths_and_foreign_files(self):
        data = self.path.read_bytes()
        for changed, kind in ((b"", errors.DamagedAtlas), (data[:-1], errors.DamagedAtlas),
                              (data + b"x", errors.DamagedAtlas), (data[:50], errors.NotAnAtlas),
                              (b"x" * 5000, errors.NotAnAtlas)):
            self.path.write_bytes(changed)
            with self.assertRaises(kind) as caught:
                nasatlas.open(self.path)
            self.assertTrue(caught.exception.remedy)

    def test_the_manifest(self):
        manifest = Path(f"{self.path}.manifest.json")
        text = manifest.read_text()
        manifest.rename(f"{manifest}.next")
        self.assertEqual(len(nasatlas.open(self.path)), len(ARCHITECTURES))
        Path(f"{manifest}.next").unlink()
        with self.assertRaisesRegex(errors.AtlasNotFound, "manifest.*missing"):
            nasatlas.open(self.path)
        for wrong in ("", "{}", text.replace('"bytes":', '"bytes":1'), "[" * 100_000):
            manifest.write_text(wrong)
            with self.assertRaises(errors.DamagedAtlas):
                nasatlas.open(self.path)
        with self.assertRaises(FileNotFoundError):
            nasatlas.open(self.path.with_name("none.atlas"))

    def test_a_link_is_read_with_the_manifest_of_its_file(self):
        with tempfile.TemporaryDirectory() as folder:
            real, link = Path(folder, "real.atlas"), Path(folder, "links", "a.atlas")
            link.parent.mkdir()
            for ending in ("", ".manifest.json"):
                shutil.copy(f"{RELEASED}{ending}", f"{real}{ending}")
            link.symlink_to("../real.atlas")
            self.assertEqual(nasatlas.open(link).digest, nasatlas.open(real).digest)
            # A store that keeps files under other names has links to both.
            for ending, blob in (("", "1f"), (".manifest.json", "2e")):
                os.rename(f"{real}{ending}", Path(folder, blob))
                os.symlink(blob, f"{real}{ending}")
            self.assertEqual(nasatlas.open(link).digest, nasatlas.open(RELEASED).digest)
            os.remove(f"{real}.manifest.json")
            with self.assertRaises(errors.AtlasNotFound):
                nasatlas.open(real)

    def test_a_pickle_names_the_file_and_opens_no_other(self):
        with nasatlas.open(self.path) as atlas:
            again = pickle.loads(pickle.dumps(atlas))
            self.assertEqual((again.digest, again.architectures), (atlas.digest, atlas.architectures))
            again.close()
            stale = pickle.dumps(atlas)
        for end in ("", ".manifest.json"):
            shutil.copy(f"{RELEASED}{end}", f"{self.path}{end}")
        with self.assertRaisesRegex(errors.DamagedAtlas, "the atlas that was pickled"):
            pickle.loads(stale)


@unittest.skipUnless(PROGRAM, REASON)
class Questions(unittest.TestCase):
    def setUp(self):
        self.atlas = nasatlas.open(Shared.atlas())
        self.addCleanup(self.atlas.close)

    def test_ways_to_name_an_architecture(self):
        question = {"dataset": "first", "protocol": "twelve"}
        text = self.atlas.architectures[7]
        answer = self.atlas.query(text, **question)
        for spelling in (7, np.int64(7), answer.architecture_id, answer.architecture_id[:10].upper()):
            self.assertEqual(self.atlas.query(spelling, **question), answer)
        self.assertEqual(float(answer), answer.value)
        self.assertIn(text, repr(answer))
        for wrong in (-1, 24, "a=1,b=w", "ffffffffffff", None, True, 1.5):
            with self.assertRaises(errors.UnknownArchitecture):
                self.atlas.query(wrong, **question)

    def test_what_is_not_there_is_listed(self):
        for question, kind, known in (
                ({}, errors.AmbiguousQuestion, ["first", "second", "apart"]),
                ({"dataset": "third"}, errors.UnknownName, ["first", "second", "apart"]),
                ({"dataset": "first"}, errors.AmbiguousQuestion, ["twelve", "listed"]),
                ({"dataset": "second", "metric": "f1"}, errors.UnknownName, ["accuracy", "loss"]),
                ({"dataset": "second", "split": "test"}, errors.UnknownName, ["validation"]),
                ({"dataset": "second", "seed": 3}, errors.UnknownName, ["mean-of-0"]),
                ({"dataset": "second", "epoch": 99}, errors.MissingValue, list(range(1, 13)))):
            with self.assertRaises(kind) as caught:
                self.atlas.query(self.atlas.architectures[0], **question)
            self.assertEqual(sorted(map(str, caught.exception.known)), sorted(map(str, known)))
            self.assertIn("next: ", str(caught.exception))
        for epoch in (0, -1, "zero", 1.5, "best-so-far:0", True, "²"):
            with self.assertRaises(errors.UnknownName):
                self.atlas.query(0, dataset="second", epoch=epoch)

    def test_arrays(self):
        lookup = self.atlas.lookup(dataset="second")
        values = lookup.values()
        self.assertEqual(values.shape, (len(ARCHITECTURES),))
        np.testing.assert_array_equal(lookup.values([3, 1, 3]), values[[3, 1, 3]])
        np.testing.assert_array_equal(lookup.values(np.array([], int)), [])
        np.testing.assert_array_equal(lookup.values(self.atlas.architectures[:2]), values[:2])
        for wrong in ([24], [-1]):
            with self.assertRaises(errors.UnknownArchitecture):
                lookup.values(np.array(wrong))
        with self.assertRaises(ValueError):
            values[0] = 1

    def test_measurements(self):
        quantity, = self.atlas.quantities
        self.assertEqual((quantity.name, quantity.unit, quantity.device), ("latency", "millisecond", "board"))
        for text in ARCHITECTURES:
            number = ARCHITECTURES.index(text)
            value = quantity.value(self.atlas.index(text))
            self.assertEqual(value, 1.5 * number if number % 2 else None)

    def test_tables(self):
        table = self.atlas.table("first", "twelve")
        setting = self.atlas.setting("first", "twelve")
        self.assertEqual({len(column) for column in table.values()}, {setting.runs})
        self.assertEqual(set(table["origin"]), {"random"})
        self.assertEqual(table["status"].count("diverged"), 3)
        lookup = self.atlas.lookup(dataset="first", protocol="twelve", epoch="last")
        np.testing.assert_array_equal(table["accuracy.validation"], lookup.run_values())
        with self.assertRaises(errors.NASAtlasError):
            self.atlas.dataframe("first", "twelve", kind="excel")

    def test_data_frames(self):
        table = self.atlas.table("first", "twelve")
        for kind in ("pandas", "polars"):
            frame = self.atlas.dataframe("first", "twelve", kind=kind)
            self.assertEqual(list(frame.columns), list(table))
            self.assertEqual(list(frame["seed"]), table["seed"])
            np.testing.assert_array_equal(frame["loss.train"].to_numpy(), table["loss.train"])

    def test_parquet(self):
        from pyarrow import parquet
        path = Path(Shared.folder.name, "tiny.parquet")
        for protocol in ("twelve", "listed"):
            self.atlas.to_parquet(path, "first", protocol, curves=True)
            setting, table = self.atlas.setting("first", protocol), self.atlas.table("first", protocol)
            read = parquet.read_table(path)
            self.assertEqual(read.schema.metadata[b"nasatlas.digest"].decode(), self.atlas.digest)
            self.assertEqual(read["architecture"].to_pylist(), table["architecture"])
            for metric, split in setting.measures:
                column = setting.column("final", metric, split)
                self.assertEqual(
                    [bits(value) for value in read[f"{metric}.{split}"].to_pylist()],
                    [bits(value) if there else None for value, there in zip(column.values.tolist(), column.mask())])
                for run, values in enumerate(read[f"{metric}.{split}.curve"].to_pylist()):
                    curve = setting.curve(run, metric, split)
                    self.assertEqual(list(map(bits, values)), [] if curve is None else list(map(bits, curve[1].tolist())))
            if protocol == "listed":
                self.assertEqual(read["accuracy.validation.at"].to_pylist(), [[10, 50, 200]] * setting.runs)


class Frames(unittest.TestCase):
    @unittest.skipUnless(RELEASED.exists(), "data/nasbench201.atlas is not there")
    def test_against_the_reader_of_the_documentation(self):
        text = (ROOT / "docs" / "file-format.md").read_text()
        reader = {}
        exec(re.search(r"```python\n(.*?)```", text, re.S)[1], reader)  # noqa: S102
        atlases = [nasatlas.open(RELEASED)] + ([nasatlas.open(Shared.atlas())] if PROGRAM else [])
        for atlas in atlases:
            blocks = [data for data, in atlas._rows("SELECT data FROM blocks ORDER BY id")]
            for data in random.Random(5).sample(blocks, min(25, len(blocks))):
                values, lengths = reader["read_frame"](data)
                frame = frames.decode(data)
                present = [value is not None for value in values]
                mask = [True] * len(values) if frame.present is None else frame.present.tolist()
                self.assertEqual(mask, present)
                self.assertEqual(frame.lengths.tolist(), lengths)
                self.assertEqual([bits(value) for value, there in zip(frame.values.tolist(), mask) if there],
                                 [bits(value) for value in values if value is not None])

    def test_any_bytes_give_a_frame_or_a_fault(self):
        draw = random.Random(6)
        good = 0
        for _ in range(5_000):
            data = bytes(draw.randrange(256) for _ in range(draw.randrange(1, 40)))
            if draw.random() < 0.5:
                data = bytes([draw.choice([1, 2, 3, 9, 17, 33]), draw.randrange(6)]) + data
            try:
                frames.decode(data)
                good += 1
            except frames.FrameFault:
                pass
        self.assertGreater(good, 0)


class Package(unittest.TestCase):
    def test_importers_do_not_need_numpy(self):
        code = "import sys, nasatlas, nasatlas.evaluate, nasatlas.importing.command; sys.exit('numpy' in sys.modules)"
        subprocess.run([sys.executable, "-c", code], check=True)


if __name__ == "__main__":
    unittest.main()
