"""How well trees of each depth imitate a network, and on which answers."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard.charts.axes import BARE, HIDDEN, LINED, PERCENT, PLAIN, canvas
from dashboard.charts.literal import literal
from dashboard.records.surrogate import ClassAgreement, Fidelity
from dashboard.wording.numbers import percent, shorten

HEIGHT = 420
ROW = 26
LONGEST_NAME = 40
# Classes in the chart; the table to take away has them all.
MOST_CLASSES = 20


def over_depth(
    fidelities: Sequence[Fidelity],
    depth: int,
    enough: float,
    palette: Sequence[str],
    ink: str,
    *,
    height: int = HEIGHT,
) -> go.Figure:
    """Agreement with the network over the depth of the tree, the chosen depth marked.

    Args:
        fidelities: of the trees of depth 0 and on.
        depth: that is looked at.
        enough: share from which a tree explains the network.
        palette: three colours.
        ink: colour of text.
        height: in pixels.
    """
    depths = [fidelity.depth for fidelity in fidelities]
    curves = [
        (
            "Agrees with the network, held out",
            [fidelity.held_out for fidelity in fidelities],
            palette[0],
            "solid",
            3,
        ),
        (
            "Agrees, on what it was grown with",
            [fidelity.grown for fidelity in fidelities],
            palette[0],
            "dot",
            1.5,
        ),
    ]
    right = [fidelity.right for fidelity in fidelities if fidelity.right is not None]
    if len(right) == len(fidelities):
        curves.append(("Right by the labels, held out", right, palette[2], "dash", 1.5))
    return go.Figure(
        [
            *(
                go.Scatter(
                    x=depths,
                    y=[100 * value for value in values],
                    name=name,
                    mode="lines",
                    line={"color": colour, "dash": dash, "width": width},
                    hovertemplate="%{y:.1f} %",
                )
                for name, values, colour, dash, width in curves
            ),
            go.Scatter(
                x=[depth],
                y=[100 * fidelities[depth].held_out],
                mode="markers",
                marker={"size": 13, "color": palette[1]},
                hoverinfo="skip",
                showlegend=False,
            ),
        ],
        layout=go.Layout(
            **canvas(height),
            xaxis={**PLAIN, "title": {"text": "Depth (questions)"}, "dtick": 1},
            yaxis={
                **LINED,
                "title": {"text": "Share"},
                **PERCENT,
                "range": [0, 102],
                "nticks": 6,
            },
            shapes=[
                {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 100 * enough, "y1": 100 * enough}
                | {"line": {"width": 1, "dash": "dot", "color": ink}}
            ],
            annotations=[
                {"text": f"explains from {percent(enough)} on", "showarrow": False, "xref": "paper", "x": 0}
                | {
                    "y": 100 * enough,
                    "xanchor": "left",
                    "yanchor": "bottom",
                    "font": {"size": 12, "color": ink},
                }
            ],
            legend={"orientation": "h", "y": -0.28, "x": 0},
            hovermode="x unified",
        ),
    )


def by_class(rows: Sequence[ClassAgreement], classes: Sequence[str]) -> go.Figure:
    """The share of each answer of the network that the tree repeats, the commonest answers where there are many.

    Args:
        rows: at least one, by class index.
        classes: names by class index.
    """
    commonest = sorted(sorted(rows, key=lambda row: -row.pictures)[:MOST_CLASSES], key=lambda row: row.answer)
    places = list(range(len(commonest)))
    names = [classes[row.answer] for row in commonest]
    instead = ["" if row.instead is None else f", else mostly {classes[row.instead]}" for row in commonest]
    figure = go.Figure(
        go.Bar(
            x=[row.agreed / row.pictures for row in commonest],
            y=places,
            orientation="h",
            text=[f"{percent(row.agreed / row.pictures)} of {row.pictures:,}" for row in commonest],
            textposition="outside",
            cliponaxis=False,
            hovertext=[literal(name + other) for name, other in zip(names, instead, strict=True)],
            hovertemplate="%{hovertext}<extra></extra>",
        ),
        layout=go.Layout(
            **canvas(ROW * len(commonest) + 16, left=0, right=96, top=4, bottom=4),
            xaxis={**HIDDEN, "range": [0, 1]},
            yaxis={
                **BARE,
                "range": [len(commonest) - 0.5, -0.5],
                "tickvals": places,
                "ticktext": [literal(shorten(name, LONGEST_NAME)) for name in names],
            },
            showlegend=False,
        ),
    )
    return figure
