"""The table of optimizers, all of torch.optim."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn
    from torch.optim import Optimizer

    from models.training.config import Config


@dataclass(frozen=True)
class Kind:
    """One way to turn gradients into steps.

    Attributes:
        title: as on the page.
        name: of the class in torch.optim.
        settings: what else of a configuration it is told.
        fused: whether it has a kernel that updates all weights in one go.
    """

    title: str
    name: str
    settings: Callable[[Config], dict[str, Any]] = lambda _: {}
    fused: bool = True


OPTIMIZERS: dict[str, Kind] = {
    "adam": Kind("Adam", "Adam"),
    "adamw": Kind("AdamW", "AdamW"),
    "sgd": Kind("SGD", "SGD", lambda config: {"momentum": config.momentum, "nesterov": config.momentum > 0}),
    "rmsprop": Kind("RMSprop", "RMSprop", lambda config: {"momentum": config.momentum}, fused=False),
    "adagrad": Kind("Adagrad", "Adagrad"),
}


def build(config: Config, parameters: Iterable[nn.Parameter]) -> Optimizer:
    """The optimizer that a configuration asks for."""
    import torch

    kind = OPTIMIZERS[config.optimizer]
    told = kind.settings(config) | ({"fused": True} if kind.fused else {})
    optimizer: Optimizer = getattr(torch.optim, kind.name)(
        parameters, lr=config.learning_rate, weight_decay=config.weight_decay, **told
    )
    return optimizer
