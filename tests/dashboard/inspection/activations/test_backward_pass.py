"""Gradients on the way back against autograd on the unmodified network, and closed forms."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
import torchvision.models
from torch import nn
from torch.nn import functional

from dashboard.inspection.activations.backward_pass import backward_pass
from models.runtime.errors import UserError
from models.zoo.small import ARCHITECTURES
from tests.networks import ConvNet, Frozen, Linear, Tied, built, classifier, pixels, surveyed, untouched


def found(of, inputs, target=1):
    return backward_pass(of, inputs, target, surveyed(of, inputs))


def norm(tensor) -> float:
    return float(tensor.detach().norm())


def by_autograd(module: nn.Module, inputs: np.ndarray, target: int):
    """Gradients at every module's outputs, at its weights and at the input, on a plain copy."""
    plain = copy.deepcopy(module).requires_grad_(True)
    outputs: dict[str, list[torch.Tensor]] = {}

    def keep(name: str, output: torch.Tensor) -> None:
        output.retain_grad()
        outputs.setdefault(name, []).append(output)

    for name, layer in plain.named_modules():
        layer.register_forward_hook(lambda layer, args, output, name=name: keep(name, output))
    batch = torch.tensor(inputs)[None].requires_grad_()
    functional.cross_entropy(plain(batch), torch.tensor([target])).backward()
    return plain, outputs, batch.grad


@pytest.mark.parametrize("name", ["mlp", "cnn", "resnet", "vit", "lenet5"])
def test_every_layer_as_autograd_has_it(name):
    of = classifier(built(ARCHITECTURES[name].build), side=28, classes=10)
    inputs = pixels(side=28)
    with untouched(of.module):
        passed = found(of, inputs, 3)
    plain, outputs, pixel_gradient = by_autograd(of.module, inputs, 3)
    assert len(passed.layers) >= 5
    for layer in passed.layers:
        module, _, number = layer.call.name.partition("#")
        output = outputs[module][int(number or 1) - 1]
        assert layer.activation == pytest.approx(norm(output), rel=1e-4)
        assert layer.gradient == pytest.approx(norm(output.grad), rel=1e-3, abs=1e-7)
        own = list(plain.get_submodule(module).parameters(recurse=False))
        if own:
            expected = torch.stack([parameter.grad.norm() for parameter in own]).norm()
            assert layer.weight_gradient == pytest.approx(float(expected), rel=1e-3, abs=1e-7)
            assert layer.weights == pytest.approx(norm(torch.stack([one.norm() for one in own])), rel=1e-4)
        else:
            assert layer.ratio is None
    assert passed.pixels == pytest.approx(norm(pixel_gradient), rel=1e-3)
    np.testing.assert_allclose(passed.pixel_map, pixel_gradient[0].abs().mean(0), rtol=1e-3, atol=1e-7)


def test_a_linear_network_in_closed_form():
    of, inputs = classifier(built(Linear)), pixels()
    passed = found(of, inputs, 2)
    module: Any = of.module
    weights, flat = module.head.weight, torch.tensor(inputs).flatten()
    probabilities = (weights @ flat + module.head.bias).softmax(0)
    error = probabilities - torch.tensor([0.0, 0.0, 1.0])
    np.testing.assert_allclose(passed.error, error, rtol=1e-4, atol=1e-6)
    assert passed.loss == pytest.approx(-float(probabilities[2].log()), rel=1e-4)
    assert passed.pixels == pytest.approx(norm(weights.T @ error), rel=1e-4)
    assert passed.head is not None
    # The chain rule by hand: the gradient at the weights is the outer product of error and inputs.
    assert passed.head.weight_gradient == pytest.approx(passed.head.error * passed.head.inputs, rel=1e-4)
    assert passed.head.inputs == pytest.approx(norm(flat), rel=1e-4)


def test_the_error_adds_up_to_nothing():
    of = classifier(built(ConvNet))
    assert found(of, pixels()).error.sum() == pytest.approx(0, abs=1e-6)


def test_a_module_called_twice_has_two_gradients():
    of = classifier(built(Tied))
    names = [layer.call.name for layer in found(of, pixels()).layers]
    assert {"act#1", "act#2"} <= set(names)


def test_logits_that_come_from_no_linear_layer_have_no_head():
    class Pooled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(1, 3, 3)

        def forward(self, inputs):
            return self.conv(inputs).mean((2, 3))

    assert found(classifier(built(Pooled)), pixels()).head is None


@pytest.mark.slow
def test_a_network_that_adds_and_rectifies_in_place():
    of = classifier(built(torchvision.models.resnet18), channels=3, side=64, classes=1000)
    inputs = pixels(3, 64)
    passed = {layer.call.name: layer for layer in found(of, inputs, 7).layers}
    plain = copy.deepcopy(of.module).requires_grad_(True)
    for layer in plain.modules():
        if isinstance(layer, nn.ReLU):
            layer.inplace = False
    kept: list[torch.Tensor] = []
    plain.get_submodule("layer2").register_forward_hook(lambda layer, args, output: kept.append(output))
    batch = torch.tensor(inputs)[None].requires_grad_()
    loss = functional.cross_entropy(plain(batch), torch.tensor([7]))
    expected, pixel = torch.autograd.grad(loss, [kept[0], batch])
    assert passed["layer2"].gradient == pytest.approx(norm(expected), rel=1e-3)
    assert passed["conv1"].weight_gradient is not None and passed["fc"].ratio is not None
    assert found(of, inputs, 7).pixels == pytest.approx(norm(pixel), rel=1e-3)


def test_without_a_gradient_there_is_a_sentence():
    with pytest.raises(UserError, match="no gradient gets from the answer to the picture"):
        found(classifier(built(Frozen)), pixels())


def test_layers_that_hand_on_several_tensors_pass_the_gradient_of_their_output():
    of = classifier(built(lambda: nn.Sequential(nn.Flatten(2), Rows(), nn.Linear(5, 3))), classes=3)
    passed = {layer.call.name: layer for layer in found(of, pixels()).layers}
    rows = passed["1.lstm"]
    assert (rows.call.member, rows.call.shape) == ("[0]", (64, 5))
    assert rows.gradient > 0 and rows.activation > 0


class Rows(nn.Module):
    """The last state of an LSTM along the pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(1, 5, batch_first=True)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        states: torch.Tensor = self.lstm(pixels.transpose(1, 2))[0]
        return states[:, -1]
