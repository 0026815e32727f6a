"""The table of optimizers, all of torch.optim."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn
    from torch.optim import Optimizer


@dataclass(frozen=True)
class OptimizerSpec:
    """One way to turn gradients into steps.

    Attributes:
        title: as on the page.
        name: of the class in torch.optim.
        momentum: a momentum in [0, 1) -> the arguments of the class that it stands for; none where it has no use.
        fused: whether it has a kernel that updates all weights in one go.
    """

    title: str
    name: str
    momentum: Callable[[float], dict[str, Any]] = lambda _: {}
    fused: bool = True


OPTIMIZERS: dict[str, OptimizerSpec] = {
    "adam": OptimizerSpec("Adam", "Adam"),
    "adamw": OptimizerSpec("AdamW", "AdamW"),
    "sgd": OptimizerSpec("SGD", "SGD", lambda momentum: {"momentum": momentum, "nesterov": momentum > 0}),
    "rmsprop": OptimizerSpec("RMSprop", "RMSprop", lambda momentum: {"momentum": momentum}, fused=False),
    "adagrad": OptimizerSpec("Adagrad", "Adagrad"),
}


def build(
    name: str,
    parameters: Iterable[nn.Parameter],
    *,
    learning_rate: float,
    momentum: float,
    weight_decay: float,
) -> Optimizer:
    """An optimizer of the table for some parameters.

    Args:
        name: in OPTIMIZERS.
        parameters: that it changes.
        learning_rate: at the start, above 0; a schedule moves it.
        momentum: part of the last step that goes into the next, in [0, 1).
        weight_decay: at least 0, as the class in torch.optim reads it.

    Raises:
        KeyError: if the table has no such optimizer.
    """
    import torch

    spec = OPTIMIZERS[name]
    arguments = spec.momentum(momentum) | ({"fused": True} if spec.fused else {})
    optimizer: Optimizer = getattr(torch.optim, spec.name)(
        parameters, lr=learning_rate, weight_decay=weight_decay, **arguments
    )
    return optimizer
