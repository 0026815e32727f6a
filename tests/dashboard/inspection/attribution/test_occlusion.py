"""Covering up, against closed forms and bare Captum."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import torch
from captum.attr import Occlusion

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.baselines import baseline
from dashboard.inspection.attribution.method import RawAttribution, Task
from dashboard.inspection.attribution.occlusion import Settings
from dashboard.inspection.attribution.run import Request, attribute
from dashboard.inspection.engine import speed
from tests.networks import ConvNet, Linear, built, classifier, pixels, slopes, surveyed

METHOD = METHODS["occlusion"]


def occluded(of, inputs, target=0, versus=None, **settings):
    request = Request(target, versus, parameters=Settings(**settings))
    return attribute(of, inputs, method=METHOD, request=request, survey=surveyed(of, inputs))


def by_hand(of, inputs, window, stride, cover) -> np.ndarray:
    """The mean drop of the score over the windows that cover a pixel; (H, W)."""
    batch = torch.tensor(inputs)[None]
    start = baseline(cover, batch, of.preprocessing)
    height, width = inputs.shape[1:]
    drops, often = np.zeros((height, width)), np.zeros((height, width))
    for row in range(math.ceil((height - window) / stride) + 1):
        for column in range(math.ceil((width - window) / stride) + 1):
            at = np.s_[..., row * stride : row * stride + window, column * stride : column * stride + window]
            covered = batch.clone()
            covered[at] = start[at]
            drops[at] += float(of.module(batch)[0, 0] - of.module(covered)[0, 0])
            often[at] += 1
    return drops / often


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("window", "stride"), [(1, 1), (2, 2), (3, 1), (3, 2), (4, 3), (5, 5)])
@pytest.mark.parametrize("cover", ["mean", "blur"])
def test_is_the_mean_drop_over_the_windows(channels, window, stride, cover):
    of = classifier(built(lambda: ConvNet(channels=channels)), channels=channels)
    inputs = pixels(channels)
    found = occluded(of, inputs, window=window, stride=stride, baseline=cover)
    assert np.allclose(found.values, by_hand(of, inputs, window, stride, cover), atol=1e-6)
    assert found.outcome.kind == "clean"


def test_pixel_by_pixel_on_a_linear_network_is_weight_times_change():
    of = classifier(built(lambda: Linear(3)), channels=3)
    weights = slopes(of)
    found = occluded(of, pixels(3), target=1, window=1, stride=1, baseline="black")
    assert np.allclose(found.values, (weights[1] * (pixels(3) + 1)).sum(0), atol=1e-5)
    lead = occluded(of, pixels(3), 1, 2, window=1, stride=1, baseline="black")
    assert np.allclose(lead.values, ((weights[1] - weights[2]) * (pixels(3) + 1)).sum(0), atol=1e-5)


@pytest.mark.parametrize("window", [8, 9, 112])
def test_a_window_over_everything_is_refused_because_it_says_the_same_everywhere(window):
    of = classifier(built(ConvNet))
    found = occluded(of, pixels(), window=window, stride=1)
    assert found.outcome.kind == "refused"
    assert "constant" in found.outcome.reason


def test_a_window_over_everything_finds_the_whole_change():
    of = classifier(built(ConvNet))
    found: list[RawAttribution] = []

    def run(task: Task) -> RawAttribution:
        found.append(METHOD.run(task))
        return found[0]

    spy = dataclasses.replace(METHOD, run=run)
    request = Request(0, parameters=Settings(window=8, stride=8, baseline="white"))
    attribute(of, pixels(), method=spy, request=request, survey=surveyed(of, pixels()))
    logits = of.module(torch.stack([torch.tensor(pixels()), torch.ones(1, 8, 8)]))
    assert torch.allclose(found[0].values, logits[0, 0] - logits[1, 0], atol=1e-6)


def test_a_stride_wider_than_the_window_leaves_no_gap():
    of = classifier(built(ConvNet))
    wide = occluded(of, pixels(), window=2, stride=100)
    assert np.array_equal(wide.values, occluded(of, pixels(), window=2, stride=2).values)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["efficientnet_lite0", "squeezenet1_1"])
def test_is_bare_captums(embedded, panda, name, monkeypatch):
    # Another memory layout rounds otherwise; test_speed compares the two.
    monkeypatch.setattr(speed, "acceleration", lambda *_, **given: speed.Acceleration())
    of = embedded(name)
    inputs = panda(of)
    found = occluded(of, inputs, target=388, window=96, stride=64)
    batch = torch.tensor(inputs)[None]
    bare = Occlusion(of.module).attribute(
        batch, (3, 96, 96), strides=(3, 64, 64), baselines=torch.zeros_like(batch), target=388
    )
    assert np.abs(found.raw - bare[0].numpy()).max() < 1e-4 * float(bare.abs().max())
    assert np.abs(found.values - bare[0, 0].numpy()).max() < 1e-4 * float(bare.abs().max())
