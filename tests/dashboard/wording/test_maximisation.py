"""What a made picture reaches beside real ones, in exact words."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.records.maximisation import Aim, MaximisedPicture, Rival
from dashboard.records.network import LayerCall
from dashboard.wording.maximisation import headline, quantity, reach

PART = np.zeros((2, 2, 3), np.uint8)
CALL = LayerCall("conv", "Conv2d", (4, 2, 2))


def made(reached: float) -> MaximisedPicture:
    return MaximisedPicture(PART, reached=reached)


def test_the_number_before_there_is_anything_to_compare_it_with():
    assert reach("channel 3", Aim(CALL, 3), made(12.34)) == (
        "A picture made to excite channel 3 brings it to 12.3."
    )
    assert reach("channel 3", Aim(CALL, 3, avoid=True), made(-1.5)) == (
        "A picture made to avoid channel 3 brings it down to -1.5."
    )


@pytest.mark.parametrize(
    ("avoid", "reached", "rival", "sentence"),
    [
        (
            False,
            9.0,
            Rival(50, 4.0, "a", PART),
            "A picture made for channel 3 excites it more than any of 50 real ones: 9 against 4.",
        ),
        (
            False,
            3.0,
            Rival(50, 4.0, "a", PART),
            "The best of 50 real pictures excites channel 3 no less than the picture made for it: 4 against 3.",
        ),
        (
            True,
            -9.0,
            Rival(50, -4.0, "a", PART),
            "A picture made to avoid channel 3 drives it lower than any of 50 real ones: -9 against -4.",
        ),
        (
            True,
            -9.0,
            Rival(1500, -4.0),
            "A picture made to avoid channel 3 drives it lower than any of 1,500 real ones: -9 against about -4.",
        ),
        (
            True,
            -1.0,
            Rival(1500, -4.0),
            "The best of 1,500 real pictures drives channel 3 no higher than the picture made to avoid it: about -4 "
            "against -1.",
        ),
    ],
)
def test_the_headline_compares_with_real_pictures(avoid, reached, rival, sentence):
    assert headline("channel 3", Aim(CALL, 3, avoid=avoid), made(reached), rival) == sentence


def test_what_is_told_of_real_pictures():
    assert quantity(Aim(None, 3)) == "The highest score"
    assert quantity(Aim(None, 3, avoid=True)) == "The lowest score"
    assert quantity(Aim(CALL, 3)) == "The largest value at any place"
    assert quantity(Aim(CALL, 3, avoid=True)) == "No value at any place is below this"
