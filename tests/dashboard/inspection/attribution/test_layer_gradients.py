"""A layer's output and its gradient, from one pass, as plain autograd finds them."""

from __future__ import annotations

import torch

from dashboard.inspection.attribution.layer_gradients import activations_and_gradients
from tests.networks import ConvNet, built, classifier, pixels, surveyed, task


def test_they_are_those_of_autograd():
    network = built(ConvNet)
    of = classifier(built(ConvNet))
    job = task("grad_cam", of, pixels(), 2)
    assert job.layer is not None and job.layer == surveyed(of, pixels()).find("act2")
    maps, gradient = activations_and_gradients(job)
    batch = torch.tensor(pixels())[None].requires_grad_()
    expected = network.act2(network.conv2(network.act1(network.bn1(network.conv1(batch)))))
    (slope,) = torch.autograd.grad(network.head(expected.mean((2, 3)))[0, 2], expected)
    torch.testing.assert_close(maps, expected.detach())
    torch.testing.assert_close(gradient, slope)
    assert not maps.requires_grad
