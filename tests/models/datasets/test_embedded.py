"""The datasets on board."""

from __future__ import annotations

import numpy as np
import pytest

from models.datasets import DATASETS
from models.runtime.progress import silent

ON_BOARD = [dataset for dataset in DATASETS.values() if dataset.on_board]


on_board = pytest.mark.parametrize("dataset", ON_BOARD, ids=lambda d: d.name)


@on_board
def test_arrays_are_what_the_entry_says(dataset):
    images = dataset.load(silent)
    for split, count in dataset.counts.items():
        assert images.pixels[split].shape == (count, *dataset.size)
        assert images.pixels[split].dtype == np.uint8
        assert images.labels(split).dtype == np.int64
        assert np.bincount(images.labels(split)).tolist() == [count // 10] * 10


@on_board
def test_statistics_are_those_of_the_pixels(dataset):
    pixels = dataset.load(silent).pixels["train"] / 255
    assert pixels.mean() == pytest.approx(dataset.mean[0], abs=0.002)
    assert pixels.std() == pytest.approx(dataset.std[0], abs=0.002)


@on_board
def test_is_read_once(dataset):
    assert dataset.load(silent) is dataset.load(silent)


@on_board
def test_picture_is_the_array(dataset):
    picture, label = dataset.picture("test", 17)
    images = dataset.load(silent)
    assert (picture.mode, picture.size) == ("L", (28, 28))
    assert np.array_equal(np.asarray(picture), images.pixels["test"][17])
    assert label == images.targets["test"][17]
