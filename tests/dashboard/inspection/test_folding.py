"""A folded network gives the same answers, and only what may be folded is."""

from __future__ import annotations

import copy
import math
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

from dashboard.inspection.folding import eased, fold, pairs
from dashboard.inspection.isolation import isolated
from models import zoo
from models.progress import silent
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
def test_the_fold_is_the_same_function(convolution, affine):
    network = lively(Wired(straight, convolution, nn.BatchNorm2d(convolution.out_channels, affine=affine)))
    with untouched(network):
        found = pairs(isolated(network), PHOTO)
        folded = fold(isolated(network), found)
        assert found == (("conv", "norm"),)
        assert torch.allclose(folded(PHOTO), network(PHOTO), atol=1e-6)
    first, own = (one.get_parameter("conv.weight") for one in (network, folded))
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
def test_what_cannot_be_folded_is_left(why, network):
    assert pairs(isolated(lively(network)), PHOTO) == ()


def test_the_default_network_folds_entirely():
    network = zoo.find(zoo.DEFAULT).load(silent).module
    photo = torch.nn.functional.interpolate(PHOTO, (224, 224))
    found = pairs(isolated(network), photo)
    assert len(found) == sum(isinstance(layer, nn.BatchNorm2d) for layer in network.modules())
    plain, folded = network(photo), fold(isolated(network), found)(photo)
    assert torch.allclose(folded, plain, rtol=0, atol=1e-5 * float(plain.abs().max()))


def test_gradients_of_a_folded_network_are_the_network_s():
    from torchvision.models import resnet18

    network = lively(resnet18(weights=None))
    folded = fold(isolated(copy.deepcopy(network)), pairs(isolated(network), PHOTO))

    def gradient(module: nn.Module) -> Tensor:
        inputs = PHOTO.clone().requires_grad_()
        return torch.autograd.grad(module(inputs)[0, 3], inputs)[0]

    plain = gradient(network)
    assert torch.allclose(gradient(folded), plain, rtol=0, atol=1e-4 * float(plain.abs().max()))


@pytest.mark.parametrize("affine", [True, False])
def test_an_eased_normalisation_answers_the_same_and_has_its_gradient(affine):
    network = lively(Wired(straight, normalisation=nn.BatchNorm2d(3, affine=affine)))
    with untouched(network):
        private = eased(isolated(network))
        plain, quick = (PHOTO.clone().requires_grad_() for _ in range(2))
        answer = private(quick)
        assert torch.equal(answer, network(plain))
        assert not [node for node in _behind(answer) if "NativeBatchNorm" in node]
        (expected,) = torch.autograd.grad(network(plain)[0, 1], plain)
        (found,) = torch.autograd.grad(answer[0, 1], quick)
    torch.testing.assert_close(found, expected)


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
def test_networks_on_board_are_eased(name, shape):
    module = zoo.find(name).load(silent).module
    private = eased(isolated(module))
    plain, quick = (torch.linspace(-1, 1, math.prod(shape)).reshape(shape).requires_grad_() for _ in range(2))
    assert torch.equal(private(quick), module(plain))
    (expected,) = torch.autograd.grad(module(plain)[0, 0], plain)
    (found,) = torch.autograd.grad(private(quick)[0, 0], quick)
    assert (found - expected).abs().max() <= 1e-5 * expected.abs().max()
