"""Safe outputs: no other data is lost, and a file appears complete or not at all.

An existing file is refused when the call reads it, when it contains something else, and when it is an atlas, a working
file, a surrogate or a journal unless the call says to replace it. Links stay links. Owner and mode of replaced files
are kept. A file that is not regular, such as a pipe or /dev/stdout, is opened and streamed to.
"""

from __future__ import annotations

import errno
import io
import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from nasatlas.errors import OutputRefused, Unwritable, WrongArgument
from nasatlas.output_kinds import HEAD_BYTES, PROTECTED, WORDS, kind_of

_LINKS = 40
"""That may follow each other."""


class Target:
    """The place that a path names for writing, found by following links."""

    def __init__(self, path: str | os.PathLike):
        try:
            self.path = os.fsdecode(path)
        except TypeError as error:
            raise WrongArgument(f"{path!r} is not a path",
                                remedy="give the path of a file as a text or a Path") from error
        self.descriptor: int | None = None
        """The descriptor of this process that the path names, such as 1 for /dev/stdout."""
        self.resolved = self._followed()
        """The path with every link followed, where the file is created or replaced."""
        try:
            self._status = os.stat(self.resolved) if self.descriptor is None else None
        except OSError:
            self._status = None

    def _followed(self) -> str:
        if not self.path or "\0" in self.path:
            raise self.cannot_be_created("the path is empty or has a NUL")
        place = self.path
        for _ in range(_LINKS):
            folder, name = os.path.split(place)
            if name in ("", ".", ".."):
                raise self.cannot_be_created("it is a folder")
            parent = os.path.realpath(folder or ".")
            if not os.path.isdir(parent):
                raise self.cannot_be_created(f"there is no folder {folder}")
            place = os.path.join(parent, name)
            if re.fullmatch(rf"/proc/{os.getpid()}/fd|/dev/fd", parent) and name.isdecimal():
                self.descriptor = int(name)
                return place
            try:
                mode = os.lstat(place).st_mode
                if stat.S_ISLNK(mode):
                    place = os.path.join(parent, os.readlink(place))
                    continue
            except FileNotFoundError:
                return place
            except OSError as error:
                raise self.cannot_be_created(error.strerror) from error
            if stat.S_ISDIR(mode):
                raise self.cannot_be_created("it is a folder")
            return place
        raise self.cannot_be_created("too many symbolic links")

    def cannot_be_created(self, reason: str) -> Unwritable:
        return Unwritable(f"cannot write to {self.path}: {reason}", code="records.output_cannot_create",
                          remedy="name a file in a folder that exists and is writable")

    def failed(self, error: OSError) -> Unwritable:
        return Unwritable(f"writing {self.path} failed: {error.strerror or error}", code="records.output_failed",
                          remedy="free space or repair the disk, then repeat the call")

    @property
    def is_regular(self) -> bool:
        """Whether it is a regular file, or can become one."""
        return self.descriptor is None and (self._status is None or stat.S_ISREG(self._status.st_mode))

    @property
    def kind(self) -> str | None:
        """The kind of content of the file; None for missing or empty files and for files that are not regular."""
        if not self.is_regular or self._status is None or not self._status.st_size:
            return None
        try:
            with open(self.resolved, "rb") as file:
                head = file.read(HEAD_BYTES)
        except OSError:
            return "other"
        return kind_of(head, len(head) == self._status.st_size)

    def check(self, kind: str, inputs: Iterable = (), replace: bool = False, how: str | None = None) -> None:
        """The rule for every output: raises OutputRefused unless content of `kind` may be written here.

        `inputs` are the files that the call reads. `how` says how a caller asks for `replace`.
        """
        if not self.is_regular:
            return
        for one in inputs:
            if self._status is not None and os.path.exists(one) and os.path.samestat(self._status, os.stat(one)):
                raise OutputRefused(f"cannot write to {self.path}: the call reads this file",
                                    code="records.output_input", remedy="name another output file")
        found = self.kind
        if found is not None and found != kind:
            raise OutputRefused(f"cannot write {WORDS[kind]} to {self.path}: the file contains {WORDS[found]}",
                                code="records.output_other_kind",
                                remedy="name another output file, or remove this one first")
        if found in PROTECTED and not replace:
            raise OutputRefused(f"cannot write to {self.path}: it is already {WORDS[found]}",
                                code="records.output_exists", remedy="name another output file"
                                + (f", or pass {how} to replace this one" if how else ""))
        if self._status is not None and not os.access(self.resolved, os.W_OK):
            raise self.cannot_be_created(os.strerror(errno.EACCES))

    def require_regular(self, kind: str) -> None:
        """Raises OutputRefused for a device or a pipe, which cannot take what has files beside it."""
        if not self.is_regular:
            raise OutputRefused(f"cannot write {WORDS[kind]} to {self.path}: it is not a regular file",
                                code="records.output_not_regular", remedy="name a file in a folder")

    def give_owner(self, descriptor: int) -> None:
        """Gives an open file the owner and mode of the file that is here, as far as this user may."""
        if self._status is None:
            return
        uid, gid = self._status.st_uid, self._status.st_gid
        new = os.fstat(descriptor)
        if (new.st_uid, new.st_gid) != (uid, gid):
            try:
                os.fchown(descriptor, uid, gid)
            except OSError:
                # Who may not give a file away may still give it to a group of theirs.
                with suppress(OSError):
                    os.fchown(descriptor, -1, gid)
        os.fchmod(descriptor, stat.S_IMODE(self._status.st_mode))


