"""Chart of errors over the number of training pictures or the width."""

from __future__ import annotations

import dataclasses

import numpy as np

from dashboard.charts import scaling
from models.training.sweep.scaling import DATA, WIDTH, Change, ScalingCurve

CURVE = ScalingCurve(
    axis=DATA,
    part="test",
    sizes=np.array([100, 200, 400]),
    errors=np.array([0.4, 0.2, 0.1]),
    places=np.array([100.0, 400.0, 800.0]),
    law=np.array([0.4, 0.1, 0.05]),
    low=np.array([0.35, 0.09, 0.04]),
    high=np.array([0.45, 0.12, 0.06]),
    half=Change(2.0, 1.8, 2.2),
    double=Change(0.5, 0.45, 0.55),
    runs=("a", "b", "c"),
)


def test_the_law_lies_in_its_band_and_trials_hand_back_their_runs():
    high, low, law, points = scaling.errors(CURVE, "blue").data
    assert (list(high.y), list(low.y), list(law.y)) == ([45, 12, 6], [35, 9, 4], [40, 10, 5])
    assert low.fill == "tonexty"
    assert (list(points.x), list(points.y)) == ([100, 200, 400], [40, 20, 10])
    assert list(points.customdata) == ["a", "b", "c"]


def test_both_axes_are_logarithmic_as_a_law_is_a_line_there():
    layout = scaling.errors(CURVE, "blue").layout
    assert (layout.xaxis.type, layout.yaxis.type) == ("log", "log")
    assert layout.yaxis.title.text == "test errors"


def test_a_width_is_said_to_be_one():
    chart = scaling.errors(dataclasses.replace(CURVE, axis=WIDTH), "blue")
    assert chart.layout.xaxis.title.text == "width"
    assert chart.data[-1].hovertemplate == "width %{x:.3g}: %{y:.1f} % wrong<extra></extra>"
