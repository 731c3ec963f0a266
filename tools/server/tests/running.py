"""The built program as a server, a client over a bare socket, and two small atlases to swap: what these tests share."""

import json
import math
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = os.environ.get("NASATLAS", str(ROOT / ".build" / "release" / "nasatlas"))
SLOW = os.environ.get("NASATLAS_SLOW") == "1"
CELLS = ROOT / "data" / "nasbench201.atlas"
CELL = "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|"


class Closed(Exception):
    """The other end closed the connection before an answer was whole."""


class Reply:
    """One answer; header names are in small letters."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


class Client:
    """One connection; requests follow each other on it, and what is sent is exactly what a test says."""

    def __init__(self, port, timeout=15.0, receive_bytes=None):
        self.socket = socket.socket()
        if receive_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.settimeout(timeout)
        try:
            self.socket.connect(("127.0.0.1", port))
        except OSError:
            self.socket.close()
            raise
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise Closed() from error

    def ask(self, target, method="GET", headers=None, body=None):
        lines = [f"{method} {target} HTTP/1.1", "Host: t"] + [f"{k}: {v}" for k, v in (headers or {}).items()]
        if isinstance(body, str):
            body = body.encode()
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        self.send("\r\n".join(lines + ["", ""]).encode() + (body or b""))
        return self.reply(method != "HEAD")

    def post(self, target, value):
        return self.ask(target, "POST", {"Content-Type": "application/json"}, json.dumps(value))

    def reply(self, has_body=True):
        head = self.until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        status = int(head[0].split(" ")[1])
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:])}
        body = b""
        if has_body and status not in (204, 304):
            if headers.get("transfer-encoding") == "chunked":
                pieces = []
                while count := int(self.until(b"\r\n"), 16):
                    pieces.append(self.take(count))
                    self.take(2)
                self.take(2)
                body = b"".join(pieces)
            else:
                body = self.take(int(headers.get("content-length", 0)))
        return Reply(status, headers, body)

    def break_off(self):
        """Closes at once, as a process that is killed does: what is on its way is dropped, and the server gets a reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def is_closed(self):
        """Whether the server has closed; waits for it until the time limit, and drops what comes."""
        try:
            while self.socket.recv(1 << 16):
                pass
            return True
        except (ConnectionResetError, BrokenPipeError):
            return True
        except TimeoutError:
            return False

    def until(self, end):
        while end not in self.rest:
            self.receive()
        found, _, self.rest = self.rest.partition(end)
        return found

    def take(self, count):
        pieces, have = [self.rest], len(self.rest)
        while have < count:
            self.rest = b""
            self.receive()
            pieces.append(self.rest)
            have += len(self.rest)
        whole = b"".join(pieces)
        self.rest = whole[count:]
        return whole[:count]

    def receive(self):
        try:
            piece = self.socket.recv(1 << 18)
        except ConnectionResetError as error:
            raise Closed() from error
        if not piece:
            raise Closed()
        self.rest += piece


class Server:
    """`nasatlas serve`, listening; its log is in the file `log`."""

    def __init__(self, folder, *words, port=0, **settings):
        self.log = Path(tempfile.mkstemp(dir=folder, suffix=".log")[1])
        given = {"admin_port": "0", **settings}
        self.words = [PROGRAM, "serve", *map(str, words), "--port", str(port)]
        for name, value in given.items():
            self.words += ["--set", f"{name.replace('_', '-')}={value}"]
        start = time.monotonic()
        with open(self.log, "wb") as errors:
            self.process = subprocess.Popen(self.words, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors)
        told = None
        while not told:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}: {self.text()}")
            if time.monotonic() - start > 60:
                self.kill()
                raise AssertionError(f"the server does not listen: {self.text()}")
            time.sleep(0.01)
            told = re.search(
                r"listening on http://[\d.]+:(\d+)/v1, health and metrics on http://[\d.]+:(\d+)\n", self.text())
        self.seconds_to_ready = time.monotonic() - start
        self.port, self.admin_port = int(told[1]), int(told[2])

    def text(self):
        return self.log.read_text(errors="replace")

    def client(self, **words):
        return Client(self.port, **words)

    def hup(self):
        self.process.send_signal(signal.SIGHUP)

    def renew(self):
        with Client(self.admin_port) as admin:
            return admin.ask("/renew", "POST").json()["renewals"]

    def connections(self):
        """Sockets that the process holds, those that listen too."""
        count = 0
        for file in os.listdir(f"/proc/{self.process.pid}/fd"):
            try:
                count += os.readlink(f"/proc/{self.process.pid}/fd/{file}").startswith("socket:")
            except FileNotFoundError:
                pass
        return count

    def descriptors(self):
        """Files, sockets and all else that the process holds open."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def memory_mib(self):
        """Resident, in MiB."""
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.process.pid}/status").read_text())
        return int(found[1]) / 1024

    def kill(self):
        """As power cut would: no handler runs."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        """Its exit status after SIGTERM."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


