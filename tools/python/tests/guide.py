"""The examples of docs/python.md that need other frameworks: each runs where the test of its framework runs it."""

import contextlib
import io
import os
import tempfile
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[3]
ATLAS = ROOT / "data" / "nasbench201.atlas"
PAGE = ROOT / "docs" / "python.md"
WRITTEN = tempfile.TemporaryDirectory()
"""What examples put in temporary folders; gone with the process."""


def blocks():
    """The Python blocks of the page without prompts, which a doctest does not see."""
    found = [part.partition("\n```")[0] for part in PAGE.read_text(encoding="utf-8").split("```python\n")[1:]]
    return [block for block in found if not block.startswith(">>>")]


def run(beginning, replaced=None):
    """Runs the one block that has a line beginning so, from the root of the clone, and returns what it names.

    Texts in it are `replaced` by others, an address by one that is there, say.
    """
    found = [block for block in blocks() if any(line.startswith(beginning) for line in block.splitlines())]
    if len(found) != 1:
        raise AssertionError(f"{len(found)} blocks of {PAGE} have a line that begins with {beginning!r}")
    block, names, here = found[0], {}, os.getcwd()
    for text, other in (replaced or {}).items():
        if text not in block:
            raise AssertionError(f"the block has no {text!r}")
        block = block.replace(text, other)
    os.chdir(ROOT)
    try:
        with contextlib.redirect_stdout(io.StringIO()), mock.patch("tempfile.tempdir", WRITTEN.name):
            exec(compile(block, str(PAGE), "exec"), names)  # noqa: S102
    finally:
        os.chdir(here)
    return names
