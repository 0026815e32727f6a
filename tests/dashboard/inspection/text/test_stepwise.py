"""Answers while words come in, against those of every text read by itself."""

from __future__ import annotations

import pytest
import torch

from dashboard.inspection.text.stepwise import stepwise
from models.runtime.randomness import fork_rng
from models.text.networks import Bag, TextCNN, TextNetwork, Transformer
from models.text.tokenizer import PAD, UNKNOWN
from tests.dashboard.inspection.text.words import Both

NETWORKS = [Bag, TextCNN, Transformer]


def by_reading(network: TextNetwork, ids: torch.Tensor, ranks: torch.Tensor, steps: int) -> torch.Tensor:
    """One text after the other, by its ids."""
    there = ranks[:, None] < torch.arange(steps + 1)[:, None]
    texts = torch.where(there | (ids == PAD), ids, UNKNOWN)
    return torch.stack([torch.cat([network(row[None]) for row in rows]) for rows in texts])


def seeded(build) -> tuple[TextNetwork, torch.Tensor]:
    with fork_rng(0):
        network = build(2, 30).eval().requires_grad_(False)
        # Farther apart than fresh ones: the words matter, and attention is sharp.
        network.embedding.weight.normal_(std=4.0)
        network.embedding.weight[PAD] = 0
        return network, torch.randint(1, 30, (1, 17))


def answers(network, ids, ranks, steps):
    hidden = network.embed(torch.full_like(ids, UNKNOWN))
    return stepwise(network, network.embed(ids), hidden, ids != PAD)(ranks, steps)


@pytest.mark.parametrize("build", NETWORKS)
@pytest.mark.parametrize("padded", [False, True])
def test_they_are_those_of_every_text_by_itself(build, padded):
    network, ids = seeded(build)
    if padded:
        ids[0, 5] = ids[0, -1] = PAD
    with fork_rng(1):
        ranks = torch.rand(3, 17).argsort(1)
    expected = by_reading(network, ids, ranks, 17)
    assert torch.allclose(answers(network, ids, ranks, 17), expected, atol=1e-5)
    assert expected.std(1).min() > 1e-3  # words matter


@pytest.mark.parametrize("build", NETWORKS)
def test_words_may_come_in_together(build):
    network, ids = seeded(build)
    ranks = torch.tensor([[2] * 5 + [0] * 7 + [1] * 5, [0] * 5 + [1] * 7 + [2] * 5])
    assert torch.allclose(answers(network, ids, ranks, 3), by_reading(network, ids, ranks, 3), atol=1e-5)


@pytest.mark.parametrize("length", [1, 2, 3])
@pytest.mark.parametrize("build", NETWORKS)
def test_short_texts_have_windows_that_reach_beyond_them(build, length):
    network, ids = seeded(build)
    ranks = torch.arange(length)[None]
    expected = by_reading(network, ids[:, :length], ranks, length)
    assert torch.allclose(answers(network, ids[:, :length], ranks, length), expected, atol=1e-5)


def test_any_other_network_reads_every_text():
    network = Both().requires_grad_(False)
    found = answers(network, torch.tensor([[2, 3]]), torch.tensor([[1, 0]]), 2)
    assert found[0, :, 1].tolist() == [0.0, 1.0, 6.25]
