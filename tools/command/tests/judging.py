"""What is wrong with what a command line did: to its caller, and to the files."""

import csv
import json
import os
import re
import signal
import sqlite3
import stat
import subprocess

import scratch
from program import PROGRAM, documented_statuses

OUTPUT_OPTIONS = (b"--into", b"--out", b"-o", b"--output", b"--export-splits")
BESIDE = (b"", b".manifest.json", b".lock")
# Words of Swift and of its libraries, which a reader of a message cannot know.
SWIFT = re.compile(
    rb"Fatal error|NSCocoaError|Error Domain=|Code=\d|Dictionary<|Array<|Optional[<(]|Set<|DecodingError|"
    rb"EncodingError|CodingKey|codingPath|Swift\.|Foundation\.|AnyObject|NSError|POSIXError|IOError\(|ChannelError|"
    rb"DatabaseError|SQLite error|nasatlas\.unexpected|Index out of range|unexpectedly found nil|\bany Error\b|__C\.|\bU?Int\d+\b")


class Judge:
    """Judges one outcome; every fault is a pair of its kind and a description."""

    statuses = documented_statuses()

    def __init__(self, place, line, outcome, asks_much):
        self.folder, self.holder = place.folder, place.holder
        self.line, self.outcome, self.asks_much = line, outcome, asks_much

    def of_process(self):
        line, outcome = self.line, self.outcome
        errors = outcome.errors
        if outcome.left:
            yield "left a process", f"{len(outcome.left)} processes go on"
        if outcome.was_stopped:
            if b"listening on" in errors:
                if outcome.status != 0:
                    yield "no end of a server", f"SIGTERM ended a server with {outcome.status}"
            elif not self.asks_much:
                yield "too slow", f"no end within {outcome.seconds:.0f} s"
            elif outcome.status == -signal.SIGKILL:
                yield "does not end", "SIGTERM did not end it within 15 s"
            return
        if outcome.status < 0:
            yield "signal", f"signal {-outcome.status} {errors[-300:]!r}"
            return
        if outcome.status not in self.statuses or outcome.status == 1 and line.command != "diff":
            yield "status", f"undocumented exit status {outcome.status}"
        if outcome.status == 70:
            yield "internal error", f"exit status 70: {errors[:400]!r}"
        if found := SWIFT.search(self.without_words(errors)):
            yield "Swift words", f"{found[0]!r} in {errors[:400]!r}"
        is_json = b"--json" in line.words
        if outcome.status in (0, 1):
            yield from self.of_results(is_json)
        elif line.command == "worker" and not errors:
            # A trainer tells its coordinator, on stdout.
            if not line.is_full and not self.is_error(outcome.out, outcome.status):
                yield "no error", f"exit status {outcome.status} with {outcome.out[:300]!r}"
        elif not self.is_error(errors, outcome.status):
            yield "no error", f"exit status {outcome.status} with {errors[:300]!r}"

    def without_words(self, errors):
        """The diagnostics without what they quote of the command line."""
        for word in sorted(self.line.words, key=len, reverse=True):
            if len(word) > 2:
                errors = errors.replace(word, b"...")
        return errors

    def is_error(self, errors, status):
        """Whether diagnostics have the program's form: `error:` with a code, `Error:` of the parser, or JSON."""
        if errors.startswith(b"Error: ") or b"\nError: " in errors:
            return status == 64
        for text in errors.split(b"\n"):
            if text.startswith(b"{"):
                try:
                    told = json.loads(text)
                except ValueError:
                    continue
                told = told.get("failed", {}).get("_1", told)
                return {"code", "message"} <= set(told) and told.get("exitStatus", told.get("status")) == status
        return bool(re.search(rb"^error: ", errors, re.M) and re.search(rb"^  code: [a-z0-9_.-]+$", errors, re.M))

    def of_results(self, is_json):
        line, outcome = self.line, self.outcome
        if re.search(rb"^[Ee]rror: ", outcome.errors, re.M):
            yield "error with success", f"exit status {outcome.status} with {outcome.errors[:300]!r}"
        if is_json and line.command not in ("serve", "", "worker", "help") and outcome.out[:1] in b"{[":
            for text in outcome.out.splitlines():
                try:
                    json.loads(text)
                except ValueError:
                    yield "results", f"--json printed {text[:200]!r}"
                    return

    # MARK: Files

    def named_outputs(self):
        """Places that the line asks to write, with links followed, and those beside them."""
        named, words = set(), self.line.words
        for number, word in enumerate(words):
            option, _, value = word.partition(b"=")
            if word in OUTPUT_OPTIONS and number + 1 < len(words):
                named.add(words[number + 1])
            elif option in OUTPUT_OPTIONS:
                named.add(value)
            elif option == b"state-folder" or value.startswith(b"state-folder="):
                named.add(word.rpartition(b"=")[2])
            elif self.line.command in ("publish", "worker"):
                named.add(word)
        place = os.fsencode(self.folder / scratch.PLACE)
        return {os.path.realpath(os.path.join(place, name)) for name in named if name}

    def is_asked(self, path, named):
        path = os.path.realpath(path)
        if any(path == name + ending or path.startswith(name + b"/") for name in named for ending in BESIDE):
            return True
        if self.line.command == "fit" and path.endswith(b".surrogate"):
            return True
        is_cached = path.startswith(os.fsencode(self.folder / "home/cache"))
        return is_cached and self.line.command in ("datasets", "train", "sample")

    def of_files(self, changed, added):
        line, outcome = self.line, self.outcome
        named = self.named_outputs()
        place = os.fsencode(self.folder)
        # Results that cannot be printed are a failure after the work.
        wrote = outcome.status == 0 or outcome.was_stopped or line.is_full and outcome.status == 74
        for path in changed:
            name = path.removeprefix(place + b"/")
            if not (wrote or line.command in ("train", "worker")) or not self.is_asked(path, named):
                yield "changed a file", f"{name!r} with exit status {outcome.status}"
            elif fault := self.incomplete(path):
                yield "incomplete", f"{name!r} is {fault}"
        for path in added:
            name = path.removeprefix(place + b"/")
            if not self.is_asked(path, named):
                yield "left a file", f"{name!r} with exit status {outcome.status}"
            elif fault := self.incomplete(path):
                yield "incomplete", f"{name!r} is {fault}, with exit status {outcome.status}"

    def incomplete(self, path):
        """Why a file is no whole file of its kind; nil for a whole one, and for what is not a regular file."""
        try:
            if not stat.S_ISREG(os.lstat(path).st_mode):
                return None
            with open(path, "rb") as file:
                content = file.read()
        except FileNotFoundError:
            return "gone"
        if path.endswith((b".lock", b"/lock", b".logits")):
            return None
        if not content:
            return "empty"
        if content.startswith(b"SQLite format 3\0"):
            if content[68:72] == b"NASA":
                return self.refused("verify", path)
            database = sqlite3.connect(path)
            told = database.execute("PRAGMA integrity_check").fetchone()[0]
            database.close()
            return None if told == "ok" else told
        if content.startswith(b"NASMODEL"):
            return self.unreadable_surrogate(path)
        if content.startswith(b"NASAJRNL"):
            return self.refused("ingest", path, "--into", self.holder / "check.sqlite")
        if content.startswith(b"NASATLDS"):
            return None
        return self.broken_text(content)

    def program(self, *words):
        return subprocess.run([PROGRAM, *words], capture_output=True, check=False, env=scratch.settings(self.folder))

    def refused(self, command, *words):
        done = self.program(command, *words)
        return None if done.returncode == 0 else f"refused by {command}: {done.stderr[:300]!r}"

    def unreadable_surrogate(self, path):
        """The program reads a surrogate as a whole before it says what the surrogate does not stand for."""
        atlas, cell = self.folder / scratch.PLACE / "small.atlas", "stem:k5/time:off/encoder:off/decoder:off/head:avg"
        done = self.program("query", atlas, "-a", cell, "--predict", "--surrogate", path, "--json")
        if done.returncode == 0 or b"damaged" not in done.stderr and b"foreign" not in done.stderr:
            return None
        return f"refused: {done.stderr[:300]!r}"

    @staticmethod
    def broken_text(content):
        text = content.decode("utf-8", "replace")
        if not text.endswith("\n") and not text.startswith("{"):
            return "a text without its last line feed"
        if text.startswith(("{", "[")):
            try:
                json.loads(text)
            except ValueError:
                try:
                    for one in text.splitlines():
                        json.loads(one)
                except ValueError:
                    return "broken JSON"
        elif text.startswith("\\"):
            return None if "\\end{tabular}" in text else "broken LaTeX"
        elif "," in text.split("\n", 1)[0] and " " not in text.split("\n", 1)[0]:
            if len({len(row) for row in csv.reader(text.splitlines())}) != 1:
                return "broken CSV"
        return None
