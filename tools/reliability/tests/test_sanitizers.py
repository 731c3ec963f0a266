"""R26: what a sanitizer writes is a failure, in a child process too, and so is a suite without tests."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

SCRIPT = Path(__file__).resolve().parents[1] / "sanitizers.py"
SWIFT = """#!/bin/sh
[ "$1" = test ] || exit 0
{test}
"""
REPORT = """options=$ASAN_OPTIONS$TSAN_OPTIONS; file=${options#log_path=}
printf 'WARNING: a race\\nSUMMARY: ThreadSanitizer: data race x.swift:3\\n' > "${file%%:*}.123"
"""


class Sanitizers(unittest.TestCase):
    def outcome(self, test, *words):
        with tempfile.TemporaryDirectory() as folder:
            swift = Path(folder, "swift")
            swift.write_text(SWIFT.format(test=test))
            swift.chmod(0o755)
            done = subprocess.run([sys.executable, SCRIPT, *words], capture_output=True, text=True, check=False,
                                  env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"})
        return done.returncode, [line for line in done.stdout.splitlines() if line.startswith("R26")]

    def test_a_clean_suite(self):
        self.assertEqual(self.outcome("echo 'Test run with 3 tests passed'"), (0, [
            "R26: address sanitizer: 6 tests passed, 0 reports", "R26: thread sanitizer: 6 tests passed, 0 reports"]))

    def test_a_report_is_a_failure(self):
        self.assertEqual(self.outcome(f"echo 'Test run with 3 tests passed'\n{REPORT}", "thread"),
                         (1, ["R26: thread sanitizer: 6 tests passed, 1 reports"]))

    def test_a_failed_test_is_a_failure(self):
        self.assertEqual(self.outcome("echo 'Test run with 3 tests failed'; exit 1", "address"),
                         (1, ["R26: address sanitizer: 6 tests with failures, 0 reports"]))

    def test_a_part_without_tests_is_a_failure(self):
        only = """case " $* " in *" --filter "*) ;; *) echo 'Test run with 3 tests passed' ;; esac"""
        self.assertEqual(self.outcome(only, "address"),
                         (1, ["R26: address sanitizer: 3 tests with failures, 0 reports"]))

    def test_long_forms_do_not_run(self):
        slow = "[ -z \"$NASATLAS_SLOW\" ] && echo 'Test run with 3 tests passed'"
        with mock.patch.dict(os.environ, NASATLAS_SLOW="1"):
            self.assertEqual(self.outcome(slow, "address"), (0, ["R26: address sanitizer: 6 tests passed, 0 reports"]))

    def test_a_suite_without_tests_is_a_failure(self):
        self.assertEqual(self.outcome("", "address"),
                         (1, ["R26: address sanitizer: 0 tests with failures, 0 reports"]))


if __name__ == "__main__":
    unittest.main()
