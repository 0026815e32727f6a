"""Bars of what moved."""

from __future__ import annotations

import math

import numpy as np

from dashboard.charts.weights import changes
from dashboard.records.weights import Change, ChangeVerdict, TensorFacts

PALETTE = ("#3b6fb6", "#e07b39", "#3f9c7a", "#b5556f", "#8a6fc2", "#a08a2c", "#4aa3c7", "#7d7d7d")


def known(name: str) -> TensorFacts:
    return TensorFacts(name, name.rpartition(".")[0], "weight", "dense", "float32", (4, 4), (4, 4))


def test_changes_are_bars_by_verdict_and_what_is_frozen_has_a_stump():
    shown = [
        Change(known("a.weight"), 0.0, 1.0, 0.0, "frozen", 0),
        Change(known("b.weight"), 0.2, 0.9, 0.1, "trained", 0),
        Change(known("c.weight"), math.inf, 0.0, 1.0, "rewritten", 0),
    ]
    colours: dict[ChangeVerdict, str] = {"frozen": PALETTE[0], "trained": PALETTE[1], "rewritten": PALETTE[2]}
    figure = changes.changes(shown, colours)
    assert {bar.name: list(bar.y) for bar in figure.data} == {"frozen": [0], "trained": [1], "rewritten": [2]}
    assert figure.data[1].x == (0.2,)
    assert 10 ** figure.layout.xaxis.range[0] < figure.data[0].x[0] < 2e-4
    assert np.isfinite(figure.data[2].x[0])


def test_units_come_with_the_one_that_moved_most_first():
    figure = changes.units(np.array([0.1, 0.5, math.inf, 0.0]), PALETTE[0])
    assert list(figure.data[0].x) == ["2", "1", "0", "3"]
    assert np.isfinite(figure.data[0].y).all()
