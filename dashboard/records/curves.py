"""Records of curves over optimizer steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Line:
    """One curve of a chart.

    Attributes:
        run: that it belongs to; names its colour.
        split: "training", "validation", "test" or empty; names its dash.
        steps: (n,) optimizer steps, any order.
        values: (n,) in the units of the chart; may be NaN.
        colour: place of the run among those that are compared.
    """

    run: str
    split: str
    steps: np.ndarray
    values: np.ndarray
    colour: int
