"""What is cached is one record for everybody, and nobody can write into it."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard import cache

PICTURE = ("cnn", "mnist-10k/test/0", False)


@pytest.mark.parametrize("cached", [cache.seen, cache.prediction])
def test_everybody_shares_one_record_that_nobody_can_write_into(cached):
    record = cached(*PICTURE)
    assert cached(*PICTURE) is record
    arrays = [value for value in vars(record).values() if isinstance(value, np.ndarray)]
    assert arrays
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
