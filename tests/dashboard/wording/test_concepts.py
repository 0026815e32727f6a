"""Words for concepts: what can be told from random ones, and what not."""

from __future__ import annotations

import numpy as np

from dashboard.records.whatif import Concepts, ConceptScore
from dashboard.wording import concepts

RANDOM = np.array([0.2, 0.8] * 10)
NONE = np.zeros(0)


def found(**adjusted: tuple[float, float]) -> Concepts:
    scores = tuple(
        ConceptScore(name, "conv4", score, RANDOM, 0.01, p, NONE, NONE)
        for name, (score, p) in adjusted.items()
    )
    return Concepts(scores, ("conv4",), tuple(adjusted), 40, 60, 20, (), (), 1.0)


def test_only_what_is_told_from_random_concepts_matters():
    said = concepts.headline(found(stripes=(1.0, 0.01), dots=(0.0, 0.04), red=(1.0, 0.2)), "zebra")
    assert said == (
        "Stripes speak for zebra at conv4 and dots speak against zebra at conv4. No evidence for red."
    )
    assert concepts.headline(found(red=(1.0, 0.2)), "zebra") == "No evidence that red matters for zebra."
    assert concepts.headline(found(dots=(1.0, 0.2)), "zebra") == "No evidence that dots matter for zebra."
    assert concepts.headline(found(red=(1.0, 0.01)), "zebra") == "Red speaks for zebra at conv4."
    none = concepts.headline(found(red=(1.0, 0.2), dots=(0.0, 1.0)), "zebra")
    assert none == "No evidence that red and dots matter for zebra."


def test_a_score_stands_beside_random_ones():
    said = found(stripes=(1.0, 0.01))
    assert concepts.figures(said) == "Stripes at conv4: 1.00, random 0.50 +- 0.30."
    assert concepts.figures(found(a=(1, 1), b=(0, 1))).endswith(
        "0.30; b at conv4: 0.00, random 0.50 +- 0.30."
    )
    assert "60 pictures of the class" in concepts.worth(said) and "Holm's for 1 question." in concepts.worth(
        said
    )
    assert "Holm's for 2 questions." in concepts.worth(found(a=(1, 1), b=(0, 1)))
