"""R24: random command lines end with a documented exit status and a plain error; no file is lost or half written."""

import os
import shutil
import stat
import sys
import tempfile
import unittest
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from unittest import mock

import grammar
import scratch
import trial
from lines import Line, Lines
from program import SLOW, documented_statuses, say, shown

LINES = int(os.environ.get("NASATLAS_LINES", 5_000 if SLOW else 150))
PROCESSES = 2
# Lines that these tests found, and that ended in a trap, an internal error, or with a file left behind.
FOUND = [
    Line("ingest", (b"ingest", b"runs.journal", b"--into", b" ")),
    Line("ingest", (b"ingest", b"table.ndjson", b"--into", b"n")),
    Line("publish", (b"publish", b"working.sqlite", b"n")),
    Line("publish", (b"publish", b"link.atlas", b"new.atlas")),
    Line("merge", (b"merge", b"small.atlas", b"--out", b"n")),
    Line("fit", (b"fit", b"small.atlas", b"--predictor", b"ridge", b"--folds", b"2", b"--into", b"n")),
    Line("evaluate predictors", (b"evaluate", b"predictors", b"small.atlas", b"--train-size", b"4", b"--test", b"4",
                                 b"--export-splits", b"n")),
    Line("serve", (b"serve", b"small.atlas", b"--host", b"/proc/self/mem")),
    Line("train", (b"train", b"--dataset", b"cdnow-churn", b"--out", b"n", b"--protocol", b"protocol.json")),
]


def reduced(place, line, kind):
    """The line without words, and pairs of words, that the fault does not need."""
    for _ in range(3):
        before = line
        for count in (2, 1):
            for number in range(len(line.words) - count, -1, -1):
                shorter = line.having(line.words[:number] + line.words[number + count:])
                if kind in dict(place.faults(shorter)[0]):
                    line = shorter
        if line == before:
            return line
    return line


def try_lines(template, first, step, count):
    """Every `step`th line from `first`: the faults, and how many lines ended with each status."""
    trial.limit_this_process()
    source, place = Lines(grammar.commands()), trial.Place(template)
    found, statuses = [], Counter()
    try:
        for number in range(first, count, step):
            line = source.line(number)
            faults, outcome = place.faults(line)
            statuses[outcome.status] += 1
            for kind, description in faults:
                words = shown(reduced(place, line, kind).words)
                found.append(f"line {number}: {kind}: {description}\n    nasatlas {words}\n    stdin: {line.stdin}"
                             + (", stdout: /dev/full" if line.is_full else ""))
    finally:
        place.close()
    return found, statuses


class InScratch(unittest.TestCase):
    def setUp(self):
        holder = Path(tempfile.mkdtemp(prefix="nasatlas-lines-"))
        self.addCleanup(shutil.rmtree, holder, ignore_errors=True)
        self.template = holder / "template"
        self.template.mkdir()
        scratch.make(self.template, trains=SLOW)


class RandomLines(InScratch):
    def test_random_lines(self):
        found, statuses = [], Counter()
        with ProcessPoolExecutor(PROCESSES) as pool:
            for faults, counts in pool.map(try_lines, [self.template] * PROCESSES, range(PROCESSES),
                                           [PROCESSES] * PROCESSES, [LINES] * PROCESSES):
                found += faults
                statuses += counts
        self.assertEqual(statuses.total(), LINES)
        say(f"R24: {LINES} random command lines, {len(found)} faults; exit statuses "
            + ", ".join(f"{status} {count} times" for status, count in sorted(statuses.items())))
        # The lines reach each part: some succeed, and many are wrong in each documented way that needs no bad machine.
        self.assertLessEqual({0, 64, 65, 66, 73} if SLOW else {0, 64}, set(statuses))
        self.assertGreater(statuses[0], LINES / 10)
        self.assertEqual(found, [], "\n" + "\n".join(found))


    def test_lines_that_were_wrong_once(self):
        place = trial.Place(self.template)
        self.addCleanup(place.close)
        for line in FOUND:
            with self.subTest(shown(line.words)):
                self.assertEqual(place.faults(line)[0], [])


