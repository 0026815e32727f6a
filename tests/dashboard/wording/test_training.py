"""What is said of a run, in exact words."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from dashboard.runs import CurveSource
from dashboard.wording import training
from models.tensorboard.series import Series
from models.training.runs import status as states
from models.training.runs.status import Status
from models.training.verdict import Verdict

LOG = CurveSource("log:theirs", "theirs (log)", Path("theirs"))


def watched(status: Status, *, parent: bool = False) -> CurveSource:
    run: Any = SimpleNamespace(status=lambda: status, is_parent=parent, config=SimpleNamespace(folds=5))
    return CurveSource("ours", "ours", Path("ours"), run)


def test_the_headline_is_the_verdict_the_folds_or_the_name():
    judged = Verdict("healthy", "It learns.")
    assert training.headline(LOG, judged) == "It learns."
    assert training.headline(LOG, None) == "Somebody's log: theirs (log)"
    assert training.headline(watched(Status()), None) == "Run ours"
    assert training.headline(watched(Status(epoch=2), parent=True), None) == (
        "Cross-validation: 2 of 5 folds are done."
    )
    scores = {"best_top1": 0.914, "spread_best_top1": 0.0123}
    assert training.headline(watched(Status(scores=scores), parent=True), None) == (
        "Over 5 folds it is right for 91 %, give or take 1.2 points."
    )


def test_a_report_says_where_the_run_is_another_networks():
    judged = Verdict("healthy", "It learns.")
    assert training.report_headline([LOG], judged, own=True) == "It learns."
    assert training.report_headline([LOG, LOG], None, own=True) == (
        "How theirs (log) and theirs (log) learned."
    )
    assert training.report_headline([LOG], judged, own=False) == (
        "Run theirs (log), which is another network: it learns."
    )


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (Status(epoch=0, epochs=3, step=10, steps=3000), "Epoch 1 of 3, step 10 of 3,000"),
        (Status(epoch=3, epochs=3, step=3000, steps=3000), "Epoch 3 of 3, step 3,000 of 3,000"),
        (Status(epoch=1, epochs=3, steps=6, remaining=90.0), "Epoch 2 of 3, step 0 of 6, 2 min left"),
    ],
)
def test_progress(status, sentence):
    assert training.progress(status) == sentence


def test_measures_are_those_that_are_known():
    assert training.measures(Status()) == []
    full = Status(
        state=states.RUNNING,
        parameters=12_345,
        images_per_second=1500,
        scores={"best_top1": 0.9, "test_top1": 0.8},
        seconds=3.0,
    )
    assert training.measures(full) == [
        "12.3 k parameters",
        "1.5 k images per second",
        "best validation accuracy 90 %",
        "test accuracy 80 %",
        "3.0 s of training",
    ]


def test_curves_are_grouped_by_what_they_measure():
    steps = np.array([0, 1])
    series = [Series(tag, "", steps, steps * 1.0, steps * 1.0) for tag in ("train/loss", "validation/loss")]
    charts = training.curves(LOG, series, 4)
    assert {title: len(lines) for title, lines in charts.items()} == {"loss": 2}
    (line, other) = next(iter(charts.values()))
    assert (line.run, line.colour, line.split, other.split) == ("theirs (log)", 4, "training", "validation")


def test_there_is_no_verdict_on_somebody_elses_log():
    assert training.verdict(LOG, []) is None
