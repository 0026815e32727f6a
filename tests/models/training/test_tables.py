"""Optimizers, schedules and augmentations: the tables are the test matrix."""

from __future__ import annotations

import dataclasses
import io

import pytest
import torch
from torch import nn

from models.runtime.randomness import seeded
from models.training import augmentations, optimizers, schedules
from models.training.augmentations import AUGMENTATIONS
from models.training.config import Config
from models.training.optimizers import OPTIMIZERS
from models.training.runs import serialization
from models.training.schedules import SCHEDULES

CONFIG = Config(learning_rate=0.05)


def layer() -> nn.Linear:
    with seeded(0):
        return nn.Linear(4, 2)


def learn(network, optimizer, steps):
    inputs, targets = torch.eye(4), torch.tensor([0, 1, 0, 1])
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(network(inputs), targets)
        loss.backward()
        optimizer.step()
    return loss.item()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizer_learns(name):
    network = layer()
    assert (
        learn(
            network, optimizers.build(dataclasses.replace(CONFIG, optimizer=name), network.parameters()), 60
        )
        < 0.4
    )


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizer_is_torchs(name):
    kind = OPTIMIZERS[name]
    assert issubclass(getattr(torch.optim, kind.name), torch.optim.Optimizer)
    assert kind.title


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizer_goes_on_bit_for_bit(name):
    config = dataclasses.replace(CONFIG, optimizer=name, weight_decay=0.01)
    whole, parted = layer(), layer()
    learn(whole, optimizers.build(config, whole.parameters()), 10)
    first = optimizers.build(config, parted.parameters())
    learn(parted, first, 4)
    kept = serialization.unpickled(serialization.pickled(first.state_dict()))
    second = optimizers.build(config, parted.parameters())
    second.load_state_dict(kept)
    learn(parted, second, 6)
    assert parted.weight.equal(whole.weight)


def test_settings_reach_the_optimizer():
    config = Config(optimizer="sgd", momentum=0.8, weight_decay=0.1, learning_rate=0.3)
    (group,) = optimizers.build(config, layer().parameters()).param_groups
    assert (group["lr"], group["momentum"], group["weight_decay"], group["nesterov"]) == (0.3, 0.8, 0.1, True)
    assert not optimizers.build(dataclasses.replace(config, momentum=0.0), layer().parameters()).defaults[
        "nesterov"
    ]


def rates(name, *, steps, warmup=0, kept_at=None):
    network = layer()

    def build():
        optimizer = torch.optim.SGD(network.parameters(), lr=1.0)
        return optimizer, schedules.build(name, optimizer, steps=steps, warmup=warmup)

    optimizer, schedule = build()
    found = []
    for step in range(steps):
        if step == kept_at:
            kept = serialization.unpickled(
                serialization.pickled({"o": optimizer.state_dict(), "s": schedule.state_dict()})
            )
            optimizer, schedule = build()
            optimizer.load_state_dict(kept["o"])
            schedule.load_state_dict(kept["s"])
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


@pytest.mark.parametrize("name", AUGMENTATIONS)
@pytest.mark.parametrize("channels", [1, 3])
def test_augmentation_keeps_what_a_batch_is(name, channels):
    pixels = torch.randint(0, 256, (10, channels, 28, 28), dtype=torch.uint8)
    before = pixels.clone()
    varied = augmentations.build(name, (28, 28))
    with seeded(1):
        found = varied(pixels)
    assert (found.shape, found.dtype) == (pixels.shape, torch.uint8)
    assert pixels.equal(before)
    assert found.equal(pixels) is (name == "none")
    with seeded(1):
        assert varied(pixels).equal(found)


@pytest.mark.parametrize("name", [name for name in AUGMENTATIONS if name != "none"])
def test_augmentation_draws_for_every_few_pictures(name):
    pixels = torch.randint(0, 256, (1, 1, 28, 28), dtype=torch.uint8).expand(40, -1, -1, -1).contiguous()
    with seeded(2):
        found = augmentations.build(name, (28, 28))(pixels)
    assert len(found.unique(dim=0)) > 3


def test_a_table_is_saved_without_code():
    content = serialization.pickled({"a": torch.ones(2), "b": [1, (2.0, None)], "c": {"d": "e"}})
    assert torch.load(io.BytesIO(content), weights_only=True)["c"] == {"d": "e"}
