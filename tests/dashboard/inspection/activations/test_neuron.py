"""One neuron multiplies out to the layer's own output, and to the gradient that autograd gives a weight."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from dashboard.inspection.activations.neuron import neuron, neuron_calls
from dashboard.records.neuron import Neuron
from models.runtime.errors import UserError
from models.zoo.small import ARCHITECTURES
from tests.networks import built, classifier, pixels, surveyed, untouched


class Around(nn.Module):
    """One layer under test, and a head that makes logits of what it gives."""

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        # Squared, so that no gradient is the same at two places.
        maps = self.layers(inputs)
        return torch.stack([maps.square().mean((1, 2, 3)), maps.mean((1, 2, 3)), maps[:, 0, 0, 0]], 1)


def of_layers(*layers: nn.Module, channels: int = 1) -> tuple[Any, np.ndarray]:
    return classifier(built(lambda: Around(*layers)), channels=channels), pixels(channels)


def found(of: Any, inputs: np.ndarray, layer: str, unit: int | None = None, target: int = 0) -> Neuron:
    call = surveyed(of, inputs).find(layer)
    assert call is not None
    with untouched(of.module):
        return neuron(of, inputs, call=call, target=target, unit=unit)


def by_autograd(of: Any, inputs: np.ndarray, layer: str, target: int = 0) -> tuple[torch.Tensor, Any]:
    """The layer's own output, and the module with gradients at its weights."""
    plain = copy.deepcopy(of.module).requires_grad_(True)
    outputs: list[torch.Tensor] = []
    plain.get_submodule(layer).register_forward_hook(
        lambda layer, args, output: outputs.append(output.clone())
    )
    functional.cross_entropy(plain(torch.tensor(inputs)[None]), torch.tensor([target])).backward()
    return outputs[0][0].detach(), plain.get_submodule(layer)


CONVOLUTIONS = {
    "plain": nn.Conv2d(1, 3, 3),
    "stride and padding": nn.Conv2d(1, 3, 3, stride=2, padding=1),
    "two sides": nn.Conv2d(1, 2, (3, 2), stride=(1, 2), padding=(2, 1), dilation=(2, 1)),
    "same": nn.Conv2d(1, 2, (4, 3), padding="same", bias=False),
    "valid": nn.Conv2d(1, 2, 3, padding="valid"),
    "reflect": nn.Conv2d(1, 2, 3, padding=1, padding_mode="reflect"),
    "circular": nn.Conv2d(1, 2, 3, padding=(1, 2), padding_mode="circular"),
    "groups": nn.Conv2d(4, 6, 3, padding=1, groups=2),
    "depthwise": nn.Conv2d(4, 4, 3, groups=4, bias=False),
}


# torch says that it copies for a kernel of an even side.
@pytest.mark.filterwarnings("ignore:Using padding='same'")
@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_the_products_add_up_to_the_layers_own_output_and_the_shares_to_the_weights_gradient(name):
    layer = CONVOLUTIONS[name]
    of, inputs = of_layers(layer, channels=layer.in_channels)
    output, plain = by_autograd(of, inputs, "layers.0")
    for unit in range(layer.out_channels):
        record = found(of, inputs, "layers.0", unit)
        assert record.kernel.shape == layer.weight.shape[1:] and not record.dense
        np.testing.assert_array_equal(record.outputs, output[unit])
        sums = [
            [record.sum_at(row, column).total for column in range(output.shape[2])]
            for row in range(output.shape[1])
        ]
        np.testing.assert_allclose(sums, output[unit], rtol=1e-5, atol=1e-6)
        shares = [record.shares_of(weight) for weight in np.ndindex(record.kernel.shape)]
        np.testing.assert_allclose(
            np.reshape([share.sum() for share in shares if share is not None], record.kernel.shape),
            plain.weight.grad[unit],
            rtol=1e-4,
            atol=1e-7,
        )


def test_a_window_over_the_edge_says_what_is_outside():
    of, inputs = of_layers(nn.Conv2d(1, 1, 3, stride=2, padding=1))
    record = found(of, inputs, "layers.0", 0)
    corner = record.sum_at(0, 0)
    assert corner.inside.tolist() == [[False] * 3, [False, True, True], [False, True, True]]
    assert (corner.window[0][~corner.inside] == 0).all()
    np.testing.assert_array_equal(corner.window[0, 1:, 1:], inputs[0, :2, :2])
    assert record.box(0, 0) == (-1, -1, 2, 2) and record.box(1, 2) == (3, 1, 6, 4)
    np.testing.assert_array_equal(record.inputs, inputs)


