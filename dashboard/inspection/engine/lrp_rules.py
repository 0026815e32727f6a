"""Modules that say, call by call, how relevance is shared out, for Captum's LRP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from captum.attr._utils.lrp_rules import EpsilonRule, IdentityRule
from torch import Tensor, nn
from torch.nn import functional

from dashboard.inspection.engine.batch_norm import fused_parameters
from dashboard.inspection.engine.effective_weights import store_effective_weights
from dashboard.inspection.engine.explained_score import ExplainedScore
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.routing import ELEMENTWISE, FunctionCall, OneModulePerCall
from dashboard.inspection.engine.stopwatch import SAME

# Only against division by zero: the answers of an untrained network can be smaller than Captum's own 1e-9.
STABILITY = 1e-20

# What a call's inputs bring to its output, added up. Each number of the input gets its part's share of the relevance.
Parts = Callable[..., Tensor]


def _epsilon(call: FunctionCall) -> Parts:
    """The epsilon rule: whatever makes up the output, for and against."""
    return call.__call__


def _z_plus(call: FunctionCall) -> Parts:
    """The z+ rule: of a weighted sum, what speaks for its output, and no bias."""
    weight, rest = call.args[0], call.args[2:]
    named = {name: value for name, value in call.kwargs.items() if name != "bias"}

    def parts(maps: Tensor) -> Tensor:
        positive = call.function(maps.clamp(min=0), weight.clamp(min=0), None, *rest, **named)
        negative = call.function(maps.clamp(max=0), weight.clamp(max=0), None, *rest, **named)
        total: Tensor = positive + negative
        return total

    return parts


def _same_sign(call: FunctionCall) -> Parts:
    """Of a sum, the summands that point where it points: opposite ones would blow each other up."""
    if len(call.tensors) == 1:
        return _epsilon(call)

    def parts(*summands: Tensor) -> Tensor:
        sign = torch.where(call(*summands) < 0, -1.0, 1.0)
        total: Tensor = sign * call(*((sign * summand).relu() for summand in summands))
        return total

    return parts


def _pass_on(call: FunctionCall) -> None:
    """The output's relevance is the input's."""


RULES: dict[Any, Callable[[FunctionCall], Parts | None]] = {
    **dict.fromkeys((torch.conv2d, torch.conv_transpose2d), _z_plus),
    **dict.fromkeys((functional.linear, torch.matmul, Tensor.matmul), _epsilon),
    **dict.fromkeys((torch.add, Tensor.add), _same_sign),
    **dict.fromkeys((torch.sub, Tensor.sub, torch.mean, Tensor.mean), _epsilon),
    **dict.fromkeys((functional.max_pool2d, functional.avg_pool2d, functional.adaptive_avg_pool2d), _epsilon),
    **dict.fromkeys((functional.batch_norm, torch.clamp, Tensor.clamp, *ELEMENTWISE), _pass_on),
}


class RelevanceModule(nn.Module):
    """One call, and the rule by which its relevance goes to what it reads."""

    def __init__(self, call: FunctionCall, parts: Parts | None) -> None:
        super().__init__()
        self.compute: Parts = call
        self.rule = IdentityRule() if parts is None else ProportionalRule(parts)

    def forward(self, *tensors: Tensor) -> Tensor:  # noqa: D102  # said by the class
        return self.compute(*tensors)


class ProportionalRule(EpsilonRule):  # type: ignore[misc]  # Captum is untyped
    """In proportion to parts: Captum differentiates what it calls the layer with changed weights."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(STABILITY)
        self._parts = parts

    def _manipulate_weights(self, module: RelevanceModule, inputs: Any, outputs: Any) -> None:
        module.compute = self._parts


def relevance_module(call: FunctionCall) -> nn.Module | None:
    """The module for a call that has a rule; others only move numbers about."""
    rule = RULES.get(call.function)
    return None if rule is None else RelevanceModule(call, rule(call))


class RelevanceNetwork(nn.Module):
    """The explained quantity, with the modules that have rules as its only children, for Captum to find.

    Args:
        explained: private, and so are its weights.
        inputs: (1, C, H, W).
    """

    def __init__(self, explained: ExplainedScore, inputs: Tensor) -> None:
        super().__init__()
        repaired = OneModulePerCall(explained, inputs, relevance_module)
        self.row = repaired.row
        self._repaired = [repaired]  # in a list it is no child

    def forward(self, inputs: Tensor) -> Tensor:  # noqa: D102  # said by the class
        explained: Tensor = self._repaired[0](inputs)
        return explained


def relevance_network(explained: ExplainedScore, inputs: Tensor) -> RelevanceNetwork:
    """The explained quantity, ready for Captum's LRP, on weights of its own; four forward passes."""
    plain, fused = (store_effective_weights(isolate(explained, own_weights=True)) for _ in range(2))
    _fuse_batch_norms(fused, inputs)
    with torch.no_grad():
        # Not the same: a convolution that does more with its weights than to apply them.
        private = fused if torch.allclose(fused(inputs), plain(inputs), rtol=SAME) else plain
    assert isinstance(private, ExplainedScore)
    return RelevanceNetwork(private, inputs)


def _fuse_batch_norms(network: nn.Module, inputs: Tensor) -> None:
    """Make one layer of each convolution and the batch norm that reads it, whose factors turn the weights' signs."""
    outputs: dict[int, tuple[nn.Conv2d, Tensor]] = {}
    pairs: list[tuple[nn.Conv2d, nn.BatchNorm2d]] = []

    def read(layer: nn.Module, args: tuple[Tensor, ...], output: Tensor) -> None:
        if isinstance(layer, nn.Conv2d):
            outputs[id(output)] = (layer, output)  # kept, so that its id stays its own
        elif isinstance(layer, nn.BatchNorm2d) and layer.running_mean is not None and id(args[0]) in outputs:
            pairs.append((outputs[id(args[0])][0], layer))

    handles = [layer.register_forward_hook(read) for layer in network.modules()]
    with torch.no_grad():
        network(inputs)
    for handle in handles:
        handle.remove()
    for convolution, norm in pairs:
        convolution.weight, convolution.bias = fused_parameters(convolution, norm)
        # Its class may do more than normalise: what it has learnt is gone, and what else it does stays.
        assert norm.running_mean is not None
        norm.weight, norm.bias, norm.eps = None, None, 0.0  # type: ignore[assignment]
        norm.running_mean = torch.zeros_like(norm.running_mean)
        norm.running_var = torch.ones_like(norm.running_mean)
