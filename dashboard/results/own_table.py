"""A table of a visitor's own: read in a process of its own, as a job that can be joined and stopped."""

from __future__ import annotations

from collections.abc import Callable

from dashboard import tables
from dashboard.results.result import FilesKey, Result
from models.photos.uploads import Upload

# It is not told how far its reader is.
UNDER_WAY = 0.5


def read_drop(data: Callable[[], bytes], mark: str, name: str, owner: str) -> Result[Upload]:
    """The table of a file that somebody dropped: a UserError says that it is none.

    Args:
        data: gives the file's content.
        mark: tells this drop from all others.
        name: as its owner's machine calls it.
        owner: who drops it.
    """
    return Result(
        FilesKey((mark,)),
        "dropped table",
        (),
        lambda report: tables.take(data(), name, owner, lambda: report(UNDER_WAY)),
        f"Reading {name}",
        "file",
    )
