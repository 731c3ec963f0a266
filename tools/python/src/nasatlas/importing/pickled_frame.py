"""Reads a pickled pandas DataFrame of numbers and text by the allow-list reader; pandas and numpy are not needed.

    frame = load_frame(raw_bytes)     # {"column": [value, ...], ...}, columns in the order of the file
"""

import array
import sys
from collections.abc import Callable
from typing import Any

from nasatlas.importing.faults import RefusedPickle
from nasatlas.importing.safe_pickle import ALLOWED, Dtype, Name, Record, load

MOST_ROWS = 100_000


class _Array(Record):
    __slots__ = ()


class _Block(Record):
    __slots__ = ()


class _Blocks(Record):
    __slots__ = ()


class _Frame(Record):
    __slots__ = ()


class _IndexKind(Record):
    __slots__ = ()


class _RangeKind(Record):
    __slots__ = ()


class _Slice(Record):
    __slots__ = ()


class _Index(Record):
    __slots__ = ()


def _buffer(data: Any, dtype: Any, shape: Any, order: Any) -> _Array:
    made = _Array()
    made.state = (1, shape, dtype, order == "F", data)
    return made


def _empty_array(kind: Any, shape: Any, code: Any) -> _Array:
    return _Array()


_FRAME: dict[str, Callable[..., Any]] = {
    **ALLOWED,
    "builtins.slice": _Slice,
    "numpy.ndarray": _Array,
    "pandas.core.frame.DataFrame": _Frame,
    "pandas.core.indexes.base.Index": _IndexKind,
    "pandas.core.indexes.base._new_Index": _Index,
    "pandas.core.indexes.range.RangeIndex": _RangeKind,
    "pandas.core.internals.managers.BlockManager": _Blocks,
    "pandas._libs.internals._unpickle_block": _Block,
}
for _core in ("numpy.core", "numpy._core"):
    _FRAME[_core + ".numeric._frombuffer"] = _buffer
    _FRAME[_core + ".multiarray._reconstruct"] = _empty_array


def _expect(condition: bool, what: str) -> None:
    if not condition:
        raise RefusedPickle(f"the pickle is not a plain table: {what}")


def _rows(values: Any) -> list[Any]:
    """The rows of a two-dimensional array as lists."""
    _expect(isinstance(values, _Array) and isinstance(values.state, tuple) and len(values.state) == 5, "array")
    _, shape, dtype, column_major, data = values.state
    _expect(isinstance(shape, tuple) and 1 <= len(shape) <= 2 and all(isinstance(s, int) and s >= 0 for s in shape),
            "array shape")
    rows, width = shape if len(shape) == 2 else (1, shape[0])
    _expect(rows <= MOST_ROWS, "array shape")
    _expect(isinstance(dtype, Dtype) and dtype.arguments, "element type")
    code = dtype.arguments[0]
    if code in ("f8", "i8"):
        _expect(isinstance(data, bytes), "array bytes")
        _expect(len(data) == rows * width * 8, "array length")
        flat = array.array("d" if code == "f8" else "q")
        flat.frombytes(data)
        if sys.byteorder == "big":
            flat.byteswap()
    else:
        _expect(code == "O8" and isinstance(data, list), f"element type {code!r}")
        _expect(all(v is None or isinstance(v, (str, float, int)) for v in data), "element of an object array")
        flat = data
    _expect(len(flat) == rows * width, "array length")
    if column_major:
        return [list(flat[r::rows]) for r in range(rows)]
    return [list(flat[r * width:(r + 1) * width]) for r in range(rows)]


def _places(where: Any, count: int) -> list[int]:
    if isinstance(where, _Slice):
        _expect(len(where.arguments) == 3 and all(isinstance(a, int) for a in where.arguments), "placement")
        start, stop, step = where.arguments
        _expect(step != 0 and max(abs(start), abs(stop)) <= MOST_ROWS, "placement")
        places = range(start, stop, step)
    else:
        places = _rows(where)[0]
    _expect(len(places) == count and all(isinstance(p, int) for p in places), "placement")
    return list(places)


def load_frame(raw: bytes, largest: int = 512 << 20) -> dict[str, list[Any]]:
    """The columns of the pickled frame by name; RefusedPickle for anything that is not a plain table."""
    frame = load(raw, _FRAME, largest)
    _expect(isinstance(frame, _Frame) and isinstance(frame.state, dict), "no frame")
    manager = frame.state.get("_mgr")
    _expect(isinstance(manager, _Blocks) and len(manager.arguments) == 2, "no blocks")
    blocks, axes = manager.arguments
    _expect(isinstance(axes, list) and len(axes) == 2 and isinstance(axes[0], _Index), "axes")
    _expect(len(axes[0].arguments) == 2, "column names")
    kind, content = axes[0].arguments
    _expect(type(kind) is Name and kind.make is _IndexKind and isinstance(content, dict), "column names")
    names = _rows(content.get("data"))[0]
    _expect(all(isinstance(n, str) for n in names) and len(set(names)) == len(names), "column names")
    columns = {}
    _expect(isinstance(blocks, tuple), "blocks")
    for block in blocks:
        _expect(isinstance(block, _Block) and len(block.arguments) == 3, "block")
        rows = _rows(block.arguments[0])
        for place, values in zip(_places(block.arguments[1], len(rows)), rows):
            _expect(0 <= place < len(names) and names[place] not in columns, "placement")
            columns[names[place]] = values
    _expect(len(columns) == len(names) and len({len(c) for c in columns.values()}) <= 1, "columns")
    return {name: columns[name] for name in names}
