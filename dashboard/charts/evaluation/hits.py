"""How often the next choice is among ten films, by how many films somebody chose before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.axes import LINED, PERCENT, PLAIN, canvas
from dashboard.charts.palette import REFERENCE
from dashboard.records.history import HitRates

HEIGHT = 380
# Of the standard error, to each side.
ERRORS = 2


def by_length(found: HitRates, palette: Sequence[str]) -> go.Figure:
    """A line for the network, with whiskers, one for popularity and one for who knows the taste.

    Args:
        found: of at least one person.
        palette: colours of categories.
    """
    lengths = np.unique(found.lengths)
    counts = np.array([(found.lengths == length).sum() for length in lengths])
    lines = (
        ("By the known taste", found.known, REFERENCE, False),
        ("By the network", found.network, palette[0], True),
        ("By popularity", found.popular, palette[1], False),
    )
    return go.Figure(
        [
            _line(name, hits, found.lengths, lengths, counts, colour, whiskers)
            for name, hits, colour, whiskers in lines
        ],
        layout=go.Layout(
            **canvas(HEIGHT),
            xaxis={**PLAIN, "title": {"text": "Films that were chosen before"}, "tickvals": lengths.tolist()},
            yaxis={
                **LINED,
                **PERCENT,
                "title": {"text": "Next choice among the ten"},
                "rangemode": "tozero",
            },
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
            dragmode=False,
        ),
    )


def _line(
    name: str,
    hits: np.ndarray,
    of: np.ndarray,
    lengths: np.ndarray,
    counts: np.ndarray,
    colour: str,
    whiskers: bool,
) -> go.Scatter:
    shares = np.array([hits[of == length].mean() for length in lengths])
    errors = ERRORS * np.sqrt(shares * (1 - shares) / counts)
    return go.Scatter(
        x=lengths,
        y=100 * shares,
        name=name,
        mode="lines+markers",
        line={"color": colour, "width": 2, "dash": "solid" if whiskers else "dot"},
        error_y={"array": 100 * errors, "thickness": 1} if whiskers else None,
        customdata=counts,
        hovertemplate="%{y:.1f} % of %{customdata} people who chose %{x}<extra></extra>",
        cliponaxis=False,
    )
