"""R11: the file read in Python, answers over HTTP and the export agree on every value, bit for bit."""

import json
import struct
import unittest

from running import CELLS, SLOW, ServerCase, say

try:
    import numpy
    import nasatlas
    REASON = None
except ImportError as error:
    REASON = f"{error}; tools/test runs this with numpy and tools/python/src"

ATLAS = "/v1/atlases/nasbench201"
BATCH = 5_000


@unittest.skipIf(REASON, REASON)
class OneNumber(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.atlas = nasatlas.open(CELLS)

    def test_values_over_http(self):
        server = self.serve(CELLS)
        datasets, count = ("cifar10", "cifar100", "imagenet16-120"), len(self.atlas.architectures)
        self.assertEqual(count, 15_625)
        binary = texts = 0
        with server.client() as client:
            for dataset in datasets:
                for seed in ("mean", "unnamed-1", "unnamed-2", "unnamed-3"):
                    known = self.atlas.lookup(dataset=dataset, seed=seed).values()
                    for first in range(0, count, BATCH):
                        places = numpy.arange(first, min(first + BATCH, count), dtype="<u4")
                        reply = client.ask(
                            f"{ATLAS}/values?dataset={dataset}&seed={seed}", "POST",
                            {"Content-Type": "application/vnd.nasatlas.batch"}, places.tobytes())
                        self.assertEqual(reply.status, 200, reply.body[:300])
                        told = numpy.frombuffer(reply.body, "<f8")
                        expected = known[places]
                        same = (told.view("<u8") == expected.view("<u8")) | (numpy.isnan(told) & numpy.isnan(expected))
                        self.assertTrue(same.all(), (dataset, seed, first))
                        binary += len(told)
                        if seed in ("mean", "unnamed-3"):
                            reply = client.post(
                                f"{ATLAS}/values?dataset={dataset}&seed={seed}", {"architectures": places.tolist()})
                            numbers = reply.json()["values"]
                            for number, value in zip(numbers, expected.tolist()):
                                if value != value:
                                    self.assertNotIsInstance(number, float)
                                else:
                                    self.assertEqual(struct.pack("<d", number), struct.pack("<d", value))
                            texts += len(numbers)
        say(f"R11: {binary} values over HTTP as bytes and {texts} as text are those of the file, bit for bit")

    def test_values_in_the_export(self):
        server = self.serve(CELLS)
        datasets = ("cifar10", "cifar100", "imagenet16-120") if SLOW else ("cifar10",)
        compared = 0
        for dataset in datasets:
            by_seed = {seed: self.atlas.lookup(dataset=dataset, seed=f"unnamed-{seed}").values() for seed in (1, 2, 3)}
            places = {text: place for place, text in enumerate(self.atlas.architectures)}
            with server.client(timeout=120) as client:
                reply = client.ask(f"{ATLAS}/export?dataset={dataset}")
            met = 0
            for line in reply.body.splitlines():
                if not line.startswith(b'{"run"'):
                    continue
                run = json.loads(line)["run"]
                value = by_seed[run["key"]["seed"]["unnamed"]][places[run["key"]["architecture"]]]
                self.assertEqual(struct.pack("<d", run["curves"][0]["values"][0]), struct.pack("<d", value))
                met += 1
            self.assertEqual(met, sum(int((~numpy.isnan(values)).sum()) for values in by_seed.values()))
            compared += met
        say(f"R11: {compared} runs of the export are those of the file, bit for bit")
