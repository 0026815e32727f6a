"""Modules on which Captum's guided rules take hold, for the calls that rectify."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from dashboard.inspection.engine.routing import FunctionCall

RELU = {functional.relu, torch.relu, Tensor.relu}


class Rectifier(nn.Module):
    """A ReLU that a hook can hold, and the cap of a ReLU6, which passes the gradient below it."""

    def __init__(self, cap: float) -> None:
        super().__init__()
        self.relu = nn.ReLU()
        self._cap = cap

    def forward(self, tensor: Tensor) -> Tensor:  # noqa: D102  # said by the class
        rectified: Tensor = self.relu(tensor)
        return rectified if math.isinf(self._cap) else rectified.clamp(max=self._cap)


def rectifying_module(call: FunctionCall) -> nn.Module | None:
    """The module for a ReLU or ReLU6; other calls are left alone."""
    cap = _cap(call)
    return None if cap is None else Rectifier(cap)


def _cap(call: FunctionCall) -> float | None:
    """Where the rectifier that is called stops to rise; None where the function is no rectifier."""
    if call.function in RELU:
        return math.inf
    if call.function is functional.relu6:
        return 6.0
    # A hardtanh between 0 and 6 is how nn.ReLU6 computes.
    bounds = (*call.args[:2], *(call.kwargs[name] for name in ("min_val", "max_val") if name in call.kwargs))
    return 6.0 if call.function is functional.hardtanh and bounds == (0.0, 6.0) else None
