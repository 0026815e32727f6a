"""How a run reads pictures."""

from __future__ import annotations

from typing import Any

import pytest
from torch import nn

from models.datasets import find_dataset
from models.runtime.errors import UserError
from models.training.formats.pictures import PictureFormat
from models.zoo.small import ARCHITECTURES

GREY = PictureFormat((28, 32), (0.5,), (0.25,))


def test_they_are_prepared_as_everywhere():
    preprocessing = GREY.preprocessing
    assert (preprocessing.size, preprocessing.resize) == ((28, 32), 28)
    assert (preprocessing.mean, preprocessing.std) == ((0.5,), (0.25,))
    digits = find_dataset("mnist-10k")
    assert PictureFormat.of(digits).preprocessing == digits.preprocessing


def test_survives_json():
    assert PictureFormat.from_json(GREY.to_json()) == GREY


def test_a_network_reads_its_channels_and_its_size():
    module: Any = PictureFormat((28, 28), (0.5,) * 3, (0.5,) * 3).build(ARCHITECTURES["cnn"], 5)
    assert (module.block1.conv.in_channels, module.head.out_features) == (3, 5)
    GREY.check(nn.Flatten(), "Any")
    with pytest.raises(UserError, match="MLP cannot read pictures of 28 x 32 pixels"):
        GREY.check(ARCHITECTURES["mlp"].build(), "MLP")
