"""Records of pictures that are made for one number in a network, and what real pictures reach in it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from dashboard.records.arrays import ArrayRecord
from dashboard.records.network import LayerCall


@dataclass(frozen=True)
class Aim:
    """The number that a picture is made for, and how; equal aims give equal pictures.

    Attributes:
        call: the layer's call; None for the score of a class.
        unit: channel or unit of the call, or index of the class.
        avoid: whether the number is driven down rather than up.
        everywhere: whether a channel is driven at all its places, rather than at the one in the middle.
        steps: of gradient ascent, at least 1.
        seed: of the noise that it begins with, and of the moves.
        still: whether the picture is held still; else it is moved a little at each step.
    """

    call: LayerCall | None
    unit: int
    avoid: bool = False
    everywhere: bool = False
    steps: int = 1
    seed: int = 0
    still: bool = False


@dataclass(frozen=True, eq=False)
class MaximisedPicture(ArrayRecord):
    """A picture that was made for one number in a network.

    What counts of a channel is what its activation function reads, or its output where none is applied to it.

    Attributes:
        picture: (H, W, 3) uint8; None where none could be made.
        reason: why not; empty otherwise.
        begun: the number in the noise that it began with: a channel's value in the middle, or its largest (lowest)
            one where it is driven everywhere; a class's score.
        reached: the same in the picture as it is shown, rounded to whole colours.
        probability: of the class in the picture, in [0, 1]; None for a channel, and where there are no classes.
        trace: (n,) what was driven, at each step that was made, for the picture as it was moved then.
        seconds: that it took.
    """

    picture: np.ndarray | None
    reason: str = ""
    begun: float = 0.0
    reached: float = 0.0
    probability: float | None = None
    trace: np.ndarray = field(default_factory=lambda: np.zeros(0))
    seconds: float = 0.0


@dataclass(frozen=True, eq=False)
class Rival:
    """What real pictures reach of the number that a picture was made for.

    Attributes:
        pictures: how many were asked.
        value: the number of the one that comes nearest; where there is none to show, no place of any goes below it.
        title: of that picture.
        part: (h, w, 3) uint8, it or the part that the layer's strongest place sees; None where there is none to show.
    """

    pictures: int
    value: float
    title: str = ""
    part: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class ExtremeScores(ArrayRecord):
    """The pictures with the highest and the lowest score of each class.

    Attributes:
        pictures: how many there are.
        highest: (classes,) logits.
        most: (classes,) which picture has it; -1 where there is none.
        lowest: (classes,) logits.
        least: (classes,) which picture has it.
    """

    pictures: int
    highest: np.ndarray
    most: np.ndarray
    lowest: np.ndarray
    least: np.ndarray
