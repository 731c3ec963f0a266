"""Speeds of two sides, interleaved in one run: this package and one that it stands in for."""

import argparse
import os
import random
import statistics
import tempfile
import time
from collections import namedtuple
from pathlib import Path

Call = namedtuple("Call", "name ours theirs count")
"""`ours` and `theirs` make `count` queries each and return their answers."""
INTERFACES = {}


class Absent(Exception):
    """What a comparison needs and is not there."""


def interface(name):
    """Registers a function that takes a folder and yields the calls of an interface."""
    return lambda function: INTERFACES.setdefault(name, function)


def checked(call):
    """Raises AssertionError where the two sides answer differently: numbers are compared to twelve digits."""
    random.seed(1)
    ours = call.ours()
    random.seed(1)
    theirs = call.theirs()
    assert len(ours) == len(theirs) == call.count, call.name
    for one, other in zip(ours, theirs):
        assert comparable(one) == comparable(other), (call.name, one, other)


def comparable(value):
    """A value with numbers as texts of nine digits, without comments, objects as their names."""
    if isinstance(value, dict):
        return {key: comparable(one) for key, one in value.items() if key != "comment"}
    if isinstance(value, (list, tuple)):
        return [comparable(one) for one in value]
    return f"{value:.9g}" if isinstance(value, (int, float)) else type(value).__name__


def rate(work, count):
    """Queries a second of processor time, which other programs disturb least: of as many repetitions as take 20 ms."""
    repeats, start = 0, time.process_time()
    while (passed := time.process_time() - start) < 0.02 or not repeats:
        work()
        repeats += 1
    return repeats * count / passed


def main(description):
    """Compares the interfaces that were registered, those that the command line names or all."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("program")
    parser.add_argument("--only", nargs="*", default=list(INTERFACES), choices=list(INTERFACES))
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    os.environ["NASATLAS"] = options.program
    with tempfile.TemporaryDirectory() as folder:
        for name in options.only:
            try:
                calls = list(INTERFACES[name](Path(folder)))
            except (Absent, ImportError) as why:
                print(f"{name}: absent, {why}")
                continue
            for call in calls:
                checked(call)
            rates = {call.name: ([], []) for call in calls}
            for number in range(options.rounds):
                for call in calls:
                    for side in (0, 1) if number % 2 else (1, 0):
                        rates[call.name][side].append(rate(call[1 + side], call.count))
            for call in calls:
                ours, theirs = (statistics.median(one) for one in rates[call.name])
                print(f"figure {name} {call.name}: {ours:,.0f} a second, original {theirs:,.0f}, "
                      f"ratio {ours / theirs:.2f}", flush=True)
