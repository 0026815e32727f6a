"""What a method for texts is given: its settings, and answers with parts hidden."""

from __future__ import annotations

import pytest
import torch

from dashboard.inspection.text import TEXT_METHODS
from dashboard.inspection.text.method import TextTask
from dashboard.inspection.text.shapley import METHOD as SHAPLEY
from dashboard.inspection.text.shapley import Settings
from models.runtime.errors import UserError
from tests.dashboard.inspection.text.words import SPAM, TOKENIZER, Biased


def test_hidden_parts_are_read_as_unknown_words():
    tokens = TOKENIZER.encode("free money now")
    task = TextTask.of(Biased(), tokens, target=SPAM)
    shown = torch.tensor([[True, True, True], [True, False, True], [False, False, False]])
    assert task.answers(shown).tolist() == [4.75, 3.75, 2.0]


def test_a_sentence_is_hidden_as_one():
    tokens = TOKENIZER.encode("free money. now dear")
    task = TextTask.of(Biased(), tokens, target=SPAM, parameters=Settings(units="sentences"))
    assert task.part_of.tolist() == [0, 0, 0, 1, 1]
    assert task.answers(torch.tensor([[True, False], [False, True]])).tolist() == [4.5, 1.75]


def test_settings_are_read_from_an_address():
    assert SHAPLEY.settings({"units": "sentences", "other": "1"}) == Settings(units="sentences")
    with pytest.raises(UserError, match="Parts can be words, sentences"):
        SHAPLEY.settings({"units": "letters"})


@pytest.mark.parametrize("method", TEXT_METHODS.values(), ids=TEXT_METHODS)
def test_every_method_says_what_it_is(method):
    assert method.question.endswith("?") and method.reading.endswith(".")
    assert method.paper.link.startswith("https://") and method.formula
    assert method.texts(method.settings({}), 12) >= 1
