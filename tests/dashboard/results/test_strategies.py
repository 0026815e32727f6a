"""Ways to decide: which pictures are asked, and what is refused with its number."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np

from dashboard.results import strategies


def test_the_labelled_pictures_of_the_class_are_asked(mlp):
    asked = strategies.subject(mlp)
    assert asked is not None and asked.refusal() == ""
    assert 100 < len(asked.of_class) <= strategies.MOST
    assert set(asked.labelled.labels[asked.of_class].tolist()) == {mlp.target}
    by_eigenvalues, three = (strategies.strategies(asked, settings) for settings in ({}, {"groups": "3"}))
    assert by_eigenvalues.key != three.key


def test_the_first_set_with_enough_pictures_is_asked_or_the_one_with_most(mlp, monkeypatch):
    whole = strategies.subject(mlp)
    assert whole is not None

    def of(count):
        labels = np.r_[np.full(count, mlp.target), np.full(5, mlp.target + 1)]
        return lambda: SimpleNamespace(
            read=lambda classifier: dataclasses.replace(whole.labelled, labels=labels)
        )

    def asked(**counts):
        sets = {name: of(count) for name, count in counts.items()}
        monkeypatch.setattr(strategies, "available_sets", lambda model, classifier: sets)
        found = strategies.subject(mlp)
        return None if found is None else len(found.of_class)

    assert asked(train=300, validation=120, test=40) == 120
    assert asked(train=90, validation=20, test=40) == 90
    assert asked(test=3) == 3 and asked() is None


def test_too_few_are_refused_with_the_number(mlp):
    asked = strategies.subject(mlp)
    assert asked is not None
    none = dataclasses.replace(asked.labelled, labels=np.full(2000, mlp.target + 1))
    refused = dataclasses.replace(asked, labelled=none).refusal()
    assert refused == f"There are 0 pictures of {mlp.title} here, and it takes 30."
