"""Run by tools/test with the standard library alone: python3 -m unittest discover -s tools/python/tests"""

import collections
import io
import os
import pickle
import random
import struct
import tempfile
import tracemalloc
import unittest
import zipfile

from nasatlas.importing import safe_pickle
from nasatlas.importing.faults import RefusedPickle
from nasatlas.importing.pickled_frame import load_frame
from nasatlas.importing.safe_pickle import load, load_torch

PLAIN = {
    "text": "ä🐟\n'", "bytes": b"\x00\xff", "numbers": [0, 1, -1, 255, 256, 65536, -(2**31), 2**62, -(2**80)],
    "floats": [0.1, -0.0, 1e308, 5e-324, 0.1 + 0.2], "nothing": None, "both": [True, False],
    "nested": {("cifar10", 777): {"a": [[], {}, ()]}, 3: (1, 2), 2.5: (1, 2, 3), None: (1, 2, 3, 4)},
    "set": {1, 2, 3}, "long": "x" * 300,
}


class Runs:
    """Unpickled the usual way, this makes a call."""

    def __init__(self, call, *arguments):
        self.call, self.arguments = call, arguments

    def __reduce__(self):
        return self.call, self.arguments


def short(text):
    return b"\x8c" + bytes([len(text)]) + text


def named(module, name):
    return short(module) + short(name) + b"\x93"


