"""R3: a write, sync, rename or open that fails is a clear error; nothing acknowledged is lost, old files are whole."""

import errno
import itertools
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from collections import Counter
from pathlib import Path

import scratch
from program import PROGRAM, ROOT, SLOW, documented_statuses, say

sys.path.append(str(ROOT / "tools" / "reliability"))
from failing import CALLS, Failing, Fault  # noqa: E402

# Which calls fail: every one at first, then fewer and fewer.
PLACES = [*range(1, 25), *(round(25 * 1.3 ** step) for step in range(20))] if SLOW else [1, 4]

# Of the program, as text or with --json.
ERROR = re.compile(r"^error: .+\n(  .*\n)*  code: [a-z0-9_.-]+$|^\{\"code\":\"[a-z0-9_.-]+\"", re.M)


def faults():
    """Faults, in order of their place; `send` answers whether the last one came to pass."""
    kinds = [(call, error, False) for call in CALLS for error in ((errno.EIO, errno.ENOSPC) if SLOW else (errno.EIO,))]
    kinds += [("write", None, False)]
    kinds += [("write", errno.ENOSPC, True), ("sync", errno.EIO, True)] if SLOW else []
    for call, error, always in kinds:
        for at in PLACES:
            if not (yield Fault(call, at, error, always)):
                break


def run(folder, words, **more):
    return subprocess.run([PROGRAM, *map(str, words)], cwd=folder / scratch.PLACE, capture_output=True, text=True,
                          errors="replace", env={**scratch.settings(folder), **more}, stdin=subprocess.DEVNULL,
                          timeout=120, check=False)


