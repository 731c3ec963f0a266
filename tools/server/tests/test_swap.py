"""R20: a new atlas takes the place of an old one, over and over, under load."""

import threading
import time
from collections import Counter

from running import SLOW, ServerCase, make_atlas, place, say

SWAPS = 300 if SLOW else 100


class Swap(ServerCase):
    def test_swapping_under_load(self):
        digests = {make_atlas(self.folder / f"{name}.atlas", bias) for name, bias in (("old", 0.1), ("new", 0.2))}
        self.assertEqual(len(digests), 2)
        path = self.folder / "study.atlas"
        place(self.folder / "old.atlas", path)
        server = self.serve(path)
        met, failures, ended = Counter(), [], threading.Event()

        def ask():
            count = Counter()
            try:
                with server.client() as client:
                    while not ended.is_set():
                        reply = client.ask("/v1/atlases/study/top?count=3")
                        digest = reply.json()["context"]["atlasDigest"] if reply.status == 200 else ""
                        if digest not in digests or digest not in reply.headers["etag"]:
                            failures.append((reply.status, reply.body[:200]))
                        # One answer is of one atlas: its values tell which.
                        best = reply.json()["places"][0]["value"]
                        count[digest, best] += 1
            except Exception as error:  # noqa: BLE001 any failure of a client is what is looked for
                failures.append(repr(error))
            met.update(count)

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        took = []
        for number in range(SWAPS):
            place(self.folder / ("new.atlas", "old.atlas")[number % 2], path)
            start = time.monotonic()
            told = server.renew()[0]
            took.append(time.monotonic() - start)
            self.assertTrue(told["isNew"] and told["digest"] in digests, told)
        ended.set()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        self.assertEqual(len(met), 2, met)
        self.assertGreater(sum(met.values()), 3 * SWAPS)
        self.assertNothingUnforeseen(server)
        say(f"R20: {SWAPS} swaps, {sum(met.values())} answers, 0 failed, slowest renewal {max(took) * 1000:.0f} ms")
        # Memory of atlases that were taken away is given back.
        self.assertLess(server.memory_mib(), 400)
