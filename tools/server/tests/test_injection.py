"""R17: 500 texts that break other programs, everywhere: refused or answered truly, and the atlas stays as it was."""

import hashlib
import json
import subprocess
from collections import Counter
from urllib.parse import quote

from corpus import ATLAS, GETS, PATHS, POSTS, injections, well_formed
from running import CELL, CELLS, PROGRAM, SLOW, ServerCase, place, say

# What the other parameters of a question are, so that it is the text under test that is looked at.
SETTING = {"dataset": "cifar10", "architecture": CELL, "objective": "parameters", "count": "2", "limit": "2"}
LEAKS = (b"sqlite", b"SQL ", b"near \"", b"no such table", b"no such column", b"root:x:", b"uid=", b"/proc/", b"GRDB")


def targets(text):
    """Every place where a text can stand: pairs of a method, a target, and perhaps a body."""
    for target, names in GETS.items():
        for name in names:
            given = {key: value for key, value in SETTING.items() if key in names} | {name: text}
            # A whole export for each text would say nothing more.
            if not (target.endswith("export") and name == "protocol"):
                query = "&".join(f"{key}={quote(value, '')}" for key, value in given.items())
                yield "GET", f"{target}?{query}", None
    for path in PATHS:
        yield "GET", path.format(quote(text, "")), None
    bodies = [{"architectures": [text]}, {"architectures": [text], "predictions": [1.0]}, {"queries": text},
              {"architecture": text, "epoch": text}, {"incumbent": text}, {"architectures": [text]},
              {"architectures": [text]}]
    for target, body in zip(POSTS, bodies):
        yield "POST", target, json.dumps(body)


class Injection(ServerCase):
    def test_no_text_is_more_than_a_text(self):
        path = self.folder / "nasbench201.atlas"
        place(CELLS, path)
        before = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in self.folder.glob("nasbench201*")}
        server = self.serve(path, state_folder=self.folder / "ledgers")
        digest = json.loads((self.folder / "nasbench201.atlas.manifest.json").read_text())["manifest"]["digest"]
        texts = injections()
        self.assertEqual(len(set(texts)), 500)
        places = sum(1 for _ in targets("x"))
        # Each text in every tenth place, another tenth for each; the long form takes all.
        step = 1 if SLOW else 10
        statuses = Counter()
        with server.client() as client:
            for number, text in enumerate(texts):
                for turn, (method, target, body) in enumerate(targets(text)):
                    if (turn + number) % step or len(target) > 8_000:
                        continue
                    headers = {} if body is None else {"Content-Type": "application/json"}
                    reply = client.ask(target, method, headers, body)
                    statuses[reply.status] += 1
                    told = (text, target[:200], reply.status, reply.body[:300])
                    self.assertTrue(reply.status in (200, 201) or 400 <= reply.status < 500, told)
                    self.assertNotIn("x-injected", reply.headers, told)
                    self.assertNotIn("set-cookie", reply.headers, told)
                    if reply.status == 200 and reply.headers["content-type"].startswith("application/json"):
                        answer = reply.json()
                        self.assertEqual(answer.get("context", {}).get("atlasDigest", digest), digest, told)
                    elif reply.status >= 400:
                        # The text itself may be told again; what it names may not.
                        rest = reply.body.replace(json.dumps(text)[1:-1].encode(), b"")
                        if reply.headers["content-type"] == "application/problem+json":
                            rest = json.dumps(reply.json()).replace(json.dumps(text)[1:-1], "").encode()
                        self.assertFalse([leak for leak in LEAKS if leak in rest and leak.decode() not in text], told)
            target, value = well_formed()
            self.assertEqual(client.ask(target).json()["value"], value)
            self.assertEqual(client.ask(ATLAS).json()["digest"], digest)
        after = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in self.folder.glob("nasbench201*")}
        self.assertEqual(before, after)
        subprocess.run([PROGRAM, "verify", path], check=True, capture_output=True)
        self.assertNothingUnforeseen(server)
        say(f"R17: 500 texts, {places} places, {sum(statuses.values())} requests: {dict(statuses)}; "
            "the file is the same")
