"""Errors about questions and files. Every error has a stable code and says what to do next."""

from __future__ import annotations

from collections.abc import Callable


class _Later:
    """A text or list of an error. A function of the error is called when the value is first read."""

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

    `message` and `known` may be functions of the error. A search may ask for thousands of absent architectures and
    print no error, so slow texts are made only when someone reads the error.
    """

    code = "nasatlas.error"
    _remedy = None
    """The remedy where `known` is not empty and the error has no other remedy."""
    message = _Later()
    known = _Later()
    """The values that exist or are allowed, where they can be listed."""
    remedy = _Later()

    def __init__(self, message: str | Callable[[NASAtlasError], str], *, remedy: str | None = None,
                 known: list | Callable[[NASAtlasError], list] | None = None, code: str | None = None):
        super().__init__(message if isinstance(message, str) else "")
        self.message = message
        self.known = known or []
        self.remedy = remedy or _usual_remedy
        self.request_id = None
        """The id of the HTTP request that caused the error; the server's log has it too."""
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
    """An argument with an invalid type or an unknown name."""

    code = "nasatlas.argument"


class Unwritable(NASAtlasError, OSError):
    """A file that cannot be written, or whose writing failed."""

    code = "records.output_failed"

    @property
    def exit_status(self) -> int:
        """The exit status of a command, as in sysexits.h: 74 where writing began and failed, else 73."""
        return 74 if self.code == Unwritable.code else 73


class OutputRefused(Unwritable, FileExistsError):
    """A file that would be lost: an input of the call, a file of another kind, or an atlas without `replace`."""

    code = "records.output_exists"


class AtlasNotFound(NASAtlasError, FileNotFoundError):
    """The atlas or its manifest does not exist or cannot be read."""

    code = "store.not_found"


class NotAnAtlas(NASAtlasError, ValueError):
    """The file is not an atlas, or has a format that this version does not read."""

    code = "store.foreign"


class DamagedAtlas(NASAtlasError, ValueError):
    """The file differs from its manifest; no answer comes from it."""

    code = "store.damaged"


class CheckpointNotFound(NASAtlasError, FileNotFoundError):
    """The checkpoint does not exist or cannot be read."""

    code = "training.checkpoint"


class DamagedCheckpoint(NASAtlasError, ValueError):
    """The file is not a checkpoint, or differs from what was written."""

    code = "training.checkpoint"


class ClosedAtlas(NASAtlasError, ValueError):
    """The atlas is closed, and the question needs the file."""

    code = "store.closed"


class QuestionError(NASAtlasError, LookupError):
    """The atlas has no answer to the question; `known` lists what it has."""


class UnknownArchitecture(QuestionError):
    """The atlas does not have the architecture, or the text is not an architecture."""

    code = "benchmarks.unknown_architecture"
    _remedy = "choose one of these"


class UnknownName(QuestionError):
    """A space, data set, protocol, metric, split, seed or column that the atlas does not have."""

    code = "benchmarks.unknown_name"
    _remedy = "choose one of these"


class AmbiguousQuestion(QuestionError):
    """The question fits several answers; choose one of `known`."""

    code = "benchmarks.ambiguous_question"


class MissingValue(QuestionError):
    """The atlas has the architecture, but not the run, epoch or value of the question."""

    code = "benchmarks.no_value"


class MissingSurrogate(QuestionError):
    """There is no surrogate beside the atlas that answers the question; `nasatlas fit` makes one."""

    code = "surrogates.no_surrogate"


class FilterError(QuestionError, ValueError):
    """A filter that cannot be read, or that compares a text with a number."""

    code = "benchmarks.filter"

    def __init__(self, message: str, *, column: int | None = None, **more):
        super().__init__(message, **more)
        self.column = column
        """The position of the error in the filter, in characters from 1; None where no single position is wrong."""


class MissingProgram(NASAtlasError, FileNotFoundError):
    """The `nasatlas` program, which this call runs, is not installed or does not start."""

    code = "nasatlas.missing_program"


class MissingPackage(NASAtlasError, ImportError):
    """An optional package, which this call needs, is not installed."""

    code = "nasatlas.missing_package"


class UnsupportedSpace(NASAtlasError, ValueError):
    """A space that is not made of independent choices."""

    code = "spaces.unsupported"


class NotInSpace(QuestionError, ValueError):
    """A text, choices or a configuration outside the space: it is not an architecture of the space."""

    code = "spaces.not_in_space"


# Over HTTP


class ServerError(NASAtlasError):
    """A server refused a request, or its answer cannot be used."""

    code = "client.refused"
    status = None
    """The HTTP status of the answer; None without an answer."""
    retry_after_seconds = None
    """The seconds after which to ask again, where the server named them."""


class ServerUnreachable(ServerError, ConnectionError):
    """There is no connection, or it broke before the answer."""

    code = "client.unreachable"


class ServerTimeout(ServerError, TimeoutError):
    """The whole answer did not arrive in time."""

    code = "client.timeout"


class ServerBusy(ServerError):
    """The server cannot answer now: 502, 503 or 504."""

    code = "client.busy"


class TooManyRequests(ServerBusy):
    """The server allows this client no more requests for now: 429."""

    code = "client.too_many_requests"


class BrokenAnswer(ServerError, ValueError):
    """An answer that is truncated or does not match its description. It is not used."""

    code = "client.broken_answer"


class AtlasChanged(ServerError):
    """The server now has another file under this name; `digest` is the digest of the new file, where known."""

    code = "client.atlas_changed"
    digest = None


class AccessRefused(ServerError, PermissionError):
    """A token is missing or not accepted."""

    code = "client.access_refused"


class SealedValue(QuestionError):
    """The atlas is sealed, and the question needs its test values."""

    code = "server.sealed"


class NotOverHTTP(NASAtlasError, NotImplementedError):
    """Only the file itself can answer this."""

    code = "client.not_over_http"


class LedgerRefused(ServerError):
    """A ledger refuses the request."""

    code = "client.ledger_refused"


class BudgetExhausted(LedgerRefused):
    """The budget of the ledger is too small for the question; nothing was charged."""

    code = "oracles.budget"


class LedgerClosed(LedgerRefused):
    """The ledger is closed."""

    code = "server.ledger_closed"
