"""Which characters and words mean what in the filter language."""

from __future__ import annotations

import string

RESERVED = frozenset(("and", "or", "not", "in", "between", "is", "absent", "present"))
"""Words with a meaning of their own, recognized in any case."""
DIGITS = frozenset(string.digits)
LETTERS = frozenset(string.ascii_letters + "_")
NAME = LETTERS | DIGITS | {"-"}
"""Characters that may follow the first letter of a name."""
WORD = NAME | {".", "/"}
"""Characters that may follow the first letter of a text without quotes."""
SPACE = frozenset(" \t\n\v\f\r")


def is_reserved(word: str) -> bool:
    return len(word) <= 7 and word.lower() in RESERVED


def is_identifier(name: str) -> bool:
    return bool(name) and name[0] in LETTERS and NAME.issuperset(name)


def quoted(text: str, mark: str) -> str:
    """`text` between two marks, each mark inside doubled."""
    return mark + text.replace(mark, mark * 2) + mark


def name_text(name: str) -> str:
    """A part of a field's path, in double quotes where it needs them."""
    return name if is_identifier(name) and not is_reserved(name) else quoted(name, '"')


def selector_text(text: str) -> str:
    """A part in brackets, in single quotes where it needs them."""
    return text if text and text[0] != "/" and WORD.issuperset(text) else quoted(text, "'")


def value_text(value: float | str) -> str:
    """A value as the language spells it: the shortest number that reads back the same, or a text in single quotes."""
    if isinstance(value, str):
        return quoted(value, "'")
    return str(int(value)) if abs(value) < 2 ** 53 and value == int(value) else repr(value)


def cut(text: str) -> str:
    """At most 40 characters."""
    return text if len(text) <= 40 else text[:39] + "…"
