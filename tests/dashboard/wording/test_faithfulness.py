"""The sentence on top of the measures says what the numbers carry, and no more."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.faithfulness.ranking import best, sort_maps
from dashboard.records.attribution import Faithfulness
from dashboard.wording.faithfulness import headline

ONE, TWO, THREE = list(METHODS)[:3]
SHARES = np.linspace(0, 1, 31)


def found(method: str, lead: float, agreement: float | None = 0.1) -> Faithfulness:
    """Deletion falls from 1 to 0.5 within the first tenth; insertion is constant."""
    deletion = np.where(SHARES < 0.099, 1 - 5 * SHARES, 0.5)
    plain = Faithfulness(method, SHARES, deletion, np.zeros(31), 0.5, None, agreement, 1.0)
    insertion = np.full(31, lead + plain.deletion_area)
    return Faithfulness(method, SHARES, deletion, insertion, 0.5, None, agreement, 1.0)


@pytest.mark.parametrize(
    ("measures", "opening", "part"),
    [
        ([found(ONE, 0.1), found(TWO, 0.2)], METHODS[TWO].title, "points best"),
        ([found(ONE, 0.1), found(TWO, 0.11)], "Not clear", "within 0.02 of each other"),
        ([found(ONE, 0.4, 0.5), found(TWO, 0.1)], METHODS[TWO].title, "points best"),
        ([found(ONE, 0.4, 0.5), found(TWO, 0.1, 0.9)], "Not clear", "edges"),
        ([found(ONE, 0.1)], METHODS[ONE].title, "alone is measured"),
        (
            [found(ONE, 0.4, 0.5), found(TWO, 0.1)],
            METHODS[TWO].title,
            f"{METHODS[ONE].title} hardly changes: an edge",
        ),
        ([found(ONE, -0.4), found(TWO, 0.01)], "Not clear", "by none of these maps"),
        (
            [found(ONE, 0.1), found(TWO, 0.2)],
            METHODS[TWO].title,
            f"0.20, before {METHODS[ONE].title} with 0.10",
        ),
        ([found(ONE, 0.1, None), found(TWO, 0.0)], METHODS[ONE].title, "takes a fox from 100 % to 50 %"),
    ],
)
def test_the_headline(measures, opening, part):
    sentence = headline(measures, "a fox")
    assert sentence.startswith(opening)
    assert part in sentence


def test_edge_detectors_come_last_and_are_never_best():
    measures = [found(ONE, 0.9, 0.6), found(TWO, 0.1), found(THREE, 0.3)]
    assert [one.method for one in sort_maps(measures)] == [THREE, TWO, ONE]
    assert [one.method for one in best(measures)] == [THREE]
