"""Measurements, against their definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import nn

from models.training import measures
from models.training.measures import PendingSteps
from models.training.objective import CLASSES


def test_waiting_steps_are_read_as_they_were():
    waiting, generator = PendingSteps(CLASSES.hits), torch.Generator().manual_seed(0)
    expected = []
    for step, size in enumerate((4, 4, 3), start=1):
        logits, targets = (
            torch.randn(size, 5, generator=generator),
            torch.randint(5, (size,), generator=generator),
        )
        loss = nn.functional.cross_entropy(logits, targets)
        waiting.add(step, 0.1 * step, loss=loss, outputs=logits, targets=targets)
        expected.append((step, loss.item(), int((logits.argmax(1) == targets).sum()), size, 0.1 * step))
    found = waiting.drain()
    assert [(r.step, r.loss, r.correct, r.seen, r.rate) for r in found] == expected
    assert waiting.drain() == []


def test_waiting_keeps_no_graph():
    waiting, weight = PendingSteps(CLASSES.hits), torch.ones(2, 3, requires_grad=True)
    waiting.add(1, 0.1, loss=weight.sum(), outputs=weight * 2, targets=torch.zeros(2, dtype=torch.int64))
    assert not any(t.requires_grad for step in waiting._steps for t in step if isinstance(t, torch.Tensor))


def test_norms_are_those_of_all_weights_together():
    network = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2))
    network(torch.ones(5, 3)).sum().backward()
    flat = torch.cat([p.grad.flatten() for p in network.parameters() if p.grad is not None])
    assert float(measures.gradient_norm(network.parameters())) == pytest.approx(float(flat.norm()))
    before = [p.detach().clone() for p in network.parameters()]
    with torch.no_grad():
        for p in network.parameters():
            p.mul_(1.01)
    assert float(measures.update_ratio(before, list(network.parameters()))) == pytest.approx(0.01, rel=1e-4)


@pytest.mark.parametrize(
    "values", [torch.randn(1000), torch.full((7,), 0.25), torch.zeros(3), torch.tensor([5.0])]
)
def test_a_histogram_counts_everything(values):
    found = measures.histogram(values)
    assert found is not None
    assert sum(found.counts) == found.count == len(values)
    assert found.counts[0] == 0
    assert len(found.edges) == len(found.counts) == measures.BINS + 1
    assert (np.diff(found.edges) > 0).all()
    assert found.edges[0] <= found.low <= found.high <= found.edges[-1] + 1e-6
    assert found.total == pytest.approx(float(values.double().sum()), abs=1e-4)
    assert found.squares == pytest.approx(float(values.double().square().sum()), rel=1e-5)


@pytest.mark.parametrize("values", [torch.empty(0), torch.tensor([1.0, math.nan]), torch.tensor([math.inf])])
def test_what_cannot_be_counted_has_no_histogram(values):
    assert measures.histogram(values) is None


def test_every_layer_is_measured():
    network = nn.Linear(20, 10)
    network(torch.ones(1, 20)).sum().backward()
    histograms, numbers = measures.layer_statistics(network)
    assert set(histograms) == {
        f"{kind}/{name}" for kind in ("weights", "gradients") for name in ("weight", "bias")
    }
    weight = network.weight.detach()
    assert numbers["weights_mean/weight"] == pytest.approx(float(weight.mean()), abs=1e-6)
    assert numbers["weights_std/weight"] == pytest.approx(float(weight.std(correction=0)), rel=1e-4)
    assert numbers["weights_norm/weight"] == pytest.approx(float(weight.norm()), rel=1e-5)
    assert numbers["gradients_norm/bias"] == pytest.approx(10**0.5)
