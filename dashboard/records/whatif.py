"""Records of what the answer would be if the picture were another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from dashboard.records.arrays import ArrayRecord
from dashboard.records.pictures import Prediction

# Parts that alone keep the answer, or whose absence alone changes it.
Aim = Literal["keeps", "changes"]


@dataclass(frozen=True, eq=False)
class Repainted(ArrayRecord):
    """A picture of which a part was painted over, and what the network answers to it.

    Attributes:
        inputs: (C, H, W) float32, normalised, what the network read.
        picture: (H, W, 3) uint8, the same as people see it.
        prediction: the answer.
    """

    inputs: np.ndarray
    picture: np.ndarray
    prediction: Prediction


@dataclass(frozen=True)
class Marked:
    """How much of what a map marks lies in a part of the picture.

    Attributes:
        share: of what is positive in the map, in [0, 1].
        area: of the picture, in [0, 1].
    """

    share: float
    area: float


@dataclass(frozen=True, eq=False)
class Region(ArrayRecord):
    """The smallest region that a greedy search over superpixels found.

    Attributes:
        aim: what it is to do.
        parts: (rows, columns) int64, the superpixel of each cell, from 0.
        chosen: (n,) int64, superpixels of the region, in the order in which the search took them.
        found: whether the region does what it is to do; where not, it holds all superpixels.
        margin: by how much it does so, in the score's unit: above 0 where it was found.
        smallest: whether every smaller set of superpixels was tried too.
        passes: pictures that the network was shown.
        seconds: that the search took.
    """

    aim: Aim
    parts: np.ndarray
    chosen: np.ndarray
    found: bool
    margin: float
    smallest: bool
    passes: int
    seconds: float

    @property
    def count(self) -> int:
        """How many superpixels there are."""
        return int(self.parts.max()) + 1

    @property
    def cells(self) -> np.ndarray:
        """(rows, columns) bool, where the region is."""
        return np.isin(self.parts, self.chosen)


# A gradient followed once, or again and again; squares drawn at random where there is none or it may mislead.
How = Literal["one step", "many steps", "random search"]


@dataclass(frozen=True, eq=False)
class Trial(ArrayRecord):
    """One search for a picture near another that is answered otherwise.

    Attributes:
        how: it searched.
        eps: by how many of 255 levels a pixel may change.
        found: whether the network's own answer to the 8-bit picture is another one, or the one that is aimed at.
        pixels: (C, H, W) uint8, the picture that came nearest.
        inputs: (C, H, W) float32, normalised, the same as the network reads it.
        prediction: the answer to it.
        margin: how far that is from the change, in the score's unit; below 0 where it was found.
        passes: pictures that the network was shown.
        seconds: that it took.
    """

    how: How
    eps: int
    found: bool
    pixels: np.ndarray
    inputs: np.ndarray
    prediction: Prediction
    margin: float
    passes: int
    seconds: float


@dataclass(frozen=True, eq=False)
class Attacked(ArrayRecord):
    """All searches for a small change of one picture that changes the answer.

    Attributes:
        eps: most levels of 255 by which a pixel may change.
        steps: of a search of many.
        restarts: of it.
        queries: of a random search.
        margin: of the picture as it is, above 0.
        trials: with that eps.
        smallest: the one with the fewest levels that found something; None where none did.
        failed: the most levels below those with which a search found nothing; 0 where none was tried.
        flat: share of the picture's numbers, in [0, 1], in which the gradient is 0; None without a gradient.
        seconds: that all this took.
    """

    eps: int
    steps: int
    restarts: int
    queries: int
    margin: float
    trials: tuple[Trial, ...]
    smallest: Trial | None
    failed: int
    flat: float | None
    seconds: float

    def trial(self, how: How) -> Trial | None:
        """The search of that kind with the whole eps; None where it was not tried."""
        return next((trial for trial in self.trials if trial.how == how), None)

    @property
    def best(self) -> Trial:
        """The smallest change that was found, or what came nearest."""
        return self.smallest or min(self.trials, key=lambda trial: trial.margin)


@dataclass(frozen=True, eq=False)
class Harmless(ArrayRecord):
    """What changes of everyday do to an answer, each in five strengths.

    Attributes:
        names: (kinds,) of the table of corruptions.
        values: (kinds, 5), their parameter in its own unit.
        largest: (kinds, 5), the largest change of a pixel, in levels of 255.
        strength: (kinds, 5), the probability of the answer that there was, or its value.
        winner: (kinds, 5) int64, the answer.
        flipped: (kinds, 5) bool, whether it is another one.
        pictures: (kinds, H, W, 3) uint8, each in the least strength that changes the answer, or the most.
    """

    names: tuple[str, ...]
    values: np.ndarray
    largest: np.ndarray
    strength: np.ndarray
    winner: np.ndarray
    flipped: np.ndarray
    pictures: np.ndarray

    def first(self, kind: int) -> int | None:
        """The least strength, from 0, in which that kind changes the answer; None where none does."""
        places = np.flatnonzero(self.flipped[kind])
        return int(places[0]) if len(places) else None


@dataclass(frozen=True, eq=False)
class RobustAccuracy(ArrayRecord):
    """How many pictures of a labelled set are still answered right when each is changed against the network.

    Attributes:
        eps: (n,) int64, levels of 255, from 0.
        right: (n,) int64, pictures for which no change was found.
        low: (n,) lower end of the 95 % interval of their share (Wilson).
        high: (n,) its upper end.
        count: of pictures.
        steps: of a search.
        restarts: of it.
        seconds: that it took.
    """

    eps: np.ndarray
    right: np.ndarray
    low: np.ndarray
    high: np.ndarray
    count: int
    steps: int
    restarts: int
    seconds: float


@dataclass(frozen=True, eq=False)
class ConceptScore(ArrayRecord):
    """What a concept does to a class at one layer, held against random concepts.

    Attributes:
        concept: its name.
        layer: name of the call.
        score: share of the class's pictures, in [0, 1], whose score grows along the concept, mean over opposites.
        random: (R,) the same of concepts drawn at random.
        p: how often a random concept is as far from their mean, in (0, 1].
        adjusted: the same after Holm's correction for all that was asked.
        channels: (n,) int64, channels of the layer that the direction weighs most.
        weights: (n,) their weights, in units of the largest size.
    """

    concept: str
    layer: str
    score: float
    random: np.ndarray
    p: float
    adjusted: float
    channels: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True, eq=False)
class Concepts(ArrayRecord):
    """What concepts do to a class.

    Attributes:
        scores: concepts by layers.
        layers: names of calls.
        names: of the concepts.
        pictures: of each set.
        class_pictures: of the class.
        opposites: random sets that each concept is held against.
        strongest: name of a concept -> places in the pool of the pictures strongest in it at the last layer.
        weakest: the same for the weakest.
        seconds: that all this took.
    """

    scores: tuple[ConceptScore, ...]
    layers: tuple[str, ...]
    names: tuple[str, ...]
    pictures: int
    class_pictures: int
    opposites: int
    strongest: tuple[tuple[int, ...], ...]
    weakest: tuple[tuple[int, ...], ...]
    seconds: float

    def score(self, concept: str, layer: str) -> ConceptScore:
        """That of a concept at a layer."""
        return next(one for one in self.scores if (one.concept, one.layer) == (concept, layer))


@dataclass(frozen=True, eq=False)
class Strategies(ArrayRecord):
    """In how many ways a network decides for a class, by its maps of many pictures.

    Attributes:
        maps: (N, side, side) float32, what speaks for the class, each of sum 1.
        rows: (N,) int64, places of the maps among the pictures that were looked at.
        pictures: (N,) int64, places of the same in the pool.
        groups: (N,) int64 from 0, the largest first.
        eigenvalues: (n,) the smallest of the graph's Laplacian, rising.
        means: (groups, side, side), the mean map of each.
        areas: (groups,) the least part of a picture, in (0, 1], that holds half of the mean map.
        typical: rows of the maps nearest to the mean of each group, the nearest first.
        places: (N, 2) of the maps along the axes in which they vary most.
        silent: pictures in which nothing speaks for the class, which are left out.
        seconds: that it took.
    """

    maps: np.ndarray
    rows: np.ndarray
    pictures: np.ndarray
    groups: np.ndarray
    eigenvalues: np.ndarray
    means: np.ndarray
    areas: np.ndarray
    typical: tuple[tuple[int, ...], ...]
    places: np.ndarray
    silent: int
    seconds: float

    @property
    def count(self) -> int:
        """How many groups there are."""
        return len(self.means)

    @property
    def sizes(self) -> np.ndarray:
        """(groups,) int64, maps of each."""
        return np.bincount(self.groups, minlength=self.count)

    @property
    def gap(self) -> int:
        """How many groups the largest gap of the eigenvalues speaks for."""
        return int(np.diff(self.eigenvalues).argmax()) + 1