class ServerCase(unittest.TestCase):
    """A test with a folder of its own; servers that it starts end with it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def serve(self, *words, port=0, **settings):
        server = Server(self.folder, *words, port=port, **settings)
        self.addCleanup(lambda: server.process.poll() is None and server.kill())
        return server

    def assertNothingUnforeseen(self, server):
        """The server runs, and has told of no fault."""
        self.assertIsNone(server.process.poll(), server.text()[-2000:])
        self.assertNotRegex(server.text(), r"unforeseen|Fatal|\berror\b")


def percentile(values, share):
    """The value that this share of all is not above."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def say(line):
    """A figure for docs/server.md; shown where NASATLAS_FIGURES=1."""
    if os.environ.get("NASATLAS_FIGURES") == "1":
        print(f"\n  {line}", flush=True)


def make_atlas(path, bias):
    """Publishes a small atlas of 30 cells whose values depend on `bias`; its digest."""
    operations = ("none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3")
    settings = {"epochs": 3}
    lines = [
        {"metric": {"name": "accuracy", "unit": "fraction", "largerIsBetter": True, "meaning": "share of right ones"}},
        {"dataset": {
            "name": "first", "title": "First", "task": "classification", "source": "made up", "citation": "Nobody",
            "splitMeaning": "made up", "primaryMetric": "accuracy", "license": "CC0"}},
        {"protocol": {"name": "three", "settings": settings}},
        {"source": {
            "name": "made-up", "title": "Made up", "origin": "made for tests", "citation": "Nobody", "license": "CC0"}},
    ]
    for number in range(30):
        a, b, c = operations[number % 5], operations[number // 5 % 5], operations[number // 25]
        lines.append({"run": {
            "key": {"space": "nasbench201", "architecture": f"|{a}~0|+|{b}~0|{c}~1|+|{a}~0|{b}~1|{c}~2|",
                    "dataset": "first", "protocol": "three", "seed": 1},
            "status": "completed", "source": "made-up", "origin": {"kind": "random"},
            "curves": [{"metric": "accuracy", "split": "validation", "at": [1, 2, 3],
                        "values": [bias, bias + number / 100, bias + number / 90]}]}})
    with tempfile.TemporaryDirectory() as folder:
        table, working = Path(folder, "table.ndjson"), Path(folder, "working.sqlite")
        table.write_text("".join(json.dumps(line) + "\n" for line in lines))
        for words in (["ingest", table, "--into", working], ["publish", working, path, "--force"]):
            done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, check=False)
            if done.returncode:
                raise AssertionError(done.stderr or done.stdout)
    return json.loads(Path(f"{path}.manifest.json").read_text())["manifest"]["digest"]


def place(source, target):
    """Puts a published atlas and its manifest where another one is, each in one step."""
    for ending in ("", ".manifest.json"):
        shutil.copy(f"{source}{ending}", f"{target}{ending}.new")
    for ending in ("", ".manifest.json"):
        os.replace(f"{target}{ending}.new", f"{target}{ending}")
