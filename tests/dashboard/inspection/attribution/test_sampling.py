"""Samples in two halves: their mean, their agreement, and when they are enough."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import Tensor

from dashboard.inspection.attribution.method import sum_channels
from dashboard.inspection.attribution.sampling import (
    ADAPTIVE,
    DRAWN,
    MOST_SAMPLES,
    agreement,
    draw_halves,
    halves_agree,
    pictures,
)


def counting(asked: list[int]):
    """Draws 1, 2, 3 and so on, whatever the number of samples."""
    numbers = itertools.count(1)

    def draw(samples: int) -> Tensor:
        asked.append(samples)
        return torch.tensor([float(next(numbers))])

    return draw


def test_a_number_of_samples_is_drawn_in_two_halves():
    asked: list[int] = []
    mean, halves = draw_halves(counting(asked), "50", lambda halves: pytest.fail("it is not asked"))
    assert asked == [25, 25]
    assert (mean.item(), halves[0].item(), halves[1].item()) == (1.5, 1, 2)


def test_adaptive_draws_until_it_is_steady():
    asked: list[int] = []
    mean, halves = draw_halves(counting(asked), ADAPTIVE, lambda halves: halves[0].item() >= 3)
    assert asked == [DRAWN] * 6  # 1, 3 and 5 in the first half
    assert (mean.item(), halves[0].item(), halves[1].item()) == (3.5, 3, 4)


def test_adaptive_comes_to_an_end():
    asked: list[int] = []
    draw_halves(counting(asked), ADAPTIVE, lambda halves: False)
    assert sum(asked) == MOST_SAMPLES == pictures(ADAPTIVE)
    assert pictures("20") == 20


def test_agreement_is_the_correlation_of_the_maps():
    first = torch.tensor([[[[1.0, 2.0, 3.0]], [[0.0, 0.0, 0.0]]]])
    assert agreement(sum_channels, (first, 2 * first + 1)) == pytest.approx(1)
    assert agreement(sum_channels, (first, -first)) == pytest.approx(-1)
    assert halves_agree(sum_channels)((first, 3 * first))
    assert not halves_agree(sum_channels)((first, first.flip(3)))
