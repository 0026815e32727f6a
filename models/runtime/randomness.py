"""Private randomness: torch's and numpy's generators are global to the process, so borrowing them takes a lock."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

# Re-entrant: a sampled computation may build a module, which seeds too.
_LOCK = threading.RLock()


@contextmanager
def fork_rng(seed: int) -> Iterator[None]:
    """Run a block on freshly seeded generators and give everybody's back as they were.

    Same seed, four threads without this: twenty of twenty sampled maps differ, because Captum draws from the
    process-wide generators. Whatever draws random numbers (a sampled attribution, an untrained network's first
    weights) runs inside. Blocks of different threads take turns.

    Args:
        seed: of torch (CPU and CUDA), numpy and python.
    """
    with _LOCK:
        python_state, numpy_state = random.getstate(), np.random.get_state()
        try:
            with torch.random.fork_rng():
                torch.manual_seed(seed)
                np.random.seed(seed % 2**32)
                random.seed(seed)
                yield
        finally:
            np.random.set_state(numpy_state)
            random.setstate(python_state)


def read_states() -> tuple[object, ...]:
    """Where the process-wide generators stand; two calls differ if anything drew from one in between."""
    _, words, position, *_ = np.random.get_state(legacy=True)
    devices = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
    of_torch = [state.numpy().tobytes() for state in (torch.get_rng_state(), *devices)]
    return (*of_torch, np.asarray(words).tobytes(), position, random.getstate())
