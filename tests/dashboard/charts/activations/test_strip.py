"""A stage as one small picture."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from dashboard.charts.activations.strip import SIDE, picture
from dashboard.records.activations import StageOutput, ValueSpread
from dashboard.records.network import LayerCall


def size(planes: np.ndarray) -> tuple[int, int]:
    call = LayerCall("conv", "Conv2d", planes.shape)
    stage = StageOutput(call, ValueSpread(0, 1, 0, 1, 0), planes, np.arange(len(planes)))
    return Image.open(io.BytesIO(picture(stage))).size


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((1, 7, 7), (7 * (SIDE // 7), 7 * (SIDE // 7))),
        ((3, 7, 7), (3 * 77 + 2 * 4, 77)),
        ((5, 7, 7), (3 * 77 + 2 * 4, 2 * 77 + 4)),
        ((1, 1, 10), (4 * 60, 3 * 60)),  # ten units in rows of four
    ],
)
def test_channels_stand_three_in_a_row_and_units_in_a_square(shape, expected):
    assert size(np.random.default_rng(0).random(shape).astype(np.float32)) == expected
