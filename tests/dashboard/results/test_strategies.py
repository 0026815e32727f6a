"""Ways to decide: which pictures are asked, and what is refused with its number."""

from __future__ import annotations

import dataclasses

import numpy as np

from dashboard.results import strategies


def test_the_labelled_pictures_of_the_class_are_asked(mlp):
    asked = strategies.subject(mlp)
    assert asked is not None and asked.refusal() == ""
    assert 100 < len(asked.of_class) <= strategies.MOST
    assert set(asked.labelled.labels[asked.of_class].tolist()) == {mlp.target}
    by_eigenvalues, three = (strategies.strategies(asked, settings) for settings in ({}, {"groups": "3"}))
    assert by_eigenvalues.key != three.key


def test_too_few_are_refused_with_the_number(mlp):
    asked = strategies.subject(mlp)
    assert asked is not None
    none = dataclasses.replace(asked.labelled, labels=np.full(2000, mlp.target + 1))
    refused = dataclasses.replace(asked, labelled=none).refusal()
    assert refused == f"There are 0 pictures of {mlp.title} here, and it takes 30."
