"""A server of the program, and a proxy before it that misbehaves when it is told to."""

import gzip
import http.client
import os
import re
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time

PROGRAM = os.environ.get("NASATLAS")


def _reason():
    if not PROGRAM:
        return "NASATLAS does not name the nasatlas program; tools/test sets it"
    told = subprocess.run([PROGRAM, "help", "serve"], capture_output=True, text=True, check=False)
    return None if told.returncode == 0 and "HTTP" in told.stdout else f"{PROGRAM} has no `serve`"


REASON = _reason()
"""Why nothing can be served here; None where it can."""


class Served:
    """`nasatlas serve` as a process; settings are those of the server, with underscores."""

    def __init__(self, *atlases, sealed=(), **settings):
        self._words = [*map(str, atlases)]
        for path in sealed:
            self._words += ["--sealed", str(path)]
        self._settings = {"admin_port": 0, **settings}
        self.port = 0
        self.start()

    def start(self):
        """Starts it, the second time on the same port."""
        words = [PROGRAM, "serve", *self._words, "--port", str(self.port)]
        for name, value in self._settings.items():
            words += ["--set", f"{name.replace('_', '-')}={value}"]
        with tempfile.TemporaryFile() as log:
            self.process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=log)
            found, last = None, time.monotonic() + 30
            while found is None:
                # The server writes at the offset of the file, which seek and read would move.
                said = os.pread(log.fileno(), 1 << 16, 0).decode()
                found = re.search(r"^listening on http://[\d.]+:(\d+)", said, re.M)
                if found is None and (self.process.poll() is not None or time.monotonic() > last):
                    self.stop(signal.SIGKILL)
                    raise AssertionError(f"{words} did not start: {said}")
                time.sleep(0.01)
        self.port = int(found[1])
        self.address = f"http://127.0.0.1:{self.port}"

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait(30)

    def renew(self):
        """Tells it that files have changed."""
        self.process.send_signal(signal.SIGHUP)


class Faulty:
    """Passes requests on to a server one by one. The next of `faults` is done to each whose target it wants."""

    def __init__(self, address):
        self._behind = address.partition("://")[2]
        self.faults = []
        """Callables of (exchange); without one the answer goes through as it is."""
        self.requests = []
        """Method, target and fields of all that came."""
        self.connections = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listening.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        behind = http.client.HTTPConnection(self._behind)
        try:
            with connection, connection.makefile("rb") as read:
                while line := read.readline():
                    method, target, _ = line.decode().split()
                    headers = http.client.parse_headers(read)
                    body = read.read(int(headers.get("Content-Length", 0)))
                    self.requests.append((method, target, headers))
                    fault = self.faults.pop(0) if self.faults else None
                    exchange = Exchange(connection, behind, method, target, headers, body)
                    if (fault or Exchange.through)(exchange) is False:
                        return
        except OSError:
            pass
        finally:
            behind.close()


class Exchange:
    """One request, and ways to answer it badly."""

    def __init__(self, connection, behind, method, target, headers, body):
        self.connection, self._behind = connection, behind
        self.method, self.target, self.headers, self.body = method, target, headers, body

    def answer(self):
        """Status, fields and body as the server behind gives them."""
        self._behind.request(self.method, self.target, self.body or None, dict(self.headers.items()))
        answer = self._behind.getresponse()
        body = answer.read()
        left = ("transfer-encoding", "content-length", "connection")
        return answer.status, {name: value for name, value in answer.headers.items() if name.lower() not in left}, body

    def send(self, status, headers, body, length=None):
        lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in headers.items())]
        lines.append(f"Content-Length: {len(body) if length is None else length}")
        self.connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def through(self):
        self.send(*self.answer())


def reset(exchange):
    """The connection breaks before anything was done."""
    exchange.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def lost(exchange):
    """The server did it, and the answer is lost."""
    exchange.answer()
    return reset(exchange)


def stale(exchange):
    """A good answer, after which the connection is closed without a word."""
    exchange.through()
    return False


def cut(exchange):
    """Half of the body."""
    status, headers, body = exchange.answer()
    exchange.send(status, headers, body[:len(body) // 2], len(body))
    return False


def cut_gzip(exchange):
    """A gzip that ends early in a body that does not."""
    status, headers, body = exchange.answer()
    if "Content-Encoding" not in headers:
        headers["Content-Encoding"], body = "gzip", gzip.compress(body)
    exchange.send(status, headers, body[:-12])


def cut_chunks(exchange):
    """The last piece is missing."""
    status, headers, body = exchange.answer()
    lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in headers.items())]
    head = "\r\n".join([*lines, "Transfer-Encoding: chunked"]).encode()
    exchange.connection.sendall(head + b"\r\n\r\n" + f"{len(body):x}\r\n".encode() + body + b"\r\n")
    return False


def endless(exchange):
    """A body of no told length."""
    status, headers, body = exchange.answer()
    lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in headers.items())]
    exchange.connection.sendall("\r\n".join(lines).encode() + b"\r\nConnection: close\r\n\r\n" + body)
    return False


def slow(exchange):
    """Nothing for longer than anybody waits."""
    time.sleep(1.0)
    return False


def dripping(exchange):
    """A byte now and then, so that no single wait is long."""
    status, headers, body = exchange.answer()
    exchange.send(status, headers, b"", len(body))
    for byte in body[:40]:
        time.sleep(0.03)
        exchange.connection.sendall(bytes([byte]))
    return False


def other_protocol(exchange):
    exchange.connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
    return False


def says(status, body=b"", **headers):
    """An answer of its own."""
    def fault(exchange):
        exchange.send(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)
    return fault


def changed(change):
    """The answer with `change(status, headers, body)` done to it."""
    def fault(exchange):
        exchange.send(*change(*exchange.answer()))
    return fault
