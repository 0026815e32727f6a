"""Concepts: which pictures and layers are asked, and what is refused with its number."""

from __future__ import annotations

import dataclasses

import numpy as np

from dashboard.inspection.whatif.concepts import FEWEST_OF_CLASS
from dashboard.results import concepts
from dashboard.results.concepts import OF_CLASS


def test_the_test_pictures_of_the_class_are_asked(mlp, cnn):
    asked = concepts.subject(cnn)
    assert asked is not None and asked.refusal() == ""
    assert len(asked.of_class) == OF_CLASS
    assert {int(asked.labelled.labels[place]) for place in asked.of_class} == {cnn.target}
    calls = asked.calls
    assert 1 <= len(calls) <= concepts.LAYERS and len({call.name for call in calls}) == len(calls)
    other = concepts.subject(mlp)
    assert other is not None and concepts.concepts(other).key != concepts.concepts(asked).key
    one = concepts.subject(cnn, ["upload:1"])
    assert one is not None and concepts.concepts(one).key != concepts.concepts(asked).key


def test_too_few_pictures_are_refused_with_the_number(cnn):
    asked = concepts.subject(cnn, ["upload:1"] * 5)
    assert asked is not None and asked.refusal() == "You dropped 5 pictures, and a concept takes 30."
    few = dataclasses.replace(asked.labelled, labels=np.full(2000, cnn.target + 1))
    assert dataclasses.replace(asked, labelled=few, own=()).refusal() == (
        f"There are 0 pictures of {cnn.title} here, and it takes {FEWEST_OF_CLASS}."
    )
    alone = dataclasses.replace(asked.labelled, labels=np.full(2000, cnn.target))
    assert (
        "There are 0 pictures of other classes"
        in dataclasses.replace(asked, labelled=alone, own=()).refusal()
    )
