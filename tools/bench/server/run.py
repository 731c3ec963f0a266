"""Figures of the HTTP server beside its peers, loaded by wrk in turn in one run; ends with a line a figure.

    run.py NASATLAS [--only GROUP...] [--rounds 9] [--seconds 2] [--threads 1] [--connections 16]

NASATLAS is the program. Groups: row, batch, kept, export. Kept are pages, fronts and rankings at 64 connections, of the
atlases of NAS-Bench-201 and, where its table is there, SpikeNAS: repeated ones, which the server computes once, and
distinct ones, drawn by seed over data set, metric, epoch and filter, none twice in a run. Rows and batches are of data/nasbench201.atlas, architectures drawn
at random; the peers answer from SQLite tables of the same values. All servers run all the time on this machine, wrk with
them, and a round asks every one once, in an order that turns around; a number is the median of the rounds, a ratio that
of the rounds' ratios. Where others keep the machine busy, the CPU time of a request says more than their
number. Before that, all must give the same values. The export is of the atlas of SpikeNAS, made of
the table beside the project (NASATLAS_SHARED, else ../shared) by `nasatlas-import`.

Needs wrk (Debian package wrk) and the packages of requirements.txt; a peer that is not installed is named as absent.
"""

import argparse
import http.client
import json
import multiprocessing
import os
import pathlib
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import nasatlas
import rankings
import table
from sides import DATASET, Datasette, FastAPI, Ours, packed

ROOT = pathlib.Path(__file__).resolve().parents[3]
SHARED = pathlib.Path(os.environ.get("NASATLAS_SHARED", ROOT.parent / "shared")) / "data" / "benchmarks"
NB201 = ROOT / "data" / "nasbench201.atlas"
KEYS = 1_000
GROUPS = ["row", "batch", "kept", "export"]

figures = []


def figure(name, value, unit, sign, bar, beside=""):
    met = "met" if (value >= bar if sign == "≥" else value <= bar) else "MISSED"
    number = f"{value:.3g}" if value < 1_000 else f"{value:.0f}"
    figures.append(f"figure {name} {number} {unit}bar {sign} {bar} {met}{beside and f' ({beside})'}")
    print(figures[-1], flush=True)


def absent(name, why):
    figures.append(f"absent {name}: {why}")
    print(figures[-1], flush=True)


def children_cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Load:
    """What wrk asks of one server."""

    def __init__(self, server, requests, file, once=False):
        """`once`: the requests are sent in their order, none twice."""
        self.server, self.file, self.rounds, self.once, self.sent = server, file, [], once, 0
        with open(file, "wb") as out:
            for request in requests:
                out.write(b"%d\n" % len(request) + request)

    def run(self, words, seed, seconds):
        script = pathlib.Path(__file__).with_name("requests.lua")
        command = ["wrk", "-t", words.threads, "-c", words.connections, "-d", f"{seconds}s", "-s", script,
                   f"http://127.0.0.1:{self.server.port}", "--", self.file,
                   *(("ordered", self.sent) if self.once else ("drawn", seed))]
        before = self.server.cpu_seconds(), children_cpu_seconds()
        told = subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, text=True).stdout
        after = self.server.cpu_seconds(), children_cpu_seconds()
        found = json.loads(told.strip().splitlines()[-1])
        if found["refused"] or found["broken"] or not found["requests"]:
            raise RuntimeError(f"{type(self.server).__name__} did not answer all: {found}")
        found["per_s"] = found["requests"] / found["seconds"]
        # What was under way at the end was sent too.
        self.sent += found["requests"] + words.connections
        for name, start, end in zip(("cpu_us", "wrk_us"), before, after):
            found[name] = 1e6 * (end - start) / found["requests"]
        return found

    def median(self, name):
        return statistics.median(found[name] for found in self.rounds)

    def over(self, other):
        return statistics.median(mine["per_s"] / theirs["per_s"] for mine, theirs in zip(self.rounds, other.rounds))


def standstill(core, seconds=2.0):
    """Share of the time, and the longest in ms, that a loop which only looks at the clock does not run for over half a
    millisecond: what takes the core away then is no server."""
    os.sched_setaffinity(0, {core})
    start = last = time.perf_counter()
    gaps = []
    while last - start < seconds:
        now = time.perf_counter()
        if now - last > 0.0005:
            gaps.append(now - last)
        last = now
    return sum(gaps) / seconds, 1e3 * max(gaps, default=0)


def tell_standstill():
    """A 99th percentile says little of a server where the machine itself stands still for a hundredth of the time."""
    cores = sorted(os.sched_getaffinity(0))
    with multiprocessing.Pool(len(cores)) as pool:
        for core, (share, longest) in zip(cores, pool.map(standstill, cores, 1)):
            print(f"  core {core} stands still for {100 * share:.2f} % of the time without any load, {longest:.1f} ms at once")


