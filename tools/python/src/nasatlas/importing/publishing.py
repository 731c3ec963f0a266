"""Converts an interchange file into an atlas with the `nasatlas` program."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from nasatlas.importing.faults import Fault, MissingTool


class RefusedByProgram(Fault):
    """`nasatlas` refused the file; its message is on stderr, and this error has its exit status."""

    code = "import.program"

    def __init__(self, command: str, status: int) -> None:
        super().__init__(f"`nasatlas {command}` failed with exit status {status}", "read its message above")
        self.status = status if 64 <= status <= 78 else 70


def find_program(named: str | None) -> Path:
    """The `nasatlas` program: `named`, else the environment variable NASATLAS, else the one on PATH."""
    wanted = named or os.environ.get("NASATLAS") or "nasatlas"
    found = shutil.which(wanted)
    if found is None:
        raise MissingTool(f"there is no program {wanted}",
                          "build it with `swift build -c release --product nasatlas` and name it with --nasatlas")
    return Path(found)


def _run(program: Path, *arguments: str) -> None:
    try:
        # Stdout is for the result of the import, so what the program prints goes to stderr.
        done = subprocess.run([program, *arguments], stdin=subprocess.DEVNULL, stdout=2, check=False)
    except OSError as error:
        raise MissingTool(f"{program} cannot be started: {error.strerror}",
                          "name another program with --nasatlas") from error
    if done.returncode != 0:
        raise RefusedByProgram(arguments[0], done.returncode)


def publish(program: Path, interchange: Path, atlas: Path, title: str, scratch: Path, force: bool = False) -> None:
    """Ingests `interchange` into a working file in `scratch` and publishes `atlas`; `force` replaces another atlas."""
    working = scratch / "working.sqlite"
    _run(program, "ingest", str(interchange), "--into", str(working))
    replacing = ["--force"] if force and atlas.exists() else []
    _run(program, "publish", str(working), str(atlas), "--title", title, *replacing)
