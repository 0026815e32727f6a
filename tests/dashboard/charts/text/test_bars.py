"""Words as bars: in their order, in the colour of their side, with what they are unsure by."""

from __future__ import annotations

import numpy as np

from dashboard.charts.palette import AGAINST, FOR
from dashboard.charts.text.bars import bars


def test_a_word_has_a_bar_for_each_place():
    figure = bars(["free", "we", "free"], np.array([2.0, -1.0, 0.5]), signed=True, errors=np.full(3, 0.1))
    (bar,) = figure.data
    assert list(bar.marker.color) == [FOR, AGAINST, FOR]
    assert list(bar.y) == [0, 1, 2] and list(figure.layout.yaxis.ticktext) == ["free", "we", "free"]
    np.testing.assert_allclose(bar.error_x.array, 0.2)
    assert figure.layout.yaxis.autorange == "reversed"


def test_what_has_no_side_has_one_colour():
    (bar,) = bars(["a", "b"], np.array([0.5, 0.1]), signed=False).data
    assert len(set(bar.marker.color)) == 1
