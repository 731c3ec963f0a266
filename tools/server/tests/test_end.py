"""R21: SIGTERM lets requests end and no new ones begin; after kill -9 a new process is soon ready with all ledgers."""

import signal
import subprocess
import threading
import time

from running import CELL, CELLS, PROGRAM, SLOW, Client, Closed, ServerCase, say


class End(ServerCase):
    def test_sigterm_drains(self):
        server = self.serve(CELLS)
        body = b'{"architectures": [0, 1, 2]}'
        with server.client() as idle, server.client() as slow, \
                server.client(receive_bytes=4096) as streaming:
            idle.ask("/v1/atlases")
            slow.send(b"POST /v1/atlases/nasbench201/values?dataset=cifar10 HTTP/1.1\r\nHost: t\r\n"
                      b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body[:7])
            streaming.send(b"GET /v1/atlases/nasbench201/file HTTP/1.1\r\nHost: t\r\n\r\n")
            # What lies unread in a socket when the signal comes has not begun.
            time.sleep(0.5)
            start = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            with self.assertRaises((ConnectionRefusedError, Closed)), Client(server.port, timeout=2) as late:
                late.ask("/v1/atlases")
            slow.send(body[7:])
            self.assertEqual(slow.reply().status, 200)
            self.assertEqual(streaming.reply().body, CELLS.read_bytes())
            self.assertEqual(server.process.wait(20), 0)
        took = time.monotonic() - start
        self.assertLess(took, 10)
        say(f"R21: SIGTERM with three connections, one sending and one receiving: exit 0 after {took:.1f} s")

    def test_whoever_never_ends_does_not_hold_the_end_up(self):
        server = self.serve(CELLS, drain_seconds=1)
        with server.client() as stuck:
            stuck.send(b"POST /v1/atlases/nasbench201/values HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\n{")
            time.sleep(0.2)
            start = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(server.process.wait(20), 0)
        self.assertLess(time.monotonic() - start, 5)

    def test_kill_and_start_again(self):
        verifying = time.monotonic()
        subprocess.run([PROGRAM, "verify", CELLS], check=True, capture_output=True)
        verifying = time.monotonic() - verifying
        ready, port, ledger, spent = [], 0, None, 0
        for _ in range(10 if SLOW else 3):
            server = self.serve(CELLS, port=port, state_folder=self.folder / "ledgers")
            port = server.port
            ready.append(server.seconds_to_ready)
            with server.client() as client:
                if ledger is None:
                    opened = client.post("/v1/atlases/nasbench201/ledgers?dataset=cifar10", {"queries": 100})
                    self.assertEqual(opened.status, 201)
                    ledger = opened.json()["terms"]["id"]
                told = client.ask(f"/v1/ledgers/{ledger}").json()
                self.assertEqual(told["spent"]["queries"], spent)
                asked = client.post(f"/v1/ledgers/{ledger}/ask", {"architecture": CELL, "epoch": "200"})
                self.assertEqual(asked.status, 200, asked.body)
                spent = 1
            ended = threading.Event()
            threading.Thread(target=self.load, args=(server.port, ended), daemon=True).start()
            time.sleep(0.2)
            server.kill()
            ended.set()
        say(f"R21: kill -9 under load: ready again after {max(ready):.2f} s at worst, of which opening checks every "
            f"page (`nasatlas verify`, which checks more, takes {verifying:.2f} s)")
        self.assertLess(min(ready), 1 + verifying)

    def load(self, port, ended):
        try:
            with Client(port) as client:
                while not ended.is_set():
                    client.ask("/v1/atlases/nasbench201/top?dataset=cifar10")
        except (Closed, OSError):
            pass
