"""The pictures that a pass goes over for a network: its dataset's test pictures, or the photos that are here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import torch
from torch import Tensor

from dashboard import pictures
from dashboard.inspection.passes.pool import FEW, Item, Pool, dataset_pool
from dashboard.view import View
from models import datasets
from models.datasets import photo_folder
from models.datasets.names import PHOTOS
from models.runtime.errors import UserError

# Parts that are cut out of a photo, besides the photo as the network reads it: name -> left and top, as shares.
PART = 0.6
PARTS = {
    "upper left": (0.0, 0.0),
    "upper right": (1 - PART, 0.0),
    "lower left": (0.0, 1 - PART),
    "lower right": (1 - PART, 1 - PART),
}


def pool(view: View, own: Sequence[str] = (), owner: str | None = None) -> Pool:
    """The pictures that fit the network.

    Args:
        view: the network.
        own: addresses of pictures that its visitor dropped.
        owner: who that is.
    """
    if view.model.fits != PHOTOS:
        return dataset_pool(datasets.find_dataset(view.model.fits), view.classifier)
    return _photos(view, own, owner)


def _photos(view: View, own: Sequence[str], owner: str | None) -> Pool:
    """The photos on board, the visitor's own and those of the named folder, each whole and in four parts."""
    addresses = [*pictures.samples(PHOTOS), *own, *photo_folder.photos()]
    # Where there are many, their parts add little.
    cuts = PARTS if len(addresses) < FEW else {}
    parts: list[tuple[str, str | None]] = [(address, part) for address in addresses for part in (None, *cuts)]
    transforms = view.classifier.preprocessing.transforms()

    def read(address: str, part: str | None) -> Tensor:
        picture = pictures.find(address).open()
        if part is not None:
            left, top = PARTS[part]
            width, height = picture.size
            picture = picture.crop(
                (
                    round(left * width),
                    round(top * height),
                    max(round((left + PART) * width), round(left * width) + 1),
                    max(round((top + PART) * height), round(top * height) + 1),
                )
            )
        inputs: Tensor = transforms(picture)
        return inputs

    def take(indices: Sequence[int]) -> Tensor:
        return torch.stack([read(*parts[index]) for index in indices])

    return Pool(
        title=f"{len(addresses):,} photos"
        + (f" and {len(parts) - len(addresses):,} parts of them" if cuts else ""),
        key=hashlib.sha256(repr(parts).encode()).hexdigest(),
        items=tuple(Item(address, _title(address, part, owner)) for address, part in parts),
        take=take,
    )


def samples(view: View) -> Pool:
    """The photos on board, each as a whole."""
    addresses = pictures.samples(PHOTOS)
    transforms = view.classifier.preprocessing.transforms()

    def take(indices: Sequence[int]) -> Tensor:
        return torch.stack([transforms(pictures.find(addresses[index]).open()) for index in indices])

    return Pool(
        title="the photos on board",
        key=hashlib.sha256(repr(addresses).encode()).hexdigest(),
        items=tuple(Item(address, pictures.find(address).title) for address in addresses),
        take=take,
    )


def _title(address: str, part: str | None, owner: str | None) -> str:
    try:
        title = pictures.find(address, owner).title
    except UserError:  # it is gone since it was listed
        title = "Photo"
    return title if part is None else f"{title}, {part}"
