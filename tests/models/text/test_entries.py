"""The networks for texts that ship: each loads as what it says, and is no better than it says."""

from __future__ import annotations

import pytest

from models.kinds import TEXT
from models.networks import find_network, on_board
from models.runtime.progress import silent
from models.text import TEXT_ARCHITECTURES, TEXT_SETS
from models.text.classifier import TextClassifier, padded
from models.text.entries import entries, file_of


def test_every_architecture_has_its_weights():
    assert [entry.name for entry in entries()] == list(on_board(TEXT)) == list(TEXT_ARCHITECTURES)
    assert all(file_of(name).stat().st_size < 1_500_000 for name in TEXT_ARCHITECTURES)


@pytest.mark.parametrize("name", TEXT_ARCHITECTURES)
def test_an_entry_loads_what_it_says(name):
    entry = find_network(name)
    network = entry.load(silent)
    assert isinstance(network, TextClassifier)
    assert (network.name, network.title, network.fits) == (entry.name, entry.title, entry.fits)
    assert network.trained and not network.module.training
    assert network.classes == TEXT_SETS[network.fits].classes
    assert network.provenance.accuracy is not None and network.provenance.accuracy > 0.95
    ids = padded([network.encode("Dear friend, click <url> to claim $1,000,000 now!!!")])
    answer = network.module(ids).softmax(1)
    assert network.classes[int(answer.argmax())] == "spam"
