"""What plain values of other modules become when a file is read: nothing of those modules is called for them."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import PurePosixPath, PureWindowsPath

# The settings of a training run as its command line gave them: a record of our own is filled with the plain values.
SETTINGS = "argparse.Namespace"
# A number of numpy is pickled as its bytes and their type; newer versions of numpy have it in another module.
NUMBERS = ("numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar")
NUMBER_TYPE = "numpy.dtype"
# Type of a number as numpy writes it -> as struct does, which reads a complex one in two parts.
FORMATS = {
    "b1": "?",
    **{"i1": "b", "i2": "h", "i4": "i", "i8": "q"},
    **{"u1": "B", "u2": "H", "u4": "I", "u8": "Q"},
    **{"f2": "e", "f4": "f", "f8": "d"},
    **{"c8": "ff", "c16": "dd"},
}
# Order of bytes as numpy writes it, where "|" is that of a single byte -> as struct does.
ORDERS = {"<": "<", ">": ">", "|": "="}


class Settings:
    """What the command line of a training run said, as attributes: a record that does nothing."""


class NumberType:
    """The type of a number of numpy: how its bytes are read, and no more."""

    def __init__(self, kind: str, *_: object) -> None:
        self.format = FORMATS[kind]

    def __setstate__(self, state: tuple[object, ...]) -> None:
        self.order = ORDERS[str(state[1])]


def number(kind: NumberType, content: bytes) -> bool | int | float | complex:
    """A number of numpy as Python's own: bool, int, float or complex."""
    parts = struct.unpack(kind.order + kind.format, content)
    return complex(*parts) if len(parts) > 1 else parts[0]


def posix_path(*parts: str) -> str:
    """A path of Linux or macOS as the text that it is."""
    return str(PurePosixPath(*parts))


def windows_path(*parts: str) -> str:
    """A path of Windows as the text that it is."""
    return str(PureWindowsPath(*parts))


# Name of a class in a pickle -> what makes a text of its parts. Newer versions of Python have them in another module.
PATHS: dict[str, Callable[..., str]] = {
    f"{module}.{pure}{kind}": join
    for module in ("pathlib", "pathlib._local")
    for pure in ("", "Pure")
    for kind, join in (("PosixPath", posix_path), ("WindowsPath", windows_path))
}
# As torch.serialization.safe_globals takes them.
STAND_INS: list[tuple[Callable[..., object], str]] = [
    (Settings, SETTINGS),
    (NumberType, NUMBER_TYPE),
    *((number, name) for name in NUMBERS),
    *((join, name) for name, join in PATHS.items()),
]
# What a file may ask for by name, to have something made of it: they are no values themselves.
NAMES = frozenset(name for _, name in STAND_INS)
