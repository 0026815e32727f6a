"""What is said of a run, in exact words."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from dashboard.runs import Change, CurveSource, find_source
from dashboard.wording import training
from models.tensorboard import scalars
from models.tensorboard.reader import EventReader
from models.tensorboard.series import Series
from models.training.effect import Effect
from models.training.runs import status as states
from models.training.runs.status import Status
from models.training.verdict import TOO_EARLY, Verdict

LOG = CurveSource("log:theirs", "theirs (log)", Path("theirs"))


JUDGED = Verdict("healthy", "it learns", "the curves fall")


def watched(status: Status, *, parent: bool = False) -> CurveSource:
    run: Any = SimpleNamespace(
        status=lambda: status, is_parent=parent, config=SimpleNamespace(folds=5, reads="pictures")
    )
    return CurveSource("ours", "ours", Path("ours"), run)


def test_the_headline_names_the_run_and_says_its_verdict_or_how_its_folds_fare():
    finished = watched(Status(state=states.FINISHED, step=9, steps=9))
    assert training.headline(finished, JUDGED) == "ours: it learns."
    assert training.reason(finished, JUDGED) == "The curves fall."
    assert (
        training.reason(watched(Status(state=states.STOPPED)), JUDGED)
        == "So far: the curves fall: it learns."
    )
    early = dataclasses.replace(JUDGED, kind=TOO_EARLY)
    assert training.reason(watched(Status(state=states.RUNNING)), early) == ""
    assert training.reason(finished, None) == training.reason(LOG, JUDGED) == ""
    assert training.headline(finished, None) == "ours is trained after 9 of 9 steps."
    assert training.headline(LOG, None) == "Somebody's log: theirs (log)"
    assert training.headline(watched(Status(epoch=2), parent=True), None) == ("ours: 2 of 5 folds are done.")
    scores = {"best_top1": 0.914, "spread_best_top1": 0.0123}
    assert training.headline(watched(Status(scores=scores), parent=True), None) == (
        "ours: over 5 folds it is right for 91 %, give or take 1.2 points."
    )


@pytest.mark.parametrize(
    ("status", "accuracy", "sentence"),
    [
        (Status(), None, "ours is starting: its data is read and its network is built."),
        (Status(state=states.WAITING), None, "ours waits until the run before it is trained."),
        (Status(state=states.RUNNING), None, "Training ours: the first steps are on their way."),
        (
            Status(state=states.RUNNING, step=220, steps=1000, remaining=40.0, scores={"best_top1": 0.5}),
            0.963,
            "Training ours: 96 % of the latest training pictures right after 220 steps, 40.0 s left.",
        ),
        (
            Status(state=states.PAUSED, step=1220, steps=2000, remaining=40.0),
            0.963,
            "ours is paused: 96 % of the latest training pictures right after 1,220 steps.",
        ),
        (
            Status(state=states.STOPPED, step=220, steps=1000, scores={"best_top1": 0.5}),
            0.963,
            "ours was stopped after 220 of 1,000 steps: at best 50 % of the validation pictures right.",
        ),
        (
            Status(state=states.STOPPED, step=220, steps=1000),
            0.963,
            "ours was stopped: 96 % of the latest training pictures right after 220 of 1,000 steps.",
        ),
        (Status(state=states.FAILED), None, "ours broke off."),
        (Status(state=states.UNREADABLE), None, "What ours does cannot be read."),
    ],
)
def test_the_headline_of_a_run_that_is_not_finished_says_how_far_it_is(status, accuracy, sentence):
    assert training.headline(watched(status), JUDGED, accuracy) == sentence


def test_every_state_has_its_headline():
    every = states.ACTIVE | states.RESUMABLE | {states.STALLED}
    assert all(training.headline(watched(Status(state=state)), None).endswith(".") for state in every)


def test_a_report_says_where_the_run_is_another_networks():
    assert training.report_headline([LOG], JUDGED, own=True) == "The curves fall: it learns."
    assert training.report_headline([LOG, LOG], None, own=True) == (
        "How theirs (log) and theirs (log) learned."
    )
    assert training.report_headline([LOG], JUDGED, own=False) == (
        "Run theirs (log), which is another network: the curves fall: it learns."
    )


def test_the_accuracy_of_now_is_that_of_the_latest_steps():
    steps = np.arange(100)
    values = np.where(steps < 70, 0.0, 0.9)
    assert training.recent_accuracy([Series("top1/train", "", steps, values, steps * 1.0)]) == pytest.approx(
        0.9
    )
    assert training.recent_accuracy([]) is None


def change(measured: Effect | None, *settings: str, finished: bool = True) -> Change:
    return Change(LOG, settings or ("dropout 0.3",), finished, measured)


TEST = Effect("test", 2000, 0.861, 0.870, low=-0.011, high=0.029, seeds=1)
INTERVAL = "(95 % interval of the difference -1.1 to 2.9 points)"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, f"which one run each cannot tell apart {INTERVAL}"),
        ({"low": 0.001}, "more than other pictures would explain, though another seed may tell otherwise"),
        ({"seeds": 3}, f"which 3 runs each cannot tell apart {INTERVAL}"),
        ({"seeds": 3, "low": 0.001}, "which 3 runs each tell apart"),
    ],
)
def test_the_effect_of_a_change_says_what_can_be_told(changes, words):
    said = training.effect(change(dataclasses.replace(TEST, **changes)), None, None)
    average = " on average" if "seeds" in changes else ""
    assert said.startswith(
        f"With dropout 0.3 87.0 % of the test pictures are right{average} instead of 86.1 %, "
    )
    assert words in said


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (3, 8, "memorising begins at epoch 8 instead of 3"),
        (3, 3, "memorising begins at epoch 3, as without"),
        (3, None, "the network does not memorise; without, it began to at epoch 3"),
        (None, 8, "memorising begins at epoch 8; without, it does not"),
    ],
)
def test_the_effect_of_a_change_says_when_memorising_begins(before, after, words):
    old, new = (dataclasses.replace(JUDGED, since=since) for since in (before, after))
    assert training.effect(change(None), old, new) == f"With dropout 0.3 {words}."


def test_as_long_as_nothing_is_known_nothing_is_said():
    early = dataclasses.replace(JUDGED, kind=TOO_EARLY)
    assert training.effect(change(None), JUDGED, early) == ""
    assert training.effect(change(None), JUDGED, JUDGED) == ""
    assert training.effect(change(TEST, finished=False), JUDGED, JUDGED) == ""
    assert training.changed(change(None, "dropout 0.3", "seed 1", finished=False)) == (
        "This is theirs (log) with dropout 0.3 and seed 1; what that does shows as it trains."
    )


def test_the_method_of_an_interval_is_named_with_its_source():
    assert "Newcombe's (1998, method 10) for two shares of 2,000 pictures" in training.effect_method(TEST)
    assert "Student's over 3 pairs of runs" in training.effect_method(dataclasses.replace(TEST, seeds=3))


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
    assert training.measures(full, "text")[1] == "1.5 k texts per second"
    assert training.measures(full) == [
        "12.3 k parameters",
        "1.5 k images per second",
        "best validation accuracy 90 %",
        "test accuracy 80 %",
        "3.0 s of training",
    ]


def test_there_is_no_verdict_on_somebody_elses_log():
    assert training.verdict(LOG, []) is None


def test_validation_within_an_epoch_is_not_taken_for_that_of_its_end():
    source = find_source("example-memorises")
    assert source.run is not None
    reader = EventReader(source.folder)
    reader.refresh()
    logged = reader.series()
    plain = training.verdict(source, logged)

    def with_more(series):
        if series.tag not in (scalars.VALIDATION_LOSS, scalars.VALIDATION_TOP1):
            return series
        steps = np.sort(np.r_[series.steps, series.steps - 1])
        values = np.where(np.isin(steps, series.steps), np.repeat(series.values, 2), 0.5)
        return dataclasses.replace(series, steps=steps, values=values, wall_times=steps.astype(float))

    assert plain is not None
    assert training.verdict(source, [with_more(series) for series in logged]) == plain


def test_what_is_told_of_a_strip_of_pictures():
    assert training.answers_so_far(1200, 14, 16, (15, 6)) == (
        "The checkpoint after 1,200 steps classifies 14 of these 16 test pictures right; the one after 15 classified 6."
    )
    assert training.answers_so_far(15, 6, 16, None) == (
        "The checkpoint after 15 steps classifies 6 of these 16 test pictures right."
    )
    assert [training.short_share(share) for share in (0.123, 0.994, 0.995, 1.0)] == [
        "12 %",
        "99 %",
        ">99 %",
        ">99 %",
    ]
