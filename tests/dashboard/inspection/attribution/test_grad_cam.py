"""Grad-CAM against the formula written out, on maps, channels-last maps and tokens."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch
from captum.attr import LayerGradCam
from torch import Tensor, nn

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.run import Request, attribute
from dashboard.inspection.engine.capture import grid_maps, token_order
from models.zoo.small import ARCHITECTURES
from tests.networks import (
    WAYS_TO_RELU,
    ChannelsLast,
    ConvNet,
    Linear,
    Rectified,
    built,
    classifier,
    explain,
    pixels,
    surveyed,
)

METHOD = METHODS["grad_cam"]


def grad_cam(of, inputs, layer=None, target=0, versus=None):
    return attribute(
        of, inputs, method=METHOD, request=Request(target, versus, layer), survey=surveyed(of, inputs)
    )


def by_hand(module: nn.Module, layer: str, call: int, inputs: np.ndarray, target: int) -> Tensor:
    """relu(sum_k mean(gradient_k) activation_k), read off a plain hook; (h, w)."""
    seen: list[Tensor] = []

    def keep(layer: nn.Module, args: object, output: Tensor) -> Tensor:
        seen.append(output)
        return output.clone()

    hook = module.get_submodule(layer).register_forward_hook(keep)
    logits = module(torch.tensor(inputs)[None].requires_grad_())
    hook.remove()
    (gradient,) = torch.autograd.grad(logits[0, target], seen[call])
    maps, gradient = (as_picture(one[0].detach()) for one in (seen[call], gradient))  # (C, h, w)
    return (gradient.mean((1, 2))[:, None, None] * maps).sum(0).relu()


def as_picture(values: Tensor) -> Tensor:
    if values.ndim == 2:
        return values[1:].T.reshape(-1, 7, 7)  # tokens after a class token
    return values.permute(2, 0, 1) if values.shape[0] == values.shape[1] else values


CASES = [
    (ConvNet, 8, "conv2", 0),
    (ConvNet, 8, "bn1", 0),
    (lambda: Rectified(WAYS_TO_RELU["one module, reused"]), 8, "relu", 0),
    (lambda: Rectified(WAYS_TO_RELU["one module, reused"]), 8, "relu", 1),
    (lambda: Rectified(WAYS_TO_RELU["functional in place"]), 8, "conv2", 0),
    (ChannelsLast, 8, "norm", 0),
    (ChannelsLast, 8, "mlp", 0),
    (ARCHITECTURES["vit"].build, 28, "blocks.3.norm1", 0),
    (ARCHITECTURES["vit"].build, 28, "blocks.0", 0),
    (ARCHITECTURES["resnet"].build, 28, "block2.relu1", 0),
]


@pytest.mark.parametrize("target", range(3))
@pytest.mark.parametrize(("network", "side", "layer", "call"), CASES)
def test_is_the_formula(network, side, layer, call, target):
    of = classifier(built(network), side=side, classes=10)
    inputs = pixels(side=side)
    found = surveyed(of, inputs)
    name = layer if found.find(layer) else f"{layer}#{call + 1}"
    expected = by_hand(built(network), layer, call, inputs, target)
    drawn = grad_cam(of, inputs, name, target)
    if float(expected.max()) == 0:
        assert (drawn.outcome.kind, drawn.values) == ("refused", None)
        return
    assert np.allclose(drawn.raw.sum(0), expected, atol=1e-6 * float(expected.max()), rtol=1e-4)
    assert drawn.values.shape == (side, side)
    assert drawn.values.max() <= float(expected.max()) * (1 + 1e-5) and drawn.values.min() >= 0
    assert (drawn.layer, drawn.signed) == (name, False)


def test_a_grid_is_scaled_up_in_place():
    """One bright cell of a 4 x 4 grid shines on its own 2 x 2 pixels."""

    class Cell(nn.Module):
        def __init__(self):
            super().__init__()
            self.pool = nn.AvgPool2d(2)
            self.keep = nn.Identity()

        def forward(self, inputs):
            return self.keep(self.pool(inputs)).sum((2, 3)).expand(-1, 3) * torch.tensor([1.0, 0.0, 0.0])

    inputs = np.zeros((1, 8, 8), np.float32)
    inputs[0, 2:4, 4:6] = 1.0
    found = grad_cam(classifier(Cell()), inputs, "keep")
    assert np.unravel_index(found.values.argmax(), (8, 8)) in {(2, 4), (2, 5), (3, 4), (3, 5)}
    assert found.values[2:4, 4:6].min() > found.values[:, :3].max()


@pytest.mark.slow
def test_the_default_layer_of_a_vit_is_not_blank():
    of = classifier(built(ARCHITECTURES["vit"].build), side=28, classes=10)
    kinds = [grad_cam(of, pixels(side=28), target=target).outcome.kind for target in range(10)]
    assert "clean" in kinds
    assert grad_cam(of, pixels(side=28)).layer == "blocks.3.norm1"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "layer"), [("efficientnet_lite0", "blocks.6"), ("squeezenet1_1", "features.12")]
)
def test_is_bare_captums(embedded, panda, name, layer):
    of = embedded(name)
    inputs = panda(of)
    found = grad_cam(of, inputs, layer, target=388)
    bare = LayerGradCam(of.module, of.module.get_submodule(layer)).attribute(
        torch.tensor(inputs)[None], target=388, relu_attributions=True
    )
    bare = bare[0].detach().numpy()
    assert np.abs(found.raw - bare).max() < 1e-4 * bare.max()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["efficientnet_lite0", "squeezenet1_1"])
def test_the_default_layer_finds_the_panda(embedded, panda, name):
    of = embedded(name)
    found = grad_cam(of, panda(of), target=388)
    assert found.outcome.kind == "clean"
    assert found.values.shape == (224, 224)


def test_why_one_class_rather_than_another_is_the_cam_of_the_lead():
    of = classifier(built(ConvNet))
    inputs, shown = pixels(), built(ConvNet)
    shown.head.weight[0] -= shown.head.weight[1]
    expected = by_hand(shown, "act2", 0, inputs, 0)
    assert np.allclose(grad_cam(of, inputs, "act2", 0, 1).raw.sum(0), expected.numpy(), atol=1e-7)


def test_without_a_grid_there_is_a_reason():
    for network, side in ((Linear, 8), (ARCHITECTURES["mlp"].build, 28)):
        found = grad_cam(classifier(built(network), side=side, classes=10), pixels(side=side))
        assert (found.outcome.kind, found.values) == ("refused", None)
        assert "No layer of this network keeps a grid" in found.outcome.reason


@pytest.mark.slow
def test_what_follows_a_layer_may_write_in_place(dense):
    assert explain("grad_cam", dense, pixels(3, 64), layer="features.norm5").values is not None


class Unrolled(ChannelsLast):
    """Tokens in another order than the picture's, as Hiera has them, and how many times they are put apart."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.order = token_order((8, 8), times).argsort()

    def forward(self, inputs: Tensor) -> Tensor:
        tokens = self.embed(inputs).flatten(2).transpose(1, 2)[:, self.order]
        logits: Tensor = self.head((tokens + self.mlp(self.norm(tokens))).square().mean(1))
        return logits


