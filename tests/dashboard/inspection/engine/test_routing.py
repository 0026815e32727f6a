"""Calls of functions carried out by modules: which call it is, and an output that stays what it was."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from dashboard.inspection.engine.explained_score import ExplainedScore
from dashboard.inspection.engine.routing import (
    CallRouter,
    FunctionCall,
    OneModulePerCall,
    one_module_per_call,
)


def test_a_call_is_known_by_its_function_its_tensors_and_its_settings():
    inputs, weight = torch.ones(2, 3), nn.Parameter(torch.ones(4, 3))
    call = FunctionCall.of(functional.linear, (inputs, weight), {"bias": None})
    assert call.function is functional.linear and call.tensors == (inputs,)
    assert (call.args, call.kwargs, call.in_place) == ((weight,), {"bias": None}, False)
    assert torch.equal(call(2 * inputs), torch.full((2, 4), 6.0))


@pytest.mark.parametrize(
    ("function", "kwargs"), [(torch.relu_, {}), (Tensor.relu_, {}), (functional.relu, {"inplace": True})]
)
def test_a_call_in_place_is_the_same_function_out_of_place(function, kwargs):
    inputs = torch.tensor([-1.0, 2.0])
    call = FunctionCall.of(function, (inputs,), kwargs)
    assert call.in_place
    assert call(inputs).tolist() == [0, 2]
    assert inputs.tolist() == [-1, 2]


def test_running_statistics_are_no_inputs():
    maps, statistics = torch.zeros(1, 2, 3, 3), torch.ones(2)
    call = FunctionCall.of(functional.batch_norm, (maps, statistics, statistics), {})
    assert (len(call.tensors), len(call.args)) == (1, 2)


class Negated(nn.Module):
    """Carries a ReLU out with its sign turned."""

    def forward(self, tensor: Tensor) -> Tensor:
        return -tensor.relu()


def negated(call: FunctionCall) -> nn.Module | None:
    return Negated() if call.function is torch.relu else None


def test_the_router_hands_on_the_result_also_in_place():
    inputs = torch.tensor([-1.0, 2.0], requires_grad=True) * 1
    with CallRouter(lambda call: negated(call), lambda call, module: -call.tensors[0].abs()):
        assert torch.relu(inputs).tolist() == [-1, -2]
        assert torch.sigmoid(torch.zeros(1)).item() == 0.5
        assert torch.relu_(inputs) is inputs
    assert inputs.tolist() == [-1, -2]
    assert torch.relu(torch.tensor([3.0])).item() == 3


def test_the_router_leaves_alone_what_the_picture_has_no_part_in():
    gate = nn.Parameter(torch.tensor([3.0]), requires_grad=False)
    with CallRouter(negated, lambda call, module: module(*call.tensors)):
        assert torch.relu(gate.view(1, 1)).item() == 3
        assert torch.relu(gate * torch.ones(1, requires_grad=True)).item() == -3


class Twice(nn.Module):
    """One module, called twice, and a function."""

    def __init__(self) -> None:
        super().__init__()
        self.relu = nn.ReLU()

    def forward(self, inputs: Tensor) -> Tensor:
        return torch.relu(self.relu(inputs) - self.relu(-inputs))


def plain(call: FunctionCall) -> nn.Module | None:
    return nn.ReLU() if call.function in (torch.relu, functional.relu) else None


def test_each_call_has_a_module_of_its_own_and_the_network_s_own_lose_their_class():
    inputs = torch.tensor([[-1.0, 2.0]])
    network = Twice()
    repaired = OneModulePerCall(network, inputs, plain)
    assert len(repaired.row) == 3
    assert not isinstance(network.relu, nn.ReLU) and type(network.relu).__name__ == "ReLU"
    assert torch.equal(repaired(inputs), Twice()(inputs))


def test_the_explained_quantity_is_the_same_on_the_repaired_network():
    inputs = torch.tensor([[-1.0, 2.0]])
    explained = one_module_per_call(ExplainedScore(Twice(), 1, 0), inputs, plain)
    assert (explained.target, explained.versus) == (1, 0)
    assert explained(inputs).tolist() == [2]
