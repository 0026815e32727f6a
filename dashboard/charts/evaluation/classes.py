"""Precision and recall of each class, beside each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.axes import BARE, PERCENT, canvas
from dashboard.charts.literal import literal
from dashboard.records.evaluation import ClassScores
from dashboard.wording.numbers import rate, shorten

ROW_PIXELS = 30
LONGEST_NAME = 40


def dots(
    scores: ClassScores, classes: Sequence[str], indices: Sequence[int], palette: Sequence[str]
) -> go.Figure:
    """Two dots a class, joined by a line: how many of it are found, and how often its name is right.

    Args:
        scores: of all classes.
        classes: their names.
        indices: which, the first on top, at least one.
        palette: colours.
    """
    places = np.arange(len(indices))
    values = {
        "Recall": 100 * scores.recall[list(indices)],
        "Precision": 100 * scores.precision[list(indices)],
    }
    joined = np.stack([*values.values(), np.full(len(indices), np.nan)], 1).ravel()
    lowest = float(np.nanmin([*values["Recall"], *values["Precision"], 100.0]))
    return go.Figure(
        [
            go.Scatter(
                x=joined,
                y=np.repeat(places, 3),
                mode="lines",
                line={"color": palette[7], "width": 1.5},
                hoverinfo="skip",
                showlegend=False,
            ),
            *(
                go.Scatter(
                    x=values[name],
                    y=places,
                    name=name,
                    mode="markers",
                    marker={"size": 10, "color": palette[colour], "symbol": symbol},
                    text=[
                        f"{literal(classes[index])}: {name.lower()} {rate(float(value) / 100)}, "
                        f"{scores.support[index]:,} pictures"
                        for index, value in zip(indices, values[name], strict=True)
                    ],
                    hovertemplate="%{text}<extra></extra>",
                    cliponaxis=False,
                )
                for name, colour, symbol in (("Recall", 0, "circle"), ("Precision", 1, "diamond"))
            ),
        ],
        layout=go.Layout(
            **canvas(ROW_PIXELS * len(indices) + 90, right=16),
            xaxis={
                # From the lowest tenth: all dots of a good network would lie on top of each other.
                "range": [10 * np.floor(max(lowest - 2, 0) / 10), 100],
                **PERCENT,
                "gridwidth": 0.5,
                "zeroline": False,
                "fixedrange": True,
            },
            yaxis={
                **BARE,
                "range": [len(indices) - 0.5, -0.5],
                "tickvals": places,
                "ticktext": [literal(shorten(classes[index], LONGEST_NAME)) for index in indices],
            },
            legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
            showlegend=True,
        ),
    )
