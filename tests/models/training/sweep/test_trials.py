"""How the trials of a sweep stand."""

from __future__ import annotations

import dataclasses

import pytest

from models.training import runs
from models.training.runs.status import Status
from models.training.sweep import plan as plans
from models.training.sweep import trials


@pytest.fixture
def sweep(create_sweep):
    return create_sweep()


@pytest.fixture
def make_trial(sweep):
    def make(number, state, **scores):
        config = dataclasses.replace(sweep.config, trial=number, parent=sweep.id, dropout=0.2)
        run = runs.create(config, runs.trial_id(sweep.id, number))
        Status(state=state, scores=scores).write(run.path)
        return trials.read(run, plans.read(sweep.path))

    return make


def test_a_trial_says_what_it_tried_and_how_it_ended(make_trial, sweep):
    assert make_trial(1, "finished", best_top1=0.8).state == "finished"
    assert make_trial(2, "failed").is_over
    stopped = make_trial(3, "stopped", best_top1=0.3)
    assert (stopped.state, stopped.is_over) == ("open", False)
    assert stopped.values == {"learning_rate": 0.001, "dropout": 0.2}
    trials.write_rungs(stopped.run.path, {1: 0.3}, given_up=True)
    found = trials.read_all(sweep, plans.read(sweep.path))
    assert [(trial.number, trial.state) for trial in found] == [
        (1, "finished"),
        (2, "failed"),
        (3, "given up"),
    ]
    assert found[2].rungs == {1: 0.3}


def test_the_best_comes_first_and_what_did_not_end_has_no_rank(make_trial):
    made = [
        make_trial(1, "finished", best_top1=0.8, best_loss=0.5),
        make_trial(2, "finished", best_top1=0.8, best_loss=0.4),
        make_trial(3, "finished", best_top1=0.9, best_loss=0.9),
        make_trial(4, "stopped", best_top1=0.99, best_loss=0.1),
    ]
    assert [trial.number for trial in trials.rank(made)] == [3, 2, 1]


def test_a_damaged_note_says_nothing(make_trial, sweep):
    trial = make_trial(1, "stopped")
    (trial.run.path / trials.FILE).write_text("{")
    assert trials.read(trial.run, plans.read(sweep.path)).rungs == {}


def test_trials_go_with_their_sweep_and_come_back(make_trial, sweep):
    make_trial(1, "finished")
    make_trial(12, "finished")
    assert [run.config.trial for run in sweep.children()] == [1, 12]
    sweep.delete()
    assert runs.listing().runs == ()
    (deleted,) = runs.deleted()
    assert deleted.is_sweep
    deleted.restore()
    assert [run.config.trial for run in runs.find(sweep.id).children()] == [1, 12]


def test_a_trial_whose_files_are_as_they_were_is_not_read_again(make_trial, sweep, monkeypatch):
    plan = plans.read(sweep.path)
    make_trial(1, "finished", best_top1=0.8)
    open_one = make_trial(2, "running")
    first = trials.read_all(sweep, plan)
    real, read = trials.read, []

    def counting(run, plan):
        read.append(run.id)
        return real(run, plan)

    monkeypatch.setattr(trials, "read", counting)
    assert trials.read_all(sweep, plan) == first
    Status(state="finished", scores={"best_top1": 0.9}).write(open_one.run.path)
    assert [trial.score for trial in trials.read_all(sweep, plan)] == [0.8, 0.9]
    assert read == [open_one.run.id]
