"""The manifest beside an atlas: it describes the file, byte for byte."""

from __future__ import annotations

import hashlib
import json
import os
import struct
from typing import NamedTuple

from nasatlas.errors import AtlasNotFound, DamagedAtlas, NotAnAtlas

APPLICATION_ID = 0x4E415341
WORKING_APPLICATION_ID = 0x4E415357
FORMAT = 3
AGAIN = "copy the atlas and its manifest again, or publish them again with `nasatlas publish`"


class Manifest(NamedTuple):
    digest: str
    """SHA-256 of the file, in hexadecimal: the atlas digest that answers name."""
    version: str
    byte_count: int


def manifest_path(path: str) -> str:
    """The path of the manifest of an atlas. For a link it is beside the target; without one there, beside the last link
    that has one, as in stores that keep files under other names."""
    links = [path]
    while os.path.islink(links[-1]) and len(links) < 40:
        links.append(os.path.join(os.path.dirname(links[-1]), os.readlink(links[-1])))
    beside = (f"{one}.manifest.json" for one in reversed(links))
    return next(filter(os.path.exists, beside), f"{path}.manifest.json")


def check(path: str) -> Manifest:
    """The manifest of the file at `path`, after a comparison of the file's SHA-256 with it."""
    try:
        with open(path, "rb") as file:
            _check_header(path, file.read(100))
            byte_count = os.fstat(file.fileno()).st_size
            digest = _sha256(file)
    except (DamagedAtlas, NotAnAtlas):
        raise
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    fault = None
    # Publication writes `.next` and renames it last, so one of the two fits at any moment.
    beside = manifest_path(path)
    for name in (beside, f"{beside}.next"):
        try:
            manifest = _read(name)
            _compare(path, manifest, byte_count, digest)
            return manifest
        except FileNotFoundError:
            continue
        except OSError as error:
            fault = fault or AtlasNotFound(f"the manifest {name} cannot be read: {error.strerror}",
                                           code="store.manifest_unreadable",
                                           remedy=f"check its permissions, or {AGAIN}")
        except (DamagedAtlas, NotAnAtlas) as error:
            fault = fault or error
    raise fault or AtlasNotFound(
        f"the manifest {beside} is missing", code="store.manifest_missing",
        remedy="copy it from where the atlas comes from; it lies beside the atlas")


def _unreadable(path: str, error: Exception) -> AtlasNotFound:
    """The error that says why nothing can be opened there, and suggests what might be meant."""
    known, remedy = [], "check the path"
    if path.startswith(("http://", "https://")):
        remedy = "nasatlas.connect asks an atlas that a server has"
    elif os.path.isdir(path):
        known = sorted(os.path.join(path, name) for name in os.listdir(path) if name.endswith(".atlas"))
        remedy = f"name a file, such as {known[0]}" if known else "name a file; there is no .atlas in this folder"
    elif isinstance(error, PermissionError):
        remedy = "ask for the permission to read it"
    elif isinstance(error, FileNotFoundError):
        remedy = "check the path" if os.path.isabs(path) else f"check the path, which begins in {os.getcwd()}"
    why = getattr(error, "strerror", None) or error
    return AtlasNotFound(f"{path or 'an empty path'} does not exist or cannot be read: {why}", known=known,
                         remedy=remedy)


def _compare(path, manifest, byte_count, digest):
    if byte_count != manifest.byte_count:
        what = "truncated" if byte_count < manifest.byte_count else "extended"
        raise DamagedAtlas(f"{path} has {byte_count} bytes, and its manifest says {manifest.byte_count}",
                           code=f"store.{what}", remedy=AGAIN)
    if digest != manifest.digest:
        raise DamagedAtlas(f"{path} is not the file that its manifest describes: its SHA-256 is {digest}, not "
                           f"{manifest.digest}", code="store.manifest_mismatch", remedy=AGAIN)


def _read(name: str) -> Manifest:
    with open(name, "rb") as file:
        data = file.read(64 << 20)
    try:
        sealed = json.loads(data)
        manifest = sealed["manifest"]
        text = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        fits = hashlib.sha256(text.encode()).hexdigest() == sealed["manifestDigest"]
        found = Manifest(str(manifest["digest"]), str(manifest["version"]), int(manifest["bytes"]))
        version = manifest["format"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DamagedAtlas(f"the manifest {name} is damaged: it is not the JSON of a manifest",
                           code="store.manifest_damaged", remedy=AGAIN) from error
    if not fits:
        raise DamagedAtlas(f"the manifest {name} is damaged: it does not have its own digest",
                           code="store.manifest_damaged", remedy=AGAIN)
    if version != FORMAT:
        raise _unsupported(name, version)
    return found


def _check_header(path: str, header: bytes) -> None:
    if not header:
        raise DamagedAtlas(f"{path} is empty", code="store.empty", remedy=AGAIN)
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
        raise NotAnAtlas(f"{path} is not a NASAtlas file: it does not begin like an SQLite file",
                         remedy="name the atlas beside it" if path.endswith(".manifest.json")
                         else "name a file that `nasatlas publish` wrote")
    version, application = struct.unpack(">I", header[60:64])[0], struct.unpack(">I", header[68:72])[0]
    if application == WORKING_APPLICATION_ID:
        raise NotAnAtlas(f"{path} is a working file", remedy="`nasatlas publish` makes an atlas of it")
    if application != APPLICATION_ID:
        raise NotAnAtlas(f"{path} is an SQLite file with application id {application}, not an atlas",
                         remedy="name a file that `nasatlas publish` wrote")
    if version != FORMAT:
        raise _unsupported(path, version)


def _unsupported(path, version):
    newer = isinstance(version, int) and version > FORMAT
    return NotAnAtlas(
        f"{path} has format {version}; this version reads format {FORMAT}", code="store.format",
        remedy="use a newer version of nasatlas" if newer else "make the file again with `nasatlas publish`")


def _sha256(file) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while True:
        piece = file.read(1 << 20)
        if not piece:
            return digest.hexdigest()
        digest.update(piece)
