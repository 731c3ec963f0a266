"""A small atlas with everything that is odd: ragged seeds, published means, diverged runs, lists of epochs, NaN."""

import json
import math
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from nasatlas.importing import ndjson
from nasatlas.importing.entries import (
    Curve, DatasetCard, MeanOf, Measurement, MetricCard, Parameter, ProtocolCard, Run, SourceCard, SpaceCard, Unnamed)

PROGRAM = os.environ.get("NASATLAS")
REASON = "NASATLAS does not name the nasatlas program; tools/test sets it"
ARCHITECTURES = [f"a={a},b={b}" for a in range(1, 9) for b in ("x", "y", "z")]


def entries():
    """The entries, always the same."""
    draw = np.random.default_rng(1)
    yield SourceCard("made-up", "Made-up runs", "made for tests", license="CC0", citation="Nobody: Made up")
    yield SpaceCard("tiny", "grid", "A tiny grid", parameters=[
        Parameter("a", "ordinal", list(range(1, 9))), Parameter("b", "categorical", ["x", "y", "z"])])
    yield MetricCard("accuracy", "fraction", True, "share of correct answers")
    yield MetricCard("loss", "nat", False, "cross-entropy")
    for name in ("first", "second", "apart"):
        yield DatasetCard(name, name.title(), "classification", "made up", "accuracy", source="made up",
                          license="CC0", citation="Nobody")
    yield ProtocolCard("twelve", {"epochs": 12})
    yield ProtocolCard("listed", {"epochs": 200})
    for number, architecture in enumerate(ARCHITECTURES):
        for dataset in ("first", "second"):
            seeds = [777, Unnamed(1), Unnamed(2), MeanOf(3)][:1 + number % 4] if dataset == "first" else [MeanOf(0)]
            for seed in seeds:
                status = "diverged" if (number, seed) in ((5, 777), (6, 777), (0, 777)) else "completed"
                length = 4 if status == "diverged" else 12
                values = np.round(np.cumsum(draw.random(length)) / 12, 4).tolist()
                losses = draw.normal(size=length).tolist()
                if number == 9:
                    losses[3] = math.nan
                curves = [Curve("accuracy", "validation", values), Curve("loss", "train", losses)]
                if number % 3 and not isinstance(seed, MeanOf):
                    curves.append(Curve("accuracy", "test", values[-1:], at=[length]))
                by_epoch = {"train_seconds": [1.5 + 0.1 * e for e in range(length)]}
                seconds = {"costs_by_epoch": by_epoch} if number % 2 else {"costs": {"train_seconds": 100.25}}
                yield Run("tiny", architecture, dataset, "twelve", seed, "made-up", curves, origin="random",
                          status=status, counts={"parameters": 1000 + number},
                          attributes={"note": number / 3}, **seconds)
        if number % 2:
            yield Run("tiny", architecture, "first", "listed", 5, "made-up", [
                Curve("accuracy", "validation", draw.random(3).tolist(), at=[10, 50, 200])])
            yield Measurement("tiny", architecture, "made-up", "latency", "millisecond", 1.5 * number, device="board")
    # Runs that share no epoch, the last of them diverged.
    for seed, epochs in ((1, [1, 2]), (2, [3, 4]), (3, [1, 5])):
        yield Run("tiny", ARCHITECTURES[0], "apart", "listed", seed, "made-up", [
            Curve("accuracy", "validation", [0.25 * epoch for epoch in epochs], at=epochs)],
            costs={"train_seconds": 8.0}, status="diverged" if seed == 3 else "completed")


def publish(folder, written=None, name="tiny") -> Path:
    """Makes an atlas of entries, this module's unless others are given, in `folder` with the program."""
    lines, working, atlas = (Path(folder, f"{name}.{ending}") for ending in ("ndjson", "sqlite", "atlas"))
    ndjson.write(entries() if written is None else written, lines)
    for words in (["ingest", lines, "--into", working], ["publish", working, atlas, "--title", name.title()]):
        subprocess.run([PROGRAM, *words], check=True, capture_output=True)
    return atlas


class Shared:
    """One atlas for all tests of a process."""

    folder = None
    path = None

    @classmethod
    def atlas(cls) -> Path:
        if cls.path is None:
            cls.folder = tempfile.TemporaryDirectory()
            cls.path = publish(cls.folder.name)
        return cls.path


def ask(*words):
    """What the program says: its JSON, or its error's."""
    done = subprocess.run([PROGRAM, *map(str, words), "--json"], capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else None, \
        json.loads(done.stderr) if done.returncode else None
