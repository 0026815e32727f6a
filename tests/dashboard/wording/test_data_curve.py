"""The sentence about more training pictures."""

from __future__ import annotations

import dataclasses

from dashboard.wording import data_curve
from tests.dashboard.charts.test_data_curve import CURVE


def test_what_twice_as_many_pictures_would_bring():
    assert data_curve.promise(CURVE) == (
        "With twice as many training pictures, 800, 5.0 % of the test pictures would be wrong (95 % interval 4.0 % to "
        "6.0 %) instead of 10.0 %: errors fall by 50 % each time the pictures double."
    )


def test_what_cannot_be_told_is_said_to_be_so():
    flat = dataclasses.replace(CURVE, exponent=0.1, exponent_low=-0.1)
    assert data_curve.promise(flat).startswith(
        "That more training pictures help cannot be told: with twice as many"
    )
