"""What is said of groups of rows."""

from __future__ import annotations

import numpy as np

from dashboard.records.table import GroupRate, Groups
from dashboard.wording import groups as wording

CLEAR = GroupRate(100, 0.6, 0.5, 0.7, (0.2, 0.07, 0.33))
ALIKE = GroupRate(100, 0.4, 0.3, 0.5, (-0.01, -0.1, 0.1))
FEW = GroupRate(3, None)


def found(*rates):
    return Groups(
        "age", ("old", "young", "new")[: len(rates)], np.array([100] * len(rates)), 2, 1, {"called": rates}
    )


def plain(text):
    return text.replace("\u00a0", " ")


def test_the_most_and_the_least_and_whether_chance_may_do_it():
    said = plain(wording.headline(found(CLEAR, ALIKE, FEW), "called", "good"))
    assert said == "Called good: 60 % where age is old, 40 % where it is young."
    assert plain(wording.headline(found(ALIKE, ALIKE), "called", "good")).endswith(
        "chance may make such a gap."
    )
    assert wording.headline(found(ALIKE, FEW), "called", "good").startswith(
        "No two groups by age have 10 rows"
    )


def test_gaps_and_what_is_not_counted_are_said():
    sentences = wording.notes(found(CLEAR, ALIKE, FEW), "called")
    assert sentences[0].startswith("old: 20.0 points above all others together (95 % interval +7.0 to +33.0)")
    assert sentences[1].endswith("nothing is said: new.") and sentences[2].startswith(
        "2 rows without a value"
    )
    assert wording.cells(found(CLEAR, FEW))["Called"] == [0.6, None]
