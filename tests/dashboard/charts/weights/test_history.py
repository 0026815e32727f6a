"""A tensor through training."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dashboard.charts.weights import history
from dashboard.records.histogram import Histogram
from dashboard.records.weights import Track


def track(*stds: float) -> Track:
    edges = np.linspace(-1, 1, 41)
    middles = (edges[1:] + edges[:-1]) / 2
    histograms = tuple(
        Histogram(edges[:-1], edges[1:], np.exp(-((middles / std) ** 2) / 2) * 1e5) for std in stds
    )
    steps = np.arange(len(stds)) * 10 + 10
    return Track(
        "a.weight", steps, histograms, np.array(stds), np.array([math.nan, *[0.5] * (len(stds) - 1)])
    )


def test_the_map_is_brightest_at_each_steps_own_peak_and_light():
    figure = history.spread(track(0.1, 0.2, 0.3), 20)
    bright = figure.data[0].z
    assert bright.dtype == np.uint8
    assert (bright.max(0) == 255).all()
    assert figure.layout.shapes[0].x0 == 20
    assert len(figure.to_json()) < 60_000


def test_movement_is_counted_per_step():
    assert history.per_step(track(0.1, 0.2, 0.3)) == pytest.approx([0.05, 0.05])
    assert len(history.movement([track(0.1, 0.2)], 10).data) == 1
