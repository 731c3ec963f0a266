"""Files that Python writes: nothing is lost, links and devices stay what they are, failed output is an error."""

import importlib.util
import itertools
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

import nasatlas
import served
from connecting import QUICK, OverHTTP
from made_up_atlas import PROGRAM, REASON, Shared
from nasatlas import errors, evaluate, plot
from nasatlas.output_kinds import PROTECTED, kind_of
from nasatlas.outputs import Target, writing

RELEASED = Path(__file__).resolve().parents[3] / "data" / "nasbench201.atlas"
SOURCE = Path(__file__).resolve().parents[1] / "src"
HAS_ARROW = importlib.util.find_spec("pyarrow") is not None
SPLITS = "trial,train_size,part,architecture,value\n0,1,train,a,1.5\n0,1,test,bb,2.0\n"
SAMPLES = {
    "manifest": b'{"manifest":{"digest":"x"},"manifestDigest":"y"}', "surrogate": b"NASMODEL\1\0\0\0",
    "journal": b"NASAJRNL\2\0\0\0", "prepared data": b"NASATLDS\1\0\0\0",
    "checkpoint": b"NASCHKPT\1\0\0\0", "ledgers": b'0123abcd {"open":1}\n',
    "working file": b"SQLite format 3\0" + b"\0" * 52 + b"NASW" + b"\0" * 40, "parquet": b"PAR1\x15\0",
    "svg": b'<svg class="marks" width="3">', "png": b"\x89PNG\r\n\x1a\n\0\0", "pdf": b"%PDF-1.7\n%\xe2\xe3",
    "csv": b'a,b\n1,"x,\ny"\n', "json": b'{\n  "a": 1\n}\n', "ndjson": b'{"a":1}\n{"b":2}\n',
    "latex": b"% a table\n\\begin{tabular}{lr}\n", "markdown": b"# Results\n\nOf last week.\n", "text": b"Dear diary\n",
    "other": b"\x7fELF\0\0"}


