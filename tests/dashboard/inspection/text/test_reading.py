"""A network as a function of vectors is the network, and passes are bounded."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dashboard.inspection.text.reading import MOST_TEXTS, WordReader, read_text, texts_at_once
from tests.dashboard.inspection.text.words import CLASSES, TOKENIZER, Additive, Biased


def test_vectors_of_a_text_give_its_logits():
    network = Biased()
    ids = torch.tensor([[2, 3, 0]])
    reader = WordReader(network, ids)
    assert torch.equal(reader(network.embed(ids)), network(ids))
    # Whatever stands behind the mask: two rows, of which neither reads the last place.
    vectors = torch.tensor([[1.0, 2.0, 100.0], [0.0, 0.0, 100.0]])[..., None]
    assert reader(vectors)[:, 1].tolist() == [5.0, 2.0]


def test_an_answer_is_a_softmax_of_its_logits():
    answer = read_text(Additive(), TOKENIZER.encode("free money").ids, CLASSES)
    assert answer.logits.tolist() == [0.0, 2.5]
    assert answer.strength(1) == pytest.approx(1 / (1 + np.exp(-2.5)))
    assert (answer.winner, answer.classes) == (1, CLASSES)


def test_a_text_without_words_has_an_answer():
    assert read_text(Biased(), TOKENIZER.encode("").ids, CLASSES).logits.tolist() == [0.0, 0.0]


def test_longer_texts_go_in_smaller_batches():
    sizes = [texts_at_once(length) for length in (0, 1, 50, 200, 500, 100_000)]
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], sizes[-1]) == (MOST_TEXTS, 1)
