"""Reductions of parts, merged, against numpy on the whole."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from torch import Tensor

from dashboard.inspection.passes.reductions import BINS, ChannelHistogram, Extremes, Moments


def values(seed: int, channels: int = 5, count: int = 400) -> Tensor:
    """Of scales that lie far apart, with a channel of zeros and one of ties."""
    generator = torch.Generator().manual_seed(seed)
    found = torch.randn(channels, count, generator=generator) * torch.logspace(-6, 5, channels)[:, None]
    found[1] = 0
    found[2] = found[2].sign()
    return found


def cuts(seed: int) -> list[int]:
    inner = np.random.default_rng(seed).choice(np.arange(1, 400), 3, replace=False)
    return [0, *sorted(int(cut) for cut in inner), 400]


@pytest.mark.parametrize("seed", range(5))
def test_moments_of_parts_are_those_of_the_whole(seed):
    whole = values(seed).double()
    places = cuts(seed)
    parts = [Moments.of(whole[:, a:b]) for a, b in itertools.pairwise(places)]
    merged = parts[3].merge(parts[1]).merge(parts[0].merge(parts[2]))
    np.testing.assert_allclose(merged.mean, whole.numpy().mean(1), rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(merged.std, whole.numpy().std(1), rtol=1e-9)
    assert merged.count.tolist() == [400] * 5


@pytest.mark.parametrize("seed", range(5))
def test_histograms_of_parts_are_bit_by_bit_that_of_the_whole(seed):
    whole = values(seed)
    places = cuts(seed)
    parts = [ChannelHistogram.of(whole[:, a:b]) for a, b in itertools.pairwise(places)]
    merged = parts[2].merge(parts[0]).merge(parts[3].merge(parts[1]))
    expected = ChannelHistogram.of(whole)
    assert torch.equal(merged.exponents, expected.exponents)
    assert torch.equal(merged.counts, expected.counts)


def test_a_histogram_counts_as_numpy_does():
    whole = values(0)
    found = ChannelHistogram.of(whole)
    for channel in range(len(whole)):
        reach = 2.0 ** int(found.exponents[channel])
        edges = np.linspace(-reach, reach, BINS + 1)
        expected, _ = np.histogram(whole[channel].double().numpy(), edges)
        assert found.counts[channel].tolist() == expected.tolist()
        if whole[channel].any():
            assert reach / 2 <= float(whole[channel].abs().max()) < reach
    assert int(found.counts.sum()) == whole.numel()


def test_zero_is_an_edge_and_belongs_above_it():
    found = ChannelHistogram.of(torch.tensor([[0.0, -1e-20, 1e-20, 3.0]]))
    assert found.counts[0, : BINS // 2].sum() == 1
    assert found.counts[0, BINS // 2] == 2


@pytest.mark.parametrize("seed", range(5))
def test_extremes_of_parts_are_those_of_the_whole_by_brute_force(seed):
    rng = np.random.default_rng(seed)
    whole = torch.from_numpy(rng.integers(0, 20, (60, 4)).astype(np.float32))  # many ties
    places = torch.from_numpy(rng.integers(0, 49, (60, 4)))
    pictures = torch.arange(60)
    batches = [torch.arange(start, min(start + 7, 60)) for start in range(0, 60, 7)]
    parts = [Extremes.of(whole[batch], places[batch], pictures[batch], 9) for batch in batches]
    rng.shuffle(parts)
    merged = parts[0]
    for part in parts[1:]:
        merged = part.merge(merged)
    for channel in range(4):
        ranked = sorted(range(60), key=lambda picture: (-float(whole[picture, channel]), picture))[:9]
        assert merged.pictures[channel].tolist() == ranked
        assert merged.values[channel].tolist() == [float(whole[picture, channel]) for picture in ranked]
        assert merged.places[channel].tolist() == [int(places[picture, channel]) for picture in ranked]


def test_fewer_pictures_than_are_kept_leave_places_empty():
    found = Extremes.of(
        torch.tensor([[2.0], [5.0]]), torch.zeros(2, 1, dtype=torch.int64), torch.tensor([3, 8]), 4
    )
    assert found.pictures.tolist() == [[8, 3, -1, -1]]
    more = Extremes.of(torch.tensor([[3.0]]), torch.zeros(1, 1, dtype=torch.int64), torch.tensor([1]), 4)
    assert found.merge(more).pictures.tolist() == [[8, 1, 3, -1]]
