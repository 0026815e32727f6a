"""Attacks on networks about which everything is known: the least change is found, and nothing is claimed besides."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from dashboard.inspection.prediction import predict
from dashboard.inspection.whatif.attack import LEVELS, Ball, attack, levels_of
from dashboard.inspection.whatif.margin import Decision, decide
from models.classifier import Classifier
from models.contract import LOGITS
from models.preprocessing import Preprocessing
from tests.networks import Linear, built, classifier


def picture(of: Classifier, seed: int = 0) -> np.ndarray:
    """Whole levels from 60 to 190, from which no change of 8 leaves the range."""
    generator = np.random.default_rng(seed)
    shape = (of.preprocessing.channels, *of.preprocessing.size)
    return of.preprocessing.normalised(generator.integers(60, 190, shape) / LEVELS)


def head(of: Classifier) -> nn.Linear:
    """The layer of a linear network."""
    assert isinstance(of.module, Linear)
    return of.module.head


def two_classes(seed: int) -> tuple[Classifier, np.ndarray]:
    """A linear network of two classes and a picture."""
    of = classifier(built(lambda: Linear(classes=2), seed), classes=2)
    return of, picture(of, seed)


def least_levels(of: Classifier, inputs: np.ndarray) -> float:
    """By how many levels all pixels must change: the margin over the sum of all slopes."""
    logits = predict(of, inputs).logits.astype(float)
    weight = head(of).weight.numpy().astype(float)
    slope = np.abs(weight[0] - weight[1]).sum() / 0.5 / LEVELS
    return float(abs(logits[0] - logits[1]) / slope)


@pytest.mark.parametrize("seed", range(4))
def test_the_exact_least_change_of_a_linear_network_is_found(seed):
    of, inputs = two_classes(seed)
    # Which way the answer lies is shifted until the least change is one of 2 to 7 levels.
    weight = head(of).weight
    slope = float((weight[0] - weight[1]).abs().sum()) / 0.5 / LEVELS
    lead = float(np.subtract(*predict(of, inputs).logits))
    with torch.no_grad():
        head(of).bias[0] -= lead - (2 + seed % 6 - 0.5) * slope
    wanted = int(np.floor(least_levels(of, inputs))) + 1
    assert 2 <= wanted <= 7
    found = attack(of, inputs, decision=decide(predict(of, inputs), 0), eps=8, restarts=2)
    assert found.smallest is not None and found.smallest.eps == wanted and found.failed == wanted - 1
    assert found.trials[0].found and [trial.how for trial in found.trials] == ["one step", "many steps"]
    changed = found.smallest.pixels.astype(int) - levels_of(inputs, of.preprocessing)
    assert np.abs(changed).max() == wanted
    with_fewer = attack(of, inputs, decision=decide(predict(of, inputs), 0), eps=wanted - 1, restarts=2)
    assert with_fewer.smallest is None and with_fewer.trial("random search") is not None
    assert with_fewer.best.margin > 0


def test_what_was_found_is_an_8_bit_picture_that_the_network_itself_answers_so():
    of = classifier(built(Linear))
    inputs = picture(of)
    found = attack(of, inputs, decision=decide(predict(of, inputs), 0), eps=8, restarts=2)
    trial = found.best
    assert trial.pixels.dtype == np.uint8
    again = of.preprocessing.normalised(trial.pixels / LEVELS)
    assert np.allclose(trial.inputs, again, atol=1e-6)
    assert np.allclose(trial.prediction.logits, predict(of, again).logits, atol=1e-4)
    assert np.array_equal(
        levels_of(inputs, of.preprocessing), np.rint(LEVELS * (inputs * 0.5 + 0.5)).astype(np.uint8)
    )


def test_the_edge_of_the_range_is_not_left():
    ball = Ball(torch.tensor([[[[0.0, 255.0, 100.0]]]]), 5, Preprocessing((1, 3), (1, 3), (0.5,), (0.5,)))
    assert ball.clamp(torch.tensor([[[[-9.0, 300.0, 90.0]]]])).tolist() == [[[[0.0, 255.0, 95.0]]]]
    assert ball.inputs(torch.tensor([[[[0.0, 255.0, 127.5]]]])).tolist() == [[[[-1.0, 1.0, 0.0]]]]


def test_a_class_is_aimed_at():
    of = classifier(built(Linear))
    inputs = picture(of)
    answer = predict(of, inputs)
    last = answer.ranking()[-1]
    with torch.no_grad():
        head(of).bias[last] += float(answer.logits.max() - answer.logits[last]) - 0.02
    answer = predict(of, inputs)
    assert answer.winner != last
    found = attack(of, inputs, decision=Decision(last, holds=False), eps=8, restarts=2)
    assert found.smallest is not None and found.smallest.prediction.winner == last


class Stairs(nn.Module):
    """Answers by the mean of the picture in steps, whose gradient is 0 everywhere."""

    def forward(self, inputs: Tensor) -> Tensor:
        mean = inputs.mean((1, 2, 3))
        step = (mean * 2048).round() / 2048 + 0 * mean
        return torch.stack([-step, step], 1)


def test_a_masked_gradient_is_told_by_a_search_that_needs_none():
    of = classifier(Stairs(), classes=2)
    inputs = of.preprocessing.normalised(np.full((1, 8, 8), 129 / LEVELS))
    found = attack(of, inputs, decision=decide(predict(of, inputs), 0), eps=8, restarts=2)
    assert found.flat == 1
    assert not found.trials[0].found and not found.trials[1].found
    blind = found.trial("random search")
    assert blind is not None and blind.found and found.smallest is blind


def test_without_a_gradient_there_is_a_random_search_alone():
    of = dataclasses.replace(
        classifier(Stairs(), classes=2), contract=dataclasses.replace(LOGITS, gradient=False, outputs=2)
    )
    inputs = of.preprocessing.normalised(np.full((1, 8, 8), 129 / LEVELS))
    found = attack(of, inputs, decision=decide(predict(of, inputs), 0), eps=8, restarts=2)
    assert found.flat is None and [trial.how for trial in found.trials] == ["random search"]
    assert found.failed == 0


def test_an_attribute_is_turned_into_its_opposite():
    of = dataclasses.replace(
        classifier(built(Linear)), contract=dataclasses.replace(LOGITS, meaning="attributes", outputs=3)
    )
    inputs = picture(of)
    with torch.no_grad():
        head(of).bias[1] -= float(predict(of, inputs).logits[1]) - 0.02
    answer = predict(of, inputs)
    assert answer.reading == "each by itself" and answer.logits[1] > 0
    found = attack(of, inputs, decision=decide(answer, 1), eps=8, restarts=2)
    assert found.smallest is not None and found.smallest.prediction.logits[1] < 0


def test_it_is_the_same_each_time_and_leaves_everybodys_dice_alone():
    of = classifier(built(Linear))
    inputs = picture(of)
    decision, before = decide(predict(of, inputs), 0), torch.get_rng_state()
    first, second = (attack(of, inputs, decision=decision, eps=1, restarts=2) for _ in range(2))
    assert np.array_equal(first.best.pixels, second.best.pixels)
    assert torch.equal(before, torch.get_rng_state())
