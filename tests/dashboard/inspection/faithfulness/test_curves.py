"""Deletion and insertion: Quantus's numbers, the paper written out, and maps that are known to be right."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from dashboard.inspection.attribution.baselines import baseline
from dashboard.inspection.engine.explained_score import ExplainedScore
from dashboard.inspection.faithfulness import curves as curve
from dashboard.inspection.faithfulness.curves import STEPS, Covers, curves, pixel_ranks
from models.classifier import Classifier
from tests import quantus_reference as quantus
from tests.networks import ConvNet, Linear, built, classifier, pixels, slopes


def linear() -> tuple[Classifier, np.ndarray]:
    return classifier(built(Linear)), pixels()


def covers(of: Classifier, inputs: np.ndarray) -> Covers:
    batch = torch.from_numpy(inputs)[None]
    return Covers(batch, *(baseline(name, batch, of.preprocessing) for name in ("mean", "blur")))


def exact(of: Classifier, inputs: np.ndarray, target: int = 0) -> np.ndarray:
    """What hiding each pixel costs the logit of a linear network, as the mean colour is zero."""
    costs: np.ndarray = (slopes(of)[target] * inputs).sum(0)
    return costs


def test_deletion_is_what_quantus_measures(monkeypatch):
    monkeypatch.setattr(curve, "STEPS", quantus.SIDE**2)
    nothing = torch.zeros(1, 1, quantus.SIDE, quantus.SIDE)
    both = Covers(torch.from_numpy(quantus.picture())[None], nothing, nothing)
    found = curves(ExplainedScore.of(quantus.network(), quantus.TARGET), both, quantus.attribution())
    # Quantus begins with the first pixel hidden.
    expected = json.loads(quantus.FILE.read_text(encoding="utf-8"))["deletion"]
    assert np.ptp(expected) > 0.01
    np.testing.assert_allclose(found.deletion[1:], expected, atol=1e-6)


def test_curves_are_those_of_the_paper_written_out():
    of, inputs = classifier(built(ConvNet)), pixels()
    values = np.random.default_rng(3).normal(size=(8, 8))
    explained, both = ExplainedScore.of(of, 1), covers(of, inputs)
    found = curves(explained, both, values)
    order = np.argsort(-values.ravel())
    for step, share in enumerate(np.linspace(0, 1, STEPS + 1)):
        hidden, shown = both.inputs.clone(), both.blurred.clone()
        for place in order[: round(float(share) * order.size)]:
            row, column = divmod(int(place), 8)
            hidden[0, :, row, column] = both.hidden[0, :, row, column]
            shown[0, :, row, column] = both.inputs[0, :, row, column]
        probabilities = of.module(torch.cat([hidden, shown])).softmax(1)[:, 1]
        assert found.deletion[step] == pytest.approx(float(probabilities[0]), abs=1e-6)
        assert found.insertion[step] == pytest.approx(float(probabilities[1]), abs=1e-6)


def test_the_exact_map_of_a_linear_network_beats_random_ones():
    of, inputs = linear()
    explained, both = ExplainedScore.of(of, 0, 1), covers(of, inputs)

    def deletion_area(values: np.ndarray) -> float:
        return float(curves(explained, both, values).deletion.mean())

    best = deletion_area(exact(of, inputs) - exact(of, inputs, 1))
    for seed in range(10):
        assert best < deletion_area(np.random.default_rng(seed).normal(size=(8, 8)))


def test_pixels_of_equal_value_favour_no_edge():
    ranks = pixel_ranks(np.zeros((32, 32)))
    assert sorted(ranks.ravel()) == list(range(1024))
    assert abs(ranks[:16].mean() - ranks[16:].mean()) < 40
    assert (pixel_ranks(np.array([[1.0, 3.0], [2.0, 0.0]])) == [[2, 0], [1, 3]]).all()
