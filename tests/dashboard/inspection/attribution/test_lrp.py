"""Relevance that adds up: closed forms, bare Captum, additions and batch norms, and a reason where no rule holds."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from captum.attr import LRP
from captum.attr._utils.lrp_rules import Alpha1_Beta0_Rule
from torch import nn
from torch.nn import functional
from torch.nn.utils import fusion, parametrizations, prune, weight_norm
from torchvision.models import resnet18

from dashboard.inspection.attribution import METHODS
from models.zoo.small import ARCHITECTURES
from tests.networks import (
    ChannelsLast,
    ConvNet,
    Linear,
    built,
    classifier,
    explain,
    pixels,
    slopes,
    task,
    untouched,
)


class Branches(nn.Module):
    """Two branches added up; no bias anywhere."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 4, 3, padding=1, bias=False)
        self.branch = nn.Conv2d(4, 4, 3, padding=1, bias=False)
        self.relu = nn.ReLU(inplace=True)
        self.head = nn.Linear(64, 3, bias=False)

    def forward(self, inputs):
        maps = self.relu(self.stem(inputs))
        total = self.branch(maps)
        total += maps
        return self.head(functional.max_pool2d(self.relu(total), 2).flatten(1))


class Gated(ConvNet):
    def forward(self, inputs):
        maps = self.act1(self.conv1(inputs))
        return self.head(self.conv2(maps * maps.mean((2, 3), keepdim=True)).mean((2, 3)))


def relevance(of, inputs, target):
    """Whatever it is worth."""
    return METHODS["lrp"].run(task("lrp", of, inputs, target)).values.numpy()


@pytest.mark.parametrize("versus", [None, 2])
def test_of_a_linear_network_is_weight_times_input_and_misses_the_bias(versus):
    of = classifier(built(Linear))
    found = explain("lrp", of, pixels(), 1, versus)
    lead = slopes(of)[1] - (0 if versus is None else slopes(of)[versus])
    expected = lead * pixels()
    assert found.outcome.measures["completeness gap"] == pytest.approx(
        abs(expected.sum() - found.explained) / abs(found.explained), abs=1e-5
    )
    if found.raw is None:
        assert found.outcome.measures["completeness gap"] > 0.25
        return
    assert np.allclose(found.raw, expected, atol=1e-6)


def test_adds_up_where_nothing_has_a_bias_branches_included():
    of = classifier(built(Branches))
    with untouched(of.module):
        found = explain("lrp", of, pixels())
    assert found.outcome.kind == "clean"
    assert found.outcome.measures["completeness gap"] < 1e-4
    lead = explain("lrp", of, pixels(), 0, 2)
    difference = relevance(of, pixels(), 0) - relevance(of, pixels(), 2)
    assert lead.raw is not None
    assert np.allclose(lead.raw, difference[0], atol=1e-5)


def test_branches_get_their_share_and_convolutions_hand_on_what_speaks_for_their_output():
    network = built(Branches)
    of, inputs = classifier(network), torch.tensor(pixels())[None]
    maps = network.stem(inputs).relu()
    total = network.branch(maps) + maps
    pooled, winners = functional.max_pool2d(total.relu(), 2, return_indices=True)
    handed = nn.MaxUnpool2d(2)((pooled.flatten(1) * network.head.weight[0]).view_as(pooled), winners)
    # By hand, from the papers: shares of a sum, then z+ back through either convolution.
    branch, past = network.branch(maps).relu(), maps
    share = handed / (branch + past).clamp(min=1e-20)
    handed = past * share + _z_plus(network.branch.weight, maps, branch * share)
    expected = _z_plus(network.stem.weight, inputs, handed)
    assert np.allclose(relevance(of, pixels(), 0), expected.numpy(), atol=1e-5)


def _z_plus(weight, inputs, relevance):
    up, down = weight.clamp(min=0), weight.clamp(max=0)
    for_, of_ = inputs.clamp(min=0), inputs.clamp(max=0)
    parts = functional.conv2d(for_, up, padding=1) + functional.conv2d(of_, down, padding=1)
    share = relevance / parts.clamp(min=1e-20)
    return for_ * functional.conv_transpose2d(share, up, padding=1) + of_ * functional.conv_transpose2d(
        share, down, padding=1
    )


