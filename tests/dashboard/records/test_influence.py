"""What a picture's pull does to the probability, and which pull most."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.records.influence import Checked, Influence


def influence(pulls: list[float], odds: float = 0.0, correlation: float = 1.0) -> Influence:
    """Pulls of some pictures, checked with that correlation."""
    values = np.array(pulls)
    check = Checked(np.arange(len(values)), values, values, correlation, 1.0)
    return Influence(target=1, pulls=values, odds=odds, answer=1, check=check, seconds=1.0)


def test_the_strongest_are_those_that_pull_that_way():
    found = influence([0.5, -2.0, 3.0, 0.0])
    assert found.strongest(3).tolist() == [2, 0] and found.strongest(1).tolist() == [2]
    assert found.strongest(3, against=True).tolist() == [1]


def test_the_probability_without_a_picture_is_that_of_lower_odds():
    found = influence([np.log(3)], odds=0.0)
    assert found.without() == 0.5 and found.without(0) == pytest.approx(0.25)
    assert found.nbytes > 0
