"""Attention followed through all layers: by hand on a tiny transformer, and where there is none to follow."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.attention_rollout import read, rollout
from dashboard.records.network import Survey
from models.zoo.small import ARCHITECTURES
from tests.networks import Attended, ConvNet, built, classifier, explain, pixels


def test_is_the_product_of_the_layers_attentions_with_the_residual():
    network = built(ARCHITECTURES["vit"].build)
    of = classifier(network, side=28, classes=10)
    seen: list[torch.Tensor] = []
    handles = [
        block.attn.softmax.register_forward_hook(lambda *call: seen.append(call[2][0]))
        for block in network.blocks
    ]
    network(torch.tensor(pixels(side=28))[None])
    for handle in handles:
        handle.remove()
    paths = np.eye(50)
    for heads in seen:
        mean = sum(head.double().numpy() for head in heads) / len(heads)
        half = 0.5 * mean + 0.5 * np.eye(50)
        paths = np.array(
            [[(half[row] * paths[:, column]).sum() for column in range(50)] for row in range(50)]
        )
    found = explain("attention_rollout", of, pixels(side=28), 3)
    assert found.raw is not None and found.outcome.kind == "clean"
    assert np.allclose(found.raw.ravel(), paths[0, 1:], atol=1e-6)
    other = explain("attention_rollout", of, pixels(side=28), 4)
    assert other.raw is not None and np.array_equal(found.raw, other.raw)


def test_rows_stay_shares():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        weights = [torch.randn(1, 3, 6, 6).softmax(-1) for _ in range(4)]
    mixed = rollout(weights)
    assert mixed.sum(1).numpy() == pytest.approx(np.ones(6), abs=1e-6)
    assert torch.allclose(rollout([torch.eye(6)[None, None]] * 3), torch.eye(6))


def test_without_attention_there_is_a_reason():
    found = explain("attention_rollout", classifier(built(ConvNet)), pixels())
    assert found.outcome.kind == "refused" and "no attention" in found.outcome.reason


def test_a_query_that_reads_the_last_tokens_is_followed_too():
    of = classifier(built(lambda: Attended(pooled=True)))
    weights: list[torch.Tensor] = []
    module = of.module
    for layer in (module.get_submodule("attention.softmax"), module.get_submodule("last.softmax")):
        layer.register_forward_hook(lambda layer, args, output: weights.append(output))
    module(torch.tensor(pixels())[None])
    of = classifier(built(lambda: Attended(pooled=True)))
    found = explain("attention_rollout", of, pixels())
    expected = weights[1][0, 0] @ (weights[0][0, 0] + torch.eye(16)) / 2
    assert found.outcome.kind == "clean" and found.raw is not None
    np.testing.assert_allclose(found.raw, expected.reshape(1, 4, 4), atol=1e-6)


def test_a_class_token_that_joins_in_the_end_gets_half_of_what_it_attends_to():
    mixed = torch.eye(2)
    once = read(mixed, [torch.tensor([0.5, 0.2, 0.3]).reshape(1, 1, 1, 3)])
    assert once.tolist() == pytest.approx([0.1, 0.15])
    twice = read(mixed, [torch.tensor([0.5, 0.2, 0.3]).reshape(1, 1, 1, 3)] * 2)
    # Half of itself, half of the attention: half to itself again, and the patches.
    assert twice.tolist() == pytest.approx([0.1 / 2 + 0.5 * 0.1 / 2 + 0.1, 0.15 / 2 + 0.5 * 0.15 / 2 + 0.15])


def test_attention_of_another_kind_is_the_reason():
    survey = Survey((), (), {}, frozenset(), (0,), None, unlike="attention within parts of the picture")
    reason = METHODS["attention_rollout"].refusal(survey)
    assert reason is not None and reason.endswith("this network has attention within parts of the picture.")
