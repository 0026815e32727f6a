"""The explained number, and the place where a layer is read."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from dashboard.inspection.engine.explained_score import ExplainedScore, tap
from dashboard.inspection.engine.survey import survey
from models.zoo.small import ARCHITECTURES
from tests.networks import (
    WAYS_TO_RELU,
    ChannelsLast,
    ConvNet,
    Rectified,
    Tied,
    built,
    classifier,
    pixels,
    untouched,
)


def batch(side: int = 8) -> torch.Tensor:
    return torch.tensor(pixels(side=side))[None]


def found(of, layer: str, side: int = 8):
    return survey(of.module, batch(side)).find(layer)


def test_one_logit_or_its_lead_on_a_private_copy():
    shared = classifier(built(ConvNet))
    logits = shared.module(batch())[0]
    explained = ExplainedScore.of(shared, 1)
    assert explained.network is not shared.module
    assert not any(layer.training for layer in explained.modules())
    assert torch.equal(explained(batch()), logits[1:2])
    assert torch.equal(ExplainedScore.of(shared, 1, 2)(batch()), logits[1:2] - logits[2:3])
    assert torch.allclose(explained(torch.cat([batch(), batch()])), logits[[1, 1]])


def test_several_classes_together_are_a_class_of_the_sum_of_their_probabilities():
    shared = classifier(built(ConvNet))
    logits = shared.module(batch())[0].double()
    together = ExplainedScore.of(shared, 1, together=(0, 2))(batch()).double()
    others = logits[[place for place in range(len(logits)) if place not in (0, 2)]]
    beside = torch.cat([together, others]).softmax(0)[0]
    assert float(beside) == pytest.approx(float(logits.softmax(0)[[0, 2]].sum()), rel=1e-6)
    alone = ExplainedScore.of(shared, 1, together=(1,))
    assert torch.allclose(alone(batch()), shared.module(batch())[:, 1])


def test_the_gradient_of_several_classes_together_is_that_of_finite_differences():
    explained = ExplainedScore(built(ConvNet).double(), 0, together=(0, 2))
    start = batch().double().requires_grad_()
    (gradient,) = torch.autograd.grad(explained(start).sum(), start)
    step = torch.sign(gradient) * 1e-6
    with torch.no_grad():
        rise = float(explained(start + step) - explained(start - step)) / 2
    assert rise == pytest.approx(float((gradient * step).sum()), rel=1e-4)
    assert rise > 0


CASES = [
    (ConvNet, 8, "bn1"),
    (lambda: Rectified(WAYS_TO_RELU["one module, reused"]), 8, "relu#1"),
    (lambda: Rectified(WAYS_TO_RELU["one module, reused"]), 8, "relu#2"),
    (lambda: Rectified(WAYS_TO_RELU["functional in place"]), 8, "conv1"),
    (Tied, 8, "act#2"),
    (ChannelsLast, 8, "norm"),
    (ChannelsLast, 8, "mlp.1"),
    (ARCHITECTURES["vit"].build, 28, "blocks.3.norm1"),
    (ARCHITECTURES["vit"].build, 28, "blocks.1"),
    (ARCHITECTURES["cnn"].build, 28, "block2"),
]


@pytest.mark.parametrize(("network", "side", "layer"), CASES)
def test_a_tap_reads_the_layer_as_a_picture_and_changes_nothing(network, side, layer):
    shared = classifier(built(network), side=side, classes=10)
    call = found(shared, layer, side)
    with untouched(shared.module):
        explained = ExplainedScore.of(shared, 0)
        expected = explained(batch(side))
        read = []
        tap(explained, call).register_forward_hook(lambda tap, args, output: read.append(output.clone()))
        for _ in range(2):
            assert torch.equal(explained(batch(side)), expected)
        assert torch.allclose(explained(torch.cat([batch(side), -batch(side)]))[:1], expected, atol=1e-6)
    assert len(read) == 3
    assert torch.equal(read[0], read[1])
    assert tuple(read[2].shape[2:]) == call.grid and len(read[2]) == 2


def test_tokens_are_laid_out_row_by_row():
    class Patches(nn.Module):
        def __init__(self):
            super().__init__()
            self.tokens = nn.Identity()

        def forward(self, inputs):
            tokens = inputs.flatten(2).transpose(1, 2)  # (N, 64, 1)
            return self.tokens(torch.cat([torch.zeros(len(inputs), 1, 1), tokens], 1)).sum(1)

    shared = classifier(Patches())
    explained = ExplainedScore.of(shared, 0)
    read = []
    grid = tap(explained, found(shared, "tokens"))
    grid.register_forward_hook(lambda grid, args, output: read.append(output))
    explained(batch())
    assert torch.equal(read[0], batch())


def test_a_tap_takes_nobodys_place():
    """Parents read, index and iterate their layers."""

    class Nosy(nn.Module):
        def __init__(self):
            super().__init__()
            self.features = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU())
            self.head = nn.Linear(4, 3)

        def forward(self, inputs):
            assert isinstance(self.features, nn.Sequential)
            first, *others = self.features
            assert isinstance(first, nn.Conv2d)
            maps = self.features(inputs) * first.weight.mean()
            return self.head(maps.mean((2, 3))) + len(others)

    shared = classifier(built(Nosy))
    for call in survey(shared.module, batch()).grid_calls():
        explained = ExplainedScore.of(shared, 0)
        tap(explained, call)
        assert torch.equal(explained(batch()), shared.module(batch())[:, 0])
