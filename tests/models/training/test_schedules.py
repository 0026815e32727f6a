"""Learning rate schedules: the table is the test matrix."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from models.runtime.randomness import fork_rng
from models.training import schedules
from models.training.runs.serialisation import deserialise_state, serialise_state
from models.training.schedules import SCHEDULES


def layer() -> nn.Linear:
    with fork_rng(0):
        return nn.Linear(4, 2)


def rates(name, *, steps, warmup=0, kept_at=None):
    network = layer()

    def build():
        optimizer = torch.optim.SGD(network.parameters(), lr=1.0)
        return optimizer, schedules.build(name, optimizer, steps=steps, warmup=warmup)

    optimizer, schedule = build()
    found = []
    for step in range(steps):
        if step == kept_at:
            state = deserialise_state(
                serialise_state({"o": optimizer.state_dict(), "s": schedule.state_dict()})
            )
            optimizer, schedule = build()
            optimizer.load_state_dict(state["o"])
            schedule.load_state_dict(state["s"])
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return found


@pytest.mark.parametrize(
    ("name", "middle", "end"),
    [
        ("constant", 1, 1),
        ("cosine", 0.5, 0),
        ("linear", 0.505, 0.01),
        ("step", 0.1, 0.01),
        ("exponential", 0.1, 0.01),
    ],
)
def test_schedule_moves_as_it_says(name, middle, end):
    found = rates(name, steps=300)
    assert found[0] == 1
    assert found[150] == pytest.approx(middle, abs=0.01)
    assert found[-1] == pytest.approx(end, abs=0.01)
    assert set(SCHEDULES) == {"constant", "cosine", "linear", "step", "exponential"}


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("steps", [1, 2, 30])
def test_schedule_warms_up(name, steps):
    found = rates(name, steps=steps, warmup=10)
    if steps == 30:
        assert found[0] == pytest.approx(0.01)
        assert found[10] == pytest.approx(1.0)
        assert found[:11] == sorted(found[:11])
    assert all(0 <= rate <= 1.0 + 1e-9 for rate in found)


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("warmup", [0, 10])
def test_schedule_goes_on_bit_for_bit(name, warmup):
    undisturbed = rates(name, steps=30, warmup=warmup)
    for kept_at in (1, 9, 10, 11, 29):
        assert rates(name, steps=30, warmup=warmup, kept_at=kept_at) == undisturbed


def test_rates_after_steps_are_those_of_the_schedule():
    every = rates("cosine", steps=30, warmup=10)
    # The rate that a step was taken with is that of the moment before it.
    assert schedules.rates("cosine", 1.0, steps=30, warmup=10, at=[0, 1, 20, 30, 99]) == pytest.approx(
        [every[0], every[0], every[19], every[29], every[29]]
    )
