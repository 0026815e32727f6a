"""Borrowed generators come back as they were, and a block's numbers depend on its seed alone."""

from __future__ import annotations

import random
import threading
from contextlib import suppress

import numpy as np
import pytest
import torch

from models.runtime.randomness import fork_rng, read_states


def draws() -> tuple[float, float, float]:
    return torch.rand(1).item(), float(np.random.rand()), random.random()


def test_the_same_seed_draws_the_same_and_another_does_not():
    drawn = []
    for seed in (5, 5, 6):
        with fork_rng(seed):
            drawn.append(draws())
    assert drawn[0] == drawn[1]
    assert not set(drawn[0]) & set(drawn[2])


@pytest.mark.parametrize("fails", [False, True])
def test_everybodys_generators_go_on_where_they_were(fails):
    torch.manual_seed(1)
    np.random.seed(1)
    random.seed(1)
    expected = [draws() for _ in range(2)]
    torch.manual_seed(1)
    np.random.seed(1)
    random.seed(1)
    found = [draws()]
    with suppress(ZeroDivisionError), fork_rng(9):
        draws()
        _ = 1 / (not fails)
    assert [*found, draws()] == expected


def test_a_block_within_a_block_gives_the_outer_one_back():
    with fork_rng(3):
        first, second = draws(), draws()
    with fork_rng(3):
        found = [draws()]
        with fork_rng(4):
            draws()
        assert [*found, draws()] == [first, second]


def test_threads_take_turns():
    with fork_rng(7):
        alone = [draws() for _ in range(200)]
    found: list[list[tuple[float, float, float]]] = []

    def draw() -> None:
        with fork_rng(7):
            found.append([draws() for _ in range(200)])

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [alone] * 4


@pytest.mark.parametrize(
    "draw", [lambda: torch.rand(1), np.random.rand, random.random], ids=["torch", "numpy", "python"]
)
def test_a_draw_from_any_generator_shows(draw):
    before = read_states()
    assert read_states() == before
    draw()
    assert read_states() != before
