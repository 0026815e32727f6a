"""One event file, read as it grows.

Records that differ only in time, step and values are decoded together: one of them is read field by field, and where
the others have the same bytes around these, numpy takes them from all at once.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np

from models.tensorboard import protobuf
from models.tensorboard.framing import RecordFile
from models.tensorboard.series import POINT, CurveBuffer, TimedHistogram

MOST_TAGS = 10_000  # of one file
LONGEST_TAG = 1024  # bytes
MOST_RESTARTS = 100  # of one file; a writer says it once
FEW = 4  # records for which arrays are not worth their cost
HEAD = 64  # bytes by which a file is known again

# What TensorBoard calls what is neither curve nor histogram; and what it may be called that is not known here.
KINDS = ("images", "audio", "text", "hparams", "pr_curves", "mesh", "graph")
OTHER = "other"

ROUNDS = 8  # of looking for records that are alike in what seems to be so
SHORTEST = 19  # bytes of a time and a summary of one number without a name

LayoutKey = tuple[int, int, bytes]

_WALL, _STEP, _SUMMARY = 0x09, 0x10, 0x2A  # keys of an event's fields


class EventFile:
    """The curves and histograms of one file.

    Attributes:
        path: of the file.
        part: the folder within the run that it lies in; empty for the run's own.
        curves: tag -> points.
        histograms: tag -> histograms.
        others: what is neither, as TensorBoard calls it ("images", "text") -> tags.
        opened: when its writer began it, in seconds since 1970; None where its first record does not tell.
        restart: the earliest step at which a session of this file begins anew; it voids what earlier files say from
            there on. None where there is no such step.
        size: numbers held: one per point, one per bucket.
        unreadable: records that are sound but not events, or say too much.
        unnamed: values left out because their tag is too long or one too many.
    """

    def __init__(self, path: Path, part: str) -> None:
        self.path = path
        self.part = part
        self.record_file = RecordFile(path)
        self.curves: dict[str, CurveBuffer] = {}
        self.histograms: dict[str, list[TimedHistogram]] = {}
        self.others: defaultdict[str, set[str]] = defaultdict(set)
        self.opened: float | None = None
        self.restart: int | None = None
        self.size = 0
        self.unreadable = 0
        self.unnamed = 0
        self._restarts = 0
        self._records = 0
        self._tags: dict[bytes, str] = {}
        self._plugins: dict[bytes, bytes] = {}
        self._pieces: defaultdict[str, list[np.ndarray]] = defaultdict(list)
        self._pending: list[tuple[str, TimedHistogram]] = []
        self._identity = _identity(path)
        self._head = b""

    def refresh(self, room: int) -> int:
        """Read what was added since the last call.

        Args:
            room: numbers that may be added, about; reading goes on with a later call.

        Returns:
            How many numbers were added.

        Raises:
            OSError: if the file cannot be read.
        """
        before = added = self.size
        for payloads in self.record_file.batches():
            self._decode_batch(payloads)
            added = self.size
            if added - before >= room:
                break
        if len(self._head) < HEAD:
            self._head = _head(self.path, min(HEAD, self.record_file.offset))
        return added - before

    def is_replaced(self) -> bool:
        """Whether another file is now in its place, or it was written anew.

        Raises:
            OSError: if there is none any more.
        """
        if _identity(self.path) != self._identity or self.path.stat().st_size < self.record_file.offset:
            return True
        return _head(self.path, len(self._head)) != self._head

    def _decode_batch(self, payloads: list[bytes]) -> None:
        """Decode a batch: records that look alike together."""
        groups: defaultdict[LayoutKey, list[int]] = defaultdict(list)
        for index, data in enumerate(payloads):
            kind = _layout_key(data)
            if kind is None and self._starts_session(data):
                self._decode_groups(payloads, list(groups.values()))
                groups.clear()
                self._start_session(data)
            else:
                groups[kind or (0, len(data), b"")].append(index)
        self._decode_groups(payloads, list(groups.values()))
        self._records += len(payloads)

    def _starts_session(self, data: bytes) -> bool:
        """Whether a session begins with a record; a writer says so once, so no more than some are heeded."""
        try:
            begins = self._restarts < MOST_RESTARTS and protobuf.parse_event(data).starts_session
        except protobuf.MalformedError:
            return False
        self._restarts += begins
        return begins

    def _start_session(self, data: bytes) -> None:
        """A session begins: what was logged from its step on is void."""
        step = _step(data, protobuf.parse_event(data))
        self.restart = step if self.restart is None else min(step, self.restart)
        for curve in self.curves.values():
            self.size -= curve.cut(step)
        for tag, histograms in self.histograms.items():
            self.histograms[tag] = [histogram for histogram in histograms if histogram.step < step]
            self.size -= sum(histogram.size for histogram in histograms if histogram.step >= step)

    def _decode_groups(self, payloads: list[bytes], groups: list[list[int]]) -> None:
        """Decode groups of records that look alike, and add their values in the order of the records."""
        for indices in groups:
            for index in self._decode_while_alike(payloads, indices):
                try:
                    self._decode_record(payloads[index], self._records + index)
                except protobuf.MalformedError:
                    self.unreadable += 1
        for tag, pieces in self._pieces.items():
            self.size += self.curves.setdefault(tag, CurveBuffer()).extend(pieces)
        for tag, histogram in sorted(self._pending, key=lambda pair: pair[1].order):
            self.histograms.setdefault(tag, []).append(histogram)
            self.size += histogram.size
        self._pieces.clear()
        self._pending.clear()

    def _decode_while_alike(self, payloads: list[bytes], indices: list[int]) -> list[int]:
        """Decode together what is alike in a group; returns the records that remain."""
        for _ in range(ROUNDS):
            if len(indices) < FEW:
                break
            before = len(indices)
            indices = self._decode_alike(payloads, indices)
            if len(indices) == before:
                break
        return indices

    def _decode_alike(self, payloads: list[bytes], indices: list[int]) -> list[int]:
        """Decode the records that differ from the first only in time, step and values; returns the other records.

        Args:
            payloads: the batch.
            indices: of records of the same length.
        """
        try:
            event = protobuf.parse_event(payloads[indices[0]])
        except protobuf.MalformedError:
            return indices
        scalars = [
            (value.tag, value.numbers) for value in event.values if value.numbers and self._is_scalar(value)
        ]
        if len(scalars) < max(1, len(event.values)) or any(numbers.count != 1 for _, numbers in scalars):
            return indices
        content = b"".join([payloads[index] for index in indices])
        rows = np.frombuffer(content, np.uint8).reshape(len(indices), -1)  # (records, bytes)
        alike = _same_layout(rows, event, [numbers for _, numbers in scalars])
        places = np.array(indices)
        points = _points(rows[alike], self._records + places[alike], event)
        for tag, numbers in scalars:
            name = self._tag_text(tag, points.size)
            if name is not None:
                self._pieces[name].append(_with_values(points, rows[alike], numbers))
        return [int(index) for index in places[~alike]]

    def _decode_record(self, data: bytes, index: int) -> None:
        """Decode one record field by field.

        Args:
            data: its payload.
            index: its place in the file.
        """
        event = protobuf.parse_event(data)
        if event.has_graph:
            self.others["graph"] |= set()
        step = _step(data, event)
        wall = 0.0 if event.wall is None else float(np.frombuffer(data, "<f8", 1, event.wall)[0])
        if index == 0 and not event.values:
            self.opened = wall
        for value in event.values:
            scalar = value.numbers if self._is_scalar(value) else None
            buckets = None if scalar else self._histogram(data, value)
            if (tag := self._tag_text(value.tag)) is None:
                continue
            if scalar:
                point = index, step, wall, scalar.read(data).item()
                self._pieces[tag].append(np.array([point], POINT))
            elif buckets is None:
                kind = value.kind or self._plugin(value).decode("ascii", "replace")
                self.others[kind if kind in KINDS else OTHER].add(tag)
            else:
                self._pending.append((tag, TimedHistogram(step, wall, buckets, index)))

    def _is_scalar(self, value: protobuf.Value) -> bool:
        if value.numbers is None or value.numbers.total != 1:
            return False
        return value.simple or self._plugin(value) in (b"", b"scalars")

    def _histogram(self, data: bytes, value: protobuf.Value) -> np.ndarray | None:
        """The buckets of a value that is a histogram."""
        if value.histogram:
            return protobuf.parse_buckets(data, *value.histogram)
        if value.numbers and self._plugin(value) == b"histograms" and value.numbers.shape[1:] == (3,):
            return value.numbers.read(data)
        return None

    def _plugin(self, value: protobuf.Value) -> bytes:
        """What a tag is for; writers say it with the first value only."""
        if value.plugin and value.tag not in self._plugins and len(self._plugins) < MOST_TAGS:
            self._plugins[value.tag[:LONGEST_TAG]] = value.plugin[:LONGEST_TAG]
        return self._plugins.get(value.tag, value.plugin)

    def _tag_text(self, tag: bytes, count: int = 1) -> str | None:
        """A tag as text; None, and its values counted, where it is too long or one too many."""
        if tag not in self._tags:
            if len(tag) > LONGEST_TAG or len(self._tags) >= MOST_TAGS:
                self.unnamed += count
                return None
            self._tags[tag] = tag.decode("utf-8", "backslashreplace")
        return self._tags[tag]


def _layout_key(data: bytes) -> LayoutKey | None:
    """Key under which records that look alike are grouped; None where it is no summary as writers write them.

    It only has to bring together what may be alike: where lengths take more bytes, or something else stands in the
    place of the first tag, the bytes mean nothing.
    """
    size = len(data)
    if size < SHORTEST or data[0] != _WALL:
        return None
    place = 9
    if data[9] == _STEP:
        place = 11
        while data[place - 1] > 127 and place < size - 8:
            place += 1
    if data[place] != _SUMMARY or place > size - 8:
        return None
    first = place + (2 if data[place + 1] < 128 else 3)
    return place, size, data[place : first + 4 + data[first + 3]]


def _same_layout(rows: np.ndarray, event: protobuf.Event, scalars: list[protobuf.Numbers]) -> np.ndarray:
    """Which rows (n, bytes) have the first one's bytes around time, step and values; (n,) bool."""
    relevant = np.full(rows.shape[1], 0xFF, np.uint8)
    if event.wall is not None:
        relevant[event.wall : event.wall + 8] = 0
    relevant[slice(*event.step)] = 0x80  # the bits that say whether the number goes on
    for numbers in scalars:
        relevant[numbers.offset : numbers.offset + np.dtype(numbers.dtype).itemsize] = 0
    return np.asarray(~((rows ^ rows[0]) & relevant).any(axis=1))


