"""Texts as features, whatever batches they go in, and their nearest."""

from __future__ import annotations

import numpy as np
import torch

from dashboard.inspection.text import embedding
from dashboard.inspection.text.embedding import nearest_texts, text_features
from models.runtime.randomness import fork_rng
from models.text.networks import Bag
from tests.dashboard.inspection.text.words import TOKENIZER

TEXTS = [TOKENIZER.encode(text) for text in ("free money now", "list", "", "now free money", "dear list")]
LABELS = np.array([1, 0, 0, 1, 0])


def network():
    with fork_rng(0):
        return Bag(2, len(TOKENIZER)).eval()


def test_rows_are_those_of_the_texts_alone(monkeypatch):
    monkeypatch.setattr(embedding, "texts_at_once", lambda length: 2)
    bag = network()
    shares: list[float] = []
    found = text_features(bag, TEXTS, LABELS, shares.append)
    for row, tokens in enumerate(TEXTS):
        if len(tokens):
            vectors = bag.embed(torch.from_numpy(tokens.ids))
            assert np.allclose(found.values[row], vectors.mean(0).detach(), atol=1e-6)
            assert np.allclose(
                found.logits[row], bag(torch.from_numpy(tokens.ids)[None])[0].detach(), atol=1e-6
            )
    assert not found.values[2].any()
    assert found.answers.tolist() == found.logits.argmax(1).tolist()
    assert shares == [0.0, 0.4, 0.8]


def test_the_same_words_in_another_order_are_nearest_to_a_bag():
    found = text_features(network(), TEXTS, LABELS)
    near = nearest_texts(found, found.values[0], count=2, among=np.array([False, True, True, True, True]))
    assert near.rows[0] == 3 and near.distances[0] < 1e-6 < near.distances[1]
