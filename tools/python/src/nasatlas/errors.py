"""What can go wrong with a question or a file. Every error has a stable code and says what to do next."""

from __future__ import annotations

from collections.abc import Callable


class _Later:
    """A text or list of an error. It may be given as a function of the error, which the first reader calls."""

    def __set_name__(self, owner, name):
        self._name = name

    def __get__(self, error, kind=None):
        if error is None:
            return self
        value = error.__dict__[self._name]
        if callable(value):
            value = error.__dict__[self._name] = value(error)
        return value

    def __set__(self, error, value):
        error.__dict__[self._name] = value


class NASAtlasError(Exception):
    """The base of all errors of atlases, in process and over HTTP.

    `message` and `known` may be functions of the error: a search asks thousands of absent architectures and prints no
    error, so what takes time is done for the reader of an error only.
    """

    code = "nasatlas.error"
    _remedy = None
    """What helps wherever there is something known and nothing better to say."""
    message = _Later()
    known = _Later()
    """What there is instead, where that can be listed."""
    remedy = _Later()

    def __init__(self, message: str | Callable[[NASAtlasError], str], *, remedy: str | None = None,
                 known: list | Callable[[NASAtlasError], list] | None = None, code: str | None = None):
        super().__init__(message if isinstance(message, str) else "")
        self.message = message
        self.known = known or []
        self.remedy = remedy or _usual_remedy
        self.request_id = None
        """Of the request over HTTP that it comes from: the id that the server's log has too."""
        if code is not None:
            self.code = code

    def __reduce__(self):
        # A pickle holds texts and lists, not the functions.
        self.message, self.known, self.remedy = self.message, self.known, self.remedy
        return super().__reduce__()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.message!r})"

    def __str__(self) -> str:
        return self.message + (f"\n  next: {self.remedy}" if self.remedy else "") \
            + (f"\n  request: {self.request_id}" if self.request_id else "")


def _usual_remedy(error: NASAtlasError) -> str | None:
    return error._remedy if error.known else None


class WrongArgument(NASAtlasError, TypeError):
    """An argument of a type, or of a name, that is not taken."""

    code = "nasatlas.argument"


class Unwritable(NASAtlasError, OSError):
    """A file that cannot be written, or whose writing failed."""

    code = "nasatlas.output.failed"

    @property
    def exit_status(self) -> int:
        """Of a command that ends with it, as sysexits.h has it: 74 where writing began and failed, else 73."""
        return 74 if self.code == Unwritable.code else 73


class OutputRefused(Unwritable, FileExistsError):
    """A file that would be lost: one that the call reads, one of another kind, or an atlas without leave to replace."""

    code = "nasatlas.output.exists"


class AtlasNotFound(NASAtlasError, FileNotFoundError):
    """The atlas or its manifest is not there or cannot be read."""

    code = "store.not_found"


class NotAnAtlas(NASAtlasError, ValueError):
    """The file is not an atlas, or one of a format that this version does not read."""

    code = "store.foreign"


class DamagedAtlas(NASAtlasError, ValueError):
    """The file is not byte for byte what its manifest says; no answer comes from it."""

    code = "store.damaged"


class ClosedAtlas(NASAtlasError, ValueError):
    """The atlas was closed, and the question needs the file."""

    code = "store.closed"


class QuestionError(NASAtlasError, LookupError):
    """The atlas has no answer to the question; `known` lists what it has."""


class UnknownArchitecture(QuestionError):
    """The atlas has nothing of the architecture, or the text does not spell one."""

    code = "benchmarks.unknown_architecture"
    _remedy = "choose one of these"


class UnknownName(QuestionError):
    """A space, data set, protocol, metric, split, seed or column that the atlas does not have."""

    code = "benchmarks.unknown_name"
    _remedy = "choose one of these"


class AmbiguousQuestion(QuestionError):
    """The question fits several answers; one of `known` has to be chosen."""

    code = "benchmarks.ambiguous_question"


class MissingValue(QuestionError):
    """The architecture is there, and has no run, epoch or value of what is asked."""

    code = "benchmarks.no_value"


class FilterError(QuestionError, ValueError):
    """A filter that cannot be read, or that compares a text with a number."""

    code = "benchmarks.filter"

    def __init__(self, message: str, *, column: int | None = None, **more):
        super().__init__(message, **more)
        self.column = column
        """Where in the filter the fault is, in characters from 1; None where no place is at fault."""


class MissingProgram(NASAtlasError, FileNotFoundError):
    """The `nasatlas` program, which this call runs, is not installed or does not start."""

    code = "nasatlas.missing_program"


class MissingPackage(NASAtlasError, ImportError):
    """A package that only this needs is not installed."""

    code = "nasatlas.missing_package"


class UnsupportedSpace(NASAtlasError, ValueError):
    """A space that is not made of independent choices."""

    code = "spaces.unsupported"


class NotInSpace(QuestionError, ValueError):
    """A text, choices or a configuration outside the space: it names no architecture that a question could be about."""

    code = "spaces.not_in_space"


# Over HTTP


class ServerError(NASAtlasError):
    """A server refused a request, or its answer cannot be used."""

    code = "client.refused"
    status = None
    """The status of the answer; None where there was none."""
    retry_after_seconds = None
    """When the server wants to be asked again, where it said so."""


class ServerUnreachable(ServerError, ConnectionError):
    """No connection, or one that broke before an answer."""

    code = "client.unreachable"


class ServerTimeout(ServerError, TimeoutError):
    """No whole answer in time."""

    code = "client.timeout"


class ServerBusy(ServerError):
    """The server cannot answer now: 502, 503 or 504."""

    code = "client.busy"


class TooManyRequests(ServerBusy):
    """The server allows this client no more requests for now: 429."""

    code = "client.too_many_requests"


class BrokenAnswer(ServerError, ValueError):
    """An answer that is truncated, or not what it says it is; nothing of it is used."""

    code = "client.broken_answer"


class AtlasChanged(ServerError):
    """The server now has another file under this name; `digest` is the new one's where that is known."""

    code = "client.atlas_changed"
    digest = None


class AccessRefused(ServerError, PermissionError):
    """A token is missing or not accepted."""

    code = "client.access_refused"


class SealedValue(QuestionError):
    """The atlas is sealed, and the question speaks of its test values."""

    code = "server.sealed"


class NotOverHTTP(NASAtlasError, NotImplementedError):
    """What only the file itself can answer."""

    code = "client.not_over_http"


class LedgerRefused(ServerError):
    """A ledger does not take the request."""

    code = "client.ledger_refused"


class BudgetExhausted(LedgerRefused):
    """The budget of the ledger does not suffice; nothing was charged."""

    code = "benchmarks.budget"


class LedgerClosed(LedgerRefused):
    """The ledger is closed."""

    code = "server.ledger_closed"
