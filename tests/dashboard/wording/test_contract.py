"""What is known of a network, in exact words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.wording.contract import (
    BY_BATCH,
    COLLAPSED,
    FOREIGN,
    RANDOM,
    UNTRAINED,
    assumptions,
    cautions,
    doubts,
    entries,
    explained,
    sealed,
    tally,
)
from models.contract import Contract
from models.meaning import TOLD, Claims
from models.preprocessing import Preprocessing

STEADY = Contract((3, 32, 32), outputs=3)
READS = Preprocessing((32, 32), 40, (0.5,) * 3, (0.25,) * 3)


@pytest.mark.parametrize(
    ("contract", "trained", "foreign", "found"),
    [
        (STEADY, True, False, []),
        (STEADY, False, True, [UNTRAINED, FOREIGN]),
        (replace(STEADY, repeated=0.2, batched=0.2), True, False, [RANDOM]),
        (replace(STEADY, batched=0.2), True, False, [BY_BATCH]),
        (replace(STEADY, moved=0.0), True, False, [COLLAPSED]),
    ],
)
def test_what_speaks_against_an_answer(contract, trained, foreign, found):
    assert doubts(contract, trained=trained, foreign=foreign) == found


def test_what_must_be_known_everywhere_is_said_with_its_number():
    assert cautions(STEADY) == []
    (random,) = cautions(replace(STEADY, repeated=0.123))
    assert "two passes over the same picture differ by 12 % of the spread of its scores" in random
    (by_batch,) = cautions(replace(STEADY, batched=0.34))
    assert "depends on the rest of the batch" in by_batch and "34 %" in by_batch
    (rewritten,) = cautions(replace(STEADY, rewritten=("a.mean", "a.var", "b.mean", "b.var")))
    assert "(a.mean, a.var and 2 more)" in rewritten
    assert cautions(replace(STEADY, saturated=True, final="softmax")) == []
    assert "exactly 0 or 1" in cautions(replace(STEADY, saturated=True))[0]


def test_each_entry_has_its_ground():
    claims = Claims(size="said by a person", normalisation="assumed", classes="assumed")
    rows = {row.what: row for row in entries(STEADY, claims, READS, ("a", "b", "c"))}
    assert rows["Size"].found == "32 x 32 px, the middle of a picture whose shorter side has 40"
    assert rows["It gives"].found == "3 numbers a picture"
    assert rows["Names"].found == "a, b and 1 more"
    assert [rows[what].basis for what in ("It reads", "Size", "Normalisation", "They mean", "Names")] == [
        "measured",
        "said by a person",
        "assumed",
        "assumed",
        "assumed",
    ]
    assert assumptions(list(rows.values())) == (
        "Assumed, because the file does not tell: the usual normalisation, that its numbers are scores of classes, the "
        "names of classes."
    )
    assert assumptions(entries(replace(STEADY, basis="measured"), TOLD, READS, ("a",))) == ""
    assert tally(list(rows.values())) == "4 measured, 1 said by a person, 3 assumed"


def test_a_network_of_its_own_habits_says_them():
    odd = replace(
        STEADY,
        member="['logits']",
        rows=False,
        writes_input=True,
        rewritten=("n",),
        gradient=False,
        obstacle="cut",
    )
    said = " | ".join(row.found for row in entries(odd, TOLD, READS, ("a",)))
    assert "3 numbers a picture, found at ['logits'] of what comes out, put into rows" in said
    assert "it is given a copy" in said and "a pass changes 1: n" in said
    assert "does not reach the picture: cut" in said


def test_how_pictures_are_made_those_that_it_reads_is_said():
    contract = replace(STEADY, channels_last=True, takes="float64", dtype="float64")
    rows = {row.what: row for row in entries(contract, TOLD, READS, "abc")}
    axes, numbers = rows["Order of its axes"], rows["Its numbers"]
    assert axes.found == "height, width, channels: pictures are turned to that before they go in"
    assert (
        numbers.found
        == "it reads float64, to which pictures are converted; it gives float64, shown as float32"
    )
    assert axes.basis == numbers.basis == "measured"
    assert not {"Order of its axes", "Its numbers"} & {
        row.what for row in entries(STEADY, TOLD, READS, "abc")
    }


def test_what_a_small_first_layer_does_is_assumed_until_it_is_said():
    claims = Claims(stem="steps of 1 px, and no pooling", stemmed="assumed")
    rows = entries(STEADY, claims, READS, "abc")
    assert next(row.found for row in rows if row.what == "Its first layer") == (
        "3 x 3, steps of 1 px, and no pooling"
    )
    assert "what its first layer does (steps of 1 px, and no pooling)" in assumptions(rows)
    assert "first layer" not in assumptions(
        entries(STEADY, replace(claims, stemmed="said by a person"), READS, "abc")
    )


def test_which_of_several_rows_is_meant_is_assumed_until_it_is_said():
    several = replace(STEADY, member="[0]", rivals=("[1]",), basis="measured")
    (entry,) = [row for row in entries(several, TOLD, READS, ("a",)) if row.what == "It gives"]
    assert (entry.found, entry.basis) == (
        "3 numbers a picture, found at [0] of what comes out; [1] may be meant as well",
        "assumed",
    )
    assert assumptions([entry]).endswith("that its scores stand at [0], not at [1].")
    (said,) = [row for row in entries(several, Claims(member="[0]"), READS, ("a",)) if row.what == "It gives"]
    assert said.basis == "said by a person"


def test_what_a_map_explains():
    shares = replace(STEADY, meaning="probabilities")
    assert explained(STEADY) == "the class's score before the softmax (its logit)"
    assert explained(shares).startswith("the logarithm of the class's probability")
    assert explained(replace(shares, final="softmax")) == explained(STEADY)
    assert explained(replace(STEADY, meaning="values")) == "the value itself"


def test_scores_that_are_not_finite_are_counted_wherever_it_answers():
    (sentence,) = cautions(replace(STEADY, unfinished=0.2))
    assert sentence == (
        "Of the scores of a trial on photos, 20 % were infinite or not numbers; nothing is made of those."
    )


def test_what_more_channels_hold_is_said():
    reads = READS.with_planes("rgb1")
    (entry,) = [row for row in entries(STEADY, TOLD, reads, ("a", "b", "c")) if row.what == "Its channels"]
    assert entry.found == "hold red, green, blue and ones"


def test_a_network_without_layers_is_named_with_the_reason():
    said = sealed("tiny (ONNX), checkpoint 6e7f34", "ONNX Runtime computes it")
    assert said == "No layer of tiny can be looked at: ONNX Runtime computes it."
