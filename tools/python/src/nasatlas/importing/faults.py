"""Errors of importers: a stable code, the operands, the next step, and the exit status as in sysexits.h."""


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
    """A source's content is not what its format promises."""

    code = "import.data"
    status = 65


class RefusedPickle(BadData):
    """A pickle is broken, or needs more than plain data; no part of it was executed."""

    code = "import.pickle"


class MissingInput(Fault):
    """A file that the source needs is not there or cannot be read."""

    code = "import.missing"
    status = 66


class MissingTool(Fault):
    """A program that the import needs is not there."""

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
    """A file is not written, because it cannot be created or data would be lost."""

    status = 73


def output_fault(error: Unwritable) -> OutputFailure:
    """The error of a command for an error of an output."""
    fault = (OutputFailure if error.exit_status == OutputFailure.status else RefusedOutput)(error.message, error.remedy)
    fault.code = error.code
    return fault
