"""Executes the blocks of README.md and docs/quick-start.md as a reader would, in a clean environment, and times each.

    python3 tools/docs/blocks.py PROGRAM [PAGE...]     (tools/dev blocks builds PROGRAM)

A clean environment is a fresh clone of the last commit, a fresh home folder, and a fresh Python environment. PROGRAM is
the built `nasatlas`, which is first on the PATH; blocks that set up or build (`tools/setup`, `swift build`) are skipped,
and so are words that stand for a choice of the reader (`ID`, files that the reader owns), which get a value here. The cache
of prepared data is that of the machine, since filling it is set-up. A server runs until its page was fetched. Ends with 1
where a block fails, or where an answer takes longer than a minute.
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = ("README.md", "docs/quick-start.md")
SET_UP = ("tools/setup", "swift build", "export PATH", "tools/test")
# Lines that train or that need a file of the reader's own, with the reason why they are not run.
SKIPPED = {
    "tools/run": "the steps of docs/quick-start.md do the same",
    "nasatlas train --dataset nafld-age4 --count 100": "trains for minutes; the first 24 show the same",
    "nasatlas datasets bpic2012-b --prepare": "needs a file of the reader's own",
}
LIMIT_SECONDS = 60
# Training is a job, not an answer.
JOBS = ("nasatlas train", "pip install")


def blocks(page):
    """The language and the text of each block of code; an indented block is shell."""
    text = (ROOT / page).read_text()
    found = []
    fenced = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)
    for match in fenced.finditer(text):
        found.append((match.start(), match[1], match[2]))
    plain = fenced.sub(lambda match: "\n" * match[0].count("\n"), text)
    for match in re.finditer(r"(?:^    \S.*\n(?:\n(?=    ))?)+", plain, re.M):
        found.append((match.start(), "sh", "\n".join(line[4:] for line in match[0].rstrip().split("\n"))))
    return [(language, body) for _, language, body in sorted(found)]


def commands(body):
    """The commands of a shell block: a line each, lines that end with a backslash joined, comments behind them cut."""
    joined = re.sub(r"\\\n\s*", "", body)
    return [re.sub(r"\s{2,}#.*$", "", line) for line in joined.split("\n") if line.strip()]


class Reader:
    """Somebody who follows a page."""

    def __init__(self, program, folder):
        self.folder = pathlib.Path(folder)
        self.clone = self.folder / "nasatlas"
        subprocess.run(["git", "clone", "-q", ROOT, self.clone], check=True)
        home = self.folder / "home"
        home.mkdir()
        subprocess.run([sys.executable, "-m", "venv", self.folder / "venv"], check=True)
        bin_folder = self.folder / "bin"
        bin_folder.mkdir()
        (bin_folder / "nasatlas").symlink_to(pathlib.Path(program).resolve())
        cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.environ["HOME"], ".cache")
        self.environment = {
            "PATH": f"{bin_folder}:{self.folder / 'venv' / 'bin'}:/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8",
            "XDG_CACHE_HOME": cache, "OPENBLAS_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "Haswell",
            **{name: value for name, value in os.environ.items() if name.lower().endswith("_proxy") or name.startswith("PIP_")},
        }
        self.seconds = []
        self.failures = []

    def run(self, command, shown, limit):
        start = time.monotonic()
        done = subprocess.run(command, cwd=self.clone, env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False)
        self.note(shown, time.monotonic() - start, limit, done.returncode, done.stderr)

    def note(self, shown, seconds, limit, status, errors=""):
        verdict = "ok"
        if status:
            verdict = f"FAILED with {status}: {errors.strip()[-600:]}"
        elif limit and seconds > LIMIT_SECONDS:
            verdict = f"TOO SLOW, at most {LIMIT_SECONDS} s"
        if verdict != "ok":
            self.failures.append(shown)
        self.seconds.append((shown, seconds))
        print(f"{seconds:7.2f} s  {shown[:90]}  {verdict}", flush=True)

    def identifier(self, line):
        """What `ID` stands for: the best architecture of the atlas of the line."""
        atlas = next(word for word in line.split() if word.endswith(".atlas"))
        done = subprocess.run(["nasatlas", "top", atlas, "-k", "1", "--json"], cwd=self.clone, env=self.environment,
                              capture_output=True, text=True, check=True)
        return json.loads(done.stdout)["places"][0]["architecture"]["id"]

    def serve(self, line):
        """Starts a server and fetches its first page."""
        start = time.monotonic()
        with subprocess.Popen(line.split(), cwd=self.clone, env=self.environment, stderr=subprocess.PIPE,
                              text=True) as server:
            try:
                page = ""
                while time.monotonic() - start < LIMIT_SECONDS and "<html" not in page:
                    with contextlib.suppress(OSError):
                        page = urllib.request.urlopen("http://127.0.0.1:8080/", timeout=5).read().decode()
                    time.sleep(0.05)
                self.note(f"{line}, then its page in a browser", time.monotonic() - start, True, "<html" not in page)
            finally:
                server.terminate()

    def follow(self, page):
        print(f"{page}", flush=True)
        for language, body in blocks(page):
            if language == "python":
                self.run(["python", "-c", body], f"python: {body.split(chr(10))[-2]}", True)
            if language != "sh":
                continue
            for line in commands(body):
                if line.startswith(SET_UP) or not line.startswith(("nasatlas ", "pip ", "tools/", "curl ", "python3 ")):
                    continue
                reason = next((why for start, why in SKIPPED.items() if line.startswith(start)), None)
                if reason:
                    print(f"   skipped  {line}: {reason}", flush=True)
                elif line.startswith("nasatlas serve"):
                    self.serve(line)
                else:
                    command = re.sub(r"\bID\b", lambda _: self.identifier(line), line)
                    self.run(["bash", "-c", command], line, not line.startswith(JOBS))


def main(program, *pages):
    if not shutil.which("git"):
        sys.exit("git is not installed")
    with tempfile.TemporaryDirectory() as folder:
        reader = Reader(program, folder)
        for page in pages or PAGES:
            reader.follow(page)
    print(f"{len(reader.seconds)} blocks, {len(reader.failures)} failed; the longest took "
          f"{max(seconds for _, seconds in reader.seconds):.1f} s")
    return 1 if reader.failures else 0


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