class _Bytes(io.RawIOBase):
    """Bytes on their way to a descriptor; a failure raises Unwritable, a closed pipe BrokenPipeError."""

    def __init__(self, target: Target, descriptor: int):
        self._target = target
        self._descriptor = descriptor
        self._count = 0
        self.is_given_up = False

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._count

    def write(self, data) -> int:
        if self.is_given_up:
            return len(data)
        try:
            count = os.write(self._descriptor, data)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise self._target.failed(error) from error
        self._count += count
        return count


@contextmanager
def writing(path: str | os.PathLike, kind: str, *, inputs: Iterable = (), replace: bool = False,
            how: str | None = None) -> Iterator[io.BufferedWriter]:
    """A binary file to write content of `kind` to, which takes its place when the block ends; see `Target.check`.

    Where the block raises, `path` is as it was before, unless it is a stream.
    """
    target = Target(path)
    target.check(kind, inputs, replace, how)
    partial = None
    try:
        if target.is_regular:
            folder, name = os.path.split(target.resolved)
            partial = os.path.join(folder, f".{name[:40]}.{os.getpid()}-{secrets.token_hex(6)}.partial")
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        elif target.descriptor is not None:
            descriptor = os.dup(target.descriptor)
        else:
            descriptor = os.open(target.resolved, os.O_WRONLY | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        raise target.cannot_be_created(error.strerror) from error
    raw = _Bytes(target, descriptor)
    file = io.BufferedWriter(raw, 1 << 18)
    try:
        yield file
        if not file.closed:
            file.flush()
        if partial is not None:
            # Another file may have replaced the checked one since.
            target = Target(path)
            target.check(kind, inputs, replace, how)
            try:
                target.give_owner(descriptor)
                os.fsync(descriptor)
                os.replace(partial, target.resolved)
            except OSError as error:
                raise target.failed(error) from error
            partial = None
            sync_folder(target.resolved)
    finally:
        raw.is_given_up = True
        with suppress(OSError):
            os.close(descriptor)
        if partial is not None:
            with suppress(FileNotFoundError):
                os.unlink(partial)


def sync_folder(path: str) -> None:
    """Makes the name of a file as durable as its bytes, where the system allows."""
    with suppress(OSError):
        folder = os.open(os.path.dirname(path) or ".", os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
