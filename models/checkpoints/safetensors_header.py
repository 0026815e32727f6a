"""The head of a safetensors file, believed only after every number in it was checked; and such files written.

The format is an unsigned 64-bit length, that much JSON which names each tensor's dtype, shape and place, and the
tensors' bytes behind each other without a gap.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.checkpoints.limits import CUT_SHORT, FEWER, LIMITS, Limits, RefusalError

# Name of a dtype -> bytes of one number.
DTYPES = {
    "F64": 8,
    "F32": 4,
    "F16": 2,
    "BF16": 2,
    "F8_E4M3": 1,
    "F8_E4M3FNUZ": 1,
    "F8_E5M2": 1,
    "F8_E5M2FNUZ": 1,
    "C64": 8,
    "I64": 8,
    "I32": 4,
    "I16": 2,
    "I8": 1,
    "U64": 8,
    "U32": 4,
    "U16": 2,
    "U8": 1,
    "BOOL": 1,
}
LENGTH = 8
METADATA = "__metadata__"
BROKEN = "is a damaged safetensors file: its header"


@dataclass(frozen=True)
class Entry:
    """One tensor of a file.

    Attributes:
        dtype: as safetensors names it.
        shape: sizes of its dimensions; empty for a single number.
        start: of its bytes, behind the header.
        end: of its bytes, exclusive.
    """

    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Header:
    """What a file says of its tensors.

    Attributes:
        entries: name -> tensor.
        metadata: text -> text, as whoever wrote the file likes.
    """

    entries: Mapping[str, Entry]
    metadata: Mapping[str, str]

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Name -> shape."""
        return {name: entry.shape for name, entry in self.entries.items()}


def read(path: Path, limits: Limits = LIMITS) -> Header:
    """The head of a file, in which every tensor lies inside the file and none over another.

    Raises:
        RefusalError: if it is no such file, or beyond the limits.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(LENGTH), "little")
        if length > limits.max_header:
            raise RefusalError(f"{BROKEN} would be longer than any that is read here; {CUT_SHORT}")
        if size < LENGTH + length:
            raise RefusalError(f"is cut short within its header; {CUT_SHORT}")
        text = file.read(length)
    content = _parse_json(text)
    metadata = content.pop(METADATA, {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise RefusalError(f"{BROKEN} holds notes that are no text; {CUT_SHORT}")
    if not content:
        raise RefusalError("holds no tensors; drop a checkpoint that does")
    if len(content) > limits.max_tensors:
        raise RefusalError(f"holds more than {limits.tensors}; {FEWER}")
    entries = {name: _entry(name, fields, limits) for name, fields in content.items()}
    if sum(math.prod(entry.shape) for entry in entries.values()) > limits.max_elements:
        raise RefusalError(f"holds more than {limits.elements}; {FEWER}")
    _check_places(entries, size - LENGTH - length)
    return Header(entries, metadata)


def _parse_json(text: bytes) -> dict[str, Any]:
    try:
        content = json.loads(text, object_pairs_hook=_refuse_duplicates)
    except (ValueError, RecursionError):
        raise RefusalError(f"{BROKEN} cannot be read; {CUT_SHORT}") from None
    if not isinstance(content, dict):
        raise RefusalError(f"{BROKEN} cannot be read; {CUT_SHORT}")
    return content


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) < len(pairs):
        raise RefusalError(f"{BROKEN} names a tensor twice; {CUT_SHORT}")
    return unique


def _entry(name: str, fields: Any, limits: Limits) -> Entry:
    check_name(name, limits)
    match fields:
        case {"dtype": str(dtype), "shape": [*shape], "data_offsets": [int(start), int(end)], **rest}:
            sizes = all(type(size) is int and 0 <= size <= limits.max_elements for size in shape)
        case _:
            raise RefusalError(f"{BROKEN} does not say where its tensors are; {CUT_SHORT}")
    if rest or not sizes or not 0 <= start <= end:
        raise RefusalError(f"{BROKEN} does not say where its tensors are; {CUT_SHORT}")
    if dtype not in DTYPES:
        raise RefusalError(
            f"holds numbers of a type that is not read here ({dtype[:20]}); save it in float32 or float16"
        )
    check_shape(shape, limits)
    if math.prod(shape) * DTYPES[dtype] != end - start:
        raise RefusalError(f"{BROKEN} gives a tensor another size than its shape has; {CUT_SHORT}")
    return Entry(dtype, tuple(shape), start, end)


def check_name(name: str, limits: Limits = LIMITS) -> None:
    """Raise RefusalError for a tensor's name that is none, or too long to be shown."""
    if not 0 < len(name) <= limits.max_name:
        raise RefusalError(
            f"has a tensor whose name is empty or longer than {limits.max_name} characters; {FEWER}"
        )


def check_shape(shape: list[int] | tuple[int, ...], limits: Limits = LIMITS) -> None:
    """Raise RefusalError for a tensor that has too many dimensions or numbers."""
    if len(shape) > limits.max_dimensions:
        raise RefusalError(
            f"has a tensor of more than {limits.max_dimensions} dimensions, which no layer has; {FEWER}"
        )
    if math.prod(shape) > limits.max_elements:
        raise RefusalError(f"has a tensor of more than {limits.elements}; {FEWER}")


def _check_places(entries: Mapping[str, Entry], available: int) -> None:
    """Tensors fill the file: a gap hides something, an overlap makes a small file a large one."""
    end = 0
    for entry in sorted(entries.values(), key=lambda entry: (entry.start, entry.end)):
        if entry.start != end:
            raise RefusalError(f"{BROKEN} lays tensors over each other or leaves gaps; {CUT_SHORT}")
        end = entry.end
    if end > available:
        there, wanted = _size(available), _size(end)
        if end < 1e3 or there == wanted:
            there, wanted = f"{available:,}", f"{end:,} bytes"
        raise RefusalError(f"is cut short: {there} of {wanted} are there; {CUT_SHORT}")
    if end < available:
        raise RefusalError(f"has something behind its tensors that does not belong there; {CUT_SHORT}")


def _size(count: int) -> str:
    """Bytes in words: "12 bytes", "4.3 KB", "45.0 MB"."""
    if count >= 1e6:
        return f"{count / 1e6:,.1f} MB"
    return f"{count / 1e3:,.1f} KB" if count >= 1e3 else f"{count} bytes"


def encode_header(entries: Mapping[str, tuple[str, tuple[int, ...]]], metadata: Mapping[str, str]) -> bytes:
    """The head of a new file, whose tensors follow in this order.

    Args:
        entries: name -> dtype and shape.
        metadata: notes.
    """
    content: dict[str, Any] = {METADATA: dict(metadata)}
    for name, (dtype, shape), (start, end) in zip(entries, entries.values(), _places(entries), strict=True):
        content[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [start, end]}
    text = json.dumps(content).encode()
    text += b" " * (-len(text) % LENGTH)
    return len(text).to_bytes(LENGTH, "little") + text


def _places(entries: Mapping[str, tuple[str, tuple[int, ...]]]) -> Iterator[tuple[int, int]]:
    start = 0
    for dtype, shape in entries.values():
        end = start + math.prod(shape) * DTYPES[dtype]
        yield start, end
        start = end
