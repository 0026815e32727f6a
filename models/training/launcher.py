"""Trainers in processes of their own, which live on when the server that started them ends."""

from __future__ import annotations

import dataclasses
import threading
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

LEAVING = 3.0  # seconds between a trainer's last status and its end, at most


def launch(config: Config) -> Run:
    """Start a new run, which is in the list at once.

    Raises:
        UserError: if its folder cannot be written.
    """
    run = runs.create(config)
    _start(run, Status(epochs=config.epochs))
    return run


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
    _start(run, status)


def _start(run: Run, before: Status) -> None:
    """Start a trainer, and write down its death where it dies before its first status."""
    # Until the trainer writes its own status, this process answers for it.
    starting = _write_status(run, before, state=states.STARTING, handled=control.read(run.path).sequence)
    try:
        with (run.path / OUTPUT).open("ab") as output:
            process = child.start(
                "The trainer",
                "models.training",
                *("--resume", run.id),
                output=output,
                errors=output,
                environment={settings.RUNS.name: str(run.path.parent)},
            )
    except UserError as refusal:
        _write_status(run, before, state=states.FAILED, error=str(refusal))
        raise
    # Waited for, so that no zombie stays while this process lives; afterwards init takes over.
    threading.Thread(
        target=_await, args=(run, process, starting), name=f"await {run.id}", daemon=True
    ).start()


def _await(run: Run, process: child.Child, starting: Status) -> None:
    process.wait()
    status = states.read(run.path)
    # Still the status of this very start: a run may be taken up again before its last trainer has quite gone.
    if (status.state, status.process, status.heartbeat) == (
        starting.state,
        starting.process,
        starting.heartbeat,
    ):
        with suppress(UserError, OSError):
            _write_status(
                run,
                status,
                state=states.FAILED,
                error=f"The trainer did not start; see {OUTPUT} of run {run.id}.",
            )


def _write_status(run: Run, status: Status, **changes: Any) -> Status:
    values = {"process": Process.current(), "heartbeat": status.heartbeat + 1, "error": "", **changes}
    status = dataclasses.replace(status, **values)
    status.write(run.path)
    return status
