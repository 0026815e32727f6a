"""Where a network may go on with a part, against what really changes and what is really read."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from dashboard.inspection.engine.local_stages import Axis, local_stages
from tests.networks import untouched

SIDE = 23
CHAINS: dict[str, Callable[[], list[nn.Module]]] = {
    "padding": lambda: [nn.Conv2d(1, 1, 3, padding=1), nn.Conv2d(1, 1, 5, padding=2)],
    "no padding": lambda: [nn.Conv2d(1, 1, 3), nn.MaxPool2d(2)],
    "strides": lambda: [nn.Conv2d(1, 1, 3, 2, 1), nn.Conv2d(1, 1, 3, 2, 1)],
    "ceiling": lambda: [nn.Conv2d(1, 1, 3, 2), nn.MaxPool2d(3, 2, ceil_mode=True)],
    "dilation": lambda: [nn.Conv2d(1, 1, 3, padding=2, dilation=2), nn.Conv2d(1, 1, 3, 3)],
    "gaps between windows": lambda: [nn.Conv2d(1, 1, 2, 4), nn.Conv2d(1, 1, 1)],
}


def positive(chain: list[nn.Module]) -> nn.Sequential:
    """In double precision, with positive weights: nothing that is added cancels out."""
    network = nn.Sequential(*chain).double()
    for parameter in network.parameters():
        nn.init.uniform_(parameter, 1, 2)
    return network


def picture() -> Tensor:
    return torch.rand(1, 1, SIDE, SIDE, generator=torch.Generator().manual_seed(0)).double()


def behind(chain: list[nn.Module]) -> Axis:
    """The grid behind a chain, along one axis."""
    headed = nn.Sequential(*chain, nn.Flatten(), nn.LazyLinear(2)).double()
    headed(picture())
    return local_stages(headed, picture())[-1].grid[0]


@pytest.mark.parametrize("name", CHAINS)
def test_a_change_reaches_the_places_that_are_said_to_change(name):
    chain = CHAINS[name]()
    network, last = positive(chain), behind(chain)
    before = network(picture())
    assert last.size == before.shape[2]
    for first in range(SIDE):
        for end in range(first + 1, min(first + 5, SIDE) + 1):
            changed = picture()
            changed[:, :, first:end] += 1
            places = (network(changed) != before).any(3)[0, 0].nonzero().flatten().tolist()
            begin, stop = last.places_reading(np.array([first, end])).tolist()
            assert 0 <= begin < stop <= last.size
            # A maximum may keep its value, and between windows nothing is read: no place is missed.
            assert set(places) <= set(range(begin, stop))
            if not any(isinstance(layer, nn.MaxPool2d) for layer in chain) and places:
                assert places == list(range(begin, stop))


@pytest.mark.parametrize("name", CHAINS)
def test_a_part_gives_what_the_whole_gives(name):
    """Each interval of a layer, from the part of the picture that it is said to read."""
    chain = CHAINS[name]()
    network, first, last = positive(chain), Axis(SIDE), behind(chain)
    whole = network(picture())
    for begin in range(last.size):
        for end in range(begin + 1, last.size + 1):
            top, bottom = first.places_read_by(last, np.array([begin, end])).tolist()
            part = network(picture()[:, :, top:bottom])
            assert part.shape[2] == first.size_at(last, bottom - top)
            offset = begin - top // first.stride(last)
            torch.testing.assert_close(part[:, :, offset : offset + end - begin], whole[:, :, begin:end])


class Residual(nn.Module):
    """A skip connection around two layers."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Conv2d(4, 4, 3, padding=1), nn.Conv2d(4, 4, 3, padding=1)

    def forward(self, inputs: Tensor) -> Tensor:
        added: Tensor = inputs + self.two(self.one(inputs).relu())
        return added


class Gated(nn.Module):
    """Every place is scaled by what all places say."""

    def __init__(self) -> None:
        super().__init__()
        self.pool, self.gate = nn.AdaptiveAvgPool2d(1), nn.Conv2d(4, 4, 1)

    def forward(self, inputs: Tensor) -> Tensor:
        scaled: Tensor = inputs * self.gate(self.pool(inputs)).sigmoid()
        return scaled


def names(*layers: nn.Module) -> list[str]:
    network = nn.Sequential(*layers, nn.Flatten(), nn.LazyLinear(2))
    inputs = torch.rand(1, 3, 12, 12)
    network(inputs)
    with untouched(network):
        return [stage.layer for stage in local_stages(network, inputs)]


def test_no_data_goes_around_a_stage():
    assert names(nn.Conv2d(3, 4, 3), Residual(), nn.Conv2d(4, 4, 3)) == ["0", "1", "2"]


def test_behind_a_gate_there_is_none():
    assert names(nn.Conv2d(3, 4, 3), Gated(), nn.Conv2d(4, 4, 3)) == ["0"]


def test_of_those_with_one_reach_the_narrowest_is_taken_and_the_first():
    assert names(nn.Conv2d(3, 4, 3), nn.Conv2d(4, 2, 1), nn.ReLU()) == ["1"]


def test_a_wide_one_before_a_narrow_one_is_left_out():
    assert names(nn.Conv2d(3, 9, 3), nn.Conv2d(9, 4, 3)) == ["1"]
    assert names(nn.Conv2d(3, 5, 3), nn.Conv2d(5, 4, 3)) == ["0", "1"]


def test_a_layer_that_is_called_twice_is_told_by_its_number():
    again = nn.Conv2d(4, 4, 3)
    network = nn.Sequential(nn.Conv2d(3, 4, 3), again, again, nn.Flatten(), nn.Linear(4 * 36, 2))
    found = local_stages(network, torch.rand(1, 3, 12, 12))
    assert [(stage.layer, stage.number) for stage in found] == [("0", 1), ("1", 1), ("1", 2)]


def test_a_network_without_a_grid_has_none():
    assert local_stages(nn.Sequential(nn.Flatten(), nn.Linear(27, 2)), torch.rand(1, 3, 3, 3)) == ()
