"""Cuts the text of a filter into tokens. Any text gives tokens or raises FilterError."""

from __future__ import annotations

from typing import NamedTuple

from nasatlas.errors import FilterError
from nasatlas.filters.words import DIGITS, LETTERS, NAME, SPACE, WORD, cut, is_reserved, quoted


class Token(NamedTuple):
    """A piece of the text. `kind` is `word`, `digits`, `text`, `name` (in double quotes), `parameter`, `comparison`,
    `mark`, `dot`, `other` or `end`."""

    kind: str
    text: str
    column: int
    """In characters, from 1."""

    @property
    def keyword(self) -> str | None:
        """The reserved word that it is, in lower case; None for other tokens."""
        return self.text.lower() if self.kind == "word" and is_reserved(self.text) else None

    @property
    def found(self) -> str:
        """As messages show it; nothing for the end."""
        if self.kind == "other" and (self.text.isspace() or self.text < " " or self.text == "\x7f"):
            return f"the character U+{ord(self.text):X}"
        return cut({"text": quoted(self.text, "'"), "name": quoted(self.text, '"'), "parameter": f":{self.text}"}.get(
            self.kind, self.text))


def tokens(text: str):
    """Yields the tokens of a text one by one; the last one is `end`."""
    at = 0
    while True:
        start = at
        while at < len(text) and text[at] in SPACE:
            at += 1
        if at == len(text):
            yield Token("end", "", at + 1)
            return
        kind, said, end = _token(text, at, at > start)
        yield Token(kind, said, at + 1)
        at = end


def _token(text: str, at: int, after_space: bool) -> tuple:
    """Kind and text of the token that begins at `at`, and where it ends."""
    first = text[at]
    if first in "'\"":
        said, end = _inside(text, at)
        return "text" if first == "'" else "name", said, end
    if first in "()[],":
        return "mark", first, at + 1
    if first in "=!<>":
        return _run("comparison", text, at, at, frozenset("=!<>"))
    if first == ":" and text[at + 1:at + 2] in LETTERS:
        return _run("parameter", text, at + 1, at + 1, NAME)
    if first == "." and not after_space and at > 0 and text[at - 1] in '"]':
        return "dot", ".", at + 1
    if first in LETTERS:
        return _run("word", text, at, at, WORD)
    if first in DIGITS or first in "+-.":
        end = at + 1
        while end < len(text) and (text[end] in WORD or text[end] == "+" and text[end - 1] in "eE"):
            end += 1
        return "digits", text[at:end], end
    return "other", first, at + 1


def _run(kind: str, text: str, start: int, at: int, allowed: frozenset) -> tuple:
    while at < len(text) and text[at] in allowed:
        at += 1
    return kind, text[start:at], at


def _inside(text: str, start: int) -> tuple:
    """The text between two quotation marks, with doubled marks inside as one, and the position of its end."""
    mark, at, found = text[start], start + 1, []
    while True:
        end = text.find(mark, at)
        if end < 0:
            raise FilterError(f"the quote {mark} at column {start + 1} of the filter is never closed",
                              code="benchmarks.filter_unterminated", column=start + 1,
                              remedy="close the quote; a quote inside a text is doubled: 'it''s'")
        found.append(text[at:end])
        if text[end + 1:end + 2] != mark:
            return mark.join(found), end + 1
        at = end + 2
