"""What plain values of Python's own modules become when a file is read: nothing of those modules is called for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath, PureWindowsPath

# The settings of a training run as its command line gave them: a record of our own is filled with the plain values.
SETTINGS = "argparse.Namespace"


class Settings:
    """What the command line of a training run said, as attributes: a record that does nothing."""


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
    *((join, name) for name, join in PATHS.items()),
]
