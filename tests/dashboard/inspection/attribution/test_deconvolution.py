"""Bare Captum where every ReLU is a module; a reason where there is none."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from captum.attr import Deconvolution
from torch import nn

from tests.networks import WAYS_TO_RELU, ConvNet, Rectified, built, classifier, explain, pixels


def test_is_bare_captums_where_every_relu_is_a_module_of_its_own():
    of = classifier(built(ConvNet))
    bare = Deconvolution(copy.deepcopy(of.module)).attribute(
        torch.tensor(pixels())[None].requires_grad_(), target=1
    )
    found = explain("deconvolution", of, pixels(), 1)
    assert found.raw is not None and np.allclose(found.raw, bare.detach()[0], atol=1e-6)
    assert found.outcome.kind == "clean"


@pytest.mark.parametrize("relu", WAYS_TO_RELU.values(), ids=WAYS_TO_RELU)
def test_is_the_same_however_a_relu_is_written(relu):
    module = explain(
        "deconvolution", classifier(built(lambda: Rectified(WAYS_TO_RELU["one module, reused"]))), pixels()
    ).raw
    other = explain("deconvolution", classifier(built(lambda: Rectified(relu))), pixels()).raw
    assert module is not None and other is not None and np.allclose(module, other)


def test_without_a_relu_there_is_a_reason():
    found = explain("deconvolution", classifier(built(lambda: ConvNet(nn.GELU))), pixels())
    assert found.outcome.kind == "refused" and "GELU" in found.outcome.reason
