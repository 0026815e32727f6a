"""A network for texts: its key tells tokenizers apart, and batches are filled up."""

from __future__ import annotations

import dataclasses

from models.classifier import Provenance, Weights, frozen
from models.text.classifier import TextClassifier, padded
from models.text.networks import Bag
from models.text.tokenizer import SPECIAL, Tokenizer

KNOWN = Tokenizer((*SPECIAL, "a", "b"), longest=3)


def test_another_vocabulary_is_another_network():
    module = frozen(Bag(2, 4))
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
        tokenizer=KNOWN,
    )
    assert (network.reads, network.sealed, network.network) == ("text", "", module)
    assert network.encode("b a").ids.tolist() == [3, 2]
    other = dataclasses.replace(network, tokenizer=Tokenizer((*SPECIAL, "b", "a"), longest=3))
    assert other.key != network.key
    assert dataclasses.replace(network, name="other").key == network.key


def test_batches_are_filled_up():
    assert padded([KNOWN.encode("a b a b"), KNOWN.encode("b"), KNOWN.encode("")]).tolist() == [
        [2, 3, 2],
        [3, 0, 0],
        [0, 0, 0],
    ]
    assert padded([KNOWN.encode("")]).shape == (1, 1)
