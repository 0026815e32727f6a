"""Modules that Captum's DeepLIFT has a rule for, which compute what the calls do."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional

from dashboard.inspection.engine.deep_lift_rules import SeparateWindows, rescaling_module
from dashboard.inspection.engine.routing import FunctionCall

MAPS = torch.randn(2, 3, 9, 11, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("function", [functional.relu, functional.gelu, torch.sigmoid, functional.hardswish])
def test_every_function_of_single_numbers_is_taken_for_one_that_has_a_rule(function):
    module = rescaling_module(FunctionCall.of(function, (MAPS,), {}))
    assert isinstance(module, nn.ReLU)
    assert torch.equal(module(MAPS), function(MAPS))


@pytest.mark.parametrize(
    ("pool", "apart"),
    [
        ({"kernel_size": 2}, False),
        ({"kernel_size": (3, 2), "stride": (3, 2)}, False),
        ({"kernel_size": 3, "stride": 2}, True),
        ({"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}, True),
        ({"kernel_size": (2, 3), "stride": 1}, True),
    ],
    ids=str,
)
def test_windows_that_overlap_are_taken_apart(pool, apart):
    module = rescaling_module(FunctionCall.of(functional.max_pool2d, (MAPS,), pool))
    assert isinstance(module, SeparateWindows if apart else nn.MaxPool2d)
    assert torch.equal(module(MAPS), functional.max_pool2d(MAPS, **pool))


def test_pixels_that_several_windows_read_add_their_credits_up():
    module = rescaling_module(
        FunctionCall.of(functional.max_pool2d, (MAPS,), {"kernel_size": 3, "stride": 1})
    )
    assert module is not None
    inputs = torch.zeros(1, 1, 5, 5)
    inputs[0, 0, 2, 2] = 1.0
    inputs.requires_grad_()
    module(inputs).sum().backward()
    assert inputs.grad is not None and inputs.grad[0, 0, 2, 2] == 9


@pytest.mark.parametrize(
    "call",
    [
        FunctionCall.of(functional.avg_pool2d, (MAPS, 2), {}),
        FunctionCall.of(torch.add, (MAPS, MAPS), {}),
        FunctionCall.of(functional.max_pool2d, (MAPS, 2), {"return_indices": True}),
    ],
)
def test_other_calls_are_left_alone(call):
    assert rescaling_module(call) is None
