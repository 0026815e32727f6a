"""Deletion and insertion curves, a colour for each method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import plotly.graph_objects as go

from dashboard.charts.axes import PERCENT, canvas
from dashboard.charts.literal import literal
from dashboard.records.attribution import Faithfulness

HEIGHT = 320
Kind = Literal["deletion", "insertion"]
KINDS: tuple[Kind, ...] = ("deletion", "insertion")
TITLES: dict[Kind, str] = {
    "deletion": "Hidden: lower is better",
    "insertion": "Shown: higher is better",
}
AXES: dict[Kind, str] = {"deletion": "Pixels hidden (%)", "insertion": "Pixels shown (%)"}


def curves(
    kind: Kind,
    measured: Sequence[Faithfulness],
    titles: Mapping[str, str],
    palette: Sequence[str],
) -> go.Figure:
    """The class's probability over the share of pixels hidden or shown.

    Args:
        kind: which of the two.
        measured: one per method.
        titles: name of a method -> its title, each of its own colour, whatever is measured beside it.
        palette: their colours.
    """
    places = {name: place for place, name in enumerate(titles)}
    # Given at once: an update of the layout takes plotly four times as long.
    return go.Figure(
        [
            go.Scatter(
                x=100 * scores.shares,
                y=100 * getattr(scores, kind),
                name=literal(titles[scores.method]),
                mode="lines",
                line={"color": palette[places[scores.method] % len(palette)], "width": 2.5},
                hovertemplate="%{y:.0f} %",
            )
            for scores in measured
        ],
        layout=go.Layout(
            title={"text": TITLES[kind], "font": {"size": 15}, "x": 0, "xref": "paper"},
            **canvas(HEIGHT, top=36),
            xaxis={"title": {"text": AXES[kind]}, "showgrid": False, "automargin": True, "range": [0, 100]},
            yaxis={
                "title": {"text": "Probability"},
                "range": [0, 102],
                **PERCENT,
                "gridwidth": 0.5,
                "automargin": True,
                "nticks": 6,
            },
            legend={"orientation": "h", "y": -0.3, "x": 0},
            hovermode="x unified",
            showlegend=True,
        ),
    )
