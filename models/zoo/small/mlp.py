"""A multilayer perceptron: every pixel to every unit."""

from __future__ import annotations

from torch import Tensor, nn


class MLP(nn.Module):
    """784-128-64-10 with ReLU, for grey images of 28 x 28 pixels.

    Reference: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, 1986.
    """

    def __init__(self, classes: int = 10, channels: int = 1, dropout: float = 0.0) -> None:
        super().__init__()
        self.fc1 = nn.Linear(channels * 28 * 28, 128)
        self.relu1 = nn.ReLU()
        self.dropout1 = nn.Dropout(dropout)
        self.fc2 = nn.Linear(128, 64)
        self.relu2 = nn.ReLU()
        self.dropout2 = nn.Dropout(dropout)
        self.head = nn.Linear(64, classes)

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits of shape (N, classes) for inputs of shape (N, channels, 28, 28)."""
        hidden = self.dropout1(self.relu1(self.fc1(inputs.flatten(1))))  # (N, 128)
        hidden = self.dropout2(self.relu2(self.fc2(hidden)))  # (N, 64)
        logits: Tensor = self.head(hidden)
        return logits
