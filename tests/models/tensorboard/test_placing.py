"""What curves count, and epochs on the steps at which they ended."""

from __future__ import annotations

import numpy as np

from models.tensorboard.placing import place
from models.tensorboard.series import EPOCH, ORDER, STEP, Curve


def curve(steps, walls=None, *, tag="loss", session=0) -> Curve:
    steps = np.array(steps, np.int64)
    walls = np.zeros(steps.size) if walls is None else np.array(walls, float)
    return Curve(tag, "", "", session, steps, np.zeros(steps.size), walls)


def placed(*curves) -> list[tuple[str, list[int]]]:
    return [(one.unit, one.positions.tolist()) for one in place(curves)]


TRAIN = curve(range(1000), np.arange(1000))


def test_epochs_are_put_on_the_last_step_before_they_were_logged():
    each = [99.5 + 100 * epoch for epoch in range(10)]
    expected = [99, 199, 299, 399, 499, 599, 699, 799, 899, 999]
    assert placed(TRAIN, curve(range(10), each))[1] == (STEP, expected)
    assert placed(TRAIN, curve(range(1, 11), each))[1] == (STEP, expected)
    assert placed(TRAIN, curve(range(4, 10), each[4:]))[1] == (STEP, expected[4:])
    assert placed(curve([*range(0, 1000, 50)], [*range(0, 1000, 50)]), curve(range(10), each))[1] == (
        STEP,
        [50, 150, 250, 350, 450, 550, 650, 750, 850, 950],
    )


def test_every_second_epoch_and_epochs_of_three_steps():
    each = [199.5 + 200 * epoch for epoch in range(5)]
    assert placed(TRAIN, curve([1, 3, 5, 7, 9], each))[1] == (STEP, [199, 399, 599, 799, 999])
    short = curve(range(30), np.arange(30))
    assert placed(short, curve(range(10), 2.5 + 3 * np.arange(10)))[1] == (STEP, [*range(2, 30, 3)])


def test_epochs_that_were_logged_at_the_end_have_an_axis_of_their_own():
    assert placed(TRAIN, curve(range(10), 1000 + np.arange(10))) == [
        (STEP, [*range(1000)]),
        (EPOCH, [*range(10)]),
    ]


def test_where_times_tell_nothing_the_numbers_do():
    assert placed(curve(range(100)), curve(range(10)))[1] == (EPOCH, [*range(10)])
    assert placed(curve(range(100)), curve([10, 20, 30]))[1] == (STEP, [10, 20, 30])
    assert placed(curve(range(20)), curve(range(10)))[1] == (STEP, [*range(10)])
    assert placed(curve(range(100)), curve(range(10), tag="other"))[1] == (STEP, [*range(10)])


def test_a_curve_by_step_stays_where_it_is():
    every = curve([0, 100, 200, 300], [0, 100, 200, 300])
    assert placed(TRAIN, every)[1] == (STEP, [0, 100, 200, 300])
    late = curve([100, 200], [350, 700])  # whoever tests is slower than whoever trains
    assert placed(TRAIN, late)[1] == (STEP, [100, 200])
    first = curve(range(10), np.arange(10))  # it was logged at the first steps alone
    assert placed(TRAIN, first)[1] == (STEP, [*range(10)])


def test_a_tag_that_says_epoch_counts_them():
    assert placed(curve(range(5), tag="epoch_loss")) == [(EPOCH, [*range(5)])]
    each = 99.5 + 100 * np.arange(10)
    assert placed(TRAIN, curve(range(10), each, tag="epoch_loss"))[1] == (STEP, [*range(99, 1000, 100)])


def test_without_steps_there_is_an_order():
    assert placed(curve([0] * 50)) == [(ORDER, [*range(50)])]
    assert placed(curve([0]), curve([]), curve([7, 7])) == [(STEP, [0]), (STEP, []), (STEP, [7, 7])]


def test_sessions_are_placed_by_themselves():
    again = curve(range(200), 2000 + np.arange(200), session=1)
    epochs = curve(range(2), 2099.5 + 100 * np.arange(2), session=1)
    assert placed(TRAIN, again, epochs)[2] == (STEP, [99, 199])


def test_steps_of_any_size_are_drawn():
    huge = curve([-(2**63), -3, 0, 2**53 + 1, 2**63 - 1], range(5))
    assert placed(huge, curve([0, 1], [1, 2]))[0] == (STEP, huge.steps.tolist())
