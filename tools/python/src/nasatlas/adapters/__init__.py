"""Atlases as tasks of other frameworks, one module each: `optuna`, `syne_tune`, `smac`, `ray`, `sklearn`.

Each module needs its framework, and nothing else does.
"""

from __future__ import annotations

import importlib

from nasatlas.errors import MissingPackage


def package(name: str, install: str):
    """The module `name`; raises MissingPackage, which says how to install it."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingPackage(f"{name} cannot be imported: {error}", remedy=f"`pip install {install}`") from error
