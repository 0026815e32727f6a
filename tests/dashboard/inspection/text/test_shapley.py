"""Shapley values against their definition, over every order of a short text."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from dashboard.inspection.text.method import TextTask
from dashboard.inspection.text.run import TextRequest, attribute
from dashboard.inspection.text.shapley import FEW_PARTS, METHOD, Settings, exact, sample
from models.runtime.randomness import fork_rng, read_states
from models.text.networks import TextCNN
from tests.dashboard.inspection.text.words import SPAM, TOKENIZER, Additive, Both, Strongest, errors, values


def by_every_order(task: TextTask) -> list[float]:
    """The definition: what each part adds, averaged over all orders, one text at a time."""
    count = len(task.parts)
    values = np.zeros(count)
    orders = list(itertools.permutations(range(count)))
    for order in orders:
        shown = torch.zeros(1, count, dtype=torch.bool)
        before = task.answers(shown).item()
        for part in order:
            shown[0, part] = True
            after = task.answers(shown).item()
            values[part] += (after - before) / len(orders)
            before = after
    return values.tolist()


def task_of(network, text: str) -> TextTask:
    return TextTask.of(network, TOKENIZER.encode(text), target=SPAM)


@pytest.mark.parametrize("build", [Strongest, Both, lambda: TextCNN(2, len(TOKENIZER))])
def test_exact_values_are_those_of_all_orders(build):
    with fork_rng(1):
        task = task_of(build().eval(), "free money free list")
    found = exact(task)
    assert values(found) == pytest.approx(by_every_order(task), abs=1e-6)
    assert errors(found) == [0.0] * 4


def test_words_that_say_the_same_share_it():
    assert values(exact(task_of(Strongest(), "free free"))) == [0.75, 0.75]


def test_an_additive_network_gives_its_own_terms():
    text = "free money now dear list . ! free money now dear list"
    found = sample(task_of(Additive(), text), 4)
    terms = [1.5, 1.0, 0.25, -0.5, -2.0, 0.0, 0.125, 1.5, 1.0, 0.25, -0.5, -2.0]
    assert values(found) == pytest.approx(terms, abs=1e-5)
    assert max(errors(found)) < 1e-6


def test_sampled_values_lie_within_their_errors_and_add_up():
    task = task_of(Strongest(), "free money now dear list !")
    truth = np.array(values(exact(task)))
    before = read_states()
    few, many = sample(task, 100), sample(task, 1000)
    assert read_states() == before
    for found in (few, many):
        assert (np.abs(values(found) - truth) <= 4 * np.array(errors(found)) + 1e-6).all()
        assert sum(values(found)) == pytest.approx(truth.sum(), rel=1e-6)
    # Ten times the orders, a third of the error.
    assert max(errors(many)) < max(errors(few)) / 2
    assert values(few) == values(sample(task, 100))


def test_an_error_is_that_of_the_mean_over_pairs():
    task = task_of(Strongest(), "free free")
    found = sample(task, 6)
    # An order and its reverse: either word comes first once, so every pair says the same.
    assert values(found) == [0.75, 0.75] and errors(found) == [0.0, 0.0]
    assert found.samples == 6


def test_how_it_is_found_is_told():
    short, long = "free " * FEW_PARTS, "free money " * FEW_PARTS
    request = TextRequest(SPAM, parameters=Settings(n_permutations=10))
    records = [
        attribute(Strongest(), TOKENIZER.encode(text), method=METHOD, request=request)
        for text in (short, long)
    ]
    assert [record.samples for record in records] == [0, 10]
    assert max(errors(records[0])) == 0 < max(errors(records[1]))
    assert all(record.outcome.measures["completeness gap"] < 1e-6 for record in records)
