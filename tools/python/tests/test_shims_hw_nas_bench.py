"""HWNASBenchAPI on atlases: units, the product, what atlases lack, and all published latencies of four devices."""

import math
import pickle
import re
import tempfile
import unittest
from pathlib import Path

import nasatlas
import numpy as np
from benchmark_data import needs
from made_up_atlas import PROGRAM, REASON, publish
from nasatlas import errors
from nasatlas.importing import cards, safe_pickle
from nasatlas.importing.entries import Measurement, SourceCard
from nasatlas.importing.sources import hw_latency_nb201
from nasatlas.shims import hw_nas_bench_api
from nasatlas.shims.hw_nas_bench_api import HWNASBenchAPI
from nasatlas.shims.nats_bench import cells
from nasatlas.shims.told import MissingKey
from published import SHARED

RELEASED = Path(__file__).resolve().parents[3] / "data" / "nasbench201.atlas"


PUBLISHED = {
    "edgegpu_latency": 5.807418537139893, "edgegpu_energy": 24.226614330768584, "raspi4_latency": 10.481976820010459,
    "edgetpu_latency": 0.9571811309997429, "pixel3_latency": 3.6058499999999998, "eyeriss_latency": 3.645620000000001,
    "eyeriss_energy": 0.6872827644999999, "fpga_latency": 2.57296, "fpga_energy": 18.01072}
"""Cell 0 on CIFAR-10 as HW-NAS-Bench's README prints it: milliseconds and millijoules."""


def entries():
    """Cell 5 with all ten metrics, in other units too; cell 6 with one, and one of another device."""
    yield SourceCard("made-up", "Made-up devices", "made for tests", license="CC0", citation="Nobody: Made up")
    yield cards.ACCURACY_PERCENT
    yield cards.cifar10("made up")
    yield cards.cifar100("made up")
    for number, name in enumerate(hw_nas_bench_api.METRICS, 1):
        device, _, quantity = name.partition("_")
        unit = {"energy": "joule" if device == "fpga" else "millijoule", "arithmetic_intensity": "operations/byte",
                "latency": "second" if device == "pixel3" else "millisecond"}[quantity]
        yield Measurement("nasbench201", cells.topology()[5], "made-up", quantity, unit, float(number), device=device,
                          dataset="cifar10")
    for name, value in PUBLISHED.items():
        device, _, quantity = name.partition("_")
        unit, scale = {"latency": ("second", 1e3), "energy": ("joule", 1e3)}[quantity] if device == "edgegpu" \
            else ({"latency": "millisecond", "energy": "millijoule"}[quantity], 1)
        yield Measurement("nasbench201", cells.topology()[0], "made-up", quantity, unit, value / scale, device=device,
                          dataset="cifar100")
    yield Measurement("nasbench201", cells.topology()[6], "made-up", "latency", "millisecond", 7.5, device="raspi4",
                      dataset="cifar10")
    yield Measurement("nasbench201", cells.topology()[7], "made-up", "latency", "millisecond", 8.5, device="gold",
                      dataset="cifar10")


