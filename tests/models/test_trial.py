"""A trial finds what a network really does."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional

from models.trial import measure_contract
from tests.models.brought import measured, network, pictures


def test_a_softmax_within_a_network_is_not_taken_for_its_last():
    def forward(self, x):
        return self.logits(x) * self.softmax(self.logits(x))

    module = network(forward)
    module.softmax = nn.Softmax(1)
    assert measure_contract(module, pictures()).final == ""


def test_a_steady_network_is_steady_and_others_are_not():
    assert measured().steady
    noisy = measured(lambda self, x: functional.dropout(self.logits(x), 0.5, training=True))
    assert noisy.repeated > 0.01 and not noisy.steady
    by_batch = measured(lambda self, x: self.logits(x) - self.logits(x).mean(0))
    assert by_batch.repeated == 0 and by_batch.batched > 0.01 and not by_batch.steady


@pytest.mark.parametrize("seed", range(12))
def test_a_network_whose_dice_often_fall_alike_is_random(seed):
    """One of its answers in four is another one, so two passes agree three times in five."""

    def dice(self, x):
        return self.logits(x) * (2.0 if float(torch.rand(())) < 0.25 else 1.0)

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        assert measured(dice).random


def test_a_network_that_draws_nothing_is_passed_no_more_often():
    passes: list[int] = []

    def count(self, x):
        passes.append(len(x))
        return self.logits(x)

    measured(count)
    assert passes.count(1) <= 2


def test_buffers_that_a_pass_changes_are_named_and_put_back():
    def forward(self, x):
        self.norm.running_mean += 1
        return self.logits(x)

    module = network(forward)
    before = copy.deepcopy(module.state_dict())
    assert measure_contract(module, pictures()).rewritten == ("norm.running_mean",)
    assert all(torch.equal(tensor, before[name]) for name, tensor in module.state_dict().items())


def test_whether_a_gradient_reaches_the_picture_is_measured():
    assert measured().gradient
    cut = measured(lambda self, x: self.logits(x.detach()))
    assert not cut.gradient and cut.obstacle
    flat = measured(lambda self, x: self.logits(x) * 0)
    assert not flat.gradient and "zero everywhere" in flat.obstacle
