"""What the check of every view calls wrong, and what it does not, in words and on the first screen."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pages import BOOKKEEPING, GRAMMAR, NOTATIONS, Inspector, kind_of, misworded

RIGHT = "A panda is seen at once."


def faults(line: str, headline: str = RIGHT) -> list[str]:
    return [kind_of(fault) for fault in misworded([line], headline, frozenset({"in_proj"}))]


@pytest.mark.parametrize(
    "line",
    [
        "It gives None for this",
        "a loss of NaN",
        "1.2e-05 of it",
        "run 20261130-135051-cnn is over",
        "97% sure",
        "12 KB of weights",
        "an error of 0.000012345",
        "{title} is sure",
        "the value of batch_size",
        "1 layers of it",
        "a apple",
        "a 8",
        "an panda",
        "an 7",
        "the the panda",
        "a panda , or not",
    ],
)
def test_what_nobody_should_read_is_found(line):
    assert faults(line) == ["words"]


@pytest.mark.parametrize(
    "line",
    [
        RIGHT,
        "None of its units is silent; NaN and infinity are counted",
        "97 % sure, 12 kB of weights, 1 layer, 1 class",
        "a unit of in_proj in notes_of_mine.csv",
        "an 8, an 11 and a 7",
        "1.23·10⁻⁵ of it ...",
    ],
)
def test_what_anybody_may_read_is_not(line):
    assert not faults(line)


def test_every_pattern_has_an_offence_of_its_own():
    """A pattern that finds nothing would keep everything out of sight."""
    assert len(NOTATIONS) == 8 and len(GRAMMAR) == 7


def test_a_headline_is_a_sentence_that_finds_something():
    assert faults(RIGHT, "") == faults(RIGHT, "The panda") == ["headline"]
    offences = (
        "150,528 numbers become one answer in 11 stages.",
        "The answer takes 265 layer calls.",
        "Weights are 0.8 times as wide as Kaiming's.",
        "2 of 3 layers are in the usual range.",
        "43 % of the time goes to outside the layers.",
        "This leaves an error of 1.41.",
        "Dividing the scores by 0.68 helps.",
        "Run 3 is over.",
    )
    assert len(offences) == len(BOOKKEEPING)
    assert all(faults(RIGHT, headline) == ["headline"] for headline in offences)


class Told(Inspector):
    """An inspector that is told what it would see."""

    def __init__(self, *drawings: dict[str, Any], presses: tuple[str, ...] = ()) -> None:
        self.answers = {"drawings": list(drawings), "presses": list(presses)}

    def ask(self, what: str, *given: Any) -> Any:
        return self.answers[what]

    def found(self) -> list[str]:
        return [kind_of(fault) for fault in self._first_screen()]


def test_a_view_without_anything_is_a_dead_end_unless_it_leads_on():
    assert Told().found() == ["dead end"]
    assert not Told(presses=("Start",)).found()


def test_one_picture_at_least_is_whole_on_the_first_screen():
    cut = {"kind": "chart", "whole": False, "top": 700, "bottom": 1100}
    table = cut | {"kind": "table", "whole": True}
    assert Told(cut).found() == Told(table, cut).found() == ["first screen"]
    assert not Told(cut, cut | {"whole": True}).found()
    assert not Told(table | {"whole": False}).found()
