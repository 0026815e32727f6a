"""Numbers of a network layer by layer, in the order of the forward pass."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.axes import LINED, PERCENT, PLAIN, SECOND, canvas
from dashboard.charts.literal import literal
from dashboard.charts.logarithmic import ticks
from dashboard.wording.numbers import shorten

HEIGHT = 260
# A name keeps its end, which says where in its block a layer is.
LONGEST_NAME = 26
# So many names fit below an axis; of more, some are left out.
NAMES = 12


def gradients(names: Sequence[str], norms: Sequence[float]) -> go.Figure:
    """The gradient's norm from the pixels on the left to the logits on the right, on a logarithmic scale.

    Args:
        names: of the layers, the pixels first.
        norms: at least 0; those that are zero leave a gap.
    """
    figure = _line(names, "Gradient norm", np.asarray(norms))
    figure.update_layout(showlegend=False)
    figure.add_annotation(
        text="← the way back",
        xref="paper",
        yref="paper",
        x=1,
        y=1.08,
        showarrow=False,
        xanchor="right",
    )
    return figure


def spreads(names: Sequence[str], stds: Sequence[float], zeros: Sequence[float]) -> go.Figure:
    """The standard deviation of each layer's output on a logarithmic scale, and its share of zeros as bars.

    Args:
        names: of the layers.
        stds: at least 0.
        zeros: shares in [0, 1].
    """
    figure = _line(names, "Standard deviation", np.asarray(stds))
    figure.add_bar(
        x=list(range(len(names))),
        y=[100 * share for share in zeros],
        name="Exactly zero",
        opacity=0.3,
        yaxis="y2",
        customdata=[literal(name) for name in names],
        hovertemplate="%{customdata}: %{y:.0f} % zero<extra></extra>",
    )
    figure.update_layout(
        yaxis2={
            **SECOND,
            **PERCENT,
            "range": [0, 100],
            "title": {"text": "Exactly zero"},
        },
        legend={"orientation": "h", "y": 1.16, "x": 0},
        showlegend=True,
    )
    return figure


def _line(names: Sequence[str], title: str, values: np.ndarray) -> go.Figure:
    places = list(range(len(names)))
    positive = values[np.isfinite(values) & (values > 0)]
    marked = places[:: max(1, -(-len(names) // NAMES))]
    return go.Figure(
        go.Scatter(
            x=places,
            y=np.where(values > 0, values, np.nan),
            name=title,
            mode="lines+markers" if len(names) <= 40 else "lines",
            line={"width": 2.5},
            customdata=[literal(name) for name in names],
            hovertemplate="%{customdata}: %{y:.3g}<extra></extra>",
        ),
        layout=go.Layout(
            **canvas(HEIGHT, top=36),
            xaxis={
                **PLAIN,
                "tickvals": marked,
                "ticktext": [
                    literal(shorten(names[place], LONGEST_NAME, end=LONGEST_NAME - 1)) for place in marked
                ],
                "tickangle": -40,
            },
            yaxis={
                **LINED,
                "type": "log",
                "title": {"text": title},
                **(ticks(positive.min(), positive.max()) if len(positive) else {}),
            },
        ),
    )
