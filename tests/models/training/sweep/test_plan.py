"""What a sweep does."""

from __future__ import annotations

import pytest

from models.runtime.errors import UserError
from models.training.config import Config
from models.training.runs import SWEEP
from models.training.sweep import plan as plans
from models.training.sweep.axis import parse
from models.training.sweep.plan import Plan

AXES = (parse("dropout=0,0.2,0.5"), parse("epochs=2..4"))


def test_a_grid_has_no_more_trials_than_combinations():
    assert Plan(AXES, trials=40, strategy="grid").count == 9
    assert Plan(AXES, trials=5, strategy="grid").count == 5
    assert Plan(AXES, trials=40, strategy="each").count == 5
    assert Plan(AXES, trials=40).count == 40


def test_rungs_grow_by_the_factor_and_end_before_the_last_epoch():
    assert Plan(AXES, halving=3).rungs(10) == (1, 3, 9)
    assert Plan(AXES, halving=3).rungs(9) == (1, 3)
    assert Plan(AXES, halving=2, first_rung=3).rungs(13) == (3, 6, 12)
    assert Plan(AXES, halving=0).rungs(100) == ()


def test_values_become_settings_of_a_run():
    assert Plan(AXES).apply_to(Config(model="mlp"), {"dropout": 0.2}) == Config(model="mlp", dropout=0.2)


def test_comes_back_from_its_folder(create_run):
    plan = Plan(AXES, trials=7, strategy="tpe", seed=3, halving=4, first_rung=2, parallel=2)
    run = create_run()
    from models.runtime import files

    files.write_json(run.path / SWEEP, plan.to_json())
    assert plans.read(run.path) == plan
    (run.path / SWEEP).write_text('{"axes": 3}')
    with pytest.raises(UserError, match="damaged; start the sweep anew"):
        plans.read(run.path)


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"axes": ()}, "at least one setting"),
        ({"axes": (AXES[0], AXES[0])}, "varies a setting once"),
        ({"strategy": "hope"}, "choose one of random, grid, tpe"),
        ({"trials": 0}, "between 1 and 1,000"),
        ({"halving": 1}, "0, which gives no trial up, or 2"),
    ],
)
def test_says_what_cannot_be(changes, part):
    with pytest.raises(UserError) as refusal:
        Plan(**{"axes": AXES, **changes})
    assert part in str(refusal.value)
