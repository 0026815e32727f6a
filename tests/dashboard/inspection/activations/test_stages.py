"""The stages of a walk through a network."""

from __future__ import annotations

import pytest
import torch
import torchvision.models

from dashboard.inspection.activations.stages import MOST, stages
from dashboard.inspection.engine.survey import survey
from dashboard.records.network import LayerCall, Survey
from models.zoo.small import ARCHITECTURES
from tests.networks import built, pixels

EXPECTED = {
    "mlp": ["relu1", "relu2", "head"],
    "cnn": ["block1", "block2", "pool1", "block3", "block4", "pool2", "block5", "pool3", "head"],
    "resnet": ["relu", "block1", "block2", "block3", "pool", "head"],
    "vit": ["patch_embed", "blocks.0", "blocks.1", "blocks.2", "blocks.3", "norm", "head"],
    "lenet5": ["relu1", "pool1", "relu2", "pool2", "relu3", "relu4", "head"],
}


def names(found: Survey) -> list[str]:
    return [call.name for call in stages(found)]


@pytest.mark.parametrize("name", sorted(ARCHITECTURES))
def test_small_networks(name):
    found = survey(built(ARCHITECTURES[name].build), torch.tensor(pixels(side=28))[None])
    assert names(found) == EXPECTED[name]


@pytest.mark.slow
@pytest.mark.parametrize(
    "family", ["vgg11", "resnet18", "googlenet", "mobilenet_v3_small", "densenet121", "swin_t"]
)
def test_known_families_have_few_stages_that_end_with_the_logits(family):
    weights = {"init_weights": False, "aux_logits": False} if family == "googlenet" else {}
    module = built(lambda: getattr(torchvision.models, family)(**weights))
    found = survey(module, torch.tensor(pixels(channels=3, side=64))[None])
    chosen = stages(found)
    assert 5 <= len(chosen) <= MOST
    assert chosen[-1].shape == (1000,)
    places = [found.calls.index(call) for call in chosen]
    assert places == sorted(set(places))


def test_a_network_without_layers_has_no_stages():
    assert stages(Survey((), (), {}, frozenset(), (), None)) == ()


def test_a_long_chain_is_thinned_out_and_keeps_its_ends():
    calls = tuple(
        LayerCall(f"layers.{k}", "Block", (k + 1, 8, 8), "channels first", 0, (8, 8)) for k in range(40)
    )
    found = [call.name for call in stages(Survey(calls, (), {}, frozenset(), (), None))]
    assert len(found) == MOST
    assert (found[0], found[-1]) == ("layers.0", "layers.39")
