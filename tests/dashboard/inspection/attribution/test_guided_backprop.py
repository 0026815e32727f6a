"""Guided where there are ReLUs, refused or warned of where there are none or few."""

from __future__ import annotations

import copy
import subprocess
import sys

import numpy as np
import pytest
import torch
from captum.attr import GuidedBackprop, Saliency
from torch import nn

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.run import Request, attribute
from dashboard.inspection.engine.explained_score import ExplainedScore
from dashboard.inspection.engine.guided_rules import rectifying_module
from dashboard.inspection.engine.routing import one_module_per_call
from models.zoo.small import ARCHITECTURES
from tests.networks import (
    ConvNet,
    Linear,
    ParameterGate,
    built,
    classifier,
    explain,
    pixels,
    slopes,
    surveyed,
)
from tests.paths import ROOT

METHOD = METHODS["guided_backprop"]
PANDA = 388


def guided(of, inputs, target=0, versus=None):
    return attribute(of, inputs, method=METHOD, request=Request(target, versus), survey=surveyed(of, inputs))


@pytest.mark.slow
def test_is_bare_captums_where_every_relu_is_a_module_of_its_own(embedded, panda):
    of = embedded("squeezenet1_1")
    inputs = panda(of)
    found = guided(of, inputs, PANDA)
    batch = torch.tensor(inputs)[None].requires_grad_()
    bare = GuidedBackprop(copy.deepcopy(of.module)).attribute(batch, target=PANDA)[0].numpy()
    assert np.abs(found.raw - bare).max() < 1e-4 * np.abs(bare).max()
    assert np.abs(found.values - bare.sum(0)).max() < 1e-4 * np.abs(bare.sum(0)).max()
    assert found.outcome.kind == "clean"


def test_takes_hold_of_relu6_and_leaves_the_answer(embedded, panda):
    of = embedded("efficientnet_lite0")
    inputs = panda(of)
    batch = torch.tensor(inputs)[None]
    found = guided(of, inputs, PANDA)
    plain = Saliency(of.module).attribute(batch.clone().requires_grad_(), PANDA, abs=False)[0].numpy()
    bare = (
        GuidedBackprop(copy.deepcopy(of.module)).attribute(batch.clone().requires_grad_(), PANDA)[0].numpy()
    )
    assert np.allclose(bare, plain, atol=1e-6 * np.abs(plain).max()), "Captum sees ReLU6 now"
    assert np.abs(found.raw - plain).max() > 0.5 * np.abs(plain).max()
    assert found.outcome.kind == "clean"
    repaired = one_module_per_call(ExplainedScore.of(of, PANDA), batch, rectifying_module)
    assert torch.equal(repaired.network(batch), of.module(batch))


def test_a_lead_is_guided_as_a_whole():
    of = classifier(built(ARCHITECTURES["cnn"].build), side=28, classes=10)
    found = guided(of, pixels(side=28), 1, 2)

    class Lead(nn.Module):
        def __init__(self, network: nn.Module) -> None:
            super().__init__()
            self.network = network

        def forward(self, inputs: torch.Tensor) -> torch.Tensor:
            logits: torch.Tensor = self.network(inputs)
            return logits[:, 1:2] - logits[:, 2:3]

    batch = torch.tensor(pixels(side=28))[None].requires_grad_()
    bare = GuidedBackprop(Lead(copy.deepcopy(of.module))).attribute(batch, target=0)[0].numpy()
    assert np.abs(found.raw - bare).max() < 1e-4 * np.abs(bare).max()


@pytest.mark.parametrize(
    ("activation", "name"), [(nn.GELU, "GELU"), (nn.SiLU, "SiLU"), (nn.Hardtanh, "Hardtanh")]
)
def test_without_a_relu_there_is_a_reason(activation, name):
    found = guided(classifier(built(lambda: ConvNet(activation))), pixels())
    assert (found.outcome.kind, found.values) == ("refused", None)
    assert "ReLU" in found.outcome.reason and name in found.outcome.reason


def test_the_tiny_vit_is_refused():
    of = classifier(built(ARCHITECTURES["vit"].build), side=28, classes=10)
    assert "it uses GELU" in guided(of, pixels(side=28)).outcome.reason


def test_few_relus_are_warned_of():
    activations = iter((nn.ReLU, nn.SiLU))
    of = classifier(built(lambda: ConvNet(lambda: next(activations)())))
    found = guided(of, pixels())
    assert found.outcome.kind == "marked"
    assert "Only 1 of 2 activations are ReLUs" in found.outcome.reason


def test_on_a_linear_network_it_is_the_gradient_and_that_is_right():
    of = classifier(built(Linear))
    found = guided(of, pixels())
    assert found.outcome.kind == "clean"
    assert np.allclose(found.raw, slopes(of)[0])


def test_where_hooks_do_not_take_hold_it_is_refused():
    class Scripted(nn.Module):
        """A compiled part applies its ReLU where no hook and no function mode sees it."""

        def __init__(self):
            super().__init__()
            self.hidden = nn.Linear(64, 16)
            self.head = nn.Linear(16, 3)

        def forward(self, inputs):
            return self.head(_Opaque.apply(self.hidden(inputs.flatten(1))))

    class _Opaque(torch.autograd.Function):
        @staticmethod
        def forward(context, tensor):
            context.save_for_backward(tensor)
            return tensor.clamp(min=0)

        @staticmethod
        def backward(context, gradient):
            return gradient * (context.saved_tensors[0] > 0)

    of = classifier(built(Scripted))
    survey = surveyed(of, pixels())
    survey.nonlinearities["ReLU"] = 1
    found = attribute(of, pixels(), method=METHOD, request=Request(0), survey=survey)
    assert found.outcome.kind == "refused"
    assert "the same as the plain gradient" in found.outcome.reason


@pytest.mark.slow
def test_the_log_stays_clean():
    script = (
        "from tests.networks import *; from dashboard.inspection.attribution import METHODS; "
        "from dashboard.inspection.attribution.run import *; "
        "of = classifier(built(ConvNet)); "
        "print([attribute(of, pixels(), method=method, request=Request(0, parameters=method.defaults((8, 8))), "
        "survey=surveyed(of, pixels())).outcome.kind for method in METHODS.values()])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.count("clean") + done.stdout.count("refused") == len(METHODS)
    assert done.stderr == ""


@pytest.mark.parametrize("name", ["guided_backprop", "deconvolution", "guided_grad_cam"])
def test_a_gate_that_the_picture_has_no_part_in_is_passed_over(name):
    gated, plain = built(ParameterGate), built(ConvNet)
    gate = gated.gate.sigmoid() + gated.gate.relu()
    with torch.no_grad():
        plain.load_state_dict({key: value for key, value in gated.state_dict().items() if key != "gate"})
        plain.conv1.weight *= gate.reshape(-1, 1, 1, 1)
        plain.conv1.bias *= gate
    plain.bn1 = nn.Identity()
    found, expected = (explain(name, classifier(network), pixels(), 1) for network in (gated, plain))
    assert found.outcome.kind == expected.outcome.kind
    assert found.raw is not None and expected.raw is not None
    np.testing.assert_allclose(found.raw, expected.raw, atol=1e-6)
