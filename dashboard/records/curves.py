"""Records of curves over optimizer steps, or over what else was counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Line:
    """One curve of a chart.

    Attributes:
        run: that it belongs to; names its colour.
        split: "training", "validation", "test" or empty; names its dash.
        steps: (n,) where its points are drawn, in its unit; any order.
        values: (n,) in the units of the chart; may be NaN.
        colour: place of the run among those that are compared.
        detail: what else names the line: its writer, its session.
        unit: what is counted: "step", "epoch", or "order" where nothing was.
        is_faint: whether it stands behind a newer one.
    """

    run: str
    split: str
    steps: np.ndarray
    values: np.ndarray
    colour: int
    detail: str = ""
    unit: str = "step"
    is_faint: bool = False
