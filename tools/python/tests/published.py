"""Where published tables and packages lie that tests read when they are there."""

import importlib.util
import os
import unittest
from pathlib import Path

import nasatlas

_ROOT = Path(__file__).resolve().parents[3]
_CACHE = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.environ.get("HOME", "/"), ".cache")

SHARED = Path(os.environ.get("NASATLAS_SHARED") or _ROOT.parent / "shared") / "data" / "benchmarks"
PACKAGES = Path(os.environ.get("NASATLAS_BENCHMARKS") or Path(_CACHE, "nasatlas", "benchmarks")) / "packages"


def missing_shared(folder):
    """Why tests of this shared folder are skipped; None where it is there."""
    path = SHARED / folder
    return None if path.is_dir() else f"{path} is not there; NASATLAS_SHARED names another place"


def missing_package(start):
    """Why tests of this downloaded package are skipped; None where it is there."""
    if PACKAGES.is_dir() and any(p.name.startswith(start) for p in PACKAGES.iterdir()):
        return None
    return f"{PACKAGES} has no {start}*.whl; run tools/setup --benchmarks, or set NASATLAS_BENCHMARKS"


def beside(module, package):
    """Skips a test unless the published package is installed that it compares with."""
    return unittest.skipUnless(importlib.util.find_spec(module),
                               f"{package} is not installed; `tools/dev python-peers` runs this with it")


def peer_source(name, path):
    """A file in the clone `name` of a package's sources; skips the test where there is none."""
    folder = os.environ.get("NASATLAS_PEER_SOURCES")
    if not folder:
        raise unittest.SkipTest(f"NASATLAS_PEER_SOURCES does not name a folder with a clone of {name}")
    if not Path(folder, name, path).is_file():
        raise unittest.SkipTest(f"{folder} has no {name}/{path}; clone {name} there")
    return Path(folder, name, path)


def built(name):
    """The atlas that `tools/setup --benchmarks` makes of a published package; skips the test where it is not there."""
    path = PACKAGES.parent / f"{name}.atlas"
    if not path.exists():
        raise unittest.SkipTest(f"{path} is not there; run tools/setup --benchmarks")
    return nasatlas.open(path)
