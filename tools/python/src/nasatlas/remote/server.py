"""Requests to one server: connections that stay open, retries where they are safe, only complete answers."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import socket
import ssl
import threading
import time
import weakref
import zlib
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from nasatlas.errors import (
    BrokenAnswer, NASAtlasError, ServerBusy, ServerError, ServerTimeout, ServerUnreachable)
from nasatlas.processes import renewed_after_fork
from nasatlas.remote import problems

JSON = "application/json"
BATCH = "application/vnd.nasatlas.batch"
LINES = "application/x-ndjson"
FILE = "application/vnd.nasatlas"
ANSWER_BYTES = 1 << 30
"""The largest size of an answer in memory."""
PIECE = 1 << 16
MISUSE = (http.client.ImproperConnectionState, http.client.InvalidURL)
"""Internal errors, not errors of a server."""


class _NotTaken(Exception):
    """The receiver of the body failed, not the server or the network."""


def _own(take: Callable) -> Callable:
    """`take`, with its errors distinguished from those of the connection."""
    def taking(*told):
        try:
            return take(*told)
        except NASAtlasError:
            raise
        except Exception as error:
            raise _NotTaken from error
    return taking


class Reply(NamedTuple):
    """A whole answer."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    request_id: str

    def json(self):
        """The object in the body; raises BrokenAnswer where it is not a JSON object."""
        with self.reading():
            told = json.loads(self.body, parse_int=whole, parse_constant=_no_number)
            if not isinstance(told, dict):
                raise TypeError("it is not an object")
            return told

    @contextmanager
    def reading(self):
        """A context for reading an answer: it turns errors about its content into BrokenAnswer."""
        try:
            yield
        except NASAtlasError as error:
            error.request_id = error.request_id or self.request_id
            raise
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
            raise named(BrokenAnswer(f"the answer is not as described: {type(error).__name__}: {str(error)[:200]}",
                                     remedy="ask whoever runs the server, with the id of the request"),
                        self.request_id) from error


def whole(digits: str) -> int | float:
    """A number that JSON spells without a point. -0 becomes a float, because integers have no negative zero."""
    return -0.0 if digits == "-0" else int(digits)


def _no_number(text: str):
    raise ValueError(f"{text} is not a JSON number")


def named(error: NASAtlasError, request_id: str, status: int | None = None) -> NASAtlasError:
    """The error with the id of its request."""
    error.request_id = request_id
    if status is not None:
        error.status = status
    return error


class _Connection(http.client.HTTPConnection):
    """A connection that closes when its thread ends."""

    def __del__(self):
        self.close()


class _SecureConnection(http.client.HTTPSConnection):
    __del__ = _Connection.__del__


