"""Bars of probabilities."""

from __future__ import annotations

import html

import plotly.graph_objects as go

from dashboard.charts.words import percent
from dashboard.records import Prediction

LONGEST_NAME = 24


def top_classes(prediction: Prediction, *, count: int = 5, marked: int | None = None) -> go.Figure:
    """The most probable classes as horizontal bars, the best on top.

    Args:
        prediction: of any number of classes; two may have the same name.
        count: how many.
        marked: class index whose bar is emphasised, and added where it is not among them; the winner's where
            None.
    """
    emphasised = prediction.winner if marked is None else marked
    best = prediction.ranked()[:count]
    chosen = best if emphasised in best else [*best, emphasised]
    shares = [float(prediction.probabilities[index]) for index in chosen]
    names = [_name(prediction.classes, index) for index in chosen]
    places = list(range(len(chosen)))
    figure = go.Figure(
        go.Bar(
            x=shares,
            # Places, not names: bars of one name would be drawn on top of each other.
            y=places,
            orientation="h",
            marker={"opacity": [1.0 if index == emphasised else 0.45 for index in chosen]},
            text=[percent(share) for share in shares],
            textposition="outside",
            cliponaxis=False,
            hovertext=[_literal(name) for name in names],
            hovertemplate="%{hovertext}: %{text}<extra></extra>",
        )
    )
    figure.update_layout(
        height=44 * len(chosen) + 16,
        # On the right there is room for the longest text, "above 99.9 %".
        margin={"l": 0, "r": 92, "t": 4, "b": 4},
        xaxis={"visible": False, "range": [0, max(shares)], "fixedrange": True},
        yaxis={
            "range": [len(chosen) - 0.5, -0.5],
            "tickvals": places,
            "ticktext": [_literal(_short(name)) for name in names],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "automargin": True,
        },
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
    )
    return figure


def _name(classes: tuple[str, ...], index: int) -> str:
    """The name of a class, with its index where another class has the same."""
    name = classes[index]
    return name if classes.count(name) == 1 else f"{name} ({index})"


def _short(name: str) -> str:
    """A name that fits beside its bar; its end stays, since that may be all that tells it from another."""
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - 9]}…{name[-8:]}"


def _literal(name: str) -> str:
    """Text that Plotly, which reads some HTML, shows as it is."""
    return html.escape(" ".join(name.split()), quote=False)
