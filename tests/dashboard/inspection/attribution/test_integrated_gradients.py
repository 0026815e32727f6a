"""Credit that adds up: closed forms, completeness, bare Captum, and a network on which it cannot."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from captum.attr import IntegratedGradients
from torch import nn

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.baselines import baseline
from dashboard.inspection.attribution.integrated_gradients import Settings
from dashboard.inspection.attribution.run import Request, attribute
from dashboard.inspection.engine import speed
from tests.networks import ConvNet, Linear, built, classifier, pixels, slopes, surveyed

METHOD = METHODS["integrated_gradients"]


def integrated(of, inputs, target=0, versus=None, **settings):
    request = Request(target, versus, parameters=Settings(**settings))
    return attribute(of, inputs, method=METHOD, request=request, survey=surveyed(of, inputs))


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("start", ["black", "white", "mean", "blur", "noise"])
def test_of_a_linear_network_is_weight_times_change(start, channels):
    of = classifier(built(lambda: Linear(channels)), channels=channels)
    inputs = pixels(channels)
    begin = baseline(start, torch.tensor(inputs)[None], of.preprocessing)[0].numpy()
    weights = slopes(of)
    found = integrated(of, inputs, target=1, baseline=start)
    assert np.allclose(found.raw, weights[1] * (inputs - begin), atol=1e-6)
    assert np.allclose(found.values, (weights[1] * (inputs - begin)).sum(0), atol=1e-6)
    assert np.array_equal(found.baseline, of.preprocessing.display(torch.tensor(begin)))
    assert found.signed
    assert found.outcome.kind == "clean"
    lead = integrated(of, inputs, target=1, versus=0, baseline=start)
    assert np.allclose(lead.raw, (weights[1] - weights[0]) * (inputs - begin), atol=1e-6)


def test_the_gap_is_the_one_that_one_computes_by_hand():
    of = classifier(built(ConvNet))
    found = integrated(of, pixels(), n_steps="10")
    ends = torch.stack([torch.tensor(pixels()), torch.full((1, 8, 8), -1.0)])
    logits = of.module(ends)
    change = float(logits[0, 0] - logits[1, 0])
    scale = max(abs(change), 0.01 * float(logits[0].max() - logits[0].min()))
    gap = abs(float(found.raw.sum()) - change) / scale
    assert found.outcome.measures["completeness gap"] == pytest.approx(gap, abs=1e-4)
    assert found.explained == pytest.approx(float(logits[0, 0]))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["efficientnet_lite0", "squeezenet1_1"])
def test_is_bare_captums(embedded, panda, name, monkeypatch):
    # Another memory layout rounds otherwise; test_speed compares the two.
    monkeypatch.setattr(speed, "acceleration", lambda *_, **given: speed.Acceleration())
    of = embedded(name)
    inputs = panda(of)
    found = integrated(of, inputs, target=388, n_steps="10", baseline="blur")
    batch = torch.tensor(inputs)[None]
    start = baseline("blur", batch, of.preprocessing)
    bare = IntegratedGradients(of.module).attribute(
        batch, start, target=388, n_steps=10, internal_batch_size=5
    )
    assert np.abs(found.raw - bare[0].numpy()).max() < 1e-4 * float(bare.abs().max())


def test_a_lead_is_the_difference_of_two_maps():
    of = classifier(built(ConvNet))
    first, second, lead = (
        integrated(of, pixels(), *targets, n_steps="20").raw for targets in ((0,), (2,), (0, 2))
    )
    assert np.allclose(lead, first - second, atol=1e-6)


def test_more_steps_close_the_gap():
    of = classifier(built(lambda: ConvNet(nn.Tanh)))
    gaps = [
        integrated(of, pixels(), n_steps=str(steps)).outcome.measures["completeness gap"]
        for steps in (10, 200)
    ]
    assert gaps[1] < max(gaps[0], 1e-4)
    assert gaps[1] < 0.001


class Step(nn.Module):
    """The answer jumps on the way, where no gradient sees it."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Linear(64, 3)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.head(inputs.flatten(1))
        return logits + 10 * (inputs.mean((1, 2, 3), keepdim=False) > -0.5).float()[:, None]


def test_a_map_that_does_not_add_up_is_refused_with_its_number():
    found = integrated(classifier(built(Step)), pixels())
    gap = found.outcome.measures["completeness gap"]
    assert gap > 0.8
    assert (found.outcome.kind, found.values, found.raw) == ("refused", None, None)
    assert f"{100 * gap:.3g} %" in found.outcome.reason


def test_a_photo_equal_to_the_baseline_is_refused_as_constant():
    of = classifier(built(ConvNet))
    found = integrated(of, np.full((1, 8, 8), -1.0, np.float32))
    assert found.outcome.kind == "refused"
    assert "constant" in found.outcome.reason
