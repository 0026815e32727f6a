"""Files that are whole or not there: written beside their place, forced to the disk, and moved in."""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from models.runtime.errors import UserError

FULL = {errno.ENOSPC, errno.EDQUOT}
PART = ".part"
# A status and a configuration are a few kilobytes; whatever is larger was not written by us.
LARGEST_JSON = 1 << 20


class DiskFullError(UserError):
    """The disk has no room for what a run must keep."""


def write(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Put a file in its place, whole, or leave what was there.

    Args:
        path: of the file.
        content: of the file.
        durable: whether it must outlive a loss of power, too; waiting for the disk takes tens of milliseconds.

    Raises:
        DiskFullError: if the disk has no room.
        OSError: if the disk refuses for another reason.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PART}")
    try:
        with explain_full_disk(path.parent), part.open("xb") as file:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        part.replace(path)
        if durable:
            sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def write_json(path: Path, content: Mapping[str, Any], *, durable: bool = True) -> None:
    """Put a JSON object in its place, whole; as write does."""
    write(path, json.dumps(content, indent=1).encode(), durable=durable)


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object of a file.

    Raises:
        FileNotFoundError: if there is none.
        UserError: if it holds anything else or cannot be read.
    """
    try:
        with path.open("rb") as file:
            content = json.loads(file.read(LARGEST_JSON))
    except FileNotFoundError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(f"{path.name} of run {path.parent.name} is damaged and passed over.") from error
    if not isinstance(content, dict):
        raise UserError(f"{path.name} of run {path.parent.name} is damaged and passed over.")
    return content


def sync_folder(folder: Path) -> None:
    """Force a folder's list of names to the disk, without which a new name may be lost with the power.

    Windows opens no folder for that; its file system keeps a journal of names.
    """
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_partial_files(folder: Path) -> None:
    """Delete what a killed process left half written. Only for the one process that writes there."""
    for part in folder.glob(f".*{PART}"):
        part.unlink(missing_ok=True)


@contextmanager
def explain_full_disk(folder: Path) -> Iterator[None]:
    """Turn the refusal of a full disk into a sentence that names the disk and its space."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise DiskFullError(_describe_full_disk(folder)) from error


def _describe_full_disk(folder: Path) -> str:
    usage = shutil.disk_usage(folder)
    return (
        f"The disk of {folder} is full: {usage.free / 1e6:.1f} MB free of {usage.total / 1e9:,.1f} GB. "
        "Earlier checkpoints are intact; make room, then resume the run."
    )
