"""Exponents that are known are found again."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.inspection.weights.power_law import FEWEST, power_law


def pareto(alpha: float, count: int, seed: int, xmin: float = 1.0) -> np.ndarray:
    """Numbers drawn from p(x) ~ x^-alpha above xmin."""
    return xmin * (1 - np.random.default_rng(seed).random(count)) ** (-1 / (alpha - 1))


@pytest.mark.parametrize("alpha", [1.8, 2.5, 3.5, 5.0])
@pytest.mark.parametrize("seed", range(3))
def test_the_exponent_of_a_power_law_is_found(alpha, seed):
    law = power_law(pareto(alpha, 4000, seed))
    assert law is not None
    # Three standard errors of the most likely exponent: (alpha - 1) / sqrt(n).
    assert abs(law.alpha - alpha) < 3 * (alpha - 1) / law.tail**0.5
    assert law.plausible


@pytest.mark.parametrize("seed", range(3))
def test_the_beginning_of_the_tail_is_found(seed):
    generator = np.random.default_rng(seed)
    values = np.concatenate([generator.uniform(0, 10, 2000), pareto(2.5, 2000, seed, xmin=10.0)])
    law = power_law(values)
    assert law is not None
    assert 8 < law.xmin < 18
    assert law.alpha == pytest.approx(2.5, abs=0.2)


def test_the_scale_does_not_matter():
    values = pareto(3, 500, 0)
    first, second = power_law(values), power_law(1e-6 * values)
    assert first is not None and second is not None
    assert second.alpha == pytest.approx(first.alpha)
    assert second.distance == pytest.approx(first.distance)


def test_what_is_no_power_law_is_said_to_fit_badly():
    # Two lumps: the tail of no beginning that leaves enough numbers is straight.
    values = np.concatenate([np.full(400, 1.0), np.linspace(5, 5.5, 4000)])
    law = power_law(values)
    assert law is not None
    assert law.alpha > 6 or not law.plausible


def test_the_distance_is_that_of_scipy():
    from scipy import stats

    values = pareto(2.2, 800, 4)
    law = power_law(values)
    assert law is not None
    tail = values[values >= law.xmin]
    expected = stats.kstest(tail, stats.pareto(law.alpha - 1, scale=law.xmin).cdf).statistic
    assert law.distance == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("values", [np.ones(1000), np.arange(FEWEST - 1.0), np.zeros(500), np.zeros(0)])
def test_too_few_numbers_and_equal_ones_have_no_law(values):
    assert power_law(values) is None
