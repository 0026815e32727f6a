"""Guided Backprop where Grad-CAM sees the class: bare Captum, and the product of the two."""

from __future__ import annotations

import copy

import numpy as np
import torch
from captum.attr import GuidedGradCam
from torch.nn import functional

from tests.networks import ConvNet, built, classifier, explain, pixels


def test_is_bare_captums():
    network = copy.deepcopy(built(ConvNet))
    found = explain("guided_grad_cam", classifier(built(ConvNet)), pixels(), 1, layer="conv2")
    bare = GuidedGradCam(network, network.conv2).attribute(
        torch.tensor(pixels())[None].requires_grad_(), target=1, interpolate_mode="bilinear"
    )
    assert found.raw is not None and np.allclose(found.raw, bare.detach()[0], atol=1e-6)


def test_is_the_product_of_its_parts():
    of = classifier(built(ConvNet))
    guided, cam = (
        explain("guided_backprop", of, pixels(), 1),
        explain("grad_cam", of, pixels(), 1, layer="conv2"),
    )
    found = explain("guided_grad_cam", of, pixels(), 1, layer="conv2")
    assert cam.raw is not None and found.raw is not None
    wide = functional.interpolate(torch.tensor(cam.raw)[None], (8, 8), mode="bilinear")[0].numpy()
    assert np.allclose(found.raw, guided.raw * wide, atol=1e-6)
