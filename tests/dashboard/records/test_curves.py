"""A curve belongs to a run and a split."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from dashboard.records.curves import Line


def test_a_curve_is_as_it_was_made():
    line = Line("one", "training", np.array([0, 1]), np.array([2.0, np.nan]), 3)
    assert (line.run, line.split, line.colour, len(line.steps), len(line.values)) == (
        "one",
        "training",
        3,
        2,
        2,
    )
    with pytest.raises(dataclasses.FrozenInstanceError):
        line.colour = 1  # type: ignore[misc]