def measure(loads, words):
    """Rounds of all loads, in turn."""
    for load in loads.values():
        load.run(words, 0, 1)
    for turn in range(words.rounds):
        for name in list(loads)[::1 if turn % 2 else -1]:
            loads[name].rounds.append(loads[name].run(words, turn + 1, words.seconds))
    for name, load in loads.items():
        print(f"  {name:14} {load.median('per_s'):8.0f} requests/s, p50 {load.median('p50_ms'):7.3f} ms, p99 "
              f"{load.median('p99_ms'):8.3f} ms, CPU {load.median('cpu_us'):6.0f} us a request and "
              f"{load.median('wrk_us'):.0f} of wrk; rounds " + " ".join(f"{found['per_s']:.0f}" for found in load.rounds),
              flush=True)


def asked(server, request):
    status, body = server.ask(*request)
    if status != 200:
        raise RuntimeError(f"{type(server).__name__} answers {request[:2]} with {status}: {body[:300]}")
    return body


def check_rows(servers, atlas, texts):
    """Every server gives what the file says."""
    fields = table.FIELDS[1:]
    for text, value in zip(texts, [atlas.query(text, dataset=DATASET).value for text in texts]):
        answers = {name: json.loads(asked(server, server.row(text))) for name, server in servers.items()}
        if "datasette" in answers:
            answers["datasette"], = answers["datasette"]["rows"]
        for name, answer in answers.items():
            found = {field: answer[field] for field in fields}
            wanted = {field: answers["ours"][field] for field in fields}
            if answer["value"] != value or answer["architecture"] != text or found != wanted:
                raise RuntimeError(f"{name} answers {found}, and not {wanted} with {value}")


def rows(servers, atlas, words, folder):
    draw = random.Random(1)
    check_rows(servers, atlas, draw.sample(atlas.architectures, 200))
    loads = {name: Load(server, [packed(server.row(text)) for text in atlas.architectures], folder / f"{name}.row")
             for name, server in servers.items()}
    tell_standstill()
    measure(loads, words)
    tell_standstill()
    ours = loads["ours"]
    for name, bar in (("fastapi", 4), ("datasette", 40)):
        if name in loads:
            figure(f"row-over-{name}", ours.over(loads[name]), "", "≥", bar,
                   f"{ours.median('per_s'):.0f} over {loads[name].median('per_s'):.0f} requests/s")
        else:
            absent(f"row-over-{name}", "the peer is absent")
    figure("row-p99-ms", ours.median("p99_ms"), "ms ", "≤", 3)


def batches(servers, atlas, words, folder):
    draw = random.Random(2)
    batches = [draw.sample(range(len(atlas.architectures)), KEYS) for _ in range(50)]
    values = atlas.lookup(dataset=DATASET).values()
    texts = [[atlas.architectures[place] for place in batch] for batch in batches]
    asking = {name: server for name, server in servers.items() if hasattr(server, "batch")}
    for batch, keys in list(zip(batches, texts))[:5]:
        for name, server in asking.items():
            if json.loads(asked(server, server.batch(keys)))["values"] != values[batch].tolist():
                raise RuntimeError(f"{name} gives other values for a batch")
        told = asked(servers["ours"], servers["ours"].places(batch))
        if told != values[batch].astype("<f8").tobytes():
            raise RuntimeError("ours gives other values for a binary batch")
    loads = {f"{name} json": Load(server, [packed(server.batch(keys)) for keys in texts], folder / f"{name}.batch")
             for name, server in asking.items()}
    loads["ours binary"] = Load(
        servers["ours"], [packed(servers["ours"].places(batch)) for batch in batches], folder / "binary.batch")
    measure(loads, words)
    if "fastapi json" in loads:
        ours, theirs = loads["ours json"], loads["fastapi json"]
        figure("batch-json-over-fastapi", ours.over(theirs), "", "≥", 8,
               f"{ours.median('per_s'):.0f} over {theirs.median('per_s'):.0f} batches/s")
    else:
        absent("batch-json-over-fastapi", "the peer is absent")
    figure("batch-binary-keys-per-s", KEYS * loads["ours binary"].median("per_s"), "", "≥", 3_000_000)


