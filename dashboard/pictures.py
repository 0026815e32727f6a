"""Addresses of pictures, resolved: a sample photo, an item of a dataset, or something that was dropped."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from dashboard.uploads import UPLOADS
from models import datasets
from models.datasets.digits import as_digit
from models.datasets.names import PHOTOS as ANY_PHOTO
from models.errors import UserError
from models.images import decode
from models.photos import PHOTOS

DEFAULT_PHOTO = "giant_panda"
# Test pictures offered as samples of a dataset; any other can be named in the address.
OFFERED = 24


@dataclass(frozen=True)
class Label:
    """What a page says of a picture before it is opened.

    Attributes:
        address: as in the address.
        title: as on the page.
        credit: author, source and licence; empty for a person's own picture.
        fits: name of the dataset it belongs to, or PHOTOS.
    """

    address: str
    title: str
    credit: str
    fits: str


def label(address: str) -> Label:
    """What is known of a picture without opening it.

    Raises:
        UserError: if there is no such picture.
    """
    if address in PHOTOS:
        return Label(address, PHOTOS[address].title, PHOTOS[address].credit, ANY_PHOTO)
    if address.startswith("upload:"):
        upload = UPLOADS.find(address)
        if upload is None:
            raise UserError("The linked picture was dropped on another server, or long ago; drop it again. A sample is shown.")
        return Label(address, upload.name, "", ANY_PHOTO)
    if "/" in address:
        dataset, split, index = datasets.parse_item(address)
        return Label(address, f"{dataset.title}, {split} {index}", f"{dataset.source}, {dataset.licence}", dataset.name)
    raise UserError(f"There is no sample called {address[:40]!r}; choose one of {', '.join(PHOTOS)}.")


def opened(address: str, *, digit: bool = False) -> Image.Image:
    """The picture, upright.

    Args:
        digit: turns it into a digit like those of MNIST.

    Raises:
        UserError: if there is no such picture or it cannot be read.
    """
    picture = _read(address)
    return as_digit(picture) if digit else picture


def _read(address: str) -> Image.Image:
    known = label(address)
    if address in PHOTOS:
        return decode(PHOTOS[address].path.read_bytes(), known.title)
    upload = UPLOADS.find(address)
    if upload is not None:
        return decode(UPLOADS.read(upload), upload.name)
    dataset, split, index = datasets.parse_item(address)
    return dataset.picture(split, index)[0]


def start(fits: str) -> str:
    """Address of the picture that a network starts with."""
    return DEFAULT_PHOTO if fits == ANY_PHOTO else f"{fits}/test/0"


def samples(fits: str) -> tuple[str, ...]:
    """Addresses of the samples that are offered for a network."""
    if fits == ANY_PHOTO:
        return tuple(PHOTOS)
    return tuple(f"{fits}/test/{index}" for index in range(OFFERED))


def belongs(address: str, fits: str) -> bool:
    """Whether a picture is of the kind that a network was made for. A person's own picture is any kind."""
    return address.startswith("upload:") or label(address).fits == fits
