"""How many processor threads a computation takes: set once, here."""

from __future__ import annotations

import functools
import os


@functools.cache
def use_threads() -> int:
    """Let torch use VITRINE_THREADS threads, or all cores; returns how many.

    Two processes that each take all cores slow each other tens of times: lower it where the machine is shared.
    """
    import torch

    count = int(os.environ.get("VITRINE_THREADS", 0)) or os.cpu_count() or 1
    torch.set_num_threads(count)
    return count
