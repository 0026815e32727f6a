"""The framing of event files: records of a length, its checksum, a payload and its checksum.

Reference: TensorFlow, TFRecord and tf.train.Example (the TFRecords format in detail).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import google_crc32c
import numpy as np

HEADER = 12  # bytes: length (uint64) and its checksum
FOOTER = 4  # bytes: the payload's checksum
CHUNK = 4 << 20  # bytes read at once
LARGEST = 64 << 20  # bytes of a payload; what is larger (a graph, a film) is passed over unread
SEARCHED = 1 << 20  # bytes behind a damaged length in which the next record is looked for

# A length below 2 ** 24 that is not zero: where a record may begin.
_BEGINNING = re.compile(rb"(?!\0{3})(?=.{3}\0{5})", re.DOTALL)


class RecordFile:
    """The records of one file, in order, each handed out once; the file may still grow.

    Attributes:
        path: of the file.
        offset: where the next record begins, in bytes.
        damaged: records passed over because a checksum did not fit.
        oversized: records passed over because of their size.
        lost: whether the rest of the file cannot be read, since no record is found behind a damaged one.
    """

    def __init__(self, path: Path, chunk: int | None = None) -> None:
        """A file of which nothing was read.

        Args:
            path: of the file.
            chunk: bytes read at once, CHUNK by default; a larger record is read alone.
        """
        self.path = path
        self._chunk = chunk or CHUNK
        self.offset = 0
        self.damaged = 0
        self.oversized = 0
        self.lost = False
        # Few lengths occur, so a header whose checksum was right is known again by its twelve bytes.
        self._lengths: dict[bytes, int] = {}

    def batches(self) -> Iterator[list[bytes]]:
        """Payloads of the records that are complete and were not handed out before, some thousand at a time.

        A record that ends beyond the file's end is being written: it comes with a later call.

        Raises:
            OSError: if the file cannot be read.
        """
        with self.path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            while True:
                before = self.offset
                payloads = self._read_batch(file, size)
                if self.offset == before:
                    return
                yield payloads

    def _read_batch(self, file: BinaryIO, size: int) -> list[bytes]:
        """What one chunk holds; where it holds nothing the offset moves over what is in the way, or stays."""
        self.lost = False
        begin = self.offset
        data = _read_at(file, begin, self._chunk)
        payloads = self._split_records(data)
        if self.offset > begin or len(data) < HEADER:
            return payloads
        length = self._length(data[:HEADER])
        if length is None:
            self._search(_read_at(file, begin, SEARCHED))
            return []
        end = begin + HEADER + length + FOOTER
        if end > size:
            return []
        if length > LARGEST:
            self.oversized += 1
            self.offset = end
            return []
        return self._split_records(_read_at(file, begin, end - begin))

    def _split_records(self, data: bytes) -> list[bytes]:
        """The sound payloads of the whole records at the beginning of some bytes; the offset moves behind them."""
        payloads: list[bytes] = []
        checksums: list[bytes] = []
        position, size, lengths = 0, len(data), self._lengths
        while True:
            header = data[position : position + HEADER]
            length = lengths.get(header)
            if length is None and (length := self._length(header)) is None:
                break
            stop = position + HEADER + length
            if stop + FOOTER > size:
                break
            payloads.append(data[position + HEADER : stop])
            checksums.append(data[stop : stop + FOOTER])
            position = stop + FOOTER
        self.offset += position
        return self._check_payloads(payloads, checksums)

    def _check_payloads(self, payloads: list[bytes], checksums: list[bytes]) -> list[bytes]:
        """The payloads that fit their checksums; counts the others as damaged."""
        stored = np.frombuffer(b"".join(checksums), "<u4")
        crcs = np.fromiter(map(google_crc32c.value, payloads), np.int64, len(payloads))
        sound = mask_crc(crcs) == stored
        if sound.all():
            return payloads
        self.damaged += int(np.count_nonzero(~sound))
        return [payloads[index] for index in np.flatnonzero(sound)]

    def _length(self, header: bytes) -> int | None:
        """The payload's length; None where the header is incomplete or damaged."""
        if len(header) < HEADER or not _is_header(header):
            return None
        if len(self._lengths) >= 4096:
            self._lengths.clear()
        return self._lengths.setdefault(header, int.from_bytes(header[:8], "little"))

    def _search(self, data: bytes) -> None:
        """Move to the next header in some bytes that begin with a damaged one."""
        for match in _BEGINNING.finditer(data, 1):
            if _is_header(data[match.start() : match.start() + HEADER]):
                self.damaged += 1
                self.offset += match.start()
                return
        self.lost = True


def _read_at(file: BinaryIO, offset: int, count: int) -> bytes:
    file.seek(offset)
    return file.read(count)


def _is_header(header: bytes) -> bool:
    return bool(mask_crc(google_crc32c.value(header[:8])) == int.from_bytes(header[8:], "little"))


def mask_crc(crc: Any) -> Any:
    """CRC-32C values, an int or an int64 array, as the format stores them: turned by 15 bits, and a constant added."""
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF
