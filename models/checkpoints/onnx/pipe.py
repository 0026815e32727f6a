"""Arrays through a pipe: a line of JSON that says what comes, then their bytes. Nothing of it is ever run."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import IO, Any

import numpy as np

Array = np.ndarray[Any, Any]
# Bytes of a line, which names each tensor of a network.
LONGEST = 16 * 1024**2
DTYPES = (
    *("bool", "float16", "float32", "float64", "int8", "int16", "int32", "int64"),
    *("uint8", "uint16", "uint32", "uint64"),
)


def write(stream: IO[bytes], words: Mapping[str, Any], arrays: Sequence[Array] = ()) -> None:
    """Write a message.

    Args:
        stream: of the other side.
        words: for JSON.
        arrays: whose bytes follow.
    """
    said = [[array.dtype.name, array.shape] for array in arrays]
    stream.write(json.dumps({"words": words, "arrays": said}).encode() + b"\n")
    for array in arrays:
        stream.write(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    stream.flush()


def read(stream: IO[bytes], most: int) -> tuple[dict[str, Any], list[Array]]:
    """Read a message.

    Args:
        stream: of the other side.
        most: bytes that its arrays may have.

    Raises:
        EOFError: if the other side is gone.
        ValueError: if it is no message, or too long.
    """
    line = stream.readline(LONGEST)
    if not line.endswith(b"\n"):
        raise EOFError
    message = json.loads(line)
    arrays = []
    for name, shape in message["arrays"]:
        size = math.prod(shape) * np.dtype(name).itemsize
        most -= size
        if name not in DTYPES or size < 0 or most < 0:
            raise ValueError("an array that was not asked for")
        content = bytearray(size)
        if stream.readinto(content) != size:  # type: ignore[attr-defined]
            raise EOFError
        arrays.append(np.frombuffer(content, name).reshape(shape))
    return message["words"], arrays