class InAFolder(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def refused(self, code, ask):
        with self.assertRaises(errors.Unwritable) as caught:
            ask()
        self.assertEqual(caught.exception.code, f"records.output_{code}", caught.exception)
        self.assertTrue(caught.exception.remedy)
        self.assertEqual(caught.exception.exit_status, 74 if code == "failed" else 73)

    def write(self, path, kind="csv", content=b"new", **words):
        with writing(path, kind, **words) as file:
            file.write(content)


class TheRule(InAFolder):
    def test_every_kind_over_every_kind(self):
        """Only the same kind is replaced, and of protected kinds only on request: 0 of 578 combinations otherwise."""
        for (there, sample), wanted, replace in itertools.product(SAMPLES.items(), SAMPLES, (False, True)):
            with self.subTest(there=there, wanted=wanted, replace=replace):
                path = self.folder / "file"
                path.write_bytes(sample)
                self.assertEqual(kind_of(sample, True), there)
                allowed = there == wanted and (replace or there not in PROTECTED)
                if allowed:
                    self.write(path, wanted, replace=replace)
                else:
                    self.refused("exists" if there == wanted else "other_kind",
                                 lambda: self.write(path, wanted, replace=replace))
                self.assertEqual(path.read_bytes(), b"new" if allowed else sample)
                self.assertEqual(os.listdir(self.folder), ["file"])

    def test_inputs_are_never_replaced(self):
        path, link, hard = (self.folder / name for name in ("in.csv", "link.csv", "hard.csv"))
        path.write_text("a,b\n1,2\n")
        link.symlink_to(path)
        os.link(path, hard)
        for out in (path, link, hard):
            self.refused("input", lambda out=out: self.write(out, inputs=[path], replace=True))
        self.write(self.folder / "out.csv", inputs=[path])
        self.assertEqual(path.read_text(), "a,b\n1,2\n")

    def test_missing_and_empty_files_are_written(self):
        for name in ("missing.atlas", "empty.atlas"):
            path = self.folder / name
            if name.startswith("empty"):
                path.touch()
            self.write(path, "csv")
            self.assertEqual(path.read_bytes(), b"new")

    def test_links_are_written_through(self):
        (self.folder / "there").mkdir()
        target, link, twice = self.folder / "there" / "target.csv", self.folder / "link.csv", self.folder / "twice.csv"
        link.symlink_to("there/target.csv")
        twice.symlink_to(link)
        for content in (b"a,b\n1,2\n", b"c,d\n3,4\n"):
            self.write(twice, content=content)
            self.assertTrue(link.is_symlink() and twice.is_symlink())
            self.assertEqual(target.read_bytes(), content)
        self.assertEqual(os.listdir(target.parent), ["target.csv"])
        loop = self.folder / "loop"
        loop.symlink_to(loop)
        self.refused("cannot_create", lambda: self.write(loop))

    def test_owner_and_mode_are_kept(self):
        path = self.folder / "out.csv"
        path.write_text("a,b\n1,2\n")
        os.chmod(path, 0o640)
        if os.getuid() == 0:
            os.chown(path, 1234, 2345)
        before = path.stat()
        self.write(path, content=b"c,d\n")
        after = path.stat()
        self.assertNotEqual(after.st_ino, before.st_ino)
        self.assertEqual((after.st_mode, after.st_uid, after.st_gid), (before.st_mode, before.st_uid, before.st_gid))
        umask = os.umask(0o027)
        self.addCleanup(os.umask, umask)
        self.write(self.folder / "fresh.csv")
        self.assertEqual(stat.S_IMODE((self.folder / "fresh.csv").stat().st_mode), 0o640)

    def test_an_error_leaves_everything_as_it_was(self):
        path = self.folder / "out.csv"
        path.write_text("a,b\n1,2\n")
        with self.assertRaises(KeyError), writing(path, "csv") as file:
            file.write(b"x" * 1_000_000)
            raise KeyError
        self.assertEqual((path.read_text(), os.listdir(self.folder)), ("a,b\n1,2\n", ["out.csv"]))

    def test_a_file_that_appears_meanwhile_is_not_lost(self):
        path = self.folder / "out.csv"
        with self.assertRaises(errors.OutputRefused), writing(path, "csv") as file:
            file.write(b"new")
            path.write_text("Dear diary\n")
        self.assertEqual((path.read_text(), os.listdir(self.folder)), ("Dear diary\n", ["out.csv"]))

    def test_places_that_are_none(self):
        for path in (self.folder, self.folder / "none" / "x.csv", "", "a\0b", f"{self.folder}/x/.."):
            self.refused("cannot_create", lambda path=path: self.write(path))
        for path in (None, 5, ["x"]):
            with self.assertRaises(errors.WrongArgument):
                Target(path)

    def test_pipes_and_devices(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        for path in (pipe, self.folder / "link"):
            if path != pipe:
                path.symlink_to(pipe)
            found = []
            reader = threading.Thread(target=lambda: found.append(pipe.read_bytes()))
            reader.start()
            self.write(path, content=b"x" * 300_000)
            reader.join()
            self.assertEqual(found, [b"x" * 300_000])
        self.assertTrue(stat.S_ISFIFO(os.stat(pipe).st_mode))
        self.write("/dev/null")
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/null").st_mode))
        for content in (b"x", b"x" * 1_000_000):
            self.refused("failed", lambda content=content: self.write("/dev/full", content=content))
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/full").st_mode))

    @unittest.skipUnless(Path("/proc/self/fd").is_dir(), "there is no /proc")
    def test_standard_output(self):
        code = "from nasatlas.outputs import writing\nwith writing('/dev/stdout', 'csv') as file: file.write(b'new')"
        environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, check=True)
        self.assertEqual(done.stdout, b"new")
        # What the shell opened stays open, and what is there stays before it.
        path = self.folder / "all.txt"
        with open(path, "ab") as file:
            file.write(b"before ")
            file.flush()
            subprocess.run([sys.executable, "-c", code], stdout=file, env=environment, check=True)
            file.write(b" after")
        self.assertEqual(path.read_bytes(), b"before new after")
        self.assertTrue(Path("/dev/stdout").is_symlink())


class WhatIsWritten(InAFolder):
    @unittest.skipUnless(HAS_ARROW, "pyarrow is not installed")
    def test_parquet(self):
        """`to_parquet("toy.atlas")` on the open atlas replaced it."""
        import pyarrow.parquet
        path = self.folder / "toy.atlas"
        for end in ("", ".manifest.json"):
            shutil.copy(f"{RELEASED}{end}", f"{path}{end}")
        (self.folder / "thesis.tex").write_text("\\documentclass{book}\n")
        whole = path.read_bytes()
        with nasatlas.open(path) as atlas:
            for name, code in (("toy.atlas", "input"), ("toy.atlas.manifest.json", "input"),
                               ("thesis.tex", "other_kind"), ("none/x.parquet", "cannot_create")):
                self.refused(code, lambda name=name: atlas.to_parquet(self.folder / name, "cifar10"))
            shutil.copy(path, self.folder / "other.atlas")
            self.refused("other_kind", lambda: atlas.to_parquet(self.folder / "other.atlas", "cifar10"))
            self.refused("failed", lambda: atlas.to_parquet("/dev/full", "cifar10"))
            out = self.folder / "x.parquet"
            for _ in range(2):
                atlas.to_parquet(out, "cifar10")
            self.assertEqual(pyarrow.parquet.read_table(out).num_rows, atlas.setting("cifar10").runs)
            pipe, copy = self.folder / "pipe", self.folder / "copy.parquet"
            os.mkfifo(pipe)
            reader = threading.Thread(target=lambda: copy.write_bytes(pipe.read_bytes()))
            reader.start()
            atlas.to_parquet(pipe, "cifar10")
            reader.join()
            self.assertEqual(copy.read_bytes(), out.read_bytes())
        self.assertEqual(path.read_bytes(), whole)
        self.assertEqual([name for name in os.listdir(self.folder) if "partial" in name], [])

    def test_predictions(self):
        splits, out = self.folder / "splits.csv", self.folder / "mine.csv"
        splits.write_text(SPLITS)

        def predict(path):
            return evaluate.predict_splits(splits, path, lambda *_: None, lambda _, texts: [1.0] * len(texts))
        self.refused("input", lambda: predict(splits))
        for _ in range(2):
            self.assertEqual(predict(out), 1)
        out.write_text("Dear diary\n")
        self.refused("other_kind", lambda: predict(out))
        self.refused("failed", lambda: predict("/dev/full"))
        self.assertEqual((splits.read_text(), out.read_text()), (SPLITS, "Dear diary\n"))
        self.assertEqual(sorted(os.listdir(self.folder)), ["mine.csv", "splits.csv"])

    @unittest.skipUnless(importlib.util.find_spec("vl_convert"), "vl-convert-python is not installed")
    def test_charts(self):
        chart = {"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {"x": {"field": "a"}}}
        for form in plot.FORMS:
            out = self.folder / f"chart.{form}"
            for _ in range(2):
                plot.render(chart, out)
            self.assertEqual(kind_of(out.read_bytes()[:1000], False), form)
            out.write_text("Dear diary\n")
            self.refused("other_kind", lambda out=out: plot.render(chart, out))
            self.assertEqual(out.read_text(), "Dear diary\n")
        specification = self.folder / "specification.svg"
        specification.write_text(json.dumps(chart))
        self.refused("input", lambda: plot.render(specification, specification))
        done = subprocess.run([sys.executable, "-m", "nasatlas.plot", specification, out], capture_output=True,
                              env={**os.environ, "PYTHONPATH": str(SOURCE)}, text=True, check=False)
        self.assertEqual(done.returncode, 73)
        self.assertRegex(done.stderr, "records.output_other_kind: cannot write a PDF document to .* plain text")


@unittest.skipIf(sys.version_info < (3, 11), "importers need Python 3.11")
class Importing(InAFolder):
    def run_it(self, *words, **how):
        done = subprocess.run([sys.executable, "-m", "nasatlas.importing", *map(str, words)], text=True, check=False,
                              env={**os.environ, "PYTHONPATH": str(SOURCE)}, **{"capture_output": True, **how})
        return done

    def setUp(self):
        super().setUp()
        from published import missing_shared
        if reason := missing_shared("seqnas"):
            self.skipTest(reason)
        from published import SHARED
        self.origin = SHARED / "seqnas"

    def test_interchange_files(self):
        out = self.folder / "seqnas.ndjson"
        for _ in range(2):
            self.assertEqual(self.run_it("seqnas", "--from", self.origin, "--out", out).returncode, 0)
        whole = out.read_bytes()
        done = self.run_it("seqnas", "--from", self.origin, "--out", "/dev/stdout")
        self.assertEqual((done.returncode, done.stdout.encode()), (0, whole))
        self.assertIn("3,194 runs", done.stderr)
        diary = self.folder / "diary.txt"
        diary.write_text("Dear diary\n")
        for words, status, code in ((["--out", diary], 73, "records.output_other_kind"),
                                    (["--out", "/dev/full"], 74, "records.output_failed"),
                                    (["--out", self.folder / "no" / "x"], 73, "records.output_cannot_create"),
                                    (["--out", self.folder], 73, "records.output_cannot_create")):
            done = self.run_it("seqnas", "--from", self.origin, *words)
            self.assertEqual((done.returncode, done.stdout), (status, ""), done.stderr)
            self.assertIn(code, done.stderr)
        self.assertEqual(diary.read_text(), "Dear diary\n")
        piped = subprocess.run(
            f"'{sys.executable}' -m nasatlas.importing seqnas --from '{self.origin}' --out /dev/stdout | head -1",
            shell=True, capture_output=True, env={**os.environ, "PYTHONPATH": str(SOURCE)}, check=False)
        self.assertEqual(piped.stdout, whole[:whole.index(b"\n") + 1])
        self.assertNotIn(b"Traceback", piped.stderr)

    @unittest.skipUnless(PROGRAM, REASON)
    def test_atlases(self):
        atlas = self.folder / "seqnas.atlas"
        shutil.copy(Shared.atlas(), atlas)
        whole = atlas.read_bytes()
        done = self.run_it("seqnas", "--from", self.origin, "--atlas", atlas)
        self.assertEqual(done.returncode, 73)
        self.assertRegex(done.stderr, "records.output_exists: .*it is already an atlas\n.*pass --force")
        for words in (["--atlas", "/dev/null"], ["--atlas", self.folder / "x.atlas", "--out", "/dev/null"]):
            self.assertEqual(self.run_it("seqnas", "--from", self.origin, *words).returncode, 73)
        self.assertEqual((atlas.read_bytes(), os.listdir(self.folder)), (whole, ["seqnas.atlas"]))


@unittest.skipIf(served.REASON, served.REASON)
class Downloads(OverHTTP):
    def test_downloads(self):
        remote = nasatlas.connect(self.server.address, "tiny", **QUICK)
        self.addCleanup(remote.close)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            diary, link, real = folder / "diary.atlas", folder / "link.atlas", folder / "real" / "there.atlas"
            diary.write_text("Dear diary\n")
            for replace in (False, True):
                with self.assertRaises(errors.OutputRefused) as caught:
                    remote.download(diary, replace=replace)
                self.assertEqual(caught.exception.code, "records.output_other_kind")
            with self.assertRaises(errors.OutputRefused):
                remote.download("/dev/null", replace=True)
            self.assertTrue(stat.S_ISCHR(os.stat("/dev/null").st_mode))
            manifest = folder / "new.atlas.manifest.json"
            manifest.write_text("Dear diary\n")
            with self.assertRaises(errors.OutputRefused):
                remote.download(folder / "new.atlas", replace=True)
            self.assertEqual((diary.read_text(), manifest.read_text()), ("Dear diary\n",) * 2)
            real.parent.mkdir()
            shutil.copy(RELEASED, real)
            os.chmod(real, 0o600)
            link.symlink_to(real)
            with self.assertRaises(errors.OutputRefused) as caught:
                remote.download(link)
            self.assertEqual(caught.exception.code, "client.file_exists")
            remote.download(link, replace=True).close()
            self.assertTrue(link.is_symlink())
            self.assertEqual((real.read_bytes(), stat.S_IMODE(real.stat().st_mode)),
                             (Shared.atlas().read_bytes(), 0o600))
            self.assertEqual(sorted(os.listdir(folder)), [
                "diary.atlas", "link.atlas", "link.atlas.manifest.json", "new.atlas.manifest.json", "real"])
            self.assertEqual(os.listdir(real.parent), ["there.atlas"])


if __name__ == "__main__":
    unittest.main()
