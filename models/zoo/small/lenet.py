"""LeNet-5 as it is built today: ReLU for tanh, max pooling for trained averages."""

from __future__ import annotations

from torch import Tensor, nn

from models.zoo.small.activation import build_activation
from models.zoo.small.width import scale


class LeNet5(nn.Module):
    """Two convolutions and three linear layers; padding makes the paper's 32 x 32 input of 28 x 28 pixels.

    Reference: LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document
    recognition, 1998.
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
        maps, more, hidden, features = (scale(units, width) for units in (6, 16, 120, 84))
        self.conv1 = nn.Conv2d(channels, maps, kernel_size=5, padding=2)
        self.add_module(f"{activation}1", build_activation(activation))
        self.pool1 = nn.MaxPool2d(2)
        self.conv2 = nn.Conv2d(maps, more, kernel_size=5)
        self.add_module(f"{activation}2", build_activation(activation))
        self.pool2 = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(more * 5 * 5, hidden)
        self.add_module(f"{activation}3", build_activation(activation))
        self.fc2 = nn.Linear(hidden, features)
        self.add_module(f"{activation}4", build_activation(activation))
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(features, classes)

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits of shape (N, classes) for inputs of shape (N, channels, 28, 28)."""
        act1, act2, act3, act4 = (self.get_submodule(f"{self.activation}{number}") for number in range(1, 5))
        maps = self.pool1(act1(self.conv1(inputs)))  # (N, 6, 14, 14)
        maps = self.pool2(act2(self.conv2(maps)))  # (N, 16, 5, 5)
        hidden = act3(self.fc1(maps.flatten(1)))  # (N, 120)
        hidden = act4(self.fc2(hidden))  # (N, 84)
        logits: Tensor = self.head(self.dropout(hidden))
        return logits
