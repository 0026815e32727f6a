"""Excerpts of pictures: cut to what a place sees, grey beyond the edge."""

from __future__ import annotations

import numpy as np

from dashboard.inspection.passes.excerpts import BEYOND, excerpts
from dashboard.records.activations import ReceptiveField
from tests.dashboard.inspection.passes.test_layer import pool


def test_excerpts_are_cut_to_the_field_and_grey_beyond_the_edge(network):
    field = ReceptiveField(side=(8, 8), grid=(8, 8), middle=(4, 4), box=(3, 3, 6, 6))
    pictures = pool(3)
    inner, corner = excerpts(network, pictures, [1, 2], [4 * 8 + 4, 0], field)
    shown = network.preprocessing.display(pictures.take([1])[0])
    np.testing.assert_array_equal(inner, shown[3:6, 3:6])
    assert corner.shape == (3, 3, 3)
    assert (corner[0] == BEYOND).all() and (corner[:, 0] == BEYOND).all()
    np.testing.assert_array_equal(
        corner[1:, 1:], network.preprocessing.display(pictures.take([2])[0])[:2, :2]
    )