def test_a_group_reads_its_own_channels():
    of, inputs = of_layers(nn.Conv2d(4, 6, 3, groups=2), channels=4)
    record = found(of, inputs, "layers.0", 4)
    assert record.first == 2
    np.testing.assert_array_equal(record.inputs, inputs[2:])


def norm(channels: int) -> nn.BatchNorm2d:
    layer = nn.BatchNorm2d(channels)
    layer.running_mean = torch.linspace(-1, 1, channels)
    layer.running_var = torch.linspace(0.5, 2, channels)
    layer.weight.data, layer.bias.data = torch.linspace(-2, 1.5, channels), torch.linspace(0.3, 0.9, channels)
    return layer


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("activation", [nn.ReLU(), nn.SiLU(), nn.ReLU6(inplace=True), nn.PReLU(3), nn.GELU()])
def test_batch_norm_and_activation_follow_folded_or_not(bias, activation):
    of, inputs = of_layers(nn.Conv2d(1, 3, 3, padding=1, bias=bias), norm(3), activation)
    for unit in range(3):
        record = found(of, inputs, "layers.0", unit)
        normalised, _ = by_autograd(of, inputs, "layers.1")
        last, _ = by_autograd(of, inputs, "layers.2")
        first, second = record.applied
        assert (first.title, second.title) == ("batch norm", type(activation).__name__)
        np.testing.assert_allclose(first.outputs, normalised[unit], rtol=1e-6)
        np.testing.assert_allclose(
            record.outputs * first.slopes + first.shift, first.outputs, rtol=1e-4, atol=1e-5
        )
        np.testing.assert_allclose(record.last, last[unit], rtol=1e-6)
        assert second.gradients is not None and record.gradients is not None
        # The chain rule, from behind the activation to the sum.
        np.testing.assert_allclose(
            second.gradients * second.slopes * first.slopes, record.gradients, rtol=1e-4, atol=1e-8
        )
        folded = record.fold()
        assert [step.title for step in folded.applied] == [second.title] and not folded.foldable
        for place in [(0, 0), (3, 5), (7, 7)]:
            assert folded.sum_at(*place).total == pytest.approx(
                float(normalised[unit][place]), rel=1e-4, abs=1e-5
            )
        assert folded.fold() is folded


@pytest.mark.parametrize("name", ["mlp", "cnn", "lenet5", "resnet", "vit"])
def test_every_layer_of_our_own_networks(name):
    of = classifier(built(ARCHITECTURES[name].build), side=28, classes=10)
    inputs = pixels(side=28)
    calls = neuron_calls(of, surveyed(of, inputs))
    assert len(calls) >= 3
    for call in (calls[0], calls[-1]):
        record = neuron(of, inputs, call=call, target=2)
        row, column = record.strongest
        assert record.last[row, column] == record.last.max()
        assert record.sum_at(row, column).total == pytest.approx(
            record.outputs[row, column], rel=1e-4, abs=1e-5
        )
    # At the logits the gradient is the error: the softmax, minus one for the truth.
    head = neuron(of, inputs, call=calls[-1], target=2, unit=2)
    with torch.no_grad():
        shares = of.module(torch.tensor(inputs)[None])[0].softmax(0)
    assert head.dense and head.gradients is not None
    assert head.gradients[0, 0] == pytest.approx(float(shares[2]) - 1, rel=1e-4)


class Gated(nn.Module):
    """A unit's output times its own sigmoid, which is one of two readers."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(64, 3)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        hidden = self.layer(inputs.flatten(1))
        gated: torch.Tensor = hidden * hidden.sigmoid()
        return gated


def test_a_function_that_is_not_all_that_reads_the_output_is_not_said_to_follow():
    of = classifier(built(Gated))
    assert found(of, pixels(), "layer", 1).applied == ()


class Standardised(nn.Conv2d):
    """A convolution whose weight is another one in each pass."""

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return functional.conv2d(inputs, self.weight / self.weight.norm(), self.bias)


def test_a_layer_that_computes_something_else_is_refused():
    of, inputs = of_layers(Standardised(1, 2, 3))
    with pytest.raises(UserError, match=r"layers\.0 gives something else"):
        found(of, inputs, "layers.0", 0)


class Blind(Around):
    """Through which no gradient gets."""

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return super().forward(inputs.detach()).detach()


def test_without_a_gradient_there_are_no_shares():
    of = classifier(built(lambda: Blind(nn.Conv2d(1, 2, 3))))
    record = found(of, pixels(), "layers.0", 0)
    assert record.gradients is None and record.shares_of((0, 0, 0)) is None
