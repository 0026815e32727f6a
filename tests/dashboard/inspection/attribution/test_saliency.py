"""The gradient, against closed forms, central differences and bare Captum."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from captum.attr import Saliency

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.run import Request, attribute
from models.zoo.small import ARCHITECTURES
from tests.networks import ConvNet, Linear, built, classifier, pixels, slopes, surveyed

METHOD = METHODS["saliency"]


def saliency(of, inputs, target=0, versus=None):
    return attribute(of, inputs, method=METHOD, request=Request(target, versus), survey=surveyed(of, inputs))


@pytest.mark.parametrize("channels", [1, 3])
def test_of_a_linear_network_is_the_size_of_its_weights(channels):
    of = classifier(built(lambda: Linear(channels)), channels=channels)
    weights = slopes(of)
    found = saliency(of, pixels(channels), target=1)
    assert np.allclose(found.raw, weights[1])
    assert np.allclose(found.values, np.abs(weights[1]).max(0))
    assert (found.outcome.kind, found.signed, found.layer, found.baseline) == ("clean", False, None, None)
    lead = saliency(of, pixels(channels), target=1, versus=2)
    assert np.allclose(lead.raw, weights[1] - weights[2])


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_agrees_with_central_differences(name):
    of = classifier(built(ARCHITECTURES[name].build).double(), side=28, classes=10)
    inputs = pixels(side=28).astype(np.float64)
    found = saliency(of, inputs, target=3)
    step = 1e-6
    for row, column in np.random.default_rng(0).integers(0, 28, (12, 2)):
        there, back = (torch.tensor(inputs)[None] for _ in range(2))
        there[0, 0, row, column] += step
        back[0, 0, row, column] -= step
        slope = float(of.module(there)[0, 3] - of.module(back)[0, 3]) / (2 * step)
        assert found.raw[0, row, column] == pytest.approx(slope, rel=1e-5, abs=1e-8)


def test_a_lead_is_the_difference_of_two_gradients():
    of = classifier(built(ConvNet))
    first, second, lead = (saliency(of, pixels(), *targets).raw for targets in ((0,), (2,), (0, 2)))
    assert np.allclose(lead, first - second, atol=1e-7)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["efficientnet_lite0", "squeezenet1_1"])
def test_is_bare_captums(embedded, panda, name):
    of = embedded(name)
    inputs = panda(of)
    found = saliency(of, inputs, target=388)
    bare = Saliency(of.module).attribute(torch.tensor(inputs)[None].requires_grad_(), target=388)[0].numpy()
    assert np.abs(np.abs(found.raw) - bare).max() < 1e-4 * bare.max()
    assert np.abs(found.values - bare.max(0)).max() < 1e-4 * bare.max()
