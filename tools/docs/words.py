"""Keeps phrases that are hard to read out of the texts that people read.

    python3 tools/docs/words.py [FILE...]

Checks the documentation, the snapshots of help texts, help and error texts in Sources, the texts of the web pages,
the descriptions in schemas/*.json, and docstrings and error texts in Python; or the named files only. It does not
check code, identifiers and comments. For each finding it prints FILE:LINE, the phrase, and what to write instead, and
it ends with status 1.

The list is a net, not the aim: read a page aloud once.
"""

import ast
import json
import pathlib
import re
import sys
from typing import NamedTuple

from swift_literals import CODE, SwiftLiterals

ROOT = pathlib.Path(__file__).resolve().parents[2]

# A pattern, and what to write instead. Patterns ignore case, and a space matches any white space.
PHRASES = (
    (r"\b(?:tell|tells|told|telling)\b", "report, show, say, or: distinguish"),
    (r"(?<!there\s)\b(?:is|are|was|were) (?-i:none)\b", "invalid X; there is no X; not an X"),
    (r"(?<!there\s)\b(?:is|are) no (?!(?:longer|more)\b)", "is not a; has no; there is no"),
    (r"\b(?:stands?|stood|standing)\b(?!-| for\b)", "is; appears; depends"),
    (r"\bof (?:yours|ours|theirs|hers|mine)\b", "your X; our X"),
    (r"\bone's own\b", "your own"),
    (r"\b(?:of|by) (?:the )?(?:reader|user)'s\b", "your"),
    (r"\bin vain\b", "without a result; unknown"),
    (r"\bhonest (?:uncertaint|deviation|interval)\w*", "calibrated"),
    (r"\b(?:deviation|uncertaint|interval)\w*[^.;]{0,60}? honest\b", "calibrated"),
    (r"\b(?<!the\s)rests? (?:on|upon)\b", "depends on; is used in"),
    (r"\b(?:line|row|object|token|value|number|file|folder|figure|deviation|instance|thread|worker|loop|piece|point|"
     r"bar|colour|color) an? (?:line|row|run|epoch|core|port|figure|operation|architecture|objective|"
     r"folder|page|command|set|piece|parameter|predictor|query|key|name|setting)\b", "one line per run; per"),
    (r"\b(?:one|once) an? (?:line|row|run|epoch|core|port|field|operation|architecture|objective|folder|page|command|"
     r"set|piece|parameter|predictor|query|key|name|setting|fold|second|minute)\b", "one per line; per"),
    (r"\b(?:seconds?|requests?|questions?|runs?|answers?|rows|batches) an? (?:second|minute|epoch|image|row|query|fit|"
     r"run)\b", "per second; per epoch"),
    (r"\banew\b", "again"),
    (r"\bfaults? of (?:ours|yours|the house)\b", "internal error"),
    (r"\blearnt\b", "learned; fitted to; training architectures"),
    (r"\bto learn from\b", "training architectures"),
    (r"\bwithout a word\b", "silently"),
    (r"\bparted by\b", "separated by"),
    (r"\bin the place of\b|\bin place of\b", "instead of"),
    (r"\bmay be given (?:more than once|several times|twice)\b", "may be repeated"),
    (r"\bstays? what (?:it|they) (?:is|are)\b", "does not change"),
    (r"\bno other (?:one )?beats\b", "Pareto-optimal (non-dominated)"),
    (r"\bnot clear; there are\b", "ambiguous X; choose one of:"),
    (r"\bis wanted(?: here)?\b", "expected; is needed"),
    (r"\bdoes not suffice\b", "is too small"),
    (r"\bcalled as (?:its|their)\b", "served under"),
    (r"\ba little kind\b", "slightly optimistic"),
    (r"\bwhat (?:is|was) (?:asked|answered|said|told)\b", "name the subject"),
    (r"\bneighbour", "neighbor"),
    (r"\blicence", "license"),
    (r"\blabelled\b|\bcancelled\b|\bsignalling\b", "labeled; canceled; signaling"),
    (r"\b(?:optimis|normalis|minimis|maximis|summaris|initialis)(?!t)\w+", "-ize"),
    (r"\bbehaviour|\bcolour|\bfavour", "behavior; color; favor"),
)


class Finding(NamedTuple):
    """A phrase in a text: where it is, and what to write instead."""

    file: str
    line: int
    phrase: str
    instead: str

    def __str__(self):
        return f"{self.file}:{self.line}: {' '.join(self.phrase.split())!r}: write {self.instead}"


class Text(NamedTuple):
    """A text that people read, and the line on which it begins."""

    line: int
    content: str


_PATTERNS = [(re.compile(pattern.replace(" ", r"\s+"), re.I), instead) for pattern, instead in PHRASES]


