"""Times of the Python package in process; ends with a line a figure.

    run.py FOLDER_OF_BINARIES [--rounds N] [--runs N]

Values are asked of data/nasbench201.atlas, 1,000 architectures drawn once; curves of a synthetic atlas of as many runs
of 12 to 30 epochs as --runs says. Peers, interleaved with ours: a bare SQLite table of the same values, and one of the same
curves as JSON. A number is the median of the rounds.
"""

import argparse
import json
import pathlib
import random
import sqlite3
import statistics
import subprocess
import tempfile
import time

import numpy as np

import nasatlas

ROOT = pathlib.Path(__file__).resolve().parents[3]
KEYS = 1_000


def synthetic(binaries, folder, runs):
    """A synthetic atlas with curves."""
    journal, working, atlas = (str(folder / name) for name in ("runs.journal", "runs.sqlite", "runs.atlas"))
    for command in ([f"{binaries}/synthetic-journal", journal, str(runs)],
                    [f"{binaries}/nasatlas", "ingest", journal, "--into", working],
                    [f"{binaries}/nasatlas", "publish", working, atlas]):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return atlas


def microseconds(work, keys=KEYS):
    """Of one key, when `work` asks for all of them once."""
    start = time.perf_counter()
    work()
    return 1e6 * (time.perf_counter() - start) / keys


def sides(binaries, folder, runs):
    """By name, what asks for all keys once; each was checked to give the value of the others."""
    draw = random.Random(0)
    atlas = nasatlas.open(ROOT / "data" / "nasbench201.atlas")
    cells = draw.sample(atlas.architectures, KEYS)
    lookup = atlas.lookup(dataset="cifar10")
    places = np.array([atlas.index(cell) for cell in cells])
    values = [atlas.query(cell, dataset="cifar10").value for cell in cells]
    assert lookup.values(places).tolist() == values

    curves = nasatlas.open(synthetic(binaries, folder, runs))
    setting = curves.settings[0]
    metric, split = "accuracy", "validation"
    known = [place for place in setting.architectures if setting.runs_of(place)]
    chosen = [curves.architectures[place] for place in draw.choices(known, k=KEYS)]
    question = {"dataset": setting.dataset, "protocol": curves.protocol_name(setting), "metric": metric, "split": split}
    database = sqlite3.connect(folder / "peer.sqlite")
    database.execute("CREATE TABLE curves (architecture TEXT PRIMARY KEY, epochs TEXT)")
    for place in known:
        text = curves.architectures[place]
        told = [run.values.tolist() for run in curves.curve(text, **question).runs]
        database.execute("INSERT INTO curves VALUES (?, ?)", (text, json.dumps(told)))
    database.commit()

    def asked(texts):
        for text in texts:
            atlas.query(text, dataset="cifar10").value

    def peer_curve(text):
        row = database.execute("SELECT epochs FROM curves WHERE architecture = ?", (text,)).fetchone()
        return np.mean(json.loads(row[0]), axis=0)

    for text in chosen[:50]:
        np.testing.assert_allclose(curves.curve(text, **question).mean, peer_curve(text), rtol=1e-12)
    return {
        "query": lambda: asked(cells),
        "query:sqlite3": sqlite_values(folder, atlas, cells),
        "batch": lambda: lookup.values(places),
        "curve": lambda: [curves.curve(text, **question) for text in chosen],
        "curve:sqlite3+json": lambda: [peer_curve(text) for text in chosen],
    }


def sqlite_values(folder, atlas, cells):
    """The same values in a bare table, asked by text."""
    database = sqlite3.connect(folder / "values.sqlite")
    database.execute("CREATE TABLE scores (architecture TEXT PRIMARY KEY, value REAL) WITHOUT ROWID")
    database.executemany("INSERT INTO scores VALUES (?, ?)",
                         zip(atlas.architectures, atlas.lookup(dataset="cifar10").values().tolist()))
    database.commit()

    def ask():
        for cell in cells:
            database.execute("SELECT value FROM scores WHERE architecture = ?", (cell,)).fetchone()
    return ask


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binaries")
    parser.add_argument("--rounds", type=int, default=31)
    parser.add_argument("--runs", type=int, default=5_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asked = sides(options.binaries, pathlib.Path(folder), options.runs)
        times = {name: [] for name in asked}
        opened = []
        for round_number in range(options.rounds):
            for name in list(asked)[::1 if round_number % 2 else -1]:
                times[name].append(microseconds(asked[name]))
            start = time.perf_counter()
            nasatlas.open(ROOT / "data" / "nasbench201.atlas").close()
            opened.append(1e3 * (time.perf_counter() - start))
    middle = {name: statistics.median(values) for name, values in times.items()}
    print(f"opening data/nasbench201.atlas, digest compared: {statistics.median(opened):.1f} ms")
    print(f"figure python-query-us {middle['query']:.2f} us (bar 3; peer sqlite3 {middle['query:sqlite3']:.2f})")
    print(f"figure python-batch-us-per-key {middle['batch']:.4f} us (bar 0.1)")
    print(f"figure python-curve-us {middle['curve']:.1f} us (bar 20; peer sqlite3 and json "
          f"{middle['curve:sqlite3+json']:.1f})")


main()
