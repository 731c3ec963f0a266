"""Importers: one module of `sources` a published table, each yielding the entries of one interchange file."""
