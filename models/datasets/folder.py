"""A folder of pictures as a dataset: one subfolder per class."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.datasets.entry import Dataset
from models.photos.decoding import decode
from models.runtime.errors import UserError

SPLIT = "all"
SUFFIXES = {".avif", ".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}


class Folder:
    """Images that stay on disk until they are looked at.

    Attributes:
        unreadable: the files that proved to be no picture so far; none before a picture is asked for.
    """

    def __init__(self, files: list[tuple[Path, int]]) -> None:
        self._files = files
        self.unreadable: set[Path] = set()

    def picture(self, split: str, index: int) -> tuple[Image.Image, int]:
        """One picture and the index of its class. Raises UserError where the file is no picture."""
        path, label = self._files[index]
        try:
            return decode(_read_bytes(path), path.name), label
        except UserError:
            self.unreadable.add(path)
            raise

    def pictures(self) -> Iterator[tuple[Image.Image, int]]:
        """Every picture and the index of its class; a file that is no picture is passed over."""
        for index in range(len(self._files)):
            try:
                yield self.picture(SPLIT, index)
            except UserError:
                continue

    def labels(self, split: str) -> NDArray[np.int64]:
        """The class index of every file, shape (N,)."""
        return np.array([label for _, label in self._files], dtype=np.int64)


def folder_dataset(path: Path, size: tuple[int, int] = (224, 224)) -> Dataset:
    """The pictures below a folder, with one split, "all", and the names of the subfolders as classes.

    Args:
        path: holds one subfolder per class, at any depth below which its pictures lie.
        size: height and width of what a network reads, in pixels.

    Raises:
        UserError: if the folder cannot be listed, or no subfolder holds a picture.
    """
    try:
        files_by_class = {child.name: _pictures(child) for child in sorted(path.iterdir()) if child.is_dir()}
    except OSError as error:
        raise UserError(f"The folder {path} cannot be read ({error.strerror}); choose another.") from error
    classes = tuple(name for name, files in files_by_class.items() if files)
    if not classes:
        raise UserError(f"The folder {path} holds no subfolder with pictures; make one subfolder per class.")
    images = Folder([(file, label) for label, name in enumerate(classes) for file in files_by_class[name]])
    return Dataset(
        name=path.name,
        title=path.name,
        classes=classes,
        counts={SPLIT: len(images.labels(SPLIT))},
        size=size,
        # Nobody has measured these pictures; ImageNet's statistics are what pretrained networks expect.
        mean=(0.485, 0.456, 0.406),
        std=(0.229, 0.224, 0.225),
        licence="unknown",
        source=str(path),
        load=lambda _: images,
    )


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path.name} cannot be read ({error.strerror}); choose another picture.") from error


def _pictures(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())
