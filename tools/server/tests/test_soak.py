"""R23: a server that is asked everything for hours keeps its memory and its descriptors.

Rounds of load alternate with pauses in which all clients are gone; memory and descriptors are read in the pauses.
"""

import json
import os
import random
import re
import subprocess
import threading
import time
import unittest
from collections import Counter
from urllib.parse import quote

from corpus import ATLAS, injections, malformed, well_formed
from running import CELLS, PROGRAM, SLOW, Closed, ServerCase, make_atlas, place, say
from trend import slope

MINUTES = float(os.environ.get("NASATLAS_SOAK_MINUTES", 10 if SLOW else 0.25))
ROUND_SECONDS = min(max(MINUTES * 60 / 40, 2), 20)
CLIENTS = 3
# MB an hour: the promise.
BAR = 1.0
LEDGERS = 32


class Asking(threading.Thread):
    """A client that asks everything in turn, at random, until the end of the round."""

    def __init__(self, soak, seed, end):
        super().__init__()
        self.soak, self.end, self.draw = soak, end, random.Random(seed)
        self.counts, self.odd = Counter(), []

    def run(self):
        kinds = [self.value, self.value, self.value, self.batch, self.binary, self.top, self.pareto, self.page,
                 self.page, self.chart, self.export, self.ledger, self.ledger, self.refused, self.refused, self.broken,
                 self.broken]
        while time.monotonic() < self.end:
            kind = self.draw.choice(kinds)
            try:
                with self.soak.server.client(timeout=60) as client:
                    for _ in range(self.draw.randrange(1, 4)):
                        self.counts[kind.__name__] += 1
                        kind(client)
            except (Closed, TimeoutError) as error:
                if kind not in (self.refused, self.broken):
                    self.odd.append((kind.__name__, repr(error)))
            # Leaves the machine's other work a core.
            time.sleep(0.01)

    def good(self, client, target, status=200, **rest):
        reply = client.ask(target, **rest)
        if reply.status != status:
            self.odd.append((target[:200], reply.status, reply.body[:200]))
        return reply

    def value(self, client):
        target, value = well_formed()
        if self.good(client, target).json()["value"] != value:
            self.odd.append((target, "another value"))
        kind, number = self.draw.choice(("answer", "curve", "neighbors")), self.draw.randrange(15_625)
        self.good(client, f"{ATLAS}/{kind}?dataset=cifar10&architecture=place:{number}")

    def posted(self, client, target, body, kind="application/json", status=200):
        return self.good(client, target, status, method="POST", headers={"Content-Type": kind}, body=body)

    def batch(self, client):
        places = json.dumps({"architectures": [self.draw.randrange(15_625) for _ in range(1_000)]})
        self.posted(client, f"{ATLAS}/values?dataset=cifar10", places)
        self.posted(client, f"{ATLAS}/fields?dataset=cifar10&field=train_seconds", places)
        self.posted(client, "/v1/atlases/study/predictions", '{"architectures": [0, 1, 2]}')

    def binary(self, client):
        places = b"".join(self.draw.randrange(15_625).to_bytes(4, "little") for _ in range(1_000))
        self.posted(client, f"{ATLAS}/values?dataset=cifar10", places, "application/vnd.nasatlas.batch")

    def top(self, client):
        # A question that is new each time: no kept answer serves it.
        where = quote(f"accuracy_percent.validation > {self.draw.random() * 90}")
        self.good(client, f"{ATLAS}/top?dataset=cifar10&count={self.draw.randrange(1, 200)}&where={where}")
        self.good(client, "/v1/atlases/study/top?count=5")

    def pareto(self, client):
        objectives = "objective=accuracy_percent.validation&objective=train_seconds"
        self.good(client, f"{ATLAS}/pareto?dataset=cifar10&{objectives}")

    def page(self, client):
        self.good(client, self.draw.choice((
            "/", "/atlases/nasbench201?dataset=cifar10", "/atlases/study", "/docs", "/v1/openapi.json",
            f"/atlases/nasbench201/architecture?a=place:{self.draw.randrange(15_625)}&dataset=cifar10")))

    def chart(self, client):
        self.good(client, self.draw.choice(self.soak.charts))

    def export(self, client):
        self.good(client, self.draw.choice((
            "/v1/atlases/study/export", "/v1/atlases/study/file", f"{ATLAS}/file", f"{ATLAS}/manifest")))

    def ledger(self, client):
        ledger = self.draw.choice(self.soak.ledgers)
        self.good(client, f"/v1/ledgers/{ledger}")
        self.good(client, f"/v1/ledgers/{ledger}/history")
        # Spent: a ledger that takes answers grows, as it should.
        self.posted(client, f"/v1/ledgers/{ledger}/ask", '{"architecture": 9}', status=409)
        self.posted(client, f"{ATLAS}/ledgers?dataset=cifar10", '{"queries": 1}', status=503)

    def refused(self, client):
        reply = client.ask(f"{ATLAS}/top?where={quote(self.draw.choice(self.soak.texts), '')}")
        if reply.status >= 500:
            self.odd.append((reply.status, reply.body[:200]))
        client.socket.settimeout(0.3)
        client.send(self.draw.choice(self.soak.malformed))
        client.reply()

    def broken(self, client):
        target = self.draw.choice(("export?dataset=cifar10", "file"))
        whole = f"GET {ATLAS}/{target} HTTP/1.1\r\nHost: t\r\n\r\n".encode()
        half = f"POST {ATLAS}/values HTTP/1.1\r\nHost: t\r\nContent-Length: 900\r\n\r\n{{".encode()
        data = self.draw.choice((whole, whole * 3, half, whole[:9], b"\x16\x03\x01"))
        client.send(data)
        if data.startswith(whole) and self.draw.random() < 0.5:
            client.receive()
        client.break_off()
        raise Closed


