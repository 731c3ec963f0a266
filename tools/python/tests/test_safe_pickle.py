"""Run by tools/test with the standard library alone: python3 -m unittest discover -s tools/python/tests"""

import os
import pickle
import tempfile
import unittest

from nasatlas.importing.faults import RefusedPickle
from nasatlas.importing.pickled_frame import load_frame


class Runs:
    """Unpickled the usual way, this makes a file."""

    def __init__(self, call, *arguments):
        self.call, self.arguments = call, arguments

    def __reduce__(self):
        return self.call, self.arguments


class RefusesPrograms(unittest.TestCase):
    def test_nothing_named_is_run(self):
        with tempfile.TemporaryDirectory() as folder:
            mark = os.path.join(folder, "mark")
            for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
                raw = pickle.dumps(Runs(os.mkdir, mark), protocol)
                with self.assertRaisesRegex(RefusedPickle, "mkdir"):
                    load_frame(raw)
                self.assertFalse(os.path.exists(mark))
            pickle.loads(raw)
            self.assertTrue(os.path.exists(mark), "the pickle would have made the folder")

    def test_the_refusal_names_the_global(self):
        for call, name in [(eval, "eval"), (exec, "exec"), (getattr, "getattr"), (os.system, "system")]:
            with self.assertRaisesRegex(RefusedPickle, rf"\b{name}\b"):
                load_frame(pickle.dumps(Runs(call, "1")))

    def test_dotted_names_lead_nowhere(self):
        raw = b"\x80\x04\x8c\x11pandas.core.frame\x8c\x12DataFrame.__init__\x93."
        with self.assertRaisesRegex(RefusedPickle, "DataFrame.__init__"):
            load_frame(raw)

    def test_persistent_and_extension_references_are_refused(self):
        for raw in [b"Pthere\n.", b"\x80\x02\x82\x01."]:
            with self.assertRaises(RefusedPickle):
                load_frame(raw)

    def test_what_is_no_frame_is_refused(self):
        for raw in [b"", b"\x80", b"not a pickle", pickle.dumps({"a": [1]}), pickle.dumps(slice(1, 2))]:
            with self.assertRaises(RefusedPickle):
                load_frame(raw)


if __name__ == "__main__":
    unittest.main()
