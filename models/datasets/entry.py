"""What the table says of a dataset before its pictures are in memory, and the pictures once they are."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PIL import Image

from models.preprocessing import Preprocessing
from models.runtime.errors import UserError
from models.runtime.progress import Report, silent

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Images(Protocol):
    """The labelled pictures of a dataset, split by split."""

    def picture(self, split: str, index: int) -> tuple[Image.Image, int]:
        """One picture and the index of its class. Raises UserError where the picture cannot be read."""

    def labels(self, split: str) -> NDArray[np.int64]:
        """The class index of every picture of a split, shape (N,), without reading a picture."""


@dataclass(frozen=True, eq=False)
class Arrays:
    """Images that are all in memory; shared by everyone, so nobody writes to them.

    Attributes:
        pixels: split -> uint8 of shape (N, H, W), or (N, H, W, 3) for colour.
        targets: split -> class indices of shape (N,).
    """

    pixels: Mapping[str, NDArray[np.uint8]]
    targets: Mapping[str, NDArray[np.int64]]

    def picture(self, split: str, index: int) -> tuple[Image.Image, int]:
        """One picture, grey ("L") or "RGB", and the index of its class."""
        return Image.fromarray(self.pixels[split][index]), int(self.targets[split][index])

    def labels(self, split: str) -> NDArray[np.int64]:
        """The class index of every picture of a split, shape (N,)."""
        return self.targets[split]


@dataclass(frozen=True, eq=False)
class Dataset:
    """One labelled set of pictures.

    Attributes:
        name: as in the address, unique.
        title: as on the page.
        classes: one name per class index.
        counts: split -> number of pictures.
        size: height and width of what a network for this dataset reads, in pixels.
        mean: per channel, of the training pixels scaled to [0, 1]; one entry means grey pictures, three RGB.
        std: per channel, as the mean.
        licence: of the pictures.
        source: whom to credit and where this copy comes from, in words.
        load: the pictures, the same object at every call; fetches what is not on this machine, telling a
            Report how far it is. Raises UserError where they cannot be had.
        on_board: True where loading needs no network.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    counts: Mapping[str, int]
    size: tuple[int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    licence: str
    source: str
    load: Callable[[Report], Images]
    on_board: bool = True

    @property
    def channels(self) -> int:
        """Channels of the pictures: 1 (grey) or 3 (RGB)."""
        return len(self.mean)

    @property
    def preprocessing(self) -> Preprocessing:
        """What a network trained on this dataset does to a picture."""
        return Preprocessing(size=self.size, resize=min(self.size), mean=self.mean, std=self.std)

    def check(self, split: str, index: int) -> None:
        """Raise UserError where there is no such picture; reads none."""
        if split not in self.counts:
            choices = ", ".join(self.counts)
            raise UserError(f"{self.title} has no split {split[:40]!r}; choose one of {choices}.")
        if not 0 <= index < self.counts[split]:
            last = self.counts[split] - 1
            raise UserError(f"{self.title} has no {split} picture {index}; choose a number from 0 to {last}.")

    def picture(self, split: str, index: int, report: Report = silent) -> tuple[Image.Image, int]:
        """One picture and the index of its class.

        Raises:
            UserError: if there is no such picture, it cannot be read, or the dataset cannot be fetched.
        """
        self.check(split, index)
        return self.load(report).picture(split, index)


def load_once(load: Callable[[Report], Images]) -> Callable[[Report], Images]:
    """The same load, done once per process; threads that ask meanwhile wait for it. A failure is not kept."""
    lock = threading.Lock()
    loaded: list[Images] = []

    def load_or_wait(report: Report) -> Images:
        with lock:
            if not loaded:
                loaded.append(load(report))
            return loaded[0]

    return load_or_wait
