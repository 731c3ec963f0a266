"""Errors of NATS-Bench's interface: each is also the ValueError, KeyError or IndexError that the original raises."""

from __future__ import annotations

from nasatlas.errors import (
    AtlasNotFound, MissingValue, NASAtlasError, QuestionError, UnknownArchitecture, UnknownName)


class NoSuchName(UnknownName, ValueError, KeyError):
    """A search space, data set, evaluation, seed or number of epochs that the atlas or the interface does not have."""


class NotThere(MissingValue, ValueError, KeyError):
    """The atlas has the architecture, but not the requested value of it."""


class NoSuchNumber(UnknownArchitecture, ValueError, IndexError):
    """A number or a text that names no architecture of the space."""


class UnreadableCell(QuestionError, ValueError, AssertionError):
    """The text spells no cell of the topology space."""

    code = "shims.unreadable_cell"


class NoBenchmark(AtlasNotFound, ValueError):
    """There is no atlas at the path, or no path was given and no atlas is at the usual place."""


class ReadOnly(NASAtlasError, ValueError):
    """The call would change an atlas."""

    code = "shims.read_only"


class NotPlainData(NASAtlasError, ValueError):
    """A pickle with more than plain data, or a broken one; no part of it was executed."""

    code = "shims.not_plain_data"
