"""Folders whose names are not UTF-8: every command reads and writes in them, however they are named."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest

import scratch
from program import PROGRAM

NAME = b"jos\xe9"
JOURNAL, TABLE = os.fsencode(scratch.JOURNAL), os.fsencode(scratch.CORPUS / "table.ndjson")


class FolderNames(unittest.TestCase):
    def setUp(self):
        self.holder = os.fsencode(tempfile.mkdtemp(prefix="nasatlas-folder-names-"))
        self.addCleanup(shutil.rmtree, self.holder)
        self.folder = os.path.join(self.holder, NAME)
        for path in (self.folder, os.path.join(self.holder, b"home"), os.path.join(self.holder, b"home", b"tmp")):
            os.mkdir(path)

    def run_in(self, place, *words, status=0):
        done = subprocess.run([os.fsencode(PROGRAM), *words], cwd=place, capture_output=True, stdin=subprocess.DEVNULL,
                              env=scratch.settings(os.fsdecode(self.holder)), check=False)
        self.assertEqual(done.returncode, status, (words, done.stderr.decode(errors="replace")))
        return done.stdout

    def work(self, place, folder):
        """Runs what reads and writes files; `folder` is what stands before their names."""
        def of(name):
            return folder + name

        self.run_in(place, b"ingest", JOURNAL, b"--into", of(b"w.sqlite"))
        self.run_in(place, b"publish", of(b"w.sqlite"), of(b"a.atlas"))
        self.run_in(place, b"verify", of(b"a.atlas"))
        self.run_in(place, b"fit", of(b"a.atlas"), b"--predictor", b"ridge", b"--folds", b"2")
        self.run_in(place, b"export", of(b"a.atlas"), b"--out=" + of(b"a.ndjson"))
        self.run_in(place, b"extract", of(b"a.atlas"), b"--fraction", b"0.5", b"--out", of(b"half.atlas"))
        self.run_in(place, b"merge", of(b"a.atlas"), of(b"half.atlas"), b"--out", of(b"both.atlas"))
        one = json.loads(self.run_in(place, b"top", of(b"a.atlas"), b"-k", b"1", b"--json"))
        architecture = one["places"][0]["architecture"]["id"].encode()
        answer = json.loads(self.run_in(place, b"query", of(b"a.atlas"), b"-a", architecture, b"--predict", b"--json"))
        self.assertEqual(answer["architecture"]["canonicalText"], one["places"][0]["architecture"]["canonicalText"])

    def all_there(self):
        found = set(os.listdir(self.folder))
        wanted = {b"w.sqlite", b"a.ndjson", *(name + ending for name in (b"a", b"half", b"both")
                                                               for ending in (b".atlas", b".atlas.manifest.json"))}
        self.assertEqual(wanted - found, set())
        self.assertEqual([name for name in found if name.endswith((b".tmp", b".next"))], [])
        self.assertEqual(len([name for name in found if name.endswith(b".surrogate")]), 1)

    def test_as_the_folder_of_the_call(self):
        self.work(self.folder, b"")
        self.all_there()
        self.assertEqual(sorted(os.listdir(self.holder)), sorted([NAME, b"home"]))

    def test_as_words(self):
        self.work(self.holder, self.folder + b"/")
        self.all_there()
        self.assertEqual(sorted(os.listdir(self.holder)), sorted([NAME, b"home"]))

    def test_by_a_link(self):
        os.symlink(NAME, os.path.join(self.holder, b"link"))
        self.work(self.holder, b"link/")
        self.all_there()
        self.assertEqual(sorted(os.listdir(self.holder)), sorted([NAME, b"home", b"link"]))

    def test_names_of_files_are_refused(self):
        """Swift's texts cannot hold them, and no other file is taken for them."""
        for word in (b"--into=" + self.folder + b"/caf\xe9.sqlite", b"--into=caf\xe9.sqlite", b"--into=no\xe9/w.sqlite"):
            self.run_in(self.holder, b"ingest", TABLE, word, status=64)
        os.symlink(b"caf\xe9.sqlite", os.path.join(self.holder, b"link.sqlite"))
        self.run_in(self.holder, b"ingest", TABLE, b"--into", b"link.sqlite", status=73)
        self.assertEqual(os.listdir(self.folder), [])


if __name__ == "__main__":
    unittest.main()