@unittest.skipUnless(PROGRAM, REASON)
class MadeUp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.api = HWNASBenchAPI(publish(folder.name, entries(), "devices"))

    def test_all_metrics(self):
        told = self.api.query_by_index(5, "cifar10")
        expected = {name: float(number) for number, name in enumerate(hw_nas_bench_api.METRICS, 1)}
        expected.update(pixel3_latency=5000.0, fpga_energy=10_000.0)
        expected["average_hw_metric"] = math.factorial(10) / 8 * 1e6
        self.assertEqual(told, expected)
        for same in (cells.topology()[5], np.int64(5)):
            self.assertEqual(self.api.query_by_index(same, "cifar10"), told)
        for wrong in (True, 5.0, -1, 15_625, None, [5]):
            with self.assertRaises(errors.QuestionError):
                self.api.query_by_index(wrong, "cifar10")
        for wrong in (None, ["cifar10"]):
            with self.assertRaises(errors.UnknownName):
                self.api.query_by_index(5, wrong)

    def test_pickles(self):
        told = self.api.query_by_index(6, "cifar10")
        again, api = pickle.loads(pickle.dumps((told, self.api)))
        self.addCleanup(api.atlas.close)
        self.assertEqual((again, api.query_by_index(6, "cifar10")), (told, told))
        with self.assertRaisesRegex(MissingKey, f"no edgegpu_energy of {re.escape(cells.topology()[6])} on cifar10"):
            again["edgegpu_energy"]

    def test_published_numbers(self):
        told = self.api.query_by_index(0, "cifar100")
        self.assertEqual(set(told), {*PUBLISHED, "average_hw_metric"})
        for name, value in PUBLISHED.items():
            self.assertAlmostEqual(told[name] / value, 1, delta=1e-15)
        self.assertAlmostEqual(told["average_hw_metric"] / math.prod(PUBLISHED.values()), 1, delta=1e-14)
        with self.assertRaisesRegex(MissingKey, "quantity arithmetic_intensity and device eyeriss on cifar100"):
            told["eyeriss_arithmetic_intensity"]

    def test_what_is_not_there(self):
        told = self.api.query_by_index(6, "cifar10")
        self.assertEqual(told, {"raspi4_latency": 7.5})
        for key, message in (("edgegpu_energy", "no edgegpu_energy"),
                             ("average_hw_metric", "edgegpu_latency, edgegpu_energy, edgetpu_latency")):
            with self.assertRaisesRegex(MissingKey, message):
                told[key]
        for ask, kind, known in (
                (lambda: self.api.query_by_index(5, "cifar100"), errors.MissingValue, ["cifar10"]),
                (lambda: self.api.query_by_index(0, "cifar10"), errors.MissingValue, ["cifar100"]),
                (lambda: self.api.query_by_index(7, "cifar10"), errors.MissingValue, []),
                (lambda: self.api.query_by_index(8, "cifar10"), errors.UnknownArchitecture, [0, 5, 6, 7]),
                (lambda: self.api.query_by_index("no cell", "cifar10"), errors.UnknownArchitecture, [0, 5, 6, 7]),
                (lambda: self.api.query_by_index(5, "svhn"), errors.UnknownName, list(hw_nas_bench_api.DATASETS)),
                (self.api.get_op_lookup_tables, errors.UnknownName, ["nasbench201"]),
                (lambda: HWNASBenchAPI(self.api.atlas, "fbnet"), errors.UnknownName, ["nasbench201"]),
                (lambda: HWNASBenchAPI(RELEASED), errors.MissingValue, [])):
            with self.assertRaises(kind) as caught:
                ask()
            self.assertEqual(caught.exception.known, known)

    def test_configuration(self):
        told = self.api.get_net_config(5, "cifar10")
        self.assertEqual(told, {"name": "infer.tiny", "arch_str": cells.topology()[5], "num_classes": 10})
        with self.assertRaises(MissingKey):
            told["C"]


@unittest.skipUnless(PROGRAM, REASON)
@needs("hw-latency-nb201")
class SameAsTheFiles(unittest.TestCase):
    """Latencies of HW-NAS-Bench on CIFAR-10 that HELP's files hold, in the published order of cells."""

    def test_four_devices(self):
        names = ("eyeriss", "fpga", "pixel3", "raspi4")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        kept = (one for one in hw_latency_nb201.entries(SHARED / "hw-latency-nb201")
                if not isinstance(one, Measurement) or one.device in names)
        api, compared = HWNASBenchAPI(nasatlas.open(publish(folder.name, kept, "devices"))), 0
        files = {name: safe_pickle.load_torch((SHARED / "hw-latency-nb201" / f"{name}.pt").read_bytes())
                 for name in names}
        for index in range(len(cells.topology())):
            told = api.query_by_index(index, "cifar10")
            self.assertEqual(told, {f"{name}_latency": files[name][index] for name in names})
            compared += len(told)
        self.assertEqual(compared, 62_500)


if __name__ == "__main__":
    unittest.main()
