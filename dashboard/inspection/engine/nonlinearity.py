"""Activation functions: a table, and which of them is applied to what a layer puts out."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from dashboard.inspection.engine.routing import OUT_OF_PLACE, FunctionCall

# What being off is.
ZERO = "nothing comes through, and no gradient either"
LITTLE = "little comes through, and less the further down"
LOWER = "it has reached its lower end, where its slope is nearly zero"


@dataclass(frozen=True)
class Nonlinearity:
    """One activation function of single numbers.

    Attributes:
        title: as the field calls it.
        functions: of torch that compute it.
        formula: in LaTeX, of z.
        off: at this input and below it is off; None where there is no such input.
        off_means: what that is, in words.
        full: at this input and above it has reached its upper end; None where it rises on.
        dead: a unit that never reads more than this is dead: as good as nothing comes through, and no gradient.
    """

    title: str
    functions: tuple[Any, ...]
    formula: str
    off: float | None = None
    off_means: str = ""
    full: float | None = None
    dead: float = -math.inf

    @property
    def two_sided(self) -> bool:
        """Whether its lower end is a value of its own, and not nothing."""
        return self.off_means == LOWER


NONLINEARITIES: tuple[Nonlinearity, ...] = (
    Nonlinearity(
        "ReLU",
        (functional.relu, torch.relu, torch.relu_, Tensor.relu, Tensor.relu_),
        r"\max(0, z)",
        0.0,
        ZERO,
        dead=0.0,
    ),
    Nonlinearity("ReLU6", (functional.relu6,), r"\min(\max(0, z), 6)", 0.0, ZERO, 6.0, 0.0),
    Nonlinearity("Hardtanh", (functional.hardtanh,), r"\min(\max(-1, z), 1)", -1.0, LOWER, 1.0),
    Nonlinearity(
        "LeakyReLU",
        (functional.leaky_relu,),
        r"\max(0, z) + \alpha \min(0, z)",
        0.0,
        "a small part comes through",
    ),
    Nonlinearity(
        "PReLU",
        (functional.prelu, torch.prelu),
        r"\max(0, z) + a_c \min(0, z)",
        0.0,
        "a learned part comes through",
    ),
    Nonlinearity(
        "ELU", (functional.elu,), r"z \text{ if } z > 0 \text{ else } \alpha (e^z - 1)", 0.0, LITTLE
    ),
    Nonlinearity(
        "SELU",
        (functional.selu,),
        r"\lambda z \text{ if } z > 0 \text{ else } \lambda \alpha (e^z - 1)",
        0.0,
        LITTLE,
    ),
    Nonlinearity("CELU", (functional.celu,), r"\max(0, z) + \min(0, \alpha (e^{z/\alpha} - 1))", 0.0, LITTLE),
    Nonlinearity("GELU", (functional.gelu,), r"z\, \Phi(z)", 0.0, LITTLE, dead=-4.0),
    Nonlinearity("SiLU", (functional.silu,), r"z\, \sigma(z)", 0.0, LITTLE, dead=-8.0),
    Nonlinearity("Mish", (functional.mish,), r"z \tanh(\ln(1 + e^z))", 0.0, LITTLE, dead=-8.0),
    Nonlinearity("Softplus", (functional.softplus,), r"\ln(1 + e^z)", 0.0, LITTLE, dead=-8.0),
    Nonlinearity(
        "Hardswish", (functional.hardswish,), r"z \min(\max(0, z + 3), 6) / 6", -3.0, ZERO, dead=-3.0
    ),
    Nonlinearity(
        "Hardsigmoid", (functional.hardsigmoid,), r"\min(\max(0, z + 3), 6) / 6", -3.0, ZERO, 3.0, -3.0
    ),
    Nonlinearity("Sigmoid", (torch.sigmoid, Tensor.sigmoid), r"1 / (1 + e^{-z})", -4.0, LOWER, 4.0),
    Nonlinearity("Tanh", (torch.tanh, Tensor.tanh), r"\tanh(z)", -2.0, LOWER, 2.0),
)
BY_FUNCTION: dict[Any, Nonlinearity] = {
    function: nonlinearity for nonlinearity in NONLINEARITIES for function in nonlinearity.functions
}
BY_FUNCTION |= {
    in_place: BY_FUNCTION[function] for in_place, function in OUT_OF_PLACE.items() if function in BY_FUNCTION
}
RELU6 = next(function for function in NONLINEARITIES if function.title == "ReLU6")
# What may stand between a layer and its activation function: each channel is rescaled, or nothing happens.
BETWEEN = {
    functional.batch_norm,
    functional.group_norm,
    functional.instance_norm,
    functional.layer_norm,
    functional.dropout,
    functional.dropout2d,
}


@dataclass(frozen=True, eq=False)
class AppliedNonlinearity:
    """One application of an activation function.

    Attributes:
        nonlinearity: which.
        call: the call of torch's function, with its settings.
        inputs: what it was applied to, detached.
        source: the same, with its gradient where it has one.
    """

    nonlinearity: Nonlinearity
    call: FunctionCall
    inputs: Tensor
    source: Tensor

    def curve(self, places: Tensor) -> Tensor:
        """The function at these places, (n,), for each channel where it has weights for each: (1 or C, n)."""
        weights = [value.numel() for value in self.call.args if isinstance(value, Tensor)]
        read = places.expand(1, max(weights, default=1), -1)
        outputs: Tensor = self.call.function(read, *self.call.args, **self.call.kwargs)
        return outputs.detach()[0]


class ActivationTracker(TorchFunctionMode):
    """While active in this thread, follows what layers put out to the activation function that is applied to it.

    An activation belongs to what it is applied to, with nothing but normalisation between, or to the module that
    puts its result out. What is followed is forgotten with the next activation, so that little is held.

    Args:
        found: called with what was followed, the name given to it, and the application.
    """

    def __init__(self, report: Callable[[str, AppliedNonlinearity], None]) -> None:
        super().__init__()
        self._report = report
        self._followed: tuple[str, Tensor] | None = None
        self._last: tuple[AppliedNonlinearity, Tensor] | None = None

    def follow(self, name: str, output: Tensor) -> None:
        """Follow an output from here on; one that an activation has just put out is found at once."""
        if self._last is not None and self._last[1] is output:
            self._followed = None
            self._report(name, self._last[0])
            return
        self._followed = name, output

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        given = args[0] if args else kwargs.get("input")
        nonlinearity = BY_FUNCTION.get(func) if isinstance(given, Tensor) else None
        if nonlinearity is None:
            output = func(*args, **kwargs)
            if func in BETWEEN and self._followed is not None and self._followed[1] is given:
                self._followed = self._followed[0], output
            return output
        call = FunctionCall.of(func, args, kwargs)
        # Cloned where the function writes over what it reads.
        source = given.clone() if call.in_place else given
        output = func(*args, **kwargs)
        applied = AppliedNonlinearity(resolve(nonlinearity, call), call, source.detach(), source)
        self._last = applied, output
        if self._followed is not None and self._followed[1] is given:
            name, self._followed = self._followed[0], None
            self._report(name, applied)
        return output


def resolve(nonlinearity: Nonlinearity, call: FunctionCall) -> Nonlinearity:
    """The nonlinearity itself; a hardtanh between 0 and 6 is how nn.ReLU6 computes."""
    if call.function is not functional.hardtanh:
        return nonlinearity
    bounds = (*call.args[:2], *(call.kwargs[name] for name in ("min_val", "max_val") if name in call.kwargs))
    if bounds == (0.0, 6.0):
        return RELU6
    low, high = (float(bound) for bound in bounds) if len(bounds) == 2 else (-1.0, 1.0)
    formula = rf"\min(\max({low:g}, z), {high:g})"
    return Nonlinearity("Hardtanh", nonlinearity.functions, formula, low, LOWER, high)
