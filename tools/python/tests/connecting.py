"""What the tests of `nasatlas.connect` share: a small study, and a server of it."""

import itertools
import math
import tempfile
import unittest
from pathlib import Path

import nasatlas
import served
from made_up_atlas import Shared, publish
from nasatlas.importing.entries import (
    Curve, DatasetCard, MeanOf, Measurement, MetricCard, Parameter, ProtocolCard, Run, SourceCard, SpaceCard, Unnamed)
from served import Served

ROOT = Path(__file__).resolve().parents[3]
RELEASED = ROOT / "data" / "nasbench201.atlas"
FIRST = {"dataset": "first", "protocol": "twelve"}
QUICK = {"timeout_seconds": 20}


def never(seconds):
    raise AssertionError(f"a request was to be made again after {seconds} seconds")


def entries(shift=0.0):
    """Two spaces that share texts, and numbers that are easily lost on the way."""
    yield SourceCard("made-up", "Made-up runs", "made for tests", license="CC0", citation="Nobody: Made up")
    yield SpaceCard("zeta", "grid", "The last", parameters=[Parameter("a", "ordinal", list(range(1, 6)))])
    yield SpaceCard("alpha", "grid", "The first", parameters=[Parameter("a", "ordinal", list(range(1, 8)))])
    yield MetricCard("accuracy", "fraction", True, "share of correct answers")
    for name in ("whole", "partly"):
        yield DatasetCard(name, name.title(), "classification", "made up", "accuracy", source="made up", license="CC0",
                          citation="Nobody")
    yield ProtocolCard("three", {"epochs": 3})
    values = [0.1 + shift, -0.0, math.inf, 5e-324, 1 / 3, math.nan, 1e300]
    for (space, size), dataset in itertools.product((("zeta", 5), ("alpha", 7)), ("whole", "partly")):
        for number in range(size - (dataset == "partly")):
            for seed in [7, (1 << 40) + 9, Unnamed(2), MeanOf(4)][:1 + number % 4]:
                last = values[number]
                yield Run(space, f"a={number + 1}", dataset, "three", seed, "made-up",
                          [Curve("accuracy", "validation", [0.25, -last if last else 0.0, last]),
                           Curve("accuracy", "test", [last], at=[3])],
                          status="timed_out" if number == 3 else "completed",
                          origin=("search", "baseline", None)[number % 3],
                          counts={"parameters": number or None, "flops": 10 ** 12 + number, "cells": 3},
                          costs={"evaluation_seconds": 0.5 if number % 2 else None,
                                 "latency_milliseconds[batch=1]": 0.25 * number},
                          costs_by_epoch={"train_seconds": [0.1, 0.2, 0.3],
                                          "train_cpu_seconds": [0.3, 0.2, 0.4]} if number % 2 else None,
                          attributes={"word": "x", "flag": True, "exact": number / 7, "large": (1 << 60) + 1})
    yield Measurement("alpha", "a=1", "made-up", "latency", "millisecond", 1.5, device="board",
                      conditions={"batch": "4"})


def told(answer):
    """Everything of an answer, comparable also where numbers are NaN."""
    return repr(answer.to_dict())


def same(case, one, other):
    """The same bits, zeros with their sign and NaN included."""
    case.assertEqual(one.dtype, other.dtype)
    case.assertEqual(one.tolist().__repr__(), other.tolist().__repr__())


@unittest.skipIf(served.REASON, served.REASON)
class OverHTTP(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.files = {"tiny": Shared.atlas(), "odd": publish(cls.folder.name, entries(), "odd"), "nasbench201": RELEASED}
        cls.server = Served(*cls.files.values(), state_folder=Path(cls.folder.name, "ledgers"))
        cls.addClassCleanup(cls.server.stop)

    def pair(self, name):
        """The atlas over HTTP, never asked twice, and in process."""
        remote = nasatlas.connect(self.server.address, name, sleep=never, **QUICK)
        self.addCleanup(remote.close)
        local = nasatlas.open(self.files[name])
        self.addCleanup(local.close)
        return remote, local
