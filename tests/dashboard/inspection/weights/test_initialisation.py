"""Spreads against what torch draws."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from dashboard.inspection.weights.initialisation import expected_spreads, torch_default, uniform_bound
from dashboard.inspection.weights.tensors import facts
from models.runtime.randomness import fork_rng

LAYERS = [nn.Linear(300, 200), nn.Conv2d(24, 48, 5), nn.Conv2d(96, 96, 3, groups=4)]


@pytest.mark.parametrize("layer", LAYERS, ids=str)
def test_spreads_are_those_that_torch_draws(layer):
    spreads = {one.title: one.std for one in expected_spreads(facts({"a.weight": layer.weight})[0])}
    with fork_rng(0):
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        assert float(layer.weight.detach().std()) == pytest.approx(spreads["Kaiming"], rel=0.02)
        nn.init.xavier_normal_(layer.weight)
        assert float(layer.weight.detach().std()) == pytest.approx(spreads["Xavier"], rel=0.02)
        layer.reset_parameters()
        assert float(layer.weight.detach().std()) == pytest.approx(spreads["torch's default"], rel=0.02)


def test_torchs_bound_is_kept_and_nearly_reached():
    with fork_rng(0):
        layer = nn.Linear(64, 1000)
    assert 0.999 * uniform_bound(64) < float(layer.weight.detach().abs().max()) <= uniform_bound(64)
    assert torch_default(64) == pytest.approx(uniform_bound(64) / 3**0.5)


def test_vectors_have_no_expected_spread():
    assert expected_spreads(facts({"a.bias": torch.zeros(5)})[0]) == ()
    assert expected_spreads(facts({"a.weight": torch.zeros(0, 4)})[0]) == ()
