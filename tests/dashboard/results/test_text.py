"""Results of a text: what tells them apart, that the text is in no key, and what their work gives."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from dashboard.inspection.text import TEXT_METHODS
from dashboard.results import text as results
from models.runtime.randomness import fork_rng
from models.text.networks import Bag
from models.text.texts import LabelledTexts, Texts
from tests.dashboard.inspection.text.words import CLASSES, SPAM, TOKENIZER, Additive, text_classifier, values

TEXT = "free money dear"
NETWORK = text_classifier(Additive())
METHOD = next(iter(TEXT_METHODS.values()))


@pytest.fixture
def bag():
    with fork_rng(0):
        return text_classifier(Bag(2, len(TOKENIZER)))


def labelled(train: tuple[str, ...], test: tuple[str, ...]) -> LabelledTexts:
    spam = {
        split: np.array(["free" in text for text in texts]).astype(int)
        for split, texts in (("train", train), ("test", test))
    }
    content = Texts({"train": train, "test": test}, spam)
    return LabelledTexts(
        name="letters",
        title="Letters",
        classes=CLASSES,
        counts={"train": len(train), "test": len(test)},
        licence="CC0",
        source="test",
        load=lambda _: content,
    )


def test_the_first_answer_is_explained_unless_another_is_chosen():
    subject = results.subject(NETWORK, TEXT)
    assert (subject.target, subject.prediction.winner) == (SPAM, SPAM)
    assert results.subject(NETWORK, TEXT, target=0, versus=SPAM).target == 0


def test_keys_tell_results_apart_and_hold_no_text():
    settings = METHOD.settings({})
    subjects = [
        results.subject(NETWORK, TEXT),
        results.subject(NETWORK, TEXT + "!"),
        results.subject(NETWORK, TEXT, target=0),
        results.subject(NETWORK, TEXT, versus=0),
    ]
    keys = [results.attribution(subject, METHOD, settings).key for subject in subjects]
    assert len(set(keys)) == len(subjects) and "money" not in repr(keys)
    every = [
        results.attribution(subjects[0], method, method.settings({})) for method in TEXT_METHODS.values()
    ]
    makers = (results.attention, results.redundancy, results.turning)
    others = [maker(subjects[0]) for maker in makers]
    assert len({result.key for result in (*every, *others)}) == len(TEXT_METHODS) + len(makers)
    assert results.attribution(results.subject(NETWORK, TEXT), METHOD, settings).key == keys[0]


@pytest.mark.parametrize("method", TEXT_METHODS.values(), ids=TEXT_METHODS)
def test_the_work_is_the_methods(method):
    record = results.attribution(results.subject(NETWORK, TEXT), method, method.settings({})).work(
        lambda _: None
    )
    assert record.method == method.name
    assert record.outcome.kind == "refused" or values(record) == pytest.approx([1.5, 1.0, -0.5], abs=1e-5)


def test_words_change_turn_and_stand_in_for_each_other():
    subject = results.subject(NETWORK, TEXT)
    assert results.change(subject, {0: "list", 1: None}).after.logits[SPAM] == -2.5
    assert results.redundancy(subject).work(lambda _: None).share == 1.0
    assert results.turning(subject).work(lambda _: None).places == (0, 1)
    assert results.attention(subject).work(lambda _: None).weights is None


def test_a_pool_goes_over_all_splits():
    pool = results.TextPool.of(labelled(("free", "dear"), ("money",)))
    assert pool.texts == ("free", "dear", "money")
    assert pool.labels.tolist() == [1, 0, 0] and pool.held_out.tolist() == [False, False, True]
    assert [pool.place(row) for row in range(3)] == [("train", 0), ("train", 1), ("test", 0)]


def test_the_nearest_are_others_and_a_tree_names_the_word(bag):
    train = ("free money now", "free now", "dear list", "list .", "money now") * 8
    letters = labelled(train, ("free list", "dear money", "now ! list", "free .") * 8)
    pool = results.TextPool.of(letters)
    features = results.features(bag, letters).work(lambda _: None)
    subject = results.subject(bag, "free now")
    near = results.nearest(subject, pool, features)
    assert len(near.rows) == results.NEAREST and (np.diff(near.distances) >= 0).all()
    assert all(pool.texts[row] != "free now" for row in near.rows)
    tree = results.tree(bag, pool, features).work(lambda _: None)
    assert tree.held_out == 32 and tree.fidelity[-1].grown >= tree.fidelity[0].grown
    assert results.path(subject, tree).tolist() == tree.nodes[pool.texts.index("free now")].tolist()


def test_no_tree_is_grown_where_nothing_was_learned(bag):
    letters = labelled(("free", "dear") * 8, ("free", "dear"))
    pool = results.TextPool.of(letters)
    features = results.features(bag, letters).work(lambda _: None)
    sentence = results.tree_refusal(dataclasses.replace(bag, trained=False), pool, features)
    assert sentence is not None and "untrained" in sentence and "texts" in sentence
