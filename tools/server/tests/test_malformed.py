"""R16: whatever is sent, no answer is a fault of the server, and whoever behaves is answered as quickly as ever."""

import threading
import time
from collections import Counter

from corpus import malformed, well_formed
from running import CELLS, SLOW, Client, Closed, ServerCase, percentile, say

COUNT = 10_000 if SLOW else 2_000


class Malformed(ServerCase):
    def test_nothing_that_is_sent_is_a_fault(self):
        server = self.serve(CELLS, state_folder=self.folder / "ledgers", request_seconds=2)
        statuses, legitimate, ended = Counter(), [], threading.Event()

        def behave():
            target, value = well_formed()
            with server.client() as client:
                while not ended.is_set():
                    start = time.monotonic()
                    reply = client.ask(target)
                    legitimate.append(time.monotonic() - start)
                    if reply.status != 200 or reply.json()["value"] != value:
                        statuses["legitimate", reply.status] += 1
                    time.sleep(0.01)

        thread = threading.Thread(target=behave)
        thread.start()
        times, faults = [], []
        try:
            for kind, data in malformed(COUNT):
                start = time.monotonic()
                try:
                    with Client(server.port, timeout=0.15) as client:
                        refused = False
                        try:
                            client.send(data)
                        except Closed:
                            # Too long, so the server need not read it to its end.
                            refused = True
                        status = client.reply(not data.startswith(b"HEAD")).status
                except Closed:
                    status = "closed" if not refused else "refused"
                except TimeoutError:
                    status = "waits"
                if status != "waits" and len(data) < 100_000:
                    times.append(time.monotonic() - start)
                statuses[kind if len(data) > 100_000 else "", status] += 1
                if isinstance(status, int) and status >= 500 and status != 503:
                    faults.append((kind, status, data[:300]))
        finally:
            ended.set()
            thread.join()
        self.assertEqual(faults, [])
        self.assertNothingUnforeseen(server)
        self.assertFalse([key for key in statuses if key[0] == "legitimate"], statuses)
        # What waits is a request whose end has not come, and only that.
        told = Counter({status: sum(n for (_, s), n in statuses.items() if s == status) for _, status in statuses})
        self.assertLess(told["waits"], COUNT / 20, told)
        self.assertGreater(told[400], COUNT / 10, told)
        self.assertLess(percentile(times, 0.99), 0.05)
        say(f"R16: {COUNT} requests {dict(told)}, p99 {percentile(times, 0.99) * 1000:.1f} ms; "
            f"beside them {len(legitimate)} good ones, p99 {percentile(legitimate, 0.99) * 1000:.1f} ms")