class Server:
    """Sends requests to a server. Threads may share it: each has its own connection."""

    def __init__(self, address: str, token: str | None = None, *, timeout_seconds: float = 30.0, retries: int = 4,
                 first_wait_seconds: float = 0.2, longest_wait_seconds: float = 60.0,
                 tls: ssl.SSLContext | None = None, clock: Callable = time.monotonic, sleep: Callable = time.sleep):
        parts = urlsplit(address if "://" in address else f"http://{address}")
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment \
                or parts.username is not None or port == -1:
            raise ServerError(f"{address!r} is not the address of a server", code="client.address",
                              remedy="give one such as http://127.0.0.1:8080")
        if token is not None and not (token.isascii() and token.isprintable() and token and " " not in token):
            raise ServerError("the token is not a bearer token: it must be printable ASCII without spaces",
                              code="client.token", remedy="give the token exactly as you received it")
        self._scheme, self._host, self._port, self.tls = parts.scheme, parts.hostname, port, tls
        path = parts.path.rstrip("/")
        self._prefix = path[:-3] if path.endswith("/v1") else path
        host = f"[{self._host}]" if ":" in self._host else self._host
        self.address = f"{self._scheme}://{host}" + (f":{port}" if port else "") + self._prefix
        self.token = token
        self.timeout_seconds, self.retries = timeout_seconds, retries
        self._first_wait, self._longest_wait = first_wait_seconds, longest_wait_seconds
        self._clock, self._sleep = clock, sleep
        self._after_fork()
        renewed_after_fork(self)

    def _after_fork(self) -> None:
        """Drops the connections: a forked process that shared them would read answers to its parent's questions."""
        self._here = threading.local()
        # Weak, so that the connection of a thread ends with the thread.
        self._open = weakref.WeakSet()
        self._lock = threading.Lock()
        self._run, self._numbers = os.urandom(4).hex(), itertools.count(1)

    def close(self) -> None:
        """Closes the connections of all threads; a further request opens a new one."""
        with self._lock:
            connections = list(self._open)
        for connection in connections:
            connection.close()

    # Asking

    def get(self, path: str, query: Iterable | dict = (), **how) -> Reply:
        """The answer to a GET; `how` as in `ask`."""
        return self.ask("GET", path, query, **how)

    @staticmethod
    def encoded(told: dict) -> bytes:
        """JSON for a body; texts spell numbers that are not finite."""
        try:
            return json.dumps(told, allow_nan=False).encode()
        except ValueError:
            return json.dumps(_spelled(told), allow_nan=False).encode()

    def ask(self, method: str, path: str, query: Iterable | dict = (), *, body: bytes | None = None,
            body_type: str = JSON, accept: str = JSON, headers: Callable[[], dict] | None = None, safe: bool = True,
            into: Callable | None = None) -> Reply:
        """The whole answer to a request.

        Repeats a `safe` request, after growing waits, where the connection broke, the answer was cut short, or the
        status was 429, 502 or 503. With `into`, pieces of the body go to `into(status, headers)(piece)`. Raises the
        kinds of ServerError, and the errors that problem documents name.
        """
        target = self._prefix + path + (f"?{urlencode(query, quote_via=quote)}" if query else "")
        request_id = f"py-{self._run}-{next(self._numbers)}"
        attempt = 0
        while True:
            sent = {"Accept": accept, "Accept-Encoding": "gzip" if accept in (JSON, LINES) else "identity",
                    "User-Agent": "nasatlas-python", "X-Request-ID": f"{request_id}.{attempt}",
                    **(headers() if headers else {})}
            if body is not None:
                sent["Content-Type"] = body_type
            if self.token is not None:
                sent["Authorization"] = f"Bearer {self.token}"
            try:
                return self._once(method, target, body, sent, accept, safe, into)
            except NASAtlasError as error:
                wait = self._wait(error, attempt) if safe and attempt < self.retries else None
                if wait is None:
                    raise
            self._sleep(wait)
            attempt += 1

    def _wait(self, error: NASAtlasError, attempt: int) -> float | None:
        """Seconds until the request may be repeated; None where it must not be."""
        if isinstance(error, ServerBusy):
            if error.status == 504:
                return None
            if error.retry_after_seconds is not None:
                return error.retry_after_seconds if error.retry_after_seconds <= self._longest_wait else None
        elif error.code not in (ServerUnreachable.code, "client.truncated"):
            return None
        return min(self._first_wait * 2 ** attempt, self._longest_wait)

    # One attempt

    def _connection(self, fresh: bool) -> tuple:
        """This thread's connection, and whether it has answered before."""
        found = getattr(self._here, "connection", None)
        if found is not None and found.sock is not None and not fresh:
            return found, True
        if found is not None:
            found.close()
        if self._scheme == "https":
            found = _SecureConnection(self._host, self._port, timeout=self.timeout_seconds, context=self.tls)
        else:
            found = _Connection(self._host, self._port, timeout=self.timeout_seconds)
        self._here.connection = found
        with self._lock:
            self._open.add(found)
        return found, False

    def _once(self, method, target, body, sent, accept, safe, into) -> Reply:
        request_id = sent["X-Request-ID"]
        # A request that must not be sent twice needs a fresh connection: the server may just have closed the old one.
        connection, used = self._connection(fresh=not safe)
        try:
            try:
                response, sock, deadline = self._response(connection, method, target, body, sent)
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError, ConnectionAbortedError):
                if not used:
                    raise
                connection, _ = self._connection(fresh=True)
                response, sock, deadline = self._response(connection, method, target, body, sent)
            request_id = response.headers.get("X-Request-ID") or request_id
            reply = self._reply(response, sock, deadline, accept, request_id, into)
        except BaseException as error:
            connection.close()
            if isinstance(error, NASAtlasError):
                error.request_id = error.request_id or request_id
                raise
            if isinstance(error, _NotTaken):
                raise error.__cause__
            if isinstance(error, http.client.IncompleteRead):
                raise named(_truncated("in the middle of a piece"), request_id) from error
            if isinstance(error, (socket.timeout, TimeoutError)):
                raise named(ServerTimeout(
                    f"{self.address} gave no whole answer within {self.timeout_seconds:g} seconds",
                    remedy="ask for less at once, or connect with a longer timeout_seconds"), request_id) from error
            if isinstance(error, ssl.SSLCertVerificationError):
                raise named(ServerUnreachable(f"{self.address} shows a certificate that is not trusted: {error}",
                                              code="client.certificate", remedy="connect with tls= that trusts it"),
                            request_id) from error
            if isinstance(error, OSError):
                raise named(ServerUnreachable(f"{self.address} cannot be reached: {error}",
                                              remedy="check the address, and that `nasatlas serve` runs there"),
                            request_id) from error
            if isinstance(error, http.client.HTTPException) and not isinstance(error, MISUSE):
                raise named(BrokenAnswer(f"{self.address} does not speak HTTP: {type(error).__name__} {error}"[:300],
                                         code="client.no_http", remedy="check the address"), request_id) from error
            raise
        if isinstance(reply, NASAtlasError):
            raise reply
        return reply

    def _response(self, connection, method, target, body, sent) -> tuple:
        connection.timeout = self.timeout_seconds
        if connection.sock is not None:
            connection.sock.settimeout(self.timeout_seconds)
        deadline = self._clock() + self.timeout_seconds
        try:
            connection.request(method, target, body, sent)
        except (BrokenPipeError, ConnectionResetError):
            # A server that refuses a long body may answer and close before it has received all of it.
            if connection.sock is None or body is None:
                raise
            try:
                return connection.getresponse(), connection.sock, deadline
            except (http.client.HTTPException, OSError):
                pass
            raise
        sock = connection.sock
        return connection.getresponse(), sock, deadline

    def _reply(self, response, sock, deadline, accept, request_id, into) -> Reply | NASAtlasError:
        """The answer, or the error that it describes. In both cases the connection can be used again."""
        status, headers = response.status, response.headers
        good = status in (200, 206) if into else status in (200, 201)
        kept = []
        take = _own(into)(status, headers) if good and into else None
        size = 0
        for piece in self._pieces(response, sock, deadline, stalls=take is not None):
            size += len(piece)
            if take is not None:
                _own(take)(piece)
                continue
            if size > ANSWER_BYTES:
                raise BrokenAnswer(f"the answer is larger than {ANSWER_BYTES} bytes", code="client.too_long",
                                   remedy="ask for less at once, or .download() the file")
            kept.append(piece)
        # Without this, http.client takes the connection for one that is still reading.
        response.close()
        body = b"".join(kept)
        if 300 <= status < 400:
            return named(ServerError(f"the server answered with status {status}, location "
                                     f"{headers.get('Location')}; this is not followed", code="client.redirect",
                                     remedy="connect to the address that is meant"), request_id, status)
        if not good:
            return named(problems.refusal(status, headers, body) if status >= 400 else BrokenAnswer(
                f"the server answered with status {status}, which has no meaning here"), request_id, status)
        kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind != accept:
            return named(BrokenAnswer(f"the answer has the type {kind or 'none'}; the request was for {accept}",
                                     code="client.content_type", remedy="check the address"), request_id, status)
        return Reply(status, headers, body, request_id)

    def _pieces(self, response, sock, deadline, stalls: bool):
        """The decoded body, piece by piece; raises BrokenAnswer where it is incomplete."""
        coding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if coding not in ("identity", "gzip"):
            raise BrokenAnswer(f"the answer is encoded as {coding}; allowed: gzip, identity", code="client.encoding")
        declared, got = response.length, 0
        if declared is None and not response.chunked:
            raise BrokenAnswer("the answer does not declare its length, so it may be incomplete",
                               code="client.no_length")
        opened = zlib.decompressobj(16 + zlib.MAX_WBITS) if coding == "gzip" else None
        while True:
            left = self.timeout_seconds if stalls else deadline - self._clock()
            if left <= 0:
                raise TimeoutError
            sock.settimeout(left)
            piece = response.read1(PIECE)
            if not piece:
                break
            got += len(piece)
            if opened is None:
                yield piece
                continue
            try:
                piece = opened.decompress(piece)
            except zlib.error as error:
                raise BrokenAnswer(f"the answer is not valid gzip: {error}", code="client.encoding") from error
            if opened.unused_data:
                raise BrokenAnswer("the answer continues after the end of its gzip data", code="client.encoding")
            if piece:
                yield piece
        if declared is not None and got != declared:
            raise _truncated(f"after {got} of {declared} bytes")
        if opened is not None and got and not opened.eof:
            raise _truncated("in the middle of its gzip data")


def _spelled(told):
    if isinstance(told, dict):
        return {name: _spelled(one) for name, one in told.items()}
    if isinstance(told, list):
        return [_spelled(one) for one in told]
    return str(told) if isinstance(told, float) and told - told != 0 else told


def _truncated(where: str) -> BrokenAnswer:
    return BrokenAnswer(f"the answer was cut short {where}", code="client.truncated", remedy="ask again")
