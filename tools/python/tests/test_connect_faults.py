"""`nasatlas.connect` before servers that restart, refuse, break off or lie (R27)."""

import collections
import errno
import hashlib
import json
import os
import pickle
import random
import signal
import tempfile
import time
import unittest
from pathlib import Path

import numpy as np

import nasatlas
import served
from connecting import FIRST, OverHTTP, entries, never, same, told
from made_up_atlas import ARCHITECTURES, Shared, publish
from nasatlas import errors
from served import Faulty, Served


class Failures(OverHTTP):
    """R27. A proxy stands before the program and spoils its answers."""

    def setUp(self):
        self.proxy = Faulty(self.server.address)
        self.addCleanup(self.proxy.close)
        self.waits = []
        self.remote = nasatlas.connect(
            self.proxy.address, "tiny", timeout_seconds=0.5, retries=3, sleep=self.waits.append)
        self.addCleanup(self.remote.close)
        self.local = nasatlas.open(self.files["tiny"])
        self.addCleanup(self.local.close)
        self.lookup = self.remote.lookup(**FIRST)
        self.proxy.requests.clear()

    def good(self):
        """What a question gives when all goes well in the end."""
        self.assertEqual(self.remote.query("a=2,b=x", **FIRST), self.local.query("a=2,b=x", **FIRST))

    def fails(self, kind, code, *faults, question=None):
        self.proxy.faults[:] = faults
        with self.assertRaises(kind) as caught:
            (question or self.good)()
        self.assertEqual(caught.exception.code, code)
        self.assertTrue(caught.exception.request_id)
        self.assertEqual(self.proxy.faults, [])
        # And whatever came of it, the next question is answered.
        waits = list(self.waits)
        self.good()
        self.assertEqual(self.waits, waits)
        return caught.exception

    def test_one_connection_is_kept(self):
        for _ in range(20):
            self.good()
        self.assertEqual((self.proxy.connections, self.waits), (1, []))

    def test_a_connection_that_the_server_closed_meanwhile(self):
        self.proxy.faults[:] = [served.stale]
        for _ in range(3):
            self.good()
        self.assertEqual((self.proxy.connections, self.waits), (2, []))

    def test_broken_connections(self):
        self.proxy.faults[:] = [served.reset] * 3
        self.good()
        # The first is taken for a connection that had been closed before.
        self.assertEqual(self.waits, [0.2, 0.4])
        self.waits.clear()
        error = self.fails(errors.ServerUnreachable, "client.unreachable", *[served.reset] * 5)
        self.assertIsInstance(error, ConnectionError)
        self.assertEqual(self.waits, [0.2, 0.4, 0.8])
        self.proxy.close()
        self.remote.close()
        with self.assertRaises(errors.ServerUnreachable):
            nasatlas.connect("http://127.0.0.1:1", "tiny", retries=0)

    def test_answers_that_are_cut_short(self):
        for fault in (served.cut, served.cut_gzip, served.cut_chunks):
            with self.subTest(fault=fault.__name__):
                self.waits.clear()
                self.proxy.faults[:] = [fault]
                self.good()
                self.assertEqual(self.waits, [0.2])
                self.fails(errors.BrokenAnswer, "client.truncated", *[fault] * 4)
                self.waits.clear()
                self.proxy.faults[:] = [fault] * 2
                np.testing.assert_array_equal(self.lookup.values([3, 4]), self.local.lookup(**FIRST).values([3, 4]))

    def test_a_busy_server(self):
        for status, headers, waits in ((429, {"Retry_After": "3"}, [3]), (503, {"Retry_After": "7"}, [7]),
                                       (502, {}, [0.2]), (503, {"Retry_After": "soon"}, [0.2])):
            self.waits.clear()
            self.proxy.faults[:] = [served.says(status, b"<html>", Content_Type="text/html", **headers)]
            self.good()
            self.assertEqual(self.waits, waits)
        error = self.fails(errors.TooManyRequests, "server.rate", *[served.says(
            429, b'{"code": "server.rate", "detail": "too many", "hint": "wait"}',
            Content_Type="application/problem+json", Retry_After="1", X_Request_ID="theirs")] * 4)
        self.assertEqual((error.status, error.retry_after_seconds, error.remedy, error.request_id),
                         (429, 1, "wait", "theirs"))
        self.waits.clear()
        error = self.fails(errors.TooManyRequests, "client.http_429", served.says(429, Retry_After="3600"))
        self.assertIn("3600", error.remedy)
        for status, kind in ((504, errors.ServerBusy), (500, errors.ServerError), (403, errors.AccessRefused),
                             (302, errors.ServerError), (204, errors.BrokenAnswer)):
            self.fails(kind, "client.redirect" if status == 302 else "client.broken_answer" if status == 204
                       else f"client.http_{status}", served.says(status))
        self.assertEqual(self.waits, [])
        self.fails(errors.ServerBusy, "client.http_503", *[served.says(503)] * 4)

    def test_a_date_to_come_again(self):
        date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 30))
        self.proxy.faults[:] = [served.says(429, Retry_After=date)]
        self.good()
        self.assertTrue(25 < self.waits[0] <= 30, self.waits)

    def test_garbage(self):
        json_type = {"Content_Type": "application/json"}
        for body in (b"", b"nothing", b"[1, 2]", b"{}", b'{"value": 1', b'{"architecture": 5}', b"[" * 100_000,
                     b"\xff\xfe", b'{"points": NaN}',
                     b'{"architecture": {"canonicalText": "a", "space": "b"}, "points": 3, "absent": []}'):
            with self.subTest(body=body[:40]):
                self.fails(errors.BrokenAnswer, "client.broken_answer", served.says(200, body, **json_type))
        self.fails(errors.BrokenAnswer, "client.broken_answer", served.says(200, b'{"value": true}', **json_type),
                   question=lambda: self.lookup("a=2,b=x"))
        self.fails(errors.BrokenAnswer, "client.content_type", served.says(200, b"{}", Content_Type="text/html"))
        for coding in ("br", "gzip"):
            self.fails(errors.BrokenAnswer, "client.encoding",
                       served.says(200, b"{}", Content_Encoding=coding, **json_type))
        self.fails(errors.BrokenAnswer, "client.no_length", served.endless)
        self.fails(errors.BrokenAnswer, "client.no_http", served.other_protocol)
        # A byte more or less of an array.
        for change in (lambda body: body[:-1], lambda body: body + b"\0" * 8):
            self.fails(errors.BrokenAnswer, "client.broken_answer",
                       served.changed(lambda status, headers, body, change=change: (status, headers, change(body))),
                       question=lambda: self.lookup.values([1, 2, 3]))
        self.fails(errors.BrokenAnswer, "client.broken_answer", served.changed(
            lambda status, headers, body: (status, headers, json.dumps({**json.loads(body), "values": [1]}).encode())),
            question=lambda: self.lookup.values(["a=2,b=x", "a=3,b=x"]))
        self.assertEqual(self.waits, [])

    def test_slow_servers(self):
        for fault in (served.slow, served.dripping):
            start = time.monotonic()
            error = self.fails(errors.ServerTimeout, "client.timeout", fault)
            self.assertLess(time.monotonic() - start, 1.2)
            self.assertIsInstance(error, TimeoutError)
        self.assertEqual(self.waits, [])

    def test_an_answer_of_another_atlas(self):
        other = "1" * 64
        error = self.fails(errors.AtlasChanged, "client.atlas_changed", served.changed(
            lambda status, headers, body: (status, {**headers, "ETag": f'W/"{other}"'}, body)))
        self.assertEqual(error.digest, other)
        self.assertEqual(self.waits, [])

    def test_any_change_of_the_bytes(self):
        draw = random.Random(9)

        def damaged(status, headers, body):
            place = draw.randrange(len(body))
            return status, headers, body[:place] + bytes([draw.randrange(256)]) + body[place + 1:]

        seen = collections.Counter()
        for _ in range(120):
            self.proxy.faults[:] = [served.changed(damaged)]
            try:
                self.remote.query("a=2,b=x", **FIRST)
                seen["answer"] += 1
            except errors.BrokenAnswer:
                seen["error"] += 1
            except errors.AtlasChanged as error:
                self.fail(f"the digest in the head was not changed: {error}")
        self.assertGreater(min(seen.values()), 10)
        # Behind gzip no damage changes a byte unnoticed.
        whole, found = self.remote._ask("GET", "/manifest"), 0
        self.assertEqual(whole.headers["Content-Encoding"], "gzip")
        for _ in range(60):
            self.proxy.faults[:] = [served.changed(damaged)] * 4
            try:
                self.assertEqual(self.remote._ask("GET", "/manifest").body, whole.body)
            except errors.BrokenAnswer:
                found += 1
        self.assertGreater(found, 40)

    def test_an_answer_of_another_question(self):
        def answer(lookup):
            return lookup.answer("a=2,b=x")

        def value(lookup):
            return lookup("a=2,b=x")

        def curves(lookup):
            return lookup.curves("a=2,b=x")

        def top(lookup):
            return lookup.top(3)

        # A value alone does not say of which data set it is, and a curve has all epochs.
        for other, questions in (({**FIRST, "epoch": 3}, (answer, value, top)),
                                 ({**FIRST, "seed": 777}, (answer, value, curves, top)),
                                 ({"dataset": "second"}, (answer, curves, top))):
            for ask_for in questions:
                self.proxy.requests.clear()
                ask_for(self.remote.lookup(**other))
                target = self.proxy.requests[0][1]
                self.proxy.faults[:] = [lambda exchange: (setattr(exchange, "target", target), exchange.through())[1]]
                with self.assertRaises(errors.BrokenAnswer):
                    ask_for(self.lookup)

    @unittest.skipUnless(os.path.exists("/dev/full"), "there is no /dev/full")
    def test_a_full_disk_is_no_fault_of_the_server(self):
        path = Path(self.folder.name, "full.atlas")
        os.symlink("/dev/full", f"{path}.{self.local.digest[:12]}.part")
        with self.assertRaises(OSError) as caught:
            self.remote.download(path)
        self.assertEqual((type(caught.exception), caught.exception.errno, self.waits), (OSError, errno.ENOSPC, []))
        self.good()

    def test_a_ledger_is_closed_once(self):
        ledger = self.remote.ledger(queries=2, **FIRST)
        self.proxy.faults[:] = [served.lost, served.lost]
        ledger.ask("a=2,b=x")
        self.assertEqual(ledger.remaining, {"queries": 1})
        self.waits.clear()
        for fault, is_closed in ((served.reset, False), (served.says(503), False), (served.lost, True)):
            self.proxy.requests.clear()
            self.proxy.faults[:] = [fault]
            with self.assertRaises(errors.ServerError) as caught:
                ledger.close("a=2,b=x")
            if caught.exception.status is None:
                self.assertIn("refresh", caught.exception.remedy)
            self.assertEqual([target for method, target, _ in self.proxy.requests if method == "POST"],
                             [f"/v1/ledgers/{ledger.id}/close"])
            self.assertEqual(ledger.refresh().report is not None, is_closed)
        self.proxy.requests.clear()
        self.proxy.faults[:] = [served.says(503)]
        with self.assertRaises(errors.ServerBusy):
            self.remote.ledger(queries=2, **FIRST)
        self.assertEqual((len(self.proxy.requests), self.waits), (1, []))

    def test_downloads(self):
        path = Path(tempfile.mkdtemp(dir=self.folder.name), "copy.atlas")
        self.proxy.faults[:] = [served.cut, served.cut]
        with self.remote.download(path) as copy:
            self.assertEqual(copy.query(3, **FIRST), self.local.query(3, **FIRST))
        self.assertEqual(path.read_bytes(), self.files["tiny"].read_bytes())
        self.assertEqual(*(Path(f"{one}.manifest.json").read_bytes() for one in (path, self.files["tiny"])))
        ranges = [headers.get("Range") for _, target, headers in self.proxy.requests if target.endswith("/file")]
        size = path.stat().st_size
        self.assertEqual(ranges, [None, f"bytes={size // 2}-", f"bytes={size // 2 + (size - size // 2) // 2}-"])
        self.proxy.requests.clear()
        self.remote.download(path).close()
        self.assertEqual(self.proxy.requests, [])
        # Another process goes on where one ended.
        ended = path.with_name("later.atlas")
        Path(f"{ended}.{self.local.digest[:12]}.part").write_bytes(path.read_bytes()[:1000])
        self.remote.download(ended).close()
        self.assertEqual(self.proxy.requests[0][2]["Range"], "bytes=1000-")
        self.assertEqual(sorted(one.name for one in path.parent.iterdir()), [
            "copy.atlas", "copy.atlas.manifest.json", "later.atlas", "later.atlas.manifest.json"])

    def test_downloads_of_wrong_bytes(self):
        path = Path(tempfile.mkdtemp(dir=self.folder.name), "copy.atlas")
        wrong = served.changed(lambda status, headers, body: (status, headers, body[:-1] + bytes([body[-1] ^ 1])))
        self.fails(errors.BrokenAnswer, "client.wrong_digest", wrong, question=lambda: self.remote.download(path))
        part = Path(f"{path}.{self.local.digest[:12]}.part")
        part.write_bytes(b"x" * 1000)
        self.fails(errors.BrokenAnswer, "client.wrong_digest", question=lambda: self.remote.download(path))
        part.write_bytes(self.files["tiny"].read_bytes()[:1000])
        self.fails(errors.BrokenAnswer, "client.range", served.changed(
            lambda status, headers, body: (status, {**headers, "Content-Range": "bytes 0-9/10"}, body)),
            question=lambda: self.remote.download(path))
        part.unlink()
        self.fails(errors.BrokenAnswer, "client.wrong_digest", served.Exchange.through, served.says(
            200, json.dumps({"manifest": {"digest": "1" * 64}}).encode(), Content_Type="application/json"),
            question=lambda: self.remote.download(path))
        self.assertFalse(path.exists())
        path.write_bytes(b"something of mine")
        for replace in (False, True):
            with self.assertRaises(errors.OutputRefused) as caught:
                self.remote.download(path, replace=replace)
            self.assertEqual((caught.exception.code, path.read_bytes()),
                             ("records.output_other_kind", b"something of mine"))
        path.write_bytes(half := Path(self.local.path).read_bytes()[:5000])
        with self.assertRaises(errors.OutputRefused) as caught:
            self.remote.download(path)
        self.assertEqual((caught.exception.code, path.read_bytes()), ("client.file_exists", half))
        self.remote.download(path, replace=True).close()
        self.assertEqual(hashlib.sha256(path.read_bytes()).hexdigest(), self.local.digest)


