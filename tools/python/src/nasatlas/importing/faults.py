"""Errors of importers: each has a stable code, a message, a next step, and an exit status as in sysexits.h."""

from __future__ import annotations

from nasatlas.errors import Unwritable


class Fault(Exception):
    """An error for the user; subclasses fix the code and the exit status."""

    code = "import.fault"
    status = 70

    def __init__(self, message: str, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n  next: {self.remedy}" if self.remedy else self.message


class BadCommand(Fault):
    """The command line is wrong."""

    code = "import.usage"
    status = 64


class BadData(Fault):
    """A file of a source has invalid content."""

    code = "import.data"
    status = 65


class RefusedPickle(BadData):
    """A pickle is broken, or needs more than plain data; no part of it was executed."""

    code = "import.pickle"


class MissingInput(Fault):
    """A file that the source needs does not exist or cannot be read."""

    code = "import.missing"
    status = 66


class MissingTool(Fault):
    """A program that the import needs does not exist or does not start."""

    code = "import.tool"
    status = 69


class BadEntry(Fault):
    """An importer wrote an entry that the interchange format does not allow: an internal error."""

    code = "import.entry"
    status = 70


class OutputFailure(Fault):
    """Reading or writing failed."""

    code = "import.output"
    status = 74


class RefusedOutput(OutputFailure):
    """An output file that cannot be created, or that would replace other data."""

    status = 73


def output_fault(error: Unwritable) -> OutputFailure:
    """Converts the error of an output file into an error of the command."""
    fault = (OutputFailure if error.exit_status == OutputFailure.status else RefusedOutput)(error.message, error.remedy)
    fault.code = error.code
    return fault
