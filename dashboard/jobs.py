"""Heavy work goes through one gate: a few at a time, joined by key, cancelled when nobody waits, results kept."""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

T = TypeVar("T")
Lane = Literal["quick", "slow", "download"]
State = Literal["queued", "running", "done", "failed", "cancelled"]

# A job that nobody has asked about for this long is not wanted any more. Long enough for a page to rerun and
# join again; short enough that the next visitor does not wait for work whose reader has left.
LEASE_SECONDS = 2.0
RESULT_BUDGET = int(os.environ.get("VITRINE_RESULTS_MB", "256")) * 1024**2


class Cancelled(Exception):  # noqa: N818  # it is no error
    """Raised inside a job that nobody wants any more."""


@dataclass(eq=False)
class Job(Generic[T]):
    """One piece of work and how far it is. Made by a Gate."""

    key: Hashable
    lane: Lane
    work: Callable[[Callable[[float], None]], T]
    state: State = "queued"
    progress: float = 0.0
    started: float | None = None
    ahead: int = 0
    _wanted: float = field(default_factory=time.monotonic)
    _finished: threading.Event = field(default_factory=threading.Event)
    _result: T | None = None
    _error: BaseException | None = None

    def wait(self, seconds: float) -> bool:
        """Say that the result is wanted and wait for it that long; True once the job has ended."""
        self._wanted = time.monotonic()
        ended = self._finished.wait(seconds)
        self._wanted = time.monotonic()
        return ended

    def result(self) -> T:
        """What the work returned. Raises what it raised, or Cancelled. To be called once the job has ended."""
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]  # set whenever there is no error

    @property
    def seconds_left(self) -> float | None:
        """Estimated from the pace so far; None before there is one."""
        if self.started is None or self.progress < 0.05:
            return None
        elapsed = time.monotonic() - self.started
        return elapsed * (1 - self.progress) / self.progress

    def report(self, share: float) -> None:
        """Note the share that is done, in [0, 1]. Raises Cancelled when nobody wants the result."""
        self.progress = share
        if self.abandoned:
            raise Cancelled

    @property
    def abandoned(self) -> bool:
        """Whether nobody has asked for the result lately."""
        return time.monotonic() - self._wanted > LEASE_SECONDS

    def end(self, result: T | None = None, error: BaseException | None = None) -> None:
        """Settle the outcome and wake everybody who waits."""
        self._result, self._error = result, error
        self.state = "done" if error is None else "cancelled" if isinstance(error, Cancelled) else "failed"
        self._finished.set()


class Gate:
    """Runs jobs, a fixed number at a time in each lane, in the order they came.

    Quick work has a lane of its own, so that a first picture never waits for somebody's slow map; a download
    waits for the network and not for the processor.
    """

    def __init__(self, lanes: Mapping[Lane, int], budget: int = RESULT_BUDGET) -> None:
        self._lock = threading.Condition()
        self._queues: dict[Lane, deque[Job[Any]]] = {lane: deque() for lane in lanes}
        self._alive: dict[Hashable, Job[Any]] = {}
        self._kept: OrderedDict[Hashable, Job[Any]] = OrderedDict()
        self._budget = budget
        for lane, workers in lanes.items():
            for number in range(workers):
                threading.Thread(target=self._serve, args=(lane,), name=f"{lane}-{number}", daemon=True).start()

    def submit(self, key: Hashable, work: Callable[[Callable[[float], None]], T], *, lane: Lane) -> Job[T]:
        """The job of that key: a finished one whose result is kept, the one that runs or waits, or a new one.

        Args:
            key: names and digests that determine the result; never arrays.
            work: called with a function to report the share done to, which raises Cancelled to end the work.
                Its result counts against the budget with its `nbytes`.
            lane: where it queues.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            if key in self._alive:
                self._alive[key].wait(0)
                return self._alive[key]
            job = Job(key, lane, work, ahead=len(self._queues[lane]))
            self._alive[key] = job
            self._queues[lane].append(job)
            self._lock.notify_all()
            return job

    @property
    def kept_bytes(self) -> int:
        """Memory of the results that are kept."""
        with self._lock:
            return self._bytes()

    def _bytes(self) -> int:
        return sum(_nbytes(job) for job in self._kept.values())

    def _serve(self, lane: Lane) -> None:
        while True:
            with self._lock:
                while not self._queues[lane]:
                    self._lock.wait()
                job = self._queues[lane].popleft()
                for place, waiting in enumerate(self._queues[lane]):
                    waiting.ahead = place + 1
                job.state, job.ahead, job.started = "running", 0, time.monotonic()
            self._run(job)

    def _run(self, job: Job[Any]) -> None:
        result, error = None, None
        try:
            job.report(0.0)
            result = job.work(job.report)
        except BaseException as raised:  # noqa: BLE001  # handed over to whoever waits, who raises it again
            error = raised
        with self._lock:
            if self._alive.get(job.key) is job:
                del self._alive[job.key]
            job.end(result, error)
            if error is None:
                self._keep(job)

    def _keep(self, job: Job[Any]) -> None:
        """Keep a result, and let go of those that were used longest ago until the budget holds."""
        self._kept[job.key] = job
        while len(self._kept) > 1 and self._bytes() > self._budget:
            self._kept.popitem(last=False)


def _nbytes(job: Job[Any]) -> int:
    return int(getattr(job.result(), "nbytes", 0))


GATE = Gate({"quick": 1, "slow": 1, "download": 1})
