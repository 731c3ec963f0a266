"""Filters in process: the language of docs/filters.md, as `where=` takes it.

The program reads the same language (Sources/Benchmarks/Filter); tests/golden/filters.json has the expected results of
both.
"""

from nasatlas.filters.expression import Field, parts
from nasatlas.filters.reader import read_field, read_filter
from nasatlas.filters.vocabulary import Vocabulary

__all__ = ["Field", "Vocabulary", "parts", "read_field", "read_filter"]
