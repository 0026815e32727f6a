"""Maps and influence against autograd on the untouched network, and closed forms."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from dashboard.inspection.activations.layer_maps import layer_maps
from dashboard.inspection.engine.capture import channel_sums
from dashboard.records.activations import LayerMaps
from dashboard.records.network import LayerCall
from models.classifier import Classifier
from models.runtime.errors import UserError
from models.zoo.small import ARCHITECTURES
from tests.networks import ChannelsLast, ConvNet, Frozen, Tied, built, classifier, pixels, surveyed, untouched


def call_of(of: Classifier, inputs: np.ndarray, layer: str) -> LayerCall:
    call = surveyed(of, inputs).find(layer)
    assert call is not None
    return call


def found(of: Classifier, inputs: np.ndarray, layer: str, classes: tuple[int, ...] = (0, 1, 2)) -> LayerMaps:
    return layer_maps(of, inputs, call=call_of(of, inputs, layer), classes=classes)


def head(of: Classifier) -> nn.Linear:
    layer = of.module.get_submodule("head")
    assert isinstance(layer, nn.Linear)
    return layer


def by_autograd(of, inputs: np.ndarray, layer: str, target: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Output and gradient at it, by a plain hook on a plain copy."""
    name, _, number = layer.partition("#")
    plain, kept = copy.deepcopy(of.module), []
    plain.get_submodule(name).register_forward_hook(lambda layer, args, output: kept.append(output))
    logits = plain(torch.tensor(inputs)[None].requires_grad_())
    output = kept[int(number or 1) - 1]
    return output, torch.autograd.grad(logits[0, target], output)[0]


@pytest.mark.parametrize(
    ("network", "layer"),
    [
        (ConvNet, "conv1"),
        (ConvNet, "act1"),
        (ConvNet, "act2"),
        (ChannelsLast, "norm"),
        (Tied, "act#2"),
        (Tied, "norm"),
    ],
)
def test_influence_is_gradient_times_activation_on_the_unmodified_network(network, layer):
    of, inputs = classifier(built(network)), pixels()
    with untouched(of.module):
        maps = found(of, inputs, layer)
    call = call_of(of, inputs, layer)
    for target in range(3):
        output, gradient = by_autograd(of, inputs, layer, target)
        expected = channel_sums((output * gradient).detach(), call, 1)[0]
        np.testing.assert_allclose(maps.influence_on(target), expected, rtol=1e-5, atol=1e-7)


def test_a_vit_counts_what_flows_through_the_class_token():
    of = classifier(built(ARCHITECTURES["vit"].build), side=28, classes=10)
    inputs = pixels(side=28)
    maps = found(of, inputs, "norm", classes=(3,))
    assert maps.maps.shape == (64, 7, 7)
    # The head reads the class token alone: what each channel adds is its weight times that token's value.
    output, _ = by_autograd(of, inputs, "norm", 3)
    np.testing.assert_allclose(
        maps.influence[0], (head(of).weight[3] * output[0, 0]).detach(), rtol=1e-4, atol=1e-6
    )
    assert maps.exact


def test_before_the_head_it_is_exactly_what_the_weights_add():
    of, inputs = classifier(built(ConvNet)), pixels()
    maps = found(of, inputs, "act2")
    assert maps.exact
    expected = head(of).weight.numpy() * maps.maps.mean((1, 2))
    np.testing.assert_allclose(maps.influence, expected, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(maps.rest, head(of).bias, rtol=1e-4, atol=1e-6)


def test_a_network_without_biases_adds_up_and_is_still_not_linear():
    class Bare(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.act, self.head = (
                nn.Linear(64, 8, bias=False),
                nn.ReLU(),
                nn.Linear(8, 3, bias=False),
            )

        def forward(self, inputs):
            return self.head(self.act(self.first(inputs.flatten(1))))

    of = classifier(built(Bare))
    maps = found(of, pixels(), "first")
    np.testing.assert_allclose(maps.rest, 0, atol=1e-6)
    assert not maps.exact


def test_a_layer_that_the_logits_do_not_depend_on_adds_nothing():
    class Blind(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.unused, self.head = nn.Linear(64, 5), nn.Linear(64, 3)

        def forward(self, inputs):
            self.unused(inputs.flatten(1))
            return self.head(inputs.flatten(1))

    maps = found(classifier(built(Blind)), pixels(), "unused")
    assert maps.maps.shape == (5, 1, 1) and not maps.spatial
    assert not maps.influence.any()


def test_without_a_gradient_nothing_is_said_of_influence():
    of = classifier(built(Frozen))
    maps = found(of, pixels(), "conv2")
    assert not maps.followed and not maps.influence.any()
    assert np.array_equal(maps.maps, found(classifier(of.module), pixels(), "conv2").maps)
    assert found(classifier(built(ConvNet)), pixels(), "conv2").followed


def test_the_output_among_several_tensors_is_read_and_followed():
    class Recurrent(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lstm, self.head = nn.LSTM(8, 5, batch_first=True), nn.Linear(5, 3)

        def forward(self, inputs: torch.Tensor) -> torch.Tensor:
            states, (last, _) = self.lstm(inputs[:, 0])
            logits: torch.Tensor = self.head(states.mean(1) + 0 * last[-1])
            return logits

    of, inputs = classifier(built(Recurrent)), pixels()
    maps = found(of, inputs, "lstm")
    states = of.module.get_submodule("lstm")(torch.tensor(inputs))[0]  # (1, 8, 5)
    np.testing.assert_allclose(maps.maps, states.detach().transpose(1, 2).transpose(0, 1), rtol=1e-5)
    weight = head(of).weight.detach()
    np.testing.assert_allclose(maps.influence, weight * states.detach().mean(1), rtol=1e-4, atol=1e-6)


def test_within_a_part_that_is_computed_again_nothing_is_read_and_that_is_said():
    class Again(ConvNet):
        def forward(self, inputs):
            maps = checkpoint(lambda x: self.act1(self.bn1(self.conv1(x))), inputs, use_reentrant=False)
            return self.head(self.act2(self.conv2(maps)).mean((2, 3)))

    of = classifier(built(Again))
    assert found(of, pixels(), "conv2").maps.any()
    with pytest.raises(UserError, match="computed again in the backward pass"):
        found(of, pixels(), "conv1")