class Checks(InScratch):
    """The checks see each kind of fault, in programs that commit it."""

    def kinds(self, script, *words, command="publish", **settings):
        program = self.template.parent / "program"
        program.write_text(f"#!{sys.executable}\nimport os, signal, sys, time\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        place = trial.Place(self.template)
        self.addCleanup(place.close)
        line = Line(command, tuple(word.encode() for word in words), **settings)
        with mock.patch.object(trial, "PROGRAM", str(program)):
            return {kind for kind, _ in place.faults(line)[0]}

    GOOD = "print('error: x\\n  code: a.b', file=sys.stderr); sys.exit(65)"

    def test_a_good_program_has_no_fault(self):
        self.assertEqual(self.kinds(self.GOOD), set())
        self.assertEqual(self.kinds("print('ok')"), set())
        self.assertEqual(self.kinds("open('new.json', 'w').write('{}\\n')", "x", "new.json"), set())

    def test_what_a_process_does_wrong(self):
        for script, kind in [
            ("os.kill(os.getpid(), signal.SIGILL)", "signal"), (self.GOOD.replace("65", "3"), "status"),
            ("sys.exit(1)", "status"),
            ("print('error: x\\n  code: a.b', file=sys.stderr); sys.exit(70)", "internal error"),
            ("sys.exit(65)", "no error"), ("print('error: no code', file=sys.stderr); sys.exit(65)", "no error"),
            ("print('Error: x', file=sys.stderr); sys.exit(66)", "no error"),
            ("print('error: x\\n  code: a.b', file=sys.stderr)", "error with success"),
            ("print('error: DecodingError\\n  code: a.b', file=sys.stderr); sys.exit(65)", "Swift words"),
            ("print('warning: Dictionary<String, Any>', file=sys.stderr)", "Swift words"),
            ("os.fork() or time.sleep(60)", "left a process"),
        ]:
            with self.subTest(script), mock.patch.object(trial, "SECONDS_TO_LEAVE", 0.5):
                self.assertEqual(self.kinds(script), {kind})
        self.assertEqual(self.kinds("print('{broken')", "--json", command="top"), {"results"})
        with mock.patch.object(trial, "SECONDS", 0.5):
            self.assertEqual(self.kinds("time.sleep(60)", command="top"), {"too slow"})

    def test_what_a_program_does_to_files(self):
        for script, words, kinds in [
            ("open('notes.txt', 'a').write('x')", (), {"changed a file"}),
            ("os.remove('thesis.md')", (), {"changed a file"}),
            ("os.remove('null'); open('null', 'w')", (), {"changed a file"}),
            ("os.chmod('thesis.md', 0o600)", (), {"changed a file"}),
            ("open('../x', 'w').write('x')", (), {"left a file"}),
            ("open('.new.partial', 'w').write('x')", ("x", "new"), {"left a file"}),
            ("open('new.json', 'w').write('{\"a\":')", ("x", "new.json"), {"incomplete"}),
            ("open('new.csv', 'w').write('a,b\\n1,2\\n3')", ("x", "new.csv"), {"incomplete"}),
            ("open('new.atlas', 'wb').write(open('small.atlas', 'rb').read()[:9000])", ("x", "new.atlas"),
             {"incomplete"}),
            ("open('notes.txt', 'a').write('x'); " + self.GOOD, ("x", "notes.txt"), {"changed a file"}),
        ]:
            with self.subTest(script):
                self.assertEqual(self.kinds(script, *words), kinds)

    def test_documented_statuses(self):
        self.assertLessEqual({0, 1, 64, 65, 66, 69, 70, 73, 74, 75, 78}, set(documented_statuses()))

    def test_lines_are_the_same_each_time(self):
        source = Lines(grammar.commands())
        first, again = ([source.line(number) for number in range(200)] for _ in range(2))
        self.assertEqual(first, again)
        reached = {source.line(number).command for number in range(1_000)}
        self.assertLessEqual({command.name for command in source.commands}, reached)


if __name__ == "__main__":
    unittest.main()
