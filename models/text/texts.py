"""What the table says of labelled texts before they are in memory, and the texts once they are."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.runtime.errors import UserError
from models.runtime.progress import Report, silent


@dataclass(frozen=True, eq=False)
class Texts:
    """Labelled texts; shared by everyone.

    Attributes:
        texts: split -> texts.
        targets: split -> class indices of shape (N,).
    """

    texts: Mapping[str, tuple[str, ...]]
    targets: Mapping[str, NDArray[np.int64]]


@dataclass(frozen=True, eq=False)
class LabelledTexts:
    """One labelled set of texts.

    Attributes:
        name: as in the address, unique among all datasets.
        title: as on the page.
        classes: one name per class index.
        counts: split -> number of texts.
        licence: of the texts.
        source: whom to credit and where this copy comes from, in words.
        load: the texts, the same object at every call. Raises UserError where they cannot be had.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    counts: Mapping[str, int]
    licence: str
    source: str
    load: Callable[[Report], Texts]

    def text(self, split: str, index: int, report: Report = silent) -> tuple[str, int]:
        """One text and the index of its class. Raises UserError where there is no such text."""
        if not 0 <= index < self.counts.get(split, 0):
            raise UserError(
                f"{self.title} has no {split[:40]} text {index}; choose one of "
                + ", ".join(f"{name} 0 to {count - 1:,}" for name, count in self.counts.items())
                + "."
            )
        texts = self.load(report)
        return texts.texts[split][index], int(texts.targets[split][index])


def load_once(load: Callable[[Report], Texts]) -> Callable[[Report], Texts]:
    """The same load, done once per process; threads that ask meanwhile wait for it. A failure is not kept."""
    lock = threading.Lock()
    loaded: list[Texts] = []

    def load_or_wait(report: Report) -> Texts:
        with lock:
            if not loaded:
                loaded.append(load(report))
            return loaded[0]

    return load_or_wait
