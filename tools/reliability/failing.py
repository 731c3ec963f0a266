"""System calls that fail on purpose: compiles failing.c, which a program loads with LD_PRELOAD."""

import errno
import os
import shutil
import subprocess
import unittest
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("failing.c")
CALLS = ("write", "sync", "rename", "open", "truncate", "read")


@dataclass(frozen=True)
class Fault:
    """Which call of a kind fails, and how. `error` is an errno; None writes half of the bytes, and then the disk is
    full. `always`: every later call fails too."""

    call: str
    at: int
    error: int | None
    always: bool = False

    def __str__(self):
        how = "a short write" if self.error is None else errno.errorcode[self.error]
        return f"{self.call} {self.at}{' and later' if self.always else ''}: {how}"


class Failing:
    """The compiled library in `folder`. Skips the test where there is no C compiler."""

    def __init__(self, folder):
        self.library, self.log = Path(folder, "failing.so"), Path(folder, "failed")
        compiler = shutil.which("cc")
        if not compiler:
            raise unittest.SkipTest("there is no C compiler `cc` to make system calls fail (Debian package gcc)")
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", self.library, SOURCE, "-ldl"], check=True)

    def environment(self, fault, watched):
        """The variables that make `fault` happen to files in the folder `watched`."""
        self.log.unlink(missing_ok=True)
        return {"LD_PRELOAD": str(self.library), "FAILING_CALL": fault.call, "FAILING_AT": str(fault.at),
                "FAILING_ERROR": str(fault.error or 0), "FAILING_ALWAYS": str(int(fault.always)),
                "FAILING_FOLDER": os.path.realpath(watched) + "/", "FAILING_LOG": str(self.log)}

    def failed(self):
        """The calls that failed since the variables were made, each with its file."""
        return self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
