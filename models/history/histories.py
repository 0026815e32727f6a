"""What is known of histories of choices before they are in memory, and the choices once they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.history.catalogue import PAD, Catalogue


@dataclass(frozen=True, eq=False)
class Histories:
    """Histories of made-up people, each with what was chosen next; shared by everyone.

    Attributes:
        catalogue: of what could be chosen.
        chosen: split -> ids of the films that each chose, in order, (N, longest), filled up with PAD.
        targets: split -> place of the film that each chose next, (N,).
        tastes: split -> whether each likes each genre, (N, G) bool, which no network is told.
        odds: logarithm of how often each film is chosen by who likes none of its genres, (F,), up to a constant.
        pull: what a film gains in it that is wholly of a liked genre.
    """

    catalogue: Catalogue
    chosen: Mapping[str, NDArray[np.int64]]
    targets: Mapping[str, NDArray[np.int64]]
    tastes: Mapping[str, NDArray[np.bool_]]
    odds: NDArray[np.float64]
    pull: float

    def history(self, split: str, person: int) -> tuple[int, ...]:
        """Places of the films that somebody chose, in order."""
        ids = self.chosen[split][person]
        return tuple(int(film) - 1 for film in ids[ids != PAD])

    def liked(self, split: str, person: int) -> tuple[str, ...]:
        """Names of the genres that somebody likes."""
        taste = self.tastes[split][person]
        return tuple(name for name, likes in zip(self.catalogue.genres, taste, strict=True) if likes)


@dataclass(frozen=True, eq=False)
class LabelledHistories:
    """One set of histories.

    Attributes:
        name: as in the address, unique among all datasets.
        title: as on the page.
        counts: split -> number of people.
        load: the histories, the same object at every call.
    """

    name: str
    title: str
    counts: Mapping[str, int]
    load: Callable[[], Histories]
