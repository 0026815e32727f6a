"""A fused network gives the same answers, and only what may be fused is."""

from __future__ import annotations

import copy
import math
from typing import Any

import pytest
import torch
from timm.layers.create_conv2d import create_conv2d
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import weight_norm

from dashboard.inspection.engine.batch_norm import fusable_pairs, fuse, shorten_backward
from dashboard.inspection.engine.isolation import isolate
from models import zoo
from models.networks import find_network
from models.runtime.progress import silent
from tests.networks import untouched

PHOTO = torch.linspace(-1, 1, 3 * 16 * 16).reshape(1, 3, 16, 16).sin()


def lively(network: nn.Module) -> nn.Module:
    """The network in eval mode, its normalisations with statistics that are not the initial ones."""
    torch.manual_seed(0)
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d) and layer.running_var is not None:
            layer.running_mean, layer.running_var = torch.randn(len(layer.running_var)), layer.running_var * 3
            if layer.affine:
                layer.weight.data.uniform_(0.5, 2)
                layer.bias.data.normal_()
    return network.eval().requires_grad_(False)


class Wired(nn.Module):
    """A convolution and a normalisation, called as told."""

    def __init__(self, wiring, convolution=None, normalisation=None):
        super().__init__()
        self.conv = convolution or nn.Conv2d(3, 3, 3, padding=1)
        self.norm = normalisation or nn.BatchNorm2d(3)
        self.wiring = wiring

    def forward(self, inputs: Tensor) -> Tensor:
        logits: Tensor = self.wiring(self, inputs).mean((2, 3))
        return logits


def straight(self: Any, inputs: Tensor) -> Any:
    return self.norm(self.conv(inputs))


@pytest.mark.parametrize(
    "convolution",
    [nn.Conv2d(3, 3, 3, bias=False), nn.Conv2d(3, 6, 3, groups=3, stride=2), nn.Conv2d(3, 6, 1, dilation=2)],
    ids=str,
)
@pytest.mark.parametrize("affine", [True, False])
def test_the_fusion_is_the_same_function(convolution, affine):
    network = lively(Wired(straight, convolution, nn.BatchNorm2d(convolution.out_channels, affine=affine)))
    with untouched(network):
        found = fusable_pairs(isolate(network), PHOTO)
        fused = fuse(isolate(network), found)
        assert found == (("conv", "norm"),)
        assert torch.allclose(fused(PHOTO), network(PHOTO), atol=1e-6)
    first, own = (one.get_parameter("conv.weight") for one in (network, fused))
    assert own.data_ptr() != first.data_ptr()


