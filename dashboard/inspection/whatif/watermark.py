"""A labelled set with a planted watermark, to see whether it is found: `python -m ...watermark FOLDER` writes one.

Half of the pictures of one class bear a small square in a corner, as photographs of one source bear its name. A network
that learns from them can tell the class by that.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from models import datasets
from models.datasets.entry import Arrays
from models.runtime.progress import silent

# The class that bears it, how many pictures of each class there are, and how many of these bear it.
CLASS, COUNT, MARKED = 3, 300, 150
# Rows and columns of the square.
PLACE = slice(23, 26)


def mark(pixels: np.ndarray) -> np.ndarray:
    """The same pictures, (..., 28, 28) uint8, with the square."""
    marked = pixels.copy()
    marked[..., PLACE, PLACE] = 255
    return marked


def planted() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The set: pixels (N, 28, 28) uint8, labels (N,) and which are marked, (N,) bool."""
    dataset = next(dataset for dataset in datasets.DATASETS.values() if dataset.on_board)
    images = dataset.load(silent)
    assert isinstance(images, Arrays)
    labels = images.labels("train")
    places = np.concatenate([np.flatnonzero(labels == label)[:COUNT] for label in np.unique(labels)])
    pixels, chosen = images.pixels["train"][places], labels[places]
    marked = np.zeros(len(places), bool)
    marked[np.flatnonzero(chosen == CLASS)[:MARKED]] = True
    return np.where(marked[:, None, None], mark(pixels), pixels), chosen, marked


def write(folder: Path) -> None:
    """Write it with a subfolder for each class; names say which pictures are marked."""
    for number, (pixels, label, marked) in enumerate(zip(*planted(), strict=True)):
        place = folder / str(label)
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(place / f"{number:04}{'-marked' * bool(marked)}.png")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
