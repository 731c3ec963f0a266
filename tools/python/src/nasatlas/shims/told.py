"""Shared parts of the shims: opened atlases, and dicts that raise a typed error for published keys without a value."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping

from nasatlas.atlas import Atlas
from nasatlas.errors import MissingValue, NotInSpace, UnknownName, WrongArgument
from nasatlas.processes import renewed_after_fork
from nasatlas.spaces import check_names


class MissingKey(MissingValue, KeyError):
    """The published interface has this key, and the atlas has no value for it."""

    code = "shims.missing_key"


class OutsideSearchSpace(UnknownName, NotInSpace, KeyError):
    """A configuration with a hyperparameter or a value that the published search space does not have.

    Published packages raise KeyError or ValueError for it; this is both.
    """

    code = "shims.outside_search_space"


class Told(dict):
    """Values of an atlas under published keys. A key without a value is absent, and raises MissingKey when read."""

    def __init__(self, values, about: str, reasons: dict | None = None):
        super().__init__(values)
        self.about = about
        """The subject of the values, as a text for errors."""
        self.reasons = reasons or {}
        """Reasons for absent keys, by key."""

    def __missing__(self, key):
        why = f": {self.reasons[key]}" if key in self.reasons else ""
        there = ", ".join(map(str, self)) or "nothing"
        raise MissingKey(f"the atlas has no {key} of {self.about}{why}; it has: {there}", known=list(self),
                         remedy="open an atlas that has it; nothing is filled in")


def plain(settings, what: str, known) -> dict:
    """A dict made from a dict or from a configuration of any version of ConfigSpace; raises WrongArgument."""
    if not isinstance(settings, Mapping) and hasattr(settings, "get_dictionary"):
        settings = settings.get_dictionary()
    try:
        return dict(settings)
    except (TypeError, ValueError) as error:
        raise WrongArgument(f"{what} is a dict with {', '.join(known)}, not {settings!r}", known=list(known),
                            remedy="give a dict, or a configuration of ConfigSpace") from error


def checked(settings, choices: Mapping) -> dict:
    """The values of a configuration in the order of `choices`, which maps each hyperparameter to its allowed values.

    Raises WrongArgument, and OutsideSearchSpace where names are missing or unknown.
    """
    given = plain(settings, "a configuration", choices)
    check_names(given, list(choices), "a configuration", "give a value for each of these, and no other",
                kind=OutsideSearchSpace)
    return {name: given[name] for name in choices}


def opened(atlas: Atlas | str | os.PathLike) -> Atlas:
    """The atlas itself, or the atlas at a path."""
    return atlas if isinstance(atlas, Atlas) else Atlas(atlas)


class _Kept:
    """A cache of the last eight atlases that were opened by their paths."""

    MOST = 8

    def __init__(self):
        self.by_path = OrderedDict()
        self._after_fork()
        renewed_after_fork(self)

    def _after_fork(self) -> None:
        self.lock_for_fork = threading.RLock()

    def atlas(self, given, path: str, stamp: tuple) -> Atlas:
        """The atlas at a path, opened again where the stamp of its file has changed."""
        with self.lock_for_fork:
            if path not in self.by_path or self.by_path[path][0] != stamp:
                self.by_path[path] = stamp, Atlas(given)
            self.by_path.move_to_end(path)
            while len(self.by_path) > self.MOST:
                self.by_path.popitem(last=False)
            return self.by_path[path][1]


_KEPT = _Kept()


def kept_open(atlas: Atlas | str | os.PathLike) -> Atlas:
    """The atlas itself, or the atlas at a path; later calls with the path return the same object.

    The file is opened and verified again when its modification time, size or inode has changed.
    """
    if isinstance(atlas, Atlas) or not isinstance(atlas, (str, bytes, os.PathLike)):
        return opened(atlas)
    path = os.path.realpath(os.fsdecode(atlas))
    try:
        found = os.stat(path)
    except OSError:
        return opened(atlas)
    return _KEPT.atlas(atlas, path, (found.st_mtime_ns, found.st_size, found.st_ino, found.st_dev))


def interface(kind: Callable, atlas):
    """`kind(atlas)`, made once per atlas, for an atlas or a path; an instance of `kind` is returned as it is."""
    if isinstance(atlas, kind):
        return atlas
    atlas = kept_open(atlas)
    with _KEPT.lock_for_fork:
        made = vars(atlas).setdefault("_interfaces", {})
        if kind not in made:
            made[kind] = kind(atlas)
        return made[kind]
