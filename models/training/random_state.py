"""The state of every random generator that training draws from; without it a resumed run goes another way."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from models.training.group import Group


def seed(number: int, group: Group) -> None:
    """Seed torch, numpy and python, each process of a group differently."""
    torch.manual_seed(number + group.rank)
    np.random.seed((number + group.rank) % 2**32)
    random.seed(number + group.rank)


def capture(group: Group) -> dict[str, Any]:
    """The generators' states as tensors and plain values; the same call in every process."""
    kind, words, *rest = np.random.get_state(legacy=True)
    version, numbers, spare = random.getstate()
    return {
        "torch": group.gather(torch.get_rng_state()),
        "cuda": group.gather(torch.cuda.get_rng_state()) if group.device.type == "cuda" else [],
        "numpy": (str(kind), torch.from_numpy(np.asarray(words).astype(np.int64)), *rest),
        "python": (version, list(numbers), spare),
    }


def restore(states: Mapping[str, Any], group: Group) -> None:
    """Put the generators where capture() found them."""
    torch.set_rng_state(states["torch"][group.rank])
    if states["cuda"]:
        torch.cuda.set_rng_state(states["cuda"][group.rank])
    kind, words, *rest = states["numpy"]
    np.random.set_state((kind, words.numpy().astype(np.uint32), *rest))
    version, numbers, spare = states["python"]
    random.setstate((version, tuple(numbers), spare))
