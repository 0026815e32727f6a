"""Histograms of many tensors below each other on one axis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.axes import BARE, HIDDEN, LINED, ROW, canvas
from dashboard.charts.literal import literal
from dashboard.charts.palette import REFERENCE, with_opacity
from dashboard.charts.strokes import strokes
from dashboard.records.histogram import Histogram
from dashboard.records.weights import TensorSummary
from dashboard.wording.numbers import three_digits

AxisScale = Literal["linear", "sizes", "counts"]
SCALES: dict[AxisScale, str] = {
    "linear": "Values",
    "sizes": "Logarithmic sizes",
    "counts": "Logarithmic counts",
}
# Odd, so that zero is the middle of a bin, and so are its divisors, by which bins are joined.
BINS = 135
# Rows reach this far into the one above.
HEIGHT = 1.7
LONGEST_NAME = 40
# The axis ends where this share of a typical tensor's numbers lies; few far ones must not squeeze the rest.
INSIDE = 0.998


@dataclass(frozen=True)
class ValueAxis:
    """The values that a chart shows.

    Attributes:
        edges: (BINS + 1,) of the bins; sizes on a logarithmic axis are given by their logarithms to base 10.
        scale: how values and counts are shown.
    """

    edges: np.ndarray
    scale: AxisScale

    @property
    def middles(self) -> np.ndarray:
        """(BINS,) where bins are drawn."""
        return np.asarray((self.edges[1:] + self.edges[:-1]) / 2)

    def heights(self, histogram: Histogram) -> np.ndarray:
        """A histogram on this axis: (BINS,), the greatest is 1; all 0 where nothing lies inside."""
        sizes = self.scale == "sizes"
        counts = histogram.sizes().rebin(10.0**self.edges) if sizes else histogram.rebin(self.edges)
        counts = pool_bins(counts, histogram.total)
        shown = np.log1p(counts) if self.scale == "counts" else counts
        peak = shown.max()
        return np.asarray(shown / peak if peak > 0 else shown)


def pool_bins(counts: np.ndarray, total: float) -> np.ndarray:
    """Counts of which neighbours share theirs, so that few numbers make a shape and no comb: (n, ...), same shape.

    Args:
        counts: of bins; n is odd.
        total: how many numbers were counted.
    """
    most = max(9.0, 3 * math.sqrt(total))
    bins = len(counts)
    parts = next(part for part in range(bins, 0, -1) if bins % part == 0 and (part <= most or part == 1))
    sums = counts.reshape(parts, bins // parts, *counts.shape[1:]).mean(1)
    return np.asarray(sums.repeat(bins // parts, axis=0))


def axis(histograms: Sequence[Histogram], scale: AxisScale) -> ValueAxis:
    """One axis for several histograms: symmetric around 0, or logarithmic over the sizes."""
    sizes = [histogram.sizes() for histogram in histograms if len(histogram.counts)]
    far = [size for histogram in sizes if (size := histogram.quantile(INSIDE)) > 0]
    limit = float(np.quantile(far, 0.75)) if far else 1.0
    if scale != "sizes":
        # Where one tensor alone is wide it may run out of the picture; where most are, none does.
        return ValueAxis(np.linspace(-1.1 * limit, 1.1 * limit, BINS + 1), scale)
    near = [size for histogram in sizes if (size := histogram.quantile(0.01)) > 0]
    high = math.log10(max(far, default=1.0)) + 0.2
    low = math.log10(float(np.median(near))) if near else high - 4
    return ValueAxis(np.linspace(min(max(low, high - 8), high - 1), high, BINS + 1), scale)


def ridge(
    tensors: Sequence[TensorSummary],
    spreads: Mapping[str, float],
    palette: Sequence[str],
    *,
    scale: AxisScale,
    chosen: str | None = None,
) -> go.Figure:
    """Each tensor's histogram as a row, the first on top; every row is as high as its own peak.

    Args:
        tensors: at least one.
        spreads: name -> what the initialisation would have spread it by; marked in its row.
        palette: colours: of the rows, and of the chosen one.
        scale: of the axis.
        chosen: name of the tensor that stands out.
    """
    common = axis([summary.histogram for summary in tensors], scale)
    return go.Figure(
        [
            *(
                _row(summary, place, common, palette[1 if summary.facts.name == chosen else 0])
                for place, summary in enumerate(tensors)
            ),
            *([_marks(tensors, spreads, common, palette[1])] if spreads else []),
        ],
        layout=go.Layout(
            **canvas(ROW * len(tensors) + 110),
            xaxis=axis_settings(common),
            yaxis={
                **BARE,
                "range": [-len(tensors) + 0.5, HEIGHT + 0.2],
                "tickvals": [-place for place in range(len(tensors))],
                "ticktext": [literal(shorten_middle(title)) for title in titles(tensors)],
            },
            legend={"orientation": "h", "y": 1.02, "x": 0, "yanchor": "bottom"},
            showlegend=bool(spreads),
            hovermode="closest",
        ),
    )


def axis_settings(common: ValueAxis) -> dict[str, object]:
    """How the axis of values is drawn."""
    shared = {**LINED, "zeroline": True, "zerolinewidth": 1}
    if common.scale != "sizes":
        return {**shared, "title": {"text": "Value"}, "range": [common.edges[0], common.edges[-1]]}
    decades = range(math.ceil(common.edges[0]), math.floor(common.edges[-1]) + 1)
    return {
        **shared,
        "title": {"text": "Size |w|, zeros left out"},
        "range": [common.edges[0], common.edges[-1]],
        "tickvals": list(decades),
        "ticktext": [three_digits(10.0**power) for power in decades],
        "zeroline": False,
    }


def _row(summary: TensorSummary, place: int, common: ValueAxis, colour: str) -> go.Scatter:
    heights = HEIGHT * common.heights(summary.histogram)
    width = common.edges[1] - common.edges[0]
    return go.Scatter(
        x0=float(common.edges[0] - width / 2),
        dx=float(width),
        # Closed by its own baseline.
        y=np.concatenate([[-place], heights - place, [-place]]).astype(np.float32),
        mode="lines",
        line={"color": colour, "width": 1},
        fill="toself",
        fillcolor=with_opacity(colour, 0.5),
        hoveron="fills",
        name=literal(summary.facts.name),
        text=literal(
            f"{summary.facts.name}: mean {three_digits(summary.mean)}, spread {three_digits(summary.std)}, "
            f"from {three_digits(summary.low)} to {three_digits(summary.high)}"
        ),
        hoverinfo="text",
        showlegend=False,
    )


def _marks(
    tensors: Sequence[TensorSummary], spreads: Mapping[str, float], common: ValueAxis, colour: str
) -> go.Scatter:
    """Two strokes in each row, one spread to both sides of 0; one where sizes are shown."""
    own = [spreads.get(summary.facts.name, 0.0) for summary in tensors]
    marks = [
        [(end, -place), (end, -place + 0.6)]
        for place, spread in enumerate(own)
        if spread > 0
        for end in ([math.log10(spread)] if common.scale == "sizes" else [-spread, spread])
        if common.edges[0] <= end <= common.edges[-1]
    ]
    return go.Scatter(
        **strokes(marks),
        mode="lines",
        line={"color": colour, "width": 2},
        hoverinfo="skip",
        name="Spread at initialisation (Kaiming)",
    )


def overlay_histograms(
    histograms: Mapping[str, Histogram],
    palette: Sequence[str],
    *,
    scale: AxisScale,
    marks: Mapping[str, float],
) -> go.Figure:
    """Histograms over each other on one axis, each as high as its own peak.

    Args:
        histograms: title -> histogram, at least one.
        palette: a colour for each.
        scale: of the axis.
        marks: title -> value of a line.
    """
    common = axis(list(histograms.values()), scale)
    figure = go.Figure(
        [
            go.Scatter(
                x=np.repeat(common.edges, 2)[1:-1].astype(np.float32),
                y=np.repeat(common.heights(histogram), 2).astype(np.float32),
                mode="lines",
                line={"color": palette[place % len(palette)], "width": 2},
                fill="tozeroy",
                fillcolor=with_opacity(palette[place % len(palette)], 0.25),
                name=literal(title),
                hovertemplate="%{x:.3g}",
            )
            for place, (title, histogram) in enumerate(histograms.items())
        ],
        layout=go.Layout(
            **canvas(300),
            xaxis=axis_settings(common),
            yaxis={**HIDDEN, "range": [0, 1.08]},
            legend={"orientation": "h", "y": -0.3, "x": 0},
            showlegend=len(histograms) + len(marks) > 1,
        ),
    )
    for place, (title, value) in enumerate(marks.items()):
        where = math.log10(value) if scale == "sizes" and value > 0 else value
        for end in (where,) if scale == "sizes" else (-where, where):
            figure.add_vline(
                x=end, line={"dash": DASHES[place % len(DASHES)], "width": 2, "color": REFERENCE}
            )
        figure.add_trace(
            go.Scatter(
                x=[None],
                y=[None],
                mode="lines",
                line={"dash": DASHES[place % len(DASHES)], "width": 2, "color": REFERENCE},
                name=literal(title),
            )
        )
    return figure


DASHES = ("dash", "dot", "dashdot")


def count_outside(tensors: Sequence[TensorSummary], scale: AxisScale) -> int:
    """How many tensors reach beyond the axis with more than one in a hundred of their numbers."""
    common = axis([summary.histogram for summary in tensors], scale)
    if scale == "sizes":
        return 0
    histograms = (summary.histogram for summary in tensors)
    return sum(
        histogram.rebin(common.edges[[0, -1]]).sum() < 0.99 * histogram.total for histogram in histograms
    )


def titles(tensors: Sequence[TensorSummary]) -> list[str]:
    """What rows are called: their layers, where each has one tensor here."""
    layers = [summary.facts.layer for summary in tensors]
    return layers if len({*layers}) == len(layers) else [summary.facts.name for summary in tensors]


def shorten_middle(name: str, longest: int = LONGEST_NAME) -> str:
    """A name that fits beside its row; its end stays, which tells it from its neighbours."""
    return name if len(name) <= longest else f"{name[: longest // 3]}…{name[-(longest - longest // 3 - 1) :]}"
