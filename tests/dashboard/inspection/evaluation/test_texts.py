"""Answers to labelled texts are in their order, whatever the batches."""

from __future__ import annotations

import numpy as np
import torch

from dashboard.inspection.evaluation import texts as texts_pass
from dashboard.inspection.evaluation.texts import answers
from models.classifier import Provenance, Weights, frozen
from models.text.classifier import TextClassifier, padded
from models.text.networks import Bag
from models.text.texts import Texts
from models.text.tokenizer import SPECIAL, Tokenizer


def test_each_answer_is_that_of_its_text_alone(monkeypatch):
    monkeypatch.setattr(texts_pass, "BATCH_SIZE", 2)
    module = frozen(Bag(2, 5))
    network = TextClassifier(
        name="tiny",
        title="Tiny",
        architecture="tests: bag",
        module=module,
        weights=Weights.of(module.state_dict(), source="test"),
        classes=("ham", "spam"),
        fits="test",
        provenance=Provenance(source="test", licence="MIT"),
        trained=False,
        tokenizer=Tokenizer((*SPECIAL, "a", "b", "c"), longest=5),
    )
    contents = ("a b c a b", "a", "c b", "", "b b b")
    given = Texts({"test": contents}, {"test": np.array([0, 1, 0, 1, 0])})
    found = answers(network, given, "test")
    alone = torch.cat([module(padded([network.encode(text)])) for text in contents])
    np.testing.assert_allclose(found.logits, alone, rtol=1e-5, atol=1e-6)
    assert found.labels.tolist() == [0, 1, 0, 1, 0]
    assert found.indices.tolist() == [0, 1, 2, 3, 4]
