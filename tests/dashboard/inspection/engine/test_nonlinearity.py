"""Which activation function is applied to a layer, and what it reads."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from dashboard.inspection.engine.nonlinearity import NONLINEARITIES, ActivationTracker, AppliedNonlinearity
from dashboard.inspection.passes.layer import LayerReader
from models.classifier import Classifier
from tests.networks import (
    WAYS_TO_RELU,
    WAYS_TO_RELU6,
    ConvNet,
    Rectified,
    built,
    classifier,
    pixels,
    surveyed,
)

MODULES: dict[str, nn.Module] = {
    "ReLU": nn.ReLU(),
    "ReLU6": nn.ReLU6(),
    "Hardtanh": nn.Hardtanh(-2, 1.5),
    "LeakyReLU": nn.LeakyReLU(0.2),
    "ELU": nn.ELU(0.7),
    "SELU": nn.SELU(),
    "CELU": nn.CELU(0.5),
    "GELU": nn.GELU(approximate="tanh"),
    "SiLU": nn.SiLU(),
    "Mish": nn.Mish(),
    "Softplus": nn.Softplus(2.0),
    "Hardswish": nn.Hardswish(),
    "Hardsigmoid": nn.Hardsigmoid(),
    "Sigmoid": nn.Sigmoid(),
    "Tanh": nn.Tanh(),
}


def reading(of: Classifier, layer: str) -> tuple[Tensor, Tensor, AppliedNonlinearity | None]:
    inputs = torch.tensor(pixels())[None]
    call = surveyed(of, pixels()).find(layer)
    assert call is not None
    found = LayerReader(of, call, inputs)
    return *found(inputs), found.applied


def _module(of: Classifier) -> Any:  # whose layers are read by name
    return of.module


def test_every_function_of_the_table_is_tried():
    assert {one.title for one in NONLINEARITIES} == {*MODULES, "PReLU"}


@pytest.mark.parametrize("title", MODULES)
def test_curve_and_input_of_every_function(title):
    module = MODULES[title]
    of = classifier(built(lambda: ConvNet(lambda: copy.deepcopy(module))))
    read, output, applied = reading(of, "conv1")
    assert applied is not None and applied.nonlinearity.title == title
    with torch.no_grad():
        expected = _module(of).conv1(torch.tensor(pixels())[None])
        torch.testing.assert_close(output, expected)
        torch.testing.assert_close(read, _module(of).bn1(expected))  # batch norm stands between
        places = torch.linspace(-8, 8, 33)
        torch.testing.assert_close(applied.curve(places)[0], module(places))
    # The activation itself, and the layer before it, tell of the same application.
    for layer in ("act1", "bn1"):
        again, _, same = reading(of, layer)
        assert same is not None and same.nonlinearity.title == title
        torch.testing.assert_close(again, read)


@pytest.mark.parametrize("title", MODULES)
def test_where_it_is_off_and_full_is_where_its_ends_are(title):
    of = classifier(built(lambda: ConvNet(lambda: copy.deepcopy(MODULES[title]))))
    applied = reading(of, "conv1")[2]
    assert applied is not None
    one = applied.nonlinearity
    places = torch.linspace(-20, 20, 4001, dtype=torch.float64).requires_grad_()
    (slope,) = torch.autograd.grad(
        applied.call.function(places, *applied.call.args, **applied.call.kwargs).sum(), places
    )
    if one.full is not None:
        assert float(slope[places > one.full].abs().max()) < 0.08
    if one.dead > -20:
        assert float(slope[places < one.dead].abs().max()) < 0.01


def test_a_leak_learned_for_each_channel_has_a_curve_for_each():
    def network() -> ConvNet:
        made = ConvNet()
        made.act1 = nn.PReLU(6)
        made.act1.weight.data = torch.linspace(0, 0.5, 6)
        return made

    applied = reading(classifier(built(network)), "conv1")[2]
    assert applied is not None and applied.nonlinearity.title == "PReLU"
    found = applied.curve(torch.tensor([-1.0, 2.0]))
    torch.testing.assert_close(found[:, 0], -torch.linspace(0, 0.5, 6))
    torch.testing.assert_close(found[:, 1], torch.full((6,), 2.0))


@pytest.mark.parametrize("way", [*WAYS_TO_RELU, *WAYS_TO_RELU6])
def test_however_a_relu_is_written_what_it_reads_is_what_the_convolution_gave(way):
    relu = (WAYS_TO_RELU | WAYS_TO_RELU6)[way]
    of = classifier(built(lambda: Rectified(relu)))
    read, _, applied = reading(of, "conv1")
    assert applied is not None
    assert applied.nonlinearity.title == ("ReLU6" if way in WAYS_TO_RELU6 else "ReLU")
    with torch.no_grad():
        expected = _module(of).conv1(torch.tensor(pixels())[None])
    torch.testing.assert_close(read, expected)
    assert float(read.min()) < 0


def test_an_addition_in_between_breaks_the_chain():
    class Residual(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.act, self.head = nn.Conv2d(1, 1, 3, padding=1), nn.ReLU(), nn.Linear(64, 3)

        def forward(self, inputs: Tensor) -> Tensor:
            logits: Tensor = self.head(self.act(self.conv(inputs) + inputs).flatten(1))
            return logits

    of = classifier(built(Residual))
    read, output, applied = reading(of, "conv")
    assert applied is None and read is output
    assert reading(of, "act")[2] is not None
    assert reading(of, "head")[2] is None


def test_nothing_is_followed_outside():
    found: list[str] = []
    mode = ActivationTracker(lambda name, applied: found.append(name))
    tensor = torch.ones(3)
    with mode:
        mode.follow("layer", tensor)
        functional.relu(tensor)
        functional.relu(tensor)
    functional.relu(tensor)
    assert found == ["layer"]
