"""Words for small changes: what was found, what was tried, and nothing more."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.inspection.whatif.corruptions import CORRUPTIONS
from dashboard.inspection.whatif.margin import Decision
from dashboard.records.pictures import Prediction
from dashboard.records.whatif import Attacked, Harmless, How, RobustAccuracy, Trial
from dashboard.wording import attack

CAT, DOG = (
    Prediction(np.log(np.array(shares)), np.array(shares), ("cat", "dog", "owl"))
    for shares in ((0.9, 0.06, 0.04), (0.3, 0.6, 0.1))
)
NO_PICTURE = np.zeros((1, 2, 2), np.uint8)


def trial(how: How, found: bool, margin: float = 0.5, eps: int = 4) -> Trial:
    after = DOG if found else CAT
    return Trial(
        how, eps, found, NO_PICTURE, NO_PICTURE.astype(float), after, -1 if found else margin, 9, 0.1
    )


def attacked(
    *trials: Trial, smallest: int | None = None, failed: int = 0, flat: float | None = 0.0
) -> Attacked:
    least = None if smallest is None else trial("many steps", True, eps=smallest)
    return Attacked(4, 40, 10, 400, 2.0, trials, least, failed, flat, 1.0)


def test_what_was_found_is_said_with_both_answers():
    found = attacked(trial("one step", True), smallest=1)
    said = attack.finding("Net", CAT, found, Decision(0))
    assert (
        said == "A change of one level of 255 is enough: Net then says a dog (60 %), no longer a cat (90 %)."
    )
    assert "the least that these can hold" in attack.worth(found)
    more = attacked(trial("one step", True), smallest=3, failed=2)
    assert attack.finding("Net", CAT, more, Decision(0)).startswith("A change of 3 levels of 255 is enough")
    assert (
        "With 2 of 255, 10 restarts of 40 steps found none, which does not say that there is none"
        in attack.worth(more)
    )


def test_what_was_not_found_is_no_robustness():
    found = attacked(trial("one step", False), trial("many steps", False), trial("random search", False))
    assert attack.finding("Net", CAT, found, Decision(0)) == (
        "No change of at most 4/255 was found that makes the network say anything but a cat."
    )
    aimed = attack.finding("Net", CAT, found, Decision(2, holds=False))
    assert aimed.endswith("that makes the network say an owl.")
    assert attack.worth(found) == (
        "One step along the gradient, 10 restarts of 40 steps and a random search of 400 pictures found none. That is "
        "no robustness: another search may find one."
    )


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (attacked(trial("one step", True), trial("many steps", True)), "nothing hides it"),
        (
            attacked(trial("one step", False), trial("many steps", True)),
            "nothing speaks for a masked gradient",
        ),
        (attacked(trial("one step", True), trial("many steps", False)), "a sign that the gradient misleads"),
        (
            attacked(trial("one step", False), trial("many steps", False), trial("random search", True)),
            "the gradient is masked",
        ),
        (
            attacked(
                trial("one step", False), trial("many steps", False), trial("random search", False, 0.1)
            ),
            "A random search came nearer",
        ),
        (attacked(trial("one step", False, 0.1), trial("many steps", False)), "One step came nearer"),
        (attacked(trial("one step", False, 0.9), trial("many steps", False)), "as they should"),
        (
            attacked(trial("one step", False), trial("many steps", False), flat=1.0),
            "The gradient is 0 in 100 %",
        ),
        (attacked(trial("random search", False), flat=None), "a weak search"),
    ],
)
def test_a_masked_gradient_is_told_by_what_each_search_found(found, sentence):
    assert sentence in attack.masking(found)


def harmless(*firsts: int | None) -> Harmless:
    flipped = np.array([[first is not None and place >= first for place in range(5)] for first in firsts])
    names = tuple(CORRUPTIONS)[: len(firsts)]
    values = np.array([CORRUPTIONS[name].photos for name in names], float)
    shape = flipped.shape
    return Harmless(
        names,
        values,
        np.ones(shape, int),
        np.full(shape, 0.5),
        np.ones(shape, int),
        flipped,
        np.zeros((2, 1, 1, 3)),
    )


def test_which_everyday_change_loses_the_answer_first():
    assert attack.harmless(harmless(None, None), "it") == (
        "None of 2 everyday changes loses it in the five strengths that were tried."
    )
    assert (
        attack.harmless(harmless(3, 1), "it") == "Blur (deviation 2 px) loses it first, at strength 2 of 5."
    )
    both = attack.harmless(harmless(1, 1, None), "it")
    assert both == (
        "JPEG (quality 18) and Blur (deviation 2 px) lose it first, at strength 2 of 5; Brightness never does."
    )
    assert attack.labels(harmless(None, 4), ("cat", "dog"), "one of several")[1] == ["50 %"] * 4 + ["dog"]


def test_a_set_under_attack_is_told_with_its_interval():
    robust = RobustAccuracy(
        np.arange(3),
        np.array([190, 150, 100]),
        np.array([0.9, 0.7, 0.43]),
        np.array([0.97, 0.8, 0.57]),
        200,
        40,
        3,
        1.0,
    )
    said = attack.robustness(robust)
    assert "Of 200 test pictures 95.0 % are right as they are; for 50.0 % (43.0 % to 57.0 %)" in said
    assert "no change of at most 2/255" in said and said.endswith("A stronger search can only find more.")
