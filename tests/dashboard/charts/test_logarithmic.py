"""Ticks of logarithmic axes."""

from __future__ import annotations

import pytest

from dashboard.charts.logarithmic import MOST, step, ticks


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.3, 4, ["0.5", "1", "2"]),
        (1e-4, 1e-2, ["0.0001", "0.0002", "0.0005", "0.001", "0.002", "0.005", "0.01"]),
        (1e-6, 10, ["10⁻⁶", "10⁻⁵", "0.0001", "0.001", "0.01", "0.1", "1", "10"]),
    ],
)
def test_ticks_say_whole_numbers(low, high, expected):
    assert ticks(low, high)["ticktext"] == expected


@pytest.mark.parametrize(("low", "high"), [(3.1, 3.2), (1e-30, 1e30), (1, 1)])
def test_there_are_some_and_never_too_many(low, high):
    assert 1 <= len(ticks(low, high)["tickvals"]) <= MOST


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(1, 4, {}), (0.1, 1, {"dtick": "D2"}), (1e-4, 1, {"dtick": 1}), (1e-20, 1, {"dtick": 3})],
)
def test_digits_are_never_written_over_each_other(low, high, expected):
    assert step(low, high) == expected
