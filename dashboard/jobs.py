"""Heavy work goes through one gate: a few at a time, visitors in turn, joined by key, cancelled, kept."""

from __future__ import annotations

import itertools
import threading
import time
import traceback
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Mapping
from types import TracebackType
from typing import Any, Generic, Literal, TypeVar

from models.runtime import settings
from models.runtime.memory import release_memory

T = TypeVar("T")
Lane = Literal["quick", "preview", "slow", "download", "file", "opening", "report"]
State = Literal["queued", "running", "done", "failed", "cancelled"]
Work = Callable[[Callable[[float], None]], T]

# A job that nobody has asked about for this long is not wanted any more. Long enough for a page to rerun and
# join again; short enough that the next visitor does not wait for work whose reader has left.
LEASE_SECONDS = 2.0
# Previews that are kept: nobody asks for one again once its whole is there.
PREVIEWS = 4
# What a result costs besides its arrays.
OVERHEAD = 1024
# Work that follows sooner than this takes over the memory of the work before it.
REST_SECONDS = 2.0


class Cancelled(Exception):  # noqa: N818  # it is no error
    """Raised inside a job that nobody wants any more."""


class Job(Generic[T]):
    """One piece of work and how far it is. Made by a Gate.

    Attributes:
        key: names and digests that determine the result.
        lane: where it queues.
        state: how far it is, in a word.
        progress: share done, in [0, 1].
        started: when it left the queue (time.monotonic), or None.
        visitors: who asked for it.
        round: in which it starts: those of a lower one come first.
    """

    def __init__(
        self, key: Hashable, lane: Lane, work: Work[T], *, queue: deque[Job[Any]], lease: float
    ) -> None:
        self.key = key
        self.lane = lane
        self.state: State = "queued"
        self.progress = 0.0
        self.started: float | None = None
        self.visitors: set[str] = set()
        self.round = 0
        self._work: Work[T] | None = work
        self._queue = queue
        self._lease = lease
        self._wanted_until = time.monotonic() + lease
        self._given_up = False
        self._lock = threading.Lock()
        self._finished = threading.Event()
        self._result: T | None = None
        self._error: Exception | None = None
        self._trace: TracebackType | None = None

    def wait(self, seconds: float) -> bool:
        """Say that the result is wanted and wait for it that long; True once the job has ended."""
        self.join(seconds)
        return self._finished.wait(seconds)

    def join(self, seconds: float = 0.0) -> bool:
        """Say that the result is wanted for so long and the lease; False where it was given up already."""
        with self._lock:
            self._wanted_until = max(self._wanted_until, time.monotonic() + seconds + self._lease)
            return not self._given_up

    def result(self) -> T:
        """What the work returned. Raises what it raised, or Cancelled. To be called once the job has ended."""
        if not self._finished.is_set():
            raise RuntimeError("the job has not ended; wait for it first")
        if self._error is not None:
            # Every reader raises the same object: without this, each would add its own frames to it.
            raise self._error.with_traceback(self._trace)
        return self._result  # type: ignore[return-value]  # set whenever there is no error

    @property
    def ahead(self) -> int:
        """How many wanted jobs of its lane start before it; 0 once it runs."""
        line = tuple(self._queue)
        if self not in line:
            return 0
        return sum(not job.is_abandoned for job in itertools.takewhile(lambda job: job is not self, line))

    @property
    def seconds_left(self) -> float | None:
        """Estimated from the pace so far; None before there is one."""
        if self.started is None or self.progress < 0.05:
            return None
        return (time.monotonic() - self.started) * (1 - self.progress) / self.progress

    @property
    def is_abandoned(self) -> bool:
        """Whether nobody has asked for the result lately."""
        return time.monotonic() > self._wanted_until

    def report(self, share: float) -> None:
        """Note the share that is done, in [0, 1]. Raises Cancelled when nobody wants the result."""
        self.progress = min(max(share, 0.0), 1.0)
        with self._lock:
            # For good: who joins between this decision and the end of the work must get a new job.
            self._given_up = self._given_up or self.is_abandoned
            if self._given_up:
                raise Cancelled

    def run(self) -> None:
        """Do the work, unless nobody wants it any more, and settle the outcome. Raises nothing."""
        try:
            self.state, self.started = "running", time.monotonic()
            self.report(0.0)
            assert self._work is not None, "a job runs once"
            self._result = self._work(self.report)
        except BaseException as raised:  # handed over to whoever waits, who raises it again
            self._error, self._trace = _without_locals(raised), raised.__traceback__
        # What the work holds (a network, arrays) would escape the budget for as long as the result is kept.
        self._work = None

    def end(self) -> None:
        """Wake everybody who waits."""
        failure: State = "cancelled" if isinstance(self._error, Cancelled) else "failed"
        self.state = "done" if self._error is None else failure
        self.progress = 1.0 if self._error is None else self.progress
        self._finished.set()


