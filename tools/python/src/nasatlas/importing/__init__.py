"""Importers: one module of `sources` per published table; each yields the entries of one interchange file."""
