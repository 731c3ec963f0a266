"""Measures promises in their long form and writes docs/reliability.md.

    run.py PROGRAM PYTHON [R9 R28 ...]     measures these promises, or all
    run.py --write                         writes the page from what was measured before

PROGRAM is the built `nasatlas`; PYTHON is a Python with the packages of tools/python/tests. A test prints a figure as a
line `R9: TEXT` where NASATLAS_FIGURES=1. What was measured stays in tools/reliability/measured.json with its day and
commit; a promise that is not measured again keeps its row. Ends with 1 where a promise failed.
"""

import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import time

from promises import PROMISES

ROOT = pathlib.Path(__file__).resolve().parents[2]
STATE = pathlib.Path(__file__).with_name("measured.json")
PAGE = ROOT / "docs" / "reliability.md"
FIGURE = re.compile(r"^\s*(R\d+): (.+)$")

HEAD = """# What NASAtlas promises, and what was measured

`tools/dev reliability` measures these promises in their long form and writes this page; `tools/dev reliability R9 R28`
measures some. `tools/test` runs the short forms. A row shows what was measured last, on which day and at which commit, on
two cores with the load on the same cores. Times depend on the machine; counts do not.

"""


def environment(program):
    return {**os.environ, "NASATLAS_SLOW": "1", "NASATLAS_FIGURES": "1", "NASATLAS": str(program),
            "OPENBLAS_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "Haswell", "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(ROOT / "tools" / "python" / "src")}


def commands(promise, python):
    """The commands of a promise, and what each must print to have run at all."""
    if promise.swift:
        yield (["swift", "test", "-c", "release", "--skip-build", "--filter", promise.swift],
               r"Test run with [1-9]\d* tests?")
    for path in promise.python:
        folder, name = path.rsplit("/", 1)
        yield [python, "-m", "unittest", "discover", "-v", "-s", folder, "-p", name], r"Ran [1-9]\d* tests?"
    if promise.command:
        yield list(promise.command), r""


def measure(promise, program, python, done_before):
    """Runs the tests of a promise; what is kept of it. Promises that share tests share their run."""
    start, figures, failure = time.monotonic(), [], None
    for command, proof in commands(promise, python):
        key = tuple(map(str, command))
        if key not in done_before:
            done_before[key] = subprocess.run(command, cwd=ROOT, env=environment(program), stdout=subprocess.PIPE,
                                              stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
        done = done_before[key]
        for line in done.stdout.splitlines():
            found = FIGURE.match(line)
            if found and found[1] == promise.id and found[2] not in figures:
                figures.append(found[2])
        if done.returncode:
            failure = f"`{' '.join(map(str, command[-4:]))}` ended with {done.returncode}"
            print(done.stdout[-4_000:], file=sys.stderr)
        elif not re.search(proof, done.stdout):
            failure = f"`{' '.join(map(str, command[-2:]))}` ran no test"
    commit = subprocess.run(["git", "rev-parse", "--short=10", "HEAD"], cwd=ROOT, capture_output=True, text=True,
                            check=True).stdout.strip()
    return {"day": datetime.date.today().isoformat(), "commit": commit, "holds": failure is None,
            "figures": figures, "failure": failure, "seconds": round(time.monotonic() - start)}


def cell(promise, found):
    if not promise.is_measured or not found:
        return f"not measured{f': {promise.note}' if promise.note else ''}"
    text = "; ".join(found["figures"]) or "the tests pass"
    if not found["holds"]:
        text = f"**does not hold**: {found['failure']}; {text}"
    return f"{text}{f' ({promise.note})' if promise.note else ''}"


def source(promise):
    parts = [f"`tools/dev slow '{promise.swift}'`"] if promise.swift else []
    parts += [f"`{path}`" for path in promise.python]
    parts += [f"`{' '.join(promise.command)}`"] if promise.command else []
    return ", ".join(parts).replace("|", "\\|") or "–"


def write(state):
    """Writes docs/reliability.md."""
    lines = [HEAD]
    for area in dict.fromkeys(promise.area for promise in PROMISES):
        lines.append(f"## {area}\n\n| | promise | measured last | when | how |\n| --- | --- | --- | --- | --- |\n")
        for promise in (promise for promise in PROMISES if promise.area == area):
            found = state.get(promise.id)
            when = f"{found['day']}, `{found['commit']}`" if found else "–"
            lines.append(f"| {promise.id} | {promise.text} | {cell(promise, found)} | {when} | {source(promise)} |\n")
        lines.append("\n")
    PAGE.write_text("".join(lines).rstrip("\n") + "\n")


def main(words):
    state = json.loads(STATE.read_text()) if STATE.exists() else {}
    if words == ["--write"]:
        write(state)
        return 0
    if len(words) < 2:
        sys.exit(__doc__)
    program, python, *wanted = words
    known = {promise.id: promise for promise in PROMISES}
    for name in wanted:
        if name not in known:
            sys.exit(f"tools/dev reliability: there is no promise {name}; there are {', '.join(known)}")
    chosen = [known[name] for name in wanted] or [promise for promise in PROMISES if promise.is_measured]
    failed, done_before = [], {}
    for promise in chosen:
        if not promise.is_measured:
            print(f"{promise.id} is not measured: {promise.note}", flush=True)
            continue
        found = measure(promise, pathlib.Path(program).resolve(), python, done_before)
        state[promise.id] = found
        STATE.write_text(json.dumps(state, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
        write(state)
        print(f"{promise.id} {'holds' if found['holds'] else 'DOES NOT HOLD'} ({found['seconds']} s) "
              f"{found['failure'] or ''} {'; '.join(found['figures'])}", flush=True)
        if not found["holds"]:
            failed.append(promise.id)
    print(f"{len(chosen) - len(failed)} of {len(chosen)} promises hold{': not ' + ', '.join(failed) if failed else ''}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
