"""A multilayer perceptron: every pixel to every unit."""

from __future__ import annotations

from torch import Tensor, nn

from models.zoo.small.activation import build_activation
from models.zoo.small.width import scale


class MLP(nn.Module):
    """784-128-64-10 with ReLU unless another function is asked for, for grey images of 28 x 28 pixels.

    Reference: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, 1986.
    """

    def __init__(
        self,
        classes: int = 10,
        channels: int = 1,
        dropout: float = 0.0,
        activation: str = "relu",
        width: float = 1.0,
    ) -> None:
        super().__init__()
        self.activation = activation
        first, second = scale(128, width), scale(64, width)
        self.fc1 = nn.Linear(channels * 28 * 28, first)
        self.add_module(f"{activation}1", build_activation(activation))
        self.dropout1 = nn.Dropout(dropout)
        self.fc2 = nn.Linear(first, second)
        self.add_module(f"{activation}2", build_activation(activation))
        self.dropout2 = nn.Dropout(dropout)
        self.head = nn.Linear(second, classes)

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits of shape (N, classes) for inputs of shape (N, channels, 28, 28)."""
        act1, act2 = (self.get_submodule(f"{self.activation}{number}") for number in (1, 2))
        hidden = self.dropout1(act1(self.fc1(inputs.flatten(1))))  # (N, 128)
        hidden = self.dropout2(act2(self.fc2(hidden)))  # (N, 64)
        logits: Tensor = self.head(hidden)
        return logits
