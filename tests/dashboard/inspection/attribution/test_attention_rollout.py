"""Attention followed through all layers: by hand on a tiny transformer, and where there is none to follow."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dashboard.inspection.attribution.attention_rollout import rollout
from models.zoo.small import ARCHITECTURES
from tests.networks import ConvNet, built, classifier, explain, pixels


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
