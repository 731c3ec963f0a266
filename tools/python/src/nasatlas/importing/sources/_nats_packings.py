"""Reads every form of NATS-Bench: folders of archives (`-simple`, `-full` with weights), their tars, one pickle."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from nasatlas.importing import loose_files, safe_pickle
from nasatlas.importing.entries import File
from nasatlas.importing.faults import BadData, MissingInput
from nasatlas.importing.files import LARGEST_FILE, SourceFiles, file_card
from nasatlas.importing.loose_files import AGAIN, bunzip2

DEPTH = 3
"""How deep below the named folder archives are looked for."""
ARCHIVE = re.compile(r"(\d{1,6})\.pickle\.pbz2")
SINGLE = re.compile(r"NATS-.*\.pickle\.pbz2")
CONTAINER = re.compile(r".*\.(tar|zip)")
OPAQUE = {**safe_pickle.ALLOWED, "torch._utils._rebuild_tensor_v2": safe_pickle.Record,
          "torch.storage._load_from_bytes": safe_pickle.Record}
"""Weights are skipped: the names that spell tensors make records, and nothing is called."""
ONE_BY_ONE = "name the folder or the tar that ends with -simple, which is read cell by cell"


class Packing(NamedTuple):
    """The cells of one search space in one folder or file."""

    name: str
    """The name of the folder or file."""
    files: Callable[[], list[File]]
    """The files, in the form of a source card."""
    archives: Callable[[], Iterator[tuple[str, Any]]]
    """Name and content of the archive of each cell, in the order of the published index."""


@contextlib.contextmanager
def opened(path: Path) -> Iterator[list[Packing]]:
    """The packings in or below a folder, or the packing that `path` itself names; links are followed."""
    with contextlib.ExitStack() as stack:
        yield list(_packings(path, stack))


def _packings(path: Path, stack: contextlib.ExitStack) -> Iterator[Packing]:
    if not path.exists():
        raise MissingInput(f"{path} does not exist", "name the folder or file with the archives")
    if path.is_file():
        yield from _single(path) if path.name.endswith(".pbz2") else _grouped(SourceFiles(path), path, stack)
        return
    seen = set()
    for folder, below, names in os.walk(path, followlinks=True):
        here = os.path.realpath(folder)
        depth = len(Path(folder).relative_to(path).parts)
        if here in seen or depth >= DEPTH:
            below.clear()
        if here in seen:
            continue
        seen.add(here)
        below.sort()
        if any(ARCHIVE.fullmatch(name) for name in names):
            yield from _grouped(SourceFiles(Path(folder)), Path(here), stack, own=True)
        for name in sorted(names):
            if SINGLE.fullmatch(name):
                yield from _single(Path(folder, name))
            elif CONTAINER.fullmatch(name):
                yield from _grouped(SourceFiles(Path(folder, name)), Path(folder, name), stack)


def _grouped(files: SourceFiles, path: Path, stack: contextlib.ExitStack, own: bool = False) -> Iterator[Packing]:
    """The folders of a container that have archives; with `own` only the folder itself."""
    stack.enter_context(files)
    groups: dict[str, dict[int, str]] = {}
    for name in files.names:
        place, found = PurePosixPath(name), ARCHIVE.fullmatch(PurePosixPath(name).name)
        if found and not (own and len(place.parts) > 1):
            numbers = groups.setdefault(str(place.parent), {})
            if int(found[1]) in numbers:
                raise BadData(f"{path} contains two archives with the number {int(found[1])}", AGAIN)
            numbers[int(found[1])] = name
    for parent, numbers in sorted(groups.items()):
        yield _folder(files, PurePosixPath(parent).name or path.name, [numbers[one] for one in sorted(numbers)])


def _folder(files: SourceFiles, name: str, archives: list[str]) -> Packing:
    def listing() -> list[File]:
        """All archives as one file: the digest of their list as `sha256sum` prints it."""
        digests = (file_card(one, files.read(one)) for one in archives)
        return [file_card(f"SHA256SUMS of {len(archives)} archives of {name}",
                          "".join(f"{one.sha256}  {one.name}\n" for one in digests).encode())]

    def contents() -> Iterator[tuple[str, Any]]:
        for one in archives:
            yield one, _unpickled(bunzip2(files.read(one), one))

    return Packing(name, listing, contents)


@contextlib.contextmanager
def _of_one_file() -> Iterator[None]:
    """Adds to an error what reads the same cells in less memory."""
    try:
        yield
    except BadData as error:
        raise type(error)(error.message, f"{error.remedy}; if the file is complete, {ONE_BY_ONE}") from error


def _single(path: Path) -> Iterator[Packing]:
    def listing() -> list[File]:
        with _of_one_file():
            return [loose_files.read(path)[1]]

    def contents() -> Iterator[tuple[str, Any]]:
        with _of_one_file():
            packed, _ = loose_files.read(path)
            whole = _unpickled(bunzip2(packed, path.name))
        cells = whole.get("arch2infos") if isinstance(whole, dict) else None
        if not isinstance(cells, dict) or not all(type(number) is int for number in cells):
            raise BadData(f"{path.name} contains no arch2infos with numbered cells", AGAIN)
        for number in sorted(cells):
            yield f"{path.name}, number {number}", cells[number]

    yield Packing(path.name, listing, contents)


def _unpickled(raw: bytes) -> Any:
    return safe_pickle.load(raw, OPAQUE, largest=LARGEST_FILE)
