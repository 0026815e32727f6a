"""Answers near a picture come from what changed alone, where that is faster and the same."""

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
from dashboard.inspection.engine.local_forward import LocalForward, changed_regions
from dashboard.inspection.engine.local_stages import LocalStage, local_stages
from models.classifier import Classifier
from tests.networks import built, classifier, pixels, surveyed, untouched


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


@pytest.mark.parametrize(("seconds", "windowed"), [(0.1, True), (0.29, False), (0.5, False)])
def test_near_answers_come_from_parts_where_that_is_clearly_faster(parts_take, seconds, windowed):
    parts_take(seconds)
    of = classifier(built(Large), channels=3, side=32)
    with untouched(of.module):
        network = near(of)
    assert isinstance(network, LocalForward) == windowed
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
        speed._STAGES.clear()
        found = attribute(of, inputs, method=METHODS[method], request=ask, survey=surveyed(of, inputs))
        assert any(speed._STAGES.values()) == (seconds < 0.3) and found.values is not None
        maps.append(found.values)
    assert np.abs(maps[0] - maps[1]).max() <= 1e-5 * np.abs(maps[0]).max()


def test_examples_near_a_picture_have_a_square_of_it_covered_at_all_its_edges():
    picture = torch.rand(1, 3, 21, 35)
    found = stopwatch.examples(picture, 8, "near answers")
    places = changed_regions(found, picture)
    assert ((places[..., 1] - places[..., 0]) == (3, 5)).all()
    assert (places[..., 0].min(0) == 0).all() and (places[..., 1].max(0) == (21, 35)).all()
    assert len(np.unique(places.reshape(8, -1), axis=0)) == 8
    assert torch.equal(stopwatch.examples(picture, 3, "answers"), picture.repeat(3, 1, 1, 1))
