"""Answers by what changed alone are those of whole pictures, in double precision, wherever the change lies."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.models import alexnet, densenet121, googlenet, mobilenet_v2, squeezenet1_1

from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.local_forward import LocalForward, changed_regions
from dashboard.inspection.engine.local_stages import local_stages
from models.runtime.randomness import fork_rng

SIDE = 45


class Notes(nn.Module):
    """Hands on what it is given, and notes its height."""

    def __init__(self) -> None:
        super().__init__()
        self.heights: list[int] = []

    def forward(self, inputs: Tensor) -> Tensor:
        self.heights.append(inputs.shape[2])
        return inputs


class Residual(nn.Module):
    """A skip connection around a layer that is called twice, with an activation in place behind."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layer = nn.Conv2d(channels, channels, 3, padding=1)
        self.activation = nn.ReLU(inplace=True)

    def forward(self, inputs: Tensor) -> Tensor:
        added: Tensor = self.activation(inputs + self.layer(self.layer(inputs).tanh()))
        return added


class Same(nn.Module):
    """A stride with padding that follows from the size of what it is given, as TensorFlow pads."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layer = nn.Conv2d(channels, channels, 3, 2)

    def forward(self, inputs: Tensor) -> Tensor:
        missing = [(side - 1) // 2 * 2 + 3 - side for side in inputs.shape[2:]]
        (down, across) = (max(0, one) for one in missing)
        padded = functional.pad(inputs, (across // 2, across - across // 2, down // 2, down - down // 2))
        found: Tensor = self.layer(padded)
        return found


class Fixed(nn.Module):
    """A pool that gives a grid of one size whatever it is given."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.pool, self.layer = nn.AdaptiveAvgPool2d(size), nn.Conv2d(4, 4, 3, padding=1)

    def forward(self, inputs: Tensor) -> Tensor:
        found: Tensor = self.layer(self.pool(inputs))
        return found


NETWORKS: dict[str, Callable[[], list[nn.Module]]] = {
    "residual": lambda: [nn.Conv2d(3, 4, 3, 2, 1), Residual(4), nn.Conv2d(4, 4, 3, 2, 1), Residual(4)],
    "same": lambda: [Same(3), nn.Conv2d(3, 4, 3, padding=1), Same(4), nn.Tanh()],
    "ceiling": lambda: [nn.Conv2d(3, 4, 3, 2), nn.MaxPool2d(3, 2, ceil_mode=True), nn.Conv2d(4, 4, 3)],
    "dilation": lambda: [nn.Conv2d(3, 4, 3, dilation=3), nn.Conv2d(4, 4, 2, 3), nn.Conv2d(4, 4, 3)],
    "reflecting": lambda: [nn.Conv2d(3, 4, 5, padding=2, padding_mode="reflect"), nn.AvgPool2d(3)],
    "gaps": lambda: [nn.Conv2d(3, 4, 2, 4), nn.Conv2d(4, 4, 3, padding=1)],
}


def headed(name: str) -> nn.Module:
    with fork_rng(0):
        network = nn.Sequential(Notes(), *NETWORKS[name](), nn.Flatten(), nn.LazyLinear(5)).double().eval()
        network(photo())
    return network


def photo(side: int = SIDE) -> Tensor:
    return torch.rand(1, 3, side, side, generator=torch.Generator().manual_seed(1)).double()


def covered(side: int, squares: list[tuple[int, int, int]]) -> Tensor:
    """The photo, in each row with another square of it changed: row, column, side."""
    pictures = photo(side).repeat(len(squares), 1, 1, 1)
    for picture, (top, left, size) in zip(pictures, squares, strict=True):
        picture[:, top : top + size, left : left + size] += 1
    return pictures


def corners(side: int, size: int) -> list[tuple[int, int, int]]:
    last = side - size
    return [(0, 0, size), (0, last, size), (last, 0, size), (last, last, size), (last // 2, last // 3, size)]


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 4, 11, 30])
@pytest.mark.parametrize("name", NETWORKS)
def test_they_are_those_of_whole_pictures(name, size):
    network = headed(name)
    pictures = covered(SIDE, corners(SIDE, size))
    windowed = LocalForward(isolate(network), photo(), local_stages(network, photo()))
    notes = windowed.network.get_submodule("0")
    assert isinstance(notes, Notes)
    notes.heights.clear()
    with torch.no_grad():
        found, expected = windowed(pictures), network(pictures)
        torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-9)
        assert (expected != network(photo())).any(1).all()
    (height,) = notes.heights
    assert height < SIDE if size < 12 else height <= SIDE


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 9, 40])
@pytest.mark.parametrize(
    "build", [alexnet, squeezenet1_1, mobilenet_v2, densenet121, lambda: googlenet(init_weights=False)]
)
def test_real_networks_too(build, size):
    with fork_rng(0):
        network = build().double().eval()
    pictures = covered(97, corners(97, size))
    windowed = LocalForward(isolate(network), photo(97), local_stages(network, photo(97)))
    with torch.no_grad():
        found, expected = windowed(pictures), network(pictures)
        whole = network(photo(97))
    change = (expected - whole).abs().max()
    assert change > 0 and (found - expected).abs().max() < 1e-6 * change


def test_changes_of_all_kinds_in_one_batch():
    network = headed("residual")
    windowed = LocalForward(isolate(network), photo(), local_stages(network, photo()))
    pictures = covered(SIDE, [(3, 3, 2), (20, 9, 5), (0, 40, 5), (7, 7, 0)])
    with torch.no_grad():
        torch.testing.assert_close(windowed(pictures), network(pictures), rtol=1e-9, atol=1e-9)
        pictures[1] += 1  # everywhere
        torch.testing.assert_close(windowed(pictures), network(pictures), rtol=1e-9, atol=1e-9)
        torch.testing.assert_close(windowed(photo()), network(photo()), rtol=1e-9, atol=1e-9)


def test_a_pool_to_a_fixed_grid_is_given_whole_pictures():
    with fork_rng(0):
        network = nn.Sequential(
            nn.Conv2d(3, 4, 3, 4, 1), Fixed(12), nn.Flatten(), nn.Linear(4 * 144, 5)
        ).double()
    found = local_stages(network, photo())
    assert len(found) > 1
    windowed = LocalForward(isolate(network), photo(), found)
    pictures = covered(SIDE, corners(SIDE, 3))
    with torch.no_grad():
        torch.testing.assert_close(windowed(pictures), network(pictures), rtol=1e-9, atol=1e-9)


def test_where_pictures_differ():
    pictures = covered(9, [(0, 0, 1), (2, 5, 3), (8, 8, 1), (0, 0, 9)])
    pictures = torch.cat([pictures, photo(9)])
    found = changed_regions(pictures, photo(9)).tolist()
    assert found[:4] == [[[0, 1], [0, 1]], [[2, 5], [5, 8]], [[8, 9], [8, 9]], [[0, 9], [0, 9]]]
    assert found[4] == [[0, 1], [0, 1]]


def test_what_is_no_number_differs():
    pictures = photo(9)
    pictures[0, 1, 3, 4] = float("nan")
    assert changed_regions(pictures, photo(9)).tolist() == [[[3, 4], [4, 5]]]
