"""The built program, and what the tests of the command line share."""

import os
import re
import shlex
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = os.environ.get("NASATLAS", str(ROOT / ".build" / "release" / "nasatlas"))
SLOW = os.environ.get("NASATLAS_SLOW") == "1"


def say(line):
    """Prints a figure for docs/reliability.md where NASATLAS_FIGURES=1."""
    if os.environ.get("NASATLAS_FIGURES") == "1":
        print(f"\n  {line}", flush=True)


def shown(words):
    """The words of a command line as a shell takes them, with long ones cut."""
    parts = []
    for word in words:
        text = os.fsencode(word).decode("utf-8", "backslashreplace")
        cut = text if len(text) <= 120 else f"{text[:60]}...({len(text)} characters)"
        parts.append(shlex.quote(cut) if cut.isprintable() else repr(cut))
    return " ".join(parts)


def documented_statuses():
    """The exit statuses in the table of docs/quick-start.md, with their meanings."""
    text = (ROOT / "docs" / "quick-start.md").read_text()
    table = re.search(r"^\| exit status .*\n\|[-| :]+\n((?:\|.*\n)+)", text, re.M | re.I)
    return {int(status): meaning for status, meaning in re.findall(r"^\| (\d+) \| (.+) \|$", table[1], re.M)}
