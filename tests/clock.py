"""No clock decides what a network is worth: what is measured for speed takes the same time everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import torch

from dashboard.inspection.architecture import timing
from dashboard.inspection.engine import batch_size, speed, stopwatch


@contextmanager
def without_a_clock() -> Iterator[None]:
    """Whatever is measured for speed takes the same time, and as few passes as it may; one thread computes."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with (
            mock.patch.object(stopwatch, "time_pass", lambda *_, **given: 2 * speed.SHORT_SECONDS),
            mock.patch.multiple(speed, _CHOSEN={}, _NEARBY={}),
            mock.patch.object(batch_size, "_BATCHES", {}),
            mock.patch.object(timing, "PATIENCE_SECONDS", 1e-9),
        ):
            yield
    finally:
        torch.set_num_threads(threads)
