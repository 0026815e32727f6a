"""What event records say, read from their bytes: a protocol buffer walker that trusts no length and never recurses.

Reference: Protocol Buffers, Encoding; TensorFlow, event.proto, summary.proto, tensor.proto, histogram.proto.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

MOST_FIELDS = 20_000  # of one message
MOST_NUMBERS = 100_000  # of one tensor or histogram
MOST_SIDES = 8  # of one tensor

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5  # wire types

_FLOAT, _DOUBLE = 1, 2
_DTYPES = {_FLOAT: "<f4", _DOUBLE: "<f8", 3: "<i4", 9: "<i8", 19: "<f2"}
_TYPED_FIELDS = {_FLOAT: 5, _DOUBLE: 6}  # float_val, double_val
_SESSION_START = 1
_OLD_KINDS = {4: "images", 6: "audio"}  # fields of a value


class MalformedError(ValueError):
    """Bytes that are not the message they should be."""


class Field(NamedTuple):
    """Where one field of a message is: its number, wire type, and the bytes of its content."""

    number: int
    kind: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """Where the numbers of a tensor are: one after the other from an offset, of a numpy dtype."""

    dtype: str
    offset: int
    count: int
    shape: tuple[int, ...]

    @property
    def total(self) -> int:
        """How many numbers the shape asks for."""
        return math.prod(self.shape)

    def read(self, data: bytes) -> np.ndarray:
        """The numbers as float64, in the tensor's shape."""
        flat = np.frombuffer(data, self.dtype, min(self.count, self.total), self.offset).astype(np.float64)
        missing = self.total - flat.size
        if missing:  # the last number stands for them
            flat = np.pad(flat, (0, missing), mode="edge" if flat.size else "constant")
        return flat.reshape(self.shape)


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a summary.

    Attributes:
        tag: its name, as it was written.
        plugin: what the writer says the value is for ("scalars", "histograms", "text"); mostly only said once per tag.
        numbers: of a `simple_value` or of a tensor of numbers; None where the value is something else.
        simple: whether it is a `simple_value`.
        histogram: where the message of an old-style histogram is, or None.
        kind: what an old-style value is where it is neither ("images", "audio"); empty where it is not told so.
    """

    tag: bytes
    plugin: bytes
    numbers: Numbers | None = None
    simple: bool = False
    histogram: tuple[int, int] | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One record.

    Attributes:
        wall: where the time is (float64, seconds since 1970), or None.
        step: first and last byte (exclusive) of the step, a varint; equal where it is not written, which means 0.
        starts_session: whether a session begins here: what was logged from this step on is void.
        values: of the summary; empty where the record is something else.
        has_graph: whether it holds a network's graph.
    """

    wall: int | None
    step: tuple[int, int]
    starts_session: bool
    values: tuple[Value, ...]
    has_graph: bool = False


def parse_event(data: bytes) -> Event:
    """Where everything is in a record.

    Raises:
        MalformedError: if it is not an event.
    """
    wall, step, starts_session, has_graph = None, (0, 0), False, False
    values: list[Value] = []
    for number, kind, start, end in parse_fields(data, 0, len(data)):
        if (number, kind) == (1, FIXED64):
            wall = start
        elif (number, kind) == (2, VARINT):
            step = start, end
        elif (number, kind) == (4, BYTES):
            has_graph = True
        elif (number, kind) == (5, BYTES):
            values += [
                _parse_value(data, field)
                for field in parse_fields(data, start, end)
                if field[:2] == (1, BYTES)
            ]
        elif (number, kind) == (7, BYTES):
            status = [field for field in parse_fields(data, start, end) if field[:2] == (1, VARINT)]
            starts_session = bool(status) and parse_varint(data, *status[-1][2:])[0] == _SESSION_START
    return Event(wall, step, starts_session, tuple(values), has_graph)


def parse_fields(data: bytes, start: int, end: int) -> list[Field]:
    """The fields of the message between two offsets, in order.

    Raises:
        MalformedError: if one reaches beyond the end, is of an unknown kind, or there are too many.
    """
    fields: list[Field] = []
    while start < end:
        key, start = parse_varint(data, start, end)
        kind, content = key & 7, start
        if kind == BYTES:
            length, content = parse_varint(data, start, end)
            start = content + length
        elif kind == VARINT:
            start = parse_varint(data, start, end)[1]
        elif kind in (FIXED64, FIXED32):
            start += 8 if kind == FIXED64 else 4
        else:
            raise MalformedError(f"a field of the unknown kind {kind}")
        if start > end or len(fields) == MOST_FIELDS:
            raise MalformedError("a field that ends beyond its message, or too many of them")
        fields.append(Field(key >> 3, kind, content, start))
    return fields


def parse_varint(data: bytes, start: int, end: int) -> tuple[int, int]:
    """The unsigned 64-bit number at an offset, and the offset behind it.

    Raises:
        MalformedError: if it does not end before the end, or within ten bytes.
    """
    number = 0
    for shift, position in enumerate(range(start, min(end, start + 10))):
        byte = data[position]
        number |= (byte & 0x7F) << 7 * shift
        if byte < 0x80:
            return number & 0xFFFFFFFFFFFFFFFF, position + 1
    raise MalformedError("a number that does not end")


