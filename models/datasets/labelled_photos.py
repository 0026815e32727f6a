"""Photos of the operator's folder whose subfolder is named after a class."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.datasets import photo_folder
from models.datasets.imagenet import SYNSET, imagenet_classes, imagenet_synsets
from models.datasets.split import balanced_order

# A pass over more would keep everybody waiting for a network of this size.
MOST = 2000
SEED = 0


@dataclass(frozen=True, eq=False)
class LabelledPhotos:
    """Photos whose class their folder tells.

    Attributes:
        addresses: of at most MOST photos, in the order of their names.
        labels: (N,) int64, the class index of each.
        total: how many there are in all.
        strangers: names of the subfolders with photos that are named after no class.
    """

    addresses: tuple[str, ...]
    labels: NDArray[np.int64]
    total: int
    strangers: tuple[str, ...]


def find_labelled_photos(classes: Sequence[str]) -> LabelledPhotos:
    """The photos of the folder VITRINE_IMAGES that lie in a subfolder named after one of the classes.

    Where there are more than MOST, a random choice in which the classes keep their proportions.
    """
    of = {address: folder for address, folder in photo_folder.subfolders().items() if folder}
    index = class_indices(sorted(set(of.values())), classes)
    addresses = [address for address, folder in of.items() if folder in index]
    labels = np.array([index[of[address]] for address in addresses], dtype=np.int64)
    kept = np.sort(balanced_order(labels, SEED)[:MOST]) if len(labels) else np.arange(0)
    return LabelledPhotos(
        addresses=tuple(addresses[place] for place in kept),
        labels=labels[kept],
        total=len(addresses),
        strangers=tuple(sorted(set(of.values()) - index.keys())),
    )


def class_indices(folders: Sequence[str], classes: Sequence[str]) -> Mapping[str, int]:
    """Name of a folder -> index of the class that it is named after, whatever its case and separators.

    A name that two classes have tells nothing. ImageNet's folders (n01440764) are known where the classes are its.
    """
    times = Counter(_normalise_name(name) for name in classes)
    known = {
        _normalise_name(name): place
        for place, name in enumerate(classes)
        if times[_normalise_name(name)] == 1
    }
    if any(SYNSET.fullmatch(name) for name in folders) and tuple(classes) == imagenet_classes():
        known |= {name: place for place, name in enumerate(imagenet_synsets())}
    return {name: known[_normalise_name(name)] for name in folders if _normalise_name(name) in known}


def _normalise_name(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name).strip().casefold()
