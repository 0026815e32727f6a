"""Layer Conductance: bare Captum, and credit that adds up."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from captum.attr import LayerConductance

from dashboard.inspection.attribution.baselines import baseline
from tests.networks import ConvNet, built, classifier, explain, pixels


@pytest.mark.parametrize("layer", ["conv1", "act2"])
def test_is_bare_captums(layer):
    network = copy.deepcopy(built(ConvNet))
    of = classifier(built(ConvNet))
    batch = torch.tensor(pixels())[None]
    found = explain("layer_conductance", of, pixels(), 1, layer=layer, layer_steps=50)
    start = baseline("black", batch, of.preprocessing)
    bare = LayerConductance(network, network.get_submodule(layer)).attribute(
        batch, start, target=1, n_steps=50
    )
    assert found.raw is not None and np.allclose(found.raw, bare.detach()[0], atol=1e-5)
    change = float((network(batch) - network(start))[0, 1])
    assert float(found.raw.sum()) == pytest.approx(change, rel=0.05)
    assert found.outcome.measures["completeness gap"] == pytest.approx(
        abs(float(found.raw.sum()) - change) / abs(change), abs=1e-3
    )


@pytest.mark.slow
def test_what_follows_a_layer_may_write_in_place(dense):
    assert explain("layer_conductance", dense, pixels(3, 64), layer="features.norm5").values is not None
