"""Full datasets that torchvision knows: fetched at first use, kept where torchvision looks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from models.datasets.embedded import FASHION_MNIST_10K, MNIST_10K
from models.datasets.entry import Arrays, Dataset, load_once
from models.runtime import settings
from models.runtime.download import fetch
from models.runtime.errors import UserError
from models.runtime.progress import Report

# The authors' repository: torchvision's own address for these files is not encrypted.
FASHION_MIRRORS = ("https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",)

# What torchvision raises for files that are absent, cut short or not what they should be.
UNREADABLE = (RuntimeError, ValueError, TypeError, AssertionError, OSError, EOFError)


@dataclass(frozen=True)
class Archive:
    """One file that torchvision unpacks.

    Attributes:
        urls: where it can be had, the same bytes at each.
        path: where torchvision looks for it.
        md5: of its content, as torchvision publishes it.
    """

    urls: tuple[str, ...]
    path: Path
    md5: str


@dataclass(frozen=True)
class Download:
    """How one of torchvision's datasets gets here.

    Attributes:
        title: as on the page.
        kind: name of its class in torchvision.datasets.
        size: of its archives together, in bytes.
        archives: that class and the root folder -> the archives.
    """

    title: str
    kind: str
    size: int
    archives: Callable[[Any, Path], tuple[Archive, ...]]


def root() -> Path:
    """The folder of all fetched datasets: VITRINE_DATA, else ~/.cache/vitrine/datasets."""
    return settings.DATA.path() or Path.home() / ".cache" / "vitrine" / "datasets"


def load(download: Download, report: Report) -> Arrays:
    """Both splits of a dataset, fetched where this machine does not hold them.

    Raises:
        UserError: if the archives cannot be fetched, or what is unpacked is damaged.
    """
    from torchvision import datasets

    kind, folder = getattr(datasets, download.kind), root()
    with suppress(*UNREADABLE):
        return _arrays(kind, folder, download=False)
    _fetch_all(download, download.archives(kind, folder), report)
    try:
        # torchvision finds the archives in their place, checks and unpacks them: nothing is left to download.
        return _arrays(kind, folder, download=True)
    except UNREADABLE as error:
        raise UserError(
            f"The files of {download.title} in {folder} are damaged; delete them, and they are fetched again."
        ) from error


def _arrays(kind: Any, folder: Path, *, download: bool) -> Arrays:
    sets = {
        "train": kind(folder, train=True, download=download),
        "test": kind(folder, train=False, download=download),
    }
    return Arrays(
        pixels={split: np.ascontiguousarray(images.data) for split, images in sets.items()},
        targets={split: np.asarray(images.targets, dtype=np.int64) for split, images in sets.items()},
    )


def _fetch_all(download: Download, archives: Iterable[Archive], report: Report) -> None:
    arrived = 0

    def overall(done: int, _: int | None) -> None:
        report(arrived + done, download.size)

    for archive in archives:
        _fetch(download, archive, overall)
        arrived += archive.path.stat().st_size


def _fetch(download: Download, archive: Archive, report: Report) -> None:
    """Put one archive in its place, from the first address that has the right bytes."""
    from torchvision.datasets.utils import check_integrity

    failures: list[UserError] = []
    for url in archive.urls:
        if check_integrity(archive.path, archive.md5):
            return
        try:
            fetch(url, archive.path, report)
        except UserError as error:
            failures.append(error)
    if not check_integrity(archive.path, archive.md5):
        reason = failures[0] if failures else "its servers send other files than were published; try later."
        raise UserError(f"{download.title} ({download.size / 1e6:.0f} MB) is not on this machine: {reason}")


def _mnist_archives(kind: Any, folder: Path, mirrors: tuple[str, ...] = ()) -> tuple[Archive, ...]:
    raw, mirrors = folder / kind.__name__ / "raw", (*mirrors, *kind.mirrors)
    return tuple(
        Archive(tuple(mirror + name for mirror in mirrors), raw / name, md5) for name, md5 in kind.resources
    )


def _cifar_archives(kind: Any, folder: Path) -> tuple[Archive, ...]:
    return (Archive((kind.url,), folder / kind.filename, kind.tgz_md5),)


MNIST = replace(
    MNIST_10K,
    name="mnist",
    title="MNIST",
    counts={"train": 60_000, "test": 10_000},
    source="Yann LeCun and Corinna Cortes, by way of torchvision",
    load=load_once(partial(load, Download("MNIST", "MNIST", 11_594_722, _mnist_archives))),
    on_board=False,
)

FASHION_MNIST = replace(
    FASHION_MNIST_10K,
    name="fashion-mnist",
    title="Fashion-MNIST",
    counts={"train": 60_000, "test": 10_000},
    source="Zalando SE, 2017, by way of torchvision",
    load=load_once(
        partial(
            load,
            Download(
                "Fashion-MNIST", "FashionMNIST", 30_878_645, partial(_mnist_archives, mirrors=FASHION_MIRRORS)
            ),
        )
    ),
    on_board=False,
)

CIFAR10 = Dataset(
    name="cifar10",
    title="CIFAR-10",
    classes=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
    counts={"train": 50_000, "test": 10_000},
    size=(32, 32),
    mean=(0.4914, 0.4822, 0.4465),
    std=(0.2470, 0.2435, 0.2616),
    licence="none stated; the authors ask to be cited",
    source="Alex Krizhevsky, Vinod Nair and Geoffrey Hinton, 2009, by way of torchvision",
    load=load_once(partial(load, Download("CIFAR-10", "CIFAR10", 170_498_071, _cifar_archives))),
    on_board=False,
)
