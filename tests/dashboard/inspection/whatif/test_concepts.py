"""Concepts on a network whose channels are pixels: a planted one scores 1, what a class does not read is random."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from dashboard.inspection.whatif import concepts
from dashboard.records.network import LayerCall
from dashboard.records.whatif import Concepts
from tests.networks import classifier

CHANNELS = 6
CALL = LayerCall("layer", "Linear", (CHANNELS,))


class Reads(nn.Module):
    """Channels are the first pixels; class 0 grows with channel 0, class 1 falls with it, class 2 reads channel 5."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(64, CHANNELS, bias=False)
        self.layer.weight.data = torch.eye(CHANNELS, 64)
        self.head = nn.Linear(CHANNELS, 3, bias=False)
        self.head.weight.data = torch.zeros(3, CHANNELS)
        self.head.weight.data[0, 0] = 2
        self.head.weight.data[1, 0] = -1
        self.head.weight.data[2, 5] = 1

    def forward(self, inputs: Tensor) -> Tensor:
        logits: Tensor = self.head(self.layer(inputs.flatten(1)))
        return logits


NETWORK = classifier(Reads())


def drawn(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, 1, 8, 8)).astype(np.float32)


@cache
def scored(target: int) -> Concepts:
    planted = drawn(30, 1)
    planted[:, 0, 0, 0] += 3
    return concepts.score_concepts(
        NETWORK,
        [CALL],
        {"planted": planted, "nothing": drawn(30, 2)},
        drawn(120, 3),
        drawn(20, 4),
        np.concatenate([planted, drawn(30, 5)]),
        target=target,
        count=49,
    )


@pytest.mark.parametrize(("target", "score"), [(0, 1.0), (1, 0.0)])
def test_a_planted_concept_is_told_from_all_random_ones(target, score):
    found = scored(target)
    planted, nothing = (found.score(name, "layer") for name in ("planted", "nothing"))
    assert planted.score == score and planted.p == 1 / 50 and planted.adjusted == 2 / 50
    assert nothing.adjusted > 0.05
    assert planted.channels[0] == 0 and abs(planted.weights[0]) == 1
    assert found.pictures == 30 and len(planted.random) == 49


def test_what_the_class_does_not_read_is_a_random_concept():
    planted = scored(2).score("planted", "layer")
    assert planted.adjusted > 0.05 and planted.random.min() <= planted.score <= planted.random.max()


def test_the_pictures_that_hold_most_of_it_are_those_that_do():
    found = scored(0)
    assert max(found.strongest[0]) < 30 <= min(found.weakest[0])


def test_a_direction_is_that_of_ridge_regression():
    generator = np.random.default_rng(0)
    values = generator.normal(size=(9, 4))
    sets, against = np.array([[0, 1, 2]]), np.array([[4, 6, 8]])
    (weights,) = concepts.directions(values @ values.T, sets, against)
    rows = values[[0, 1, 2, 4, 6, 8]]
    centred = rows - rows.mean(0)
    ridge = concepts.RIDGE * (centred**2).sum() / 6
    expected = np.linalg.solve(centred.T @ centred + ridge * np.eye(4), centred.T @ np.repeat([1.0, -1.0], 3))
    assert np.allclose(weights @ rows, expected)
    members = np.array([[0, 1, 2, 4, 6, 8]])
    slopes = generator.normal(size=(5, 4))
    shares, means = concepts.growth(values @ values.T, slopes @ values.T, members, weights[None])
    assert shares[0] == ((slopes @ expected) > 0).mean()
    assert means[0] == pytest.approx((slopes @ expected).mean() / np.linalg.norm(expected))


def test_a_layer_that_answers_all_alike_has_no_direction():
    gram = np.ones((6, 6))
    (weights,) = concepts.directions(gram, np.array([[0, 1, 2]]), np.array([[3, 4, 5]]))
    assert np.isfinite(weights).all()
    shares, means = concepts.growth(gram, np.ones((4, 6)), np.array([[0, 1, 2, 3, 4, 5]]), weights[None])
    assert shares[0] in (0.0, 1.0) and np.isfinite(means).all()


def test_ranks_and_holms_correction():
    random = np.array([-2.0, -1, 0, 1, 2])
    assert (
        concepts.rank(5, random) == 1 / 6
        and concepts.rank(0, random) == 1
        and concepts.rank(-2, random) == 3 / 6
    )
    assert concepts.holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert concepts.holm([0.9, 0.9]) == [1.0, 1.0]


def test_channels_and_gradients_are_those_of_the_layer():
    inputs = torch.from_numpy(drawn(40, 6))
    told: list[float] = []
    values = concepts.pooled(NETWORK, [CALL], inputs, told.append)["layer"]
    assert np.allclose(values, inputs.flatten(1)[:, :CHANNELS]) and len(told) == 2
    slopes = concepts.class_gradients(NETWORK, [CALL], inputs, 0)["layer"]
    assert np.allclose(slopes, [[2, 0, 0, 0, 0, 0]] * 40)
