"""Every generator goes on where it was."""

from __future__ import annotations

import random

import numpy as np
import torch

from models.runtime.randomness import fork_rng
from models.training import random_state
from models.training.group import Group
from models.training.runs.serialisation import deserialise_state, serialise_state

GROUP = Group(torch.device("cpu"))


def draw() -> list[float]:
    # A normal number of numpy and of python leaves a second one behind, which is state too.
    return [
        torch.rand(()).item(),
        np.random.standard_normal(),
        np.random.random(),
        random.gauss(),
        random.random(),
    ]


def test_what_was_captured_is_drawn_again():
    with fork_rng(0):
        random_state.seed(5, GROUP)
        draw()
        states = deserialise_state(serialise_state(random_state.capture(GROUP)))
        first = draw()
        assert draw() != first
        random_state.restore(states, GROUP)
        assert draw() == first


def test_seeds_differ_by_process_and_repeat():
    second = Group(torch.device("cpu"))
    second.rank = 1
    with fork_rng(0):
        draws = []
        for seed, group in ((5, GROUP), (5, GROUP), (5, second), (6, GROUP)):
            random_state.seed(seed, group)
            draws.append(draw())
    assert draws[0] == draws[1]
    assert draws[2] == draws[3] != draws[0]
