"""Trainers in processes of their own, which live on when the server that started them ends."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from models.runtime import settings
from models.runtime.errors import UserError
from models.training import runs
from models.training.config import Config
from models.training.runs import OUTPUT, Run, control, lock
from models.training.runs import status as states
from models.training.runs.process import Process
from models.training.runs.status import Status

HOME = Path(__file__).resolve().parents[2]
LEAVING = 3.0  # seconds between a trainer's last word and its end, at most


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
    # just told its end still holds the lock.
    with lock.held(run.path, patience=LEAVING):
        pass
    _start(run, status)


def _start(run: Run, before: Status) -> None:
    """Start a trainer, and see to it that its death before its first word is told."""
    # Until the trainer speaks for itself, this process answers for it.
    said = _say(run, before, state=states.STARTING, handled=control.read(run.path).sequence)
    command = [sys.executable, "-m", "models.training", "--resume", run.id]
    environment = settings.child_environment(**{settings.RUNS.name: str(run.path.parent)})
    try:
        process = _spawn(run, command, environment)
    except OSError as error:
        told = f"The trainer cannot be started ({error.strerror})."
        _say(run, before, state=states.FAILED, error=told)
        raise UserError(told) from error
    # Waited for, so that no zombie stays while this process lives; afterwards init takes over.
    threading.Thread(target=_await, args=(run, process, said), name=f"await {run.id}", daemon=True).start()


def _spawn(run: Run, command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    with (run.path / OUTPUT).open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own module, and a name of our own making
            command,
            cwd=HOME,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # Away from the terminal's Ctrl-C and hang-up, which are meant for the server.
            start_new_session=True,
        )


def _await(run: Run, process: subprocess.Popen[bytes], said: Status) -> None:
    process.wait()
    status = states.read(run.path)
    # Still the word of this very start: a run may be taken up again before its last trainer has quite gone.
    if (status.state, status.process, status.heartbeat) == (said.state, said.process, said.heartbeat):
        with suppress(UserError, OSError):
            _say(
                run,
                status,
                state=states.FAILED,
                error=f"The trainer did not start; see {OUTPUT} of run {run.id}.",
            )


def _say(run: Run, status: Status, **changes: Any) -> Status:
    spoken = {"process": Process.current(), "heartbeat": status.heartbeat + 1, "error": "", **changes}
    said = dataclasses.replace(status, **spoken)
    said.write(run.path)
    return said
