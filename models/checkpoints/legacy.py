"""The format that torch.save wrote before its archives: pickles behind each other, then the numbers."""

from __future__ import annotations

import io
from pathlib import Path

from models.checkpoints import pickle_scan
from models.checkpoints.limits import LIMITS, Limits

# Magic number, version, facts of the machine, the tensors' description, the keys of their numbers.
PICKLES = 5


def check(path: Path, limits: Limits = LIMITS) -> None:
    """Look at every pickle of a file without carrying it out.

    Raises:
        RefusalError: if one builds more than tensors and plain containers, is too long, or damaged.
    """
    with path.open("rb") as file:
        start = io.BytesIO(file.read(limits.max_pickle))
    for _ in range(PICKLES):
        pickle_scan.check(start, limits)
