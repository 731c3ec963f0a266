"""Downloads of atlases, which continue after a broken connection."""

from __future__ import annotations

import hashlib
import os
import re

from nasatlas import atlas as local
from nasatlas.errors import BrokenAnswer, NASAtlasError, OutputRefused
from nasatlas.outputs import Target, sync_folder, writing
from nasatlas.remote.server import FILE


def fetch(atlas, path: str, replace: bool) -> local.Atlas:
    """The atlas at `path`, after a download of the file of `atlas`."""
    target = Target(path)
    path = target.path
    manifest = Target(f"{path}.manifest.json")
    for one, kind in ((target, "atlas"), (manifest, "manifest")):
        one.require_regular(kind)
        # An existing file is checked below; a manifest belongs to its atlas.
        one.check(kind, replace=True)
    if target.kind is not None:
        try:
            there = local.open(path)
        except NASAtlasError:
            there = None
        if there is not None and there.digest == atlas.digest:
            return there
        if there is not None:
            there.close()
        if not replace:
            what = "a file that is not a whole atlas" if there is None else f"the atlas {there.digest[:12]}"
            raise OutputRefused(f"{path} is {what}, not {atlas.digest[:12]}", code="client.file_exists",
                                remedy="choose another path, or replace=True")
    # The name has the digest, so the rest of another file is never continued.
    partial = f"{target.resolved}.{atlas.digest[:12]}.part"
    request_id = _fetch_file(atlas, partial)
    try:
        _check(atlas, partial)
    except BrokenAnswer as error:
        error.request_id = request_id
        raise
    sealed = atlas._ask("GET", "/manifest")
    with sealed.reading():
        if sealed.json()["manifest"]["digest"] != atlas.digest:
            raise BrokenAnswer("the manifest is of another file", code="client.wrong_digest", remedy="ask again")
    # As in publication, one of the two manifests fits the file at any moment.
    following = f"{path}.manifest.json.next"
    with writing(following, "manifest", replace=True) as file:
        file.write(sealed.body)
    try:
        with open(partial, "rb") as file:
            target.give_owner(file.fileno())
        os.replace(partial, target.resolved)
    except OSError as error:
        raise target.failed(error) from error
    sync_folder(target.resolved)
    with writing(f"{path}.manifest.json", "manifest", replace=True) as file:
        file.write(sealed.body)
    os.remove(following)
    return local.open(path)


def _fetch_file(atlas, partial: str) -> str | None:
    """Fetches what is missing and returns the id of the request; None where nothing was missing."""
    request_id = None
    try:
        opened = open(partial, "ab")
    except OSError as error:
        raise Target(partial).cannot_be_created(error.strerror) from error
    with opened as file:
        def into(status, headers):
            if status == 200:
                if file.tell():
                    file.seek(0)
                    file.truncate()
                return file.write
            wanted = f"bytes {file.tell()}-{atlas.byte_count - 1}/{atlas.byte_count}"
            told = re.sub(r"\s+", " ", headers.get("Content-Range", "").strip())
            if told != wanted:
                raise BrokenAnswer(f"the answer has the range {told!r}; the request was for {wanted!r}",
                                   code="client.range")
            return file.write

        def headers() -> dict:
            file.seek(0, os.SEEK_END)
            return {"Range": f"bytes={file.tell()}-", "If-Range": f'"{atlas.digest}"'} if file.tell() else {}

        if file.tell() > atlas.byte_count:
            file.truncate(0)
        if file.tell() < atlas.byte_count or not atlas.byte_count:
            request_id = atlas._ask("GET", "/file", accept=FILE, headers=headers, into=into).request_id
        file.flush()
        os.fsync(file.fileno())
    return request_id


def _check(atlas, partial: str) -> None:
    """Compares the file with the digest, and removes a file that differs, so that it is not continued."""
    digest = hashlib.sha256()
    with open(partial, "rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    if digest.hexdigest() != atlas.digest:
        os.remove(partial)
        raise BrokenAnswer(f"the file has the SHA-256 {digest.hexdigest()}, the atlas {atlas.digest}",
                           code="client.wrong_digest", remedy="ask again")
