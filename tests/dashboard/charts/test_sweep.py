"""Charts of a sweep."""

from __future__ import annotations

import dataclasses

from dashboard.charts import sweep
from dashboard.charts.palette import MARK, OTHER_POINTS
from dashboard.records.sweep import SweepTrials, Tried
from models.training.sweep.importance import Importance

TRIED = SweepTrials(
    labels=("Learning rate", "Network"),
    logarithmic=(True, False),
    trials=(
        Tried("a", 1, (0.001, "MLP"), 0.5, "finished"),
        Tried("b", 2, (0.1, "LeNet-5"), 0.1, "given up"),
        Tried("c", 3, (0.01, "MLP"), 0.9, "finished"),
        Tried("d", 4, (0.02, "MLP"), 0.7, "finished"),
        Tried("e", 5, (0.03, "MLP"), None, "open"),
    ),
    count=8,
    best=3,
)


def test_each_trial_stands_at_its_value_and_score_and_hands_back_its_run():
    (points,) = sweep.scatter(TRIED, 0, "#3467ad").data
    assert list(points.x) == [0.001, 0.1, 0.01, 0.02]
    assert list(points.y) == [50, 10, 90, 70]
    assert list(points.customdata) == ["a", "b", "c", "d"]
    assert list(points.marker.color) == ["#3467ad", OTHER_POINTS, MARK, "#3467ad"]
    assert list(points.marker.symbol) == ["circle", "circle-open", "circle", "circle"]


def test_ratios_are_on_a_logarithmic_axis_and_names_on_one_of_names():
    assert sweep.scatter(TRIED, 0, "red").layout.xaxis.type == "log"
    named = sweep.scatter(TRIED, 1, "red")
    assert (named.layout.xaxis.type, list(named.data[0].x)) == ("category", ["MLP", "LeNet-5", "MLP", "MLP"])


def test_the_best_so_far_never_falls_and_counts_finished_trials_only():
    line, points = sweep.best_so_far(TRIED, "red").data
    assert (list(line.x), list(line.y)) == ([1, 3, 4], [50, 90, 90])
    assert list(points.x) == [1, 2, 3, 4]


def test_each_trial_is_a_line_over_all_settings():
    (lines,) = sweep.parallel(TRIED, "black").data
    rate, network, score = lines.dimensions
    assert list(rate["values"]) == [-3, -1, -2, 0.3010299956639812 - 2]
    assert list(rate.ticktext) == ["0.001", "0.01", "0.1"]
    assert (list(network["values"]), list(network.ticktext)) == ([1, 0, 1, 1], ["LeNet-5", "MLP"])
    assert list(score["values"]) == list(lines.line.color) == [50, 10, 90, 70]


def test_the_front_runs_through_what_none_outdoes_and_the_rest_lies_behind_it():
    costs = {1: 100, 2: 100, 3: 400, 4: 800, 5: 0}
    tried = dataclasses.replace(
        TRIED,
        trials=tuple(dataclasses.replace(trial, parameters=costs[trial.number]) for trial in TRIED.trials),
    )
    line, points = sweep.costs(tried, "parameters", "blue").data
    assert (list(line.x), list(line.y)) == ([100, 400], [50, 90])
    assert (list(points.x), list(points.customdata)) == ([100, 400, 800], ["a", "c", "d"])
    assert list(points.marker.color) == [MARK, MARK, "blue"]


def test_what_cannot_be_told_from_nothing_is_hollow():
    measured = [Importance("Learning rate", 0.8, 0.6, 1.0), Importance("Dropout", 0.01, -0.1, 0.2)]
    *intervals, points = sweep.importance(measured, "blue").data
    assert [list(interval.x) for interval in intervals] == [[60, 100], [-10, 20]]
    assert (list(points.x), list(points.y)) == ([80, 1], ["Learning rate", "Dropout"])
    assert list(points.marker.symbol) == ["circle", "circle-open"]
    assert list(points.marker.color) == ["blue", OTHER_POINTS]
