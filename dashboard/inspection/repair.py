"""Repairs on the isolated copy that give a hook something to hold on to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from dashboard.inspection.explained import Explained

RELU = {functional.relu, functional.relu_, torch.relu, torch.relu_, Tensor.relu, Tensor.relu_}
RELU6 = {functional.relu6}


class OneModulePerReLU(nn.Module):
    """A network in which every ReLU is applied by a module of its own: functional, reused and capped ones too.

    Captum's guided rules hook modules of class nn.ReLU and pass over everything else without an error, which
    leaves the plain gradient. Here each application of a ReLU during a forward pass is carried out by the next
    of a row of nn.ReLU modules; ReLU6 is such a module and a cap. The output stays what it was.
    """

    def __init__(self, network: nn.Module, applications: int) -> None:
        super().__init__()
        self.network = network
        self.relus = nn.ModuleList(nn.ReLU() for _ in range(applications))

    def forward(self, inputs: Tensor) -> Tensor:  # noqa: D102  # said by the class
        relus = iter(self.relus)
        with _Routed(lambda tensor: next(relus)(tensor)):
            output: Tensor = self.network(inputs)
        return output


class _Routed(TorchFunctionMode):
    """While active in this thread, ReLU and ReLU6 are applied by the given function."""

    def __init__(self, relu: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self._relu = relu

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func in RELU:
            return self._relu(args[0])
        if func in RELU6 or _is_relu6(func, args, kwargs or {}):
            return self._relu(args[0]).clamp(max=6.0)
        return func(*args, **(kwargs or {}))


def _is_relu6(func: Any, args: Any, kwargs: dict[str, Any]) -> bool:
    """Whether the call is a hardtanh between 0 and 6, which is how nn.ReLU6 computes."""
    if func not in (functional.hardtanh, functional.hardtanh_):
        return False
    bounds = [*args[1:3]] or [kwargs.get("min_val"), kwargs.get("max_val")]
    return bounds == [0.0, 6.0]


def one_module_per_relu(explained: Explained, applications: int) -> Explained:
    """The explained quantity on a network repaired so that each ReLU can be hooked."""
    network = OneModulePerReLU(explained.network, applications)
    return Explained(network, explained.target, explained.versus).eval()
