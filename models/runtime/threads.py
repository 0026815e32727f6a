"""How a computation uses the machine, its threads and its pages of memory: set once, here."""

from __future__ import annotations

import functools
import os

from models.runtime import settings
from models.runtime.memory import keep_freed_memory


@functools.cache
def use_threads() -> int:
    """Let torch use VITRINE_THREADS threads, or all cores; returns how many.

    Two processes that each take all cores slow each other tens of times: lower it where the machine is shared.

    Raises:
        UserError: if VITRINE_THREADS is no number of threads.
    """
    import torch

    _use_large_pages()
    keep_freed_memory()
    count = settings.THREADS.value() or os.cpu_count() or 1
    torch.set_num_threads(count)
    return count


def use_training_threads(count: int = 0, processes: int = 1) -> int:
    """Let torch train on so many threads; returns how many.

    Args:
        count: of threads; 0 shares all cores but one, which is the app's, among the processes.
        processes: that train on this machine.
    """
    import torch

    _use_large_pages()
    keep_freed_memory()
    count = count or max(1, (cores() - 1) // processes)
    torch.set_num_threads(count)
    return count


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _use_large_pages() -> None:
    """Let torch ask for pages of 2 MB, as far as it has not made its first tensor yet.

    A batch of photos makes tensors so large that each comes from the system anew, and Linux clears them 4 kB by
    4 kB: a quarter of a forward pass through EfficientNet-Lite0.
    """
    settings.set_default("THP_MEM_ALLOC_ENABLE", "1")
