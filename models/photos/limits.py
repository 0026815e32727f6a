"""What a picture's file says before a decoder sees it: how large it is, what it really is, how it is built."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from PIL import Image, TiffImagePlugin

from models.runtime import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

# What people upload by mistake: how it starts, and the sentence after the file's name.
IMPOSTORS = (
    (
        rb"version https://git-lfs",
        "is a Git LFS pointer, not the picture; run git lfs pull and upload the picture itself",
    ),
    (
        rb"(?=<).*?<(!doctype html|html|head|body)\b",
        "is a web page, not a picture; open the link and save the picture itself",
    ),
    (rb"(?=<).*?<svg\b", "is an SVG, and SVG is a drawing, not pixels; export it as PNG"),
    (
        rb".{4}ftyp(?!avi[fs])(.{4}){0,15}?(hei[cmsx]|hev[cmsx])",
        "is HEIC, and HEIC is not supported; export it as JPEG",
    ),
    (rb"%PDF-", "is a PDF, not a picture; export the page as PNG"),
    (rb"%!PS|\xc5\xd0\xd3\xc6", "is PostScript, a drawing and not pixels; export it as PNG"),
    (rb"8BPS", "is a Photoshop file; export it as PNG"),
    (rb"PK\x03\x04", "is an archive, not a picture; unpack it and upload one picture"),
)

# The markers that a decoder follows; the others are bare, or escaped picture data.
JPEG_MARKER = re.compile(rb"\xff([^\x00\x01\xff\xc8\xd0-\xd8\xf0-\xfd])")
MAX_SEGMENTS = 1_000  # a colour profile and metadata fill a few hundred of 64 KB at most
MAX_SCANS = 100  # libtiff's own limit; real progressive JPEGs have about ten
MAX_TABLE = 200_000  # entries of one TIFF table: a 16-bit palette, or 50 megapixels in 16 x 16 tiles


@dataclass(frozen=True)
class Limits:
    """What is refused before a single pixel is decoded.

    Attributes:
        max_bytes: of the file.
        max_pixels: width times height.
        max_side: of the longer side, in pixels.
    """

    max_bytes: int = 20 * 1024**2
    max_pixels: int = 50_000_000
    max_side: int = 20_000

    @classmethod
    def from_environment(cls) -> Limits:
        """The limits that the operator has set. Raises UserError where one of them is none."""
        # Above its own limit Pillow warns or refuses whatever is configured here.
        most = (Image.MAX_IMAGE_PIXELS or 2**31) // 10**6
        return cls(
            max_bytes=settings.MAX_IMAGE_MB.bytes(),
            max_pixels=min(settings.MAX_IMAGE_MEGAPIXELS.value(), most) * 10**6,
            max_side=settings.MAX_IMAGE_SIDE.value(),
        )

    @property
    def size(self) -> str:
        """The size limit in words: "20 MB"."""
        return f"{self.max_bytes / 1024**2:g} MB"

    @property
    def area(self) -> str:
        """The pixel limit in words: "50 megapixels"."""
        return f"{self.max_pixels / 10**6:g} megapixels"

    @property
    def side(self) -> str:
        """The side limit in words: "20,000 pixels a side"."""
        return f"{self.max_side:,} pixels a side"


class RefusalError(Exception):
    """Why a file is refused and what to do now: the sentence after the file's name."""


def check_bytes(data: bytes, limits: Limits) -> None:
    """Refuse what needs no decoder to be refused: nothing, too much, or something else entirely."""
    if not data:
        raise RefusalError("is empty; choose another file")
    if len(data) > limits.max_bytes:
        raise RefusalError(f"is larger than {limits.size}; make it smaller and try again")
    head = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    for pattern, why in IMPOSTORS:
        if re.match(pattern, head, re.DOTALL | re.IGNORECASE):
            raise RefusalError(why)


def check_structure(data: bytes) -> None:
    """Refuse files whose many tiny parts would occupy the server for minutes, however few their pixels."""
    stalls = False
    if data.startswith(b"\xff\xd8\xff"):
        markers = list(islice(_jpeg_markers(data), MAX_SEGMENTS + 1))
        stalls = len(markers) > MAX_SEGMENTS or markers.count(b"\xda") > MAX_SCANS
    elif data.startswith(tuple(TiffImagePlugin.PREFIXES)):
        stalls = max(_tiff_tables(data), default=0) > MAX_TABLE
    if stalls:
        raise RefusalError("is built in a way that takes too long to read; save it again as PNG")


def _jpeg_markers(data: bytes) -> Iterator[bytes]:
    """The kind of every segment of a JPEG up to the end of its picture; scans have kind DA."""
    position, scanned = 2, False
    while marker := JPEG_MARKER.search(data, position):
        kind = marker[1]
        position = marker.end()
        if kind == b"\xd9" and scanned:
            return
        if kind != b"\xd9":
            scanned = scanned or kind == b"\xda"
            position += int.from_bytes(data[position : position + 2], "big")
            yield kind


def _tiff_tables(data: bytes) -> Iterator[int]:
    """How many numbers each entry of a TIFF's first directory holds; text and blobs are left out."""
    order = "<" if data.startswith(b"II") else ">"
    big = 43 in data[2:4]
    start, number, entry = (8, "Q", "HHQ8x") if big else (4, "H", "HHL4x")
    (directory,) = struct.unpack_from(order + ("Q" if big else "L"), data, start)
    (n_entries,) = struct.unpack_from(order + number, data, directory)
    first = directory + struct.calcsize(order + number)
    for index in range(n_entries):
        _, kind, count = struct.unpack_from(
            order + entry, data, first + index * struct.calcsize(order + entry)
        )
        if kind not in (1, 2, 7):  # bytes, text, blobs: Pillow leaves them as they are
            yield count


def check_size(width: int, height: int, limits: Limits) -> None:
    """Refuse more pixels or longer sides than the limits allow."""
    if max(width, height) > limits.max_side:
        raise RefusalError(f"has more than {limits.side}; make it smaller and try again")
    if width * height > limits.max_pixels:
        raise RefusalError(too_many_pixels(limits))


def too_many_pixels(limits: Limits) -> str:
    """The sentence for a bomb, whether Pillow or this module noticed it."""
    return f"has more than {limits.area}; make it smaller and try again"
