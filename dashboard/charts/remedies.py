"""Charts of what remedies did to a run: the gap that they leave, and how often the network is right with each."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard.charts.axes import BARE, LINED, ROW, canvas, upright
from dashboard.charts.intervals import intervals
from dashboard.charts.literal import literal
from models.training.remedies import Outcome


def gaps(outcomes: Sequence[Outcome], colour: str) -> go.Figure:
    """How far training accuracy is ahead of validation accuracy with each remedy; the line is without.

    Args:
        outcomes: one for each remedy, at least one.
        colour: of the bars.
    """
    bars = go.Bar(
        x=[100 * outcome.gap for outcome in outcomes],
        y=_names(outcomes),
        orientation="h",
        marker={"color": colour},
        customdata=[outcome.run for outcome in outcomes],
        hovertemplate="%{y}: %{x:.1f} points<extra></extra>",
    )
    return _figure([bars], outcomes, 100 * outcomes[0].gap_before, "training ahead of validation (points)")


def gains(outcomes: Sequence[Outcome], colour: str) -> go.Figure:
    """What each remedy adds to the accuracy, with its interval, hollow where that cannot be told; the line is without.

    Args:
        outcomes: one for each remedy, at least one.
        colour: of what can be told.
    """
    effects = [outcome.effect for outcome in outcomes]
    data = intervals(
        _names(outcomes),
        [100 * (effect.after - effect.before) for effect in effects],
        [(100 * effect.low, 100 * effect.high) for effect in effects],
        [effect.is_clear for effect in effects],
        colour,
        customdata=[outcome.run for outcome in outcomes],
        text=[f"{100 * effect.after:.1f} % right" for effect in effects],
        hovertemplate="%{y}: %{text}, %{x:+.1f} points<extra></extra>",
    )
    return _figure(data, outcomes, 0, f"{effects[0].part} accuracy, change (points)")


def _figure(data: list[object], outcomes: Sequence[Outcome], without: float, title: str) -> go.Figure:
    return go.Figure(
        data,
        layout=go.Layout(
            **canvas(80 + ROW * len(outcomes)),
            xaxis={**LINED, "title": title},
            yaxis={**BARE, "categoryorder": "array", "categoryarray": _names(outcomes)[::-1]},
            shapes=[upright(without)],
            dragmode=False,
            showlegend=False,
        ),
    )


def _names(outcomes: Sequence[Outcome]) -> list[str]:
    return [literal(outcome.title) for outcome in outcomes]
