"""Bare Captum where every rule can hang on a module, and maps that add up where bare Captum's do not."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from captum.attr import DeepLift
from torch import nn
from torchvision.models import resnet18

from dashboard.inspection.attribution.baselines import baseline
from tests.networks import (
    WAYS_TO_RELU,
    ConvNet,
    Linear,
    ParameterGate,
    Rectified,
    built,
    classifier,
    explain,
    pixels,
    slopes,
)


class Pooled(nn.Module):
    def __init__(self, size: int, stride: int, padding: int, ceil: bool) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 6, 3)
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(size, stride, padding, ceil_mode=ceil)
        self.head = nn.LazyLinear(3)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.head(self.pool(self.relu(self.conv(inputs))).flatten(1))
        return logits


def pooled(*pool):
    network = Pooled(*pool)
    network(torch.zeros(1, 1, 8, 8))  # makes the lazy layer
    return network


NETWORKS = {
    **{
        way: (lambda relu=relu: Rectified(relu)) for way, relu in WAYS_TO_RELU.items() if "ignored" not in way
    },
    "tanh": lambda: ConvNet(nn.Tanh),
    "a gate that the picture has no part in": ParameterGate,
    "overlapping pool": lambda: pooled(3, 2, 0, False),
    "overlapping pool, padded, rounded up": lambda: pooled(3, 2, 1, True),
    "pool with a step of one": lambda: pooled(2, 1, 0, False),
}


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_adds_up_however_a_network_is_written(network):
    found = explain("deep_lift", classifier(built(network)), pixels())
    assert found.outcome.measures["completeness gap"] < 1e-4
    assert found.outcome.kind == "clean"


def test_adds_up_on_a_residual_network_that_bare_captum_cannot_take():
    of = classifier(built(lambda: resnet18(num_classes=3)), channels=3, side=64)
    found = explain("deep_lift", of, pixels(3, 64))
    assert found.outcome.kind == "clean"
    assert found.outcome.measures["completeness gap"] < 1e-4
    batch = torch.tensor(pixels(3, 64))[None].requires_grad_()
    with pytest.raises(RuntimeError, match="used more than once"):
        DeepLift(copy.deepcopy(of.module)).attribute(batch, target=0)


@pytest.mark.parametrize("start", ["black", "blur"])
def test_is_bare_captums_on_modules_called_once(start):
    of = classifier(built(ConvNet))
    batch = torch.tensor(pixels())[None]
    found = explain("deep_lift", of, pixels(), 1, baseline=start)
    begin = baseline(start, batch, of.preprocessing)
    bare = DeepLift(copy.deepcopy(of.module)).attribute(batch.clone().requires_grad_(), begin, target=1)
    assert found.raw is not None and np.allclose(found.raw, bare.detach()[0], atol=1e-6)


def test_of_a_linear_network_is_weight_times_change_and_that_is_right():
    of = classifier(built(Linear))
    found = explain("deep_lift", of, pixels(), 1, baseline="black")
    assert found.outcome.kind == "clean"
    assert found.raw is not None and np.allclose(found.raw, slopes(of)[1] * (pixels() + 1), atol=1e-6)


def test_a_softmax_that_runs_twice_over_rows_of_other_lengths_is_no_obstacle():
    class Twice(ConvNet):
        def __init__(self) -> None:
            super().__init__()
            self.softmax = nn.Softmax(1)

        def forward(self, inputs):
            maps = self.act1(self.conv1(inputs))
            return self.softmax(self.head(self.act2(self.conv2(self.softmax(maps) * maps)).mean((2, 3))))

    of = classifier(built(Twice))
    assert explain("deep_lift", of, pixels()).outcome.reason
