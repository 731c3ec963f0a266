"""The type of a source, and the list of all sources."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nasatlas.importing.entries import Entry


@dataclass(frozen=True)
class Source:
    """One published table: its name on the command line, its title, the files that it needs, and how to get them."""

    name: str
    title: str
    expects: tuple[str, ...]
    help: str


@dataclass(frozen=True)
class Importer:
    """A source and the function that reads it."""

    source: Source
    entries: Callable[[Path], Iterator[Entry]]


def importers() -> dict[str, Importer]:
    """All importers by name: every module of `sources` that has SOURCE and entries."""
    from nasatlas.importing import sources

    found = {}
    for module_info in sorted(pkgutil.iter_modules(sources.__path__), key=lambda m: m.name):
        module = importlib.import_module(f"{sources.__name__}.{module_info.name}")
        if hasattr(module, "SOURCE"):
            found[module.SOURCE.name] = Importer(module.SOURCE, module.entries)
    return dict(sorted(found.items()))
