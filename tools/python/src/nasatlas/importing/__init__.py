"""Importers: one module of `sources` a published table, each yielding the entries of one interchange file."""

import sys

if sys.version_info < (3, 11):
    raise ImportError("nasatlas.importing needs Python 3.11 or later; reading atlases works from 3.9 on")
