"""Curves of functions whose dependence is known, where columns go together and where they do not."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.inspection.table.dependence import dependence
from models.table.columns import Columns, Field

DRAWS = np.random.default_rng(0)
DATA = DRAWS.normal(size=(400, 3))


def along(answer, data, column=0):
    columns = Columns.of([Field(str(place)) for place in range(data.shape[1])], data)
    return dependence(answer, columns, data, column)


def linear(rows):
    return 2 * rows[:, 0] - rows[:, 1]


def test_of_a_linear_answer_every_curve_is_its_line():
    found = along(linear, DATA)
    np.testing.assert_allclose(np.diff(found.mean), 2 * np.diff(found.grid))
    np.testing.assert_allclose(np.diff(found.curves, axis=1), 2 * np.diff(found.grid)[None].repeat(400, 0))
    np.testing.assert_allclose(np.diff(found.effects), 2 * np.diff(found.edges))
    assert found.grid[[0, -1]].tolist() == [DATA[:, 0].min(), DATA[:, 0].max()]
    assert not found.together and abs(found.correlation) < 0.2


def test_of_a_product_of_independent_columns_the_mean_is_flat_and_rows_are_not():
    found = along(lambda rows: rows[:, 0] * rows[:, 1], DATA - DATA.mean(0))
    assert np.abs(found.mean).max() < 1e-9
    assert np.ptp(found.curves, axis=1).max() > 5


def test_where_columns_are_one_local_effects_ask_about_rows_that_exist():
    """Apley and Zhu's point: x1 = x2, f = x1 x2 where that is below 1, and absurd off the diagonal."""
    twins = np.repeat(np.linspace(0, 1, 200)[:, None], 2, 1)

    def answer(rows):
        off = np.abs(rows[:, 0] - rows[:, 1]) > 0.1
        return np.where(off, 100.0, rows[:, 0])

    found = along(answer, twins)
    assert found.together and found.partner == 1 and found.correlation == pytest.approx(1)
    # What no row is like decides the mean, and nothing else.
    assert found.mean.min() > 50
    np.testing.assert_allclose(np.diff(found.effects), np.diff(found.edges), atol=1e-9)


def test_effects_have_mean_zero_over_the_data():
    cubic = along(lambda rows: rows[:, 0] ** 3, DATA)
    np.testing.assert_allclose(np.diff(cubic.effects), np.diff(cubic.edges**3))
    found = along(linear, DATA)
    # But for where rows stand within the outermost bins.
    assert abs(np.interp(DATA[:, 0], found.edges, found.effects).mean()) < 0.05


def test_ties_and_two_values_make_fewer_bins():
    data = np.array([[0.0, 1], [1, 2], [0, 3], [1, 4]])
    found = along(linear, data)
    assert found.edges.tolist() == [0, 1] and np.diff(found.effects) == pytest.approx(2)


def test_of_categories_each_has_its_place_and_there_is_nothing_between():
    data = np.column_stack([np.arange(30) % 3, DATA[:30, 0]])
    columns = Columns.of([Field("kind", ("x", "y", "z")), Field("size")], data)
    found = dependence(lambda rows: np.array([0.1, 0.7, 0.4])[rows[:, 0].astype(int)], columns, data, 0)
    np.testing.assert_allclose(found.mean, [0.1, 0.7, 0.4])
    assert found.grid.tolist() == [0, 1, 2] and found.curves.shape == (30, 3)
    assert not len(found.edges) and not found.together


def test_missing_values_leave_no_hole_in_the_grid():
    """Above 5 % missing, scikit-learn's grid is NaN throughout."""
    data = DATA.copy()
    data[::4, 0] = np.nan
    found = along(linear, data)
    assert (
        np.isfinite(found.grid).all() and np.isfinite(found.mean).all() and np.isfinite(found.effects).all()
    )
    np.testing.assert_allclose(np.diff(found.effects), 2 * np.diff(found.edges))
