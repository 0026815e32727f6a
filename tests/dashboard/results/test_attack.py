"""Attacks: what an address asks for, and what each result is of."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.inspection.whatif.margin import Decision
from dashboard.parameters import AIM, EPS, merge
from dashboard.results import attack


def test_what_is_aimed_at_is_another_class_of_the_network(cnn):
    winner = cnn.prediction.winner
    assert attack.aim(cnn, {}) is None
    assert attack.aim(cnn, merge({}, {AIM: winner})) is None
    assert attack.aim(cnn, merge({}, {AIM: 3})) == 3 and attack.aim(cnn, merge({}, {AIM: 99})) is None
    assert attack.decision(cnn, merge({}, {AIM: 3})) == Decision(3, holds=False)
    assert attack.decision(cnn, {}) == Decision(winner)


def test_no_level_is_no_search_and_each_search_is_its_own(cnn, mlp):
    assert attack.attacked(cnn, merge({}, {EPS: 0})) is None
    wanted = [
        attack.attacked(cnn, {}),
        attack.attacked(mlp, {}),
        attack.attacked(cnn, merge({}, {EPS: 8})),
        attack.attacked(cnn, merge({}, {AIM: 3})),
    ]
    assert len({one.key for one in wanted if one is not None}) == 4


def test_the_changed_picture_is_looked_at_by_the_same_network(mlp):
    wanted = attack.attacked(mlp, merge({}, {EPS: 1}))
    assert wanted is not None
    found = wanted.work(lambda _: None)
    changed = attack.changed_view(mlp, found.best)
    assert changed.seen.digest != mlp.seen.digest and changed.target == mlp.target
    assert np.array_equal(changed.prediction.logits, found.best.prediction.logits)
    assert np.abs(changed.seen.crop.astype(int) - mlp.seen.crop).max() <= 1


def test_a_set_is_attacked_where_there_is_one(mlp):
    assert attack.curve_refusal(mlp) == ""
    assert "Attacking" in attack.robustness(mlp).what


@pytest.mark.slow
def test_accuracy_under_attack_begins_with_the_networks_own(mlp):
    found = attack.robustness(mlp).work(lambda _: None)
    assert found.count == 200 and found.right[0] == 190 and (np.diff(found.right) <= 0).all()
