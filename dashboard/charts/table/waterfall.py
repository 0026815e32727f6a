"""Chart of how a score is made up: from what is expected of other rows, column by column, to this row's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.axes import BARE, LINED, ROW, canvas
from dashboard.charts.literal import literal
from dashboard.charts.palette import AGAINST, FOR, REFERENCE

BELOW = 64
# Of all steps together, what nobody sees.
ROUNDING = 1e-3


def waterfall(labels: Sequence[str], values: np.ndarray, *, start: float, end: float) -> go.Figure:
    """A step for each column, the first on top, from one score down to the other; what they miss is a step, too.

    Args:
        labels: (n,) of the columns.
        values: (n,) what each counts for.
        start: the score that they lead from.
        end: the score of this row.
    """
    missed = end - start - float(values.sum())
    # Rounding is no step.
    more = abs(missed) > ROUNDING * float(np.abs(values).sum() + abs(end - start))
    names = ["other rows", *labels, *(["all else"] if more else []), "this row"]
    steps = [start, *values.tolist(), *([missed] if more else []), end]
    measures = ["absolute", *["relative"] * (len(steps) - 2), "absolute"]
    rows = list(range(len(names)))
    return go.Figure(
        go.Waterfall(
            x=steps,
            y=rows,
            measure=measures,
            orientation="h",
            increasing={"marker": {"color": FOR}},
            decreasing={"marker": {"color": AGAINST}},
            totals={"marker": {"color": REFERENCE}},
            connector={"line": {"color": REFERENCE, "width": 1, "dash": "dot"}},
            text=[literal(name) for name in names],
            textposition="none",
            hovertemplate="%{text}: %{delta:.3g}, then %{final:.3g}<extra></extra>",
        ),
        layout=go.Layout(
            **canvas(ROW * len(names) + BELOW),
            xaxis={**LINED, "title": {"text": "Score"}},
            yaxis={
                **BARE,
                "autorange": "reversed",
                "tickvals": rows,
                "ticktext": [literal(name) for name in names],
            },
            showlegend=False,
            dragmode=False,
        ),
    )
