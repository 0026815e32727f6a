"""A folder of pictures as a dataset: one subfolder per class, below folders for its parts where it has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.datasets import photo_folder
from models.datasets.copies import find_copies
from models.datasets.entry import Dataset
from models.datasets.listing import TRAIN, ListedPicture, Listing, list_folder, part_of
from models.datasets.remarks import remark
from models.datasets.split import Indices, Known, Split, contradictions
from models.runtime.errors import UserError

SPLIT = "all"


class Folder:
    """Images that stay on disk until they are looked at.

    Attributes:
        unreadable: the files that proved to be no picture so far; none before a picture is asked for.
    """

    def __init__(
        self,
        path: Path,
        pictures: Sequence[ListedPicture],
        classes: Sequence[str],
        remarks: Sequence[str] = (),
    ) -> None:
        """Hold pictures of some classes.

        Args:
            path: the folder.
            pictures: each of one of the classes.
            classes: their names, in order.
            remarks: what is to be said of the folder already.
        """
        index = {name: place for place, name in enumerate(classes)}
        self._path, self._classes, self._remarks = path, classes, remarks
        self._files = [picture.path for picture in pictures]
        self._labels = np.array([index[picture.label] for picture in pictures], dtype=np.int64)
        self._parts = np.array([picture.part for picture in pictures], dtype=np.str_)
        self.unreadable: set[Path] = set()

    def picture(self, split: str, index: int) -> tuple[Image.Image, int]:
        """One picture and the index of its class. Raises UserError where the file is no picture."""
        path = self._files[index]
        try:
            return photo_folder.picture(path), int(self._labels[index])
        except UserError:
            self.unreadable.add(path)
            raise

    def files(self, indices: Indices) -> list[Path]:
        """Where some pictures lie."""
        return [self._files[index] for index in indices]

    def pictures(self) -> Iterator[tuple[Image.Image, int]]:
        """Every picture and the index of its class; a file that is no picture is passed over."""
        for index in range(len(self._files)):
            try:
                yield self.picture(SPLIT, index)
            except UserError:
                continue

    def labels(self, split: str) -> NDArray[np.int64]:
        """The class index of every file, shape (N,)."""
        return self._labels

    @cached_property
    def known(self) -> Known:
        """The part that each file lies in, and which are the same picture; reads files of one size."""
        return Known(self._parts, find_copies(self._files))

    def remarks(self, split: Split) -> tuple[str, ...]:
        """What is to be said of the folder and of the way in which its pictures are parted, a sentence each."""
        copies, labels = self.known.copies, self._labels
        doubtful = contradictions(labels, copies)
        twice = np.flatnonzero(doubtful & (labels != labels[copies]))
        sentences = (
            remark("copied", self._pairs(np.flatnonzero(copies != np.arange(len(copies))))),
            remark("contradictory", self._pairs(twice), len(np.unique(copies[twice]))),
            remark(
                "leaked", [self._name(self._files[place]) for place in split.leaked[~doubtful[split.leaked]]]
            ),
            *(
                remark(kind, [name for place, name in enumerate(self._classes) if place not in labels[part]])
                for kind, part in (("untrained", split.train), ("unmeasured", split.validation))
            ),
        )
        kept_back = self._parts == "validation"
        if kept_back[split.train].any():
            sentences += ("Cross-validation parts its training and validation pictures anew.",)
        elif kept_back.any() and not kept_back[split.validation].any():
            sentences += ("Nothing that was kept back is left, so a part of the training pictures is.",)
        return (*self._remarks, *filter(None, sentences))

    def unreadable_remark(self) -> str:
        """Which files have proved to be no pictures so far; empty where all are."""
        return remark("unreadable", sorted(self._name(file) for file in self.unreadable))

    def _pairs(self, places: NDArray[np.int64]) -> list[str]:
        """Each of some copies beside the picture that it is a copy of."""
        return [
            f"{self._name(self._files[self.known.copies[place]])} = {self._name(self._files[place])}"
            for place in places
        ]

    def _name(self, file: Path) -> str:
        return file.relative_to(self._path).as_posix()


def folder_dataset(path: Path, size: tuple[int, int] = (224, 224)) -> Dataset:
    """The pictures below a folder, with one split, "all", and the names of the subfolders as classes, in order.

    Where folders for train, validation or test lie above the classes, these are the classes of train.

    Args:
        path: holds one subfolder per class, at any depth below which its pictures lie.
        size: height and width of what a network reads, in pixels.

    Raises:
        UserError: if the folder cannot be listed, no subfolder holds a picture, or one alone does.
    """
    listing = list_folder(path)
    labelled = [picture for picture in listing.pictures if picture.label]
    trained = {picture.label for picture in labelled if picture.part in ("", TRAIN)}
    classes = tuple(sorted(trained))
    _check_classes(path, classes, labelled, listing)
    strangers = [picture for picture in labelled if picture.label not in trained]
    loose = [picture.path.relative_to(path).as_posix() for picture in listing.pictures if not picture.label]
    remarks = (
        *(remark(kind, names) for kind, names in listing.passed_over.items()),
        remark("loose", loose),
        remark("unlearned", sorted({picture.label for picture in strangers}), len(strangers)),
    )
    images = Folder(
        path,
        [picture for picture in labelled if picture.label in trained],
        classes,
        tuple(filter(None, (_parts_remark(listing, labelled), *remarks))),
    )
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


def _check_classes(
    path: Path, classes: Sequence[str], labelled: Sequence[ListedPicture], listing: Listing
) -> None:
    """Raise UserError, saying what to do, where there are not two classes to tell apart."""
    parts = ", ".join(name for names in listing.parts.values() for name in names)
    if len(classes) > 1 and not all(part_of(name) for name in classes):
        return
    if not classes and parts:
        raise UserError(f"The folder {path} has pictures in {parts}, but none in train; put some there.")
    if not classes:
        why = remark("foreign", listing.passed_over.get("foreign", ()))
        raise UserError(
            f"The folder {path} holds no subfolder with pictures; make one subfolder per class. {why}".strip()
        )
    if all(part_of(name) for name in classes):
        raise UserError(
            f"The folder {path} is parted into {', '.join(classes)}, which hold no subfolder with pictures; make one "
            "subfolder per class in each."
        )
    deeper = {picture.path.relative_to(path).parts[-2] for picture in labelled} - {*classes}
    hint = f", or choose {path / classes[0]}, which has subfolders" if deeper else ""
    raise UserError(
        f"The folder {path} holds one class alone ({classes[0]}, {len(labelled):,} pictures), so there is nothing to "
        f"tell apart; make a subfolder for another class{hint}."
    )


def _parts_remark(listing: Listing, labelled: Sequence[ListedPicture]) -> str:
    """That folders above the classes are taken as the parts that they are called; empty where there are none."""
    counts = [
        f"{' and '.join(names)} ({sum(picture.part == part for picture in labelled):,} pictures)"
        for part, names in listing.parts.items()
    ]
    if len(counts) > 1:
        return f"The folder is parted already, and this is taken: {', '.join(counts)}."
    alone = [name for names in listing.parts.values() for name in names]
    return f"Only {', '.join(alone)} is there, so its pictures are parted at random." if alone else ""
