"""The texts of a run: parted, and read by the words of what is learned from."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.runtime.progress import silent
from models.text.texts import LabelledTexts, Texts
from models.text.tokenizer import SPECIAL
from models.training import data, network, texts
from models.training.config import Config
from models.training.formats.texts import TextFormat

CPU = torch.device("cpu")
CONFIG = Config(model="text_bag", dataset="mails", validation=0.25)


@pytest.fixture
def small(monkeypatch):
    """Sixteen texts to learn from and two to test, in place of the mails."""
    kept = Texts(
        {"train": ("buy now now", "we meet") * 8, "test": ("buy", "we meet rarely")},
        {"train": np.array([1, 0] * 8), "test": np.array([1, 0])},
    )
    mails = LabelledTexts(
        "mails", "Mails", ("ham", "spam"), {"train": 16, "test": 2}, "MIT", "t", lambda _: kept
    )
    monkeypatch.setattr(texts, "TEXT_SETS", {"mails": mails})


def test_texts_are_parted_and_become_ids(small):
    loaded = data.load(CONFIG, CPU)
    assert loaded.test is not None
    assert (len(loaded.train), len(loaded.validation), len(loaded.test)) == (12, 4, 2)
    assert isinstance(loaded.format, TextFormat)
    assert loaded.format.tokenizer.vocabulary == (*SPECIAL, "buy", "meet", "now", "we")
    ids, targets = loaded.test.take(torch.tensor([1, 0]))
    assert ids.tolist() == [[5, 3, 1], [2, 0, 0]]
    assert targets.tolist() == [0, 1]
    known = data.facts(loaded)
    assert (known.title, known.fits, known.counts["train"]) == ("Mails", "mails", 12)


def test_a_batch_is_as_long_as_its_longest_text(small):
    loaded = data.load(CONFIG, CPU, silent)
    assert loaded.test is not None
    ids, _ = loaded.test.take(torch.tensor([0]))
    assert loaded.prepare(ids).tolist() == [[2]]
    assert texts.without_padding(torch.tensor([[0, 0], [0, 0]])).tolist() == [[0], [0]]
    assert texts.without_padding(torch.tensor([[3, 0, 4, 0], [5, 0, 0, 0]])).tolist() == [
        [3, 0, 4],
        [5, 0, 0],
    ]


def test_a_fresh_network_reads_them(small):
    loaded = data.load(CONFIG, CPU)
    module = network.build(CONFIG, loaded)
    assert module(loaded.prepare(loaded.train.take(torch.arange(3))[0])).shape == (3, 2)
