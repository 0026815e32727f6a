"""Calls of torch functions carried out by modules, which gives a hook something to hold on to."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from dashboard.inspection.engine.explained_score import ExplainedScore

OUT_OF_PLACE: dict[Any, Any] = {
    torch.relu_: torch.relu,
    Tensor.relu_: torch.relu,
    torch.sigmoid_: torch.sigmoid,
    Tensor.sigmoid_: torch.sigmoid,
    torch.tanh_: torch.tanh,
    Tensor.tanh_: torch.tanh,
    functional.hardtanh_: functional.hardtanh,
    functional.elu_: functional.elu,
    functional.leaky_relu_: functional.leaky_relu,
    Tensor.add_: torch.add,
}
# How many tensors a function reads, where others stand behind them: running statistics.
INPUTS: dict[Any, int] = {functional.batch_norm: 1}
# Functions of single numbers.
ELEMENTWISE = {
    *(functional.relu, torch.relu, Tensor.relu, functional.relu6, functional.hardtanh),
    *(functional.leaky_relu, torch.prelu, functional.elu, functional.selu, functional.celu),
    *(functional.gelu, functional.silu, functional.mish, functional.softplus, functional.logsigmoid),
    *(functional.hardswish, functional.hardsigmoid),
    *(torch.sigmoid, Tensor.sigmoid, torch.tanh, Tensor.tanh),
}


@dataclass(frozen=True, eq=False)
class FunctionCall:
    """One call of a torch function.

    Attributes:
        function: what is called, out of place.
        tensors: its leading tensors that are data; weights, given or computed, stand behind them.
        args: its positional arguments behind those.
        kwargs: its named arguments.
        in_place: whether the result must be written into the first tensor.
    """

    function: Any
    tensors: tuple[Tensor, ...]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    in_place: bool

    @classmethod
    def of(
        cls, function: Any, args: Any, kwargs: dict[str, Any], is_data: Callable[[Any], bool] | None = None
    ) -> FunctionCall:
        """The call of that function with those arguments; all tensors but parameters are data unless told."""
        named = {name: value for name, value in kwargs.items() if name not in ("input", "inplace")}
        args = args or ((kwargs["input"],) if "input" in kwargs else ())
        tensors = tuple(itertools.takewhile(is_data or _is_activation, args[: INPUTS.get(function)]))
        in_place = function in OUT_OF_PLACE or bool(kwargs.get("inplace"))
        return cls(OUT_OF_PLACE.get(function, function), tensors, args[len(tensors) :], named, in_place)

    def __call__(self, *tensors: Tensor) -> Any:
        """Call it with other tensors."""
        return self.function(*tensors, *self.args, **self.kwargs)


def _is_activation(value: Any) -> bool:
    return isinstance(value, Tensor) and not isinstance(value, nn.Parameter)


def _follows_picture(value: Any) -> bool:
    """Whether the picture, which requires a gradient, has a part in it; weights are frozen, also computed ones."""
    return isinstance(value, Tensor) and value.requires_grad


# The module that carries out a call, or None where the call is left alone.
ModuleFactory = Callable[[FunctionCall], nn.Module | None]


class CallRouter(TorchFunctionMode):
    """While active in this thread, calls for which there is a module are carried out by `apply`.

    Only calls in which the picture has a part: the picture must require a gradient, and the weights none.
    """

    def __init__(self, maker: ModuleFactory, apply: Callable[[FunctionCall, nn.Module], Any]) -> None:
        super().__init__()
        self._maker = maker
        self._apply = apply

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        call = FunctionCall.of(func, args, kwargs or {}, _follows_picture)
        module = self._maker(call) if call.tensors else None
        if module is None:
            return func(*args, **(kwargs or {}))
        applied = self._apply(call, module)
        return call.tensors[0].copy_(applied) if call.in_place else applied


class OneModulePerCall(nn.Module):
    """A network in which each call of chosen functions is carried out by a module of its own.

    Captum's rules hang on modules of certain classes, each called once in a forward pass: functions and modules
    that are called repeatedly are beyond their reach. The output stays what it was.

    Args:
        network: private; its own modules of the classes that `maker` makes lose their class.
        inputs: of one forward pass, which tells how many modules are needed.
        maker: says which calls, and makes the modules.
    """

    def __init__(self, network: nn.Module, inputs: Tensor, maker: ModuleFactory) -> None:
        super().__init__()
        self.network = network
        self.row = nn.ModuleList()
        self._maker = maker
        with torch.enable_grad(), CallRouter(maker, self._append):
            network(inputs.detach().clone().requires_grad_())
        kinds = {type(layer) for layer in self.row.modules()} - {nn.ModuleList}
        for layer in network.modules():
            if type(layer) in kinds:
                hide_class(layer)

    def _append(self, call: FunctionCall, module: nn.Module) -> Any:
        self.row.append(module)
        return module(*call.tensors)

    def forward(self, inputs: Tensor) -> Tensor:  # noqa: D102  # said by the class
        row = iter(self.row)

        def apply(call: FunctionCall, module: nn.Module) -> Any:
            # Captum hooks the very tensors that a module reads; clones keep one rule off what another reads.
            return next(row)(*(tensor.clone() for tensor in call.tensors))

        # Which calls are carried out by modules depends on the gradient that the picture requires.
        wanted = torch.is_grad_enabled()
        with torch.enable_grad(), CallRouter(self._maker, apply):
            output: Tensor = self.network(
                inputs if inputs.requires_grad else inputs.detach().requires_grad_()
            )
        return output if wanted else output.detach()


def _sibling_class(kind: type[nn.Module]) -> type[nn.Module]:
    """A class that does the same and is another to whoever asks for the class, or for its kin."""
    own = {name: value for name, value in vars(kind).items() if name not in ("__dict__", "__weakref__")}
    return type(kind.__name__, kind.__bases__, own)


def hide_class(layer: nn.Module) -> None:
    """Make a private layer one of another class that does the same, so that rules for its class leave it alone."""
    layer.__class__ = _sibling_class(type(layer))


def one_module_per_call(explained: ExplainedScore, inputs: Tensor, maker: ModuleFactory) -> ExplainedScore:
    """The explained quantity on a network repaired so that each of these calls can be hooked."""
    network = OneModulePerCall(explained.network, inputs, maker)
    return ExplainedScore(network, explained.target, explained.versus, explained.together).eval()
