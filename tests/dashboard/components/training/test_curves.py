"""The curves of a run, read where they were left off."""

from __future__ import annotations

import os

import numpy as np

from dashboard.components.training import curves
from dashboard.records.curves import Line
from dashboard.runs import CurveSource, find_source
from dashboard.wording.curves import CurveChoice
from tests.models.tensorboard.logged import scalars, version


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


def log(folder, *contents) -> CurveSource:
    (folder / "events.out.tfevents.1.h.2.0").write_bytes(b"".join([version(), *contents]))
    return CurveSource("log:one", "one (log)", folder)


def test_what_is_drawn_of_a_log_and_what_one_looks_for(tmp_path):
    contents = [scalars(step, **{"a/b": 1.0, "train/loss": 2.0, "nothing": np.nan}) for step in range(3)]
    source = log(tmp_path, *contents)

    def drawn(**choice) -> dict[str, list[Line]]:
        return curves.charts_of([source], {"log:one": 2}, CurveChoice(**choice))

    assert list(drawn()) == ["a/b", "loss"]  # of ours, what has a stroke is for another page
    assert list(drawn(find="LOS")) == ["loss"]
    assert drawn(find="c") == {}
    assert [(session.first, session.last) for session in curves.sessions_of(source)] == [(0, 2)]
    assert curves.first_and_last_step([source]) == (0, 2)
    assert curves.contents_of(source) == {}


def test_a_log_grows_until_it_was_quiet_for_a_while(tmp_path):
    source = log(tmp_path)
    assert curves.is_growing(source)
    long_ago = 1_000_000.0
    for path in tmp_path.iterdir():
        os.utime(path, (long_ago, long_ago))
    assert not curves.is_growing(source)
    assert not curves.is_growing(CurveSource("log:none", "none", tmp_path / "none"))
