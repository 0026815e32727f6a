"""Labelled pictures as uint8 tensors, taken by index: all in one tensor, or decoded from disk when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import torch
from PIL import Image
from torch import Tensor

from models.datasets.folder import SPLIT, Folder
from models.runtime.errors import UserError
from models.runtime.progress import Report

# Pillow decodes without holding Python's lock.
THREADS = 4
# Bytes that normalised pictures may take; beyond, they are normalised again for each batch.
NORMALISED = 256 * 1024**2

# The place of a file in its folder -> its pixels (C, H, W), uint8, and class index; None where it is no picture.
Decoder = Callable[[int], tuple[Tensor, int] | None]


class Pictures(Protocol):
    """Pictures that a batch is taken from."""

    def __len__(self) -> int:
        """How many there are, readable or not."""

    def take(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """Pixels of shape (N, C, H, W), uint8, and class indices of shape (N,); what is unreadable is left out."""


@dataclass(frozen=True, eq=False)
class InMemory:
    """Pictures that are all in one tensor on the device.

    Attributes:
        pixels: uint8 of shape (N, C, H, W).
        targets: class indices of shape (N,), on the same device.
    """

    pixels: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.targets)

    def take(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """Pixels (N, C, H, W) and class indices (N,)."""
        return self.pixels[indices], self.targets[indices]


class OnDisk:
    """Pictures of a folder that is larger than the memory it may take."""

    def __init__(self, decode: Decoder, places: Sequence[int], device: torch.device) -> None:
        self._decode, self._places, self._device = decode, places, device
        self._threads = ThreadPoolExecutor(THREADS)

    def __len__(self) -> int:
        return len(self._places)

    def take(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """Pixels (N, C, H, W) and class indices (N,), without the files that are no pictures."""
        places = [self._places[k] for k in indices.tolist()]
        return _stack(self._threads.map(self._decode, places), self._device)


def batch_reader(
    pictures: Pictures, normalise: Callable[[Tensor], Tensor], augment: Callable[[Tensor], Tensor] | None
) -> Callable[[Tensor], tuple[Tensor, Tensor]]:
    """A function from indices to what a network reads, float32 of shape (N, C, H, W), and class indices (N,).

    Args:
        pictures: that are taken.
        normalise: uint8 pixels of shape (N, C, H, W) -> what the network reads.
        augment: uint8 pixels -> uint8 pixels, anew each time; None where a picture is always the same: then all are
            normalised once, as far as they fit.
    """
    if augment is None and isinstance(pictures, InMemory) and 4 * pictures.pixels.numel() <= NORMALISED:
        inputs, targets = normalise(pictures.pixels).permute(0, 2, 3, 1).contiguous(), pictures.targets
        # Pictures one after another, channels last in each: a batch is copied as a few long pieces.
        return lambda indices: (inputs.index_select(0, indices).permute(0, 3, 1, 2), targets[indices])

    def take(indices: Tensor) -> tuple[Tensor, Tensor]:
        pixels, labels = pictures.take(indices)
        return normalise(pixels if augment is None else augment(pixels)), labels

    return take


def decoder(folder: Folder, pixels: Callable[[Image.Image], Tensor]) -> Decoder:
    """A function from a file's place in the folder to its pixels and class, or None where it is no picture."""

    def decode(place: int) -> tuple[Tensor, int] | None:
        try:
            image, label = folder.picture(SPLIT, place)
        except UserError:
            return None
        return pixels(image), label

    return decode


def decode_all(decode: Decoder, places: Sequence[int], *, device: torch.device, report: Report) -> InMemory:
    """The readable pictures of a folder in one tensor, decoded once.

    Raises:
        UserError: if none can be read.
    """

    def pictures() -> Iterator[tuple[Tensor, int] | None]:
        for done, picture in enumerate(threads.map(decode, places)):
            report(done + 1, len(places))
            yield picture

    with ThreadPoolExecutor(THREADS) as threads:
        return InMemory(*_stack(pictures(), device))


def _stack(pictures: Iterable[tuple[Tensor, int] | None], device: torch.device) -> tuple[Tensor, Tensor]:
    readable = [picture for picture in pictures if picture is not None]
    if not readable:
        raise UserError("Not one of these pictures can be read; look at the files of the folder.")
    pixels = torch.stack([pixels for pixels, _ in readable])
    return pixels.to(device), torch.tensor([label for _, label in readable], device=device)
