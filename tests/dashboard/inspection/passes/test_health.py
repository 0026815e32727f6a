"""The health of networks whose illnesses are known."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch
import torchvision.models
from torch import Tensor, nn
from torch.nn import functional

from dashboard.inspection.passes.diagnosis import findings
from dashboard.inspection.passes.health import health, health_sums
from dashboard.inspection.passes.pool import Shard
from dashboard.records.activations import ActivationHealth
from models.zoo.small import ARCHITECTURES
from tests.dashboard.inspection.passes.test_layer import pool
from tests.networks import ConvNet, built, classifier, pixels, surveyed, untouched


class Dense(nn.Module):
    """A linear layer, an activation function, a linear layer."""

    def __init__(self, activation: nn.Module) -> None:
        super().__init__()
        self.first, self.act, self.head = nn.Linear(64, 6), activation, nn.Linear(6, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        logits: Tensor = self.head(self.act(self.first(inputs.flatten(1))))
        return logits


def measured(module: nn.Module, count: int = 200, side: int = 8, classes: int = 3) -> ActivationHealth:
    of = classifier(module, side=side, classes=classes)
    return health(of, pool(count, side=side), surveyed(of, pixels(side=side)))


def layer(found: ActivationHealth, name: str):
    return next(one for one in found.layers if one.call.name == name)


def test_spread_and_zeros_by_brute_force():
    module = built(ConvNet)
    with untouched(module):
        found = measured(module)
    inputs = pool(200).take(range(200))
    with torch.no_grad():
        values = module.act1(module.bn1(module.conv1(inputs))).numpy()
    act1 = layer(found, "act1")
    assert act1.mean == pytest.approx(values.mean(), rel=1e-4)
    assert act1.std == pytest.approx(values.std(), rel=1e-4)
    assert act1.zeros == pytest.approx((values == 0).mean())
    assert (act1.activation, act1.units) == ("ReLU", 6)
    # An application is told by one call only: the activation's own.
    assert (layer(found, "conv1").activation, layer(found, "bn1").activation) == (None, None)
    assert found.units == 11
    assert (found.pictures, found.compared) == (200, 200)


def test_dead_units_are_exactly_those_that_nothing_passes():
    module = built(lambda: Dense(nn.ReLU()))
    module.first.bias.data[[1, 4]] = -1e4
    found = measured(module)
    assert layer(found, "act").dead == (1, 4)
    (finding,) = (one for one in findings(found) if one.title == "Dead units")
    assert finding.says == "2 of 6 units never let anything through: 2 of 6 in act."


@pytest.mark.parametrize(
    ("activation", "bias"), [(nn.Sigmoid(), 50.0), (nn.Tanh(), -50.0), (nn.ReLU6(), 100.0)]
)
def test_saturated_units(activation, bias):
    module = built(lambda: Dense(activation))
    module.first.bias.data[3] = bias
    assert layer(measured(module), "act").saturated == (3,)


def test_a_relu6_that_is_off_is_not_saturated():
    module = built(lambda: Dense(nn.ReLU6()))
    module.first.bias.data[3] = -100.0
    act = layer(measured(module), "act")
    assert (act.dead, act.saturated) == ((3,), ())


def test_duplicates_are_those_with_the_same_weights_up_to_a_factor():
    module = built(lambda: Dense(nn.ReLU()))
    module.first.weight.data[4] = 2.5 * module.first.weight.data[1]
    module.first.bias.data[4] = 2.5 * module.first.bias.data[1] + 0.3
    module.first.weight.data[5] = -module.first.weight.data[0]  # the opposite is no duplicate
    assert layer(measured(module), "act").twins == ((1, 4),)


def test_filters_that_follow_the_brightness_alike_are_no_duplicates():
    found = measured(built(lambda: ConvNet()))
    assert not layer(found, "act1").twins


def test_too_few_pictures_are_not_compared():
    found = measured(built(ConvNet), count=5)
    assert found.compared == 0
    assert not any(one.twins for one in found.layers)


def test_a_functional_activation_is_told_by_the_layer_before_it():
    class Functional(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.head = nn.Linear(64, 6), nn.Linear(6, 3)

        def forward(self, inputs: Tensor) -> Tensor:
            logits: Tensor = self.head(functional.relu(self.first(inputs.flatten(1))))
            return logits

    module = built(Functional)
    module.first.bias.data[2] = -1e4
    found = layer(measured(module), "first")
    assert (found.activation, found.units, found.dead) == ("ReLU", 6, (2,))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(ARCHITECTURES))
def test_parts_merged_are_the_whole(name):
    of = classifier(built(ARCHITECTURES[name].build), side=28, classes=10)
    survey, pictures = surveyed(of, pixels(side=28)), pool(300, side=28)
    whole: Any = health_sums(of, pictures, survey)
    first: Any
    second: Any
    first, second = (health_sums(of, pictures, survey, shard=Shard(rank, 2)) for rank in (0, 1))
    merged = second.merge(first)
    assert merged.pictures == whole.pictures == 300
    assert merged.units.keys() == whole.units.keys() and len(whole.units) >= 2
    for name, units in whole.units.items():
        for field in dataclasses.fields(units):
            assert torch.equal(getattr(merged.units[name], field.name), getattr(units, field.name)), (
                field.name
            )
    for name, values in whole.values.items():
        np.testing.assert_allclose(merged.values[name].moments.std, values.moments.std, rtol=1e-9, atol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("family", ["resnet18", "googlenet", "mobilenet_v3_small", "densenet121"])
def test_every_activation_of_a_known_family_is_told_once(family):
    """As many as autograd counts on the way to the logit: functional, in place, reused and gating ones too."""
    made = {"init_weights": False, "aux_logits": False} if family == "googlenet" else {}
    of = classifier(
        built(lambda: getattr(torchvision.models, family)(**made)), channels=3, side=64, classes=1000
    )
    survey = surveyed(of, pixels(3, 64))
    found = health(of, pool(2, 3, 64), survey)
    told = [one for one in found.layers if one.activation is not None]
    assert len(told) == sum(survey.nonlinearities.values())
