"""Photos of a folder that the operator names: VITRINE_IMAGES. They are read from disk when they are looked at."""

from __future__ import annotations

import functools
import hashlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from models.datasets.copies import find_copies
from models.datasets.listing import ListedPicture, list_folder
from models.datasets.remarks import remark
from models.datasets.split import Indices
from models.photos.decoding import decode
from models.runtime import settings
from models.runtime.errors import UserError

SCHEME = "folder:"
# More than these are not listed: a pass over all of them would keep everybody waiting. Each has an address.
MOST = 2000


def photos() -> Mapping[str, Path]:
    """Address -> file of the first photos below the folder, by name, each once; none where no folder is named."""
    folder = _folder()
    listed = enumerate(folder.pictures.items())
    once = ((address, picture.path) for place, (address, picture) in listed if folder.copies[place] == place)
    return dict(itertools.islice(once, MOST))


def find(address: str) -> Path:
    """The file of a photo.

    Raises:
        UserError: if the folder holds no photo of that address.
    """
    picture = _folder().pictures.get(address)
    if picture is None:
        raise UserError("The photo of this link is not in the folder of photos of this server.")
    return picture.path


def content(path: Path) -> bytes:
    """What a file of the folder holds. Raises UserError where it is gone or cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path.name} cannot be read ({error.strerror}); choose another picture.") from error


def picture(path: Path) -> Image.Image:
    """A photo of the folder, upright. Raises UserError where it is gone or cannot be read."""
    return decode(content(path), path.name)


def listed() -> Mapping[str, ListedPicture]:
    """Address -> every photo below the folder, shown or not, copies too, with the class that its place tells."""
    return _folder().pictures


def copies() -> Indices:
    """For each of those the place of the first one that is the same picture, shape (N,)."""
    return _folder().copies


def passed_over() -> tuple[str, ...]:
    """What is no photo of the folder: a sentence for each kind, nothing where all are as they seem."""
    return tuple(remark(kind, names) for kind, names in _folder().passed_over.items())


def repeated() -> str:
    """Which photos are there more than once, in a sentence; empty where none is."""
    folder = _folder()
    names, firsts = [*folder.names], folder.copies.tolist()
    return remark(
        "repeated",
        [f"{names[first]} = {names[place]}" for place, first in enumerate(firsts) if first != place],
    )


def list_pictures(folder: Path) -> list[Path]:
    """The pictures below a folder, by name, without hidden and system files.

    Raises:
        UserError: if the folder cannot be read or holds no picture.
    """
    files = [picture.path for picture in list_folder(folder).pictures]
    if not files:
        raise UserError(f"The folder {folder.name or folder} holds no picture; name another.")
    return files


@dataclass(frozen=True, eq=False)
class _Photos:
    """The photos below a folder.

    Attributes:
        pictures: address -> photo.
        names: of each, relative to the folder.
        copies: place of the first that is the same picture, shape (N,).
        passed_over: kind of what is no photo -> names.
    """

    pictures: Mapping[str, ListedPicture]
    names: tuple[str, ...]
    copies: Indices
    passed_over: Mapping[str, tuple[str, ...]]


def _folder() -> _Photos:
    folder = settings.IMAGES.path()
    return NONE if folder is None else _photos_of(folder)


NONE = _Photos({}, (), np.arange(0), {})


@functools.lru_cache(maxsize=4)
def _photos_of(folder: Path) -> _Photos:
    try:
        listing = list_folder(folder)
    except UserError:
        return NONE
    names = tuple(picture.path.relative_to(folder).as_posix() for picture in listing.pictures)
    addresses = [SCHEME + hashlib.sha256(name.encode()).hexdigest()[:16] for name in names]
    return _Photos(
        pictures=dict(zip(addresses, listing.pictures, strict=True)),
        names=names,
        copies=find_copies([picture.path for picture in listing.pictures]),
        passed_over=listing.passed_over,
    )
