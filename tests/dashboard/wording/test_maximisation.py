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
    assert reach("channel 3", Aim(CALL, 3), made(12.34)) == "Channel 3 reaches 12.3 in a picture made for it."
    assert reach("channel 3", Aim(CALL, 3, avoid=True), made(-1.5)) == (
        "Channel 3 gets down to -1.5 in a picture made to avoid it."
    )


@pytest.mark.parametrize(
    ("avoid", "reached", "rival", "end"),
    [
        (False, 9.0, Rival(50, 4.0, "a", PART), "; the strongest of 50 real pictures only gets 4."),
        (
            False,
            3.0,
            Rival(50, 4.0, "a", PART),
            ", not beyond the strongest of 50 real pictures, which gets 4.",
        ),
        (True, -9.0, Rival(50, -4.0, "a", PART), "; the lowest of 50 real pictures only gets -4."),
        (True, -9.0, Rival(1500, -4.0), "; no value in 1,500 real pictures is below -4."),
        (True, -1.0, Rival(1500, -4.0), "; values in 1,500 real pictures go down to about -4."),
    ],
)
def test_the_headline_compares_with_real_pictures(avoid, reached, rival, end):
    sentence = headline("channel 3", Aim(CALL, 3, avoid=avoid), made(reached), rival)
    assert sentence.endswith(f"it{end}")


def test_what_is_told_of_real_pictures():
    assert quantity(Aim(None, 3)) == "The highest score"
    assert quantity(Aim(None, 3, avoid=True)) == "The lowest score"
    assert quantity(Aim(CALL, 3)) == "The largest value at any place"
    assert quantity(Aim(CALL, 3, avoid=True)) == "No value at any place is below this"
