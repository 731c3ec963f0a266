"""The line protocol of the atlas benchmark, both ends; README.md beside this file says what the words mean."""

import json
import os
import selectors
import statistics
import subprocess
import sys
import time

MASK = (1 << 64) - 1
BLOCK_NANOSECONDS = 20_000


class Absent(Exception):
    """A side that cannot take part, and why."""


# MARK: The serving end


def draws(seed, count):
    """The first `count` outputs of SplitMix64 from the state `seed`: what both ends choose their queries by."""
    for place in range(1, count + 1):
        mixed = (seed + place * 0x9E3779B97F4A7C15) & MASK
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
        yield mixed ^ (mixed >> 31)


def memory(field):
    """VmRSS or VmHWM of this process in kB (of 1,024 bytes, as the kernel counts)."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(field + ":"))


def timed(run, queries):
    """Times `run` over all queries in blocks of at least 20 µs; ns a query: median of the blocks, and mean of all."""
    clock = time.perf_counter_ns
    quickest = BLOCK_NANOSECONDS
    for query in queries[:16]:
        start = clock()
        run(query)
        quickest = min(quickest, clock() - start)
    size = -(-BLOCK_NANOSECONDS // max(1, quickest))
    blocks = [queries[first:first + size] for first in range(0, len(queries), size)]
    times = []
    for block in blocks:
        start = clock()
        for query in block:
            run(query)
        times.append(clock() - start)
    each = statistics.median(spent / len(block) for spent, block in zip(times, blocks))
    return {"ns": each, "mean_ns": sum(times) / len(queries), "block": size}


class Subject:
    """What answers the words of the protocol; a peer overrides those that it can."""

    def __init__(self, folder):
        self.folder, self.note = folder, ""

    def prepare(self):
        """Makes the files that are missing; names and bytes of those that count. Sets `note` where a reader must know
        something of them."""
        return {}

    def load(self):
        """Opens what the queries need."""

    def query(self, kind, draw):
        """The query that a draw stands for, as `run` takes it."""
        raise Absent(f"this side answers no {kind}")

    def run(self, kind):
        """The function that is timed: takes a query."""
        raise Absent(f"this side answers no {kind}")

    def values(self, kind, query):
        """The values of one query, as a list that must equal the other side's."""
        raise Absent(f"this side answers no {kind}")

    def answer(self, word, arguments):
        if word == "prepare":
            sizes = self.prepare()
            return {"bytes": sizes, "note": self.note}
        if word == "load":
            before, start = memory("VmRSS"), time.perf_counter_ns()
            self.load()
            return {"ns": time.perf_counter_ns() - start, "before_kb": before, "after_kb": memory("VmRSS")}
        if word == "rss":
            return {"kb": memory("VmRSS"), "peak_kb": memory("VmHWM")}
        if word == "probe":
            kind, count, seed = arguments[0], int(arguments[1]), int(arguments[2])
            return {"values": [self.values(kind, self.query(kind, draw)) for draw in draws(seed, count)]}
        if word in ("value", "curve"):
            count, seed = int(arguments[0]), int(arguments[1])
            return timed(self.run(word), [self.query(word, draw) for draw in draws(seed, count)])
        raise Absent(f"no word {word!r}")


def serve(subject):
    """Answers every line of standard input with a line of JSON until `quit` or the end."""
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        word, *arguments = line.split() or [""]
        if word == "quit":
            return
        try:
            answer = subject.answer(word, arguments)
        except Exception as error:  # Whatever a foreign library throws is the other end's line to print.
            answer = {"error": f"{type(error).__name__}: {error}" if not isinstance(error, Absent) else str(error)}
        print(json.dumps(answer), file=answers, flush=True)


# MARK: The asking end


class Side:
    """A process that speaks the protocol."""

    def __init__(self, name, command, seconds=900):
        self.name, self.seconds, self.pending = name, seconds, b""
        try:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        except OSError as error:
            raise Absent(f"{command[0]} does not start: {error.strerror}") from error
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.process.stdout, selectors.EVENT_READ)

    def ask(self, line):
        """The answer to `line`; raises `Absent` where the other end has none, is silent for too long, or has ended."""
        try:
            self.process.stdin.write(line.encode() + b"\n")
            self.process.stdin.flush()
        except OSError as error:
            raise Absent(f"ended with status {self.process.wait()} before `{line}`") from error
        deadline = time.monotonic() + self.seconds
        while b"\n" not in self.pending:
            if not self.selector.select(max(0, deadline - time.monotonic())):
                self.process.kill()
                raise Absent(f"no answer to `{line}` in {self.seconds} s")
            more = os.read(self.process.stdout.fileno(), 1 << 20)
            if not more:
                raise Absent(f"ended with status {self.process.wait()} at `{line}`")
            self.pending += more
        text, _, self.pending = self.pending.partition(b"\n")
        try:
            answer = json.loads(text)
        except ValueError as error:
            raise Absent(f"answered `{line}` with no JSON: {text[:60]!r}") from error
        if "error" in answer:
            raise Absent(answer["error"])
        return answer

    def quit(self):
        """Ends the process, kindly first."""
        try:
            self.process.stdin.write(b"quit\n")
            self.process.stdin.close()
        except OSError:
            pass
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.selector.close()
        self.process.stdout.close()
