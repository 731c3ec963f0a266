"""The installed `nasatlas` program, for tasks that it does for Python: surrogates, evaluation, publishing.

It is the file that the environment variable NASATLAS names, else `nasatlas` on PATH.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
import weakref

from nasatlas.errors import MissingProgram

REMEDY = ("build it with `swift build -c release --product nasatlas`, then put it on PATH or name it with the "
          "environment variable NASATLAS")
SETTINGS = {"admin-port": 0, "batch-keys": 1_000_000, "body-bytes": 1 << 30, "query-milliseconds": 600_000,
            "state-folder": ""}
STARTS_WITHIN_SECONDS = 120
_WATCHED = 'exec 3<&0; "$@" 3<&- & p=$!; { cat <&3; kill $p; } >/dev/null 2>&1 & wait $p'
"""Ends the program when its standard input ends: also where this process is killed."""


def find() -> str:
    """The path of the program. Raises MissingProgram."""
    wanted = os.environ.get("NASATLAS") or "nasatlas"
    found = shutil.which(wanted)
    if found is None:
        raise MissingProgram(f"the program {wanted} is not installed, and this call runs it", remedy=REMEDY)
    return found


_LOG_BYTES = 1 << 16
"""Of what a server says, read at most."""


class OwnServer:
    """`nasatlas serve` of one atlas for this process alone; it ends with the process, or with `close`."""

    def __init__(self, path: str):
        """Raises MissingProgram where the program is absent or does not serve the atlas."""
        program = find()
        words = ["sh", "-c", _WATCHED, "sh", program, "serve", path, "--port", "0"]
        for name, value in SETTINGS.items():
            words += ["--set", f"{name}={value}"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("NASATLAS_SERVER_")}
        with tempfile.TemporaryFile() as log:
            try:
                process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=log,
                                           env=environment)
            except OSError as error:
                raise MissingProgram(f"{program} does not start: {error.strerror}", remedy=REMEDY) from error
            self.close = weakref.finalize(self, _end, process, os.getpid())
            """Ends the server."""
            self.process_id = os.getpid()
            """The id of the process that started the server."""
            self.address = self._address(program, process, log)

    def _address(self, program: str, process: subprocess.Popen, log) -> str:
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while True:
            has_ended = process.poll() is not None
            # The server writes at the offset of the file, which seek and read would move.
            said = os.pread(log.fileno(), _LOG_BYTES, 0).decode(errors="replace")
            found = re.search(r"^listening on (http://[\d.]+:\d+)", said, re.MULTILINE)
            if found is not None:
                return found[1]
            if has_ended or time.monotonic() > deadline:
                self.close()
                raise MissingProgram(f"`{program} serve` does not start: {said.strip() or 'it says nothing'}",
                                     remedy="install the version of the program that belongs to this package")
            time.sleep(0.005)


def _end(process: subprocess.Popen, owner: int) -> None:
    """Ends the server in the process that started it: forked ones have the same object."""
    if os.getpid() != owner:
        return
    process.stdin.close()
    process.wait()
