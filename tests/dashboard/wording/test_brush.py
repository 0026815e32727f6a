"""What painting did to an answer, in words that the numbers carry."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.inspection.whatif.brush import FILLS
from dashboard.records.pictures import Prediction
from dashboard.records.whatif import Marked, Region
from dashboard.results.whatif import PHOTO
from dashboard.wording import brush
from dashboard.wording.contract import UNTRAINED

QUARTER = np.array([[True, False], [False, False]])


def answer(*shares: float, reading: str = "one of several") -> Prediction:
    row = np.array(shares, np.float32)
    shown = None if reading == "values" else row
    return Prediction(row, shown, ("cat", "dog", "owl")[: len(row)], reading)  # type: ignore[arg-type]


def said(before: Prediction, after: Prediction, hidden=QUARTER, *, only: bool = False, doubts=()) -> str:
    return brush.finding("Net", before, after, 1, hidden=hidden, only=only, doubts=doubts)


def test_every_fill_has_its_words():
    assert set(brush.FILLS) == set(brush.COVERED) == {*FILLS, PHOTO}


def test_what_changed_or_not_is_said_with_both_figures():
    cat, dog = answer(0.9, 0.05, 0.05), answer(0.2, 0.7, 0.1)
    assert said(cat, cat) == "Without 25 % of the picture, Net still says a cat: 90 %, 90 % before."
    changed = "Net says a dog (70 %), no longer a cat (20 %, 90 % before)."
    assert said(cat, dog) == f"Without 25 % of the picture, {changed}"
    assert said(cat, dog, ~QUARTER, only=True) == f"With 25 % of the picture alone, {changed}"
    assert said(cat, dog, np.ones((2, 2), bool)) == f"Without all of the picture, {changed}"
    assert said(cat, dog, np.zeros((2, 2), bool)) == "Net is 90 % sure: a cat."
    doubted = said(cat, dog, doubts=(UNTRAINED,))
    assert doubted == f"Untrained, so this is a guess: without 25 % of the picture, {changed}"


def test_attributes_and_values_are_those_that_are_looked_at():
    yes, no = (answer(0.9, share, 0.1, reading="each by itself") for share in (0.8, 0.3))
    assert said(yes, no).endswith("Net now says no to dog (30 %, 80 % before).")
    assert said(yes, yes).endswith("Net still says yes to dog (80 %, 80 % before).")
    values = (answer(1, number, 0, reading="values") for number in (3.5, -2))
    assert said(*values).endswith("Net gives -2 for dog, 3.5 before.")


def test_what_a_map_had_marked_is_held_against_an_even_one():
    assert "2.5 times as much as an even map would" in brush.hint(Marked(0.5, 0.2), "Grad-CAM", "cat")
    assert brush.hint(Marked(0.2, 0.2), "Grad-CAM", "cat").endswith("about as much as an even map would.")
    assert brush.hint(Marked(0.05, 0.2), "Grad-CAM", "cat").endswith("less than an even map would.")
    assert "once it is a part of the picture" in brush.hint(Marked(0.0, 0.0), "Grad-CAM", "cat")
    assert "nothing speaks for cat" in brush.hint(None, "Grad-CAM", "cat")


@pytest.mark.parametrize(
    ("aim", "chosen", "found", "sentence"),
    [
        ("keeps", [1], True, "1 of 4 superpixels (25 % of the picture) is enough to keep the answer (cat)."),
        ("keeps", [1, 2], True, "2 of 4 superpixels (50 % of the picture) are enough"),
        ("keeps", [], True, "Nothing of the picture is needed: black alone gets the answer (cat)."),
        (
            "keeps",
            [0, 1, 2, 3],
            False,
            "No region was found that keeps the answer (cat) with black around it.",
        ),
        (
            "changes",
            [0],
            True,
            "1 of 4 superpixels (25 % of the picture) is enough to lose the answer (cat).",
        ),
        ("changes", [0, 1, 2, 3], False, "The answer stays cat even where all of the picture is black."),
    ],
)
def test_a_region_is_told_with_what_was_tried(aim, chosen, found, sentence):
    parts = np.array([[0, 1], [2, 3]])
    region = Region(aim, parts, np.array(chosen, int), found, 1.0, found and len(chosen) < 3, 9, 1.0)
    assert sentence in brush.region(region, answer(0.9, 0.1), 0, "black")


def test_only_what_was_tried_is_called_the_smallest():
    parts = np.arange(9).reshape(3, 3)
    three = Region("keeps", parts, np.array([0, 1, 2]), True, 1.0, False, 9, 1.0)
    assert "with fewer was not tried" in brush.region_worth(three, "blur")
    one = Region("keeps", parts, np.array([0]), True, 1.0, True, 9, 1.0)
    assert "all were tried" in brush.region_worth(one, "blur")