@pytest.mark.parametrize(
    ("why", "network"),
    [
        ("read twice", Wired(lambda self, x: self.norm(self.conv(x)) + self.conv(x) * 0)),
        ("read beside", Wired(lambda self, x: (lambda y: self.norm(y) + y)(self.conv(x)))),
        ("something between", Wired(lambda self, x: self.norm(self.conv(x).relu()))),
        ("normalised twice", Wired(lambda self, x: self.norm(self.norm(self.conv(x))))),
        ("statistics of the batch", Wired(straight, None, nn.BatchNorm2d(3, track_running_stats=False))),
        ("a weight that is computed", Wired(straight, weight_norm(nn.Conv2d(3, 3, 3)))),
        ("no convolution", Wired(lambda self, x: self.norm(x))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_fused_is_left(why, network):
    assert fusable_pairs(isolate(lively(network)), PHOTO) == ()


def test_the_default_network_is_fused_entirely():
    network = find_network(zoo.DEFAULT).load(silent).module
    photo = functional.interpolate(PHOTO, (224, 224))
    found = fusable_pairs(isolate(network), photo)
    assert len(found) == sum(isinstance(layer, nn.BatchNorm2d) for layer in network.modules())
    plain, fused = network(photo), fuse(isolate(network), found)(photo)
    assert torch.allclose(fused, plain, rtol=0, atol=1e-5 * float(plain.abs().max()))


def test_gradients_of_a_fused_network_are_the_network_s():
    from torchvision.models import resnet18

    network = lively(resnet18(weights=None))
    fused = fuse(isolate(copy.deepcopy(network)), fusable_pairs(isolate(network), PHOTO))

    def gradient(module: nn.Module) -> Tensor:
        inputs = PHOTO.clone().requires_grad_()
        return torch.autograd.grad(module(inputs)[0, 3], inputs)[0]

    plain = gradient(network)
    assert torch.allclose(gradient(fused), plain, rtol=0, atol=1e-4 * float(plain.abs().max()))


@pytest.mark.parametrize("affine", [True, False])
def test_a_shortened_normalisation_answers_the_same_and_has_its_gradient(affine):
    network = lively(Wired(straight, normalisation=nn.BatchNorm2d(3, affine=affine)))
    with untouched(network):
        private = shorten_backward(isolate(network))
        plain, quick = (PHOTO.clone().requires_grad_() for _ in range(2))
        answer = private(quick)
        assert torch.equal(answer, network(plain))
        assert not [node for node in _behind(answer) if "NativeBatchNorm" in node]
        (expected,) = torch.autograd.grad(network(plain)[0, 1], plain)
        (found,) = torch.autograd.grad(answer[0, 1], quick)
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize(
    "convolution",
    [
        nn.Conv2d(3, 6, 3, padding=1, stride=2),
        nn.Conv2d(3, 6, (3, 1), padding=(1, 0), bias=False),
        nn.Conv2d(3, 3, 3, groups=3, dilation=2),
        create_conv2d(3, 6, 3, stride=2, padding="same"),
        create_conv2d(3, 3, 5, stride=2, padding="same", depthwise=True),
    ],
    ids=str,
)
@pytest.mark.parametrize("size", [(16, 16), (15, 18)], ids=str)
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last], ids=str)
def test_a_pair_is_one_step_in_the_backward_pass(convolution, size, layout):
    network = lively(Wired(straight, convolution, nn.BatchNorm2d(convolution.out_channels)))
    photo = functional.interpolate(PHOTO, size).repeat(2, 1, 1, 1).contiguous(memory_format=layout)
    with untouched(network):
        private = shorten_backward(isolate(network), fusable_pairs(isolate(network), photo))
        plain, quick = (photo.clone().requires_grad_() for _ in range(2))
        answer = private(quick)
        assert torch.equal(answer, network(plain))
        assert [node for node in _behind(answer) if "Norm" in node or "Conv" in node] == []
        (expected,) = torch.autograd.grad(network(plain).sin().sum(), plain)
        (found,) = torch.autograd.grad(answer.sin().sum(), quick)
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize(
    "convolution",
    [nn.Conv2d(3, 3, 3, padding="same"), nn.Conv2d(3, 3, 3, padding=1, padding_mode="reflect")],
    ids=str,
)
def test_a_convolution_with_other_edges_keeps_its_backward_pass(convolution):
    network = lively(Wired(straight, convolution))
    private = shorten_backward(isolate(network), fusable_pairs(isolate(network), PHOTO))
    plain, quick = (PHOTO.clone().requires_grad_() for _ in range(2))
    answer = private(quick)
    assert torch.equal(answer, network(plain))
    assert any("Convolution" in node for node in _behind(answer))
    (expected,) = torch.autograd.grad(network(plain).sum(), plain)
    torch.testing.assert_close(torch.autograd.grad(answer.sum(), quick)[0], expected)


@pytest.mark.parametrize("inplace", [True, False])
@pytest.mark.parametrize("clamp", [nn.ReLU6, lambda inplace: nn.Hardtanh(-0.5, 0.25, inplace=inplace)])
def test_a_clamp_has_its_gradient(clamp, inplace):
    values = torch.tensor([-1.0, -0.5, -0.0, 0.0, 0.1, 0.25, 5.9, 6.0, 7.0, math.nan, math.inf, -math.inf])
    layer = clamp(inplace=inplace)
    plain, quick = (values.clone().requires_grad_() for _ in range(2))
    expected, found = layer(plain * 1), shorten_backward(nn.Sequential(clamp(inplace=inplace)))(quick * 1)
    assert torch.equal(found.nan_to_num(9), expected.nan_to_num(9))
    weights = torch.arange(1.0, len(values) + 1)
    gradients = (torch.autograd.grad(out, at, weights)[0] for out, at in ((expected, plain), (found, quick)))
    assert torch.equal(*gradients)


def _behind(answer: Tensor) -> list[str]:
    """What autograd would go through on the way back."""
    names, pending = [], [answer.grad_fn]
    while pending:
        node = pending.pop()
        if node is not None:
            names.append(node.name())
            pending += [following for following, _ in node.next_functions]
    return names


@pytest.mark.parametrize(("name", "shape"), [("efficientnet_lite0", (1, 3, 64, 64)), ("cnn", (1, 1, 28, 28))])
def test_networks_on_board_are_shortened(name, shape):
    module = find_network(name).load(silent).module
    photo = torch.linspace(-1, 1, math.prod(shape)).reshape(shape)
    private = shorten_backward(isolate(module), fusable_pairs(isolate(module), photo))
    plain, quick = (photo.clone().requires_grad_() for _ in range(2))
    assert torch.equal(private(quick), module(plain))
    (expected,) = torch.autograd.grad(module(plain)[0, 0], plain)
    (found,) = torch.autograd.grad(private(quick)[0, 0], quick)
    assert (found - expected).abs().max() <= 1e-5 * expected.abs().max()
