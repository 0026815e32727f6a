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
from models.datasets.listing import TEST, TRAIN, VALIDATION
from models.datasets.remarks import remark
from models.datasets.split import balanced_order, contradictions, part_without_copies

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
        remarks: what else is to be said of the folder, a sentence each.
    """

    addresses: tuple[str, ...]
    labels: NDArray[np.int64]
    total: int
    strangers: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def find_labelled_photos(classes: Sequence[str]) -> LabelledPhotos:
    """The photos of the folder VITRINE_IMAGES that lie in a subfolder named after one of the classes.

    Where a split lies above these, its test photos, else its validation photos. Each photo once, and none that lies in
    two classes or is learned from. Where there are more than MOST, a random choice in which the classes keep their
    proportions.
    """
    pictures = photo_folder.listed()
    folders = {photo.label for photo in pictures.values() if photo.label}
    index = class_indices(sorted(folders), classes)
    listed = [*enumerate(pictures.items())]
    places = [place for place, (_, photo) in listed if photo.label in index]
    addresses, photos = [listed[place][1][0] for place in places], [listed[place][1][1] for place in places]
    labels = np.array([index[photo.label] for photo in photos], dtype=np.int64)
    _, first, group = np.unique(photo_folder.copies()[places], return_index=True, return_inverse=True)
    copies = first[group]
    parts = np.array([photo.part for photo in photos], dtype=np.str_)
    # What nobody learns from, as far as anything is left of it; else all there is.
    for wanted in ((TEST,), (VALIDATION,), ("", TRAIN, VALIDATION, TEST)):
        measured, others = np.flatnonzero(np.isin(parts, wanted)), np.flatnonzero(~np.isin(parts, wanted))
        once = part_without_copies(others, measured, np.arange(0), labels, copies)
        if len(once.validation):
            break
    kept = once.validation[np.sort(balanced_order(labels[once.validation], SEED)[:MOST])]
    doubtful = contradictions(labels, copies)[once.leaked]
    names = np.array([photos[place].path.name for place in once.leaked], dtype=object)
    remarks = (
        _parts_remark(wanted, len(others), parts),
        *photo_folder.passed_over(),
        remark("loose", [photo.path.name for photo in pictures.values() if not photo.label]),
        remark("contradictory", names[doubtful].tolist(), len(np.unique(copies[once.leaked][doubtful]))),
        remark("repeated", names[~doubtful].tolist()),
        _lone_class(classes, labels[once.validation]),
    )
    return LabelledPhotos(
        addresses=tuple(addresses[place] for place in kept),
        labels=labels[kept],
        total=len(once.validation),
        strangers=tuple(sorted(folders - index.keys())),
        remarks=tuple(filter(None, remarks)),
    )


def _parts_remark(measured: tuple[str, ...], others: int, parts: NDArray[np.str_]) -> str:
    """Which of the folder's own parts are measured on; empty where it is not parted."""
    if len(measured) == 1:
        return (
            f"The folder is parted: these are its {measured[0]} photos. The other {others:,} are left out, as a "
            "network may have learned from them."
        )
    if not parts.any():
        return ""
    return "The folder is parted, but all is in its train part, too: a network may have learned from these photos."


def _lone_class(classes: Sequence[str], labels: NDArray[np.int64]) -> str:
    there = np.unique(labels)
    if len(there) != 1:
        return ""
    return f"Only one class is there ({classes[there[0]]}): nothing is said of what else is taken for it."


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
