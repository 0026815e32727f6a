"""The pictures that a pass goes over for a network: its dataset's test pictures, or the photos that are here."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence

import torch
from PIL import Image
from torch import Tensor

from dashboard import pictures
from dashboard.inspection.passes.pool import FEW, Item, Pool, dataset_pool
from dashboard.view import View
from models import datasets
from models.datasets import photo_folder
from models.datasets.names import PHOTOS
from models.runtime.errors import UserError

# The address of a photo, and which part of it; None for all of it.
Part = tuple[str, str | None]
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
    addresses = [*pictures.samples(PHOTOS), *own, *photo_folder.photos()]
    # Where there are many, their parts add little.
    cuts = PARTS if len(addresses) < FEW else {}
    parts: list[Part] = [(address, part) for address in addresses for part in (None, *cuts)]
    added = f" and {len(parts) - len(addresses):,} parts of them" if cuts else ""
    remark = " ".join(filter(None, [*photo_folder.passed_over(), photo_folder.repeated()]))
    return dataclasses.replace(
        _photos(view, parts, f"{len(addresses):,} photos{added}", owner),
        remark=f"Of the folder VITRINE_IMAGES: {remark}" if remark else "",
    )


def samples(view: View) -> Pool:
    """The photos on board, each as a whole."""
    return _photos(view, [(address, None) for address in pictures.samples(PHOTOS)], "the photos on board")


def _photos(view: View, parts: Sequence[Part], title: str, owner: str | None = None) -> Pool:
    """Photos or parts of them, as the network reads them."""
    transforms = view.classifier.preprocessing.transforms()

    def take(indices: Sequence[int]) -> Tensor:
        return torch.stack([transforms(_open(*parts[index])) for index in indices])

    return Pool(
        title=title,
        key=hashlib.sha256(repr(parts).encode()).hexdigest(),
        items=tuple(Item(address, _title(address, part, owner)) for address, part in parts),
        take=take,
    )


def _open(address: str, part: str | None) -> Image.Image:
    """A photo, or a part of it that is at least one pixel wide and high."""
    picture = pictures.find(address).open()
    if part is None:
        return picture
    left, top = (round(share * side) for share, side in zip(PARTS[part], picture.size, strict=True))
    right, bottom = (
        max(round((share + PART) * side), start + 1)
        for share, side, start in zip(PARTS[part], picture.size, (left, top), strict=True)
    )
    return picture.crop((left, top, right, bottom))


def _title(address: str, part: str | None, owner: str | None) -> str:
    try:
        title = pictures.find(address, owner).title
    except UserError:  # it is gone since it was listed
        title = "Photo"
    return title if part is None else f"{title}, {part}"
