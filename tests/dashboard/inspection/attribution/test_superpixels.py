"""Parts of a picture: exactly as many as asked for, shown and hidden as a whole."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dashboard.inspection.attribution.superpixels import (
    Superpixels,
    SuperpixelSettings,
    adapt,
    grid,
    part_count,
    slic_superpixels,
)
from tests.networks import Linear, built, classifier, pixels, task


def test_a_grid_has_equal_cells_row_by_row():
    assert grid((4, 6), 4).tolist() == [[0, 0, 0, 1, 1, 1]] * 2 + [[2, 2, 2, 3, 3, 3]] * 2


@pytest.mark.parametrize("count", [4, 7, 16])
def test_there_are_exactly_as_many_superpixels_as_asked_for_and_they_follow_colours(count):
    picture = np.zeros((16, 16, 3), np.uint8)
    picture[:, 8:] = 255
    parts = slic_superpixels(picture, count)
    assert np.unique(parts).tolist() == list(range(count))
    assert not set(parts[:, :8].ravel()) & set(parts[:, 8:].ravel()), "a part is dark or bright, not both"


@pytest.mark.parametrize(
    ("parts", "count", "size", "expected"),
    [
        ("grid", 30, (8, 8), 25),
        ("superpixels", 30, (8, 8), 30),
        ("superpixels", 30, (4, 5), 20),
        ("grid", 196, (5, 9), 25),
    ],
)
def test_the_number_of_parts_is_known_before_they_are_made(parts, count, size, expected):
    assert part_count(SuperpixelSettings(parts=parts, n_parts=count), size) == expected


def test_few_parts_and_a_flat_cover_suit_a_small_picture():
    assert adapt(SuperpixelSettings(), (224, 224)) == SuperpixelSettings(n_parts=25, baseline="blur")
    assert adapt(SuperpixelSettings(), (28, 28)) == SuperpixelSettings(n_parts=16, baseline="mean")


def test_what_is_shown_is_the_photo_and_what_is_hidden_its_cover():
    of = classifier(built(Linear))
    parts = Superpixels.of(
        task("feature_ablation", of, pixels(), 1, parts="grid", n_parts=4, baseline="white")
    )
    assert (parts.count, parts.shown.tolist(), parts.hidden.tolist()) == (4, [[1] * 4], [[0] * 4])
    mixed = torch.tensor(pixels())[None].clone()
    mixed[..., :4, 4:] = 1.0
    mixed[..., 4:, 4:] = 1.0
    with torch.no_grad():
        found = parts(torch.tensor([[1.0, 0.0, 1.0, 0.0]]))
        assert torch.allclose(found, of.module(mixed)[:, 1])
    painted = parts.paint(torch.tensor([[1.0, 2.0, 3.0, 4.0]]))
    assert painted.shape == (1, 1, 8, 8)
    assert painted[0, 0, ::4, ::4].tolist() == [[1, 2], [3, 4]]