def to_signed(number: int) -> int:
    """An int64 that was written as an unsigned number."""
    return number - (1 << 64) if number >> 63 else number


def parse_buckets(data: bytes, start: int, end: int) -> np.ndarray:
    """An old-style histogram as the new style has it: (n, 3) left edge, right edge, count.

    Its outermost limits can be the largest numbers there are; as in TensorBoard the empty buckets at both ends go
    and the smallest and largest value seen take the place of what remains.

    Raises:
        MalformedError: if edges and counts do not fit each other.
    """
    fields = parse_fields(data, start, end)
    limits, counts = _parse_doubles(data, fields, 6), _parse_doubles(data, fields, 7)
    if limits.size != counts.size:
        raise MalformedError("a histogram with more edges than counts, or fewer")
    filled = np.flatnonzero(counts > 0)
    if not filled.size:
        return np.zeros((0, 3))
    first, last = filled[0], filled[-1]
    smallest, largest = (_parse_doubles(data, fields, number)[-1:] for number in (1, 2))
    zero = np.zeros(1)
    lefts = np.concatenate([smallest if smallest.size else zero, limits[first:last]])
    rights = np.concatenate([limits[first:last], largest if largest.size else zero])
    return np.stack([lefts, rights, counts[first : last + 1]], axis=1)


def _parse_doubles(data: bytes, fields: list[Field], number: int) -> np.ndarray:
    """The float64 numbers of a repeated field, packed or not."""
    parts = [
        data[field.start : field.end]
        for field in fields
        if field.number == number and field.kind in (FIXED64, BYTES)
    ]
    content = b"".join(parts)
    if len(content) % 8 or len(content) > 8 * MOST_NUMBERS:
        raise MalformedError("numbers that are cut off, or too many of them")
    return np.frombuffer(content, "<f8")


def _parse_value(data: bytes, message: Field) -> Value:
    """One value of a summary."""
    tag, node, plugin, other = b"", b"", b"", ""
    numbers, simple, histogram = None, False, None
    for number, kind, start, end in parse_fields(data, message.start, message.end):
        if (number, kind) == (1, BYTES):
            tag = data[start:end]
        elif (number, kind) == (7, BYTES):
            node = data[start:end]
        elif (number, kind) == (9, BYTES):
            plugin = _parse_plugin(data, start, end)
        elif (number, kind) == (2, FIXED32):
            numbers, simple = Numbers("<f4", start, 1, ()), True
        elif (number, kind) == (5, BYTES):
            histogram = start, end
        elif (number, kind) == (8, BYTES):
            numbers = _parse_tensor(data, start, end)
        elif kind == BYTES:
            other = _OLD_KINDS.get(number, other)
    return Value(tag or node, plugin, numbers, simple, histogram, other)


def _parse_plugin(data: bytes, start: int, end: int) -> bytes:
    """The plugin's name in the metadata of a summary."""
    for outer in parse_fields(data, start, end):
        if outer[:2] == (1, BYTES):
            for inner in parse_fields(data, outer.start, outer.end):
                if inner[:2] == (1, BYTES):
                    return data[inner.start : inner.end]
    return b""


def _parse_tensor(data: bytes, start: int, end: int) -> Numbers | None:
    """Where a tensor's numbers are; None where it holds too many, or is of a dtype that is not read here."""
    fields = parse_fields(data, start, end)
    kind = sum(parse_varint(data, field.start, field.end)[0] for field in fields if field[:2] == (1, VARINT))
    shape = tuple(side for field in fields if field[:2] == (2, BYTES) for side in _parse_sides(data, field))
    if kind not in _DTYPES or len(shape) > MOST_SIDES or max(shape, default=0) > MOST_NUMBERS:
        return None
    typed = _TYPED_FIELDS.get(kind)
    places = [field for field in fields if field.number in (typed, 4) and field.kind != VARINT]
    if len(places) > 1 or math.prod(shape) > MOST_NUMBERS:
        return None
    if not places:
        return Numbers(_DTYPES[kind], 0, 0, shape)
    count, rest = divmod(places[0].end - places[0].start, np.dtype(_DTYPES[kind]).itemsize)
    return None if rest else Numbers(_DTYPES[kind], places[0].start, count, shape)


def _parse_sides(data: bytes, message: Field) -> list[int]:
    """The sides of a tensor, at least 0 each."""
    sides = []
    for dimension in parse_fields(data, message.start, message.end):
        if dimension[:2] == (2, BYTES):
            inner = parse_fields(data, dimension.start, dimension.end)
            size = next(
                (
                    parse_varint(data, field.start, field.end)[0]
                    for field in inner
                    if field[:2] == (1, VARINT)
                ),
                0,
            )
            sides.append(max(0, to_signed(size)))
    return sides
