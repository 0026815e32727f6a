"""What every method for texts has in common: what is explained, how it is judged, and what is refused."""

from __future__ import annotations

import pytest
import torch

from dashboard.inspection.text import TEXT_METHODS
from dashboard.inspection.text.ablation import METHOD as ABLATION
from dashboard.inspection.text.attention import METHOD as ATTENTION
from dashboard.inspection.text.method import NO_WORDS
from dashboard.inspection.text.run import NOTHING_TO_HIDE, TextRequest, attribute
from dashboard.jobs import Cancelled
from tests.dashboard.inspection.text.words import SPAM, TOKENIZER, Additive, Biased, values

ADDITIVE = [method for method in TEXT_METHODS.values() if method is not ATTENTION]
names = pytest.mark.parametrize("method", ADDITIVE, ids=lambda method: method.name)


def found(network, text, method, target=SPAM, versus=None):
    request = TextRequest(target, versus, method.settings({}))
    return attribute(network, TOKENIZER.encode(text), method=method, request=request)


@names
def test_an_additive_network_gives_its_own_terms(method):
    record = found(Additive(), "free dear free now", method)
    assert values(record) == pytest.approx([1.5, -0.5, 1.5, 0.25], abs=1e-5)
    assert (record.method, record.explained, record.outcome.kind) == (method.name, 2.75, "clean")


@names
def test_held_against_another_class_the_lead_is_explained(method):
    record = found(Additive(), "free dear now", method, target=0, versus=SPAM)
    assert values(record) == pytest.approx([-1.5, 0.5, -0.25], abs=1e-5)
    assert record.explained == -1.25


@names
def test_equal_words_may_have_equal_values_and_one_word_has_one(method):
    assert values(found(Additive(), "free free", method)) == pytest.approx([1.5, 1.5], abs=1e-5)
    assert values(found(Additive(), "money", method)) == pytest.approx([1.0], abs=1e-5)


@names
def test_a_text_without_words_is_refused(method):
    record = found(Biased(), " \n", method)
    assert (record.outcome.kind, record.outcome.reason, record.parts) == ("refused", NO_WORDS, ())
    assert record.explained == 0.0


def test_a_text_of_which_no_word_is_known_is_refused():
    assert found(Biased(), "who is this", ABLATION).outcome.reason == NOTHING_TO_HIDE


def test_words_that_change_nothing_are_refused_as_constant():
    assert "no part of the text counts more" in found(Additive(), ". . who", ABLATION).outcome.reason


@names
def test_what_raises_ends_the_work_and_nothing_stays_behind(method):
    network = Biased()

    def end(share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        attribute(
            network,
            TOKENIZER.encode("free money"),
            method=method,
            request=TextRequest(SPAM, parameters=method.settings({})),
            progress=end,
        )
    assert not network._forward_pre_hooks and network.embedding.weight.grad is None
    assert torch.is_grad_enabled()
