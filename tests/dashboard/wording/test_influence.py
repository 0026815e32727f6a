"""Sentences on what was learned: what one picture does, and how far that was checked."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.records.influence import FittedHead
from dashboard.wording import influence as wording
from tests.dashboard.records.test_influence import influence

CLASSES = ("cat", "dog")
HEAD = FittedHead(
    features=np.zeros((3, 2)),
    labels=np.array([0, 1, 1]),
    pictures=np.arange(3),
    weights=np.zeros((2, 2)),
    ridge=0.1,
    factor=np.eye(4),
    pushes=np.zeros((3, 2)),
    agreement=0.992,
    seconds=1.0,
)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            influence([2.0, 0.5, 0.1], odds=1.0),
            "Without one picture of cat that it learned from, Net would be 27 % sure of dog, not 73 %.",
        ),
        (
            influence([0.1, 0.0, -2.0], odds=1.0),
            "Without one picture of dog that it learned from, Net would be 95 % sure of dog, not 73 %.",
        ),
        (
            influence([0.001, 0.0, 0.0], odds=1.0),
            "No single picture decides it: without any one it learned from, Net stays 73 % sure of dog.",
        ),
        (
            influence([2.0, 0.0, 0.0], correlation=0.5),
            "What Net learned this from is not shown: what was computed and what came out have a rank correlation "
            "of 0.5.",
        ),
    ],
)
def test_the_headline_says_what_one_picture_does(found, said):
    assert wording.headline("Net (MNIST)", found, HEAD, CLASSES) == said


def test_below_0_8_or_without_a_correlation_nothing_agrees():
    assert wording.agrees(influence([1.0], correlation=0.8).check)
    assert not wording.agrees(influence([1.0], correlation=0.79).check)
    nothing = influence([1.0], correlation=float("nan")).check
    assert not wording.agrees(nothing) and wording.correlation(nothing) == "no number"


def test_what_was_checked_is_counted():
    check = influence([1.0, 2.0], correlation=0.998).check
    assert "2 of its 9,000 pictures" in wording.checked(check, 9000)
    assert wording.checked(check, 9000).endswith(
        "correlation of 0.998 with what was computed, and the same sign in 2 of 2."
    )
    assert "over 8 checkpoints" in wording.tracin(8, check) and "of 0.998" in wording.tracin(8, check)
    assert "99.2 % of them" in wording.worth(HEAD)
    assert wording.pull(0.5) == "+0.5" and wording.pull(-0.25) == "-0.25"


def test_of_steps_the_one_that_would_have_helped_most_is_told():
    said = wording.most_helpful_step("Net (MNIST)", np.array([0.5, -1.0, 0.1]), HEAD, CLASSES, 1)
    assert said == "By TracIn, steps along a picture of cat would have helped Net most to say dog."


def test_suspected_labels_are_counted_and_not_called_wrong():
    assert wording.suspected(0, 10).startswith(
        "The network gives the most probability to the label of each of the 10"
    )
    assert wording.suspected(1, 9000).startswith(
        "The network contradicts the label of 1 picture of the 9,000"
    )
