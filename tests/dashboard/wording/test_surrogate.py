"""The sentences about a tree say what its numbers carry."""

from __future__ import annotations

import dataclasses

import numpy as np

from dashboard.inspection.surrogate.features import FEATURES
from dashboard.inspection.surrogate.reading import read
from dashboard.inspection.surrogate.tree import grow
from dashboard.records.surrogate import Surrogate
from dashboard.wording import surrogate as findings
from tests.dashboard.inspection.surrogate.pictures import Branches, black_and_white
from tests.networks import classifier

CLASSES = ("dark", "grey", "bright")


def imitated() -> Surrogate:
    readings = read(classifier(Branches()), black_and_white())
    return grow(readings, FEATURES["pixels"].of(readings, CLASSES))


def test_the_headline_states_fidelity_and_what_costs_nothing():
    found = imitated()
    nothing = round(100 * found.fidelity[0].held_out)
    assert findings.headline("Net (MNIST)", found, 2, CLASSES) == (
        "A tree of at most 2 questions answers like Net for 100 % of 100 pictures held out; always naming dark "
        f"would for {nothing} %."
    )
    one = round(100 * found.fidelity[1].held_out)
    assert findings.headline("Net", found, 1, CLASSES).startswith(
        f"This tree does not explain Net: a tree of one question answers like it for {one} % of 100 pictures held "
        "out, least for those it calls grey (0 %); always"
    )


def test_a_way_is_told_question_by_question_with_its_numbers():
    found = imitated()
    place = int(np.flatnonzero(found.readings.answers == 1)[0])
    values = FEATURES["pixels"].values(found.readings)
    way = list(dict.fromkeys(found.nodes[place].tolist()))
    counts = found.tree.counts[way]
    assert findings.steps(found.tree, way, values[place], CLASSES) == [
        f"ink at row 3, column 4 is 1.000, above 0.500: {counts[1].sum()} pictures are left, and the network calls "
        f"{100 * counts[1].max() / counts[1].sum():.0f} % of them {CLASSES[found.tree.classes[counts[1].argmax()]]}",
        f"ink at row 6, column 7 is 0.000, not above 0.500: {counts[2].sum()} pictures are left, and the network calls "
        "100 % of them grey",
    ]


def test_numbers_of_a_single_answer_do_not_break_a_sentence():
    found = imitated()
    changed = dataclasses.replace(found, nodes=found.nodes * 0)
    assert findings.headline("Net", changed, 10, CLASSES)