class ReadsPlainData(unittest.TestCase):
    def test_same_as_pickle_in_every_protocol(self):
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            data = {k: v for k, v in PLAIN.items() if protocol >= 4 or k not in ("set", "bytes")}
            self.assertEqual(repr(load(pickle.dumps(data, protocol))), repr(data))

    def test_shared_parts_stay_shared(self):
        part = [1.5]
        found = load(pickle.dumps([part, part]))
        self.assertIs(found[0], found[1])

    def test_ordered_dicts_become_dicts(self):
        for protocol in (2, 4):
            self.assertEqual(load(pickle.dumps(collections.OrderedDict(b=1, a=2), protocol)), {"b": 1, "a": 2})

    def test_numpy_scalars_become_numbers(self):
        for code, form, value in [(b"f8", "d", 0.1), (b"f4", "f", 0.5), (b"i8", "q", -7), (b"b1", "?", True)]:
            for order in (b"<", b">"):
                for core in (b"numpy.core.multiarray", b"numpy._core.multiarray"):
                    packed = struct.pack(order.decode() + form, value)
                    dtype = (named(b"numpy", b"dtype") + short(code) + b"\x89\x88\x87R" + b"(K\x03" + short(order)
                             + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb")
                    raw = (b"\x80\x04" + named(core, b"scalar") + dtype + b"C" + bytes([len(packed)]) + packed
                           + b"\x86R.")
                    self.assertEqual(load(raw), value)

    def test_scalars_of_old_protocols(self):
        dtype = (b"cnumpy\ndtype\n(X\x02\x00\x00\x00f8K\x00K\x01tR(K\x03X\x01\x00\x00\x00<NNN"
                 b"J\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb")
        text = struct.pack("<d", 0.1).decode("latin1").encode("utf-8")
        data = (b"c_codecs\nencode\n(X" + struct.pack("<I", len(text)) + text + b"X\x06\x00\x00\x00latin1tR")
        self.assertEqual(load(b"\x80\x02cnumpy.core.multiarray\nscalar\n(" + dtype + data + b"tR."), 0.1)

    def test_torch_archives_of_plain_lists(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("archive/data.pkl", pickle.dumps([1.5, 2.5], 2))
            archive.writestr("archive/version", "3\n")
        self.assertEqual(load_torch(packed.getvalue()), [1.5, 2.5])


class RefusesPrograms(unittest.TestCase):
    def refuses(self, raw, told):
        with self.assertRaisesRegex(RefusedPickle, told):
            load(raw)
        with self.assertRaises(RefusedPickle):
            load_frame(raw)

    def test_nothing_named_is_run(self):
        with tempfile.TemporaryDirectory() as folder:
            mark = os.path.join(folder, "mark")
            for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
                raw = pickle.dumps(Runs(os.mkdir, mark), protocol)
                self.refuses(raw, "mkdir.*nothing was run")
                self.assertFalse(os.path.exists(mark))
            pickle.loads(raw)
            self.assertTrue(os.path.exists(mark), "the pickle would have made the folder")

    def test_the_refusal_names_the_global(self):
        for call, name in [(eval, "eval"), (exec, "exec"), (getattr, "getattr"), (os.system, "system")]:
            self.refuses(pickle.dumps(Runs(call, "1")), rf"\b{name}\b")

    def test_every_way_to_name_and_to_call(self):
        for raw, told in [
            (b"cos\nsystem\n(S'id'\ntR.", "os.system"),
            (b"cposix\nsystem\nX\x02\x00\x00\x00id\x85R.", "posix.system"),
            (b"\x80\x04" + named(b"os", b"system") + short(b"id") + b"\x85R.", "os.system"),
            (b"\x80\x04" + named(b"numpy", b"dtype.__init__.__globals__") + b".", "__globals__"),
            (b"\x80\x04" + named(b"nasatlas.importing.safe_pickle", b"load") + b".", "safe_pickle.load"),
            (b"(S'id'\nios\nsystem\n.", r"instruction b'S'"),
            (b"(ios\nsystem\n.", r"instruction b'i' .*instance"),
            (b"(cnumpy\ndtype\no.", r"instruction b'o' .*instance"),
            (named(b"numpy", b"dtype") + b")}\x92.", "instance"),
            (b"Pthere\n.", "outside the file"), (b"NQ.", "outside the file"), (b"\x80\x02\x82\x01.", "extension"),
            (b"\x97.", "buffer"), (b"\xff.", "unknown"),
            (short(b"os") + short(b"system") + b"\x86.no", None),
            (short(b"id") + b"\x85" + short(b"system") + b"R.", "not an allowed name"),
            (b"K\x01" + short(b"system") + b"\x93.", "not text"),
        ]:
            if told is None:
                self.assertEqual(load(raw), ("os", "system"), "text alone is no name")
            else:
                with self.subTest(raw=raw):
                    self.refuses(raw, told)

    def test_attributes_are_set_on_nothing_but_records(self):
        before = dict(vars(safe_pickle.Dtype)), safe_pickle._scalar.__defaults__
        state = b"}" + short(b"__init__") + b"K\x01s"
        for target in [named(b"numpy", b"dtype"), named(b"numpy.core.multiarray", b"scalar"), b"}", b"]", b"K\x01",
                       named(b"collections", b"OrderedDict") + b")R"]:
            for given in (state, b"N" + state + b"\x86"):
                with self.subTest(target=target):
                    self.refuses(target + given + b"b.", "sets attributes")
        self.assertEqual(before, (dict(vars(safe_pickle.Dtype)), safe_pickle._scalar.__defaults__))

    def test_calls_of_allowed_names_with_anything_else(self):
        scalar, dtype = named(b"numpy.core.multiarray", b"scalar"), named(b"numpy", b"dtype")
        for raw in [
            scalar + b")R.", scalar + b"K\x01K\x02\x86R.", scalar + dtype + b"C\x01a\x86R.",
            scalar + dtype + short(b"O8") + b"\x85RC\x08" + bytes(8) + b"\x86R.",
            scalar + dtype + short(b"f8") + b"\x85RC\x04" + bytes(4) + b"\x86R.",
            named(b"_codecs", b"encode") + short(b"a") + short(b"rot13") + b"\x86R.",
            named(b"collections", b"OrderedDict") + b"K\x01\x85R.",
            named(b"collections", b"OrderedDict") + b"]]K\x01a\x85a\x85R.",
        ]:
            with self.subTest(raw=raw):
                self.refuses(raw, ".")

    def test_memory_bombs_are_refused_before_anything_is_made(self):
        tracemalloc.start()
        try:
            for raw, told in [
                (b"\x80\x04\x8e" + struct.pack("<Q", 2**62) + b".", "announces"),
                (b"\x80\x04\x8d" + struct.pack("<Q", 2**63) + b".", "announces"),
                (b"\x80\x05\x96" + struct.pack("<Q", 2**40) + b".", "announces"),
                (b"B\xff\xff\xff\x7f.", "announces"), (b"X\xff\xff\xff\xff.", "announces"),
                (b"\x8b\xff\xff\xff\x7f.", "announces"), (b"\x95" + b"\xff" * 8, "."),
                (b"L" + b"9" * 5000 + b"L\n.", "ValueError"),
            ]:
                with self.subTest(raw=raw[:12]):
                    self.refuses(raw, told)
            # A memo place of four billion costs one entry, not a table of that length.
            self.assertEqual(load(b"K\x01r\xff\xff\xff\xff0j\xff\xff\xff\xff."), 1)
            self.assertLess(tracemalloc.get_traced_memory()[1], 4 << 20)
        finally:
            tracemalloc.stop()

    def test_doubling_stays_small_and_hashing_it_is_refused(self):
        # Each step makes a pair of the last pair: 2^60 leaves when walked, 60 objects as they are.
        doubled = b"K\x01" + b"2\x86" * 60
        self.assertIsInstance(load(doubled + b"."), tuple)
        for use in (b"}" + doubled + b"Ns.", b"\x8f(" + doubled + b"\x90."):
            self.refuses(use, "key must be short and plain")
        deep = b"K\x01" + b"\x85" * 200_000
        self.refuses(b"}" + deep + b"Ns.", "key must be short and plain")
        self.refuses(b"}(" + b"K\x01" * 17 + b"tNs.", "key must be short and plain")
        self.refuses(b"}]Ns.", "key must be short and plain")

    def test_limits_of_size(self):
        with self.assertRaisesRegex(RefusedPickle, "more than 10"):
            load(pickle.dumps("x" * 20), largest=10)
        for make in (lambda: b"", lambda: b"no zip", lambda: pickle.dumps([1])):
            with self.assertRaisesRegex(RefusedPickle, "torch"):
                load_torch(make())

    def test_what_is_broken_is_refused(self):
        for raw in [b"", b".", b"\x80", b"not a pickle", b"K\x01K\x02.", b"(K\x01.", b"a.", b"e.", b"(u.", b"h\x01.",
                    b"]K\x01K\x02s.", b"}K\x01a.", b"}(K\x01u.", b"I1", b"I\n.", b"Fx\n.", b"G\x00.", b"1.", b"2.",
                    b"\x85.", b"C\x05abc.", b"X\x01\x00\x00\x00\xff.", b"U\x01\xff.", b"b.", b"R.", b"(K\x01\x90."]:
            with self.subTest(raw=raw):
                self.refuses(raw, ".")

    def test_every_truncation_and_flip_reads_or_is_refused(self):
        raw = pickle.dumps(PLAIN)
        for end in range(len(raw)):
            with self.assertRaises(RefusedPickle):
                load(raw[:end])
        draw = random.Random(1)
        for _ in range(3000):
            spoilt = bytearray(raw)
            for _ in range(draw.randint(1, 4)):
                spoilt[draw.randrange(len(raw))] = draw.randrange(256)
            try:
                load(bytes(spoilt))
            except RefusedPickle:
                pass

    def test_what_is_no_frame_is_refused(self):
        for raw in [b"", b"\x80", b"not a pickle", pickle.dumps({"a": [1]}), pickle.dumps(slice(1, 2))]:
            with self.assertRaises(RefusedPickle):
                load_frame(raw)


if __name__ == "__main__":
    unittest.main()
