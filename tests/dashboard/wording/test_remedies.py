"""Sentences about what remedies did."""

from __future__ import annotations

from dashboard.wording import remedies
from tests.dashboard.charts.test_remedies import DECAY, MORE


def test_the_smallest_gap_and_the_most_right_are_named():
    assert remedies.compared([DECAY, MORE], 0) == (
        "More data leaves the smallest gap between training and validation, 2.0 points instead of 12.5; with more "
        "data the most test pictures are right, 95.0 % instead of 86.0 % (95 % interval of the difference 6.0 to 12.0 "
        "points)."
    )


def test_what_cannot_be_told_is_said_to_be_so():
    assert remedies.compared([DECAY], 2) == (
        "Weight decay leaves the smallest gap between training and validation, 11.0 points instead of 12.5; no remedy "
        "can be shown to make more of the test pictures right. So far: 2 remedies are still to be trained."
    )
    assert remedies.compared([], 1) == "1 remedy is still to be trained."
