"""The measures of a map belong to that map."""

from __future__ import annotations

import numpy as np

from dashboard.inspection.attribution import METHODS
from dashboard.results import attribution
from dashboard.results.faithfulness import faithfulness


def test_hiding_what_a_map_points_at_takes_the_class_away(cnn):
    saliency = METHODS["saliency"]
    one, other = (
        attribution.attribution(cnn, saliency, attribution.request(cnn, saliency, target))
        for target in (cnn.target, (cnn.target + 1) % 10)
    )
    values = one.work(lambda _: None).values
    assert values is not None
    wanted = faithfulness(one, values)
    assert wanted.what == f"Measuring {saliency.title}"
    measures = wanted.work(lambda _: None)
    assert measures.method == "saliency"
    assert measures.deletion[0] > measures.deletion[-1]
    assert np.isclose(measures.deletion[0], cnn.prediction.probabilities[cnn.target], atol=1e-3)
    assert faithfulness(other, values).key != wanted.key
    assert wanted.key != one.key
