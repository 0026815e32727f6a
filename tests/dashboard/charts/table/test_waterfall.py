"""Steps lead from one score to the other, whatever the bars leave out."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.charts.table.waterfall import waterfall


def test_steps_lead_from_start_to_end():
    (trace,) = waterfall(["<b>a</b>", "b"], np.array([2.0, -0.5]), start=1.0, end=4.0).data
    assert trace.measure == ("absolute", "relative", "relative", "relative", "absolute")
    assert list(trace.x) == pytest.approx([1, 2, -0.5, 1.5, 4])
    assert sum(trace.x[:-1]) == pytest.approx(trace.x[-1])
    assert trace.text[1] == "&lt;b&gt;a&lt;/b&gt;" and trace.text[3] == "all else"


def test_where_nothing_is_left_out_nothing_else_is_drawn():
    (trace,) = waterfall(["a"], np.array([2.0]), start=1.0, end=3.0).data
    assert trace.text == ("other rows", "a", "this row")
