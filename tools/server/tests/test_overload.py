"""R19: more load than is allowed is refused with the time to come again, and it leaves nothing behind."""

import threading
import time
from collections import Counter
from urllib.parse import quote

from corpus import ATLAS, well_formed
from running import CELLS, SLOW, Closed, ServerCase, percentile, say

SECONDS = 20 if SLOW else 2


def load(server, target, threads, seconds):
    """Statuses, times of what was answered, and complaints about answers, of clients that never pause."""
    statuses, times, odd = Counter(), [], []
    end = time.monotonic() + seconds

    def ask():
        count, own = Counter(), []
        try:
            with server.client() as client:
                while time.monotonic() < end:
                    start = time.monotonic()
                    reply = client.ask(target)
                    own.append(time.monotonic() - start)
                    count[reply.status] += 1
                    if reply.status in (429, 503) and not 1 <= int(reply.headers.get("retry-after", 0)) <= 60:
                        odd.append(dict(reply.headers))
        except (Closed, OSError) as error:
            odd.append(repr(error))
        statuses.update(count)
        times.extend(own)

    running = [threading.Thread(target=ask) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return statuses, times, odd


class Overload(ServerCase):
    def seconds_until_answered(self, server, target):
        start = time.monotonic()
        with server.client() as client:
            while client.ask(target).status != 200:
                self.assertLess(time.monotonic() - start, 10)
                time.sleep(0.02)
        return time.monotonic() - start

    def test_load_without_limits_has_no_errors(self):
        server = self.serve(CELLS)
        target, _ = well_formed()
        seconds = 3 * SECONDS
        statuses, times, odd = load(server, target, 4, seconds)
        self.assertEqual((set(statuses), odd), ({200}, []))
        say(f"R19: 4 clients for {seconds} s: {sum(statuses.values())} answers, 0 errors, "
            f"p99 {percentile(times, 0.99) * 1000:.1f} ms")

    def test_ten_times_the_rate_is_shed(self):
        rate = 20
        server = self.serve(CELLS, requests_per_second=rate, request_burst=rate)
        target, _ = well_formed()
        statuses, times, odd = load(server, target, 4, SECONDS)
        self.assertEqual((set(statuses), odd), ({200, 429}, []))
        self.assertGreater(sum(statuses.values()), 10 * rate * SECONDS)
        self.assertLessEqual(abs(statuses[200] - rate * (SECONDS + 1)), rate, statuses)
        recovered = self.seconds_until_answered(server, target)
        self.assertLess(recovered, 2)
        say(f"R19: {sum(statuses.values()) / SECONDS / rate:.0f} times the rate: {dict(statuses)}, "
            f"p99 {percentile(times, 0.99) * 1000:.1f} ms, answered again after {recovered:.2f} s")

    def test_questions_that_take_too_long_are_shed(self):
        server = self.serve(CELLS, query_milliseconds=5)
        heavy = f"{ATLAS}/top?dataset=cifar10&epoch=best-so-far&where=" + quote(
            " and ".join(["accuracy_percent.validation >= 0"] * 60), "")
        statuses, times, odd = load(server, heavy, 10, SECONDS)
        self.assertLess(percentile(times, 0.99), 1, "the limit is that of one answer; ten clients share two threads")
        self.assertEqual((set(statuses), odd), ({503}, []))
        target, value = well_formed()
        recovered = self.seconds_until_answered(server, target)
        self.assertLess(recovered, 2)
        with server.client() as client:
            self.assertEqual(client.ask(target).json()["value"], value)
        self.assertIsNone(server.process.poll())
        say(f"R19: ten clients with questions over the limit: {dict(statuses)}, "
            f"p99 {percentile(times, 0.99) * 1000:.0f} ms, answered again after {recovered:.2f} s")

    def test_more_connections_than_allowed_are_refused(self):
        server = self.serve(CELLS, connections=20)
        target, value = well_formed()
        clients = []
        for number in range(200):
            clients.append(server.client())
            self.addCleanup(clients[-1].socket.close)
            # The first twenty keep their connections.
            if number < 20:
                self.assertEqual(clients[-1].ask(target).json()["value"], value)
        start = time.monotonic()
        for client in clients[20:]:
            reply = client.reply()
            self.assertEqual((reply.status, reply.headers["retry-after"], reply.json()["code"]),
                             (503, "1", "server.connections"))
        said = time.monotonic() - start
        for client in clients[:20]:
            self.assertEqual(client.ask(target).json()["value"], value)
        for client in clients:
            client.socket.close()
        start = time.monotonic()
        while True:
            with server.client() as client:
                reply = client.ask(target)
            if reply.status == 200:
                break
            self.assertLess(time.monotonic() - start, 2)
            time.sleep(0.02)
        self.assertNothingUnforeseen(server)
        say(f"R19: 180 connections more than the 20 that are allowed: all refused within {said:.2f} s, "
            f"answered again after {time.monotonic() - start:.2f} s")
