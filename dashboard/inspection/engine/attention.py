"""The attention that tokens pay each other, whichever way a network computes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

SOFTMAX = {functional.softmax, torch.softmax, Tensor.softmax}


class AttentionRecorder(TorchFunctionMode):
    """While active in this thread, keeps what each softmax that may weigh tokens gives, in order.

    Fused attention never shows its weights: they are computed beside it. The output stays what it was.

    Args:
        read: given the weights of each attention at once, in the place of keeping them.

    Attributes:
        weights: usually (N, heads, tokens, tokens), rows adding up to one.
    """

    def __init__(self, read: Callable[[Tensor], None] | None = None) -> None:
        super().__init__()
        self.weights: list[Tensor] = []
        self._keep = read or self.weights.append

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func is functional.multi_head_attention_forward:
            return self._multi_head(func, args, kwargs)
        if func is functional.scaled_dot_product_attention:
            self._keep(_attention_weights(*args, **kwargs))
        output = func(*args, **kwargs)
        axis = args[1] if len(args) > 1 else kwargs.get("dim")
        if func in SOFTMAX and output.ndim >= 3 and axis is not None:
            self._keep_softmax(output, output.ndim - axis % output.ndim)
        return output

    def _keep_softmax(self, output: Tensor, axis: int) -> None:
        """Keep a softmax along the last axis or the one before it; along others it weighs branches, and no tokens."""
        if axis <= 2:
            rows = output if axis == 1 else output.mT
            self._keep(rows[:, None] if rows.ndim == 3 else rows)

    def _multi_head(self, func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        output, weights = func(*args, **{**kwargs, "need_weights": True, "average_attn_weights": False})
        self._keep(weights)
        if not kwargs.get("need_weights", True):
            return output, None
        return output, weights.mean(1) if kwargs.get("average_attn_weights", True) else weights


def _attention_weights(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    **_: Any,
) -> Tensor:
    """What scaled_dot_product_attention of these arguments weighs the values with."""
    identity = torch.eye(key.shape[-2], dtype=value.dtype).expand(*key.shape[:-2], -1, -1)
    weights: Tensor = functional.scaled_dot_product_attention(
        query, key, identity, attn_mask, is_causal=is_causal, scale=scale
    )
    return weights
