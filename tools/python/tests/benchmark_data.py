"""What tests of importers share: skips, keys of runs and measurements, small files in published formats."""

import io
import os
import tempfile
import unittest
import zipfile
from pathlib import Path

from nasatlas.importing import ndjson
from nasatlas.importing.entries import Measurement, Run
from published import missing_shared

SLOW = os.environ.get("NASATLAS_SLOW") == "1"


def needs(folder):
    """Skips a test unless the published files of `folder` are there."""
    why = missing_shared(folder)
    return unittest.skipIf(why, why)


def slow(why):
    """Skips a test unless NASATLAS_SLOW=1."""
    return unittest.skipUnless(SLOW, f"{why}; set NASATLAS_SLOW=1")


def admitted(entries):
    """The entries as a list, each of them checked as the writer checks it and written as a line."""
    ledger, taken = ndjson.Ledger(), []
    for entry in entries:
        ledger.admit(entry)
        taken.append(entry)
    return taken


def runs(entries):
    """The runs by (architecture, data set, protocol, seed)."""
    return {(e.architecture, e.dataset, e.protocol, e.seed): e for e in entries if isinstance(e, Run)}


def measurements(entries):
    """The measurements by quantity and the rest of their key; a second value for one key is an error."""
    found = {}
    for entry in entries:
        if isinstance(entry, Measurement):
            key = (entry.quantity, entry.architecture, entry.device, tuple((entry.conditions or {}).items()),
                   entry.dataset, entry.protocol)
            if key in found:
                raise AssertionError(f"{key} has two values")
            found[key] = entry
    return found


def curves(run):
    """The curves of a run by (metric, split)."""
    return {(c.metric, c.split): c for c in run.curves}


class Folder(unittest.TestCase):
    """A test with an empty folder of its own, `self.folder`."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def put(self, name, raw):
        """Writes a file below the folder and returns its path."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
        return path


def torch_archive(pickled):
    """What torch.save writes of plain data."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("archive/data.pkl", pickled)
        archive.writestr("archive/version", "3\n")
    return out.getvalue()
