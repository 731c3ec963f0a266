"""A disk that takes no more loses no ledger: what a failed write leaves is cut off, and other entries follow."""

import resource
import signal
import subprocess
from unittest import mock

from corpus import ATLAS
from running import CELLS, ServerCase


class FullDisk(ServerCase):
    def setUp(self):
        super().setUp()
        # A file that may not grow fails like a full disk; the signal that comes with it would end the server.
        original = subprocess.Popen
        patch = mock.patch("subprocess.Popen", lambda *words, **named: original(*words, **named, restore_signals=False))
        patch.start()
        self.addCleanup(patch.stop)
        before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        self.addCleanup(signal.signal, signal.SIGXFSZ, before)

    def test_a_failed_write_leaves_nothing_behind(self):
        folder = self.folder / "ledgers"
        server = self.serve(CELLS, state_folder=folder)
        with server.client() as client:
            # Of one seed, so that entries differ by little but their epoch.
            ledger, other = (
                client.post(f"{ATLAS}/ledgers?dataset=cifar10&seed=unnamed-1", {"unlimited": True}).json()["terms"]["id"]
                for _ in range(2))
            journal = folder / f"{ledger}.ledger"

            def asked(place, epoch):
                before = journal.stat().st_size
                status = client.post(f"/v1/ledgers/{ledger}/ask", {"architecture": place, "epoch": epoch}).status
                return status, journal.stat().st_size - before

            _, long = asked(0, "best-so-far:200")
            _, short = asked(1, "200")
            self.assertGreater(long, short + 8)
            _, unlimited = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
            size = journal.stat().st_size
            for left in (1, short // 2, long - 4):
                resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size + left, unlimited))
                self.assertEqual(asked(2, "best-so-far:200")[0], 500)
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (unlimited, unlimited))
            # A shorter entry, which would leave the end of the failed one behind it.
            status, written = asked(3, "200")
            self.assertEqual(status, 200)
            self.assertLess(written, long - 4)
        server.kill()
        self.assertTrue(journal.read_bytes().endswith(b"}\n"))
        again = self.serve(CELLS, state_folder=folder)
        with again.client() as client:
            self.assertEqual(client.ask(f"/v1/ledgers/{ledger}").json()["spent"]["queries"], 3)
            self.assertEqual(client.ask(f"/v1/ledgers/{other}").status, 200)
        self.assertNotIn("damaged", again.text())
