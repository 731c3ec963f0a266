"""What the shims share: opening an atlas, and dicts that raise a typed error for a published key that it lacks."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping

from nasatlas.atlas import Atlas
from nasatlas.errors import MissingValue, NotInSpace, UnknownName, WrongArgument
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
    """What an atlas tells, under published keys. A key that it lacks is not in it, and raises MissingKey when read."""

    def __init__(self, values, about: str, reasons: dict | None = None):
        super().__init__(values)
        self.about = about
        """What it is of, in words."""
        self.reasons = reasons or {}
        """Why keys are absent, by key, where there is more to say."""

    def __missing__(self, key):
        why = f": {self.reasons[key]}" if key in self.reasons else ""
        there = ", ".join(map(str, self)) or "nothing"
        raise MissingKey(f"the atlas has no {key} of {self.about}{why}; it has: {there}", known=list(self),
                         remedy="open an atlas that has it; nothing is filled in")


def plain(settings, what: str, known) -> dict:
    """A dict of a dict or of a configuration of any version of ConfigSpace; raises WrongArgument."""
    if not isinstance(settings, Mapping) and hasattr(settings, "get_dictionary"):
        settings = settings.get_dictionary()
    try:
        return dict(settings)
    except (TypeError, ValueError) as error:
        raise WrongArgument(f"{what} is a dict with {', '.join(known)}, not {settings!r}", known=list(known),
                            remedy="give a dict, or a configuration of ConfigSpace") from error


def checked(settings, choices: Mapping) -> dict:
    """The values of a configuration in the order of `choices`, which has those of each hyperparameter.

    Raises WrongArgument, and OutsideSearchSpace where names are missing or unknown.
    """
    given = plain(settings, "a configuration", choices)
    check_names(given, list(choices), "a configuration", "give a value for each of these, and no other",
                kind=OutsideSearchSpace)
    return {name: given[name] for name in choices}


def opened(atlas: Atlas | str | os.PathLike) -> Atlas:
    """The atlas itself, or the one at a path."""
    return atlas if isinstance(atlas, Atlas) else Atlas(atlas)


MOST_KEPT = 8
_kept, _lock = OrderedDict(), threading.RLock()


def kept_open(atlas: Atlas | str | os.PathLike) -> Atlas:
    """The atlas itself, or the one at a path, which later calls with the path get again.

    The file is opened and checked anew when its modification time, size or inode has changed. The last eight are kept.
    """
    if isinstance(atlas, Atlas) or not isinstance(atlas, (str, bytes, os.PathLike)):
        return opened(atlas)
    path = os.path.realpath(os.fsdecode(atlas))
    try:
        found = os.stat(path)
    except OSError:
        return opened(atlas)
    stamp = (found.st_mtime_ns, found.st_size, found.st_ino, found.st_dev)
    with _lock:
        if path not in _kept or _kept[path][0] != stamp:
            _kept[path] = stamp, Atlas(atlas)
        _kept.move_to_end(path)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
        return _kept[path][1]


def interface(kind: Callable, atlas):
    """What `kind` makes of an atlas or of the atlas at a path, made once for each atlas; one of `kind` stays itself."""
    if isinstance(atlas, kind):
        return atlas
    atlas = kept_open(atlas)
    with _lock:
        made = vars(atlas).setdefault("_interfaces", {})
        if kind not in made:
            made[kind] = kind(atlas)
        return made[kind]
