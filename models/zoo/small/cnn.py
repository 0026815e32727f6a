"""A small convolutional network: convolution, batch norm, ReLU, repeated."""

from __future__ import annotations

from torch import Tensor, nn

from models.zoo.small.activation import build_activation
from models.zoo.small.width import scale


class ConvBlock(nn.Sequential):
    """A 3 x 3 convolution with batch norm and an activation function that keeps height and width."""

    def __init__(self, channels: int, width: int, activation: str) -> None:
        super().__init__()
        # Batch norm subtracts the mean, so a bias would be lost.
        self.conv = nn.Conv2d(channels, width, kernel_size=3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(width)
        self.add_module(activation, build_activation(activation))


class CNN(nn.Module):
    """Five convolutions in three stages, then the mean of each map; reads any size from 4 x 4 pixels on.

    Reference: Simonyan and Zisserman, Very deep convolutional networks, 2015 (stages of 3 x 3 convolutions);
    Ioffe and Szegedy, Batch normalization, 2015.
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
        few, many = scale(32, width), scale(64, width)
        self.block1 = ConvBlock(channels, few, activation)
        self.block2 = ConvBlock(few, few, activation)
        self.pool1 = nn.MaxPool2d(2)
        self.block3 = ConvBlock(few, many, activation)
        self.block4 = ConvBlock(many, many, activation)
        self.pool2 = nn.MaxPool2d(2)
        self.block5 = ConvBlock(many, many, activation)
        self.pool3 = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(many, classes)

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits of shape (N, classes) for inputs of shape (N, channels, 28, 28)."""
        maps = self.pool1(self.block2(self.block1(inputs)))  # (N, 32, 14, 14)
        maps = self.pool2(self.block4(self.block3(maps)))  # (N, 64, 7, 7)
        features = self.pool3(self.block5(maps)).flatten(1)  # (N, 64)
        logits: Tensor = self.head(self.dropout(features))
        return logits
