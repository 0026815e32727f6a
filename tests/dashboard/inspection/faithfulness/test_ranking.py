"""The rule of the ranking, at its thresholds."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.inspection.faithfulness.ranking import EDGE_DETECTOR, NOISE, best, is_edge_detector, sort_maps
from dashboard.records.attribution import Faithfulness


def measures(method: str, lead: float, agreement: float | None = 0.0) -> Faithfulness:
    """Those of a map with that lead: its curves are flat."""
    flat = np.ones(2)
    return Faithfulness(method, np.array([0.0, 1.0]), 0 * flat, lead * flat, 0.0, None, agreement, 0.0)


@pytest.mark.parametrize(
    ("agreement", "expected"), [(None, False), (EDGE_DETECTOR - 1e-9, False), (EDGE_DETECTOR, True)]
)
def test_an_edge_detector_survives_random_weights(agreement, expected):
    assert is_edge_detector(measures("any", 0.5, agreement)) is expected


def test_maps_are_sorted_by_their_lead_and_edge_detectors_come_last():
    found = [measures("low", 0.1), measures("edges", 0.9, 0.8), measures("high", 0.4)]
    assert [one.method for one in sort_maps(found)] == ["high", "low", "edges"]


def test_the_best_are_those_that_noise_does_not_tell_apart():
    first, near, far = (
        measures("first", 0.4),
        measures("near", 0.4 - 0.9 * NOISE),
        measures("far", 0.4 - 1.1 * NOISE),
    )
    assert [one.method for one in best([far, near, first, measures("edges", 0.9, 0.8)])] == ["first", "near"]
    assert best([measures("little", 0.9 * NOISE), measures("less", -0.3)]) == []
