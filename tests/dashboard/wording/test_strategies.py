"""Sentences on ways to decide: how many, which looks odd, and what the eigenvalues speak for."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.records.whatif import Strategies
from dashboard.wording import strategies as wording


def strategies(sizes: list[int], areas: list[float], eigenvalues: list[float]) -> Strategies:
    """Groups of that many maps."""
    count = sum(sizes)
    return Strategies(
        maps=np.zeros((count, 2, 2), np.float32),
        rows=np.arange(count),
        pictures=np.arange(count),
        groups=np.repeat(np.arange(len(sizes)), sizes),
        eigenvalues=np.array(eigenvalues),
        means=np.zeros((len(sizes), 2, 2)),
        areas=np.array(areas),
        typical=((),) * len(sizes),
        places=np.zeros((count, 2)),
        silent=2,
        seconds=1.0,
    )


TWO = strategies([40, 20], [0.2, 0.02], [0.0, 0.0, 0.1])


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            strategies([40, 20], [0.2, 0.02], [0.0, 0.1, 0.12]),
            "The maps of Net for 3 are told into 2 groups here, but their eigenvalues speak for 1.",
        ),
        (
            strategies([60], [0.2], [0.0, 0.1, 0.12]),
            "Net decides for 3 in one way: no group stands apart",
        ),
        (strategies([40, 20], [0.2, 0.15], [0.0, 0.0, 0.1]), "its maps of 60 pictures fall into 2 groups."),
        (
            TWO,
            "and one looks odd: for 20 of 60 pictures half of what speaks for it lies in 2 % of the picture.",
        ),
    ],
)
def test_the_headline_says_how_many_ways_and_which_looks_odd(found, said):
    assert said in wording.headline("Net (MNIST)", "3", found)


def test_the_gap_is_told_and_what_was_chosen_beside_it():
    assert TWO.gap == 2 and TWO.count == 2 and TWO.sizes.tolist() == [40, 20]
    assert wording.gap(TWO).endswith("behind number 2, which speaks for 2 groups.")
    chosen = strategies([30, 20, 10], [0.2, 0.2, 0.2], [0.0, 0.0, 0.1])
    assert wording.gap(chosen).endswith("for 2 groups. 3 groups are shown, as was chosen.")
    assert wording.group(TWO, 1).startswith(
        "Group 2: 20 pictures; half of what speaks for the class lies in 2 %"
    )
    assert wording.silent(TWO) == "In 2 pictures nothing speaks for the class; left out."
