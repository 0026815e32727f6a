"""A small residual network."""

from __future__ import annotations

from torch import Tensor, nn

from models.zoo.small.activation import build_activation
from models.zoo.small.width import scale


class Block(nn.Module):
    """Two 3 x 3 convolutions, added to their own input; each activation is a module of its own, used once."""

    def __init__(self, channels: int, width: int, stride: int, activation: str) -> None:
        super().__init__()
        self.activation = activation
        self.conv1 = nn.Conv2d(channels, width, kernel_size=3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.add_module(f"{activation}1", build_activation(activation))
        self.conv2 = nn.Conv2d(width, width, kernel_size=3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.shortcut = _shortcut(channels, width, stride)
        self.add_module(f"{activation}2", build_activation(activation))

    def forward(self, inputs: Tensor) -> Tensor:
        """(N, channels, H, W) -> (N, width, H / stride, W / stride)."""
        act1, act2 = (self.get_submodule(f"{self.activation}{number}") for number in (1, 2))
        residual = self.bn2(self.conv2(act1(self.bn1(self.conv1(inputs)))))
        outputs: Tensor = act2(residual + self.shortcut(inputs))
        return outputs


class ResNet(nn.Module):
    """A stem and three residual blocks of 16, 32 and 64 channels; reads any size from 4 x 4 pixels on.

    Reference: He, Zhang, Ren and Sun, Deep residual learning for image recognition, 2016 (as for CIFAR-10).
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
        first, second, third = (scale(maps, width) for maps in (16, 32, 64))
        self.conv1 = nn.Conv2d(channels, first, kernel_size=3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(first)
        self.add_module(activation, build_activation(activation))
        self.block1 = Block(first, first, 1, activation)
        self.block2 = Block(first, second, 2, activation)
        self.block3 = Block(second, third, 2, activation)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(third, classes)

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits of shape (N, classes) for inputs of shape (N, channels, 28, 28)."""
        maps = self.get_submodule(self.activation)(self.bn1(self.conv1(inputs)))  # (N, 16, 28, 28)
        maps = self.block3(self.block2(self.block1(maps)))  # (N, 64, 7, 7)
        logits: Tensor = self.head(self.dropout(self.pool(maps).flatten(1)))
        return logits


def _shortcut(channels: int, width: int, stride: int) -> nn.Module:
    if stride == 1 and channels == width:
        return nn.Identity()
    return nn.Sequential(
        nn.Conv2d(channels, width, kernel_size=1, stride=stride, bias=False), nn.BatchNorm2d(width)
    )
