"""Labelled pictures as one network reads them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.inspection.passes.pool import Item, Pool, picture_reader
from models.classifier import Classifier
from models.datasets.entry import Dataset
from models.runtime.progress import silent


@dataclass(frozen=True, eq=False)
class LabelledPictures:
    """Pictures whose class is known.

    Attributes:
        pool: the pictures.
        labels: (N,) int64, the class index of each.
    """

    pool: Pool
    labels: NDArray[np.int64]


def split_pictures(
    dataset: Dataset,
    split: str,
    places: Sequence[int],
    classifier: Classifier,
    *,
    title: str,
    key: str,
    item: Callable[[int], Item] | None = None,
) -> LabelledPictures:
    """Some pictures of a split of a dataset that is here.

    Args:
        dataset: whose classes are the network's.
        split: of the dataset.
        places: of the pictures in the split.
        classifier: that reads them.
        title: what they are, with their number.
        key: names or digests that determine them.
        item: place -> address and title; those of the dataset where it is left out.
    """
    named = item or (
        lambda place: Item(f"{dataset.name}/{split}/{place}", f"{dataset.title}, {split} {place}")
    )
    labels = np.asarray(dataset.load(silent).labels(split)[list(places)], dtype=np.int64)
    pool = Pool(
        title=title,
        key=key,
        items=tuple(named(int(place)) for place in places),
        take=picture_reader(dataset, split, places, classifier.preprocessing),
        label=lambda index: dataset.classes[labels[index]],
    )
    return LabelledPictures(pool, labels)


def display(classifier: Classifier, pool: Pool, indices: Sequence[int]) -> list[np.ndarray]:
    """Pictures as the network sees them, (H, W, 3) uint8 each.

    Raises:
        UserError: if one cannot be read any more.
    """
    return [classifier.preprocessing.display(inputs) for inputs in pool.take(indices)]
