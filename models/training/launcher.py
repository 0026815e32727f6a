"""Trainers in processes of their own, which live on when the server that started them ends."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from models.runtime import child, settings
from models.runtime.errors import UserError
from models.training import runs
from models.training.config import Config
from models.training.runs import OUTPUT, Run, control, lock
from models.training.runs import status as states
from models.training.runs.process import Process
from models.training.runs.status import Status
from models.training.sweep.plan import Plan

LEAVING = 3.0  # seconds between a trainer's last status and its end, at most


def launch(config: Config, *, origin: str = "", by: str = "") -> Run:
    """Start a new run, which is in the list at once.

    Args:
        config: of the run.
        origin: id of the run that it changes; empty where it changes none.
        by: name of who starts it; empty where nobody knows.

    Raises:
        UserError: if its folder cannot be written.
    """
    (run,) = launch_in_turn([config], origin=origin, by=by)
    return run


def launch_sweep(config: Config, plan: Plan, *, by: str = "") -> Run:
    """Start a sweep, which is in the list at once.

    Args:
        config: what its trials share.
        plan: what they try.
        by: name of who starts it; empty where nobody knows.

    Raises:
        UserError: if its folder cannot be written.
    """
    sweep = runs.create(config, sweep=plan.to_json(), by=by)
    _start([sweep], [Status(epochs=plan.count)])
    return sweep


def launch_in_turn(configs: Sequence[Config], *, origin: str = "", by: str = "") -> list[Run]:
    """Start new runs that one trainer trains one after the other; all are in the list at once.

    Args:
        configs: of the runs, at least one.
        origin: id of the run that they change; empty where they change none.
        by: name of who starts them; empty where nobody knows.

    Raises:
        UserError: if a folder cannot be written.
    """
    created = [runs.create(config, origin=origin, by=by) for config in configs]
    _start(created, [Status(epochs=config.epochs) for config in configs])
    return created


def resume(run: Run) -> None:
    """Go on with a run that was stopped, interrupted or failed.

    Raises:
        UserError: if it is being trained, finished, or an example.
    """
    run.refuse_example()
    status = run.status()
    if status.state == states.FINISHED:
        raise UserError(f"Run {run.id} is finished; start a new run with more epochs.")
    if status.state not in states.RESUMABLE:
        raise UserError(f"Run {run.id} is {status.state} already; stop it first.")
    # Refuses, with the name of the process, where a trainer lives that the status does not tell of. One that has
    # just written its end still holds the lock.
    with lock.hold(run.path, patience=LEAVING):
        pass
    _start([run], [status])


def _start(started: Sequence[Run], before: Sequence[Status]) -> None:
    """Start one trainer for some runs, and write down its death where it dies before its first status."""
    # Until the trainer writes its own status, this process answers for it.
    starting = [
        _write_status(
            run,
            status,
            state=states.WAITING if place else states.STARTING,
            handled=control.read(run.path).sequence,
        )
        for place, (run, status) in enumerate(zip(started, before, strict=True))
    ]
    first = started[0].path
    try:
        with (first / OUTPUT).open("ab") as output:
            process = child.start(
                "The trainer",
                "models.training",
                *("--resume", *(run.id for run in started)),
                output=output,
                errors=output,
                environment={settings.RUNS.name: str(first.parent)},
            )
    except UserError as refusal:
        for run, status in zip(started, before, strict=True):
            _write_status(run, status, state=states.FAILED, error=str(refusal))
        raise
    # Waited for, so that no zombie stays while this process lives; afterwards init takes over.
    threading.Thread(
        target=_await, args=(started, process, starting), name=f"await {started[0].id}", daemon=True
    ).start()


def _await(started: Sequence[Run], process: child.Child, starting: Sequence[Status]) -> None:
    process.wait()
    for run, before in zip(started, starting, strict=True):
        status = states.read(run.path)
        # Still the status of this very start: a run may be taken up again before its last trainer has quite gone.
        if (status.state, status.process, status.heartbeat) == (
            before.state,
            before.process,
            before.heartbeat,
        ):
            with suppress(UserError, OSError):
                _write_status(
                    run,
                    status,
                    state=states.FAILED,
                    error=f"The trainer did not start; see {OUTPUT} of run {started[0].id}.",
                )


def _write_status(run: Run, status: Status, **changes: Any) -> Status:
    values = {"process": Process.current(), "heartbeat": status.heartbeat + 1, "error": "", **changes}
    status = dataclasses.replace(status, **values)
    status.write(run.path)
    return status
