"""A small network whose forward pass a test says, and what a trial finds of it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.contract import Contract
from models.trial import measure_contract

CLASSES = 5


def pictures(side: int = 16, channels: int = 3) -> Tensor:
    return torch.randn(3, channels, side, side, generator=torch.Generator().manual_seed(1))


class Plain(nn.Module):
    def __init__(self, classes: int = CLASSES, channels: int = 3) -> None:
        super().__init__()
        self.conv, self.norm = nn.Conv2d(channels, 8, 3, 2, 1), nn.BatchNorm2d(8)
        self.head = nn.Linear(8, classes)

    def logits(self, x):
        return self.head(self.norm(self.conv(x)).relu().mean((2, 3)))

    def forward(self, x: Tensor):
        return self.logits(x)


def network(forward=Plain.logits, **options):
    """A network whose forward pass is that function of it."""
    kind = type("Network", (Plain,), {"forward": forward})
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return kind(**options).eval().requires_grad_(False)


def measured(forward=Plain.logits, **options) -> Contract:
    return measure_contract(network(forward, **options), pictures())


MEANINGS = {
    "logits": (lambda self, x: self.logits(x), "assumed"),
    "probabilities": (lambda self, x: (9 * self.logits(x)).softmax(1), "measured"),
    "log-probabilities": (lambda self, x: self.logits(x).log_softmax(1), "measured"),
    "attribute probabilities": (lambda self, x: self.logits(x).sigmoid(), "measured"),
}
