"""Weights that are computed become weights that are stored: the same answers, and the shared network stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations, prune, spectral_norm, weight_norm

from dashboard.inspection.engine.effective_weights import store_effective_weights
from dashboard.inspection.engine.isolation import isolate
from models.classifier import digest
from tests.networks import ConvNet, built, hooks, pixels


def twice_parametrized(layer: nn.Module) -> nn.Module:
    parametrizations.weight_norm(layer)
    return parametrizations.spectral_norm(layer)


WAYS: dict[str, Callable[[nn.Module], nn.Module]] = {
    "weight norm of old": weight_norm,
    "spectral norm of old": spectral_norm,
    "weight norm": parametrizations.weight_norm,
    "spectral norm": parametrizations.spectral_norm,
    "both": twice_parametrized,
    "pruned": lambda layer: prune.l1_unstructured(layer, "weight", 0.5),
    "pruned twice": lambda layer: prune.l1_unstructured(
        prune.l1_unstructured(layer, "weight", 0.3), "weight", 0.3
    ),
}


@pytest.mark.filterwarnings("ignore:.*weight_norm. is deprecated:FutureWarning")
@pytest.mark.parametrize("way", WAYS)
def test_the_answers_stay_and_only_plain_weights_are_left(way):
    def network() -> nn.Module:
        module = ConvNet()
        WAYS[way](module.conv2)
        WAYS[way](module.head)
        return module

    module, inputs = built(network), torch.tensor(pixels())[None]
    expected = module(inputs)
    before, hooked = digest(dict(module.state_dict())), hooks(module)
    plain = store_effective_weights(isolate(module, own_weights=True))
    assert torch.equal(plain(inputs), expected)
    assert torch.equal(module(inputs), expected)
    assert (digest(dict(module.state_dict())), hooks(module)) == (before, hooked)
    assert set(plain.state_dict()) == set(ConvNet().state_dict())
    assert hooks(plain) == 0
    assert not any(parameter.requires_grad for parameter in plain.parameters())
