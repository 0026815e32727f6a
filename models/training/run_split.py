"""Which pictures a run learned from and which it kept back, after the run; and the address of one in a folder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.datasets.copies import find_copies
from models.datasets.entry import Dataset
from models.datasets.folder import SPLIT, Folder
from models.datasets.split import Split
from models.runtime.errors import UserError
from models.runtime.progress import silent
from models.training import runs
from models.training.as_networks import PREFIX
from models.training.kinds import FOLDER
from models.training.runs import Run

ITEM = re.compile(rf"{PREFIX}([^@/]{{1,100}})/(0|[1-9][0-9]{{0,8}})")


@dataclass(frozen=True, eq=False)
class RunSplit:
    """Which pictures of its dataset a run learned from and which it kept back.

    Attributes:
        dataset: that it was trained on, with the classes in the order of its logits.
        name: the split of the dataset that the run's pictures are from.
        indices: of the pictures in that split, by part.
        read: how many pictures the run could read; files that are no pictures make it fewer than there are.
    """

    dataset: Dataset
    name: str
    indices: Split
    read: int

    @property
    def has_changed(self) -> bool:
        """Whether there are more or fewer pictures than the run read, so that the split may be another one now."""
        return len(self.indices.train) + len(self.indices.validation) != self.read


def load_split(run: Run) -> RunSplit:
    """The split of a run, made again as it was made for it.

    Raises:
        UserError: if they are gone, or others than those it was trained on.
    """
    dataset, facts = _dataset(run), run.facts()
    if dataset.classes != facts.classes:
        raise UserError(f"The folder that run {run.id} was trained on holds other classes now.")
    name = SPLIT if run.config.dataset == FOLDER else "train"
    images = dataset.load(silent)
    known = images.known if isinstance(images, Folder) else None
    indices = run.config.split(images.labels(name), known)
    return RunSplit(dataset, name, indices, read=facts.counts["train"] + facts.counts["validation"])


def count_learned(split: RunSplit, files: Sequence[Path]) -> int:
    """How many of some files a run learned from: those themselves, or pictures with the same bytes.

    Args:
        split: of a run on a folder.
        files: anywhere, each once.
    """
    images = split.dataset.load(silent)
    assert isinstance(images, Folder)
    learned = images.files(split.indices.train)
    # In the run's own folder nothing needs to be read to know them.
    known = {*learned}
    others = [file for file in files if file not in known]
    copies = find_copies([*learned, *others])
    twins = np.isin(copies[len(learned) :], copies[: len(learned)])
    return len(files) - len(others) + int(twins.sum())


def address(run: Run, index: int) -> str:
    """How the address names a picture of the folder that a run was trained on."""
    return f"{PREFIX}{run.id}/{index}"


def parse_item(address: str) -> tuple[Dataset, str, int]:
    """The folder as a dataset, the split and the index that such an address names; reads no picture.

    Raises:
        UserError: if the address has another form, or there is no such run, folder or picture.
    """
    match = ITEM.fullmatch(address)
    run = runs.find(match[1]) if match else None
    if match is None or run is None or run.config.dataset != FOLDER:
        raise UserError("That is no address of a picture that a run was trained on; choose one from a list.")
    dataset, index = _dataset(run), int(match[2])
    dataset.check(SPLIT, index)
    return dataset, SPLIT, index


def _dataset(run: Run) -> Dataset:
    # Imported here: it imports torch, and an address is read without.
    from models.training.pictures import dataset_of

    try:
        return dataset_of(run.config)
    except UserError as error:
        raise UserError(f"The pictures that run {run.id} was trained on are not in their folder.") from error
