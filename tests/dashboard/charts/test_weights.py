"""Charts of changes, training, spectra and bytes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dashboard.charts.weights import changes, footprint, history, spectrum
from dashboard.records.histogram import Histogram
from dashboard.records.weights import Change, ChangeVerdict, PowerLaw, Spectrum, TensorFacts, Track

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


def law(alpha: float, distance: float) -> PowerLaw:
    return PowerLaw(alpha, 1.0, distance, 100)


def test_exponents_are_open_where_there_is_no_power_law_and_kept_inside():
    values = np.linspace(2, 1, 100)
    shown = [Spectrum(known(f"{n}.weight"), values, law(a, d)) for n, a, d in ((0, 3, 0.02), (1, 99, 0.5))]
    figure = spectrum.exponents(shown, PALETTE)
    assert list(figure.data[0].marker.symbol) == ["circle", "circle-open"]
    assert max(figure.data[0].x) <= spectrum.FARTHEST


def test_the_fitted_line_begins_where_the_tail_does():
    values = np.sqrt(np.linspace(4, 0.5, 200))
    one = Spectrum(known("a.weight"), values, PowerLaw(3.0, 2.0, 0.1, 50))
    line = spectrum.tail(one, PALETTE).data[1]
    assert (float(line.x[0]), float(line.y[0])) == pytest.approx((2.0, 0.25))
    assert float(line.x[-1]) == pytest.approx(4.0)


def test_a_matrix_of_zeros_is_drawn_too():
    assert spectrum.values(Spectrum(known("a.weight"), np.zeros(5), None), (0.0, 0.0), PALETTE).data


def test_areas_add_up_within_their_wholes():
    sizes = {"a.0.weight": 10, "a.0.bias": 2, "a.1.weight": 5, "head.weight": 3, "token": 1}
    tree = footprint.areas(sizes, PALETTE).data[0]
    found = dict(zip(tree.ids, tree["values"], strict=True))
    assert found == {footprint.ROOT: 21, "a": 17, "a.0": 12, "a.1": 5, "head": 3, "token": 1}
    parents = dict(zip(tree.ids, tree.parents, strict=True))
    assert parents["a.0"] == "a" and parents["a"] == footprint.ROOT and parents[footprint.ROOT] == ""
