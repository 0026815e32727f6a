"""Repairs on the isolated copy that give a hook something to hold on to."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from dashboard.inspection.explained import Explained

RELU = {functional.relu, torch.relu, torch.relu_, Tensor.relu, Tensor.relu_}
HARDTANH = {functional.hardtanh, functional.hardtanh_}
IN_PLACE = {torch.relu_, Tensor.relu_, functional.hardtanh_}


class OneModulePerReLU(nn.Module):
    """A network in which every ReLU is applied by a module of its own: functional, reused and capped ones too.

    Captum's guided rules hook modules of class nn.ReLU and pass over everything else without an error, which
    leaves the plain gradient. Here each application of a ReLU during a forward pass is carried out by the next
    of a row of nn.ReLU modules; ReLU6 is such a module and a cap. The output stays what it was.

    Args:
        network: private; its own nn.ReLU modules lose their class, so that nothing hooks them a second time.
        applications: how often one forward pass applies a ReLU.
    """

    def __init__(self, network: nn.Module, applications: int) -> None:
        super().__init__()
        self.network = network
        self.relus = nn.ModuleList(nn.ReLU() for _ in range(applications))
        for layer in network.modules():
            if type(layer) is nn.ReLU:
                layer.__class__ = _Unhooked  # type: ignore[assignment]

    def forward(self, inputs: Tensor) -> Tensor:  # noqa: D102  # said by the class
        relus = iter(self.relus)
        # Captum hooks the very tensor that a ReLU reads; a clone keeps its rule off whatever else reads it.
        with RoutedReLU(lambda tensor: next(relus)(tensor.clone())):
            output: Tensor = self.network(inputs)
        return output


class _Unhooked(nn.Module):
    """What was an nn.ReLU and is one to nobody who asks for the class."""

    inplace: bool
    forward = nn.ReLU.forward


class RoutedReLU(TorchFunctionMode):
    """While active in this thread, ReLU is applied by the given function, to ReLU6 too."""

    def __init__(self, relu: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self._relu = relu

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        cap = _cap(func, args, kwargs)
        if cap is None:
            return func(*args, **kwargs)
        tensor: Tensor = args[0] if args else kwargs["input"]
        applied = self._relu(tensor)
        applied = applied if math.isinf(cap) else applied.clamp(max=cap)
        in_place = func in IN_PLACE or kwargs.get("inplace", False)
        return tensor.copy_(applied) if in_place else applied


def _cap(func: Any, args: Any, kwargs: dict[str, Any]) -> float | None:
    """Where the rectifier that is called stops to rise; None where the function is no rectifier."""
    if func in RELU:
        return math.inf
    if func is functional.relu6:
        return 6.0
    # A hardtanh between 0 and 6 is how nn.ReLU6 computes.
    bounds = (*args[1:3], *(kwargs[name] for name in ("min_val", "max_val") if name in kwargs))
    return 6.0 if func in HARDTANH and bounds == (0.0, 6.0) else None


def one_module_per_relu(explained: Explained, applications: int) -> Explained:
    """The explained quantity on a network repaired so that each ReLU can be hooked."""
    network = OneModulePerReLU(explained.network, applications)
    return Explained(network, explained.target, explained.versus).eval()
