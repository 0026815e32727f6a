"""What a sweep has tried."""

from __future__ import annotations

from dashboard.records.sweep import SweepTrials, Tried


def test_none_on_the_front_is_outdone_by_what_costs_no_more():
    costs = {1: (10, 0.5), 2: (10, 0.6), 3: (20, 0.6), 4: (30, 0.9), 5: (40, 0.8)}
    trials = [
        Tried(str(number), number, (), score, "finished", parameters=cost)
        for number, (cost, score) in costs.items()
    ]
    given_up = Tried("6", 6, (), 1.0, "given up", parameters=1)
    tried = SweepTrials((), (), (*trials, given_up), 6, 4)
    assert [trial.number for trial in tried.front("parameters")] == [2, 4]
    assert [trial.number for trial in tried.finished] == [1, 2, 3, 4, 5]
