"""What must be here before there is a network: weights that are fetched, and checkpoints that are read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dashboard.results.result import FilesKey, Result
from models.checkpoints.store import CHECKPOINTS
from models.photos.uploads import Upload
from models.zoo.entry import Model


def fetch(model: Model) -> Result[None]:
    """The weights of an entry, brought to this machine: a UserError says that they cannot be had."""

    def work(report: Callable[[float], None]) -> None:
        model.load(lambda done, total: report(done / total if total else 0.0))

    return Result(
        FilesKey((model.identity, model.content)),
        "fetched weights",
        (),
        work,
        f"Fetching the weights of {model.title}",
        "download",
    )


def read_drop(data: Callable[[], bytes], mark: str, name: str, owner: str) -> Result[Upload]:
    """The tensors of a file that somebody dropped: a UserError says that it is no checkpoint.

    Args:
        data: gives the file's content.
        mark: tells this drop from all others.
        name: as its owner's machine calls it.
        owner: who drops it.
    """
    return Result(
        FilesKey((mark,)),
        "dropped checkpoint",
        (),
        lambda report: CHECKPOINTS.take(data(), name, owner, report),
        f"Reading {name}",
        "file",
    )


def read_file(path: Path) -> Result[Upload]:
    """The tensors of a file that the operator named: a UserError says that it is no checkpoint."""
    return Result(
        FilesKey((str(path),)),
        "named checkpoint",
        (CHECKPOINTS.reads_of(path),),
        lambda report: CHECKPOINTS.take_file(path, report),
        f"Reading {path.name}",
        "file",
    )
