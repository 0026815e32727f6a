"""A ResNet with a first layer for small pictures: known by its weights, built as it is said to be."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import nn
from torchvision import models

from models.checkpoints import index
from models.checkpoints.architectures import build, usual_preprocessing
from models.checkpoints.recognition import recognise
from models.checkpoints.small_stem import STEM, STEMS, USUAL_STEM, small_stem


def by_hand(step: int, pools: bool, channels: int = 3) -> nn.Module:
    """As people write it for CIFAR."""
    network: nn.Module = models.resnet18(num_classes=7)
    network.conv1 = nn.Conv2d(channels, 64, 3, step, 1, bias=False)
    if not pools:
        network.maxpool = nn.Identity()
    return network.eval()


def shapes(network: nn.Module) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}


@pytest.mark.parametrize(("channels", "found"), [(3, None), (1, 1)])
def test_it_is_recognised_with_its_own_classes_and_channels(channels, found):
    with torch.device("meta"):
        files = shapes(by_hand(1, False, channels))
    for prefix in ("", "module."):
        [match] = recognise(
            {prefix + name: shape for name, shape in files.items()}, index.shipped_index()
        ).matches
        assert (match.row.name, match.classes, match.channels) == ("torchvision/resnet18", 7, found)
        assert match.row.options[STEM] == USUAL_STEM


def test_it_is_for_small_pictures():
    reads = usual_preprocessing("torchvision/resnet18", {STEM: USUAL_STEM})
    assert (reads.size, reads.resize, reads.channels) == ((32, 32), 32, 3)
    assert usual_preprocessing("torchvision/resnet18", {}).size == (224, 224)


@pytest.mark.slow
def test_it_computes_what_is_written_by_hand():
    picture = torch.randn(1, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    weights = by_hand(1, False).state_dict()
    answers = []
    for name, stem in STEMS.items():
        network, own = build("torchvision/resnet18", 7, {STEM: name}).eval(), by_hand(stem.step, stem.pools)
        for module in (network, own):
            module.load_state_dict(weights)
        with torch.no_grad():
            answers.append(network(picture))
            assert answers[-1].equal(own(picture))
    # Each computes something else of the same weights.
    assert not any(one.allclose(other) for one, other in itertools.combinations(answers, 2))


def test_no_other_layer_is_taken_for_one():
    assert small_stem({"conv1.weight": (64, 3, 7, 7)}) is None
    assert small_stem({"conv2.weight": (64, 3, 3, 3)}) is None
