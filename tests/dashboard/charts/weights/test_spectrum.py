"""Exponents and tails."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.charts.weights import spectrum
from dashboard.records.weights import PowerLaw, Spectrum, TensorFacts

PALETTE = ("#3b6fb6", "#e07b39", "#3f9c7a", "#b5556f", "#8a6fc2", "#a08a2c", "#4aa3c7", "#7d7d7d")


def known(name: str) -> TensorFacts:
    return TensorFacts(name, name.rpartition(".")[0], "weight", "dense", "float32", (4, 4), (4, 4))


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
