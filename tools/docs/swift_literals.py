"""Reads the string literals of Swift sources: without comments, interpolated code as a mark, joined literals as one."""

import re

# What interpolated code is replaced by: no word, and no white space.
CODE = "·"

_QUOTE = re.compile(r'(#*)("""|")')
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)
_NEXT = re.compile(r'//|/\*|[()"]|#+"')


class SwiftLiterals:
    """The literals of a source: `found` has the line on which each begins, and its content with the same lines."""

    def __init__(self, source):
        self.source = source
        self.found = []
        self._read(0, len(source))
        self.found.sort()

    def _read(self, at, end):
        """Reads up to the parenthesis that closes an interpolation, or to `end`; the place behind it."""
        depth, own = 0, []
        last_end = None
        while match := _NEXT.search(self.source, at, end):
            at, word = match.start(), match[0]
            if word in ("//", "/*"):
                comment = _COMMENT.match(self.source, at)
                at = comment.end() if comment else end
            elif word in "()":
                depth += 1 if word == "(" else -1
                at += 1
                if depth < 0:
                    break
            else:
                start = at
                at, content = self._literal(at, end)
                gap = "" if last_end is None else self.source[last_end:start]
                if _COMMENT.sub("", gap).strip() == "+":
                    line, before = own.pop()
                    content = before.rstrip() + ("\n" * gap.count("\n") or " ") + content
                else:
                    line = self.source.count("\n", 0, start) + 1
                own.append((line, content))
                last_end = at
        else:
            at = end
        self.found += own
        return at

    def _literal(self, at, end):
        """The literal that begins at a place: the place behind it, and its content."""
        opening = _QUOTE.match(self.source, at)
        hashes, quote = opening.groups()
        at, closing, code = opening.end(), quote + hashes, "\\" + hashes + "("
        text = ""
        while at < end and not self.source.startswith(closing, at):
            if self.source.startswith(code, at):
                behind = self._read(at + len(code), end)
                text += CODE + "\n" * self.source.count("\n", at, behind)
                at = behind
            elif not hashes and self.source[at] == "\\":
                if self.source.startswith("\n", at + 1):  # the literal continues on the next line
                    text = text.rstrip() + "\n"
                at += 2
            else:
                text += self.source[at]
                at += 1
        return at + len(closing), text