def _points(rows: np.ndarray, indices: np.ndarray, event: protobuf.Event) -> np.ndarray:
    """The points of rows (n, bytes) that are alike, still without values."""
    steps = np.zeros(len(rows), np.uint64)
    for position, column in enumerate(range(*event.step)):
        steps |= (rows[:, column] & np.uint8(0x7F)).astype(np.uint64) << np.uint64(7 * position)
    points = np.zeros(len(rows), POINT)
    points["index"] = indices
    points["step"] = steps.view(np.int64)
    if event.wall is not None:
        points["wall"] = _column(rows, event.wall, "<f8")
    return points


def _with_values(points: np.ndarray, rows: np.ndarray, numbers: protobuf.Numbers) -> np.ndarray:
    """The points with their values."""
    points = points.copy()
    points["value"] = _column(rows, numbers.offset, numbers.dtype)
    return points


def _column(rows: np.ndarray, offset: int, dtype: str) -> np.ndarray:
    """The numbers at an offset in each row, (n,)."""
    cells = np.ascontiguousarray(rows[:, offset : offset + np.dtype(dtype).itemsize])
    return cells.view(dtype)[:, 0]


def _step(data: bytes, event: protobuf.Event) -> int:
    start, end = event.step
    return protobuf.to_signed(protobuf.parse_varint(data, start, end)[0]) if end > start else 0


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def _head(path: Path, count: int) -> bytes:
    with path.open("rb") as file:
        return file.read(count)
