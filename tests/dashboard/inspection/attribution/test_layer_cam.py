"""Layer-CAM against the formula written out."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from tests.networks import ConvNet, built, classifier, explain, pixels


@pytest.mark.parametrize("target", range(3))
def test_is_the_formula(target):
    """relu(sum_k relu(gradient_k) activation_k), place by place."""
    network = built(ConvNet)
    batch = torch.tensor(pixels())[None].requires_grad_()
    maps = network.act2(network.conv2(network.act1(network.bn1(network.conv1(batch)))))
    (gradient,) = torch.autograd.grad(network.head(maps.mean((2, 3)))[0, target], maps)
    expected = (gradient.relu() * maps).sum(1).relu()[0].detach()
    found = explain("layer_cam", classifier(built(ConvNet)), pixels(), target, layer="act2")
    if float(expected.max()) == 0:
        assert found.outcome.kind == "refused"
        return
    assert found.raw is not None and np.allclose(found.raw[0], expected, atol=1e-6)


@pytest.mark.slow
def test_what_follows_a_layer_may_write_in_place(dense):
    assert explain("layer_cam", dense, pixels(3, 64), layer="features.norm5").values is not None