class Sequence(nn.Module):
    """Without an addition, a reused module or a module that Captum knows no rule for."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 3), nn.Conv2d(6, 4, 3)
        self.relu1, self.relu2, self.relu3 = nn.ReLU(), nn.ReLU(), nn.ReLU()
        self.pool = nn.MaxPool2d(2)
        self.hidden, self.head = nn.Linear(16, 8), nn.Linear(8, 3)

    def forward(self, inputs):
        maps = self.pool(self.relu2(self.conv2(self.relu1(self.conv1(inputs)))))
        return self.head(self.relu3(self.hidden(maps.flatten(1))))


def test_is_bare_captums_where_captum_is_right():
    network = built(Sequence)
    of = classifier(network)
    inputs = abs(pixels())  # Captum's rule for what speaks for an output forgets negative inputs
    bare = copy.deepcopy(network)
    for target in range(3):
        for layer in (bare.conv1, bare.conv2):
            layer.rule = Alpha1_Beta0_Rule(set_bias_to_zero=True)
        values = LRP(bare).attribute(torch.tensor(inputs)[None].requires_grad_(), target=target)
        assert np.allclose(relevance(of, inputs, target), values.detach(), atol=1e-5)


def test_a_batch_norm_is_one_with_its_convolution():
    network = built(ConvNet)
    norm = network.bn1
    with torch.no_grad():
        norm.running_mean.uniform_(-1, 1), norm.running_var.uniform_(0.5, 2)
        norm.weight.copy_(torch.linspace(-1, 1, 6)), norm.bias.uniform_(-1, 1)
    folded = copy.deepcopy(network)
    folded.conv1, folded.bn1 = fusion.fuse_conv_bn_eval(folded.conv1, norm), nn.Identity()
    one, other = (relevance(some, pixels(), 1) for some in (classifier(network), classifier(folded)))
    assert np.abs(one).max() > 1e-3
    assert np.allclose(one, other, atol=1e-5)


def test_on_a_residual_network_it_adds_up_where_bare_captum_fails():
    network = built(lambda: resnet18(num_classes=3))
    network.fc.bias.zero_()
    of = classifier(network, channels=3, side=64)
    found = explain("lrp", of, pixels(3, 64))
    assert found.outcome.kind == "clean"
    assert found.outcome.measures["completeness gap"] < 1e-4
    bare = LRP(copy.deepcopy(network)).attribute(torch.tensor(pixels(3, 64))[None].requires_grad_(), target=0)
    assert abs(float(bare.detach().sum())) > 100 * abs(found.explained)


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (ChannelsLast, "LayerNorm, GELU"),
        (lambda: ConvNet(nn.SiLU), "SiLU"),
        (Gated, "products of activations"),
        (lambda: ConvNet(nn.Softplus), "Softplus"),
    ],
)
def test_where_no_rule_holds_there_is_a_reason(network, words):
    found = explain("lrp", classifier(built(network)), pixels())
    assert (found.outcome.kind, found.values) == ("refused", None)
    assert words in found.outcome.reason


def test_a_transformer_is_refused():
    of = classifier(built(ARCHITECTURES["vit"].build), side=28, classes=10)
    assert "attention" in explain("lrp", of, pixels(side=28)).outcome.reason


@pytest.mark.filterwarnings("ignore:.*weight_norm. is deprecated:FutureWarning")
@pytest.mark.parametrize(
    "parametrize",
    [
        weight_norm,
        parametrizations.weight_norm,
        parametrizations.spectral_norm,
        lambda layer: prune.l1_unstructured(layer, "weight", 0.4),
    ],
    ids=["weight norm of old", "weight norm", "spectral norm", "pruned"],
)
def test_weights_that_are_computed_are_weights(parametrize):
    computed = built(Branches)
    for layer in (computed.stem, computed.branch, computed.head):
        parametrize(layer)
    plain = Branches()
    with torch.no_grad():
        for name in ("stem", "branch", "head"):
            getattr(plain, name).weight.copy_(getattr(computed, name).weight)
    found, expected = (explain("lrp", classifier(network), pixels()) for network in (computed, plain))
    assert found.outcome.kind == "clean"
    assert found.raw is not None and expected.raw is not None
    np.testing.assert_allclose(found.raw, expected.raw, atol=1e-6)


def test_weights_that_a_layer_computes_by_itself_are_no_data():
    class Standardised(nn.Conv2d):
        def forward(self, inputs: torch.Tensor) -> torch.Tensor:
            weight = self.weight - self.weight.mean((1, 2, 3), keepdim=True)
            return functional.conv2d(inputs, weight, None, padding=1)

    computed, plain = built(Branches), Branches()
    computed.stem = Standardised(1, 4, 3, padding=1, bias=False)
    with torch.no_grad():
        plain.load_state_dict(computed.state_dict())
        plain.stem.weight -= plain.stem.weight.mean((1, 2, 3), keepdim=True)
    found, expected = (relevance(classifier(network), pixels(), 0) for network in (computed, plain))
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_normalisation_by_the_batch_is_passed_over_when_convolutions_take_over():
    class ByBatch(ConvNet):
        def __init__(self) -> None:
            super().__init__()
            self.bn1 = nn.BatchNorm2d(6, track_running_stats=False)

    assert np.isfinite(relevance(classifier(built(ByBatch)), pixels(), 1)).all()
