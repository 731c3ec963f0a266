"""An import all the way into an atlas, with the real nasatlas program."""

import contextlib
import io
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from nasatlas.importing import command
from nasatlas.importing.sources import seqnas
from published import SHARED, missing_shared

PROGRAM = os.environ.get("NASATLAS")


def why_not():
    """Why these tests are skipped; None where they can run."""
    if not PROGRAM:
        return "NASATLAS does not name the nasatlas program; tools/test sets it"
    told = subprocess.run([PROGRAM, "ingest", "--help"], capture_output=True, text=True, check=False).stdout
    return None if "ndjson" in told.lower() else f"{PROGRAM} does not ingest NDJSON"


SKIP_PROGRAM = why_not()
SKIP = SKIP_PROGRAM or missing_shared("seqnas")


@unittest.skipIf(SKIP, SKIP)
class IntoAnAtlas(unittest.TestCase):
    def test_the_seqnas_release(self):
        with tempfile.TemporaryDirectory() as folder:
            atlas = Path(folder, "seqnas.atlas")
            with contextlib.redirect_stderr(io.StringIO()):
                command.run(["seqnas", "--from", str(SHARED / "seqnas"), "--atlas", str(atlas), "--nasatlas", PROGRAM],
                            write=lambda line: None)
            subprocess.run([PROGRAM, "verify", atlas], check=True, capture_output=True)
            done = subprocess.run([PROGRAM, "info", atlas, "--json"], check=True, capture_output=True, text=True)
            told = json.dumps(json.loads(done.stdout), ensure_ascii=False)
            self.assertIn("3194", told)
            self.assertIn(seqnas.CITATION[:20], told)


if __name__ == "__main__":
    unittest.main()
