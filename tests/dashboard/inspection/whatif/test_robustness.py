"""A set under attack: on a linear network the count at each level is known."""

from __future__ import annotations

import numpy as np
import torch

from dashboard.inspection.prediction import predict_many
from dashboard.inspection.whatif.robustness import lead, robust_accuracy
from tests.networks import Linear, built, classifier


def test_the_count_of_a_linear_network_is_exact():
    of = classifier(built(lambda: Linear(classes=2)), classes=2)
    generator = np.random.default_rng(0)
    inputs = of.preprocessing.normalised(generator.integers(60, 190, (1, 40, 8, 8)) / 255)[0][:, None]
    logits = np.stack([answer.logits for answer in predict_many(of, inputs)]).astype(float)
    labels = (np.arange(40) % 4 > 0).astype(np.int64)
    assert isinstance(of.module, Linear)
    weight = of.module.head.weight.numpy().astype(float)
    slope = np.abs(weight[0] - weight[1]).sum() / 0.5 / 255
    margins = np.where(labels == 0, 1, -1) * (logits[:, 0] - logits[:, 1])
    wanted = [int((margins > eps * slope).sum()) for eps in range(9)]
    told: list[float] = []
    found = robust_accuracy(of, inputs, labels, restarts=2, steps=20, progress=told.append)
    assert found.right.tolist() == wanted and len(set(wanted)) > 2
    assert (found.low <= found.right / 40).all() and (found.right / 40 <= found.high).all()
    assert found.eps.tolist() == list(range(9)) and told == sorted(told)


def test_a_lead_is_held_against_the_best_of_the_others():
    logits = torch.tensor([[1.0, 4.0, 2.5], [3.0, -1.0, 3.5]])
    assert lead(logits, torch.tensor([1, 0])).tolist() == [1.5, -0.5]