class Gate:
    """Runs jobs, a fixed number at a time in each lane, and visitors in turn: nobody waits behind five of one person.

    Quick work has a lane of its own, so that a first picture never waits for somebody's slow map, and so have
    previews; a download waits for the network and not for the processor, a file that was dropped for a process of
    its own, a network that is opened for nobody, and a report for the jobs that it is made of.

    Args:
        lanes: how many jobs of each lane run at a time.
        budget: bytes that kept results may take, asked with each job; those used longest ago go first. The latest
            one is kept whatever its size, so that a page that runs again finds it, and so are the latest PREVIEWS
            alone.
        lease: seconds after which a job that nobody asks about is given up.
    """

    def __init__(
        self,
        lanes: Mapping[Lane, int],
        *,
        budget: Callable[[], int] = settings.RESULTS_MB.bytes,
        lease: float = LEASE_SECONDS,
    ) -> None:
        self._lock = threading.Condition()
        self._queues: dict[Lane, deque[Job[Any]]] = {lane: deque() for lane in lanes}
        self._rounds: dict[Lane, int] = dict.fromkeys(lanes, 0)  # of the job that started last
        self._alive: dict[Hashable, Job[Any]] = {}
        self._kept: OrderedDict[Hashable, tuple[Job[Any], int]] = OrderedDict()  # with its bytes
        self.kept_bytes = 0
        self._ask_budget, self._budget = budget, 0
        self._lease = lease
        for lane, workers in lanes.items():
            for number in range(workers):
                threading.Thread(
                    target=self._serve, args=(lane,), name=f"{lane}-{number}", daemon=True
                ).start()

    def submit(self, key: Hashable, work: Work[T], *, lane: Lane, visitor: str = "") -> Job[T]:
        """The job of that key: a finished one whose result is kept, the one that runs or waits, or a new one.

        Args:
            key: names and digests that determine the result; never arrays.
            work: called with a function to report the share done to, which raises Cancelled to end the work.
                Its result counts against the budget with its `nbytes`, or those of its items.
            lane: where it queues.
            visitor: who asks; empty for somebody who is taken for nobody else.
        """
        with self._lock:
            self._budget = self._ask_budget()
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
            running = self._alive.get(key)
            if running is not None and running.join():
                self._line_up(running, visitor)
                return running
            job = Job(key, lane, work, queue=self._queues[lane], lease=self._lease)
            self._line_up(job, visitor)
            self._alive[key] = job
            self._lock.notify_all()
            return job

    def _line_up(self, job: Job[Any], visitor: str) -> None:
        """Give a job that has not started the place of whoever of its visitors is first.

        A visitor's jobs take a round each, from the one that is on: the second starts when everybody who waits has
        had one.
        """
        queue = self._queues[job.lane]
        if visitor in job.visitors or (job.visitors and job not in queue):
            return
        waiting = sum(
            visitor != "" and visitor in other.visitors and other.lane == job.lane and not other.is_abandoned
            for other in self._alive.values()
        )
        turn = self._rounds[job.lane] + waiting
        if job.visitors:
            turn = min(turn, job.round)
            queue.remove(job)
        job.visitors.add(visitor)
        job.round = turn
        queue.insert(sum(other.round <= turn for other in queue), job)

    def keeps(self, key: Hashable) -> bool:
        """Whether the result of that key is there."""
        with self._lock:
            return key in self._kept

    def _serve(self, lane: Lane) -> None:
        while True:
            # No local variable: an idle worker would hold on to its last job's result beyond the budget.
            self._run(self._wait_for_next(lane))

    def _wait_for_next(self, lane: Lane) -> Job[Any]:
        queue = self._queues[lane]
        with self._lock:
            if self._lock.wait_for(lambda: queue, REST_SECONDS):
                return self._take(lane)
        release_memory()
        with self._lock:
            self._lock.wait_for(lambda: queue)
            return self._take(lane)

    def _take(self, lane: Lane) -> Job[Any]:
        job = self._queues[lane].popleft()
        self._rounds[lane] = job.round
        return job

    def _run(self, job: Job[Any]) -> None:
        job.run()
        with self._lock:
            if self._alive.get(job.key) is job:
                del self._alive[job.key]
            job.end()
            if job.state == "done":
                self._keep(job)

    def _keep(self, job: Job[Any]) -> None:
        """Keep a result, and let go of those that were used longest ago until the budget holds."""
        if job.key in self._kept:
            self._forget(job.key)
        size = _size(job.result())
        self._kept[job.key] = (job, size)
        self.kept_bytes += size
        previews = [key for key, (kept, _) in self._kept.items() if kept.lane == "preview"]
        for key in previews[:-PREVIEWS]:
            self._forget(key)
        while len(self._kept) > 1 and self.kept_bytes > self._budget:
            self._forget(next(iter(self._kept)))

    def _forget(self, key: Hashable) -> None:
        self.kept_bytes -= self._kept.pop(key)[1]


def _size(result: object) -> int:
    """Memory of a result in bytes: its arrays and a flat guess for the rest."""
    if isinstance(result, list | tuple):
        return OVERHEAD + sum(_size(item) for item in result)
    return OVERHEAD + int(getattr(result, "nbytes", 0))


def _without_locals(raised: BaseException) -> Exception:
    """The error that readers raise; its traceback names lines and holds no tensor.

    What would end the reader's thread as well (SystemExit, KeyboardInterrupt) becomes an ordinary error.
    """
    link: BaseException | None = raised
    while link is not None:
        traceback.clear_frames(link.__traceback__)
        link = link.__context__
    if isinstance(raised, Exception):
        return raised
    error = RuntimeError(f"the work ended with {type(raised).__name__}")
    error.__cause__ = raised
    return error


GATE = Gate({"quick": 1, "preview": 1, "slow": 1, "download": 1, "file": 1, "opening": 1, "report": 1})
