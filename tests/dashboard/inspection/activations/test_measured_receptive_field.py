"""What one place of a layer sees, against arithmetic."""

from __future__ import annotations

import pytest
import torch
import torchvision.models
from torch import Tensor, nn

from dashboard.inspection.activations.measured_receptive_field import measure_receptive_field
from dashboard.inspection.architecture.trace import architecture
from dashboard.records.activations import ReceptiveField
from models.classifier import Classifier
from models.zoo.small import ARCHITECTURES
from tests.networks import ConvNet, Frozen, built, classifier, pixels, surveyed, untouched


class Chain(nn.Module):
    """Convolutions and pools of a plain network, whose fields are known by r += (k - 1) * jump."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)  # 3
        self.relu1 = nn.ReLU()
        self.pool = nn.MaxPool2d(2)  # 3 + 1 = 4, jump 2
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1)  # 4 + 2 * 2 = 8
        self.dilated = nn.Conv2d(8, 8, 3, padding=2, dilation=2)  # 8 + 4 * 2 = 16
        self.head = nn.Linear(8, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        maps = self.dilated(self.conv2(self.pool(self.relu1(self.conv1(inputs)))))
        logits: Tensor = self.head(maps.mean((2, 3)))
        return logits


def field(of: Classifier, layer: str) -> ReceptiveField:
    call = surveyed(of, pixels(of.preprocessing.channels, of.preprocessing.size[0])).find(layer)
    assert call is not None
    return measure_receptive_field(of, call)


@pytest.mark.parametrize(
    ("layer", "size"), [("conv1", 3), ("relu1", 3), ("pool", 4), ("conv2", 8), ("dilated", 16), ("head", 32)]
)
def test_a_chain_by_arithmetic(layer, size):
    of = classifier(built(Chain), side=32)
    with untouched(of.module):
        found = field(of, layer)
    top, left, bottom, right = found.box
    assert (bottom - top, right - left) == (size, size)
    assert found.whole == (size == 32)


def test_a_place_is_where_its_field_is():
    of = classifier(built(Chain), side=32)
    found = field(of, "pool")
    assert found.grid == (16, 16)
    # A place of the pool reads two convolved pixels each way, and their neighbours.
    assert found.at(5 * 16 + 9) == (2 * 5 - 1, 2 * 9 - 1, 2 * 5 + 3, 2 * 9 + 3)
    assert found.at(0) == (-1, -1, 3, 3)


def test_vgg_by_the_published_arithmetic():
    of = classifier(built(torchvision.models.vgg11), channels=3, side=64, classes=1000)
    found = field(of, "features.7")  # conv 3-64, pool, 3-128, pool, 3-256
    top, left, bottom, right = found.box
    assert (bottom - top, right - left) == (18, 18)


@pytest.mark.parametrize("network", [Chain, ARCHITECTURES["resnet"].build], ids=["chain", "resnet"])
def test_what_is_measured_is_what_arithmetic_derives(network):
    of = classifier(built(network), side=32)
    derived = architecture(of.module, torch.rand(1, 1, 32, 32))
    agreed = 0
    for call in derived.calls:
        if call.receptive_field is None or max(call.receptive_field) > 24:
            continue
        top, left, bottom, right = field(of, call.name).box
        assert (bottom - top, right - left) == call.receptive_field, call.name
        agreed += 1
    assert agreed >= 4


def test_attention_sees_everything():
    of = classifier(built(ARCHITECTURES["vit"].build), side=28, classes=10)
    assert field(of, "blocks.0").whole
    assert not field(of, "patch_embed").whole


def test_a_field_that_is_cut_off_where_it_was_measured_counts_as_whole():
    field = ReceptiveField(side=(28, 28), grid=(7, 7), middle=(3, 3), box=(0, 4, 28, 22))
    assert field.at(0) == (0, -8, 28, 10)


def test_without_a_gradient_it_counts_as_whole():
    assert field(classifier(built(Frozen)), "conv1").whole
    assert not field(classifier(built(ConvNet)), "conv1").whole