class FailingCalls(unittest.TestCase):
    def setUp(self):
        self.holder = Path(tempfile.mkdtemp(prefix="nasatlas-failing-"))
        self.addCleanup(shutil.rmtree, self.holder, ignore_errors=True)
        self.failing = Failing(self.holder)
        self.template = self.holder / "template"
        self.template.mkdir()
        scratch.make(self.template, trains=SLOW)
        self.statuses, self.known = Counter(), set(documented_statuses())

    def place(self, folder):
        return folder / scratch.PLACE

    def run_with(self, fault, folder, words):
        """The result of the program, and the calls that failed."""
        done = run(folder, words, **self.failing.environment(fault, self.place(folder)))
        return done, self.failing.failed()

    def fresh(self):
        folder = self.holder / "folder"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.template, folder, symlinks=True, copy_function=shutil.copy2,
                        ignore=shutil.ignore_patterns("socket", "null", "zero", "full"))
        return folder

    def good(self, folder, *words):
        done = run(folder, words)
        self.assertEqual(done.returncode, 0, f"{words}: {done.stderr}")
        return done.stdout

    def digest(self, folder, atlas):
        """The digest of an atlas that every check finds whole."""
        return json.loads(self.good(folder, "verify", atlas, "--json"))["digest"]

    def published(self, folder, working="working.sqlite"):
        """The digest of what the working file holds."""
        self.good(folder, "publish", working, "check.atlas", "--force")
        return self.digest(folder, "check.atlas")

    def each(self, name, words, check):
        """Runs a command with one fault after the other. `check` gets the folder and whether the command succeeded."""
        source, was_met, met = faults(), None, Counter()
        while True:
            try:
                fault = source.send(was_met)
            except StopIteration:
                break
            folder = self.fresh()
            done, failed = self.run_with(fault, folder, words)
            was_met = bool(failed)
            with self.subTest(fault=str(fault), failed=failed[:3]):
                self.judge(done, failed, fault)
                check(folder, done.returncode == 0)
            if failed:
                met[fault.call] += 1
                self.statuses[done.returncode] += 1
        self.assertGreater(met.total(), 0)
        say(f"R3: {name}: {met.total()} failed calls ({', '.join(f'{count} {call}' for call, count in met.items())}); "
            f"exit statuses {', '.join(f'{status} {count} times' for status, count in sorted(self.statuses.items()))}")

    def judge(self, done, failed, fault):
        self.assertIn(done.returncode, self.known - {1, 70}, done.stderr)
        if done.returncode:
            self.assertTrue(failed, done.stderr)
            self.assertRegex(done.stderr, ERROR)
            # What the disk cannot write is no fault of the content; what it cannot read is damaged.
            self.assertIn(done.returncode, {73, 74} | ({65, 66} if fault.call == "read" else set()), done.stderr)

    def test_ingest(self):
        folder = self.fresh()
        before = self.published(folder)
        self.good(folder, "ingest", "table.ndjson", "--into", "working.sqlite")
        after = self.published(folder)
        self.assertNotEqual(before, after)

        def check(folder, succeeded):
            self.assertIn(self.published(folder), {after} if succeeded else {before, after})
            self.good(folder, "ingest", "table.ndjson", "--into", "working.sqlite")
            self.assertEqual(self.published(folder), after)

        self.each("ingest", ["ingest", "table.ndjson", "--into", "working.sqlite"], check)

    def atlas(self, name, words, target):
        """A command that replaces an atlas leaves the old one or the new one, whole, and succeeds when repeated."""
        before = self.digest(self.fresh(), target)
        folder = self.fresh()
        self.good(folder, *words)
        after = self.digest(folder, target)
        self.assertNotEqual(before, after)

        def check(folder, succeeded):
            self.assertIn(self.digest(folder, target), {after} if succeeded else {before, after})
            self.good(folder, *words)
            self.assertEqual(self.digest(folder, target), after)
            self.assertEqual([path.name for path in self.place(folder).iterdir() if ".partial" in path.name
                              or path.name.startswith(".merging")], [])

        self.each(name, words, check)

    def test_publish(self):
        self.atlas("publish", ["publish", "working.sqlite", "table.atlas", "--force"], "table.atlas")

    def test_merge(self):
        for ending in ("", ".manifest.json"):
            place = self.place(self.template)
            shutil.copy(place / f"small.atlas{ending}", place / f"both.atlas{ending}")
        self.atlas("merge", ["merge", "small.atlas", "table.atlas", "--out", "both.atlas", "--force"], "both.atlas")

    def file(self, name, words, target):
        """A command that replaces a file leaves the old one or the new one."""
        folder = self.fresh()
        self.good(folder, *words)
        after = self.stable((self.place(folder) / target).read_bytes())

        def check(folder, succeeded):
            path = self.place(folder) / target
            self.assertIn(self.stable(path.read_bytes()), {after} if succeeded else {b"a,b\n1,2\n", self.old, after})
            self.good(folder, *words)
            self.assertEqual(self.stable(path.read_bytes()), after)
            self.assertEqual(list(path.parent.glob(".*.partial")), [])

        self.each(name, words, check)

    @staticmethod
    def stable(content):
        """A table without the times of this run."""
        if content.startswith(b"predictor,"):
            return re.sub(rb"(?m)^(.*(?:seconds|_us|time).*)$", b"", content)
        return content

    def test_export(self):
        words = ["evaluate", "predictors", "small.atlas", "--train-size", "4", "--test", "4", "--trials", "2"]
        (self.place(self.template) / "export.csv").write_text("a,b\n1,2\n")
        self.old = b""
        self.file("export", [*words, "--export-splits", "export.csv"], "export.csv")

    def test_fit(self):
        target = "small.synthetic-events-accuracy-validation.surrogate"
        self.old = (self.place(self.template) / target).read_bytes()
        self.file("fit", ["fit", "small.atlas", "--predictor", "ridge", "--folds", "3", "--force"], target)

    @unittest.skipUnless(SLOW, "trains for minutes; NASATLAS_SLOW=1 runs it")
    @unittest.skipUnless(scratch.PREPARED.exists(), "cdnow-churn is not here: run tools/setup")
    def test_train(self):
        words = ["train", "--dataset", "cdnow-churn", "--count", "2", "--epochs", "1", "--workers", "1",
                 "--no-distillation", "--out", "run", "--json"]
        folder = self.fresh()
        self.good(folder, *words)
        self.good(folder, "ingest", "run/journals/worker-0.journal", "--into", "trained.sqlite")
        met, runs = 0, 0
        for call, error in itertools.product(("write", "sync", "open", "truncate"), (errno.EIO, None)):
            for at in (1, 2, 3, 5, 8):
                if error is None and call != "write":
                    continue
                folder = self.fresh()
                fault = Fault(call, at, error)
                done, failed = self.run_with(fault, folder, words)
                if not failed:
                    break
                met += 1
                with self.subTest(fault=str(fault), failed=failed[:3]):
                    self.judge(done, failed, fault)
                    acknowledged = done.stdout.count('"status":"completed"')
                    runs += acknowledged
                    journals = sorted((self.place(folder) / "run" / "journals").glob("*.journal"))
                    names = [path.relative_to(self.place(folder)) for path in journals if path.stat().st_size]
                    kept = 0
                    if names:
                        told = json.loads(self.good(folder, "ingest", *names, "--into", "kept.sqlite", "--json"))
                        kept = told["runs"]
                    self.assertGreaterEqual(kept, acknowledged, done.stdout)
                    self.good(folder, *words)
                    journals = sorted((self.place(folder) / "run" / "journals").glob("*.journal"))
                    told = json.loads(self.good(folder, "ingest", *journals, "--into", "all.sqlite", "--json"))
                    self.assertEqual(told["runs"], 2)
        self.assertGreater(met, 5)
        say(f"R3: train: {met} failed calls, {runs} acknowledged runs, none missing")


if __name__ == "__main__":
    unittest.main()
