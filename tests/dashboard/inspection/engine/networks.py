"""Networks whose pace is measured, and a picture for them."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.classifier import Classifier
from tests.networks import ConvNet, built, classifier, pixels


def photo() -> Tensor:
    return torch.tensor(pixels(3))[None]


def tiny() -> Classifier:
    return classifier(built(lambda: ConvNet(channels=3)), channels=3)


class Normalised(nn.Module):
    """A convolution and its normalisation, and another whose output is read twice."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.norm = nn.Conv2d(3, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)
        self.conv2, self.skipped = nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4)
        self.act1, self.act2 = nn.Tanh(), nn.Tanh()
        self.head = nn.Linear(4, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        values = self.conv2(self.act1(self.norm(self.conv1(inputs))))
        logits: Tensor = self.head((self.act2(self.skipped(values)) + values).mean((2, 3)))
        return logits


def normalised() -> Classifier:
    """A network with statistics that are not the initial ones."""
    network = built(Normalised)
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            numbers = torch.linspace(0.5, 2, layer.num_features)
            layer.running_mean, layer.running_var = numbers - 1, numbers
            layer.weight.data, layer.bias.data = numbers.flip(0), numbers - 0.7
    return classifier(network, channels=3)
