"""What maps are worth, in exact words."""

from __future__ import annotations

import numpy as np

from dashboard.records.attribution import Attribution, Outcome
from dashboard.wording import attribution


def found(*, signed: bool, layer: str | None = None) -> Attribution:
    outcome = Outcome("clean", measures={"completeness": 0.0123})
    return Attribution("map", np.eye(4), np.eye(4), signed, outcome, 1.0, 0.1, 0.1, layer)


def test_a_signed_scale_says_which_end_is_for_the_class():
    assert attribution.limits(found(signed=True), 1.5) == ("-1.5 against", "1.5 for")
    assert attribution.limits(found(signed=True), 0.5) == ("-0.5 against", "0.5 and more for")
    assert attribution.limits(found(signed=False), 1234.5) == ("0", "1,230")


def test_checks_are_listed_with_the_layer():
    assert attribution.measures(found(signed=True)) == ["completeness 1.2 %"]
    assert attribution.measures(found(signed=True, layer="features.3"))[1:] == ["layer features.3"]


def test_half_of_what_speaks_for_the_class_lies_in_a_share_of_the_picture():
    assert attribution.focus(np.eye(4), "fox", "Saliency") == (
        "Half of what speaks for fox lies in 12 % of the picture, by Saliency."
    )
    assert attribution.nothing_drawn("fox") == "No map of fox could be drawn that is worth showing."


def test_what_was_looked_for_is_said_of_the_map_at_hand():
    said = attribution.looked_for(
        Attribution(
            "map", None, None, True, Outcome("clean", measures={"completeness gap": 0.01}), 1.0, 0.1, 0.1
        )
    )
    assert "a sum that misses the change of score" in said and "halves of the samples" not in said
    assert "does not prove the map right" in said
    assert attribution.WORDS["clean"] == "No fault found"
    assert "nothing can be read" in attribution.nothing_told("fox")


def test_maps_are_counted_by_what_their_checks_say():
    clean, marked, refused = Outcome("clean"), Outcome("marked", "why"), Outcome("refused", "why")
    assert attribution.tally([clean]) == "Of the map of what the answer rests on: 1 passed every check."
    assert attribution.tally([clean, marked, clean, refused]) == (
        "Of 4 maps of what the answer rests on: 2 passed every check, 1 to be taken with care, 1 could not be drawn."
    )
