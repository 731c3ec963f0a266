"""Two instances behind nginx: an atlas is swapped, an instance restarted, another one killed; no request fails."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import unittest
from collections import Counter
from pathlib import Path

DEPLOY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(DEPLOY.parent / "server" / "tests"))

from running import SLOW, Client, Closed, ServerCase, make_atlas, place, say  # noqa: E402

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
ROUNDS = 10 if SLOW else 1


def free_ports(count):
    """Ports that nothing listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Nginx:
    """nginx as an ordinary user, with all its files in one folder, and the configuration of this repository."""

    def __init__(self, folder, port, instances):
        text = (DEPLOY / "nginx.conf").read_text()
        for written, ours in zip(("8100", "8101", "8102"), (port, *instances)):
            text = text.replace(f"127.0.0.1:{written}", f"127.0.0.1:{ours}")
        folder.mkdir()
        paths = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in (
            "client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        self.errors = folder / "error.log"
        self.configuration = folder / "nginx.conf"
        self.configuration.write_text(
            f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {self.errors} warn;\n"
            f"events {{ worker_connections 512; }}\nhttp {{\naccess_log off;\n{paths}{text}\n}}\n")
        self.words = [NGINX, "-p", str(folder), "-c", str(self.configuration), "-e", str(self.errors)]
        subprocess.run([*self.words, "-t", "-q"], check=True)
        self.process = subprocess.Popen(self.words)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise AssertionError(self.errors.read_text())

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


@unittest.skipUnless(NGINX, "there is no nginx; apt-get install nginx-light brings it")
class BehindNginx(ServerCase):
    def setUp(self):
        super().setUp()
        self.digests = {name: make_atlas(self.folder / f"{name}.atlas", bias)
                        for name, bias in (("old", 0.1), ("new", 0.2))}
        self.atlas = self.folder / "study.atlas"
        place(self.folder / "old.atlas", self.atlas)
        self.port, *self.ports = free_ports(3)
        self.instances = [self.start(number) for number in range(2)]
        nginx = Nginx(self.folder / "nginx", self.port, self.ports)
        self.nginx = nginx
        self.addCleanup(nginx.stop)

    def start(self, number):
        return self.serve(self.atlas, port=self.ports[number], state_folder=self.folder / f"ledgers-{number}")

    def test_a_rolling_swap_under_load(self):
        met, failures, ended, killing, cut = Counter(), [], threading.Event(), threading.Event(), []

        def ask(number):
            count, requests, target = Counter(), 0, ""
            client = Client(self.port)
            try:
                while not ended.is_set():
                    requests += 1
                    target, method, body, headers = "/v1/atlases/study/top?count=3", "GET", None, {}
                    if requests % 5 == 1:
                        target, method = "/v1/atlases/study/values?dataset=first", "POST"
                        body = '{"architectures": [0]}'
                        headers = {"Content-Type": "application/json"}
                    elif requests % 50 == 2:
                        target = "/v1/atlases/study/export?dataset=first"
                    try:
                        reply = client.ask(target, method, headers, body)
                    except Closed:
                        # What streams from a process that is killed ends there: no proxy has the rest.
                        if not (killing.is_set() and "export" in target):
                            raise
                        cut.append(target)
                        client.socket.close()
                        client = Client(self.port)
                        continue
                    if reply.status != 200:
                        failures.append((method, target, reply.status, reply.body[:200]))
                    elif "export" not in target:
                        count[reply.json()["context"]["atlasDigest"]] += 1
                    # As nginx itself does with a client that has asked a thousand times.
                    if reply.headers.get("connection") == "close":
                        client.socket.close()
                        client = Client(self.port)
            except Exception as error:  # noqa: BLE001 any failure of a client is what is looked for
                failures.append((target, repr(error)))
            client.socket.close()
            met.update(count)

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        try:
            for turn in range(ROUNDS):
                name = ("new", "old")[turn % 2]
                time.sleep(0.4)
                place(self.folder / f"{name}.atlas", self.atlas)
                for number, instance in enumerate(self.instances):
                    instance.hup()
                    self.wait_for(self.digests[name], self.ports[number])
                # A restart of the first: SIGTERM, until it has ended, and then anew.
                self.assertEqual(self.instances[0].stop(), 0)
                time.sleep(0.2)
                self.instances[0] = self.start(0)
                time.sleep(1.2)
                killing.set()
                self.instances[1].kill()
                time.sleep(0.5)
                killing.clear()
                self.instances[1] = self.start(1)
                time.sleep(1.2)
        finally:
            ended.set()
            for thread in threads:
                thread.join()
        # The first complaints tell the cause; later ones follow from it.
        if failures:
            self.fail(f"{len(failures)} failed: {failures[:3]}\n{self.nginx.errors.read_text()[:3_000]}")
        self.assertLessEqual(len(cut), 4 * ROUNDS)
        self.assertEqual(set(met), set(self.digests.values()))
        self.assertGreater(sum(met.values()), 100)
        say(f"deploy: {sum(met.values())} answers through nginx over {ROUNDS} round(s) of swap, restart and kill -9; "
            f"0 failed, {len(cut)} streams cut by kill -9")

    def wait_for(self, digest, port):
        end = time.monotonic() + 10
        while time.monotonic() < end:
            with Client(port) as client:
                if client.ask("/v1/atlases/study").json()["digest"] == digest:
                    return
            time.sleep(0.02)
        self.fail("the new atlas is not served")

    def test_what_passes_through(self):
        file = self.atlas.read_bytes()
        with Client(self.port) as client:
            page = client.ask("/v1/atlases/study", headers={"X-Request-ID": "from-the-client"})
            self.assertEqual(page.headers["x-request-id"], "from-the-client")
            made = client.ask("/v1/atlases/study").headers["x-request-id"]
            self.assertRegex(made, "^[0-9a-f]{32}$")
            again = client.ask("/v1/atlases/study", headers={"If-None-Match": page.headers["etag"]})
            self.assertEqual((again.status, again.headers["etag"]), (304, page.headers["etag"]))
            part = client.ask("/v1/atlases/study/file", headers={"Range": "bytes=100-299"})
            self.assertEqual((part.status, part.body), (206, file[100:300]))
            self.assertEqual(part.headers["content-range"], f"bytes 100-299/{len(file)}")
            self.assertEqual(part.headers["etag"], f'"{self.digests["old"]}"')
            self.assertEqual(client.ask("/v1/atlases/study/file").body, file)
            packed = client.ask("/v1/atlases/study/top?count=20", headers={"Accept-Encoding": "gzip"})
            self.assertEqual(packed.headers["content-encoding"], "gzip")
            wrong = client.ask("/v1/atlases/nobody")
            self.assertEqual(wrong.headers["content-type"], "application/problem+json")
            # Whichever instance answers other questions, a ledger is where it was opened.
            opened = client.post("/v1/atlases/study/ledgers?dataset=first", {"queries": 5})
            self.assertEqual(opened.status, 201, opened.body)
            for _ in range(6):
                self.assertEqual(client.ask(opened.headers["location"]).status, 200)

    def test_a_ledger_is_not_asked_twice_by_nginx(self):
        self.instances[0].kill()
        with Client(self.port) as client:
            self.assertEqual(client.post("/v1/atlases/study/ledgers?dataset=first", {"queries": 5}).status, 502)
            self.assertEqual(client.ask("/v1/atlases/study").status, 200)


@unittest.skipUnless(shutil.which("systemd-analyze"), "there is no systemd-analyze")
class Unit(unittest.TestCase):
    def test_the_unit_is_one(self):
        done = subprocess.run(["systemd-analyze", "verify", str(DEPLOY / "nasatlas@.service")], capture_output=True,
                              text=True, check=False, env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"})
        told = [line for line in done.stderr.splitlines() if re.search(r"nasatlas@", line)]
        self.assertEqual(told, [])


if __name__ == "__main__":
    unittest.main()
