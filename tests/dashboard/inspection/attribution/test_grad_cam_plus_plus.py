"""Maps of a layer, weighted place by place: slow versions written from the papers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from tests.networks import ConvNet, built, classifier, explain, pixels


def layer_and_gradient(target):
    """What the last activation says of the input, and the slope of a logit at it, both (5, 4, 4)."""
    network = built(ConvNet)
    maps = network.act1(network.bn1(network.conv1(torch.tensor(pixels())[None])))
    maps = network.act2(network.conv2(maps)).requires_grad_()
    logit = network.head(maps.mean((2, 3)))[0, target]
    return maps[0].detach().double(), torch.autograd.grad(logit, maps)[0][0].double(), float(logit.detach())


@pytest.mark.parametrize("target", [0, 1, 2])
def test_grad_cam_plus_plus_is_the_papers_up_to_one_factor(target):
    maps, slope, logit = layer_and_gradient(target)
    expected = torch.zeros(4, 4, dtype=torch.float64)
    for channel, gradient in zip(maps, slope, strict=True):
        weight = 0.0
        for g in gradient.flatten():
            # Derivatives of exp(logit), which is what the paper explains: exp(logit) g, g^2 and g^3.
            first, second, third = (float(np.exp(logit) * g**power) for power in (1, 2, 3))
            if g > 0:
                weight += second / (2 * second + float(channel.sum()) * third) * first
        expected += weight * channel
    expected = expected.relu()
    found = explain("grad_cam_plus_plus", classifier(built(ConvNet)), pixels(), target, layer="act2")
    if not expected.any():
        assert found.raw is None
        return
    assert found.raw is not None and found.outcome.kind == "clean"
    assert np.allclose(found.raw[0] / found.raw.max(), expected / expected.max(), atol=1e-5)


@pytest.mark.parametrize("target", [0, 1, 2])
def test_layer_cam_is_the_papers(target):
    maps, slope, _ = layer_and_gradient(target)
    expected = np.zeros((4, 4))
    for channel, gradient in zip(maps, slope, strict=True):
        for place in np.ndindex(4, 4):
            expected[place] += max(float(gradient[place]), 0) * float(channel[place])
    found = explain("layer_cam", classifier(built(ConvNet)), pixels(), target, layer="act2")
    assert found.raw is not None and np.allclose(found.raw[0], np.maximum(expected, 0), atol=1e-6)


def test_a_layer_with_negative_values_is_warned_of():
    network = built(lambda: ConvNet(nn.Tanh))
    network.head.weight.mul_(1000)  # so that slopes weigh more than the formula's 2
    of = classifier(network)
    found = [explain("grad_cam_plus_plus", of, pixels(), target, layer="conv2") for target in range(3)]
    assert any("without negative values" in one.outcome.reason for one in found)
