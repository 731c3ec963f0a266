"""The kind of content of a file, by its first bytes, so that no output replaces a file of another kind."""

from __future__ import annotations

import re

HEAD_BYTES = 1 << 16
"""Of a file that are looked at."""
WORDS = {
    "atlas": "an atlas", "manifest": "the manifest of an atlas", "working file": "a working file",
    "surrogate": "a surrogate", "journal": "a journal of runs", "ledgers": "a journal of ledgers",
    "prepared data": "a prepared data set", "checkpoint": "a checkpoint of a training", "parquet": "a Parquet file",
    "svg": "an SVG image", "png": "a PNG image", "pdf": "a PDF document", "csv": "CSV", "json": "JSON", "ndjson": "NDJSON", "latex": "LaTeX",
    "markdown": "Markdown", "text": "plain text", "other": "other content"}
"""The kinds, and how messages name them."""
PROTECTED = frozenset(
    ("atlas", "manifest", "working file", "surrogate", "journal", "ledgers", "prepared data", "checkpoint"))
"""Kinds that are replaced on request only, by their own kind too."""
_MAGIC = ((b"NASAJRNL", "journal"), (b"NASMODEL", "surrogate"), (b"NASATLDS", "prepared data"),
          (b"NASCHKPT", "checkpoint"),
          (b'{"manifest":{', "manifest"), (b"PAR1", "parquet"), (b"\x89PNG\r\n\x1a\n", "png"), (b"%PDF-", "pdf"))
_DATABASES = {0x4E415341: "atlas", 0x4E415357: "working file"}


def kind_of(head: bytes, is_whole: bool) -> str:
    """The kind of a file that is not empty and begins with `head`, and ends with it where `is_whole`. Total."""
    if head.startswith(b"SQLite format 3\0"):
        return _DATABASES.get(int.from_bytes(head[68:72], "big"), "other")
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if re.match(rb"[0-9a-f]{8} \{", head):
        return "ledgers"
    text = _text(head, is_whole)
    return "other" if text is None else _text_kind(text)


def _text(head: bytes, is_whole: bool) -> str | None:
    """The head as text; None for other bytes. A character that the head cuts is left out."""
    if b"\0" in head:
        return None
    for cut in range(1 if is_whole else 4):
        try:
            return head[:len(head) - cut].decode()
        except UnicodeDecodeError:
            continue
    return None


def _text_kind(text: str) -> str:
    lines = text.splitlines()
    filled = [line.strip() for line in lines if line.strip()]
    if not filled:
        return "text"
    if re.match(r'\s*(\{\s*["}]|\[\s*[{\["\]\-\dtfn])', text):
        several = len(filled) > 1 and filled[0].endswith("}") and filled[1].startswith("{")
        return "ndjson" if several else "json"
    if filled[0].startswith("#!"):
        return "other"
    if re.match(r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg[\s>]", text, re.DOTALL):
        return "svg"
    if next((line for line in filled if not line.startswith("%")), "").startswith("\\"):
        return "latex"
    if any(re.match(r"```|#{1,3} ", line) for line in lines) or filled[0].startswith("---"):
        return "markdown"
    return "csv" if _is_csv(filled) else "text"


def _is_csv(lines: list) -> bool:
    """Whether each of the first lines has as many fields as the header, two or more."""
    counts, fields, is_quoted = [], 1, False
    for line in lines:
        for character in line:
            is_quoted ^= character == '"'
            fields += character == "," and not is_quoted
        if not is_quoted:
            counts.append(fields)
            fields = 1
        if len(counts) == 5:
            break
    return bool(counts) and counts[0] >= 2 and len(set(counts)) == 1 and ", " not in lines[0]
