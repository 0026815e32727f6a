"""How outputs cover the picture, on networks that lay them out in known ways."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from dashboard.inspection.engine.capture import token_order
from dashboard.inspection.engine.layouts import SHAPE, UNLIKE, is_within
from dashboard.inspection.engine.survey import survey
from dashboard.records.network import LayerCall
from tests.networks import built, pixels

Lay = Callable[[Tensor], Tensor]


class Laid(nn.Module):
    """Patches of 4 x 4 pixels, laid out by a function, through a layer that is looked at."""

    def __init__(self, lay: Lay, channels: int = 8, mixed: bool = False) -> None:
        super().__init__()
        self.patches = nn.Conv2d(1, channels, 4, stride=4)
        self.layer = nn.Identity()
        self._lay, self._mixed = lay, mixed

    def forward(self, inputs: Tensor) -> Tensor:
        maps = self.patches(inputs)
        if self._mixed:
            maps = maps + maps.mean((2, 3), keepdim=True)
        logits: Tensor = self.layer(self._lay(maps)).flatten(1)[:, :3]
        return logits


def laid_out(lay: Lay, side: int = 32, **settings: object) -> LayerCall:
    found = survey(
        built(lambda: Laid(lay, **settings)),  # type: ignore[arg-type]  # of the class
        torch.tensor(pixels(side=side))[None],
    ).find("layer")
    assert found is not None
    return found


def tokens(maps: Tensor) -> Tensor:
    return maps.flatten(2).transpose(1, 2)  # (N, places, C)


def shuffled(maps: Tensor) -> Tensor:
    order = torch.randperm(64, generator=torch.Generator().manual_seed(0))
    return tokens(maps)[:, order]


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("channels", [5, 8])
@pytest.mark.parametrize(
    ("lay", "layout", "prefix"),
    [
        (lambda maps: maps, "channels first", 0),
        (lambda maps: maps.permute(0, 2, 3, 1), "channels last", 0),
        (tokens, "tokens", 0),
        (lambda maps: torch.cat([torch.ones(len(maps), 3, maps.shape[1]), tokens(maps)], 1), "tokens", 3),
    ],
)
def test_a_layout_is_found_also_where_height_width_and_channels_are_the_same(
    lay, layout, prefix, channels, mixed
):
    call = laid_out(lay, channels=channels, mixed=mixed)
    assert (call.layout, call.prefix, call.grid, call.unlike) == (layout, prefix, (8, 8), "")
    assert not call.assumed


@pytest.mark.parametrize(
    "lay",
    [
        lambda maps: maps.flip(2),
        lambda maps: maps.transpose(2, 3),
        lambda maps: maps.flatten(2).softmax(1).reshape(maps.shape).flip(3),
        lambda maps: tokens(maps).flip(1),
        shuffled,
    ],
    ids=["upside down", "rows for columns", "mirrored", "from the end", "shuffled"],
)
def test_places_that_are_not_the_pictures_are_no_map(lay):
    call = laid_out(lay)
    assert (call.layout, call.grid, call.unlike) == (None, (0, 0), UNLIKE)


def test_channels_that_attend_to_each_other_are_no_map():
    # As many channels as there are rows and columns.
    def attend(maps: Tensor) -> Tensor:
        columns = tokens(maps)
        return (columns.transpose(1, 2) @ columns).softmax(2)[:, None].expand(-1, 3, -1, -1)

    call = laid_out(attend, side=64, channels=16)
    assert (call.shape, call.layout, call.unlike) == ((3, 16, 16), None, UNLIKE)


@pytest.mark.parametrize("times", [1, 2])  # a third time changes nothing of 8 x 8
def test_tokens_that_were_put_apart_are_put_together_again(times):
    def unroll(maps: Tensor) -> Tensor:
        order = token_order((8, 8), times).argsort()
        return tokens(maps)[:, order]

    call = laid_out(unroll)
    assert (call.layout, call.grid, call.unrolled) == ("tokens", (8, 8), times)


def test_pictures_need_not_lie_in_the_first_axis():
    call = laid_out(lambda maps: tokens(maps).transpose(0, 1)).shape
    assert call == (64, 8)
    encoder = built(lambda: Sequence())
    found = survey(encoder, torch.tensor(pixels(side=32))[None]).find("encoder")
    assert found is not None
    assert (found.batch_axis, found.shape, found.layout, found.grid) == (1, (64, 8), "tokens", (8, 8))


class Sequence(nn.Module):
    """An encoder as torch has it by default: tokens first, pictures second."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(1, 8, 4, stride=4)
        self.encoder = nn.TransformerEncoderLayer(8, 2, 16)
        self.head = nn.Linear(8, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        logits: Tensor = self.head(self.encoder(self.patches(inputs).flatten(2).permute(2, 0, 1)).mean(0))
        return logits


def test_places_that_see_the_whole_picture_follow_from_those_before():
    class Deep(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            wide, last = nn.Conv2d(4, 4, 15, padding=7), nn.Conv2d(4, 4, 3, 4, 1)
            for layer in (wide, last):
                nn.init.constant_(layer.weight, 0.1)
            self.layers = nn.Sequential(nn.Conv2d(1, 4, 3, 2, 1), wide, last)

        def forward(self, inputs: Tensor) -> Tensor:
            logits: Tensor = self.layers(inputs).mean((2, 3))
            return logits

    found = survey(built(Deep), torch.tensor(pixels(side=16))[None])
    first, last = found.find("layers.0"), found.find("layers.2")
    assert first is not None and last is not None
    assert (first.layout, first.assumed) == ("channels first", False)
    assert (last.layout, last.grid, last.assumed) == ("channels first", (2, 2), True)


@pytest.mark.parametrize(("every", "grid"), [(1, (8, 8)), (2, (4, 4)), (4, (0, 0))])
def test_tokens_that_read_all_tokens_alike_are_those_of_before_or_every_other_one(every, grid):
    class Mixing(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.patches = nn.Conv2d(1, 4, 4, stride=4)
            self.norm, self.mixed = nn.LayerNorm(4), nn.Linear(4, 3)

        def forward(self, inputs: Tensor) -> Tensor:
            read = self.norm(tokens(self.patches(inputs)))
            alike = read.mean(1, keepdim=True).expand(-1, (8 // every) ** 2, -1)
            logits: Tensor = self.mixed(alike).mean(1)
            return logits

    found = survey(built(Mixing), torch.tensor(pixels(side=32))[None]).find("mixed")
    assert found is not None
    assert (found.grid, found.assumed) == (grid, grid != (0, 0))


def test_a_network_that_takes_one_picture_at_a_time_is_measured_all_the_same():
    class Single(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(1, 3, 4, stride=4)

        def forward(self, inputs: Tensor) -> Tensor:
            logits: Tensor = self.conv(inputs.reshape(1, 1, 32, 32)).mean((2, 3))
            return logits

    found = survey(built(Single), torch.tensor(pixels(side=32))[None]).find("conv")
    assert found is not None
    assert (found.layout, found.grid, found.assumed) == ("channels first", (8, 8), False)


def test_an_output_without_rows_and_columns_says_so():
    assert laid_out(lambda maps: maps.mean((2, 3))).unlike == SHAPE


def test_a_part_of_a_module_lies_within_it():
    assert is_within("blocks.1.attn.qkv", {"blocks.1.attn"})
    assert not is_within("blocks.1.attn", {"blocks.1.attn"})
    assert not is_within("blocks.10.attn", {"blocks.1"})
