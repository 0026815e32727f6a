"""What makes a network fast is measured once, shared by everyone, and never changes an answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.run import Request, attribute
from dashboard.inspection.engine import speed, stopwatch
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.local_forward import LocalForward
from dashboard.inspection.engine.local_stages import LocalStage, local_stages
from models.classifier import Classifier
from tests.dashboard.inspection.engine.networks import normalised, photo, tiny
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


class Steps(ConvNet):
    """Whether each logit is above zero: no gradient leads back from that."""

    def forward(self, inputs: Tensor) -> Tensor:
        return (super().forward(inputs) > 0).float()


@pytest.fixture
def clock(monkeypatch):
    """Says that a pass takes the seconds of its layout; the second argument is channels last."""

    def set_to(first: float, last: float) -> list[Tensor]:
        timed: list[Tensor] = []

        def seconds(network: nn.Module, inputs: Tensor, *, gradient: bool = False) -> float:
            timed.append(inputs)
            return last if inputs.is_contiguous(memory_format=torch.channels_last) else first

        monkeypatch.setattr(stopwatch, "time_pass", seconds)
        return timed

    return set_to


@pytest.mark.parametrize(
    ("first", "last", "chosen"),
    [(0.3, 0.1, True), (0.3, 0.29, False), (0.1, 0.3, False), (0.003, 0.001, False)],
    ids=["faster", "hardly faster", "slower", "too short to matter"],
)
def test_channels_last_where_it_is_clearly_faster(clock, first, last, chosen):
    clock(first, last)
    of = classifier(built(lambda: nn.Sequential(Seen(), ConvNet(channels=3))), channels=3)
    private = speed.accelerate(isolate(of.module), of, photo())
    seen = private.get_submodule("0")
    assert isinstance(seen, Seen)
    seen.channels_last.clear()
    private(photo())
    assert seen.channels_last == [chosen]


def test_a_gradient_wants_a_larger_gain(clock):
    clock(0.125, 0.1)
    of = tiny()
    assert speed.acceleration(of, photo(), use="answers").channels_last
    assert not speed.acceleration(of, photo(), use="gradient").channels_last
    assert speed.acceleration(of, photo(), use="near answers").channels_last


def test_a_network_that_cannot_read_it_is_left_alone(clock):
    clock(0.3, 0.1)
    of = classifier(built(Viewed), channels=3)
    assert not speed.acceleration(of, photo()).channels_last


@pytest.mark.parametrize("use", ["layers", "gradient"])
def test_a_network_without_a_gradient_is_left_alone(clock, use):
    clock(0.3, 0.1)
    of = classifier(built(lambda: Steps(channels=3)), channels=3)
    assert speed.acceleration(of, photo(), use=use) == speed.Acceleration()


def test_eight_threads_share_one_measurement(clock):
    timed = clock(0.3, 0.1)
    of = tiny()
    speed.acceleration(of, photo())
    once = len(timed)
    speed._CHOSEN.clear()
    timed.clear()
    with untouched(of.module), ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: speed.acceleration(of, photo()), range(8)))
    assert found == [speed.Acceleration(channels_last=True, optimised=True, fusable=(("conv1", "bn1"),))] * 8
    assert len(timed) == once


def test_another_size_is_measured_again(clock):
    timed = clock(0.3, 0.1)
    of = tiny()
    speed.acceleration(of, photo())
    once = len(timed)
    speed.acceleration(of, torch.zeros(1, 3, 9, 14))
    assert len(timed) == 2 * once


def test_a_copy_whose_layers_are_read_still_shares_its_weights(clock):
    clock(0.3, 0.1)
    of = tiny()
    private = speed.accelerate(isolate(of.module), of, photo())
    shared = {one.data_ptr() for one in of.module.parameters()}
    assert {one.data_ptr() for one in private.parameters()} == shared


@pytest.mark.parametrize(
    "method", [one for one in METHODS.values() if one.cost == "slow"], ids=lambda method: method.name
)
def test_the_map_is_the_same_at_any_pace(clock, method):
    of = normalised()
    inputs = pixels(3)
    ask = Request(0, parameters=method.settings({"n_masks": "24", "n_perturbations": "24"}, (8, 8)))

    def found():
        return attribute(of, inputs, method=method, request=ask, survey=surveyed(of, inputs))

    clock(0.001, 0.001)  # too short to matter: nothing is changed
    first = found()
    speed._CHOSEN.clear()
    clock(0.3, 0.1)
    with untouched(of.module):
        last = found()
    assert list(speed._CHOSEN.values()) == [
        speed.Acceleration(channels_last=True, optimised=True, fusable=(("conv1", "norm"),))
    ]
    assert first.outcome.kind == last.outcome.kind
    if first.raw is not None:
        assert np.abs(first.raw - last.raw).max() <= 1e-3 * np.abs(first.raw).max()


def test_a_network_whose_answers_are_no_numbers_stays_as_it_is(monkeypatch):
    def broken() -> nn.Module:
        network = ConvNet()
        nn.init.constant_(network.head.weight, float("nan"))
        return network

    monkeypatch.setattr(speed, "SHORT_SECONDS", 0.0)
    of = classifier(built(broken))
    assert speed.acceleration(of, torch.tensor(pixels())[None]) == speed.Acceleration()


@pytest.fixture
def parts_take(monkeypatch):
    """Says how many seconds a pass through stages takes; one of whole pictures takes 0.3."""

    def set_to(seconds: float) -> None:
        def taken(network: nn.Module, inputs: Tensor, *, gradient: bool = False) -> float:
            return seconds if isinstance(network, LocalForward) else 0.3

        monkeypatch.setattr(stopwatch, "time_pass", taken)

    return set_to


class Large(nn.Module):
    """Reads a picture of 32 pixels, and knows it where it is told to."""

    def __init__(self, *, knows: bool = False) -> None:
        super().__init__()
        self.knows = knows
        self.conv1, self.conv2 = nn.Conv2d(3, 4, 3, 2, 1), nn.Conv2d(4, 4, 3, 2, 1)
        self.head = nn.Linear(4 * 8 * 8, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        torch._assert(not self.knows or inputs.shape[2] == 32, "a picture of 32 pixels")
        logits: Tensor = self.head(self.conv2(self.conv1(inputs).relu()).flatten(1))
        return logits


def near(of: Classifier) -> nn.Module:
    return speed.accelerate(isolate(of.module), of, torch.tensor(pixels(3, 32))[None], use="near answers")


@pytest.mark.parametrize(("seconds", "local"), [(0.1, True), (0.29, False), (0.5, False)])
def test_near_answers_come_from_parts_where_that_is_clearly_faster(parts_take, seconds, local):
    parts_take(seconds)
    of = classifier(built(Large), channels=3, side=32)
    with untouched(of.module):
        network = near(of)
    assert isinstance(network, LocalForward) == local
    pictures = stopwatch.examples(torch.tensor(pixels(3, 32))[None], 5, "near answers")
    with torch.no_grad():
        torch.testing.assert_close(network(pictures), of.module(pictures), rtol=1e-4, atol=1e-5)


def test_a_network_that_knows_its_size_is_given_whole_pictures(parts_take):
    parts_take(0.1)
    assert not isinstance(
        near(classifier(built(lambda: Large(knows=True)), channels=3, side=32)), LocalForward
    )


def test_answers_that_would_not_be_the_same_do_not_come_from_parts(parts_take, monkeypatch):
    parts_take(0.1)
    monkeypatch.setattr(LocalForward, "forward", lambda self, pictures: 1.01 * self.network(pictures))
    assert not isinstance(near(classifier(built(Large), channels=3, side=32)), LocalForward)


def test_stages_are_looked_for_once(parts_take, monkeypatch):
    parts_take(0.1)
    looked = []

    def look(module: nn.Module, inputs: Tensor) -> tuple[LocalStage, ...]:
        looked.append(module)
        return local_stages(module, inputs)

    monkeypatch.setattr(speed, "local_stages", look)
    of = classifier(built(Large), channels=3, side=32)
    with ThreadPoolExecutor(8) as pool:
        assert all(isinstance(network, LocalForward) for network in pool.map(lambda _: near(of), range(8)))
    assert len(looked) == 1


@pytest.mark.parametrize("method", ["occlusion", "feature_ablation"])
def test_the_map_is_the_same_from_parts(parts_take, method):
    of, inputs = classifier(built(Large), channels=3, side=32), pixels(3, 32)
    ask = Request(0, parameters=METHODS[method].defaults((32, 32)))
    maps = []
    for seconds in (0.5, 0.1):
        parts_take(seconds)
        speed._NEARBY.clear()
        found = attribute(of, inputs, method=METHODS[method], request=ask, survey=surveyed(of, inputs))
        assert (
            any(near.stages for near in speed._NEARBY.values()) == (seconds < 0.3)
            and found.values is not None
        )
        maps.append(found.values)
    assert np.abs(maps[0] - maps[1]).max() <= 1e-5 * np.abs(maps[0]).max()