def test_tokens_in_another_order_are_read_in_the_pictures():
    plain, unrolled = (built(partial(Unrolled, times)) for times in (0, 2))
    found, expected = (
        grad_cam(classifier(network), pixels(side=16), "norm") for network in (unrolled, plain)
    )
    assert found.values is not None and expected.values is not None
    np.testing.assert_allclose(found.values, expected.values, atol=1e-6)


def test_hiera_is_read_as_timm_reads_it():
    from timm.models.hiera import Hiera

    def network() -> nn.Module:
        hiera = Hiera(
            (64, 64), embed_dim=8, num_heads=1, stages=(1, 1, 1, 1), num_classes=3, mask_unit_size=(8, 8)
        )
        for parameter in hiera.head.fc.parameters():
            nn.init.normal_(parameter)  # they begin at zero
        return hiera

    module = built(network)
    of, inputs = classifier(module, channels=3, side=64), pixels(3, 64)
    survey = surveyed(of, inputs)
    assert survey.default_layer == "blocks.3"
    for block in range(3):
        call = survey.find(f"blocks.{block}")
        assert call is not None and call.layout == "tokens", block
        output = torch.rand(1, *call.shape)
        rolled = module.reroll(output, block).permute(0, 3, 1, 2)  # (1, C, h, w)
        assert torch.equal(grid_maps(output, call), rolled)
