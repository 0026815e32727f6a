"""How far tensors moved, as bars on a logarithmic axis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.axes import BARE, LINED, PERCENT, PLAIN, ROW, canvas
from dashboard.charts.literal import literal
from dashboard.charts.weights.ridge import shorten_middle
from dashboard.records.weights import Change, ChangeVerdict
from dashboard.wording.numbers import three_digits
from dashboard.wording.weights import movement

# Left of this nothing moved.
LEAST = 1e-4


def changes(
    tensors: Sequence[Change], colours: Mapping[ChangeVerdict, str], *, chosen: str | None = None
) -> go.Figure:
    """Each tensor's relative change, the first on top, coloured by what it is called.

    Args:
        tensors: at least one.
        colours: of each verdict.
        chosen: name of the tensor that stands out.
    """
    most = max([change.relative for change in tensors if math.isfinite(change.relative)], default=1.0)
    top = math.log10(max(most, 1.0)) + 0.1
    ticks = [10.0**power for power in range(round(math.log10(LEAST)), math.floor(top) + 1)]
    return go.Figure(
        [
            go.Bar(
                # What did not move at all has a stump, which says that it was looked at.
                x=[max(min(tensors[place].relative, 1e6), LEAST * 1.2) for place in places],
                y=places,
                orientation="h",
                name=verdict,
                marker={
                    "color": colour,
                    "opacity": [1.0 if tensors[place].facts.name == chosen else 0.7 for place in places],
                },
                hovertext=[
                    literal(
                        f"{tensors[place].facts.name}: moved by {movement(tensors[place].relative)}, "
                        f"cosine {three_digits(tensors[place].cosine)}"
                    )
                    for place in places
                ],
                hovertemplate="%{hovertext}<extra></extra>",
            )
            for verdict, colour in colours.items()
            if (places := [place for place, change in enumerate(tensors) if change.verdict == verdict])
        ],
        layout=go.Layout(
            **canvas(ROW * len(tensors) + 110),
            barmode="overlay",
            bargap=0.25,
            xaxis={
                **LINED,
                "type": "log",
                "range": [math.log10(LEAST), top],
                "title": {"text": "Change, relative to the norm before"},
                "tickvals": ticks,
                "ticktext": [f"{100 * tick:g} %" for tick in ticks],
            },
            yaxis={
                **BARE,
                "range": [len(tensors) - 0.5, -0.5],
                "tickvals": list(range(len(tensors))),
                "ticktext": [literal(shorten_middle(change.facts.name)) for change in tensors],
            },
            legend={"orientation": "h", "y": 1.01, "x": 0, "yanchor": "bottom"},
            showlegend=True,
        ),
    )


def units(moved: np.ndarray, colour: str, *, most: int = 20) -> go.Figure:
    """The units that moved most, as bars: relative changes of shape (out,)."""
    finite = np.where(np.isfinite(moved), moved, np.inf)
    first = np.argsort(-finite, kind="stable")[:most]
    return go.Figure(
        go.Bar(
            x=[str(unit) for unit in first],
            y=100 * np.minimum(finite[first], 1e6).astype(float),
            marker={"color": colour},
            hovertemplate="unit %{x}: %{y:.1f} %<extra></extra>",
        ),
        layout=go.Layout(
            **canvas(260),
            xaxis={**PLAIN, "type": "category", "title": {"text": "Unit"}},
            yaxis={**LINED, "title": {"text": "Change"}, "nticks": 5, **PERCENT},
        ),
    )