def findings(file, texts):
    """The phrases of the list in `texts` of `file`, in the order of lines."""
    found = []
    for text in texts:
        for pattern, instead in _PATTERNS:
            for match in pattern.finditer(text.content):
                line = text.line + text.content.count("\n", 0, match.start())
                found.append(Finding(file, line, match[0], instead))
    return sorted(found, key=lambda finding: finding.line)


def _blank(pattern, text, flags=0):
    """`text` with all matches replaced by a mark, with the same lines."""
    return re.sub(pattern, lambda match: CODE + "\n" * match[0].count("\n"), text, flags=flags)


def markdown(source):
    """The prose of a Markdown page: no code, no targets of links."""
    text = _blank(r"^( *)```.*?^\1```", source, re.M | re.S)
    text = _blank(r"(?<=\n\n)(?: {4}\S.*\n(?:\n(?= {4}))?)+", text)
    text = _blank(r"(`+)[^`].*?\1", text, re.S)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return [Text(1, text)]


def plain(source):
    """A help text. Examples are commands, and an option is not prose."""
    return [Text(1, _blank(r"^ {2,}nasatlas .*$|`[^`]*`", source, re.M))]


def descriptions(source):
    """The titles, summaries and descriptions of an OpenAPI document or a JSON Schema."""
    spoken = {"title", "summary", "description"}
    found = []
    for number, line in enumerate(source.split("\n"), 1):
        for name, text in re.findall(r'"(\w+)"\s*:\s*("(?:[^"\\]|\\.)*")', line):
            if name in spoken:
                found.append(Text(number, _blank(r"`[^`]*`", json.loads(text))))
    return found


def docstrings(source):
    """The docstrings of a Python module."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            body = node.body
            if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) \
                    and isinstance(body[0].value.value, str):
                text = _blank(r"^\s*>>> .*$|^ {8,}\S.*=.*$", body[0].value.value, re.M)
                found.append(Text(body[0].lineno, _blank(r"`[^`\n]*`", text)))
    return found


def _text(node):
    """The text of a Python literal, with a mark for each value in it; None for other nodes."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else CODE for part in node.values)
    return None


def errors(source):
    """The texts of the errors of a Python module with more than one word: literals in `raise` and beside `remedy=`."""
    tree = ast.parse(source)
    inside = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)} \
        - {node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)}
    makers = [node for node in ast.walk(tree) if isinstance(node, ast.Raise)
              or isinstance(node, ast.Call) and any(word.arg == "remedy" for word in node.keywords)]
    found = {node: text for maker in makers for node in ast.walk(maker)
             if node not in inside and (text := _text(node)) is not None}
    return [Text(node.lineno, _blank(r"`[^`\n]*`", text)) for node, text in found.items()
            if len(re.findall(r"[A-Za-z]{2,}", text)) > 1]


def python(source):
    """The docstrings and the texts of errors of a Python module."""
    return docstrings(source) + errors(source)


def swift_literals(source):
    """The literals of a Swift source with more than one word."""
    code = r"`[^`\n]*`|\{\{[^}]*\}\}|^ {2,}nasatlas .*$"
    prose = (Text(line, _blank(code, content, re.M)) for line, content in SwiftLiterals(source).found)
    return [text for text in prose if len(re.findall(r"[A-Za-z]{2,}", text.content)) > 1]


_SPOKEN = re.compile(r"UserFacingError|ValidationError|Problem\(|Finding\(|Output\.note|\b(?:help|abstract|discussion|"
                     r"summary|hint|remedy):")


def files():
    """Each file with texts that people read, and the reader of its texts."""
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "Sources" / "README.md",
             *(ROOT / "docs").rglob("*.md"), *(ROOT / "tools").rglob("README.md"), *(ROOT / "data").rglob("README.md")]
    for path in sorted(set(pages)):
        if path.exists():
            yield path, markdown
    for path in sorted((ROOT / "Tests" / "nasatlasTests" / "Snapshots").glob("*.txt")):
        yield path, plain
    for path in sorted((ROOT / "Sources").rglob("*.swift")):
        if "WebPages" in path.parts or "TestSupport" not in path.parts and _SPOKEN.search(path.read_text()):
            yield path, swift_literals
    for path in sorted((ROOT / "schemas").glob("*.json")):
        yield path, descriptions
    for path in sorted((ROOT / "tools" / "python" / "src").rglob("*.py")):
        yield path, python


def main(names):
    """Prints the findings in the files named, or in all; the exit status."""
    wanted = {pathlib.Path(name).resolve() for name in names}
    count = 0
    for path, read in files():
        if wanted and path not in wanted:
            continue
        name = path.relative_to(ROOT).as_posix()
        found = findings(name, read(path.read_text()))
        count += len(found)
        for finding in found:
            print(finding)
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
