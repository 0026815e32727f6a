"""Which folders a run is made of: its own, and within it those of splits and of curves that were logged together."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from models.tensorboard import protobuf
from models.tensorboard.framing import RecordFile
from models.tensorboard.tags import is_split

# Of one folder, in which curves that were logged together are looked for.
MOST_SUBFOLDERS = 100
# Folders that a tag of several words is spread over, and one for the curve.
DEEPEST = 3
# Bytes at the beginning of a file in which its first curve is looked for.
BEGINNING = 4096
# A file with more bytes says more than its version.
BARE = 256

_MARK = "tfevents"  # is in the name of every event file


def event_files(folder: Path) -> list[Path]:
    """The event files of a run: of its folder first, then of each part, each in the order of their names' numbers.

    Args:
        folder: that may not exist; then there are none.
    """
    return [path for part in find_parts(folder) for path in own_files(part)]


def find_parts(folder: Path) -> dict[Path, str]:
    """The folders of a run -> what each is: empty for its own, the name of a split, or that of a curve.

    `add_scalars("Loss", {"train": ..., "val": ...})` makes a folder for each, which torch calls `Loss_train` and
    tensorboardX `Loss/train`, beside the writer's own file.
    """
    splits = [path for path in _list_folder(folder) if is_split(path.name) and _is_kind(path, stat.S_ISDIR)]
    parts = {folder: ""} | {path: path.name for path in splits}
    if own_files(folder):
        for path in subfolders(folder)[:MOST_SUBFOLDERS]:
            parts |= {found: name for found, name in _together(folder, path) if found not in parts}
    return parts


def _together(run: Path, folder: Path) -> Iterator[tuple[Path, str]]:
    """Folders at and below one that are called by a curve of a run, with what else their names say."""
    files, within = own_files(folder), folder.relative_to(run).parts
    if not files and len(within) < DEEPEST:
        for path in subfolders(folder)[:MOST_SUBFOLDERS]:
            yield from _together(run, path)
    tag = next((found for file in files if (found := first_tag(file))), None)
    name, start = "_".join(within), "" if tag is None else f"{tag.replace('/', '_')}_"
    if start and name.startswith(start) and len(name) > len(start):
        yield folder, name.removeprefix(start)


def first_tag(path: Path) -> str | None:
    """The tag of the first number in an event file; None where it begins with something else, or nothing yet."""
    try:
        return _first_tag(path) if path.stat().st_size > 0 and not is_bare(path) else None
    except OSError:
        return None


@lru_cache(maxsize=10_000)
def _first_tag(path: Path) -> str | None:
    for data in _beginning(path):
        try:
            values = protobuf.parse_event(data).values
        except protobuf.MalformedError:
            continue
        if values:
            return values[0].tag.decode("utf-8", "backslashreplace") if values[0].numbers else None
    return None


def is_bare(path: Path) -> bool:
    """Whether an event file says nothing but its version so far.

    Raises:
        OSError: if it cannot be read.
    """
    return path.stat().st_size < BARE and not any(_says_something(data) for data in _beginning(path))


def _says_something(data: bytes) -> bool:
    try:
        return bool(protobuf.parse_event(data).values)
    except protobuf.MalformedError:
        return True


def _beginning(path: Path) -> list[bytes]:
    """The first records of a file."""
    return next(RecordFile(path, BEGINNING).batches(), [])


def own_files(folder: Path) -> list[Path]:
    """The event files in a folder, in the order of their names' numbers; hidden ones, as macOS makes, are none."""
    return [
        path
        for path in _list_folder(folder)
        if _MARK in path.name and not path.name.startswith(".") and _is_kind(path, stat.S_ISREG)
    ]


def subfolders(folder: Path) -> list[Path]:
    """The folders in a folder, links left out, in the order of their names."""
    return [path for path in _list_folder(folder) if not path.is_symlink() and _is_kind(path, stat.S_ISDIR)]


def _list_folder(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir(), key=lambda path: natural(path.name))
    except OSError:
        return []


def natural(name: str) -> tuple[list[str | int], str]:
    """A key by which file.10 comes after file.9: a name holds seconds since 1970, and a count after that."""
    texts = re.split(r"([0-9]+)", name)
    return [int(text) if index % 2 else text for index, text in enumerate(texts)], name


def _is_kind(path: Path, kind: Callable[[int], bool]) -> bool:
    """Whether there is a folder or regular file (no pipe or device) at a path."""
    try:
        return kind(path.stat().st_mode)
    except OSError:
        return False
