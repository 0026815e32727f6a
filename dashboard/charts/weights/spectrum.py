"""Singular values: exponents of all layers, and one layer's values and tail."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.axes import BARE, LINED, PLAIN, ROW, canvas
from dashboard.charts.literal import literal
from dashboard.charts.logarithmic import ticks
from dashboard.charts.palette import with_opacity
from dashboard.charts.weights.ridge import shorten_middle
from dashboard.records.weights import USUAL_ALPHA, Spectrum
from dashboard.wording.numbers import three_digits

# Points of a curve.
POINTS = 400
# Exponents beyond are drawn at the edge.
FARTHEST = 12.0


def exponents(spectra: Sequence[Spectrum], palette: Sequence[str], *, chosen: str | None = None) -> go.Figure:
    """The tail exponent of each layer, the first on top; open where the tail is no power law.

    Args:
        spectra: with a law each, at least one.
        palette: colours: of the points, of the chosen one.
        chosen: name of the tensor that stands out.
    """
    laws = [spectrum.law for spectrum in spectra]
    figure = go.Figure(
        go.Scatter(
            x=[min(law.alpha, FARTHEST) if law else None for law in laws],
            y=[-place for place in range(len(spectra))],
            mode="markers",
            marker={
                "size": 9,
                "symbol": ["circle" if law and law.plausible else "circle-open" for law in laws],
                "color": [palette[1 if spectrum.facts.name == chosen else 0] for spectrum in spectra],
                "line": {"width": 2},
            },
            text=[
                literal(
                    f"{spectrum.facts.name}: alpha {three_digits(law.alpha)}, distance {three_digits(law.distance)}"
                )
                for spectrum, law in zip(spectra, laws, strict=True)
                if law
            ],
            hovertemplate="%{text}<extra></extra>",
            cliponaxis=False,
        ),
        layout=go.Layout(
            **canvas(ROW * len(spectra) + 70),
            xaxis={
                "title": {"text": "Tail exponent alpha"},
                "range": [1, FARTHEST],
                "tickvals": list(range(2, int(FARTHEST) + 1, 2)),
                "gridwidth": 0.5,
                "zeroline": False,
                "fixedrange": True,
            },
            yaxis={
                **BARE,
                "range": [-len(spectra) + 0.3, 0.7],
                "tickvals": [-place for place in range(len(spectra))],
                "ticktext": [literal(shorten_middle(spectrum.facts.layer)) for spectrum in spectra],
            },
            showlegend=False,
        ),
    )
    figure.add_vrect(
        x0=USUAL_ALPHA[0],
        x1=USUAL_ALPHA[1],
        fillcolor=with_opacity(palette[2], 0.15),
        line_width=0,
        layer="below",
    )
    return figure


def values(spectrum: Spectrum, edges: tuple[float, float], palette: Sequence[str]) -> go.Figure:
    """A layer's singular values by rank, with the band in which a random matrix has them all."""
    places = _sample_places(len(spectrum.values))
    positive = np.where(spectrum.values[places] > 0, spectrum.values[places], np.nan)
    low, high = _decades(positive, edges)
    figure = go.Figure(
        go.Scatter(
            x=places + 1,
            y=positive.astype(np.float32),
            mode="lines+markers" if len(places) < 60 else "lines",
            line={"color": palette[0], "width": 2},
            hovertemplate="number %{x}: %{y:.3g}<extra></extra>",
        ),
        layout=go.Layout(
            **canvas(300),
            xaxis={**PLAIN, "title": {"text": "Number"}},
            yaxis={
                **LINED,
                "title": {"text": "Singular value"},
                "type": "log",
                "range": [low, high],
                **ticks(10**low, 10**high),
            },
            showlegend=False,
        ),
    )
    figure.add_hrect(
        y0=max(edges[0], 1e-12),
        y1=edges[1],
        fillcolor=with_opacity(palette[7], 0.2),
        line_width=0,
        layer="below",
    )
    return figure


def tail(spectrum: Spectrum, palette: Sequence[str]) -> go.Figure:
    """The share of squared singular values above each size, and the fitted power law; straight where it holds."""
    assert spectrum.law is not None
    squares = np.sort(spectrum.values[spectrum.values > 0] ** 2)[::-1]
    shares = np.arange(1, len(squares) + 1) / len(squares)
    places = _sample_places(len(squares))
    x = np.geomspace(spectrum.law.xmin, squares[0], 30)
    line = spectrum.law.tail / len(squares) * (x / spectrum.law.xmin) ** (1 - spectrum.law.alpha)
    return go.Figure(
        [
            go.Scatter(
                x=squares[places].astype(np.float32),
                y=shares[places].astype(np.float32),
                mode="lines",
                line={"color": palette[0], "width": 2},
                name="This layer",
                customdata=100 * shares[places],
                hovertemplate="%{customdata:.1f} % lie above %{x:.3g}<extra></extra>",
            ),
            go.Scatter(
                x=x.astype(np.float32),
                y=line.astype(np.float32),
                mode="lines",
                line={"color": palette[1], "width": 2, "dash": "dash"},
                name=f"Power law, alpha {three_digits(spectrum.law.alpha)}",
                hoverinfo="skip",
            ),
        ],
        layout=go.Layout(
            **canvas(300),
            xaxis={
                **PLAIN,
                "title": {"text": "Squared singular value"},
                "type": "log",
                **ticks(squares[-1], squares[0]),
            },
            yaxis={
                **LINED,
                "title": {"text": "Share above"},
                "type": "log",
                **ticks(shares[0], 1.0),
            },
            legend={"orientation": "h", "y": -0.3, "x": 0},
            showlegend=True,
        ),
    )


def _sample_places(count: int) -> np.ndarray:
    """Places of at most so many points of a curve, close together at its beginning."""
    if count <= POINTS:
        return np.arange(count)
    return np.unique(
        np.concatenate([np.arange(40), np.geomspace(40, count - 1, POINTS - 40).round().astype(int)])
    )


def _decades(positive: np.ndarray, edges: tuple[float, float]) -> list[float]:
    """The range of a logarithmic axis, three decades at least and six at most."""
    high = float(np.log10(max(np.nanmax(positive, initial=1e-12), edges[1], 1e-12))) + 0.1
    low = float(np.log10(max(np.nanmin(positive, initial=np.inf), 1e-12))) - 0.1
    return [min(max(low, high - 6), high - 1), high]
