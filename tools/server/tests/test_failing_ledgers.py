"""R3: a ledger whose journal cannot be written refuses the answer, and counts every answer that it gave."""

import errno
import os
import sys
from collections import Counter
from unittest import mock

from running import ROOT, SLOW, ServerCase, make_atlas, say

sys.path.append(str(ROOT / "tools" / "reliability"))
from failing import Failing, Fault  # noqa: E402

ASKS = 6
PLACES = range(1, 20) if SLOW else (1, 2, 4)


class FailingLedgers(ServerCase):
    def test_every_answer_that_was_given_is_counted(self):
        failing = Failing(self.folder)
        make_atlas(self.folder / "study.atlas", 0.1)
        met, statuses, given = 0, Counter(), 0
        kinds = [("write", errno.EIO), ("write", errno.ENOSPC), ("write", None), ("sync", errno.EIO),
                 ("open", errno.EIO), ("truncate", errno.EIO)]
        for number, (call, error) in enumerate(kinds if SLOW else kinds[:1] + kinds[2:4]):
            for at in PLACES:
                fault = Fault(call, at, error)
                folder = self.folder / f"ledgers-{number}-{at}"
                folder.mkdir()
                with mock.patch.dict(os.environ, failing.environment(fault, folder)):
                    server = self.serve(self.folder / "study.atlas", state_folder=folder)
                answered = self.asked(server, statuses)
                server.kill()
                if not failing.failed():
                    break
                met += 1
                with self.subTest(fault=str(fault)):
                    given += self.counted(folder, answered)
        self.assertGreater(met, 5)
        self.assertGreater(statuses[500], 0)
        self.assertLessEqual(set(statuses), {200, 201, 500, 503, 409})
        say(f"R3: ledgers: {met} failed calls, {given} answers given, none missing after a restart; statuses "
            + ", ".join(f"{status} {count} times" for status, count in sorted(statuses.items())))

    def asked(self, server, statuses):
        """Opens two ledgers and asks both; how many answers each id gave."""
        answered = {}
        with server.client() as client:
            for _ in range(2):
                opened = client.post("/v1/atlases/study/ledgers", {"unlimited": True})
                statuses[opened.status] += 1
                if opened.status == 201:
                    answered[opened.json()["terms"]["id"]] = 0
            for place in range(ASKS):
                for ledger in answered:
                    asked = client.post(f"/v1/ledgers/{ledger}/ask", {"architecture": place})
                    statuses[asked.status] += 1
                    answered[ledger] += asked.status == 200
            # The rest of the server does not notice.
            self.assertEqual(client.ask("/v1/atlases/study/top?count=1").status, 200)
        return answered

    def counted(self, folder, answered):
        """A server that starts again knows every answer; how many there are."""
        again = self.serve(self.folder / "study.atlas", state_folder=folder)
        self.assertNotIn("damaged", again.text())
        with again.client() as client:
            for ledger, answers in answered.items():
                told = client.ask(f"/v1/ledgers/{ledger}")
                self.assertEqual(told.status, 200, told.body)
                self.assertGreaterEqual(told.json()["spent"]["queries"], answers)
                self.assertLessEqual(told.json()["spent"]["queries"], ASKS)
                self.assertEqual(client.post(f"/v1/ledgers/{ledger}/ask", {"architecture": ASKS}).status, 200)
        again.kill()
        return sum(answered.values())
