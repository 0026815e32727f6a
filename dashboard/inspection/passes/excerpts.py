"""Pictures of a pool as a person sees them, cut to what one place of a layer sees."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dashboard.inspection.passes.pool import Pool
from dashboard.records.activations import ReceptiveField
from models.classifier import Classifier

# The grey of what lies beyond a picture's edge.
BEYOND = 128


def excerpts(
    classifier: Classifier, pool: Pool, pictures: Sequence[int], places: Sequence[int], field: ReceptiveField
) -> list[np.ndarray]:
    """The part of each picture that the place sees, (h, w, 3) uint8 each; grey where it sees beyond the edge.

    Args:
        classifier: that reads the pictures.
        pool: the pictures.
        pictures: indices in the pool.
        places: of the layer, one for each picture, counted row by row.
        field: of the layer.
    """
    return [
        _crop(classifier.preprocessing.display(inputs), field.at(place))
        for inputs, place in zip(pool.take(pictures), places, strict=True)
    ]


def _crop(picture: np.ndarray, box: tuple[int, int, int, int]) -> np.ndarray:
    top, left, bottom, right = box
    height, width = picture.shape[:2]
    part = np.full((bottom - top, right - left, 3), BEYOND, np.uint8)
    inside = picture[max(top, 0) : min(bottom, height), max(left, 0) : min(right, width)]
    down, across = max(-top, 0), max(-left, 0)
    part[down : down + inside.shape[0], across : across + inside.shape[1]] = inside
    return part
