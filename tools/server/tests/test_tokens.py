"""R22: no token but the right one is taken, and none is ever in the log."""

import base64
import hashlib
import random
import secrets

from corpus import ATLAS
from running import CELLS, Closed, ServerCase, say

COUNT = 1_000


def forged(token, digest):
    """1,000 values of the header that are not `Bearer TOKEN`."""
    draw = random.Random(22)
    fixed = ["", " ", "Bearer", "Bearer ", "bearer", token, f"Basic {token}", f"Token {token}", f"Bearer {digest}",
             f"Bearer {digest.upper()}", f"Bearer {token[:-1]}", f"Bearer {token}x", f"Bearer x{token}",
             f"Bearer {token}=", f"Bearer {token.swapcase()}", f"Bearer {token}, Bearer {token}",
             f"Bearer {token} {token}",
             f"Bearer,{token}", f"Bearer:{token}", f'Bearer "{token}"', f"Bearer {token[::-1]}",
             f"Bearer {token}%00", "Bearer null",
             "Bearer undefined", "Bearer *", "Bearer ' OR 1=1--", "Bearer ../../tokens", f"Digest {digest}",
             "Basic " + base64.b64encode(f"user:{token}".encode()).decode(), "Bearer " + token * 2,
             "Bearer " + digest[:32],
             "Bearer eyJhbGciOiJub25lIn0.eyJleHAiOjF9."]
    yield from fixed
    for number in range(COUNT - len(fixed)):
        kind = number % 5
        if kind == 0:
            yield f"Bearer {secrets.token_urlsafe(24)}"
        elif kind == 1:
            place = draw.randrange(len(token))
            other = chr((ord(token[place]) - 33 + draw.randrange(1, 90)) % 94 + 33)
            yield f"Bearer {token[:place]}{other}{token[place + 1:]}"
        elif kind == 2:
            yield f"Bearer {token}{'A' * draw.randrange(1, 15_000)}"
        elif kind == 3:
            yield f"Bearer {'B' * draw.randrange(15_000, 60_000)}"
        else:
            yield "Bearer " + "".join(chr(draw.randrange(0x80, 0x250)) for _ in range(draw.randrange(1, 60)))


class Tokens(ServerCase):
    def test_no_forged_token_is_taken(self):
        token, former = "right-" + secrets.token_urlsafe(24), "former-" + secrets.token_urlsafe(24)
        digest = hashlib.sha256(token.encode()).hexdigest()
        file = self.folder / "tokens"
        past = hashlib.sha256(former.encode()).hexdigest()
        file.write_text(f"{digest} of the tests\n{past} until 2999-12-31\n")
        settings = {"token_file": file, "reading_needs_token": "true", "access_log": "true", "log_level": "trace",
                    "state_folder": self.folder / "ledgers"}
        server = self.serve(CELLS, **settings)
        with server.client() as client:
            self.assertEqual(client.ask(ATLAS, headers={"Authorization": f"Bearer {former}"}).status, 200)
        file.write_text(f"{digest}\n{past} until 2026-01-31\n")
        server.renew()
        with server.client() as client:
            self.assertEqual(client.ask(ATLAS, headers={"Authorization": f"Bearer {former}"}).status, 401)
        logs = server.text()
        self.assertEqual(server.stop(), 0)
        file.write_text(f"{digest}\n")
        server = self.serve(CELLS, **settings)
        targets = [(ATLAS, "GET"), (f"{ATLAS}/ledgers?dataset=cifar10", "POST"), (f"{ATLAS}/export", "GET"),
                   (f"{ATLAS}/file", "HEAD"), ("/", "GET"), (f"{ATLAS}?access_token={token}", "GET")]
        accepted, refused, sent = [], 0, []
        values = [f"Bearer {former}", *list(forged(token, digest))[1:]]
        self.assertEqual(len(values), COUNT)
        client = server.client()
        for number, value in enumerate(values):
            target, method = targets[number % len(targets)]
            try:
                client.send(f"{method} {target} HTTP/1.1\r\nHost: t\r\n".encode() + b"Authorization: "
                            + value.encode() + b"\r\n\r\n")
                reply = client.reply(method != "HEAD")
                status = reply.status
                is_over = reply.headers.get("connection") == "close"
            except Closed:
                status, is_over = 431, True
            if status in (401, 400, 431):
                refused += 1
            else:
                accepted.append((value[:80], status))
            if "access_token" not in target:
                sent.append(value.removeprefix("Bearer ").strip())
            if is_over:
                client.socket.close()
                client = server.client()
        client.socket.close()
        self.assertEqual(accepted, [])
        with server.client() as client:
            self.assertEqual(client.ask(ATLAS, headers={"Authorization": f"Bearer {token}"}).status, 200)
        self.assertEqual(server.stop(), 0)
        logs += server.text()
        self.assertGreater(logs.count("request"), COUNT / 2)
        for secret in [token, former, digest, *[value for value in sent if len(value) > 12]]:
            self.assertFalse(secret[:2_000] in logs, f"{secret[:20]}… is in the log")
        say(f"R22: {COUNT} tokens, {refused} refused, 0 accepted, 0 of {len(logs) // 1024} KiB of log contain one")
