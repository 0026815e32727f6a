"""Optimizers: the table is the test matrix."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from models.runtime.randomness import fork_rng
from models.training import optimizers
from models.training.optimizers import OPTIMIZERS
from models.training.runs.serialisation import deserialise_state, serialise_state


def layer() -> nn.Linear:
    with fork_rng(0):
        return nn.Linear(4, 2)


def build(name, network, *, learning_rate=0.05, momentum=0.9, weight_decay=0.0):
    return optimizers.build(
        name,
        network.parameters(),
        learning_rate=learning_rate,
        momentum=momentum,
        weight_decay=weight_decay,
    )


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
    assert learn(network, build(name, network), 60) < 0.4


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizer_is_torchs(name):
    spec = OPTIMIZERS[name]
    assert issubclass(getattr(torch.optim, spec.name), torch.optim.Optimizer)
    assert type(build(name, layer())) is getattr(torch.optim, spec.name)
    assert spec.title


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizer_goes_on_bit_for_bit(name):
    whole, parted = layer(), layer()
    learn(whole, build(name, whole, weight_decay=0.01), 10)
    first = build(name, parted, weight_decay=0.01)
    learn(parted, first, 4)
    state = deserialise_state(serialise_state(first.state_dict()))
    second = build(name, parted, weight_decay=0.01)
    second.load_state_dict(state)
    learn(parted, second, 6)
    assert parted.weight.equal(whole.weight)


def test_settings_reach_the_optimizer():
    (group,) = build("sgd", layer(), momentum=0.8, weight_decay=0.1, learning_rate=0.3).param_groups
    assert (group["lr"], group["momentum"], group["weight_decay"], group["nesterov"]) == (0.3, 0.8, 0.1, True)
    assert not build("sgd", layer(), momentum=0.0).defaults["nesterov"]


def test_an_unknown_name_is_refused():
    with pytest.raises(KeyError):
        build("bogus", layer())
