"""Reads pickles of plain data without Python's own unpickler: nothing that a file names is imported or called.

A pickle is a program for a small stack machine. This module is such a machine for the part that plain data needs:
numbers, text, bytes, lists, tuples, dicts, sets, and the names of ALLOWED, each of which makes a record defined here.
Any other name or instruction is refused. Lengths are checked before anything is made; there is no recursion.

    load(raw)          # dicts, lists, tuples, numbers; numpy scalars as numbers, OrderedDict as dict
    load_torch(raw)    # the plain data in an archive that torch.save wrote
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from nasatlas.importing.faults import RefusedPickle

LARGEST = 64 << 20
MOST_OPERATIONS = 16_000_000
LONGEST_KEY_TUPLE = 16
NEXT_STEP = "compare its SHA-256 with the published file, and fetch it again"


class Record:
    """An object that the pickle makes from an allowed name: its arguments and its state."""

    __slots__ = ("arguments", "state")

    def __init__(self, *arguments: Any) -> None:
        self.arguments = arguments
        self.state: Any = None


class Dtype(Record):
    """numpy.dtype: its code such as "f8", and byte order in its state."""

    __slots__ = ()

    def layout(self) -> str:
        """The `struct` form of one element; raises RefusedPickle for other types than plain numbers."""
        code = self.arguments[0] if self.arguments else None
        order = self.state[1] if isinstance(self.state, tuple) and len(self.state) > 1 else "<"
        if not isinstance(code, str) or code not in ELEMENTS or order not in ("<", ">", "|", "="):
            raise RefusedPickle(f"unsupported element type {code!r} with byte order {order!r}; allowed: "
                                f"{', '.join(ELEMENTS)}", NEXT_STEP)
        return (">" if order == ">" else "<") + ELEMENTS[code]


ELEMENTS = {"f8": "d", "f4": "f", "f2": "e", "i8": "q", "i4": "i", "i2": "h", "i1": "b",
            "u8": "Q", "u4": "I", "u2": "H", "u1": "B", "b1": "?"}


class Name:
    """An allowed name on the stack; only a call makes an object from it."""

    __slots__ = ("make", "name")

    def __init__(self, name: str, make: Callable[..., Any]) -> None:
        self.name = name
        self.make = make


def _scalar(dtype: Any, data: Any = b"") -> int | float:
    if not isinstance(dtype, Dtype) or not isinstance(data, bytes):
        raise RefusedPickle("a numpy scalar does not consist of an element type and bytes", NEXT_STEP)
    return struct.unpack(dtype.layout(), data)[0]


def _ordered(pairs: Any = ()) -> dict[Any, Any]:
    if not isinstance(pairs, (list, tuple)) or not all(isinstance(p, (list, tuple)) and len(p) == 2 for p in pairs):
        raise RefusedPickle("an OrderedDict does not consist of pairs", NEXT_STEP)
    return {_key(key): value for key, value in pairs}


def _latin1_bytes(text: Any, encoding: Any) -> bytes:
    if not isinstance(text, str) or encoding != "latin1":
        raise RefusedPickle(f"bytes have the encoding {str(encoding)[:40]!r}; allowed: latin1", NEXT_STEP)
    return text.encode("latin1")


ALLOWED: dict[str, Callable[..., Any]] = {
    "collections.OrderedDict": _ordered,
    "_codecs.encode": _latin1_bytes,
    "numpy.dtype": Dtype,
    "numpy.core.multiarray.scalar": _scalar,
    "numpy._core.multiarray.scalar": _scalar,
}


def _key(value: Any) -> Any:
    """The value if it may be a key: a scalar, or a short tuple of scalars, so that hashing it is quick."""
    kind = type(value)
    if kind is str or kind is float or kind is bool or kind is bytes or value is None:
        return value
    if kind is int and value.bit_length() <= 64:
        return value
    if kind is tuple and len(value) <= LONGEST_KEY_TUPLE:
        for part in value:
            if type(part) is tuple:
                break
            _key(part)
        else:
            return value
    raise RefusedPickle(f"a {kind.__name__} cannot be a key; a key must be short and plain", NEXT_STEP)


_FLOATS = re.compile(rb"(?:G[\x00-\xff]{8}){1,1024}")
"""Floats that follow each other, in bounded numbers: each repetition takes memory until the match ends."""
_UINT32 = struct.Struct("<I")


class _Machine:
    def __init__(self, raw: bytes, allowed: Mapping[str, Callable[..., Any]]) -> None:
        self.raw = raw
        self.allowed = allowed
        self.at = 0
        self.stack: list[Any] = []
        self.marked: list[list[Any]] = []
        self.memo: dict[int, Any] = {}

    def run(self) -> Any:
        raw, table = self.raw, _OPERATIONS
        for _ in range(MOST_OPERATIONS):
            code = raw[self.at]
            self.at += 1
            if code == 0x2E:  # STOP
                if len(self.stack) != 1 or self.marked:
                    raise RefusedPickle("the pickle ends before its last object is complete", NEXT_STEP)
                return self.stack[0]
            operation = table[code]
            if operation is None:
                what = REFUSED.get(code, "is unknown")
                raise RefusedPickle(f"instruction {bytes([code])!r} at byte {self.at - 1} {what}; nothing was run",
                                    NEXT_STEP)
            operation(self)
        raise RefusedPickle(f"the pickle has more than {MOST_OPERATIONS} instructions", NEXT_STEP)

    def take(self, length: int) -> bytes:
        end = self.at + length
        if end > len(self.raw):
            raise RefusedPickle(f"byte {self.at} announces {length} bytes; the pickle has {len(self.raw) - self.at}",
                                NEXT_STEP)
        taken = self.raw[self.at:end]
        self.at = end
        return taken

    def line(self, encoding: str = "utf-8") -> str:
        end = self.raw.find(b"\n", self.at)
        if end < 0:
            raise RefusedPickle(f"the line at byte {self.at} has no end", NEXT_STEP)
        return self.take(end + 1 - self.at)[:-1].decode(encoding)

    def number(self, width: int) -> int:
        return int.from_bytes(self.take(width), "little")

    def mark(self) -> None:
        self.marked.append(self.stack)
        self.stack = []

    def unmark(self) -> list[Any]:
        items = self.stack
        self.stack = self.marked.pop()
        return items

    def push(self, value: Any) -> None:
        self.stack.append(value)

    # Values

    def floats(self) -> None:
        start = self.at - 1
        run = _FLOATS.match(self.raw, start)
        if run is None:
            raise RefusedPickle(f"the number at byte {start} is truncated", NEXT_STEP)
        self.at = run.end()
        self.stack.extend(struct.unpack(">" + "xd" * ((self.at - start) // 9), run.group()))

    def byte(self) -> None:
        self.stack.append(self.raw[self.at])
        self.at += 1

    def text_number(self) -> None:
        text = self.line()
        self.push({"00": False, "01": True}[text] if text in ("00", "01") else int(text.removesuffix("L")))

    def text_float(self) -> None:
        self.push(float(self.line()))

    def text_unicode(self) -> None:
        self.push(self.line("raw_unicode_escape"))

    def text(self, width: int) -> None:
        self.push(self.take(self.number(width)).decode("utf-8", "surrogatepass"))

    def bytes(self, width: int) -> None:
        self.push(self.take(self.number(width)))

    def old_text(self, width: int) -> None:
        self.push(self.take(self.number(width)).decode("ascii"))

    def long(self, width: int) -> None:
        self.push(int.from_bytes(self.take(self.number(width)), "little", signed=True))

    # Containers

    def tuple_of_marked(self) -> None:
        items = self.unmark()
        self.push(tuple(items))

    def tuple_of(self, length: int) -> None:
        if len(self.stack) < length:
            raise RefusedPickle("a tuple needs more values than there are", NEXT_STEP)
        self.stack[-length:] = [tuple(self.stack[-length:])]

    def list_of_marked(self) -> None:
        items = self.unmark()
        self.push(items)

    def dict_of_marked(self) -> None:
        items = self.unmark()
        self.push({})
        self.fill(items)

    def fill(self, items: list[Any]) -> None:
        target = self.stack[-1]
        if type(target) is not dict or len(items) % 2:
            raise RefusedPickle("the pickle adds values to an object that is not a dict, or not in pairs", NEXT_STEP)
        for key, value in zip(items[::2], items[1::2]):
            target[key if type(key) is str else _key(key)] = value

    def extend(self, items: list[Any]) -> None:
        target = self.stack[-1]
        if type(target) is not list:
            raise RefusedPickle(f"the pickle adds values to a {type(target).__name__}; allowed: a list", NEXT_STEP)
        target.extend(items)

    def add(self, items: list[Any]) -> None:
        if type(self.stack[-1]) is not set:
            raise RefusedPickle("the pickle adds members to an object that is not a set", NEXT_STEP)
        self.stack[-1].update(map(_key, items))

    def last(self, count: int) -> list[Any]:
        items = [self.stack.pop() for _ in range(count)]
        items.reverse()
        return items

    # Memo

    def memoize(self) -> None:
        self.memo[len(self.memo)] = self.stack[-1]

    def put(self, place: int) -> None:
        self.memo[place] = self.stack[-1]

    def put_word(self) -> None:
        self.memo[_UINT32.unpack_from(self.raw, self.at)[0]] = self.stack[-1]
        self.at += 4

    def get(self, place: int) -> None:
        self.stack.append(self.memo[place])

    def get_byte(self) -> None:
        self.stack.append(self.memo[self.raw[self.at]])
        self.at += 1

    def get_word(self) -> None:
        self.stack.append(self.memo[_UINT32.unpack_from(self.raw, self.at)[0]])
        self.at += 4

    # Names

    def name(self, module: Any, name: Any) -> None:
        if not isinstance(module, str) or not isinstance(name, str):
            raise RefusedPickle("a name is not text; nothing was run", NEXT_STEP)
        dotted = f"{module}.{name}"
        make = self.allowed.get(dotted)
        if make is None:
            raise RefusedPickle(f"the pickle names {dotted[:200]}, which plain data does not need; nothing was run",
                                "do not open this file with another reader")
        self.push(Name(dotted, make))

    def stacked_name(self) -> None:
        module, name = self.last(2)
        self.name(module, name)

    def call(self) -> None:
        name, arguments = self.last(2)
        if type(name) is not Name or type(arguments) is not tuple:
            raise RefusedPickle("the pickle calls an object that is not an allowed name; nothing was run", NEXT_STEP)
        self.push(name.make(*arguments))

    def build(self) -> None:
        target, state = self.last(2)
        if not isinstance(target, Record):
            raise RefusedPickle(f"the pickle sets attributes of a {type(target).__name__}; nothing was run", NEXT_STEP)
        target.state = state
        self.push(target)


REFUSED = {0x50: "refers to an object outside the file", 0x51: "refers to an object outside the file",
           0x69: "makes an instance of a class", 0x6F: "makes an instance of a class",
           0x92: "makes an instance of a class", 0x82: "refers to a registered extension",
           0x83: "refers to a registered extension", 0x84: "refers to a registered extension",
           0x97: "refers to a buffer outside the file", 0x98: "refers to a buffer outside the file"}

_OPERATIONS: list[Callable[[_Machine], None] | None] = [None] * 256
for _codes, _operation in {
    b"\x80": lambda m: m.take(1), b"\x95": lambda m: m.take(8),  # PROTO, FRAME: nothing to do
    b"(": _Machine.mark,
    b"0": lambda m: m.stack.pop(), b"1": lambda m: m.unmark(), b"2": lambda m: m.push(m.stack[-1]),
    b"N": lambda m: m.push(None), b"\x88": lambda m: m.push(True), b"\x89": lambda m: m.push(False),
    b"I": _Machine.text_number, b"L": _Machine.text_number, b"F": _Machine.text_float,
    b"V": _Machine.text_unicode, b"G": _Machine.floats,
    b"K": _Machine.byte, b"M": lambda m: m.push(m.number(2)),
    b"J": lambda m: m.push(int.from_bytes(m.take(4), "little", signed=True)),
    b"\x8a": lambda m: m.long(1), b"\x8b": lambda m: m.long(4),
    b"\x8c": lambda m: m.text(1), b"X": lambda m: m.text(4), b"\x8d": lambda m: m.text(8),
    b"U": lambda m: m.old_text(1), b"T": lambda m: m.old_text(4),
    b"C": lambda m: m.bytes(1), b"B": lambda m: m.bytes(4), b"\x8e": lambda m: m.bytes(8),
    b"\x96": lambda m: m.bytes(8),  # BYTEARRAY8: nobody changes it here
    b"]": lambda m: m.push([]), b"}": lambda m: m.push({}), b")": lambda m: m.push(()),
    b"\x8f": lambda m: m.push(set()),
    b"t": _Machine.tuple_of_marked, b"l": _Machine.list_of_marked, b"d": _Machine.dict_of_marked,
    b"\x85": lambda m: m.tuple_of(1), b"\x86": lambda m: m.tuple_of(2), b"\x87": lambda m: m.tuple_of(3),
    b"a": lambda m: m.extend(m.last(1)), b"e": lambda m: m.extend(m.unmark()),
    b"s": lambda m: m.fill(m.last(2)), b"u": lambda m: m.fill(m.unmark()), b"\x90": lambda m: m.add(m.unmark()),
    b"\x94": _Machine.memoize, b"q": lambda m: m.put(m.number(1)), b"r": _Machine.put_word,
    b"p": lambda m: m.put(int(m.line())),
    b"h": _Machine.get_byte, b"j": _Machine.get_word, b"g": lambda m: m.get(int(m.line())),
    b"c": lambda m: m.name(m.line(), m.line()), b"\x93": _Machine.stacked_name,
    b"R": _Machine.call, b"\x81": _Machine.call, b"b": _Machine.build,
}.items():
    _OPERATIONS[_codes[0]] = _operation


def load(raw: bytes, allowed: Mapping[str, Callable[..., Any]] = ALLOWED, largest: int = LARGEST) -> Any:
    """The plain data of the pickle; raises RefusedPickle for broken pickles and for other data."""
    if len(raw) > largest:
        raise RefusedPickle(f"the pickle has {len(raw)} bytes, more than {largest}", NEXT_STEP)
    machine = _Machine(raw, allowed)
    try:
        return machine.run()
    except (IndexError, KeyError, ValueError, TypeError, OverflowError, struct.error) as error:
        raise RefusedPickle(f"the pickle is broken near byte {machine.at}: {type(error).__name__}: {error}",
                            NEXT_STEP) from None


def load_torch(raw: bytes, largest: int = LARGEST) -> Any:
    """The plain data in an archive of torch.save; tensors are outside its pickle and are refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = [n for n in archive.namelist() if n.endswith("/data.pkl") or n == "data.pkl"]
            if len(names) != 1:
                raise RefusedPickle(f"the archive contains {len(names)} files data.pkl; allowed: one", NEXT_STEP)
            with archive.open(names[0]) as stream:
                pickled = stream.read(largest + 1)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise RefusedPickle(f"the file is not an archive of torch.save: {error}", NEXT_STEP) from None
    return load(pickled, largest=largest)
