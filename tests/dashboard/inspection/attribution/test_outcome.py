"""Clean, marked or refused: each branch, at its threshold."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dashboard.inspection.attribution.outcome import Evidence, completeness_gap, judge

MAP = np.array([[0.0, 1.0], [2.0, -3.0]], np.float32)


def test_nothing_held_against_it():
    outcome = judge(MAP, Evidence())
    assert (outcome.kind, outcome.reason, outcome.measures) == ("clean", "", {})


@pytest.mark.parametrize(
    ("gap", "kind"),
    [
        (0.0, "clean"),
        (0.05, "clean"),
        (0.0501, "marked"),
        (0.25, "marked"),
        (0.2501, "refused"),
        (math.inf, "refused"),
        (math.nan, "refused"),
    ],
)
def test_completeness(gap, kind):
    outcome = judge(MAP, Evidence(gap=gap))
    assert outcome.kind == kind
    assert outcome.measures == {"completeness gap": pytest.approx(gap, nan_ok=True)}


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (0.0512, "by 5.12 %"),
        (0.0501, "by 5.01 %"),
        (0.253, "by 25.3 %; above 25 %"),
        (1.7, "by 170 %"),
        (11, "1,000 %"),
    ],
)
def test_the_number_is_said(gap, said):
    assert said in judge(MAP, Evidence(gap=gap)).reason


@pytest.mark.parametrize(
    ("agreement", "kind"), [(1.0, "clean"), (0.9, "clean"), (0.8999, "marked"), (math.nan, "marked")]
)
def test_agreement(agreement, kind):
    outcome = judge(MAP, Evidence(agreement=agreement))
    assert outcome.kind == kind
    assert list(outcome.measures) == ["agreement of halves"]
    assert kind == "clean" or f"{agreement:.2f}" in outcome.reason


@pytest.mark.parametrize(("broken", "count"), [([math.nan], "1"), ([math.inf, -math.inf, math.nan], "3")])
def test_numbers_that_are_none_are_counted(broken, count):
    values = MAP.copy()
    values.flat[: len(broken)] = broken
    outcome = judge(values, Evidence(gap=0.0))
    assert outcome.kind == "refused"
    assert f" {count} values" in outcome.reason
    assert outcome.measures == {"completeness gap": 0.0}


@pytest.mark.parametrize("value", [0.0, -2.5])
def test_a_constant_map_says_nothing(value):
    outcome = judge(np.full((3, 3), value, np.float32), Evidence())
    assert outcome.kind == "refused"
    assert "constant" in outcome.reason


def test_a_repetition_of_a_simpler_map_is_refused():
    outcome = judge(MAP, Evidence(equals="the plain gradient"))
    assert outcome.kind == "refused"
    assert "the plain gradient" in outcome.reason


def test_a_warning_marks_and_what_is_worse_speaks_first():
    assert judge(MAP, Evidence(warning="Half of it.")).reason == "Half of it."
    assert "misses" in judge(MAP, Evidence(gap=0.1, agreement=0.1, warning="Half of it.")).reason
    assert "halves" in judge(MAP, Evidence(gap=0.0, agreement=0.1, warning="Half of it.")).reason


@pytest.mark.parametrize(
    ("total", "change", "logit_range", "gap"),
    [
        (2.0, 2.0, 10.0, 0.0),
        (1.5, 2.0, 10.0, 0.25),
        (2.5, 2.0, 10.0, 0.25),
        (-2.0, 2.0, 10.0, 2.0),
        (-1.5, -2.0, 10.0, 0.25),
        # The change is smaller than a hundredth of the range of logits, which then is the measure.
        (0.05, 0.0, 10.0, 0.5),
        (0.15, 0.1, 10.0, 0.5),
        (0.15, 0.05, 10.0, 1.0),
        (0.0, 0.0, 0.0, 0.0),
    ],
)
def test_gap(total, change, logit_range, gap):
    assert completeness_gap(total, change, logit_range) == pytest.approx(gap)


def test_a_gap_where_nothing_changes_at_all_is_large():
    assert completeness_gap(1.0, 0.0, 0.0) > 1e30
    assert math.isnan(completeness_gap(math.nan, 1.0, 1.0))


def test_a_map_of_a_random_network_is_marked_with_how_far_it_moves():
    moving = judge(MAP, Evidence(repeat=0.43, unsteady="The scores move by 13 %."))
    assert (moving.kind, moving.telling) == ("marked", False)
    assert moving.reason == "The scores move by 13 %. Made again, the map agrees with itself by 0.43 only."
    assert moving.measures == {"agreement with itself made again": 0.43}
    calm = judge(MAP, Evidence(repeat=0.97, unsteady="The scores move by 1 %."))
    assert (calm.kind, calm.telling) == ("marked", True)
    assert judge(MAP, Evidence(unsteady="By the batch.")).kind == "marked"


@pytest.mark.parametrize(("size", "kind"), [(None, "clean"), (1.0, "clean"), (1e8, "marked")])
def test_a_map_no_larger_than_rounding_says_nothing(size, kind):
    outcome = judge(MAP, Evidence(size=size))
    assert (outcome.kind, outcome.telling) == (kind, kind == "clean")
    assert kind == "clean" or "largest value is 3.0e+00, which is rounding" in outcome.reason
    assert judge(1e-10 * MAP, Evidence(size=0.3, power=2)).kind == "clean", "a variance has the unit's square"
    faint = judge(1e-10 * MAP, Evidence(size=0.3))
    assert faint.kind == "marked" and "3.0e-10" in faint.reason


def test_a_refusal_says_that_the_network_is_random_as_well():
    assert judge(MAP, Evidence(gap=6.3, unsteady="It is random.")).reason.endswith(" It is random.")
