"""R18: clients that are slow on purpose are cut off, and all others hardly notice."""

import resource
import select
import threading
import time

from corpus import well_formed
from running import CELLS, SLOW, Client, Closed, ServerCase, percentile, say

IDLE = 1_000
# Seconds that the server allows here; by default it is 20 and 30.
LIMIT = 5 if SLOW else 2


class SlowClients(ServerCase):
    def setUp(self):
        super().setUp()
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        if before[1] != resource.RLIM_INFINITY and before[1] < 4_096:
            self.skipTest(f"only {before[1]} files may be open; 1,000 connections need 4,096")
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], 4_096), before[1]))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, before)

    def attackers(self, port):
        """Connections by what they do; all of them have begun."""
        found = {"idle": [], "idle after a request": [], "slow head": [], "slow body": [], "slow reader": []}
        for kind, count in (("idle", IDLE), ("idle after a request", 50), ("slow head", 100), ("slow body", 100),
                            ("slow reader", 20)):
            for _ in range(count):
                # With the least buffer, so that an answer does not vanish in it.
                client = Client(port, receive_bytes=4_096 if kind == "slow reader" else None)
                self.addCleanup(client.socket.close)
                found[kind].append(client)
                if kind == "idle after a request":
                    client.ask("/v1/atlases")
                elif kind == "slow head":
                    client.send(b"GET /v1/atlases HTTP/1.1\r\nHost: t\r\n")
                elif kind == "slow body":
                    client.send(b"POST /v1/atlases/nasbench201/values HTTP/1.1\r\nHost: t\r\n"
                                b"Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{")
                elif kind == "slow reader":
                    client.send(b"GET /v1/atlases/nasbench201/export?dataset=cifar10 HTTP/1.1\r\nHost: t\r\n\r\n")
        return found

    def test_who_behaves_is_answered_while_others_do_not(self):
        server = self.serve(
            CELLS, request_seconds=LIMIT, stall_seconds=LIMIT, idle_seconds=LIMIT + 1, connections=4_000)
        before = server.connections()
        times, failures, ended = [], [], threading.Event()

        def behave():
            target, value = well_formed()
            with server.client() as client:
                while not ended.is_set():
                    start = time.monotonic()
                    reply = client.ask(target)
                    times.append(time.monotonic() - start)
                    if reply.json()["value"] != value:
                        failures.append(reply.body)
                    time.sleep(0.02)

        thread = threading.Thread(target=behave)
        thread.start()
        try:
            start = time.monotonic()
            attackers = self.attackers(server.port)
            opened = time.monotonic() - start
            memory = server.memory_mib()
            dripping = {client for kind in ("slow head", "slow body") for client in attackers[kind]}
            waiting = {client.socket.fileno(): (kind, client) for kind, all_of in attackers.items()
                       for client in all_of if kind != "slow reader"}
            closed = {}
            poll = select.poll()
            for number in waiting:
                poll.register(number, select.POLLIN | select.POLLHUP)
            while waiting and time.monotonic() - start < opened + 4 * LIMIT + 10:
                for client in list(dripping):
                    try:
                        client.send(b"x")
                    except (Closed, OSError):
                        dripping.discard(client)
                for number, _ in poll.poll(100):
                    kind, client = waiting[number]
                    try:
                        # An answer that says why may come first.
                        if client.socket.recv(65_536):
                            continue
                    except OSError:
                        pass
                    dripping.discard(client)
                    poll.unregister(number)
                    del waiting[number]
                    closed[kind] = time.monotonic() - start
                time.sleep(0.05)
            self.assertEqual([kind for kind, _ in waiting.values()], [])
            # Who reads nothing does not see the end; the server's own connections tell. An answer stalls once the buffers
            # between the two are full, and twenty of them take a while to fill.
            while server.connections() > before + 1 and time.monotonic() - start < opened + 4 * LIMIT + 30:
                time.sleep(0.1)
            self.assertLessEqual(server.connections(), before + 1)
            closed["slow reader"] = time.monotonic() - start
        finally:
            ended.set()
            thread.join()
        self.assertEqual(failures, [])
        self.assertGreater(len(times), 50)
        self.assertLess(percentile(times, 0.99), 0.2)
        for kind, seconds in closed.items():
            self.assertLess(seconds, opened + 2 * LIMIT + (34 if kind == "slow reader" else 4), kind)
        self.assertNothingUnforeseen(server)
        told = ", ".join(f"{kind} {seconds:.1f} s" for kind, seconds in closed.items())
        say(f"R18: {sum(map(len, attackers.values()))} connections that dawdle (limit {LIMIT} s, opened within "
            f"{opened:.1f} s, {memory:.0f} MiB): the last closed {told}; beside them {len(times)} good requests, p99 "
            f"{percentile(times, 0.99) * 1000:.1f} ms")

    def test_questions_without_end_take_no_memory(self):
        """Who asks on and takes no answer is not read any further, and then cut off."""
        server = self.serve(CELLS, request_seconds=60, stall_seconds=LIMIT, idle_seconds=60)
        target, value = well_formed()
        questions = b"GET %s HTTP/1.1\r\nHost: t\r\n\r\n" % target.encode() * 1_000
        before = server.memory_mib()
        clients = [server.client(timeout=30, receive_bytes=4_096) for _ in range(20)]
        threads, cut_off, sent = [], [], []

        def ask_on(client):
            try:
                for _ in range(2_000):
                    client.send(questions)
                    sent.append(len(questions))
            except (Closed, OSError):
                cut_off.append(client)

        for client in clients:
            self.addCleanup(client.socket.close)
            threads.append(threading.Thread(target=ask_on, args=(client,)))
            threads[-1].start()
        most = before
        while any(thread.is_alive() for thread in threads):
            most = max(most, server.memory_mib())
            time.sleep(0.02)
        self.assertEqual(len(cut_off), len(clients))
        self.assertLess(most - before, 100)
        with server.client() as client:
            self.assertEqual(client.ask(target).json()["value"], value)
        self.assertNothingUnforeseen(server)
        say(f"R18: {len(clients)} clients asked on without reading, {sum(sent) / 1e6:.0f} MB: {most - before:.0f} MiB "
            f"more memory, all cut off")
