"""What if: the painted picture, or the least that suffices for the answer."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from dashboard.parameters import CURVE, EPS, MASK, REGION, WHAT, merge
from dashboard.records.mask import write_cells
from dashboard.records.whatif import RobustAccuracy
from dashboard.report.chapters import whatif
from dashboard.report.contents import Bars, Chart, Pictures, Words
from dashboard.results import attack as attacks
from tests.dashboard.report.chapters.built import built, subject


def about(**changes):
    whole = subject()
    selection = dataclasses.replace(whole.view.selection, **changes)
    return dataclasses.replace(whole, view=dataclasses.replace(whole.view, selection=selection))


def test_what_was_painted_is_shown_with_its_answer():
    cells = np.ones((28, 28), bool)
    section = built("what_if", about(parameters=merge({}, {MASK: write_cells(cells), REGION: "changes"})))
    assert section.finding.startswith("Without all of the picture, MLP 784-128-64-10 ")
    (pictures,) = [block for block in section.blocks if isinstance(block, Pictures)]
    assert [picture.title for picture in pictures.items] == ["As it is", "Changed"]
    (bars,) = [block for block in section.blocks if isinstance(block, Bars)]
    assert all("before" in bar.label for bar in bars.items)
    assert "p.mask=" in section.address and "superpixel" in section.provenance[0][1]


def test_where_nothing_was_painted_it_is_what_suffices():
    section = built("what_if")
    assert "to keep the answer" in section.finding or "Nothing of the picture is needed" in section.finding


def test_an_attack_is_told_with_what_was_tried_and_beside_what_everyday_does():
    section = built("what_if", about(parameters=merge({}, {WHAT: "attack", EPS: 1})))
    said = " ".join(section.texts())
    assert (
        section.finding == "No change of at most 1/255 was found that makes the network say anything but 7."
    )
    assert "That is no robustness" in said and "of 5" in said
    (pictures,) = [block for block in section.blocks if isinstance(block, Pictures)]
    assert [picture.title for picture in pictures.items][::2] == ["As it is", "What came nearest"]
    assert "10 restarts of 40 steps" in section.provenance[0][1]


def test_a_set_under_attack_is_told_where_it_was_asked_for(monkeypatch):
    robust = RobustAccuracy(
        np.arange(9), np.arange(9)[::-1], np.zeros(9), np.ones(9), count=10, steps=40, restarts=3, seconds=1.0
    )
    monkeypatch.setattr(attacks, "robustness", lambda view: robust)
    shown = whatif._set_under_attack(about(parameters=merge({}, {CURVE: True})).view, lambda result: result)
    assert [type(block) for block in shown] == [Words, Chart]
    assert whatif._set_under_attack(about().view, lambda result: result) == ()


@pytest.mark.slow
def test_concepts_are_told_beside_random_ones():
    section = built("what_if", about(parameters=merge({}, {WHAT: "concepts"})))
    assert "for 7" in section.finding
    assert "399 random concepts" in section.provenance[0][1]


@pytest.mark.slow
def test_ways_to_decide_are_told_with_their_mean_maps():
    section = built("what_if", about(parameters=merge({}, {WHAT: "strategies"})))
    assert "decides for 7 in" in section.finding
    (pictures,) = [block for block in section.blocks if isinstance(block, Pictures)]
    assert pictures.items[0].caption.startswith("Group 1: ")
