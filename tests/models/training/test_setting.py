"""One setting: what may be chosen, and what is said of anything else."""

from __future__ import annotations

import pytest

from models.runtime.errors import UserError
from models.training.setting import Setting

WHOLE = Setting("Epochs", "", low=1, high=10, name="epochs", default=3)
NUMBER = Setting("Rate", "", low=0, name="rate", default=0.1)
CHOICE = Setting("Data", "", choices={"a": "A", "b": "B"}, name="data", default="a")


@pytest.mark.parametrize(
    ("setting", "text", "value"), [(WHOLE, "7", 7), (NUMBER, "1e-2", 0.01), (CHOICE, "b", "b")]
)
def test_a_text_is_parsed_by_the_type_of_the_default(setting, text, value):
    assert setting.parse(text) == value
    assert type(setting.parse(text)) is type(value)


@pytest.mark.parametrize(
    ("setting", "value"), [(WHOLE, 1), (WHOLE, 10), (NUMBER, 0), (NUMBER, 2.5), (CHOICE, "a")]
)
def test_what_is_allowed_passes(setting, value):
    setting.check(value)


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        (WHOLE, 0, "Epochs (epochs) cannot be '0'; choose a whole number from 1 to 10."),
        (WHOLE, 2.0, "Epochs (epochs) cannot be '2.0'; choose a whole number from 1 to 10."),
        (WHOLE, True, "Epochs (epochs) cannot be 'True'; choose a whole number from 1 to 10."),
        (NUMBER, -1, "Rate (rate) cannot be '-1'; choose a number, 0 or more."),
        (NUMBER, float("nan"), "Rate (rate) cannot be 'nan'; choose a number, 0 or more."),
        (CHOICE, "c", "Data (data) cannot be 'c'; choose one of a, b."),
        (CHOICE, 5, "Data (data) cannot be '5'; choose one of a, b."),
    ],
)
def test_anything_else_is_refused_with_the_choices(setting, value, sentence):
    with pytest.raises(UserError) as refusal:
        setting.check(value)
    assert str(refusal.value) == sentence


def test_a_text_that_is_no_number_is_refused():
    with pytest.raises(UserError, match="choose a whole number from 1 to 10"):
        WHOLE.parse("many")


def test_zero_is_displayed_by_what_it_stands_for():
    zero = Setting("Threads", "", zero="all but one", default=0)
    assert (zero.display(0), zero.display(4), WHOLE.display(0)) == ("all but one", 4, 0)
