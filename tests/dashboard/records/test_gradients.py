"""The gradient of weights against their size."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.records.gradients import BackwardPass, LayerGradient
from dashboard.records.network import LayerCall

CALL = LayerCall("fc", "Linear", (3,))


@pytest.mark.parametrize(
    ("weights", "gradient", "ratio"),
    [(4.0, 1.0, 0.25), (0.0, 1.0, None), (None, None, None), (2.0, None, None)],
)
def test_the_ratio_is_known_where_there_are_weights(weights, gradient, ratio):
    assert LayerGradient(CALL, 1.0, 1.0, weights, gradient).ratio == ratio


def test_memory_is_that_of_the_arrays():
    found = BackwardPass(0, 1.0, np.zeros(3), (), 0.5, np.zeros((2, 2), np.float32), None)
    assert found.nbytes == 24 + 16
