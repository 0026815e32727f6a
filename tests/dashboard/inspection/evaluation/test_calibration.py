"""Reliability by a plain loop, and temperatures that are known."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dashboard.inspection.evaluation.calibration import (
    FEWEST,
    fit,
    log_probabilities,
    reliability,
    temperature,
)
from dashboard.records.evaluation import BINS


def sampled(count: int, factor: float, classes: int = 4, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Logits that are `factor` times those by which the labels were drawn."""
    generator = np.random.default_rng(seed)
    logits = generator.normal(scale=2, size=(count, classes))
    chances = np.exp(log_probabilities(logits))
    labels = (chances.cumsum(1) > generator.random((count, 1))).argmax(1)
    return (logits * factor).astype(np.float32), labels


def test_probabilities_are_torchs_also_where_logits_are_large():
    logits = np.random.default_rng(0).normal(scale=300, size=(50, 7)).astype(np.float32)
    expected = torch.from_numpy(logits).double().log_softmax(1).numpy()
    np.testing.assert_allclose(log_probabilities(logits), expected, rtol=1e-12, atol=1e-12)


def test_every_bin_by_a_plain_loop():
    logits, labels = sampled(500, 2.0)
    found = reliability(logits, labels)
    probabilities = torch.from_numpy(logits).double().softmax(1).numpy()
    confidence, right = probabilities.max(1), probabilities.argmax(1) == labels
    error = 0.0
    for place in range(BINS):
        inside = (confidence > place / BINS) & (confidence <= (place + 1) / BINS)
        assert found.counts[place] == inside.sum()
        if not inside.any():
            assert np.isnan(found.confidence[place]) and np.isnan(found.accuracy[place])
            continue
        assert found.confidence[place] == pytest.approx(confidence[inside].mean())
        assert found.accuracy[place] == pytest.approx(right[inside].mean())
        error += inside.mean() * abs(confidence[inside].mean() - right[inside].mean())
    assert found.ece == pytest.approx(error)
    loss = torch.nn.functional.cross_entropy(torch.from_numpy(logits).double(), torch.from_numpy(labels))
    assert found.loss == pytest.approx(float(loss))


def test_errors_that_are_known():
    certain = np.array([[50.0, 0.0]] * 4, dtype=np.float32)
    assert reliability(certain, np.zeros(4, dtype=int)).ece == pytest.approx(0)
    assert reliability(certain, np.array([0, 0, 0, 1])).ece == pytest.approx(0.25)
    even = np.zeros((2, 2), dtype=np.float32)
    assert reliability(even, np.array([0, 1])).ece == pytest.approx(0)
    assert reliability(even, np.array([0, 1])).loss == pytest.approx(np.log(2))


@pytest.mark.parametrize("factor", [0.4, 1.0, 3.0])
def test_the_temperature_is_what_logits_were_multiplied_with(factor):
    logits, labels = sampled(20_000, factor)
    assert fit(logits, labels) == pytest.approx(factor, rel=0.03)


def test_at_the_temperature_the_loss_is_flat():
    logits, labels = sampled(2000, 2.5, seed=3)
    value = fit(logits, labels)
    assert value is not None
    scale = torch.tensor(1 / value, dtype=torch.float64, requires_grad=True)
    torch.nn.functional.cross_entropy(
        torch.from_numpy(logits).double() * scale, torch.from_numpy(labels)
    ).backward()
    assert scale.grad is not None
    assert abs(float(scale.grad)) < 1e-3


def test_it_is_fitted_on_one_half_and_measured_on_the_other():
    logits, labels = sampled(4001, 3.0)
    found = temperature(logits, labels)
    assert found is not None
    assert found.fitted_on == 2000
    assert found.before.counts.sum() == found.after.counts.sum() == 2001
    assert found.after.ece < found.before.ece / 3
    assert found.after.loss < found.before.loss
    assert sum(found.gain) / 2 == pytest.approx(found.before.loss - found.after.loss)
    assert 0 < found.gain[0] < found.gain[1] and found.effect == 1
    # The same every time.
    again = temperature(logits, labels)
    assert again is not None and again.value == found.value


def test_where_it_cannot_be_told_there_is_none():
    logits, labels = sampled(2 * FEWEST - 1, 1.0)
    assert temperature(logits, labels) is None
    faultless = np.eye(4, dtype=np.float32)[np.arange(200) % 4]
    assert temperature(faultless, np.arange(200) % 4) is None


def test_nothing_global_is_drawn_from():
    before = np.random.get_state()[1].copy()  # type: ignore[index]
    temperature(*sampled(100, 2.0))
    assert np.array_equal(before, np.random.get_state()[1])  # type: ignore[index]
