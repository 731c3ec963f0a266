"""The scratch folder of a command line: a small file of each kind, awkward places, and what changed in it."""

import hashlib
import os
import shutil
import socket
import stat
import subprocess
from pathlib import Path

from program import PROGRAM, ROOT

CORPUS = ROOT / "Tests" / "StoreTests" / "Corpus" / "format-3"
JOURNAL = ROOT / "Tests" / "RecordsTests" / "Corpus" / "format-3.journal"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
PREPARED = CACHE / "nasatlas" / "prepared" / "cdnow-churn.dataset"
# Commands run here, deep enough that `..` stays inside what is watched.
PLACE = Path("outer", "inner", "place")


def settings(folder):
    """The environment of the program: it finds nothing outside `folder`, and a server takes any free port."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "HOME": f"{folder}/home", "XDG_CACHE_HOME": f"{folder}/home/cache", "TMPDIR": f"{folder}/home/tmp",
            "NASATLAS_SERVER_PORT": "0", "NASATLAS_SERVER_ADMIN_PORT": "0", "OPENBLAS_NUM_THREADS": "1",
            "OPENBLAS_CORETYPE": "Haswell", "LANG": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no", "COLUMNS": "80"}


def _run(folder, *words):
    done = subprocess.run([PROGRAM, *words], cwd=folder / PLACE, env=settings(folder), capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise AssertionError(f"{words}: {done.returncode} {done.stderr}")


def _device(path, minor):
    """A device of our own: a program that destroys it destroys none of the machine's. A link to that where none can be
    made."""
    name = {3: "null", 5: "zero", 7: "full"}[minor]
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, minor))
        with open(path, "rb"):
            pass
    except OSError:
        path.unlink(missing_ok=True)
        path.symlink_to(f"/dev/{name}")


def make(folder, trains=False):
    """Fills `folder`. `trains`: with the prepared data set that `train` needs, if this machine has it."""
    place = folder / PLACE
    for name in (PLACE, "home/cache/nasatlas/prepared", "home/tmp", PLACE / "folder"):
        (folder / name).mkdir(parents=True)
    if trains and PREPARED.exists():
        shutil.copy(PREPARED, folder / "home/cache/nasatlas/prepared")
    shutil.copy(JOURNAL, place / "runs.journal")
    shutil.copy(CORPUS / "table.ndjson", place / "table.ndjson")
    for ending in ("", ".manifest.json"):
        shutil.copy(CORPUS / f"format-3.atlas{ending}", place / f"table.atlas{ending}")
    _run(folder, "ingest", "runs.journal", "--into", "working.sqlite")
    _run(folder, "publish", "working.sqlite", "small.atlas", "--title", "Small")
    _run(folder, "fit", "small.atlas", "--predictor", "ridge", "--folds", "2")
    _make_files(place)


def _make_files(place):
    atlas, manifest = (place / "small.atlas").read_bytes(), (place / "small.atlas.manifest.json").read_bytes()
    journal, table = (place / "runs.journal").read_bytes(), (place / "table.ndjson").read_bytes()
    surrogate = next(place.glob("small.*.surrogate")).read_bytes()

    def flipped(data, at):
        return data[:at] + bytes([data[at] ^ 16]) + data[at + 1:]

    files = {
        "empty": b"", "thesis.md": b"# Results\n\nOf last week.\n", "notes.txt": b"Dear diary\n",
        "server.conf": b"# ours\nidle-seconds = 7\n", "torn.atlas": atlas[:70_000],
        "flipped.atlas": flipped(atlas, 9_000), "noise.bin": hashlib.sha512(b"noise").digest() * 64,
        "foreign.sqlite": b"SQLite format 3\0" + atlas[16:60] + b"\0" * 8 + atlas[68:100] + b"\0" * 4_000,
        "torn.journal": journal[:-7], "bad.ndjson": table.replace(b'"seed":777', b'"seed":"x"'),
        "long-line.ndjson": b'{"run":"' + b"x" * 200_000 + b'"}\n',
        "splits.csv": b"trial,train_size,part,architecture,value\n0,1,train,a,1.5\n0,1,test,b,2.0\n",
        "predictions.csv": b"trial,train_size,architecture,prediction\n0,4,3b7acc7f4636f25ad0eda1930b677391,0.5\n",
        "flipped.surrogate": flipped(surrogate, len(surrogate) // 2), "no-manifest.atlas": atlas,
        "other-manifest.atlas": (place / "table.atlas").read_bytes(), "a name with spaces.atlas": atlas,
        "other-manifest.atlas.manifest.json": manifest, "a name with spaces.atlas.manifest.json": manifest,
        "line\nfeed.ndjson": table, "protocol.json": b'{"epochs":1}\n',
        "odd-protocol.json": b'{"epochs":"x","batch":-1}\n',
        b"latin-\xe9.atlas": atlas, b"latin-\xe9.atlas.manifest.json": manifest,
    }
    for name, content in files.items():
        with open(os.path.join(os.fsencode(place), os.fsencode(name)), "wb") as file:
            file.write(content)
    for name, target in (("dangling", "nowhere"), ("loop", "loop"), ("link.atlas", "small.atlas"),
                         ("linked-folder", "folder")):
        (place / name).symlink_to(target)
    for name, minor in (("null", 3), ("zero", 5), ("full", 7)):
        _device(place / name, minor)
    before = os.getcwd()
    # The path of a socket has at most 107 bytes.
    os.chdir(place)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket")
    os.chdir(before)


class Snapshot:
    """What lies in a folder: of each path its kind, mode, and content."""

    def __init__(self, folder, earlier=None):
        self.folder = os.fsencode(folder)
        self.entries, self.stamps = {}, {}
        for parent, folders, files in os.walk(self.folder):
            for name in folders + files:
                path = os.path.join(parent, name)
                self._add(path, earlier)

    def _add(self, path, earlier):
        try:
            found = os.lstat(path)
        except FileNotFoundError:
            return
        stamp = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        self.stamps[path] = stamp
        if earlier and earlier.stamps.get(path) == stamp:
            self.entries[path] = earlier.entries[path]
            return
        content = ""
        if stat.S_ISREG(found.st_mode):
            with open(path, "rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
        elif stat.S_ISLNK(found.st_mode):
            content = os.readlink(path)
        elif stat.S_ISCHR(found.st_mode):
            content = found.st_rdev
        self.entries[path] = (stat.S_IFMT(found.st_mode), found.st_mode, content)

    def changed(self, later):
        """Paths of this snapshot that are gone or different."""
        return sorted(path for path, entry in self.entries.items() if later.entries.get(path) != entry)

    def added(self, later):
        """Paths that came later."""
        return sorted(path for path in later.entries if path not in self.entries)
