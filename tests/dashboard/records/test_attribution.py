"""Areas under faithfulness curves, and where a map lies, from numbers that are known."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.records.attribution import Attribution, Faithfulness, Outcome, concentration


def test_areas_are_the_means_of_straight_curves():
    shares = np.array([0.0, 0.25, 1.0])
    found = Faithfulness("map", shares, 1 - shares, 0.5 + shares / 2, 0.1, None, None, 1.0)
    assert found.deletion_area == pytest.approx(1 / 2)
    assert found.insertion_area == pytest.approx(3 / 4)
    assert found.lead == pytest.approx(1 / 4)
    assert found.nbytes == 3 * 3 * 8


def test_a_refused_map_takes_no_memory():
    outcome = Outcome("refused", "not a number")
    assert Attribution("map", None, None, True, outcome, 1.0, 0.1, 0.1).nbytes == 0
    values = np.zeros((2, 3), np.float32)
    assert Attribution("map", values, values, True, outcome, 1.0, 0.1, 0.1).nbytes == 2 * 24


@pytest.mark.parametrize(
    ("values", "share"),
    [
        (np.ones((10, 10)), 0.5),
        (np.eye(4), 2 / 16),
        (np.diag([1.0, 0, 0, 0]), 1 / 16),
        (np.diag([1.0, 0, 0, 0]) - 5, 1.0),
        (np.zeros((3, 3)), 1.0),
        (np.array([[3.0, -100.0], [1.0, 1.0]]), 1 / 4),
        (np.full((2, 2), 1e-40), 0.5),
        (np.ones((1, 1)), 1.0),
    ],
)
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_concentration(values, share, kind):
    assert concentration(values.astype(kind)) == pytest.approx(share)


@pytest.mark.parametrize("seed", range(30))
def test_concentration_is_the_smallest_such_share(seed):
    values = np.random.default_rng(seed).standard_normal((8, 8))
    positive = np.clip(values, 0, None).ravel()
    strongest = sorted(positive, reverse=True)
    needed = round(concentration(values) * 64)
    assert sum(strongest[:needed]) >= positive.sum() / 2 > sum(strongest[: needed - 1])
