"""Two servers over one folder of runs, as behind a load balancer: what either starts, both show, and it outlives it.

`python -m tests.replicas` takes about two minutes, prints what it saw, and ends with an error where that was wrong.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from models.runtime import settings
from models.training import runs
from models.training.runs import status as states
from tests.benchmarks._session import Session
from tests.browser.server import Server

PATIENCE_SECONDS = 600
START = "Watch the classic network learn"


def main() -> None:
    """Start a run from each of two servers at once, end one server, and follow both runs from the other."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ[settings.RUNS.name] = folder
        with Server(VITRINE_RUNS=folder) as one, Server(VITRINE_RUNS=folder) as other:
            _wait(lambda: _is_ready(one) and _is_ready(other), "both servers are ready")
            with ThreadPoolExecutor() as pool:
                list(pool.map(_start_run, (one, other)))
            started = runs.listing().runs
            _check(
                len(started) == 2, f"two runs were started at once: {', '.join(run.id for run in started)}"
            )
            _check(len({run.number for run in started}) == 2, "they have numbers of their own")
            one.stop()
            for run in started:
                with Session(other.url) as visitor:
                    visitor.open("training", run=run.id)
                    _check(visitor.shows(run.id), f"the other server shows {run.id}")
                _wait(lambda run=run: not run.status().active, f"{run.id} ends")  # type: ignore[misc]
                _check(
                    run.status().state == states.FINISHED, f"{run.id} is trained although a server has ended"
                )


def _start_run(server: Server) -> None:
    with Session(server.url) as visitor:
        visitor.open("training")
        visitor.press(START)


def _is_ready(server: Server) -> bool:
    try:
        with urllib.request.urlopen(f"{server.url}/ready", timeout=60) as answer:
            return bool(json.load(answer)["ready"])
    except urllib.error.HTTPError:
        return False


def _wait(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise SystemExit(f"WRONG: not so after {PATIENCE_SECONDS} s: {what}")
        time.sleep(0.5)
    print(what)


def _check(holds: bool, what: str) -> None:
    if not holds:
        raise SystemExit(f"WRONG: not so: {what}")
    print(what)


if __name__ == "__main__":
    main()
