"""Addresses of pictures, each resolved once: a sample photo, an item of a dataset or a folder, or something dropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image

from models import datasets
from models.datasets import photo_folder
from models.datasets.digits import as_digit
from models.datasets.names import PHOTOS as ANY_PHOTO
from models.photos import uploads
from models.photos.decoding import decode, safe_name
from models.photos.samples import PHOTOS
from models.photos.uploads import Uploads
from models.runtime.errors import UserError
from models.training import as_networks, run_split
from models.training.kinds import FOLDER
from models.training.runs import Run

# The photos that visitors dropped: one store for the server.
UPLOADS = Uploads()
DEFAULT_PHOTO = "giant_panda"
# Test pictures offered as samples of a dataset; any other can be named in the address.
OFFERED = 24


@dataclass(frozen=True)
class NamedPicture:
    """A picture that an address names, and what a page says of it before it is opened.

    Attributes:
        address: as in the address.
        title: as on the page.
        credit: author, source and licence; empty for a person's own picture.
        fits: name of the dataset it belongs to, or PHOTOS.
        read: decodes it. Raises UserError if it is gone or cannot be read.
        truth: name of the class that it has; None where nobody has said.
    """

    address: str
    title: str
    credit: str
    fits: str
    read: Callable[[], Image.Image] = field(repr=False, compare=False)
    truth: Callable[[], str | None] = field(default=lambda: None, repr=False, compare=False)

    def open(self, *, digit: bool = False) -> Image.Image:
        """The picture, upright.

        Args:
            digit: turns it into a digit like those of MNIST.

        Raises:
            UserError: if it is gone since it was found, or cannot be read.
        """
        picture = self.read()
        return as_digit(picture) if digit else picture


def find(address: str, owner: str | None = None) -> NamedPicture:
    """The picture of an address.

    Args:
        address: as typed by anybody.
        owner: who asks; only they see the name of the file they dropped.

    Raises:
        UserError: if there is no such picture.
    """
    for scheme, resolve in _SCHEMES.items():
        if address.startswith(scheme):
            return resolve(address, owner)
    return _item(address) if "/" in address else _sample(address)


def _sample(address: str) -> NamedPicture:
    if address not in PHOTOS:
        raise UserError(f"There is no sample called {address[:40]!r}; choose one of {', '.join(PHOTOS)}.")
    photo = PHOTOS[address]
    return NamedPicture(
        address, photo.title, photo.credit, ANY_PHOTO, lambda: decode(photo.path.read_bytes(), photo.title)
    )


def _item(address: str) -> NamedPicture:
    dataset, split, index = datasets.parse_item(address)
    return NamedPicture(
        address,
        f"{dataset.title}, {split} {index}",
        f"{dataset.source}, {dataset.licence}",
        dataset.name,
        lambda: dataset.picture(split, index)[0],
        lambda: dataset.classes[dataset.picture(split, index)[1]],
    )


def _of_run(address: str, owner: str | None) -> NamedPicture:
    dataset, split, index = run_split.parse_item(address)
    return NamedPicture(
        address,
        safe_name(f"{dataset.title}, picture {index}"),
        "",
        ANY_PHOTO,
        lambda: dataset.picture(split, index)[0],
        lambda: dataset.classes[dataset.picture(split, index)[1]],
    )


def _in_folder(address: str, owner: str | None) -> NamedPicture:
    file = photo_folder.find(address)
    return NamedPicture(address, safe_name(file.name), "", ANY_PHOTO, lambda: photo_folder.picture(file))


def _upload(address: str, owner: str | None) -> NamedPicture:
    upload = UPLOADS.find(address, owner)
    if upload is None:
        raise UserError(
            "The picture of this link was dropped on another server, or too long ago; drop it again to see it."
        )
    return NamedPicture(
        address, upload.name, "", ANY_PHOTO, lambda: decode(UPLOADS.read(upload), upload.name)
    )


# How an address begins -> what resolves it.
_SCHEMES: dict[str, Callable[[str, str | None], NamedPicture]] = {
    uploads.SCHEME: _upload,
    photo_folder.SCHEME: _in_folder,
    as_networks.PREFIX: _of_run,
}


def is_dropped(address: str) -> bool:
    """Whether the address is one of those that dropped pictures have; the picture may be gone."""
    return address.startswith(uploads.SCHEME)


def start(fits: str) -> str:
    """Address of the picture that a network starts with, and of any photo for one that reads no pictures."""
    return f"{fits}/test/0" if fits in datasets.DATASETS else DEFAULT_PHOTO


def of_run(run: Run) -> str:
    """Address of a picture of a run's own data that it did not learn from, as far as there still is one."""
    fits = run.facts().fits
    if run.config.dataset != FOLDER:
        return start(fits)
    try:
        kept_back = run_split.load_split(run).indices.validation
    except UserError:
        return start(fits)
    return run_split.address(run, int(kept_back[0])) if len(kept_back) else start(fits)


def samples(fits: str) -> tuple[str, ...]:
    """Addresses of the samples that are offered for a network."""
    return tuple(PHOTOS) if fits == ANY_PHOTO else tuple(f"{fits}/test/{index}" for index in range(OFFERED))


def belongs(address: str, fits: str) -> bool:
    """Whether a picture is of the kind that a network was made for. A person's own picture is any kind."""
    return is_dropped(address) or find(address).fits == fits
