"""What is painted on a picture, cell by cell, short enough for an address."""

from __future__ import annotations

import base64
import binascii
import zlib

import numpy as np

# Cells on a side, at most; a smaller picture has one for each pixel.
MOST_CELLS = 56
# Letters of the longest text: deflate stores what it cannot shorten with a few bytes around it.
LONGEST = 4 * -(-(-(-(MOST_CELLS**2) // 8) + 11) // 3)


def cell_shape(size: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns of cells of a picture of height x width."""
    return min(size[0], MOST_CELLS), min(size[1], MOST_CELLS)


def write_cells(cells: np.ndarray) -> str:
    """Painted cells, (rows, columns) bool, as at most LONGEST letters of A-Z, a-z, 0-9, - and _."""
    # Where a row is as the one above it, nothing is left to say.
    above = np.vstack([np.zeros_like(cells[:1]), cells[:-1]])
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    packed = packer.compress(np.packbits(cells ^ above).tobytes()) + packer.flush()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_cells(text: str, shape: tuple[int, int]) -> np.ndarray | None:
    """The cells that a text says, (rows, columns) bool; None where it says none of that shape.

    Args:
        text: as typed by anybody.
        shape: rows and columns.
    """
    size = -(-shape[0] * shape[1] // 8)
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        content = unpacker.decompress(packed, size + 1)
    except (ValueError, binascii.Error, zlib.error):
        return None
    if len(content) != size or not unpacker.eof or unpacker.unused_data:
        return None
    return np.logical_xor.accumulate(unpack_cells(content, shape), axis=0)


def pack_cells(cells: np.ndarray) -> str:
    """Cells as Base64 of their bits, row by row, as the browser reads them."""
    return base64.b64encode(np.packbits(cells).tobytes()).decode()


def unpack_cells(content: bytes, shape: tuple[int, int]) -> np.ndarray:
    """Bits, row by row, as cells; what is missing is not painted."""
    count = shape[0] * shape[1]
    bits = np.zeros(count, bool)
    given = np.unpackbits(np.frombuffer(content, np.uint8))[:count]
    bits[: len(given)] = given
    return bits.reshape(shape)


def spread(cells: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """What each pixel of a picture of height x width takes from its cell: (rows, columns) -> (height, width)."""
    rows, columns = (
        np.arange(length) * count // length for length, count in zip(size, cells.shape, strict=True)
    )
    return np.asarray(cells[rows[:, None], columns])
