"""TensorBoard event files, written: scalars and histograms, thousands at a time.

The messages are encoded by hand. They are few and simple, and a summary writer with a queue and an object per number
would cost a small network a quarter of its step.

Reference: tensorflow/core/util/event.proto, framework/summary.proto, lib/io/record_writer.cc.
"""

from __future__ import annotations

import os
import platform
import re
import struct
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import google_crc32c

from models.runtime import files
from models.tensorboard.framing import mask_crc
from models.tensorboard.parts import event_files

PREFIX = "events.out.tfevents"
VERSION = b"brain.Event:2"
_CRC = struct.Struct("<I")
_DOUBLE = struct.Struct("<d")
_FLOAT = struct.Struct("<f")
# Field numbers and wire types of the messages, as one byte each.
_WALL, _STEP, _FILE_VERSION, _SUMMARY, _SESSION = b"\x09", b"\x10", b"\x1a", b"\x2a", b"\x3a"
_VALUE, _TAG, _SIMPLE, _HISTOGRAM = b"\x0a", b"\x0a", b"\x15", b"\x2a"
_START = b"\x08\x01"


@dataclass(frozen=True)
class HistogramSummary:
    """How the entries of a tensor are spread.

    Attributes:
        low: least entry.
        high: greatest entry.
        count: of entries.
        total: their sum.
        squares: sum of their squares.
        edges: upper edges of the bins.
        counts: entries per bin.
    """

    low: float
    high: float
    count: float
    total: float
    squares: float
    edges: Sequence[float]
    counts: Sequence[float]


class EventWriter:
    """One new event file, which sorts after all that are in the folder, whatever the clock says.

    Numbers are kept until flush(), which hands them to the system in one go: another process sees whole records, or
    at the end of the file a part of one, which means that the rest is on its way.
    """

    def __init__(self, folder: Path, purge_step: int | None = None) -> None:
        """Open a file.

        Args:
            folder: of the run.
            purge_step: readers forget what earlier files say of this step and later ones.
        """
        self._folder = folder
        self.path = folder / _next_name(folder)
        with files.explain_full_disk(folder):
            self._file = self.path.open("xb", buffering=0)
        self._pending: list[bytes] = []
        self._add(_event(time.time(), purge_step or 0, _field(_FILE_VERSION, VERSION)))
        if purge_step is not None:
            self._add(_event(time.time(), purge_step, _field(_SESSION, _START)))
        self.sync()

    def add_scalars(self, step: int, values: Mapping[str, float], wall: float) -> None:
        """Add numbers of one step to what flush() writes.

        Args:
            step: optimizer steps taken, at least 0.
            values: tag -> number, which is kept as float32; NaN and infinity are numbers here.
            wall: when they were measured, in seconds since 1970.
        """
        summary = b"".join(_scalar(tag, value) for tag, value in values.items())
        self._add(_event(wall, step, _field(_SUMMARY, summary)))

    def add_histograms(self, step: int, values: Mapping[str, HistogramSummary], wall: float) -> None:
        """Add histograms of one step, by tag, to what flush() writes; step and wall as add_scalars takes them."""
        for tag, histogram in values.items():
            value = _tag(tag) + _field(_HISTOGRAM, _encode_histogram(histogram))
            self._add(_event(wall, step, _field(_SUMMARY, _field(_VALUE, value))))

    def flush(self) -> None:
        """Hand everything to the system: it survives the process. Raises DiskFullError."""
        content = memoryview(b"".join(self._pending))
        self._pending.clear()
        with files.explain_full_disk(self._folder):
            while content:
                content = content[self._file.write(content) :]

    def sync(self) -> None:
        """Hand everything to the disk: it survives the machine. Raises DiskFullError."""
        self.flush()
        with files.explain_full_disk(self._folder):
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file; what was not flushed is lost."""
        self._file.close()

    def _add(self, event: bytes) -> None:
        header = struct.pack("<Q", len(event))
        self._pending.append(header + _CRC.pack(_crc(header)) + event + _CRC.pack(_crc(event)))


def _next_name(folder: Path) -> str:
    numbers = [re.fullmatch(rf"{re.escape(PREFIX)}\.(\d+)\..*", path.name) for path in event_files(folder)]
    last = max((int(number[1]) for number in numbers if number), default=0)
    host = re.sub(r"[^A-Za-z0-9-]", "-", platform.node())[:60]
    return f"{PREFIX}.{max(int(time.time()), last + 1):010d}.{host}.{os.getpid()}"


def _event(wall: float, step: int, content: bytes) -> bytes:
    return _WALL + _DOUBLE.pack(wall) + _STEP + _varint(step) + content


def _scalar(tag: str, value: float) -> bytes:
    return _scalar_prefix(tag) + _FLOAT.pack(value)


@cache
def _scalar_prefix(tag: str) -> bytes:
    """A value's bytes before its number, which is always of one length: few tags are written again and again."""
    before = _tag(tag) + _SIMPLE
    return _VALUE + _varint(len(before) + _FLOAT.size) + before


@cache
def _tag(tag: str) -> bytes:
    return _field(_TAG, tag.encode())


def _encode_histogram(histogram: HistogramSummary) -> bytes:
    numbers = (histogram.low, histogram.high, histogram.count, histogram.total, histogram.squares)
    single = b"".join(bytes((8 * (1 + k) + 1,)) + _DOUBLE.pack(number) for k, number in enumerate(numbers))
    return single + _field(b"\x32", _doubles(histogram.edges)) + _field(b"\x3a", _doubles(histogram.counts))


def _doubles(values: Iterable[float]) -> bytes:
    return b"".join(_DOUBLE.pack(value) for value in values)


def _field(key: bytes, content: bytes) -> bytes:
    return key + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def _crc(content: bytes) -> int:
    return int(mask_crc(google_crc32c.value(content)))
