"""Integrated Gradients of networks whose integrals are known, and that it adds up."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.inspection.attribution.outcome import MARKED_GAP
from dashboard.inspection.text.attention import attention_heads
from dashboard.inspection.text.integrated_gradients import BASELINES, METHOD, Settings
from dashboard.inspection.text.run import TextRequest, attribute
from models.kinds import TEXT
from models.networks import find_network, on_board
from models.runtime.progress import silent
from models.runtime.randomness import fork_rng
from models.text.classifier import TextClassifier
from models.text.networks import Bag, TextCNN, Transformer
from tests.dashboard.inspection.text.words import SPAM, TOKENIZER, WORTH, Additive, Biased, Both, values

WORDS = "free money now! dear list free"


def found(network, text=WORDS, baseline="unk"):
    return attribute(
        network,
        TOKENIZER.encode(text),
        method=METHOD,
        request=TextRequest(SPAM, parameters=Settings(baseline=baseline)),
    )


def test_of_a_linear_model_it_is_weight_times_count():
    record = found(Additive(), "free money free free")
    words = TOKENIZER.encode("free money free free").words
    for word in ("free", "money"):
        places = [place for place, other in enumerate(words) if other == word]
        assert np.array(values(record))[places].sum() == pytest.approx(WORTH[word] * len(places), rel=1e-6)
    # Equal words keep a value for each of their places.
    assert values(record) == pytest.approx([1.5, 1.0, 1.5, 1.5], rel=1e-6)
    assert record.outcome.kind == "clean"


def test_of_a_square_each_word_gets_its_share_of_the_whole():
    # On the straight way all words grow alike, so each gets worth times sum.
    record = found(Both(), "free money now")
    assert values(record) == pytest.approx([2.75 * worth for worth in (1.5, 1.0, 0.25)], rel=1e-5)


@pytest.mark.parametrize("build", [Bag, TextCNN, Transformer])
def test_it_adds_up_to_a_thousandth(build):
    with fork_rng(0):
        network = build(2, len(TOKENIZER)).eval()
    record = found(network)
    assert record.outcome.measures["completeness gap"] < 1e-3
    assert sum(values(record)) == pytest.approx(record.explained - (record.nothing or 0), rel=1e-3)
    assert record.baseline == "<unk>"


def test_padding_as_a_baseline_is_judged_by_the_networks_own_answer_to_it():
    # The words add up to 2 on a way that never leaves the mask of the text; without words the network says 2 less.
    record = found(Biased(), "free now now", baseline="pad")
    assert record.nothing == 0.0 and record.explained == 4.0
    assert record.outcome.kind == "refused" and record.values is None
    assert record.outcome.measures["completeness gap"] == pytest.approx(0.5, rel=1e-5)
    whole = found(Biased(), "free now now")
    assert whole.outcome.kind == "clean" and sum(values(whole)) == pytest.approx(2.0)


def test_where_padding_is_nothing_it_is_a_baseline_as_good_as_any():
    record = found(Additive(), baseline="pad")
    assert (record.baseline, record.outcome.kind) == ("<pad>", "clean")
    assert values(record) == pytest.approx(values(found(Additive())), abs=1e-6)


@pytest.mark.parametrize("name", on_board(TEXT))
def test_networks_that_ship_add_up_and_padding_shows_where_it_is_read_otherwise(name):
    network = find_network(name).load(silent)
    assert isinstance(network, TextClassifier)
    tokens = network.encode("Dear friend, click here to claim your free money now! It is guaranteed.")
    gaps = [
        attribute(
            network.network, tokens, method=METHOD, request=TextRequest(SPAM, parameters=Settings(word))
        ).outcome.measures["completeness gap"]
        for word in BASELINES
    ]
    assert gaps[0] < 1e-3
    # Without a word a transformer's mean has nothing in it; behind the text's mask padding has its places.
    if attention_heads(network.network, tokens).weights is not None:
        assert gaps[1] > MARKED_GAP
