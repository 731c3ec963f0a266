"""R29: one client that posts the heaviest bodies does not slow down the others."""

import json
import multiprocessing
import os
import statistics
import struct
import threading
import time

from corpus import ATLAS, well_formed
from running import CELLS, SLOW, Client, Closed, ServerCase, percentile, say

CONNECTIONS = 8
SECONDS = 30 if SLOW else 3
ROUNDS = 3 if SLOW else 1
# Seconds: the promise, and in the short form, which runs beside builds and may use a debug build, a stall.
LIMIT = 0.05 if SLOW else 1.0
PROBES_PER_SECOND = 50
BODY = 2_097_152


def heaviest(ledger, texts):
    """Names and bytes of the heaviest requests with a body that every operation takes, and that it refuses."""
    ids = [f"{number:032x}" for number in range(10_000)]
    places = list(range(10_000))
    numbers = [0.12345678901234567 + number for number in places]
    question = "dataset=cifar10"
    zeros = "[" + ",".join("0" * 1_040_000) + "]"
    names = ("train_seconds", "epochs", "parameters", "accuracy_percent.validation")
    fields = "&".join(f"field={name}" for name in names)

    def post(target, body, kind="application/json", *fields):
        body = body if isinstance(body, bytes) else body.encode()
        head = [f"POST {target} HTTP/1.1", "Host: t", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *fields]
        return "\r\n".join([*head, "", ""]).encode() + body

    def keys(found, **rest):
        return json.dumps({"architectures": found, **rest})

    filler = " " * (BODY - 100)
    lists = [("values", f"{ATLAS}/values?{question}&epoch=best-so-far"),
             ("fields", f"{ATLAS}/fields?{question}&{fields}"), ("predictions", f"{ATLAS}/predictions?{question}")]
    found = []
    for name, target in lists:
        found += [(f"{name}: texts", post(target, keys(texts))), (f"{name}: ids", post(target, keys(ids))),
                  (f"{name}: escapes", post(target, keys(texts).replace("|", "\\u007c"))),
                  (f"{name}: too many", post(target, '{"architectures":' + zeros + "}")),
                  (f"{name}: garbage at the end", post(target, keys(texts)[:-1] + filler + "!"))]
    found += [
        ("values: binary", post(lists[0][1], struct.pack("<10000I", *places), "application/vnd.nasatlas.batch")),
        ("values: lines", post(lists[0][1], keys(places), "application/json", "Accept: application/x-ndjson",
                               "Accept-Encoding: gzip")),
        ("evaluate: ids", post(f"{ATLAS}/evaluate?{question}", keys(ids, predictions=numbers, deviations=numbers))),
        ("evaluate: places", post(f"{ATLAS}/evaluate?{question}", keys(places, predictions=numbers))),
        ("evaluate: uneven", post(f"{ATLAS}/evaluate?{question}", keys(texts, predictions=numbers[1:]))),
        ("evaluate: numbers", post(f"{ATLAS}/evaluate?{question}", '{"predictions":' + zeros + "}")),
        ("open", post(f"{ATLAS}/ledgers?{question}", filler + '{"unlimited":true}')),
        ("open: numbers", post(f"{ATLAS}/ledgers?{question}", '{"queries":' + zeros + "}")),
        ("ask", post(f"/v1/ledgers/{ledger}/ask", filler + json.dumps({"architecture": texts[0]}))),
        ("too long", post(f"/v1/ledgers/{ledger}/ask", " " * (BODY + 1))),
    ]
    for name, member in (("ask", "architecture"), ("close", "incumbent")):
        target = f"/v1/ledgers/{ledger}/{name}"
        found += [(f"{name}: zeros", post(target, f'{{"{member}":{zeros}}}')),
                  (f"{name}: a text", post(target, f'{{"{member}":"{"x" * (BODY - 100)}"}}')),
                  (f"{name}: brackets", post(target, "[" * BODY))]
    return found


def attack(port, requests, start, ended, answers):
    """Sends one request after the other on one connection, and starts with another one than its neighbors."""
    os.nice(10)
    number = start
    while not ended.is_set():
        try:
            with Client(port, timeout=60) as client:
                while not ended.is_set():
                    client.send(requests[number % len(requests)][1])
                    status = client.reply().status
                    number += 1
                    with answers.get_lock():
                        answers[status // 100] += 1
        except (Closed, OSError):
            number += 1


def probe(port, target, seconds, times, failures):
    """Asks at fixed times, whenever the answer before came, and counts from the time at which it was to ask."""
    with Client(port, timeout=60) as client:
        first = time.monotonic()
        for number in range(int(seconds * PROBES_PER_SECOND)):
            due = first + number / PROBES_PER_SECOND
            time.sleep(max(0, due - time.monotonic()))
            status = client.ask(target).status
            times.append(time.monotonic() - due)
            if status != 200:
                failures.append(status)


class OneAgainstAll(ServerCase):
    def probed(self, server, seconds):
        """99th percentiles of /live and of /value in seconds."""
        found, failures, threads = {}, [], []
        for name, port, target in (("/live", server.admin_port, "/live"), ("/value", server.port, well_formed()[0])):
            found[name] = []
            threads.append(threading.Thread(target=probe, args=(port, target, seconds, found[name], failures)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        self.assertTrue(all(len(times) == int(seconds * PROBES_PER_SECOND) for times in found.values()))
        return {name: percentile(times, 0.99) for name, times in found.items()}

    def test_the_heaviest_bodies_do_not_slow_others(self):
        server = self.serve(CELLS, state_folder=self.folder / "ledgers", ledgers=1_000_000)
        with server.client(timeout=60) as client:
            ledger = client.post(f"{ATLAS}/ledgers?dataset=cifar10", {"unlimited": True}).json()["terms"]["id"]
            page = client.ask(f"{ATLAS}/architectures?limit=1000").json()["architectures"]
        texts = [line["canonicalText"] for line in page] * 10
        requests = heaviest(ledger, texts)
        idle = self.probed(server, SECONDS)
        rounds, tops = [], []
        context = multiprocessing.get_context("fork")
        for _ in range(ROUNDS):
            ended, answers = context.Event(), context.Array("q", 6)
            attackers = [context.Process(target=attack, args=(server.port, requests, 4 * number, ended, answers))
                         for number in range(CONNECTIONS)]
            for attacker in attackers:
                attacker.start()
            try:
                time.sleep(0.5)
                rounds.append(self.probed(server, SECONDS))
                with server.client(timeout=60) as client:
                    start = time.monotonic()
                    self.assertEqual(client.ask(f"{ATLAS}/top?dataset=cifar10").status, 200)
                    tops.append(time.monotonic() - start)
            finally:
                ended.set()
                for attacker in attackers:
                    attacker.join(60)
            self.assertGreater(answers[2], 0)
            self.assertGreater(answers[4], 0)
        told = []
        for name in idle:
            found = statistics.median(one[name] for one in rounds)
            told.append(f"{name} p99 {found * 1000:.1f} ms (idle {idle[name] * 1000:.1f} ms)")
            self.assertLess(found, LIMIT, name)
        self.assertLess(statistics.median(tops), 20 * LIMIT)
        self.assertNothingUnforeseen(server)
        say(f"R29: {CONNECTIONS} connections with {len(requests)} heaviest bodies, {ROUNDS} × {SECONDS} s, "
            f"answers by hundreds {dict(enumerate(answers))}: {', '.join(told)}; "
            f"top {statistics.median(tops) * 1000:.0f} ms")
