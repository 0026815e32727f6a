"""The layout is measured once, shared by everyone, and never changes an answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from dashboard.inspection import pace
from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.run import Request, attribute
from dashboard.inspection.isolation import isolated
from tests.networks import ConvNet, built, classifier, pixels, surveyed, untouched


class Seen(nn.Module):
    """Notes the layout of what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.channels_last: list[bool] = []

    def forward(self, inputs: Tensor) -> Tensor:
        self.channels_last.append(inputs.is_contiguous(memory_format=torch.channels_last))
        return inputs


class Viewed(nn.Module):
    """Flattens with `view`, which only channels first can do."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Linear(3 * 8 * 8, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        logits: Tensor = self.head(inputs.view(len(inputs), -1))
        return logits


def photo() -> Tensor:
    return torch.tensor(pixels(3))[None]


@pytest.fixture(autouse=True)
def forgotten(monkeypatch):
    monkeypatch.setattr(pace, "_CHOSEN", {})


@pytest.fixture
def clock(monkeypatch):
    """Says that a pass takes the seconds of its layout; the second argument is channels last."""

    def set_to(first: float, last: float) -> list[Tensor]:
        timed: list[Tensor] = []

        def seconds(network: nn.Module, inputs: Tensor) -> float:
            timed.append(inputs)
            return last if inputs.is_contiguous(memory_format=torch.channels_last) else first

        monkeypatch.setattr(pace, "_seconds", seconds)
        return timed

    return set_to


@pytest.mark.parametrize(
    ("first", "last", "chosen"),
    [(0.3, 0.1, True), (0.3, 0.29, False), (0.1, 0.3, False), (0.003, 0.001, False)],
    ids=["faster", "hardly faster", "slower", "too short to matter"],
)
def test_channels_last_where_it_is_clearly_faster(clock, first, last, chosen):
    clock(first, last)
    of = classifier(built(lambda: ConvNet(channels=3)), channels=3)
    seen = Seen()
    pace.turned(seen, of, photo())(photo())
    assert seen.channels_last == [chosen]


def test_a_network_that_cannot_read_it_is_left_alone(clock):
    clock(0.3, 0.1)
    of = classifier(built(Viewed), channels=3)
    assert not pace.channels_last(of, photo())


def test_eight_threads_share_one_measurement(clock):
    timed = clock(0.3, 0.1)
    of = classifier(built(lambda: ConvNet(channels=3)), channels=3)
    pace.channels_last(of, photo())
    once = len(timed)
    pace._CHOSEN.clear()
    timed.clear()
    with untouched(of.module), ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: pace.channels_last(of, photo()), range(8))) == [True] * 8
    assert len(timed) == once


def test_another_size_is_measured_again(clock):
    timed = clock(0.3, 0.1)
    of = classifier(built(lambda: ConvNet(channels=3)), channels=3)
    pace.channels_last(of, photo())
    once = len(timed)
    pace.channels_last(of, torch.zeros(1, 3, 9, 14))
    assert len(timed) == 2 * once


def test_the_copy_still_shares_its_weights(clock):
    clock(0.3, 0.1)
    of = classifier(built(lambda: ConvNet(channels=3)), channels=3)
    private = pace.turned(isolated(of.module), of, photo())
    shared = {one.data_ptr() for one in of.module.parameters()}
    assert {one.data_ptr() for one in private.parameters()} == shared


@pytest.mark.parametrize(
    "method", [one for one in METHODS.values() if one.cost == "slow"], ids=lambda method: method.name
)
def test_the_map_is_the_same_in_either_layout(clock, method):
    of = classifier(built(lambda: ConvNet(nn.Tanh, channels=3)), channels=3)
    inputs = pixels(3)
    ask = Request(0, parameters=method.settings({"n_masks": "24", "n_perturbations": "24"}, (8, 8)))

    def found():
        return attribute(of, inputs, method=method, request=ask, survey=surveyed(of, inputs))

    clock(0.1, 0.3)
    first = found()
    pace._CHOSEN.clear()
    clock(0.3, 0.1)
    with untouched(of.module):
        last = found()
    assert pace._CHOSEN[next(iter(pace._CHOSEN))]
    assert first.outcome.kind == last.outcome.kind
    if first.raw is not None:
        assert np.abs(first.raw - last.raw).max() <= 1e-3 * np.abs(first.raw).max()
