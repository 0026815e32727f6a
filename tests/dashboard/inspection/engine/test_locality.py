"""What tells whether places are the picture's, on changes that are known."""

from __future__ import annotations

import math

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


def spots(height: int, width: int) -> torch.Tensor:
    """Each patch changes its own place and a little around it, and all places a little."""
    rows, columns = torch.meshgrid(
        (torch.arange(height) + 0.5) / height, (torch.arange(width) + 0.5) / width, indexing="ij"
    )
    return torch.stack(
        [0.1 + torch.exp(-30 * ((rows - down) ** 2 + (columns - across) ** 2)) for down, across in PATCHES]
    )


def test_each_picture_but_the_first_has_noise_on_one_patch():
    picture = torch.rand(1, 3, 32, 64, generator=torch.Generator().manual_seed(0))
    first, *others = disturbed(picture)
    assert torch.equal(first, picture[0])
    for changed, (down, across) in zip(others, PATCHES, strict=True):
        rows, columns = (changed != picture[0]).all(0).nonzero(as_tuple=True)
        assert (len(rows), rows.max() - rows.min(), columns.max() - columns.min()) == (32, 3, 7)
        assert float(rows.double().mean() + 0.5) / 32 == pytest.approx(down, abs=0.02)
        assert float(columns.double().mean() + 0.5) / 64 == pytest.approx(across, abs=0.02)


@pytest.mark.parametrize("grid", GRIDS)
def test_places_of_the_picture_are_told(grid):
    assert is_local(spots(*grid))


@pytest.mark.parametrize("grid", GRIDS)
@pytest.mark.parametrize(
    "elsewhere",
    [
        lambda change: change.flip(1),
        lambda change: change.flip(2),
        lambda change: change.flip(1, 2),
        lambda change: change.transpose(1, 2),
        lambda change: change.roll(change.shape[1] // 2, 1),
        lambda change: change.roll(1, 0),
        torch.ones_like,
    ],
    ids=["upside down", "mirrored", "turned", "rows for columns", "rolled", "another patch", "everywhere"],
)
def test_other_places_are_told(grid, elsewhere):
    assert not is_local(elsewhere(spots(*grid)).reshape(len(PATCHES), *grid))


def test_what_moves_everywhere_does_not_hide_what_moves_in_place():
    strong = torch.rand(14, 14, generator=torch.Generator().manual_seed(0))
    assert is_local(spots(14, 14) * (0.1 + strong) * torch.tensor([1.0, 10.0, 0.1, 3.0])[:, None, None])


def test_the_margin_is_the_logarithm_of_how_much_more_a_patch_does_at_its_own_place():
    change = torch.ones(4, 2, 2)
    for patch, (down, across) in enumerate(PATCHES):
        change[patch, int(2 * down), int(2 * across)] = math.e
    margin, rank = evidence(change)
    assert margin == pytest.approx(1, rel=1e-4)
    assert rank == 1


@pytest.mark.parametrize("axis", [1, 2])
def test_rows_or_columns_alone_are_not_enough(axis):
    alone = spots(14, 14).sum(axis, keepdim=True)
    assert not is_local(alone.expand(4, 14, 14))


def test_a_patch_that_changes_nothing_tells_nothing():
    change = spots(7, 7)
    change[2] = 0
    assert evidence(change) == (-math.inf, 0.0)
    assert tells_nothing(change)
    assert evidence(torch.full((4, 7, 7), math.nan)) == (-math.inf, 0.0)


def test_patches_that_change_all_places_alike_tell_nothing_and_others_do():
    assert tells_nothing(1 + 0.2 * spots(7, 7))
    assert not tells_nothing(spots(7, 7).flip(1))


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
