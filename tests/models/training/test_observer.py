"""Callbacks that keep nothing."""

from __future__ import annotations

import dataclasses
import math

from models.training.observer import DIVERGED, GO_ON, PAUSE, STOP, Observer, TrainingProgress


def test_of_several_wishes_the_highest_counts():
    assert GO_ON < PAUSE < STOP < DIVERGED
    observer = Observer()
    assert observer.wish() == GO_ON
    observer.stop()
    assert observer.wish() == STOP


def test_it_asks_for_nothing_and_knows_nothing():
    observer = Observer()
    assert not observer.is_due()
    assert observer.last_finite_values() == ""
    observer.begin(0, steps=3)
    observer.log_steps([])
    observer.log_scalars(1, {"x": 1.0})
    observer.report_pause(TrainingProgress(), paused=True)
    observer.end("finished")
    assert vars(observer) == {"_stopping": False}


def test_progress_is_what_resume_files_hold():
    assert dataclasses.asdict(TrainingProgress()) == {
        "step": 0,
        "epoch": 0,
        "position": 0,
        "loss": 0.0,
        "correct": 0,
        "seen": 0,
        "best": math.inf,
        "worse": 0,
    }
