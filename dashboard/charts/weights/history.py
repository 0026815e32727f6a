"""Weights through training: a map of how they spread, and how fast they moved."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.colors import sample_colorscale

from dashboard.charts.axes import LINED, PLAIN, canvas, upright
from dashboard.charts.literal import literal
from dashboard.charts.logarithmic import ticks
from dashboard.charts.palette import MAGNITUDE, PAPER
from dashboard.charts.weights.ridge import pool_bins
from dashboard.records.weights import Track

BINS = 81
# The map ends where this share of the numbers lies at the widest step.
INSIDE = 0.999


def spread(track: Track, step: int) -> go.Figure:
    """A map of values over steps: bright where many of the weights are.

    Args:
        track: with at least one step.
        step: that is marked.
    """
    far = [histogram.sizes().quantile(INSIDE) for histogram in track.histograms if len(histogram.counts)]
    limit = 1.05 * (max(far, default=0.0) or 1.0)
    edges = np.linspace(-limit, limit, BINS + 1)
    counted = track.histograms[-1].total
    columns = pool_bins(
        np.stack([histogram.rebin(edges) for histogram in track.histograms], 1), counted
    )  # (bins, steps)
    peaks = columns.max(0, keepdims=True)
    # The square root lets the tails be seen.
    shares = np.sqrt(columns / np.where(peaks > 0, peaks, 1))
    return go.Figure(
        [
            go.Heatmap(
                x=track.steps,
                y=((edges[1:] + edges[:-1]) / 2).astype(np.float32),
                z=(255 * shares).round().astype(np.uint8),
                colorscale=MAGNITUDE,
                showscale=False,
                hovertemplate="step %{x}, value %{y:.3g}<extra></extra>",
            ),
            *(
                go.Scatter(
                    x=track.steps,
                    y=(sign * track.stds).astype(np.float32),
                    mode="lines",
                    line={"color": PAPER, "width": 1.5, "dash": "dot"},
                    name="one spread",
                    showlegend=False,
                    hoverinfo="skip",
                )
                for sign in (-1, 1)
            ),
        ],
        layout=go.Layout(
            **canvas(300),
            shapes=[upright(step)],
            xaxis={**PLAIN, "title": {"text": "Step"}},
            yaxis={**PLAIN, "title": {"text": "Value"}},
        ),
    )


def movement(tracks: Sequence[Track], step: int) -> go.Figure:
    """How far each tensor moved between one checkpoint and the next, per step; the first layer dark, the last bright.

    Args:
        tracks: with at least two steps each.
        step: that is marked.
    """
    moved = [float(change) for track in tracks for change in per_step(track) if 0 < change < np.inf]
    shades = sample_colorscale(MAGNITUDE, list(np.linspace(0.05, 0.9, max(len(tracks), 2))))
    return go.Figure(
        [
            go.Scatter(
                x=track.steps[1:],
                y=per_step(track).astype(np.float32),
                mode="lines+markers",
                line={"color": shade, "width": 2},
                marker={"size": 5},
                name=literal(track.name),
                hovertemplate="%{y:.2e}",
            )
            for track, shade in zip(tracks, shades, strict=False)
        ],
        layout=go.Layout(
            **canvas(320),
            shapes=[upright(step)],
            xaxis={**PLAIN, "title": {"text": "Step"}},
            yaxis={
                **LINED,
                "title": {"text": "Change per step"},
                "type": "log",
                **(ticks(min(moved), max(moved)) if moved else {}),
            },
            legend={"orientation": "h", "y": -0.3, "x": 0},
            showlegend=len(tracks) <= 8,
            hovermode="x unified" if len(tracks) <= 8 else "closest",
        ),
    )


def per_step(track: Track) -> np.ndarray:
    """Relative change between neighbours over the steps between them: (n,) steps -> (n - 1,)."""
    return np.asarray(track.changes[1:] / np.diff(track.steps))
