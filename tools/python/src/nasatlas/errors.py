"""What can go wrong with a question or a file. Every error has a stable code and says what to do next."""

from __future__ import annotations


class NASAtlasError(Exception):
    """The base of all errors of atlases, in process and over HTTP."""

    code = "nasatlas.error"

    def __init__(self, message: str, *, remedy: str | None = None, known: list | None = None, code: str | None = None):
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.known = known or []
        """What there is instead, where that can be listed."""
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return f"{self.message}\n  next: {self.remedy}" if self.remedy else self.message


class AtlasNotFound(NASAtlasError, FileNotFoundError):
    """The atlas or its manifest is not there or cannot be read."""

    code = "store.not_found"


class NotAnAtlas(NASAtlasError, ValueError):
    """The file is not an atlas, or one of a format that this version does not read."""

    code = "store.foreign"


class DamagedAtlas(NASAtlasError, ValueError):
    """The file is not byte for byte what its manifest says; no answer comes from it."""

    code = "store.damaged"


class QuestionError(NASAtlasError, LookupError):
    """The atlas has no answer to the question; `known` lists what it has."""


class UnknownArchitecture(QuestionError):
    """The atlas has nothing of the architecture, or the text does not spell one."""

    code = "benchmarks.unknown_architecture"


class UnknownName(QuestionError):
    """A space, data set, protocol, metric, split, seed or column that the atlas does not have."""

    code = "benchmarks.unknown_name"


class AmbiguousQuestion(QuestionError):
    """The question fits several answers; one of `known` has to be chosen."""

    code = "benchmarks.ambiguous_question"


class MissingValue(QuestionError):
    """The architecture is there, and has no run, epoch or value of what is asked."""

    code = "benchmarks.no_value"


class MissingPackage(NASAtlasError, ImportError):
    """A package that only this needs is not installed."""

    code = "nasatlas.missing_package"


class UnsupportedSpace(NASAtlasError, ValueError):
    """A space that is not made of independent choices."""

    code = "spaces.unsupported"


class NotInSpace(NASAtlasError, ValueError):
    """A text or choices that are no architecture of the space."""

    code = "spaces.not_in_space"
