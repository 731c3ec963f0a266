"""Runs one command line in a scratch folder."""

import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import scratch
from judging import Judge
from program import PROGRAM, SLOW
from words import STDIN

SECONDS = 60
# A line that asks for much work, and gets it, is stopped after this time.
SECONDS_OF_MUCH = 20 if SLOW else 4
# A trainer ends with its coordinator, at the latest after the step that it is in.
SECONDS_TO_LEAVE = 10


class Outcome:
    """What a process did."""

    def __init__(self, status, out, errors, seconds, was_stopped, left):
        self.status, self.out, self.errors = status, out, errors
        self.seconds, self.was_stopped, self.left = seconds, was_stopped, left


def limit_this_process():
    """Bounds memory and file sizes of the programs that this process starts; a file that gets too long is an error."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 20, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, resource.getrlimit(resource.RLIMIT_AS)[1]))


def processes_of(group):
    """Living processes of a process group."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                rest = Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(rest[2]) == group and rest[0] != "Z":
                found.append(int(entry))
    return found


def asks_much(line):
    """Whether what the line asks for may take without an end: a large number, an endless file, or no bound."""
    if any(re.search(rb"\d{3}", word) for word in line.words) or any(b"zero" in word for word in line.words):
        return True
    return line.command in ("train", "evaluate predictors", "fit", "worker")


class Place:
    """A scratch folder that is made anew after every line that changed something in it."""

    def __init__(self, template):
        self.template = template
        self.holder = Path(tempfile.mkdtemp(prefix="nasatlas-line-"))
        self.folder = self.holder / "scratch"
        self.before = None

    def close(self):
        shutil.rmtree(self.holder, ignore_errors=True)

    def restore(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        # cp keeps devices, sockets, links and names that are not UTF-8.
        subprocess.run(["cp", "-a", self.template, self.folder], check=True)
        self.before = scratch.Snapshot(self.folder)

    def faults(self, line):
        """Pairs of a kind of fault and its description; and the outcome."""
        if self.before is None:
            self.restore()
        outcome = self.run(line)
        after = scratch.Snapshot(self.folder, self.before)
        changed, added = self.before.changed(after), self.before.added(after)
        judge = Judge(self, line, outcome, asks_much(line))
        found = [*judge.of_process(), *judge.of_files(changed, added)]
        if changed or added:
            self.restore()
        return found, outcome

    # MARK: Running

    def run(self, line):
        out, errors, stdin = (self.holder / name for name in ("out", "errors", "in"))
        stdin.write_bytes(STDIN[line.stdin])
        limit = SECONDS_OF_MUCH if asks_much(line) else SECONDS
        start = time.monotonic()
        with open("/dev/full" if line.is_full else out, "wb") as output, open(errors, "wb") as diagnostics, \
                open(stdin, "rb") as given:
            process = subprocess.Popen(
                [PROGRAM, *line.words], cwd=self.folder / scratch.PLACE, env=scratch.settings(self.folder),
                stdin=given, stdout=output, stderr=diagnostics, start_new_session=True, restore_signals=False)
            was_stopped = self.wait(process, line, errors, start + limit)
        end = time.monotonic() + SECONDS_TO_LEAVE
        while (left := processes_of(process.pid)) and time.monotonic() < end:
            time.sleep(0.05)
        if left:
            os.killpg(process.pid, signal.SIGKILL)
        return Outcome(process.returncode, b"" if line.is_full else out.read_bytes(), errors.read_bytes(),
                       time.monotonic() - start, was_stopped, left)

    def wait(self, process, line, errors, end):
        """Waits for the end; whether it came because of a signal. A server gets it when it listens."""
        is_server = line.command in ("serve", "")
        pause = 0.002
        while process.poll() is None:
            if is_server and b"listening on" in errors.read_bytes() or time.monotonic() > end:
                process.terminate()
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
                return True
            time.sleep(pause)
            pause = min(pause * 1.5, 0.05)
        return False
