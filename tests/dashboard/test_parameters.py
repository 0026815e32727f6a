"""Settings of pages: each read by its type and within its bounds, whatever the address says."""

from __future__ import annotations

import pytest

from dashboard import parameters
from dashboard.parameters import (
    DEPTH,
    LOG,
    ROWS,
    SORT,
    STRENGTH,
    Number,
    Parameter,
    Places,
    in_report,
    merge,
    without_report,
)

DECLARED = [value for value in vars(parameters).values() if isinstance(value, Parameter)]


def test_no_name_is_declared_twice():
    names = [parameter.name for parameter in DECLARED]
    assert len(names) > 40 and len(set(names)) == len(names)
    assert all(0 < len(name) <= 32 and name.islower() for name in names)


@pytest.mark.parametrize(
    ("parameter", "text", "number"),
    [
        (STRENGTH, None, 70),
        (STRENGTH, "0", 0),
        (STRENGTH, "33", 33),
        (STRENGTH, "101", 100),
        (STRENGTH, "-1", 70),
        (STRENGTH, "1e2", 70),
        (STRENGTH, "1234567890", 70),
        (STRENGTH, "\N{SUPERSCRIPT TWO}", 70),
        (ROWS, None, 1),
        (ROWS, "0", 1),
        (DEPTH, "123456789", 123456789),
    ],
)
def test_a_number_is_within_its_bounds_or_the_default(parameter, text, number):
    assert parameter.read({} if text is None else {parameter.name: text}) == number


def test_what_is_looked_at_may_bound_a_number_and_know_a_better_default():
    assert Number("n").read({}, 7) == 7
    assert Number("n").read({}, 7, high=4) == 4
    assert Number("n").read({"n": "9"}, 7, high=4) == 4
    assert (Number("n", high=4).parse({"n": "9"}), Number("n").parse({})) == (9, None)


@pytest.mark.parametrize(("text", "on"), [(None, False), ("1", True), ("0", False), ("yes", False)])
def test_a_flag_is_on_where_it_says_so(text, on):
    assert LOG.read({} if text is None else {"log": text}) is on


def test_what_a_flag_is_by_default_can_be_switched_off():
    assert LOG.read({}, default=True) is True
    assert LOG.read({"log": LOG.write(False)}, default=True) is False


@pytest.mark.parametrize(("text", "name"), [(None, "a"), ("b", "b"), ("c", "a")])
def test_an_option_is_one_that_is_offered_or_the_first(text, name):
    assert SORT.read({} if text is None else {"sort": text}, ("a", "b")) == name


def test_changes_are_written_as_the_address_says_them():
    settings = {"sort": "index", "page": "3", "log": "1"}
    changed = merge(settings, {SORT: "b", parameters.PAGE: None, DEPTH: 2, LOG: False, ROWS: None})
    assert changed == {"sort": "b", "depth": "2", "log": "0"}
    assert settings == {"sort": "index", "page": "3", "log": "1"}


def test_what_a_report_holds_is_no_part_of_a_views_own_address():
    settings = merge({"depth": "2", "input": "1"}, {in_report("weights"): True, in_report("answer"): False})
    assert settings == {"depth": "2", "input": "1", "in_weights": "1", "in_answer": "0"}
    assert without_report(settings | {"slide": "3", "tour": "2"}) == {"depth": "2", "input": "1"}


@pytest.mark.parametrize(
    ("written", "places"),
    [("3.1", {1, 3}), ("", set()), ("x..-1.0", {0}), ("9.2", {2}), ("9999999999", set())],
)
def test_places_are_those_that_a_list_has(written, places):
    held = Places("held", longest=5)
    assert held.read({"held": written}, 5) == places


def test_places_are_written_in_order_where_an_address_has_room():
    held = Places("held", longest=5)
    assert held.write(frozenset({4, 0, 12})) == "0.4.12"
    assert held.holds(frozenset({0, 4})) and not held.holds(frozenset({0, 4, 12}))
    assert held.read({}, 5) == frozenset()
    # None of them is written too, where that is not the default.
    assert held.write(frozenset()) == "." and held.read({"held": "."}, 5) == frozenset()
