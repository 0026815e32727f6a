"""Photos of a folder that the operator names: VITRINE_IMAGES. They are read from disk when they are looked at."""

from __future__ import annotations

import functools
import hashlib
import itertools
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from models.datasets.folder import SUFFIXES
from models.photos.decoding import decode
from models.runtime import settings
from models.runtime.errors import UserError

SCHEME = "folder:"
# More than these are not listed: a pass over all of them would keep everybody waiting. Each has an address.
MOST = 2000


def photos() -> Mapping[str, Path]:
    """Address -> file of the first photos below the folder, by name; none where no folder is named."""
    return dict(itertools.islice(_all_photos().items(), MOST))


def find(address: str) -> Path:
    """The file of a photo.

    Raises:
        UserError: if the folder holds no photo of that address.
    """
    path = _all_photos().get(address)
    if path is None:
        raise UserError("The photo of this link is not in the folder of photos of this server.")
    return path


def content(path: Path) -> bytes:
    """What a file of the folder holds. Raises UserError where it is gone or cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path.name} cannot be read ({error.strerror}); choose another picture.") from error


def picture(path: Path) -> Image.Image:
    """A photo of the folder, upright. Raises UserError where it is gone or cannot be read."""
    return decode(content(path), path.name)


def subfolders() -> Mapping[str, str]:
    """Address -> name of the subfolder of every photo, listed or not; empty for one that lies in none."""
    folder = settings.IMAGES.path()
    if folder is None:
        return {}
    parts = {address: path.relative_to(folder).parts for address, path in _all_photos().items()}
    return {address: names[0] if len(names) > 1 else "" for address, names in parts.items()}


def _all_photos() -> Mapping[str, Path]:
    folder = settings.IMAGES.path()
    return {} if folder is None else _photos_by_address(folder)


def list_pictures(folder: Path) -> list[Path]:
    """The pictures below a folder, by name.

    Raises:
        UserError: if the folder cannot be read or holds no picture.
    """
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())
    if not files:
        raise UserError(f"The folder {folder.name or folder} holds no picture; name another.")
    return files


@functools.lru_cache(maxsize=4)
def _photos_by_address(folder: Path) -> Mapping[str, Path]:
    try:
        files = list_pictures(folder)
    except UserError:
        return {}
    return {
        SCHEME + hashlib.sha256(file.relative_to(folder).as_posix().encode()).hexdigest()[:16]: file
        for file in files
    }
