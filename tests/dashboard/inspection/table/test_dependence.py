"""Curves of functions whose dependence is known, where columns go together and where they do not."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.inspection.table.dependence import dependence

DRAWS = np.random.default_rng(0)
DATA = DRAWS.normal(size=(400, 3))


def linear(rows):
    return 2 * rows[:, 0] - rows[:, 1]


def test_of_a_linear_answer_every_curve_is_its_line():
    found = dependence(linear, DATA, 0)
    np.testing.assert_allclose(np.diff(found.mean), 2 * np.diff(found.grid))
    np.testing.assert_allclose(np.diff(found.curves, axis=1), 2 * np.diff(found.grid)[None].repeat(400, 0))
    np.testing.assert_allclose(np.diff(found.effects), 2 * np.diff(found.edges))
    assert found.grid[[0, -1]].tolist() == [DATA[:, 0].min(), DATA[:, 0].max()]
    assert not found.together and abs(found.correlation) < 0.2


def test_of_a_product_of_independent_columns_the_mean_is_flat_and_rows_are_not():
    found = dependence(lambda rows: rows[:, 0] * rows[:, 1], DATA - DATA.mean(0), 0)
    assert np.abs(found.mean).max() < 1e-9
    assert np.ptp(found.curves, axis=1).max() > 5


def test_where_columns_are_one_local_effects_ask_about_rows_that_exist():
    """Apley and Zhu's point: x1 = x2, f = x1 x2 where that is below 1, and absurd off the diagonal."""
    twins = np.repeat(np.linspace(0, 1, 200)[:, None], 2, 1)

    def answer(rows):
        off = np.abs(rows[:, 0] - rows[:, 1]) > 0.1
        return np.where(off, 100.0, rows[:, 0])

    found = dependence(answer, twins, 0)
    assert found.together and found.partner == 1 and found.correlation == pytest.approx(1)
    # What no row is like decides the mean, and nothing else.
    assert found.mean.min() > 50
    np.testing.assert_allclose(np.diff(found.effects), np.diff(found.edges), atol=1e-9)


def test_effects_have_mean_zero_over_the_data():
    cubic = dependence(lambda rows: rows[:, 0] ** 3, DATA, 0)
    np.testing.assert_allclose(np.diff(cubic.effects), np.diff(cubic.edges**3))
    found = dependence(linear, DATA, 0)
    # But for where rows stand within the outermost bins.
    assert abs(np.interp(DATA[:, 0], found.edges, found.effects).mean()) < 0.05


def test_ties_and_two_values_make_fewer_bins():
    data = np.array([[0.0, 1], [1, 2], [0, 3], [1, 4]])
    found = dependence(linear, data, 0)
    assert found.edges.tolist() == [0, 1] and np.diff(found.effects) == pytest.approx(2)
