"""What a sweep varies."""

from __future__ import annotations

import pytest

from models.runtime.errors import UserError
from models.training.sweep.axis import Axis, parse, sweepable


def test_a_range_in_equal_ratios():
    axis = parse("learning_rate=1e-4..0.1:log:4")
    assert axis.grid() == (0.0001, 0.001, 0.01, 0.1)
    assert (axis.at(0.0), axis.at(0.5), axis.at(1 - 1e-12)) == (0.0001, 0.00316, 0.1)


def test_whole_numbers_have_equal_shares_and_both_ends():
    axis = parse("epochs=2..5")
    found = [axis.at(number / 4000) for number in range(4000)]
    assert {value: found.count(value) for value in set(found)} == {2: 1000, 3: 1000, 4: 1000, 5: 1000}
    assert axis.grid() == (2, 3, 4, 5)
    assert all(type(value) is int for value in axis.grid())


def test_values_by_name():
    axis = parse("optimizer=adam, sgd")
    assert axis.grid() == ("adam", "sgd")
    assert [axis.at(place) for place in (0.0, 0.49, 0.5, 0.99)] == ["adam", "adam", "sgd", "sgd"]
    assert parse("weight-decay=0,0.01").choices == (0.0, 0.01)


def test_a_range_in_words():
    assert parse("learning_rate=0.0001 to 0.1 log") == parse("learning_rate=1e-4..0.1:log")
    assert parse("dropout = 0 to 0.6") == parse("dropout=0..0.6")


def test_comes_back_from_json():
    for axis in (parse("learning_rate=1e-5..0.3:log"), parse("model=cnn,mlp")):
        assert Axis.from_json(axis.to_json()) == axis


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("learning_rate", "is told as"),
        ("speed=1..2", "is nothing that a sweep varies"),
        ("threads=1,2", "is nothing that a sweep varies"),
        ("dropout=0..2", "Dropout (dropout) cannot be '2.0'"),
        ("dropout=0.5..0.1", "0.5..0.1 is none"),
        ("learning_rate=0..1:log", "above 0"),
        ("learning_rate=a..b", "is told as"),
        ("learning_rate=nan..1", "is told as"),
        ("epochs=1.5..4", "a whole number"),
        ("model=cnn", "two values or more"),
        ("model=cnn,cnn", "each once"),
        ("model=cnn,resnet200", "choose one of"),
        ("optimizer=a..b", "is told as"),
        ("dropout=0..0.5:1000", "2 to 100"),
    ],
)
def test_says_why_a_setting_cannot_be_varied_so(text, part):
    with pytest.raises(UserError) as refusal:
        parse(text)
    assert part in str(refusal.value)


def test_what_says_where_a_run_is_kept_is_not_varied():
    assert {"learning_rate", "model", "seed"} <= set(sweepable())
    assert not {"keep_mb", "data", "parent", "folds", "device"} & set(sweepable())
