"""The servers that are compared: how each is started, and what a question looks like to it."""

import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
DATASET = "cifar10"
BATCH = "application/vnd.nasatlas.batch"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A process that listens on `port` of this machine."""

    def __init__(self, command, log, port=None, **more):
        self.log = open(log, "w+")
        self.process = subprocess.Popen(
            [str(word) for word in command], stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True, **more)
        self.port = port

    def wait(self, path, seconds=60):
        """Until it answers."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if self.port and self.ask("GET", path)[0] == 200:
                    return self
            except OSError:
                pass
            time.sleep(0.05)
        self.log.seek(0)
        raise RuntimeError(f"{self.process.args[0]} does not answer:\n{self.log.read()[-2000:]}")

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def cpu_seconds(self):
        """What its processes have used; uvicorn's workers are of its group."""
        ticks = 0
        for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == self.process.pid:
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
        self.log.close()


class Ours(Server):
    """`nasatlas serve` as it is without any setting, but for the ports; `base` is of the first of several atlases."""

    def __init__(self, program, atlases, log):
        atlases = atlases if isinstance(atlases, list) else [atlases]
        super().__init__([program, "serve", *atlases, "--port", 0, "--set", "admin-port=0"], log)
        self.base = f"/v1/atlases/{pathlib.Path(atlases[0]).stem}"
        end = time.monotonic() + 60
        while self.port is None and time.monotonic() < end and self.process.poll() is None:
            found = re.search(r"listening on http://[^:]+:(\d+)/v1", pathlib.Path(log).read_text())
            self.port = found and int(found[1])
            time.sleep(0.05)
        self.wait(self.base)

    def row(self, text):
        return "GET", f"{self.base}/value?dataset={DATASET}&architecture={urllib.parse.quote(text)}", None, {}

    def batch(self, texts):
        body = json.dumps({"architectures": texts}).encode()
        return "POST", f"{self.base}/values?dataset={DATASET}", body, {"Content-Type": "application/json"}

    def places(self, places):
        body = b"".join(place.to_bytes(4, "little") for place in places)
        return "POST", f"{self.base}/values?dataset={DATASET}", body, {"Content-Type": BATCH}

    def memory(self):
        """VmRSS and VmHWM in MB of 1,000,000 bytes."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return [int(re.search(rf"{name}:\s+(\d+)", status)[1]) * 1024 / 1e6 for name in ("VmRSS", "VmHWM")]

    def forget_peak(self):
        """Lets VmHWM begin anew at VmRSS."""
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")


class FastAPI(Server):
    """As many workers as ours has event loops: one a core."""

    def __init__(self, table, log):
        port = free_port()
        super().__init__(
            [sys.executable, "-m", "uvicorn", "fastapi_server:app", "--port", port, "--workers", os.cpu_count(),
             "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"],
            log, port, cwd=HERE.parent / "peers", env=dict(os.environ, NASATLAS_TABLE=str(table)))
        self.wait("/openapi.json")

    def row(self, text):
        return "GET", f"/value?dataset={DATASET}&architecture={urllib.parse.quote(text)}", None, {}

    def batch(self, texts):
        body = json.dumps({"architectures": texts}).encode()
        return "POST", f"/values?dataset={DATASET}", body, {"Content-Type": "application/json"}


class Datasette(Server):
    """One process, for it has no workers; the file is immutable to it, so nothing of it is looked at twice."""

    def __init__(self, table, log):
        port = free_port()
        super().__init__([sys.executable, "-m", "datasette", "serve", "--immutable", table, "--port", port], log, port)
        self.base = f"/{pathlib.Path(table).stem}/scores/"
        self.wait("/-/versions.json")

    def row(self, text):
        return "GET", f"{self.base}{tilde(DATASET)},{tilde(text)}.json?_shape=objects", None, {}


def tilde(text):
    """The encoding of keys in Datasette's paths."""
    return "".join(character if character.isalnum() or character in "_-" else f"~{ord(character):02X}"
                   for character in text)


def packed(request):
    """A request as bytes of HTTP/1.1."""
    method, path, body, headers = request
    fields = {"Host": "127.0.0.1", **headers, **({"Content-Length": len(body)} if body is not None else {})}
    head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return head.encode() + b"\r\n" + (body or b"")
