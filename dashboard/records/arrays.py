"""Records that hold arrays, and what those take."""

from __future__ import annotations

import numpy as np


class ArrayRecord:
    """A record of arrays, by itself or in records inside it; what it takes counts against the budget of results."""

    @property
    def nbytes(self) -> int:
        """Memory of the arrays, in bytes."""
        return sum(map(_nbytes, vars(self).values()))


def _nbytes(value: object) -> int:
    if isinstance(value, tuple):
        return sum(map(_nbytes, value))
    return value.nbytes if isinstance(value, np.ndarray | ArrayRecord) else 0
