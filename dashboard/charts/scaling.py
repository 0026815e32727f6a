"""Chart of errors over the number of training pictures or the width, with the law that they follow."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard.charts.axes import LINED, canvas
from dashboard.charts.logarithmic import ticks
from dashboard.charts.palette import MARK, MARK_BAND
from models.training.sweep.scaling import DATA, WIDTH, ScalingCurve

HEIGHT = 300
PLACES = {DATA: "%{{x:,.0f}} {things}", WIDTH: "width %{{x:.3g}}"}


def axis(curve: ScalingCurve) -> str:
    """What errors are drawn over."""
    return f"training {curve.things}" if curve.axis == DATA else "width"


def errors(curve: ScalingCurve, colour: str) -> go.Figure:
    """Each trial's errors, the law and its band, up to twice the largest size; a click hands back a trial's run.

    Args:
        curve: of a sweep.
        colour: of the trials.
    """
    shares = 100 * curve.errors
    low, high = (
        float(min(shares.min(), 100 * curve.low.min())),
        float(max(shares.max(), 100 * curve.high.max())),
    )
    hover = f"{PLACES[curve.axis].format(things=curve.things)}: %{{y:.1f}} % wrong<extra></extra>"
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    return go.Figure(
        [
            go.Scatter(x=curve.places, y=100 * curve.high, **edge),
            go.Scatter(x=curve.places, y=100 * curve.low, **edge, fill="tonexty", fillcolor=MARK_BAND),
            go.Scatter(
                x=curve.places,
                y=100 * curve.law,
                mode="lines",
                line={"color": MARK, "width": 2},
                hovertemplate=hover,
            ),
            go.Scatter(
                x=curve.sizes,
                y=shares,
                mode="markers",
                marker={"size": 9, "color": colour},
                customdata=list(curve.runs),
                hovertemplate=hover,
            ),
        ],
        layout=go.Layout(
            **canvas(HEIGHT),
            xaxis={
                **LINED,
                "title": axis(curve),
                "type": "log",
                **ticks(float(curve.places[0]), float(curve.places[-1])),
            },
            yaxis={**LINED, "title": f"{curve.part} errors", "type": "log", **ticks(low, high, " %")},
            dragmode=False,
            showlegend=False,
        ),
    )
