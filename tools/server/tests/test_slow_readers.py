"""R29: clients that ask for much and read nothing cost little memory, delay nobody, and leave nothing behind."""

import re
import resource
import shutil
import subprocess
import threading
import time
import unittest

from corpus import ATLAS, well_formed
from running import CELLS, SLOW, Client, ServerCase, percentile, say

READERS = 1_000 if SLOW else 200
# MiB that they may add, and seconds that others may wait; a debug build beside other work gets more time.
MEMORY = 300 if SLOW else 100
LIMIT = 0.2 if SLOW else 15.0
TARGETS = [f"{ATLAS}/file", f"{ATLAS}/export", "/atlases/nasbench201?dataset=cifar10"]


def largest_chart(server):
    """The longest of the charts that the page of the atlas links to, and its bytes."""
    with server.client(timeout=60) as client:
        page = client.ask(TARGETS[2]).body.decode()
        links = {found.replace("&amp;", "&") for found in re.findall(r'"(/atlases/[^"]*/charts/[^"]*)"', page)}
        return max((len(client.ask(link).body), link) for link in links)[::-1]


class SlowReaders(ServerCase):
    def setUp(self):
        super().setUp()
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        if before[1] != resource.RLIM_INFINITY and before[1] < 4_096:
            self.skipTest(f"only {before[1]} files may be open; {READERS:,} connections need 4,096")
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], 4_096), before[1]))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, before)

    def others(self, server, ended, times):
        """Asks 50 times a second until the end, and counts from the time at which it was to ask."""
        target, value = well_formed()
        with server.client(timeout=60) as client:
            first, number = time.monotonic(), 0
            while not ended.is_set():
                due = first + number / 50
                time.sleep(max(0, due - time.monotonic()))
                self.assertEqual(client.ask(target).json()["value"], value)
                times.append(time.monotonic() - due)
                number += 1

    def measured(self, server, attack, name):
        """What an attack costs: runs it while others ask."""
        ended, times, most = threading.Event(), [], [0]
        thread = threading.Thread(target=self.others, args=(server, ended, times))
        before = server.memory_mib()

        def watch():
            while not ended.is_set():
                most[0] = max(most[0], server.memory_mib())
                time.sleep(0.05)

        watcher = threading.Thread(target=watch)
        thread.start()
        watcher.start()
        try:
            attack()
        finally:
            ended.set()
            thread.join()
            watcher.join()
        last = time.monotonic() + 20
        while server.connections() > self.idle and time.monotonic() < last:
            time.sleep(0.1)
        # Memory comes back half a second after the last connection.
        time.sleep(2)
        after = server.memory_mib()
        say(f"R29: {name}: {most[0] - before:.0f} MiB more, {after - before:.0f} MiB afterwards; "
            f"{len(times)} other requests, p99 {percentile(times, 0.99) * 1000:.1f} ms")
        self.assertLess(most[0] - before, MEMORY, name)
        self.assertLess(after - before, MEMORY / 4, name)
        self.assertLess(percentile(times, 0.99), LIMIT, name)

    def served(self):
        server = self.serve(CELLS, connections=4_000, stall_seconds=60, idle_seconds=60)
        self.idle = server.connections()
        self.chart, length = largest_chart(server)
        say(f"R29: the longest chart has {length:,} bytes")
        return server

    def test_readers_that_take_nothing(self):
        server = self.served()
        for target in [*TARGETS, self.chart]:
            clients = []

            def attack(target=target, clients=clients):
                for _ in range(READERS):
                    client = Client(server.port, receive_bytes=4_096)
                    self.addCleanup(client.socket.close)
                    client.send(f"GET {target} HTTP/1.1\r\nHost: t\r\n\r\n".encode())
                    clients.append(client)
                time.sleep(20 if SLOW else 5)
                for client in clients:
                    client.socket.close()

            self.measured(server, attack, f"{READERS} readers of {target.split('?')[0]} that take nothing")
        self.assertNothingUnforeseen(server)

    def test_a_file_that_is_read_slowly_comes_whole(self):
        server = self.served()
        with server.client(timeout=60, receive_bytes=65_536) as client:
            client.send(f"GET {ATLAS}/file HTTP/1.1\r\nHost: t\r\n\r\n".encode())
            time.sleep(2)
            self.assertEqual(client.reply().body, CELLS.read_bytes())
        with server.client(timeout=60) as client:
            lines = client.ask(f"{ATLAS}/export?dataset=cifar10").body.splitlines()
            runs = {setting["dataset"]: setting["runs"] for setting in client.ask(ATLAS).json()["settings"]}
        self.assertEqual(sum(line.startswith(b'{"run"') for line in lines), runs["cifar10"])

    @unittest.skipUnless(SLOW, "takes minutes; NASATLAS_SLOW=1 runs it")
    @unittest.skipUnless(shutil.which("slowhttptest"), "there is no slowhttptest (Debian package slowhttptest)")
    def test_slowhttptest(self):
        """Its -X asks again and again on each connection, with a small window, and reads a few bytes a second."""
        server = self.served()
        for target in [*TARGETS, self.chart]:
            def attack(target=target):
                subprocess.run(
                    ["slowhttptest", "-X", "-c", "1000", "-r", "200", "-w", "512", "-y", "1024", "-n", "5", "-z", "32",
                     "-k", "3", "-l", "40", "-p", "3", "-u", f"http://127.0.0.1:{server.port}{target}"],
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, cwd=self.folder)

            self.measured(server, attack, f"slowhttptest -X on {target.split('?')[0]}")
        self.assertNothingUnforeseen(server)


if __name__ == "__main__":
    unittest.main()
