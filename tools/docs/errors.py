"""Lists every error code of the program and the server in schemas/errors.json.

    python3 tools/docs/errors.py            writes the list
    python3 tools/docs/errors.py --check    ends with status 1 where it is not the list of the sources

For each code: the exit statuses of the command line, and the HTTP status where a server answers with it. The sources
decide: the `code` and `exitStatus` of each error type, and what `Problem` says about types and codes.
"""
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "schemas" / "errors.json"
EXIT = {name: int(number) for name, number in re.findall(
    r"case (\w+) = (\d+)", (ROOT / "Sources/Records/UserFacingError.swift").read_text())}
"""As `ExitStatus` numbers them."""
HTTP = {"badRequest": 400, "unauthorized": 401, "forbidden": 403, "notFound": 404, "methodNotAllowed": 405,
        "notAcceptable": 406, "requestTimeout": 408, "conflict": 409, "gone": 410, "lengthRequired": 411,
        "preconditionFailed": 412, "contentTooLarge": 413, "uriTooLong": 414, "unsupportedMediaType": 415,
        "rangeNotSatisfiable": 416, "misdirectedRequest": 421, "unprocessableContent": 422, "tooManyRequests": 429,
        "requestHeaderFieldsTooLarge": 431, "internalServerError": 500, "notImplemented": 501,
        "serviceUnavailable": 503, "insufficientStorage": 507}
"""Names of swift-http-types."""
CODE = re.compile(r'"([a-z]+(?:\.[a-z0-9_]+)+)(?:"|\\\()')
"""A star follows where the end of a code is the word that was asked for: `benchmarks.unknown_*`."""


def block(text: str, start: int) -> str:
    """What stands between the brace that ends before `start` and its partner."""
    depth, end = 1, start
    while depth:
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        end += 1
    return text[start:end - 1]


def arms(body: str) -> dict[str, str]:
    """What follows each case of a switch, by the case's name; `default` too."""
    found: dict[str, str] = {}
    for match in re.finditer(r"(?:case ((?:[^:\"]|\([^)]*\))+)|(default)):\s*(.*?)(?=\n\s*(?:case |default:)|\Z)",
                             body, re.S):
        names = ["default"] if match[2] else re.findall(r"\.(\w+)", re.sub(r"\([^)]*\)", "", match[1]))
        for name in names:
            found.setdefault(name, match[3])
    return found


def errors_of(source: str, space_errors: set[str]) -> dict[str, dict]:
    """The codes of the error types of a file, with their exit statuses, and the type that has each."""
    found: dict[str, dict] = {}
    for match in re.finditer(r"var code: String \{", source):
        body = block(source, match.end())
        types = re.findall(r"(?:enum|struct) (\w+)[^{\n]*(?:UserFacingError|SpaceError)", source[:match.start()])
        if not types:
            continue
        owner, cases = types[-1], arms(body)
        exits = re.search(r"var exitStatus: ExitStatus \{", source)
        rules = block(source, exits.end()) if exits else (".dataError" if owner in space_errors else "")
        by_case = arms(rules)
        for name, arm in (cases or {"": body}).items():
            for literal in CODE.finditer(arm):
                code = literal[1] + ("" if literal[0].endswith('"') else "*")
                said = by_case.get(name, by_case.get("default", "" if by_case else rules))
                entry = found.setdefault(code, {"exit": set(), "owner": owner, "case": name})
                entry["exit"] |= {EXIT[word] for word in re.findall(r"\.(\w+)", said) if word in EXIT}
                if "let exitStatus: ExitStatus" in source:
                    given = re.findall(rf"{owner}\([^{{}}]*?exitStatus: \.(\w+)", source)
                    entry["exit"] |= {EXIT[word] for word in given}
    return found


def all_errors() -> dict[str, dict]:
    sources = {path: path.read_text() for path in sorted((ROOT / "Sources").rglob("*.swift"))}
    space_errors = {name for text in sources.values()
                    for name in re.findall(r"(?:enum|struct) (\w+): SpaceError", text)}
    found: dict[str, dict] = {}
    for text in sources.values():
        for code, entry in errors_of(text, space_errors).items():
            found.setdefault(code, {"exit": set()}).update(entry)
    problem = sources[ROOT / "Sources/QueryServer/Messages/Problem.swift"]
    mapping = block(problem, problem.index("init(_ error: any UserFacingError) {") + 38)
    statuses = problem[problem.index("private static func status("):]
    not_found = set(re.findall(r"\.(\w+)", statuses.split(":\n      .notFound")[0]))
    for code, entry in found.items():
        owner = "any SpaceError" if entry["owner"] in space_errors else entry["owner"]
        cases = re.findall(r"case ([^:]+):\s*(.*?)(?=\n    case |\n    default)", mapping, re.S)
        arm = next((arm for names, arm in cases if re.search(rf"\b{owner}\b(?!\.)", names)), "")
        single = re.search(rf"case {entry['owner']}\.{entry['case']}:\s*self\.init\(\s*\.(\w+)", mapping)
        if single:
            entry["http"] = HTTP[single[1]]
        elif entry["owner"] == "BenchmarkError":
            entry["http"] = 404 if entry["case"] in not_found else 422
        elif word := re.search(r"\.init\(\s*\.(\w+)", arm):
            entry["http"] = HTTP[word[1]]
    for path, text in sources.items():
        if "QueryServer" in path.parts:
            for status, code in re.findall(r"Problem\(\s*\.(\w+),\s*\"([a-z]+\.[a-z_.]+)\"", text):
                found.setdefault(code, {"exit": set()})["http"] = HTTP[status]
        for match in re.finditer(r"code: \"([a-z]+\.[a-z_]+)\",\s*message", text):
            entry = found.setdefault(match[1], {"exit": set()})
            after = text[match.end():].split("code: ")[0][:600]
            if word := re.search(r"exitStatus: (?:ExitStatus)?\.(\w+)", after):
                entry["exit"] |= {EXIT[word[1]]}
            elif "exitCode(for: error)" in after:
                # As ArgumentParser ends a command line that it cannot read.
                entry["exit"] |= {EXIT["usage"]}
    return found


def content() -> str:
    codes = {}
    for code, entry in sorted(all_errors().items()):
        codes[code] = {}
        if entry["exit"]:
            codes[code]["exit"] = sorted(entry["exit"])
        if "http" in entry:
            codes[code]["http"] = entry["http"]
    lines = ",\n".join(f"  {json.dumps(code)}: {json.dumps(entry)}" for code, entry in codes.items())
    return "{\n" + lines + "\n}\n"


def main() -> int:
    if sys.argv[1:] == ["--check"]:
        if LIST.read_text() != content():
            print("schemas/errors.json is not the list of the sources; python3 tools/docs/errors.py makes it",
                  file=sys.stderr)
            return 1
        return 0
    LIST.write_text(content())
    return 0


if __name__ == "__main__":
    sys.exit(main())
