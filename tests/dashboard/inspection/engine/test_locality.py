"""What tells whether places are the picture's, on changes that are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from dashboard.inspection.engine.locality import (
    PATCHES,
    disturbed,
    evidence,
    is_local,
    own_places,
    proposals,
    tells_nothing,
)
from dashboard.records.network import LayerCall

GRIDS = [(2, 2), (3, 3), (7, 7), (8, 4), (14, 14), (56, 56)]


def spots(height: int, width: int) -> np.ndarray:
    """Each patch changes its own place and a little around it, and all places a little, (patches, height, width)."""
    rows, columns = np.mgrid[:height, :width]
    distances = [
        ((rows + 0.5) / height - down) ** 2 + ((columns + 0.5) / width - across) ** 2
        for down, across in PATCHES
    ]
    changes: np.ndarray = 0.1 + np.exp(-30 * np.array(distances))
    return changes


def test_each_picture_but_the_first_has_the_same_noise_on_a_patch_of_its_own():
    picture = torch.rand(1, 3, 32, 64, generator=torch.Generator().manual_seed(0))
    first, *others = disturbed(picture)
    assert torch.equal(first, picture[0])
    noises = []
    for changed, (down, across) in zip(others, PATCHES, strict=True):
        differs = (changed != picture[0]).all(0)
        top, left = round(32 * down - 2), round(64 * across - 4)
        assert int(differs.sum()) == int(differs[top : top + 4, left : left + 8].sum()) == 4 * 8
        noises.append((changed - picture[0])[:, top : top + 4, left : left + 8])
    assert all(torch.allclose(noise, noises[0], atol=1e-6) for noise in noises)


@pytest.mark.parametrize("grid", GRIDS)
def test_places_of_the_picture_are_told(grid):
    assert is_local(spots(*grid))


@pytest.mark.parametrize("grid", GRIDS)
@pytest.mark.parametrize(
    "elsewhere",
    [
        lambda change: change[:, ::-1],
        lambda change: change[:, :, ::-1],
        lambda change: change[:, ::-1, ::-1],
        lambda change: np.roll(change, change.shape[1] // 2, 1),
        lambda change: change[::-1],
        np.ones_like,
        lambda change: np.broadcast_to(change.sum(1, keepdims=True), change.shape),
        lambda change: np.broadcast_to(change.sum(2, keepdims=True), change.shape),
    ],
    ids=[
        "upside down",
        "mirrored",
        "turned",
        "rolled",
        "another's",
        "everywhere",
        "columns alone",
        "rows alone",
    ],
)
def test_other_places_are_told(grid, elsewhere):
    assert not is_local(elsewhere(spots(*grid)))


@pytest.mark.parametrize("side", [2, 3, 4, 7, 14, 56])
def test_rows_for_columns_are_told(side):
    assert not is_local(spots(side, side).transpose(0, 2, 1))


def test_what_moves_everywhere_does_not_hide_what_moves_in_place():
    strong = np.random.default_rng(0).random((14, 14))
    assert is_local(spots(14, 14) * (0.1 + strong) * np.array([10.0, 0.1, 1.0, 3.0])[:, None, None])


def test_the_margin_is_the_logarithm_of_how_much_more_a_patch_does_at_its_own_place():
    change = np.ones((4, 2, 2))
    change[0, 0, 0] = change[1, 0, 1] = change[2, 1, 0] = change[3, 1, 1] = math.e
    margin, rank = evidence(change)
    assert margin == pytest.approx(1, rel=1e-4)
    assert rank == 1


def test_a_patch_that_changes_nothing_tells_nothing():
    change = spots(7, 7)
    change[1] = 0
    for nothing in (change, np.full((4, 7, 7), math.nan)):
        assert evidence(nothing) == (-math.inf, 0.0)
        assert tells_nothing(nothing)


def test_patches_that_change_all_places_alike_tell_nothing_and_others_do():
    assert tells_nothing(1 + 0.2 * spots(7, 7))
    assert not tells_nothing((spots(7, 7) - 0.1)[:, ::-1])
    assert tells_nothing((spots(5, 7) - 0.1)[:, ::-1])


@pytest.mark.parametrize(
    ("shape", "layout", "prefix", "grid"),
    [
        ((64, 7, 7), "channels first", 0, (7, 7)),
        ((7, 7, 64), "channels last", 0, (7, 7)),
        ((7, 7, 8), "channels last", 0, (7, 7)),
        ((7, 7, 7), "channels first", 0, (7, 7)),
        ((64, 8, 7), "channels first", 0, (8, 7)),
        ((64, 1, 1), None, 0, (0, 0)),
        ((64, 7, 49), None, 0, (0, 0)),
        ((49, 64), "tokens", 0, (7, 7)),
        ((50, 64), "tokens", 1, (7, 7)),
        ((54, 64), "tokens", 5, (7, 7)),
        ((128,), None, 0, (0, 0)),
    ],
)
def test_which_shapes_may_be_grids(shape, layout, prefix, grid):
    found = proposals(LayerCall("layer", "Layer", shape), (28, 28))
    first = found[0] if found else LayerCall("layer", "Layer", shape)
    assert (first.layout, first.prefix, first.grid) == (layout, prefix, grid)


def test_a_shape_that_may_be_read_in_two_ways_is_proposed_in_both():
    found = proposals(LayerCall("layer", "Layer", (7, 7, 7)), (28, 28))
    assert [call.layout for call in found] == ["channels first", "channels last"]


def test_tokens_may_have_the_grid_of_a_layer_before():
    call = LayerCall("layer", "Layer", (33, 24))
    assert (1, (8, 4)) in [(found.prefix, found.grid) for found in proposals(call, (128, 64))]


def test_tokens_may_have_been_put_apart():
    found = proposals(LayerCall("layer", "Layer", (64, 24)), (32, 32))
    assert [call.unrolled for call in found if call.grid == (8, 8)] == [0, 1, 2, 3]


@pytest.mark.parametrize("height", range(2, 60))
def test_places_of_no_two_patches_meet(height):
    for width in (2, 7, height):
        assert own_places(height, width).sum(0).max() == 1


def test_what_shows_more_elsewhere_than_where_it_lies_is_no_place_of_the_picture():
    change = spots(14, 14)
    assert is_local(change)
    for patch in range(2):
        change[patch, 13, 6 + patch] = 5
    assert evidence(change)[0] > 1 and not is_local(change)
