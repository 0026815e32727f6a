"""A layer's statistics over the steps of a training, the current step marked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.axes import LINED, PERCENT, PLAIN, SECOND, canvas, upright
from dashboard.charts.literal import literal

HEIGHT = 320


def statistics(
    steps: np.ndarray, means: Sequence[float], shares: dict[str, Sequence[float]], step: int
) -> go.Figure:
    """A layer's mean on the left axis, and shares between 0 and 1 on the right one.

    Args:
        steps: (T,) of training.
        means: one a step.
        shares: title -> one a step.
        step: that is marked.
    """
    return go.Figure(
        [
            go.Scatter(
                x=steps,
                y=means,
                name="Mean",
                mode="lines+markers",
                line={"width": 2.5},
                hovertemplate="%{y:.3g}",
            ),
            *(
                go.Scatter(
                    x=steps,
                    y=100 * np.asarray(values),
                    name=literal(title),
                    mode="lines+markers",
                    line={"width": 2, "dash": "dot"},
                    yaxis="y2",
                    hovertemplate="%{y:.1f} %",
                )
                for title, values in shares.items()
            ),
        ],
        layout=go.Layout(
            **canvas(HEIGHT, top=36),
            shapes=[upright(step)],
            xaxis={**PLAIN, "title": {"text": "Step"}},
            yaxis={**LINED, "title": {"text": "Mean activation"}, "nticks": 6},
            yaxis2={
                **SECOND,
                **PERCENT,
                "range": [0, 102],
                "title": {"text": "Share"},
            },
            # Above the plot, however many lines it takes.
            legend={"orientation": "h", "y": 1.04, "yanchor": "bottom", "x": 0},
            hovermode="x unified",
        ),
    )
