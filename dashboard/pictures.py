"""Addresses of pictures, resolved: a sample photo, an item of a dataset or a folder, or something dropped."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from dashboard.uploads import UPLOADS
from models import datasets
from models.datasets import photo_folder
from models.datasets.digits import as_digit
from models.datasets.names import PHOTOS as ANY_PHOTO
from models.photos.decoding import decode, safe_name
from models.photos.samples import PHOTOS, Photo
from models.photos.uploads import SCHEME, Upload
from models.runtime.errors import UserError
from models.training import parts
from models.training.as_networks import PREFIX as RUN

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


def label(address: str, owner: str | None = None) -> Label:
    """What is known of a picture without opening it.

    Args:
        address: as typed by anybody.
        owner: who asks; only they see the name of the file they dropped.

    Raises:
        UserError: if there is no such picture.
    """
    if address.startswith(SCHEME):
        return Label(address, _upload(address, owner).name, "", ANY_PHOTO)
    if address.startswith(photo_folder.SCHEME):
        return Label(address, safe_name(photo_folder.find(address).name), "", ANY_PHOTO)
    if address.startswith(RUN):
        return Label(address, safe_name(parts.title(address)), "", ANY_PHOTO)
    if "/" in address:
        dataset, split, index = datasets.parse_item(address)
        title = f"{dataset.title}, {split} {index}"
        return Label(address, title, f"{dataset.source}, {dataset.licence}", dataset.name)
    photo = _photo(address)
    return Label(address, photo.title, photo.credit, ANY_PHOTO)


def opened(address: str, *, digit: bool = False) -> Image.Image:
    """The picture, upright.

    Args:
        address: as typed by anybody.
        digit: turns it into a digit like those of MNIST.

    Raises:
        UserError: if there is no such picture or it cannot be read.
    """
    picture = _read(address)
    return as_digit(picture) if digit else picture


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
    return address.startswith(SCHEME) or label(address).fits == fits


def _read(address: str) -> Image.Image:
    if address.startswith(SCHEME):
        upload = _upload(address)
        return decode(UPLOADS.read(upload), upload.name)
    if address.startswith(photo_folder.SCHEME):
        path = photo_folder.find(address)
        return decode(photo_folder.content(path), path.name)
    if address.startswith(RUN):
        return parts.picture(address)
    if "/" in address:
        dataset, split, index = datasets.parse_item(address)
        return dataset.picture(split, index)[0]
    photo = _photo(address)
    return decode(photo.path.read_bytes(), photo.title)


def _upload(address: str, owner: str | None = None) -> Upload:
    upload = UPLOADS.find(address, owner)
    if upload is None:
        raise UserError(
            "The picture of this link was dropped on another server, or too long ago; drop it again to see it."
        )
    return upload


def _photo(address: str) -> Photo:
    if address not in PHOTOS:
        raise UserError(f"There is no sample called {address[:40]!r}; choose one of {', '.join(PHOTOS)}.")
    return PHOTOS[address]
