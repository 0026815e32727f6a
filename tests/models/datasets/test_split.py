"""Which pictures are learned from, and in which order."""

from __future__ import annotations

import numpy as np
import pytest

from models.datasets.split import balanced_order, epoch_order, split
from models.runtime.errors import UserError

LABELS = np.repeat(np.arange(10), 100)
UNEVEN = np.repeat([0, 1, 2], [700, 200, 100])


@pytest.mark.parametrize("seed", range(5))
def test_every_stretch_is_balanced(seed):
    order = balanced_order(UNEVEN, seed)
    assert sorted(order) == list(range(1000))
    for start in range(0, 1000, 100):
        counts = np.bincount(UNEVEN[order[start : start + 100]], minlength=3)
        assert np.abs(counts - [70, 20, 10]).max() <= 1


def test_nothing_is_in_both():
    parts = split(LABELS, seed=0, validation=0.2)
    assert not set(parts.train) & set(parts.validation)
    assert (len(parts.train), len(parts.validation)) == (800, 200)
    assert np.bincount(LABELS[parts.validation]).tolist() == [20] * 10


def test_few_are_of_all_classes_and_keep_the_validation_part():
    all_, few = (split(LABELS, seed=0, validation=0.1, train_samples=count) for count in (0, 50))
    assert np.bincount(LABELS[few.train]).tolist() == [5] * 10
    assert np.array_equal(all_.validation, few.validation)
    assert set(few.train) <= set(all_.train)


def test_is_a_matter_of_the_seed_alone():
    one, same, other = (split(LABELS, seed=seed, validation=0.1) for seed in (1, 1, 2))
    assert np.array_equal(one.train, same.train)
    assert not np.array_equal(one.validation, other.validation)


def test_folds_cover_everything_once():
    parts = [split(LABELS, seed=0, validation=0.1, fold=k + 1, folds=3) for k in range(3)]
    assert sorted(np.concatenate([part.validation for part in parts])) == list(range(1000))
    for part in parts:
        assert not set(part.train) & set(part.validation)
        assert len(part.train) + len(part.validation) == 1000
        assert np.ptp(np.bincount(LABELS[part.validation])) <= 2


def test_too_few_are_refused():
    with pytest.raises(UserError, match="train_samples"):
        split(LABELS, seed=0, validation=0.1, train_samples=901)
    with pytest.raises(UserError, match="1 pictures cannot be parted"):
        split(np.zeros(1, dtype=np.int64), seed=0, validation=0.9)


def test_every_epoch_has_an_order_of_its_own():
    orders = [epoch_order(100, seed=seed, epoch=epoch) for seed in (0, 1) for epoch in (0, 1)]
    assert len({tuple(order) for order in orders}) == 4
    assert all(sorted(order) == list(range(100)) for order in orders)
    assert np.array_equal(orders[1], epoch_order(100, seed=0, epoch=1))
