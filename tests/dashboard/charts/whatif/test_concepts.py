"""The strip of scores: a line for each concept, full marks where it is told from random ones, names as they are."""

from __future__ import annotations

import numpy as np

from dashboard.charts.whatif.concepts import strip
from dashboard.records.whatif import Concepts, ConceptScore

LAYERS = ("a", "<b>")


def test_marks_are_full_where_a_concept_is_no_random_one():
    scores = tuple(
        ConceptScore(name, layer, value, np.linspace(0, 1, 11), 0.01, value, np.zeros(0), np.zeros(0))
        for name in ("dots", "<i>")
        for layer, value in zip(LAYERS, (0.1, 0.9), strict=True)
    )
    found = Concepts(scores, LAYERS, ("dots", "<i>"), 30, 20, 20, (), (), 1.0)
    band, dots, other = strip(found, lambda score: score.adjusted < 0.5, ["#123456"]).data
    assert list(dots.y) == [0.1, 0.9] and list(dots.marker.symbol) == ["circle", "circle-open"]
    assert np.allclose(band.y, [0.95, 0.95, 0.05, 0.05])
    assert "<" not in other.name + "".join(dots.x)
