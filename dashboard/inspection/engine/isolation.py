"""A private structure over shared weights, so that nobody touches the shared module."""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Callable, Mapping
from types import CellType, FunctionType
from typing import Any

from torch import Tensor, nn

from models.outputs import walk


def isolate(module: nn.Module, *, own_weights: bool = False) -> nn.Module:
    """A copy of a network to hook, differentiate and repair, in eval mode, over the same storage.

    Parameters and buffers are detached aliases: gradients, hooks, modes and `requires_grad` of the copy never
    reach the original. In-place activations are made out of place, because they overwrite what a hook captured.

    Args:
        module: shared by other threads; not changed.
        own_weights: copies the tensors too, for methods that write weights in place (some rules of LRP do).
    """
    memo: dict[int, object] = {}
    for parameter in module.parameters():
        memo[id(parameter)] = nn.Parameter(_alias(parameter, own_weights), requires_grad=False)
    for buffer in module.buffers():
        memo[id(buffer)] = _alias(buffer, own_weights)
    for layer in module.modules():
        for value in vars(layer).values():
            if type(value) is OrderedDict and not value:
                memo[id(value)] = OrderedDict()  # of hooks that are none; copying these took half of the time
        for _, tensor in walk(vars(layer)):
            if tensor.grad_fn is not None or tensor.is_inference():
                # A weight that a hook computes before each pass, or what a network keeps of its last one; torch copies
                # none that knows where it comes from.
                memo[id(tensor)] = _alias(tensor, own_weights)
    private = copy.deepcopy(module, memo)
    for layer in private.modules():
        layer.training = False
        for hooks in (layer._forward_pre_hooks, layer._forward_hooks):
            for place, hook in hooks.items():
                hooks[place] = _turn_to_copy(hook, memo)
        if getattr(layer, "inplace", False) is True:
            layer.inplace = False  # type: ignore[assignment]  # a plain bool of the activation
    return private


def _turn_to_copy(hook: Callable[..., Any], memo: Mapping[int, object]) -> Callable[..., Any]:
    """A hook of a network's own that looks at the copy, where it is a function that closes over the network's things.

    Copying takes functions for constants; what such a hook keeps for later layers would go to the shared network.

    Args:
        hook: of a layer.
        memo: identity of what was copied -> its copy.
    """
    if not isinstance(hook, FunctionType) or not hook.__closure__:
        return hook
    try:
        held = [(cell, id(cell.cell_contents)) for cell in hook.__closure__]
    except ValueError:  # a name that has no value yet
        return hook
    cells = tuple(CellType(memo[thing]) if thing in memo else cell for cell, thing in held)
    return FunctionType(hook.__code__, hook.__globals__, hook.__name__, hook.__defaults__, cells)


def restore_in_place(private: nn.Module, module: nn.Module) -> nn.Module:
    """The same private network, with activations in place wherever the shared one has them so.

    Faster, and right where nobody reads what an activation has read once it has run.

    Args:
        private: an isolated copy.
        module: that it is a copy of.
    """
    for layer, shared in zip(private.modules(), module.modules(), strict=True):
        if getattr(shared, "inplace", False) is True:
            layer.inplace = True  # type: ignore[assignment]  # a plain bool of the activation
    return private


def _alias(tensor: Tensor, own: bool) -> Tensor:
    return tensor.detach().clone() if own else tensor.detach()