class Soak(ServerCase):
    def serving(self):
        for name, bias in (("old", 0.1), ("new", 0.2)):
            make_atlas(self.folder / f"{name}.atlas", bias)
            words = [PROGRAM, "fit", self.folder / f"{name}.atlas", "--predictor", "ridge", "--folds", "2"]
            fitted = subprocess.run(words, capture_output=True, text=True, check=False)
            self.assertEqual(fitted.returncode, 0, fitted.stderr)
            surrogate, = self.folder.glob(f"{name}.*.surrogate")
            surrogate.rename(str(surrogate).replace(f"{name}.", "study.", 1) + f".{name}")
        self.study = self.folder / "study.atlas"
        self.swap(0)
        self.server = self.serve(CELLS, self.study, state_folder=self.folder / "ledgers", ledgers=LEDGERS,
                                 kept_answer_bytes=1 << 20, idle_seconds=10, stall_seconds=60, request_seconds=60,
                                 query_milliseconds=60_000)
        self.malformed = [data for _, data in malformed(400) if len(data) < 100_000]
        self.texts = injections()
        with self.server.client(timeout=60) as client:
            page = client.ask("/atlases/nasbench201?dataset=cifar10").body.decode()
            self.charts = self.links(page)
            self.ledgers = []
            for _ in range(LEDGERS):
                opened = client.post(f"{ATLAS}/ledgers?dataset=cifar10", {"queries": 1})
                self.assertEqual(opened.status, 201, opened.body)
                self.ledgers.append(opened.json()["terms"]["id"])
                asked = client.post(f"/v1/ledgers/{self.ledgers[-1]}/ask", {"architecture": 1})
                self.assertEqual(asked.status, 200, asked.body)
        self.settle(None)
        self.idle = self.server.connections()

    @staticmethod
    def links(page):
        return sorted({found.replace("&amp;", "&") for found in re.findall(r'"(/atlases/[^"]*/charts/[^"]*)"', page)})

    def swap(self, number):
        """Another study takes the place of the one that is served, with its surrogate."""
        name = ("old", "new")[number % 2]
        place(self.folder / f"{name}.atlas", self.study)
        for surrogate in self.folder.glob(f"study.*.{name}"):
            os.replace(self.copy(surrogate), str(surrogate).removesuffix(f".{name}"))

    def copy(self, path):
        target = self.folder / "copy"
        target.write_bytes(path.read_bytes())
        return target

    def settle(self, connections):
        """Waits until the server has seen that all clients are gone."""
        end = time.monotonic() + 20
        time.sleep(0.3)
        while connections is not None and self.server.connections() > connections and time.monotonic() < end:
            time.sleep(0.05)

    def one_round(self, number, counts):
        asking = [Asking(self, f"{number}:{client}", time.monotonic() + ROUND_SECONDS) for client in range(CLIENTS)]
        for thread in asking:
            thread.start()
        time.sleep(ROUND_SECONDS / 2)
        self.swap(number)
        self.server.hup()
        for thread in asking:
            thread.join()
            counts.update(thread.counts)
            self.assertEqual(thread.odd, [], thread.odd[:3])
        self.settle(self.idle)
        self.assertNothingUnforeseen(self.server)

    def test_memory_and_descriptors_stay(self):
        self.serving()
        samples, counts, start = [], Counter(), time.monotonic()
        while time.monotonic() < start + MINUTES * 60:
            self.one_round(len(samples), counts)
            samples.append(((time.monotonic() - start) / 3_600, self.server.memory_mib(), self.server.descriptors()))
        # Pools, kept answers and the allocator's arenas fill up first.
        warm = [sample for sample in samples if sample[0] >= min(0.5, samples[-1][0] / 3)]
        descriptors = sorted({count for _, _, count in warm})
        self.assertEqual(len(counts), 11, counts)
        self.assertLessEqual(descriptors[-1] - descriptors[0], 2, [sample[2] for sample in samples])
        hours, values = warm[-1][0] - warm[0][0], [mib * 1.048576 for _, mib, _ in warm]
        middle, low, high = slope([(time, value) for (time, _, _), value in zip(warm, values)])
        third = max(len(values) // 3, 1)
        # The memory of an atlas that was swapped comes back in steps: less than a step shows nothing.
        step = max(abs(late - early) for early, late in zip(values, values[1:]))
        say(f"R23: {MINUTES:g} minutes, {counts.total():,} requests of {len(counts)} kinds in {len(samples)} rounds; "
            f"after the warm-up, {hours * 60:.1f} minutes: memory {middle:+.2f} MB an hour (95 % interval {low:+.2f} to "
            f"{high:+.2f}), first third {min(values[:third]):.1f} to {max(values[:third]):.1f} MB, last third "
            f"{min(values[-third:]):.1f} to {max(values[-third:]):.1f} MB; descriptors {descriptors[0]} to "
            f"{descriptors[-1]}; steps of {step:.1f} MB hide growth below {step / hours * 1.5:.1f} MB an hour")
        if MINUTES >= 5:
            self.assertFalse(low > BAR and min(values[-third:]) > max(values[:third]),
                             f"memory grows by {middle:.2f} MB an hour, at least {low:.2f}: "
                             f"{[round(value, 1) for value in values]}")
        self.assertEqual(self.server.stop(), 0)


class Trend(unittest.TestCase):
    def test_slope(self):
        draw = random.Random(23)
        flat = [(number / 60, 100 + draw.gauss(0, 1)) for number in range(60)]
        middle, low, high = slope(flat)
        self.assertTrue(low < 0 < high and abs(middle) < 1.5, (middle, low, high))
        growing = [(time, value + 5 * time) for time, value in flat]
        growing[30] = (growing[30][0], 900)
        middle, low, high = slope(growing)
        self.assertTrue(low > 1 and low < middle < high and abs(middle - 5) < 1.5, (middle, low, high))
        # scipy.stats.theilslopes([1, 3, 2, 5, 4, 7], [0, 1, 2, 4, 5, 6]) of SciPy 1.17.1
        found = slope([(0, 1), (1, 3), (2, 2), (4, 5), (5, 4), (6, 7)])
        self.assertEqual([round(value, 9) for value in found], [0.8, -1.0, 2.0])


if __name__ == "__main__":
    unittest.main()
