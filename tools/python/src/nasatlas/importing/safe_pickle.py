"""Reads a pickled pandas DataFrame without executing anything that the file names.

A pickle is a program. Here only the few names that a DataFrame of numbers and text needs are known, and each is mapped
to a record-building function of this file; any other name is refused before anything is called. pandas and numpy are
not needed and not imported.

    frame = load_frame(raw_bytes)     # {"column": [value, ...], ...}, columns in the order of the file
"""

import array
import io
import pickle
import sys

from nasatlas.importing.faults import RefusedPickle


class _Record:
    """Any object of the file: what it was built from, and the state given to it afterwards."""

    def __init__(self, *arguments):
        self.arguments = arguments
        self.state = None

    def __setstate__(self, state):
        self.state = state


class _Dtype(_Record):
    pass


class _Array(_Record):
    pass


class _Block(_Record):
    pass


class _Blocks(_Record):
    pass


class _Frame(_Record):
    pass


class _IndexKind(_Record):
    pass


class _RangeKind(_Record):
    pass


class _Slice(_Record):
    pass


class _Index(_Record):
    pass


def _buffer(data, dtype, shape, order):
    made = _Array()
    made.__setstate__((1, shape, dtype, order == "F", data))
    return made


def _empty_array(kind, shape, code):
    return _Array()


_ALLOWED = {
    ("builtins", "slice"): _Slice,
    ("numpy", "dtype"): _Dtype,
    ("numpy", "ndarray"): _Array,
    ("pandas.core.frame", "DataFrame"): _Frame,
    ("pandas.core.indexes.base", "Index"): _IndexKind,
    ("pandas.core.indexes.base", "_new_Index"): _Index,
    ("pandas.core.indexes.range", "RangeIndex"): _RangeKind,
    ("pandas.core.internals.managers", "BlockManager"): _Blocks,
    ("pandas._libs.internals", "_unpickle_block"): _Block,
}
for _core in ("numpy.core", "numpy._core"):
    _ALLOWED[(_core + ".numeric", "_frombuffer")] = _buffer
    _ALLOWED[(_core + ".multiarray", "_reconstruct")] = _empty_array


class _InertUnpickler(pickle.Unpickler):
    def find_class(self, module, name):
        try:
            return _ALLOWED[(module, name)]
        except KeyError:
            raise RefusedPickle(f"the pickle names {module}.{name}, which no table needs; nothing was run") from None

    def persistent_load(self, identifier):
        raise RefusedPickle("the pickle refers to an object outside itself; nothing was run")


def _expect(condition, what):
    if not condition:
        raise RefusedPickle(f"the pickle is not a plain table: {what}")


def _rows(values):
    """The rows of a two-dimensional array as lists."""
    _expect(isinstance(values, _Array) and isinstance(values.state, tuple) and len(values.state) == 5, "array")
    _, shape, dtype, column_major, data = values.state
    _expect(isinstance(shape, tuple) and 1 <= len(shape) <= 2 and all(isinstance(s, int) and s >= 0 for s in shape),
            "array shape")
    rows, width = shape if len(shape) == 2 else (1, shape[0])
    _expect(isinstance(dtype, _Dtype) and dtype.arguments, "element type")
    code = dtype.arguments[0]
    if code in ("f8", "i8"):
        _expect(isinstance(data, (bytes, bytearray)), "array bytes")
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


def _places(where, count):
    if isinstance(where, _Slice):
        _expect(len(where.arguments) == 3 and all(isinstance(a, int) for a in where.arguments), "placement")
        places = list(range(*where.arguments))
    else:
        places = _rows(where)[0]
    _expect(len(places) == count and all(isinstance(p, int) for p in places), "placement")
    return places


def load_frame(raw):
    """The columns of the pickled frame by name; RefusedPickle for anything that is not a plain table."""
    try:
        frame = _InertUnpickler(io.BytesIO(raw)).load()
    except RefusedPickle:
        raise
    except Exception as error:
        raise RefusedPickle(f"the pickle cannot be read: {type(error).__name__}: {error}") from None
    _expect(isinstance(frame, _Frame) and isinstance(frame.state, dict), "no frame")
    manager = frame.state.get("_mgr")
    _expect(isinstance(manager, _Blocks) and len(manager.arguments) == 2, "no blocks")
    blocks, axes = manager.arguments
    _expect(isinstance(axes, list) and len(axes) == 2 and isinstance(axes[0], _Index), "axes")
    kind, content = axes[0].arguments
    _expect(kind is _IndexKind and isinstance(content, dict), "column names")
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
