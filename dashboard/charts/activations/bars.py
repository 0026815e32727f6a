"""The units of a layer as bars."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.axes import LINED, STILL, canvas
from dashboard.charts.literal import literal
from dashboard.wording.numbers import shorten

# So many names fit below an axis, of so many letters.
MOST_NAMES, LONGEST = 16, 16


def units(
    values: np.ndarray,
    numbers: np.ndarray,
    *,
    marked: int | None,
    ends: tuple[float, float] | None = None,
    names: Sequence[str] = (),
) -> go.Figure:
    """The values of units as bars, in the order given; each can be clicked.

    Args:
        values: (n,).
        numbers: (n,) of the units, carried by the bars.
        marked: the unit whose bar is emphasised, or None.
        ends: of the scale; those of the values where None.
        names: of all units, by number, where these are classes; few of them stand below their bars.
    """
    named = [literal(f": {names[number]}") if names else "" for number in numbers]
    below = names and len(numbers) <= MOST_NAMES
    return go.Figure(
        go.Bar(
            x=[str(number) for number in numbers],
            y=values,
            customdata=numbers,
            marker={"opacity": [1.0 if number == marked else 0.55 for number in numbers]},
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 0.55}},
            text=named,
            textposition="none",
            hovertemplate="Unit %{customdata}%{text}, %{y:.3g}<extra></extra>",
        ),
        layout=go.Layout(
            **canvas(360),
            xaxis={
                **STILL,
                "title": {"text": "Unit"},
                "type": "category",
                **(
                    {
                        "tickvals": [str(number) for number in numbers],
                        "ticktext": [
                            literal(f"{number}: {shorten(names[number], LONGEST)}") for number in numbers
                        ],
                    }
                    if below
                    else {}
                ),
            },
            yaxis={**LINED, "title": {"text": "Activation"}, **({} if ends is None else {"range": ends})},
            hoverdistance=1000,
            dragmode=False,
            bargap=0.15,
            showlegend=False,
        ),
    )
