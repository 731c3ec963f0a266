"""The file functions of `nats_bench.api_utils`: compressed pickles of plain data, and where benchmarks usually lie."""

from __future__ import annotations

import bz2
import os
import pickle
import time

from nasatlas.importing import safe_pickle
from nasatlas.importing.faults import RefusedPickle
from nasatlas.shims.nats_bench.faults import NoBenchmark, NoSuchName, NotPlainData

PICKLE_EXT = "pickle.pbz2"
FILE_SYSTEMS = ("default",)


def time_string() -> str:
    """The time in UTC, in brackets."""
    return time.strftime("[%Y-%m-%d %X]", time.gmtime())


def reset_file_system(lib: str = "default") -> None:
    """Accepts "default", files of this machine; raises NoSuchName for any other."""
    if lib not in FILE_SYSTEMS:
        raise NoSuchName(f"unknown file system {lib!r}; known: default", known=list(FILE_SYSTEMS),
                         remedy="copy the file to this machine")


def get_file_system() -> str:
    """The file system in use, always "default"."""
    return FILE_SYSTEMS[0]


def get_torch_home() -> str:
    """The folder that TORCH_HOME names, else `.torch` in the home folder; raises NoBenchmark without either."""
    if "TORCH_HOME" in os.environ:
        return os.environ["TORCH_HOME"]
    if "HOME" in os.environ:
        return os.path.join(os.environ["HOME"], ".torch")
    raise NoBenchmark("neither TORCH_HOME nor HOME is set", remedy="set one of them, or give the path of an atlas")


def nats_is_dir(file_path) -> bool:
    """Whether there is a folder at the path."""
    return os.path.isdir(file_path)


def nats_is_file(file_path) -> bool:
    """Whether there is a file at the path."""
    return os.path.isfile(file_path)


def pickle_save(obj, file_path, ext: str = ".pbz2", protocol: int = 4) -> None:
    """Writes an object as a compressed pickle to `file_path` with `ext` appended."""
    with bz2.BZ2File(f"{file_path}{ext}", "wb") as file:
        pickle.dump(obj, file, protocol=protocol)


def pickle_load(file_path, ext: str = ".pbz2"):
    """Reads a compressed pickle of plain data; raises NotPlainData for any other.

    Nothing in the pickle is executed, so objects of classes, such as weights, are refused. NumPy numbers become
    Python's, and an OrderedDict becomes a dict.
    """
    path = str(file_path) if nats_is_file(file_path) else f"{file_path}{ext}"
    try:
        with bz2.BZ2File(path, "rb") as file:
            raw = file.read(safe_pickle.LARGEST + 1)
    except FileNotFoundError as error:
        raise NoBenchmark(f"there is no file {file_path} and none {path}", remedy="give the path of a file") from error
    except (OSError, EOFError) as error:
        raise NotPlainData(f"{path} cannot be read as a bzip2 file: {error}",
                           remedy="compare its digest with the published one, and fetch it again") from error
    try:
        return safe_pickle.load(raw)
    except RefusedPickle as error:
        raise NotPlainData(f"{path}: {error.message}", remedy=error.remedy) from error