def kept(program, words, folder):
    """Pages, fronts and rankings at 64 connections."""
    atlases = [NB201] + [atlas for atlas in [spikenas(program, folder)] if atlas]
    if len(atlases) == 1:
        print("  the published table of SpikeNAS is not there; NAS-Bench-201 alone is asked")
    server = Ours(program, atlases, folder / "kept.log")
    try:
        names = [atlas.stem for atlas in atlases]
        tables = [rankings.Table(server, name) for name in names]
        loads = {"page": Load(server, map(rankings.get, rankings.pages(server, names)), folder / "page.kept")}
        for kind in ("top", "pareto"):
            paths = list(rankings.distinct(tables, kind, 1))
            loads[f"{kind} repeated"] = Load(server, map(rankings.get, paths[:50]), folder / f"{kind}.kept")
            loads[f"{kind} distinct"] = Load(
                server, map(rankings.get, paths[50:]), folder / f"{kind}.distinct", once=True)
        before = server.memory()[0]
        measure(loads, argparse.Namespace(**{**vars(words), "threads": 1, "connections": rankings.CONNECTIONS}))
        print(f"  {server.memory()[1]:.0f} MB at most, {before:.0f} MB before")
        for name, load, bar in (
                ("page-per-s", "page", 2_000), ("pareto-per-s", "pareto repeated", 5_000),
                ("pareto-per-s-distinct", "pareto distinct", 100), ("top-per-s", "top repeated", 10_000),
                ("top-per-s-distinct", "top distinct", 2_000)):
            figure(name, loads[load].median("per_s"), "", "≥", bar, f"p99 {loads[load].median('p99_ms'):.1f} ms")
    finally:
        server.stop()


def export(program, folder):
    """Streams the whole table with its curves, and looks at the memory meanwhile."""
    atlas = spikenas(program, folder)
    if atlas is None:
        return absent("export-rss-growth-mb", "the published table is not there")
    server = Ours(program, atlas, folder / "spikenas.log")
    try:
        runs = json.loads(asked(server, ("GET", server.base)))["runs"]
        before = server.memory()[0]
        server.forget_peak()
        start = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request("GET", f"{server.base}/export")
        answer = connection.getresponse()
        lines = size = 0
        for line in answer:
            size += len(line)
            if line.startswith(b'{"run":'):
                lines += 1
                if lines % 500 == 1 and not json.loads(line)["run"]["curves"]:
                    raise RuntimeError("a run came without its curves")
        seconds = time.monotonic() - start
        if lines != runs:
            raise RuntimeError(f"{lines} runs came, and not {runs}")
        print(f"  {lines} runs with their curves, {size / 1e6:.0f} MB in {seconds:.1f} s; {before:.0f} MB before")
        figure("export-rss-growth-mb", server.memory()[1] - before, "MB ", "≤", 50)
    finally:
        server.stop()


def spikenas(program, folder):
    """The atlas of SpikeNAS; None where its table is absent."""
    if not (SHARED / "spikenas").exists():
        return None
    source, working, atlas = (folder / f"spikenas.{kind}" for kind in ("ndjson", "sqlite", "atlas"))
    if atlas.exists():
        return atlas
    importing = [sys.executable, "-m", "nasatlas.importing", "spikenas", "--from", SHARED / "spikenas", "--out", source]
    for command in (importing, [program, "ingest", source, "--into", working], [program, "publish", working, atlas]):
        subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    return atlas


def started(program, atlas, folder):
    """Ours and those peers that are installed, by name."""
    servers = {"ours": Ours(program, NB201, folder / "ours.log")}
    try:
        answer = json.loads(asked(servers["ours"], servers["ours"].row(atlas.architectures[0])))
        file = folder / "scores.db"
        table.write(file, atlas, DATASET, answer)
        for name, side in (("fastapi", FastAPI), ("datasette", Datasette)):
            try:
                __import__(name)
            except ImportError as error:
                absent(name, f"{error}")
                continue
            servers[name] = side(file, folder / f"{name}.log")
        return servers
    except BaseException:
        stop(servers)
        raise


def stop(servers):
    for server in servers.values():
        server.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=GROUPS)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--connections", type=int, default=16)
    words = parser.parse_args()
    if {"row", "batch", "kept"} & set(words.only) and not shutil.which("wrk"):
        sys.exit("wrk is not there; install it (Debian package wrk)")
    program = words.program.resolve()
    with tempfile.TemporaryDirectory(prefix="nasatlas-bench-") as name:
        folder = pathlib.Path(name)
        if {"row", "batch"} & set(words.only):
            atlas = nasatlas.open(NB201)
            servers = started(program, atlas, folder)
            try:
                for group, run in (("row", rows), ("batch", batches)):
                    if group in words.only:
                        print(f"{group}:", flush=True)
                        run(servers, atlas, words, folder)
            finally:
                stop(servers)
        if "kept" in words.only:
            print("kept:", flush=True)
            kept(program, words, folder)
        if "export" in words.only:
            print("export:", flush=True)
            export(program, folder)
    print("\n".join(["", *figures]))


if __name__ == "__main__":
    main()
