"""How relevance is shared out, call by call, by hand."""

from __future__ import annotations

import pytest
import torch
from captum.attr import LRP
from captum.attr._utils.lrp_rules import IdentityRule
from torch import Tensor, nn
from torch.nn import functional

from dashboard.inspection.engine.explained_score import ExplainedScore
from dashboard.inspection.engine.lrp_rules import (
    ProportionalRule,
    RelevanceModule,
    relevance_module,
    relevance_network,
)
from dashboard.inspection.engine.routing import FunctionCall
from tests.networks import ConvNet, built, pixels


def parts(function, *args, **kwargs):
    """What a call's inputs bring to its output."""
    module = relevance_module(FunctionCall.of(function, args, kwargs))
    assert isinstance(module, RelevanceModule) and isinstance(module.rule, ProportionalRule)
    module.rule._manipulate_weights(module, None, None)
    return module


def test_a_convolution_shares_out_what_speaks_for_its_output_without_its_bias():
    maps = torch.tensor([[[[1.0]], [[-2.0]], [[3.0]]]])
    weight = nn.Parameter(torch.tensor([[[[2.0]], [[-5.0]], [[-7.0]]]]))
    module = parts(torch.conv2d, maps, weight, nn.Parameter(torch.tensor([100.0])))
    assert module(maps).item() == 1 * 2 + -2 * -5


def test_a_dense_layer_shares_out_all_with_its_bias():
    inputs, weight, bias = torch.tensor([[1.0, -2.0]]), torch.tensor([[3.0, 4.0]]), torch.tensor([0.5])
    assert parts(functional.linear, inputs, nn.Parameter(weight), nn.Parameter(bias))(inputs).item() == -4.5


def test_of_a_sum_the_summands_that_point_where_it_points():
    first, second = torch.tensor([3.0, -3.0, 1.0]), torch.tensor([-1.0, 1.0, 1.0])
    assert parts(torch.add, first, second)(first, second).tolist() == [3, -3, 2]


@pytest.mark.parametrize("function", [functional.relu, torch.clamp, functional.batch_norm])
def test_relevance_passes_activations_and_normalisations_as_it_is(function):
    module = relevance_module(FunctionCall.of(function, (torch.zeros(1, 2, 3, 3),), {}))
    assert isinstance(module, RelevanceModule) and isinstance(module.rule, IdentityRule)


def test_what_only_moves_numbers_has_no_module():
    assert relevance_module(FunctionCall.of(torch.flatten, (torch.zeros(1, 2),), {})) is None


class Pair(nn.Module):
    """A dense layer without a bias and a second one."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.head = nn.Linear(2, 2, bias=False), nn.Linear(2, 1, bias=False)
        self.first.weight.data = torch.tensor([[1.0, 2.0], [3.0, -1.0]])
        self.head.weight.data = torch.tensor([[2.0, 1.0]])

    def forward(self, inputs: Tensor) -> Tensor:
        logits: Tensor = self.head(self.first(inputs).relu())
        return logits


def test_the_whole_score_comes_back_to_the_inputs():
    inputs = torch.tensor([[1.0, 1.0]])
    network = relevance_network(ExplainedScore(Pair().requires_grad_(False), 0), inputs)
    # Units 3 and 2, of which the score takes 6 and 2: shares 1/3 and 2/3 of 6, 3/2 and -1/2 of 2.
    found = LRP(network).attribute(inputs.clone().requires_grad_())
    assert found.tolist() == [[pytest.approx(2 + 3), pytest.approx(4 - 1)]]


def test_the_network_answers_the_same_and_its_weights_are_its_own():
    explained = ExplainedScore(built(ConvNet), 1)
    batch = torch.tensor(pixels())[None]
    network = relevance_network(explained, batch)
    torch.testing.assert_close(network(batch), explained(batch))
    own = {tensor.data_ptr() for tensor in explained.parameters()}
    assert not own & {tensor.data_ptr() for tensor in network._repaired[0].parameters()}
