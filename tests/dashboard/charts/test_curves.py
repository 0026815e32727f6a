"""Curves on axes that let them be read."""

import numpy as np
import pytest

from dashboard.charts.curves import CurveStyle, curves
from dashboard.records.curves import Line


def line(*values: float, split: str = "training") -> Line:
    return Line(run="one", split=split, steps=np.arange(len(values)), values=np.array(values), colour=0)


@pytest.mark.parametrize(
    ("lines", "mode"),
    [
        ([line(0.001, 0.001, 0.001)], "tozero"),
        ([line(0.001), line(0.001, split="validation")], "tozero"),
        ([line(0.001, 0.001), line(0.002, split="validation")], "normal"),
        ([line(0.5, 0.75)], "normal"),
        ([line()], "normal"),
    ],
)
def test_a_value_that_never_changes_is_seen_above_zero(lines, mode):
    assert curves("Learning rate", lines, ["#123456"], CurveStyle()).layout.yaxis.rangemode == mode
