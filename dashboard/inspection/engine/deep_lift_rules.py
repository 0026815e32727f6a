"""Modules on which Captum's DeepLIFT has a rule that holds, for the calls that need one."""

from __future__ import annotations

from typing import Any

import torch
from captum.attr._core.deep_lift import SUPPORTED_NON_LINEAR
from torch import Tensor, nn
from torch.nn import functional

from dashboard.inspection.engine.explained_score import ExplainedScore
from dashboard.inspection.engine.routing import ELEMENTWISE, FunctionCall, hide_class, one_module_per_call
from dashboard.records.network import Survey


def rescaling_network(explained: ExplainedScore, inputs: Tensor, survey: Survey) -> ExplainedScore:
    """The explained quantity on a network each of whose calls that has a rule is a module of its own.

    Args:
        explained: on a private network.
        inputs: of one forward pass.
        survey: of the network.
    """
    for name in {call.name.partition("#")[0] for call in survey.calls if "#" in call.name}:
        layer = explained.network.get_submodule(name)
        if type(layer) in SUPPORTED_NON_LINEAR:
            # A softmax: others get a module for each call. Its plain gradient, not the slope of another call.
            hide_class(layer)
    return one_module_per_call(explained, inputs, rescaling_module)


def rescaling_module(call: FunctionCall) -> nn.Module | None:
    """The module for an activation or a max pooling; other calls are left alone."""
    if call.function in ELEMENTWISE:
        return _activation(call)
    if call.function is functional.max_pool2d and not call.kwargs.get("return_indices"):
        return SeparateWindows(call) if _windows_overlap(call) else _pool(call)
    return None


def _activation(call: FunctionCall) -> nn.Module:
    # The rescale rule is one for all functions of single numbers; Captum applies it to a few classes, by name.
    module = nn.ReLU()
    module.forward = call.__call__  # type: ignore[assignment, method-assign]
    return module


class SeparateWindows(nn.Module):
    """Max pooling whose windows overlap, as one whose windows do not: each reads pixels of its own.

    Captum's rule for max pooling writes the credit from one window over the credit from the next. Copies of pixels
    that several windows read add their credits up.
    """

    def __init__(self, call: FunctionCall) -> None:
        super().__init__()
        self._call = call
        pool = _pool(call)
        self._kernel, self._stride, self._padding = map(_pair, (pool.kernel_size, pool.stride, pool.padding))
        self.pool = nn.MaxPool2d(self._kernel)

    def forward(self, maps: Tensor) -> Tensor:  # noqa: D102  # said by the class
        with torch.no_grad():
            height, width = self._call(maps).shape[-2:]
        rows = self._margins(0, height, maps.shape[-2])
        columns = self._margins(1, width, maps.shape[-1])
        padded = functional.pad(maps, (*columns, *rows), value=torch.finfo(maps.dtype).min)
        windows = padded.unfold(2, self._kernel[0], self._stride[0]).unfold(
            3, self._kernel[1], self._stride[1]
        )
        apart = windows.transpose(3, 4).reshape(
            *maps.shape[:2], height * self._kernel[0], width * self._kernel[1]
        )
        pooled: Tensor = self.pool(apart)
        return pooled

    def _margins(self, axis: int, count: int, side: int) -> tuple[int, int]:
        """Padding before and behind, so that `count` windows fit exactly; what is not read is cut off."""
        reach = (count - 1) * self._stride[axis] + self._kernel[axis]
        return self._padding[axis], reach - side - self._padding[axis]


def _pool(call: FunctionCall) -> nn.MaxPool2d:
    return nn.MaxPool2d(*call.args, **call.kwargs)


def _windows_overlap(call: FunctionCall) -> bool:
    pool = _pool(call)
    kernel, stride = _pair(pool.kernel_size), _pair(pool.stride)
    return _pair(pool.dilation) == (1, 1) and (stride[0] < kernel[0] or stride[1] < kernel[1])


def _pair(value: Any) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else (int(value[0]), int(value[-1]))
