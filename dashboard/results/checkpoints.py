"""What must be done before there is a network: weights are fetched, checkpoints read, networks opened and tried."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dashboard.results.result import FilesKey, Result
from models.checkpoints.store import CHECKPOINTS
from models.photos.uploads import Upload
from models.runtime.progress import Report
from models.zoo.entry import Model


def open_network(model: Model, load: Callable[[str, str, Report], object]) -> Result[None]:
    """An entry's network, its weights fetched where they are not here, tried on photos: a UserError says why not.

    Args:
        model: of the zoo.
        load: opens the network of an identity and a content, tells a Report how far it is, and keeps it.
    """

    def work(report: Callable[[float], None]) -> None:
        load(model.identity, model.content, lambda done, total: report(done / total if total else 0.0))

    doing = "Opening {} and trying it on photos" if model.on_board else "Fetching the weights of {}"
    return Result(
        FilesKey((model.identity, model.content)),
        "opened network",
        (),
        work,
        doing.format(model.title),
        "opening" if model.on_board else "download",
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
