"""How a run reads texts."""

from __future__ import annotations

from typing import Any

from models.classifier import Provenance, Weights
from models.text import TEXT_ARCHITECTURES
from models.text.classifier import TextClassifier
from models.text.tokenizer import SPECIAL, Tokenizer
from models.training.formats.texts import TextFormat

KNOWN = TextFormat(Tokenizer((*SPECIAL, "a", "b"), longest=3))


def test_survives_json():
    assert TextFormat.from_json(KNOWN.to_json()) == KNOWN


def test_a_network_has_a_vector_for_each_word():
    module: Any = KNOWN.build(TEXT_ARCHITECTURES["text_bag"], 3, dropout=0.25)
    assert (module.embedding.num_embeddings, module.head.out_features) == (4, 3)
    assert module.dropout.p == 0.25
    KNOWN.check(module, "Bag")
    network = KNOWN.network(
        name="run:x",
        title="x",
        architecture="tests: bag",
        module=module,
        weights=Weights.of(module.state_dict(), source="test"),
        classes=("a", "b", "c"),
        fits="mails",
        provenance=Provenance(source="test", licence="MIT"),
        trained=True,
    )
    assert isinstance(network, TextClassifier)
    assert network.tokenizer is KNOWN.tokenizer