@unittest.skipIf(served.REASON, served.REASON)
class Restarts(unittest.TestCase):
    """Servers of their own, which are stopped, limited, sealed, or given other files."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.path = self.folder / "odd.atlas"

    def publish(self, shift=0.0):
        place = Path(tempfile.mkdtemp(dir=self.folder))
        made = publish(place, entries(shift), "odd")
        for end in (".manifest.json", ""):
            os.replace(f"{made}{end}", f"{self.path}{end}")

    def connect(self, server, **how):
        remote = nasatlas.connect(server.address, **how)
        self.addCleanup(remote.close)
        return remote

    def serve(self, *atlases, **settings):
        server = Served(*atlases, state_folder=self.folder / "ledgers", **settings)
        self.addCleanup(server.stop)
        return server

    def test_a_restart_and_another_file(self):
        self.publish()
        server = self.serve(self.path)
        question = {"dataset": "whole", "space": "alpha"}
        waits = []

        def start_again(seconds):
            waits.append(seconds)
            server.start()

        remote = self.connect(server, sleep=start_again)
        ledger = remote.ledger(queries=2, **question)
        ledger.ask("a=1")
        server.stop(signal.SIGKILL)
        self.assertEqual(remote.query("a=1", **question).value, 0.1)
        self.assertEqual(len(waits), 1)
        self.assertEqual(ledger.refresh().remaining, {"queries": 1})

        following = self.connect(server, follow=True, sleep=never)
        before, stale = following.digest, following.lookup(**question)
        best = stale.top(1001)[0]
        pickled = pickle.dumps(remote)
        self.publish(0.5)
        server.renew()
        after = nasatlas.open(self.path).digest
        for _ in range(200):
            try:
                remote.query("a=1", **question)
            except errors.AtlasChanged as error:
                self.assertEqual((error.digest, error.code), (after, "server.other_digest"))
                break
            time.sleep(0.02)
        else:
            self.fail("the server still has the old file")
        with self.assertRaises(errors.AtlasChanged):
            remote.lookup(**question).values()
        with self.assertRaises(errors.AtlasChanged):
            pickle.loads(pickled)
        with self.assertRaisesRegex(errors.AtlasChanged, "places"):
            following.query(0, **question)
        self.assertEqual((following.digest, following.query(0, **question).value), (after, 0.6))
        with self.assertRaises(errors.AtlasChanged) as caught:
            stale("a=1")
        self.assertEqual((caught.exception.digest, before), (after, remote.digest))
        self.assertEqual((best.architecture, best.context.atlas_digest), ("a=7", before))
        with self.assertRaises(errors.AtlasChanged):
            best.index  # noqa: B018
        self.publish(0.25)
        server.renew()
        for _ in range(200):
            if (answer := following.query("a=1", **question)).value != 0.6:
                break
            time.sleep(0.02)
        self.assertEqual((answer.value, answer.context.atlas_digest), (0.35, nasatlas.open(self.path).digest))

    def test_limits_and_tokens(self):
        tokens = self.folder / "tokens"
        tokens.write_text(hashlib.sha256(b"open-sesame").hexdigest() + "\n")
        server = self.serve(Shared.atlas(), batch_keys=5, page_rows=7, token_file=tokens, reading_needs_token="true")
        for token in (None, "wrong"):
            with self.assertRaises(errors.AccessRefused) as caught:
                self.connect(server, token=token)
            self.assertEqual((caught.exception.status, caught.exception.code), (401, "server.unauthorized"))
            self.assertNotIn("wrong", str(caught.exception))
        with self.assertRaises(errors.ServerError):
            self.connect(server, token="two\r\nlines")
        remote, local = self.connect(server, token="open-sesame"), nasatlas.open(Shared.atlas())
        self.assertEqual(remote.architectures, local.architectures)
        same(self, remote.lookup(**FIRST).values(), local.lookup(**FIRST).values())
        same(self, remote.lookup(**FIRST).values(ARCHITECTURES), local.lookup(**FIRST).values(ARCHITECTURES))
        self.assertEqual(remote.ledger(queries=1, **FIRST).remaining, {"queries": 1})

    def test_a_rate(self):
        server = self.serve(Shared.atlas(), requests_per_second=20, request_burst=4)
        waits = []

        def sleep(seconds):
            waits.append(seconds)
            time.sleep(seconds)

        remote, local = self.connect(server, sleep=sleep), nasatlas.open(Shared.atlas())
        for _ in range(10):
            self.assertEqual(remote.query("a=2,b=x", **FIRST), local.query("a=2,b=x", **FIRST))
        self.assertTrue(waits)
        self.assertGreaterEqual(min(waits), 1)

    def test_a_sealed_atlas(self):
        self.publish()
        tokens = self.folder / "tokens"
        tokens.write_text(hashlib.sha256(b"open-sesame").hexdigest() + "\n")
        server = Served(sealed=[self.path], state_folder=self.folder / "ledgers", token_file=tokens)
        self.addCleanup(server.stop)
        remote, local = self.connect(server, token="open-sesame"), nasatlas.open(self.path)
        question = {"dataset": "whole", "space": "alpha"}
        self.assertTrue(remote.is_sealed)
        self.assertEqual(told(remote.query("a=1", **question)), told(local.query("a=1", **question)))
        for ask_for in (lambda: remote.query("a=1", split="test", **question),
                        lambda: remote.download(self.folder / "copy.atlas")):
            with self.assertRaises(errors.SealedValue):
                ask_for()
        table = remote.table(**question)
        self.assertNotIn("accuracy.test", table)
        self.assertEqual(repr(table["accuracy.validation"]), repr(local.table(**question)["accuracy.validation"]))
        ledger = remote.ledger(queries=1, **question)
        ledger.ask("a=1")
        self.assertEqual(ledger.close("a=1").test.value, local.lookup(split="test", **question)("a=1"))


if __name__ == "__main__":
    unittest.main()
