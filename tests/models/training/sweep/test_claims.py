"""Each trial in one pair of hands."""

from __future__ import annotations

import dataclasses
import itertools
import subprocess
import sys
from contextlib import ExitStack

import pytest

from models.runtime.errors import UserError
from models.training.runs import lock
from models.training.runs.status import Status
from models.training.sweep import plan as plans
from models.training.sweep import trials
from models.training.sweep.claims import Claims
from tests.paths import ROOT


def claims_of(sweep):
    return Claims(
        sweep,
        plans.read(sweep.path),
        lambda number, past: dataclasses.replace(sweep.config, trial=number, parent=sweep.id),
    )


def test_two_workers_never_hold_the_same(create_sweep):
    sweep = create_sweep(trials=3)
    first, second = claims_of(sweep), claims_of(sweep)
    with ExitStack() as one, ExitStack() as other:
        taken = [first.take(one), second.take(other), first.take(one), second.take(other)]
    assert [trial and trial.number for trial in taken] == [1, 2, 3, None]


def test_a_trial_that_was_dropped_is_taken_up_before_a_new_one(create_sweep):
    sweep = create_sweep()
    claims = claims_of(sweep)
    with ExitStack() as hands:
        assert claims.take(hands).number == 1
    with ExitStack() as hands:
        assert claims.take(hands).number == 1
        assert claims.take(hands).number == 2


def test_what_is_over_is_not_taken_again(create_sweep):
    sweep = create_sweep(trials=2)
    claims = claims_of(sweep)
    with ExitStack() as hands:
        first, second = claims.take(hands), claims.take(hands)
    Status(state="finished").write(first.run.path)
    trials.write_rungs(second.run.path, {1: 0.1}, given_up=True)
    with ExitStack() as hands:
        assert claims.take(hands) is None
    assert all(trial.is_over for trial in claims.trials())


def test_hands_that_open_let_go(create_sweep):
    claims = claims_of(create_sweep())
    with ExitStack() as hands:
        taken = claims.take(hands)
        with pytest.raises(UserError, match="in the hands of"), lock.hold(taken.run.path):
            pass
    with lock.hold(taken.run.path):
        pass


CLAIMS = 1000
TAKE_ALL = """
import dataclasses, sys
from contextlib import ExitStack
from models.training import runs
from models.training.runs.status import Status
from tests.models.training.sweep.test_claims import claims_of
claims = claims_of(runs.find(sys.argv[1]))
while True:
    with ExitStack() as hands:
        taken = claims.take(hands)
        if taken is None:
            break
        Status(state="finished").write(taken.run.path, durable=False)
        print(taken.number, flush=True)
"""


@pytest.mark.slow
def test_claims_of_several_processes_are_as_many_trials(create_sweep):
    sweep = create_sweep(trials=CLAIMS)
    command = [sys.executable, "-c", TAKE_ALL, sweep.id]
    workers = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    taken = [[int(line) for line in worker.communicate()[0].split()] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0, 0]
    assert sorted(itertools.chain(*taken)) == list(range(1, CLAIMS + 1))
