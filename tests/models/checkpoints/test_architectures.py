"""Architectures by name: built with so many classes and channels, and what they do to a picture."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from models.checkpoints.architectures import (
    IMAGENET,
    LIBRARIES,
    build,
    options_for_channels,
    title,
    usual_preprocessing,
)


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("torchvision/resnet18", {}, {"in_channels": 1}),
        ("timm/resnet18", {"x": 2}, {"x": 2, "in_chans": 1}),
        ("vitrine/cnn", {"channels": 3}, {"channels": 1}),
    ],
)
def test_the_options_that_read_grey(name, options, expected):
    assert options_for_channels(name, options, 1) == expected


def test_torchvisions_first_convolution_is_replaced_as_people_do_by_hand():
    network = build("torchvision/squeezenet1_1", 4, {"in_channels": 1})
    first = next(layer for layer in network.modules() if isinstance(layer, nn.Conv2d))
    assert (first.in_channels, tuple(first.weight.shape)) == (1, (64, 1, 3, 3))
    with torch.no_grad():
        assert network.eval()(torch.zeros(1, 1, 64, 64)).shape == (1, 4)


def test_what_is_done_to_a_picture():
    colour = usual_preprocessing("torchvision/squeezenet1_1", {})
    assert (colour.size, colour.mean, colour.std) == ((224, 224), *IMAGENET)
    grey = usual_preprocessing("torchvision/squeezenet1_1", {"in_channels": 1})
    assert (*grey.mean, *grey.std) == pytest.approx((0.449, 0.226))
    assert usual_preprocessing("vitrine/cnn", {"channels": 1}).channels == 1
    assert usual_preprocessing("vitrine/cnn", {"channels": 3}).channels == 3


def test_names_and_titles():
    assert title("torchvision/vgg11") == "vgg11 (torchvision)"
    assert title("vitrine/cnn") == "Small CNN"
    names = dict(LIBRARIES["vitrine"].names())
    assert set(names) == {"mlp", "lenet5", "cnn", "resnet", "vit"}
    auxiliary = [options for name, options in LIBRARIES["torchvision"].names() if name == "googlenet"]
    assert auxiliary == [{"aux_logits": True}, {"aux_logits": False}]
