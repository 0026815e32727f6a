"""What a changed picture gave."""

from __future__ import annotations

import numpy as np

from dashboard.records.whatif import Region


def test_a_region_is_where_its_superpixels_are():
    parts = np.array([[0, 0, 1], [2, 2, 1]])
    region = Region("keeps", parts, np.array([1, 0]), True, 0.5, True, 7, 0.1)
    assert region.count == 3
    assert region.cells.tolist() == [[True, True, True], [False, False, True]]
    assert region.nbytes == parts.nbytes + 16
