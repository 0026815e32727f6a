"""Cross-validation: one parent, k children."""

from __future__ import annotations

import os
import signal
import statistics

import pytest

from models.training import folds, runs
from models.training.runs import status
from tests.faults import check_same


def cross_validate(parent, **kwargs):
    return folds.cross_validate(parent.path, parent.config, **kwargs)


@pytest.mark.slow
def test_mean_and_spread_are_those_of_the_folds(create_run):
    parent = create_run(folds=3, epochs=2)
    assert cross_validate(parent) == "finished"
    children = parent.children()
    assert [child.status().state for child in children] == ["finished"] * 3
    assert [child.config.parent for child in children] == [parent.id] * 3
    scores = [child.status().scores["best_top1"] for child in children]
    found = parent.status()
    assert found.scores["best_top1"] == pytest.approx(statistics.mean(scores))
    assert found.scores["spread_best_top1"] == pytest.approx(statistics.stdev(scores))
    assert (found.state, found.epoch, found.epochs) == ("finished", 3, 3)
    assert found.step == found.steps == sum(child.status().steps for child in children)


@pytest.mark.slow
def test_goes_on_with_the_fold_that_was_stopped(create_run):
    undisturbed, parent = create_run(folds=3), create_run(folds=3)
    cross_validate(undisturbed)

    def on_status(said):
        if said.step >= 40 and not said.handled:
            parent.ask("stop")

    assert cross_validate(parent, on_status=on_status) == "stopped"
    assert parent.status().state == "stopped"
    assert [child.status().state for child in parent.children()] == ["finished", "stopped"]
    assert cross_validate(parent) == "finished"
    for mine, theirs in zip(parent.children(), undisturbed.children(), strict=True):
        assert mine.status().scores == theirs.status().scores
    check_same(parent.children()[0].path, undisturbed.children()[0].path)


def test_a_signal_stops_the_whole(create_run):
    parent = create_run(folds=3)
    sent: list[bool] = []

    def on_status(said):
        if said.step >= 10 and not sent:
            sent.append(True)
            os.kill(os.getpid(), signal.SIGTERM)

    assert cross_validate(parent, on_status=on_status) == "stopped"
    assert len(parent.children()) == 1


def test_a_fold_that_fails_is_told(create_run):
    parent = create_run(folds=2, optimizer="sgd", learning_rate=1e7, epochs=20)
    assert cross_validate(parent) == "failed"
    assert "at step" in parent.status().error
    assert status.read(parent.children()[0].path).state == "failed"
    assert runs.find(parent.id).is_parent
