"""Reads files that a source publishes without an archive; the user names the file itself, or its folder."""

from __future__ import annotations

import bz2
import zlib
from pathlib import Path

from nasatlas.importing.entries import File
from nasatlas.importing.faults import BadData, MissingInput
from nasatlas.importing.files import LARGEST_FILE, file_card

AGAIN = "fetch the published file again"


def locate(path: Path, name: str) -> Path:
    """`path` if it is a file, else the one file `name` in or below the folder; raises MissingInput."""
    if path.is_file():
        return path
    found = sorted(p for p in path.rglob(name) if p.is_file()) if path.is_dir() else []
    if len(found) != 1:
        raise MissingInput(f"{path} contains {len(found) or 'no'} files {name}; allowed: one",
                           "name the file itself, or its folder")
    return found[0]


def read(path: Path, largest: int = LARGEST_FILE) -> tuple[bytes, File]:
    """The bytes of a file of at most `largest`, and the file in the form of a source card."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(largest + 1)
    except OSError as error:
        raise MissingInput(f"{path} cannot be read: {error.strerror}", "name a file that you can read") from error
    if len(raw) > largest:
        raise BadData(f"{path} is larger than {largest} bytes", AGAIN)
    return raw, file_card(path.name, raw)


def gunzip(raw: bytes, name: str, largest: int = LARGEST_FILE) -> bytes:
    """The content of a gzip file, at most `largest` bytes; raises BadData for a damaged or larger one."""
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        plain = unpacker.decompress(raw, largest + 1)
    except zlib.error as error:
        raise BadData(f"{name} is damaged: {error}", AGAIN) from error
    return _whole(plain, unpacker.eof, name, largest)


def bunzip2(raw: bytes, name: str, largest: int = LARGEST_FILE) -> bytes:
    """The content of a bzip2 file, at most `largest` bytes; raises BadData for a damaged or larger one."""
    unpacker = bz2.BZ2Decompressor()
    try:
        plain = unpacker.decompress(raw, largest + 1)
    except (OSError, ValueError) as error:
        raise BadData(f"{name} is damaged: {error}", AGAIN) from error
    return _whole(plain, unpacker.eof, name, largest)


def _whole(plain: bytes, ended: bool, name: str, largest: int) -> bytes:
    if len(plain) > largest:
        raise BadData(f"{name} unpacks to more than {largest} bytes", AGAIN)
    if not ended:
        raise BadData(f"{name} is truncated", AGAIN)
    return plain
