"""Builds the tests with a sanitizer, runs the fast suite with it, and shows what it found.

    sanitizers.py [address] [thread] [--filter FILTER]...

Each sanitizer has a build of its own in .build-address or .build-thread. The last line for each is its figure, such as
`R26: address sanitizer: 900 tests passed, 0 reports`. Ends with 1 where a test failed or a sanitizer reported.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SUMMARY = re.compile(r"^SUMMARY: (.+)$", re.M)
# Tests whose child processes end by a signal, which a sanitizer reports, or get less memory or smaller files than it needs.
MACHINE = ["outOfMemoryIsNoResult", "disturbedPlansEndLikeUndisturbedOnes",
           "aCrashEndsWithASoftwareErrorAndKeepsTheJournal", "withoutRoomTheCallEndsAndNothingRecordedIsLost"]
SKIPPED = {"address": MACHINE, "thread": MACHINE}
# The standard library writes the count 0 into the storage that all empty arrays share. A request goes from NIO's thread to
# a task by a continuation, whose hand-over the sanitizer does not see.
SUPPRESSED = "race:_swiftEmptyArrayStorage\nrace:HTTPTypes11HTTPRequestV18PseudoHeaderFields\n"
# Tests of the server measure time limits, so they run alone, one after the other.
ALONE = "QueryServerTests"


def options(kind, reports):
    """The environment of the fast tests: reports go to files, so that those of child processes are kept too."""
    shared = f"log_path={reports}/report:exitcode=99"
    suppressions = reports / "suppressions"
    suppressions.write_text(SUPPRESSED)
    # The Swift runtime keeps what it allocates once for as long as the process lives.
    words = {"address": ("ASAN_OPTIONS", f"{shared}:detect_leaks=0"),
             "thread": ("TSAN_OPTIONS", f"{shared}:halt_on_error=0:suppressions={suppressions}")}
    name, value = words[kind]
    fast = {key: text for key, text in os.environ.items() if key != "NASATLAS_SLOW"}
    return {**fast, name: value, "OPENBLAS_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "Haswell"}


def words_of_build(kind):
    # Sources/Records/Guarded.swift then shows the sanitizer what it cannot see.
    flags = ["-Xswiftc", "-DTHREAD_SANITIZER"] if kind == "thread" else []
    return ["-c", "release", "--sanitize", kind, "--scratch-path", f".build-{kind}", *flags]


def passes(filters, skipped):
    """The words of each run of the tests."""
    rest = [word for name in skipped for word in ("--skip", name)]
    if filters:
        return [[word for name in filters for word in ("--filter", name)] + rest]
    return [["--skip", ALONE, *rest], ["--filter", ALONE, "--no-parallel", *rest]]


def found(kind, filters):
    """Runs the suite; whether the tests passed, what was reported, and how many tests there were."""
    reports = Path(tempfile.mkdtemp(prefix=f"nasatlas-{kind}-"))
    passed, tests = True, 0
    for words in passes(filters, SKIPPED[kind]):
        process = subprocess.Popen(["swift", "test", *words_of_build(kind), "--skip-build", *words], cwd=ROOT,
                                   env=options(kind, reports), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   text=True, errors="replace")
        count = 0
        for line in process.stdout:
            print(line, end="", flush=True)
            count += sum(int(number) for number in re.findall(r"Test run with (\d+) tests?", line))
        passed = process.wait() == 0 and count > 0 and passed
        tests += count
    reported = Counter()
    for report in sorted(reports.glob("report*")):
        text = report.read_text(errors="replace")
        print(text, flush=True)
        reported.update(SUMMARY.findall(text) or [f"a report without a summary: {report.name}"])
    shutil.rmtree(reports)
    return passed, reported, tests


def main(words):
    parser = argparse.ArgumentParser(prog="tools/dev sanitizers", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("kinds", nargs="*", metavar="address|thread")
    parser.add_argument("--filter", action="append", default=[], help="only Swift tests whose name matches")
    given = parser.parse_args(words)
    for kind in given.kinds:
        if kind not in SKIPPED:
            parser.error(f"there is no sanitizer {kind}; there are {', '.join(SKIPPED)}")
    is_clean = True
    for kind in given.kinds or SKIPPED:
        subprocess.run(["swift", "build", *words_of_build(kind), "--build-tests"], cwd=ROOT, check=True)
        passed, reported, tests = found(kind, given.filter)
        for summary, count in reported.most_common():
            print(f"{count} times: {summary}")
        is_clean = is_clean and passed and not reported
        outcome = "passed" if passed else "with failures"
        print(f"R26: {kind} sanitizer: {tests} tests {outcome}, {reported.total()} reports", flush=True)
    return 0 if is_clean else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
