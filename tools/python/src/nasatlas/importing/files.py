"""Reads the files of a source from a folder, a zip archive, a wheel, a tar, or a folder with such an archive."""

from __future__ import annotations

import fnmatch
import hashlib
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO

from nasatlas.importing.entries import File
from nasatlas.importing.faults import BadData, MissingInput

LARGEST_FILE = 256 << 20
LARGEST_COUNT = 1_000_000
DAMAGE = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError,
          ValueError)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    try:
        digest = hashlib.sha256()
        with path.open("rb") as stream:
            for piece in iter(lambda: stream.read(1 << 20), b""):
                digest.update(piece)
        return digest.hexdigest()
    except OSError as error:
        raise MissingInput(f"{path} cannot be read: {error.strerror}", "name a file that you can read") from error


class SourceFiles:
    """Names, bytes and digests of the files below a folder or inside an archive; names use `/`."""

    def __init__(self, path: Path, archives: Sequence[str] = ("*.zip", "*.whl")) -> None:
        """Opens `path`; for a folder with exactly one file like `archives` at its top, opens that archive."""
        if not path.exists():
            raise MissingInput(f"{path} does not exist", "name the folder or archive with the source's files")
        if path.is_dir():
            packed = sorted(p for p in path.iterdir() if any(fnmatch.fnmatch(p.name, a) for a in archives))
            if len(packed) == 1:
                path = packed[0]
        self.path = path
        self._archive: zipfile.ZipFile | tarfile.TarFile | None = None
        self._members: dict[str, tarfile.TarInfo] = {}
        if path.is_file():
            names = self._opened(path)
        else:
            found = islice((p for p in path.rglob("*") if p.is_file()), LARGEST_COUNT + 1)
            names = [p.relative_to(path).as_posix() for p in found]
        if len(names) > LARGEST_COUNT:
            raise BadData(f"{path} contains more than {LARGEST_COUNT} files", "name the folder of the source itself")
        if len(set(names)) != len(names):
            raise BadData(f"{path} contains two files with the same name", "fetch the archive again")
        self.names: list[str] = sorted(names)

    def _opened(self, path: Path) -> list[str]:
        """Opens an archive and returns the names of its files."""
        try:
            if path.suffix == ".tar":
                self._archive = tarfile.open(path, "r:")
                members = [i for i in self._archive if i.isfile()]
                self._members = {i.name: i for i in members}
                return [i.name for i in members]
            self._archive = zipfile.ZipFile(path)
            return [i.filename for i in self._archive.infolist() if not i.is_dir()]
        except (OSError, *DAMAGE) as error:
            if self._archive is not None:
                self._archive.close()
            raise BadData(f"{path} is not a {'tar' if path.suffix == '.tar' else 'zip archive'}: {error}",
                          "name a folder or a complete archive") from error

    def __enter__(self) -> SourceFiles:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        if self._archive is not None:
            self._archive.close()

    def find(self, ending: str) -> str:
        """The one name that is `ending` or ends with `/` + `ending`."""
        found = [n for n in self.names if n == ending or n.endswith("/" + ending)]
        if len(found) != 1:
            what = "no file" if not found else f"{len(found)} files"
            raise MissingInput(f"{self.path} contains {what} {ending}",
                               "run `nasatlas-import list` to see which files are needed")
        return found[0]

    def matching(self, pattern: str) -> list[str]:
        """The names that match `pattern` (as in the shell, but `*` also matches `/`), sorted."""
        return [n for n in self.names if fnmatch.fnmatchcase(n, pattern)]

    def read(self, name: str, largest: int = LARGEST_FILE) -> bytes:
        """The bytes of one file of at most `largest`."""
        try:
            if self._archive is None:
                with (self.path / name).open("rb") as stream:
                    raw = stream.read(largest + 1)
            else:
                with self._member(name) as stream:
                    raw = stream.read(largest + 1)
        except (KeyError, FileNotFoundError) as error:
            raise MissingInput(f"{self.path} has no {name}", "fetch the source again") from error
        except OSError as error:
            raise MissingInput(f"{name} of {self.path} cannot be read: {error}", "fetch the source again") from error
        except DAMAGE as error:
            raise BadData(f"{name} of {self.path} is damaged: {error}", "fetch the source again") from error
        if len(raw) > largest:
            raise BadData(f"{name} of {self.path} is larger than {largest} bytes", "fetch the published file again")
        return raw

    def _member(self, name: str) -> IO[bytes]:
        if isinstance(self._archive, zipfile.ZipFile):
            return self._archive.open(name)
        return self._archive.extractfile(self._members[name])

    def card(self) -> File:
        """The archive itself, as a file for a source card."""
        return File(self.path.name, sha256_of(self.path))


def file_card(name: str, raw: bytes) -> File:
    """A file that was read, in the form of a source card."""
    return File(name.rsplit("/", 1)[-1], hashlib.sha256(raw).hexdigest())
