"""A change that nobody sees, made visible, with the factor told."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from dashboard.charts.whatif import change


def test_the_largest_change_fills_the_range_and_no_change_is_grey():
    before = np.full((80, 80, 3), 100, np.uint8)
    after = before.copy()
    after[:40, :, 0] += 2
    after[40:, :, 1] -= 1
    assert change.factor(before, after) == 63 and change.factor(before, before) == 1
    drawn = np.asarray(Image.open(io.BytesIO(change.amplified(before, after))))
    assert drawn[10, 10].tolist() == [254, 128, 128] and drawn[-10, 10].tolist() == [128, 65, 128]
