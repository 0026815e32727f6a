"""Where a network's costs lie along its depth: a row of bars for each stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.charts.axes import BARE, HIDDEN, canvas
from dashboard.charts.literal import literal
from dashboard.wording.numbers import percent, shorten

ROW = 22
# How much longer than the longest bar a panel is, for the number beside it.
ROOM = 1.7
LONGEST_NAME = 26
# Bars shorter than this have no number beside them.
TOLD = 0.02


def stage_bars(
    names: Sequence[str], shares: Mapping[str, Sequence[float]], palette: Sequence[str]
) -> go.Figure:
    """A panel of bars for each measure, one bar for each stage, the first on top.

    Args:
        names: of the stages.
        shares: measure -> the share of each stage, in [0, 1].
        palette: a colour for each measure.
    """
    figure = make_subplots(
        1, len(shares), shared_yaxes=True, horizontal_spacing=0.02, subplot_titles=list(shares)
    )
    places = list(range(len(names)))
    for column, (measure, values) in enumerate(shares.items(), start=1):
        figure.add_trace(
            go.Bar(
                x=list(values),
                y=places,
                orientation="h",
                marker={"color": palette[(column - 1) % len(palette)], "opacity": 0.85},
                text=[percent(value) if value >= TOLD else "" for value in values],
                textposition="outside",
                textfont={"size": 12},
                constraintext="none",
                cliponaxis=False,
                hovertext=[
                    f"{literal(name)}: {percent(value)} of {measure.lower()}"
                    for name, value in zip(names, values, strict=True)
                ],
                hovertemplate="%{hovertext}<extra></extra>",
            ),
            1,
            column,
        )
    figure.update_xaxes(
        **HIDDEN, range=[0, max((max(values) for values in shares.values()), default=1) * ROOM]
    )
    figure.update_yaxes(
        **BARE,
        range=[len(names) - 0.5, -0.5],
        tickvals=places,
        ticktext=[literal(shorten(name, LONGEST_NAME, end=LONGEST_NAME - 1)) for name in names],
    )
    figure.update_layout(
        **canvas(ROW * len(names) + 44, left=0, top=30, bottom=4),
        bargap=0.25,
        showlegend=False,
    )
    figure.update_annotations(font={"size": 13})
    return figure
