"""Bars of probabilities."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard.charts.words import percent
from dashboard.records import Prediction


def top_classes(prediction: Prediction, *, count: int = 5, marked: int | None = None) -> go.Figure:
    """The most probable classes as horizontal bars, the best on top.

    Args:
        count: how many.
        marked: class index whose bar is emphasised; the winner's where None.
    """
    chosen = prediction.ranked()[:count]
    if marked is not None and marked not in chosen:
        chosen.append(marked)
    emphasised = prediction.winner if marked is None else marked
    shares = [float(prediction.probabilities[index]) for index in chosen]
    figure = go.Figure(
        go.Bar(
            x=shares,
            y=[_short(prediction.classes[index]) for index in chosen],
            orientation="h",
            marker={"opacity": [1.0 if index == emphasised else 0.45 for index in chosen]},
            text=[percent(share) for share in shares],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    figure.update_layout(
        height=44 * len(chosen) + 16,
        margin={"l": 0, "r": 56, "t": 4, "b": 4},
        xaxis={"visible": False, "range": [0, max(shares) * 1.02], "fixedrange": True},
        yaxis={"autorange": "reversed", "type": "category", "showgrid": False, "fixedrange": True, "automargin": True},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
    )
    return figure


def _short(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:23]}…"
