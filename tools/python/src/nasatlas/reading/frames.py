"""Frames: 64-bit floats packed without loss, as docs/file-format.md defines them."""

from __future__ import annotations

import zlib
from typing import NamedTuple

import numpy as np

LONGEST = 4_194_304
"""The largest number of values of a frame."""


class FrameFault(ValueError):
    """Bytes that are not a valid frame."""


class Frame(NamedTuple):
    """Values of shape (n,), NaN where absent; `present` is None where all are present; `lengths` (pieces,) sum to n."""

    values: np.ndarray
    present: np.ndarray | None
    lengths: np.ndarray


def decode(data: bytes) -> Frame:
    """The values of a frame. Any bytes give a frame or raise FrameFault."""
    try:
        return _decode(data)
    except (IndexError, zlib.error, ValueError, OverflowError) as error:
        raise error if isinstance(error, FrameFault) else FrameFault(str(error)) from error


def _decode(data: bytes) -> Frame:
    at = 1

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value
            if shift > 63:
                raise FrameFault("a number is too long")

    flags = data[0]
    kind, has_steps, has_absent = flags & 3, bool(flags & 4), bool(flags & 8)
    if kind == 0 or kind != 1 and flags & 0x84:
        raise FrameFault("its kind is unknown")
    count = varint()
    if count > LONGEST:
        raise FrameFault(f"{count} values are too many")
    lengths = np.array([count], dtype=np.int64)
    if flags & 16:
        length = varint()
        if length == 0 or count % length:
            raise FrameFault("its pieces do not fit its values")
        lengths = np.full(count // length, length, dtype=np.int64)
    elif flags & 32:
        pieces = varint()
        if pieces > LONGEST:
            raise FrameFault(f"{pieces} pieces are too many")
        lengths = np.array([varint() for _ in range(pieces)], dtype=np.int64)
        if int(lengths.sum()) != count:
            raise FrameFault("its pieces do not fit its values")

    bits, digits, unit, base = {2: 32, 3: 64}.get(kind, 0), 0, 1, 0
    if kind == 1:
        bits, digits = data[at], data[at + 1]
        at += 2
        unit = varint()
        if not has_steps:
            zigzag = varint()
            base = (zigzag >> 1) ^ -(zigzag & 1)
        if bits > 64 or digits > 15 or not 1 <= unit <= 1 << 53:
            raise FrameFault("its decimals are out of range")
    raw = data[at]
    at += 1

    rest = bits % 8
    widths = [8] * (bits // 8) + ([] if rest == 0 else [{1: 1, 2: 2, 3: 4, 4: 4}.get(rest, 8)])
    sizes = [(bool(raw >> plane & 1), (count * width + 7) // 8) for plane, width in enumerate(widths)]
    if has_absent:
        sizes.insert(0, (bool(flags & 64), (count + 7) // 8))
    end_of_raw = at + sum(size for is_raw, size in sizes if is_raw)
    packed_bytes = sum(size for is_raw, size in sizes if not is_raw)
    if len(data) < end_of_raw:
        raise FrameFault("it is too short")
    packed = b""
    if packed_bytes:
        inflater = zlib.decompressobj(-15)
        packed = inflater.decompress(data[end_of_raw:], packed_bytes + 1)
        if not inflater.eof or inflater.unused_data:
            raise FrameFault("its planes do not end where they should")
    elif len(data) != end_of_raw:
        raise FrameFault("bytes follow its planes")
    if len(packed) != packed_bytes:
        raise FrameFault("its planes are too short or too long")

    places = {True: at, False: 0}
    planes = []
    for is_raw, size in sizes:
        place = places[is_raw]
        planes.append(np.frombuffer(data if is_raw else packed, dtype=np.uint8, count=size, offset=place))
        places[is_raw] = place + size

    present = None
    if has_absent:
        present = np.unpackbits(planes.pop(0), count=count, bitorder="little").astype(bool)
    residuals = np.zeros(count, dtype=np.uint64)
    for number, (plane, width) in enumerate(zip(planes, widths)):
        residuals |= _unpacked(plane, width, count).astype(np.uint64) << np.uint64(8 * number)

    if kind == 1:
        if has_steps:
            mantissas = _summed(residuals, lengths)
        else:
            mantissas = residuals.view(np.int64) + np.int64(base)
        values = (mantissas * np.int64(unit)).astype(np.float64) / float(10**digits)
    elif kind == 2:
        values = _widened(residuals.astype(np.uint32))
    else:
        values = residuals.view(np.float64)
    if present is not None:
        values = np.where(present, values, np.nan)
    return Frame(values, present, lengths)


def _unpacked(plane: np.ndarray, width: int, count: int) -> np.ndarray:
    """The `count` numbers of `width` bits, 1, 2, 4 or 8, the lowest bits of a byte first."""
    if width == 8:
        return plane
    parts = [plane >> shift & (1 << width) - 1 for shift in range(0, 8, width)]
    return np.stack(parts, axis=1).reshape(-1)[:count]


def _summed(zigzags: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Mantissas from steps. In a piece a step counts from the previous value; the first step of a piece counts from the
    first value of the previous piece."""
    steps = (zigzags >> np.uint64(1)).view(np.int64) ^ -(zigzags & np.uint64(1)).view(np.int64)
    lengths = lengths[lengths > 0]
    if not len(lengths):
        return steps
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    firsts = np.cumsum(steps[starts])
    running = np.cumsum(steps)
    return running + np.repeat(firsts - running[starts], lengths)


def _widened(bits: np.ndarray) -> np.ndarray:
    """32-bit floats as 64-bit ones; a NaN keeps its sign and its bits, which a conversion might change."""
    values = bits.view(np.float32).astype(np.float64)
    odd = (bits & np.uint32(0x7FFFFFFF)) > np.uint32(0x7F800000)
    if odd.any():
        found = bits[odd].astype(np.uint64)
        wide = found >> np.uint64(31) << np.uint64(63) | np.uint64(0x7FF << 52)
        values[odd] = (wide | (found & np.uint64(0x7FFFFF)) << np.uint64(29)).view(np.float64)
    return values
