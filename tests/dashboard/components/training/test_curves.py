"""The curves of a run, read where they were left off."""

from __future__ import annotations

from dashboard.components.training import curves
from dashboard.runs import find_source


def test_an_examples_curves_with_their_last_step_and_verdict():
    source = find_source("example-memorises")
    assert source.run is not None
    lines = curves.curves_of(source, 3)
    assert {"loss", "top1"} <= set(lines) or any("loss" in title for title in lines)
    assert all(line.colour == 3 for same in lines.values() for line in same)
    last = max(int(line.steps.max()) for same in lines.values() for line in same)
    assert curves.first_and_last_step([source]) == (1, last)
    assert curves.first_and_last_step([]) == (0, 0)
    assert curves.problems_of(source) == ()
    verdict = curves.verdict(source)
    assert verdict is not None and "memorises" in verdict.sentence
