"""One gate for heavy work: joined by key, in order, cancelled when nobody waits, results within a budget."""

import gc
import queue
import sys
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from dashboard import jobs
from dashboard.jobs import OVERHEAD, PREVIEWS, Cancelled, Gate, Lane

LANES: dict[Lane, int] = {"quick": 1, "slow": 1}
LONG = 20.0  # seconds that nothing here takes
LEASE = 2.0
OTHERS: dict[str, int] = {}


class Result:
    def __init__(self, nbytes):
        self.nbytes = nbytes


class Clock:
    """Time that passes only when a test says so."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class Held:
    """Work that goes on, reporting or not, until it is told to end."""

    def __init__(self, result="result", *, reports=True):
        self.started = threading.Event()
        self.release = threading.Event()
        self.runs = 0
        self.steps = 0
        self.result = result
        self.reports = reports

    def __call__(self, report):
        self.runs += 1
        self.started.set()
        while not self.release.wait(0.005):
            if self.reports:
                report(0.5)
            self.steps += 1
        return self.result

    def goes_on(self):
        """Wait until it has reported anew."""
        steps = self.steps
        until(lambda: self.steps > steps + 1)
        return True


@pytest.fixture
def gate():
    return Gate(LANES, lease=LONG)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    return clock


@pytest.fixture
def brief(clock):
    """A gate whose lease runs out when the test lets time pass."""
    return Gate(LANES, lease=LEASE)


@pytest.fixture
def held():
    """Makes held work, all of which ends with the test."""
    made = []

    def make(*args, **kwargs):
        made.append(Held(*args, **kwargs))
        return made[-1]

    yield make
    for work in made:
        work.release.set()


def value(result):
    return lambda report: result


def failing(error):
    def work(report):
        raise error

    return work


def occupy(gate, held, lane="slow"):
    """Keep a lane's only worker busy."""
    work = held(reports=False)
    job = gate.submit(("occupied", lane), work, lane=lane)
    assert work.started.wait(LONG)
    return work, job


def done(job):
    assert job.wait(LONG)
    return job.result()


def until(condition):
    end = time.perf_counter() + LONG
    while not condition():
        assert time.perf_counter() < end
        time.sleep(0.002)


def test_a_job_gives_what_its_work_returned(gate):
    job = gate.submit("key", value(42), lane="quick")
    assert done(job) == 42
    assert (job.state, job.progress) == ("done", 1.0)


def test_the_same_key_joins_and_the_work_runs_once(gate, held):
    work = held()
    first = gate.submit("key", work, lane="slow")
    assert work.started.wait(LONG)
    second = gate.submit("key", held(), lane="slow")
    work.release.set()
    assert second is first
    assert done(second) == "result"
    assert work.runs == 1


def test_a_kept_result_is_returned_at_once(gate, held):
    first = gate.submit("key", value(1), lane="slow")
    done(first)
    occupy(gate, held)
    again = gate.submit("key", value(2), lane="slow")
    assert again is first
    assert again.wait(0) is True
    assert again.result() == 1


def test_a_result_is_not_to_be_had_before_the_end(gate, held):
    job = gate.submit("key", held(), lane="slow")
    with pytest.raises(RuntimeError, match="not ended"):
        job.result()


def test_every_reader_gets_the_error_and_it_is_not_kept(gate, held):
    busy, _ = occupy(gate, held)
    jobs = [gate.submit("key", failing(ValueError("bad layer")), lane="slow") for _ in range(5)]
    busy.release.set()
    for job in jobs:
        assert job.wait(LONG)
        for _ in range(2):
            with pytest.raises(ValueError, match="bad layer"):
                job.result()
        assert job.state == "failed"
    assert done(gate.submit("key", value("second try"), lane="slow")) == "second try"


def test_an_error_tells_where_it_was_raised_and_does_not_grow(gate):
    job = gate.submit("key", failing(ValueError("bad layer")), lane="slow")
    assert job.wait(LONG)

    def names():
        with pytest.raises(ValueError, match="bad layer") as caught:
            job.result()
        return [entry.name for entry in caught.traceback]

    first = names()
    assert first[-1] == "work"
    assert names() == first


@pytest.mark.parametrize("error", [SystemExit(1), KeyboardInterrupt(), GeneratorExit()], ids=repr)
def test_what_would_end_a_thread_ends_only_the_job(gate, error):
    job = gate.submit("key", failing(error), lane="slow")
    assert job.wait(LONG)
    with pytest.raises(RuntimeError, match=type(error).__name__):
        job.result()
    assert done(gate.submit("other", value(1), lane="slow")) == 1


def test_work_that_nobody_waits_for_ends_with_the_lease(brief, clock, held):
    work = held()
    job = brief.submit("key", work, lane="slow")
    clock.now += 0.9 * LEASE
    assert work.started.wait(LONG)
    assert work.goes_on()
    clock.now += 0.2 * LEASE
    until(lambda: job.state == "cancelled")
    with pytest.raises(Cancelled):
        job.result()
    assert done(brief.submit("key", value("anew"), lane="slow")) == "anew"


def test_a_queued_job_that_nobody_waits_for_never_runs(brief, clock, held):
    busy, _ = occupy(brief, held)
    work = held()
    job = brief.submit("key", work, lane="slow")
    clock.now += 1.1 * LEASE
    busy.release.set()
    until(lambda: job.state == "cancelled")
    assert work.runs == 0


def test_joining_again_in_the_queue_keeps_its_place(brief, clock, held):
    """Even after the lease, as long as nothing was decided."""
    busy, _ = occupy(brief, held)
    first, second = (brief.submit(key, value(key), lane="slow") for key in "ab")
    clock.now += 1.1 * LEASE
    assert brief.submit("a", value("not run"), lane="slow") is first
    second.join()
    assert (first.ahead, second.ahead) == (0, 1)
    busy.release.set()
    assert done(first) == "a"


def test_asking_again_keeps_a_job_alive(brief, clock, held):
    work = held()
    job = brief.submit("key", work, lane="slow")
    for _ in range(5):
        clock.now += 0.9 * LEASE
        assert brief.submit("key", held(), lane="slow") is job
        assert work.started.wait(LONG)
        assert work.goes_on()
    work.release.set()
    assert done(job) == "result"


def test_one_long_wait_keeps_a_job_alive(brief, clock, held):
    """Not only many short ones: a reader who waits is there, however long."""
    work = held()
    job = brief.submit("key", work, lane="slow")
    reader = threading.Thread(target=job.wait, args=(LONG,))
    reader.start()
    assert work.started.wait(LONG)
    until(lambda: job._wanted_until > clock.now + LONG)
    clock.now += LONG
    assert work.goes_on()
    work.release.set()
    reader.join()
    assert job.result() == "result"


def test_who_joins_keeps_the_job_alive_for_who_left(brief, clock, held):
    work = held()
    left = brief.submit("key", work, lane="slow")
    clock.now += 0.9 * LEASE
    stays = brief.submit("key", held(), lane="slow")
    clock.now += 0.9 * LEASE
    assert work.started.wait(LONG)
    assert work.goes_on()
    work.release.set()
    assert done(stays) == done(left) == "result"


def test_joining_a_job_that_is_just_being_cancelled_starts_it_anew(brief, clock, held):
    """Between the decision to give up and the end of the work there is time; a reader must not be caught in it."""
    giving_up, go_on = threading.Event(), threading.Event()

    def unwilling(report):
        try:
            while True:
                report(0.5)
        except Cancelled:
            giving_up.set()
            go_on.wait(LONG)
            raise

    first = brief.submit("key", unwilling, lane="slow")
    until(lambda: first.progress == 0.5)
    clock.now += 1.1 * LEASE
    assert giving_up.wait(LONG)
    second = brief.submit("key", value("anew"), lane="slow")
    third = brief.submit("key", value("anew"), lane="slow")
    busy = brief.submit("other", held(reports=False), lane="slow")
    go_on.set()
    assert second is not first
    assert third is second
    assert done(second) == "anew"
    with pytest.raises(Cancelled):
        done(first)
    assert brief.submit("key", value("again"), lane="slow") is second
    assert not busy.wait(0)


@pytest.mark.parametrize("reports", [True, False], ids=["ends", "returns all the same"])
def test_a_job_that_was_given_up_does_not_get_in_its_successors_way(clock, held, reports):
    gate = Gate({"slow": 2}, lease=LEASE)
    pause = threading.Event()

    def work(report):
        pause.wait(LONG)
        if reports:
            report(0.5)
        return "result"

    first = gate.submit("key", work, lane="slow")
    until(lambda: first.state == "running")
    clock.now += 1.1 * LEASE
    with pytest.raises(Cancelled):
        first.report(0.1)
    successor = held(reports=False)
    second = gate.submit("key", successor, lane="slow")
    assert successor.started.wait(LONG)
    pause.set()
    until(lambda: first.state == ("cancelled" if reports else "done"))
    assert gate.submit("key", held(), lane="slow") is (second if reports else first)
    successor.release.set()
    assert done(second) == "result"
    until(lambda: gate.kept_bytes == OVERHEAD)


def test_work_that_never_reports_goes_on_and_does_not_block_other_lanes(brief, clock, held):
    work = held(reports=False)
    job = brief.submit("stubborn", work, lane="slow")
    assert work.started.wait(LONG)
    clock.now += 2 * LEASE
    assert job.is_abandoned
    assert work.goes_on()
    assert done(brief.submit("key", value(1), lane="quick")) == 1
    work.release.set()
    until(lambda: job.state == "done")
    assert brief.submit("stubborn", value("not run"), lane="slow").result() == "result"


def test_a_lane_runs_in_the_order_of_arrival(gate, held):
    busy, _ = occupy(gate, held)
    order = []
    jobs = [gate.submit(number, lambda report, n=number: order.append(n), lane="slow") for number in range(8)]
    busy.release.set()
    for job in jobs:
        done(job)
    assert order == list(range(8))


@pytest.fixture
def started(gate, held):
    """Fills the slow lane with works of visitors, named by them; the order in which they start."""
    busy, _ = occupy(gate, held)
    order = []

    def run(*names):
        jobs = [
            gate.submit(name, lambda report, name=name: order.append(name), lane="slow", visitor=name[0])
            for name in names
        ]
        places = [job.ahead for job in jobs]
        busy.release.set()
        for job in jobs:
            done(job)
        assert places == [order.index(name) for name in names]
        return order

    return run


def test_nobody_waits_behind_five_of_one_person(started):
    assert started("a1", "a2", "a3", "a4", "a5", "b1", "c1", "b2") == [
        "a1",
        "b1",
        "c1",
        "a2",
        "b2",
        "a3",
        "a4",
        "a5",
    ]


def test_who_has_one_running_waits_for_who_has_none(gate, held):
    work = held()
    gate.submit("a1", work, lane="slow", visitor="a")
    assert work.started.wait(LONG)
    jobs = [gate.submit(name, value(0), lane="slow", visitor=name[0]) for name in ("a2", "b1")]
    assert [job.ahead for job in jobs] == [1, 0]


def test_what_two_want_has_the_place_of_the_first_of_them(gate, held):
    occupy(gate, held)
    jobs = {
        name: gate.submit(name, value(0), lane="slow", visitor=name[0]) for name in ("a1", "a2", "a3", "b1")
    }
    assert gate.submit("a3", value(1), lane="slow", visitor="c") is jobs["a3"]
    assert {name: job.ahead for name, job in jobs.items()} == {"a1": 0, "b1": 1, "a3": 2, "a2": 3}


def test_what_a_visitor_gave_up_costs_them_no_turn(brief, clock, held):
    occupy(brief, held)
    brief.submit("a1", value(0), lane="slow", visitor="a")
    clock.now += 2 * LEASE
    again, other = (brief.submit(name, value(0), lane="slow", visitor=name[0]) for name in ("a2", "b1"))
    assert (again.ahead, other.ahead) == (0, 1)


def test_the_quick_lane_does_not_wait_for_the_slow_one(gate, held):
    occupy(gate, held)
    gate.submit("also slow", value(0), lane="slow")
    assert done(gate.submit("quick", value(1), lane="quick")) == 1


def test_a_lane_runs_as_many_as_it_has_workers(held):
    gate = Gate({"slow": 2}, lease=LONG)
    works = [held(), held(), held()]
    jobs = [gate.submit(number, work, lane="slow") for number, work in enumerate(works)]
    assert works[0].started.wait(LONG)
    assert works[1].started.wait(LONG)
    assert [job.state for job in jobs] == ["running", "running", "queued"]


def test_places_in_the_queue(gate, held):
    busy, running = occupy(gate, held)
    works = [held() for _ in range(3)]
    jobs = [gate.submit(number, work, lane="slow") for number, work in enumerate(works)]
    assert running.ahead == 0
    assert [job.ahead for job in jobs] == [0, 1, 2]
    busy.release.set()
    assert works[0].started.wait(LONG)
    assert [job.ahead for job in jobs] == [0, 0, 1]
    assert [job.state for job in jobs] == ["running", "queued", "queued"]
    for work in works:
        work.release.set()
    for job in jobs:
        done(job)
    assert [job.ahead for job in jobs] == [0, 0, 0]


def test_who_left_the_queue_does_not_count(brief, clock, held):
    occupy(brief, held)
    left = brief.submit("left", value(0), lane="slow")
    clock.now += 1.1 * LEASE
    stays = brief.submit("stays", value(0), lane="slow")
    assert stays.ahead == 0
    left.join()
    assert stays.ahead == 1


def test_the_time_left_follows_the_pace(brief, clock):
    shares: queue.SimpleQueue[float | None] = queue.SimpleQueue()

    def work(report):
        for share in iter(shares.get, None):
            report(share)

    job = brief.submit("key", work, lane="slow")
    job.join(60)
    until(lambda: job.state == "running")
    for share, after, left in ((0.04, 10, None), (0.25, 10, 60), (0.5, 10, 30), (0.8, 10, 10)):
        clock.now += after
        shares.put(share)
        until(lambda share=share: job.progress == share)
        assert job.seconds_left == (None if left is None else pytest.approx(left))
    shares.put(None)
    done(job)


def test_the_time_left_is_never_negative(gate, held):
    seen = []

    def work(report):
        for share in (-1.0, 1.7):
            report(share)
            seen.append((job.progress, job.seconds_left))

    busy, _ = occupy(gate, held)
    job = gate.submit("key", work, lane="slow")
    busy.release.set()
    done(job)
    assert seen == [(0.0, None), (1.0, 0.0)]
    assert job.seconds_left == 0


def test_nothing_is_left_to_say_of_a_job_in_the_queue(gate, held):
    occupy(gate, held)
    job = gate.submit("key", value(1), lane="slow")
    assert job.seconds_left is None
    assert job.wait(0) is False


def test_results_used_longest_ago_leave_when_the_budget_is_full():
    gate = Gate(LANES, budget=lambda: 3 * (1_000_000 + OVERHEAD), lease=LONG)

    def ask(key):
        return gate.submit(key, value(Result(1_000_000)), lane="slow")

    jobs = {}
    for key in "abc":
        jobs[key] = ask(key)
        done(jobs[key])
    assert gate.kept_bytes == 3 * (1_000_000 + OVERHEAD)
    assert ask("a") is jobs["a"]
    done(ask("d"))
    assert gate.kept_bytes == 3 * (1_000_000 + OVERHEAD)
    assert ask("a") is jobs["a"]
    assert ask("c") is jobs["c"]
    assert ask("b") is not jobs["b"]


def test_a_result_larger_than_the_budget_is_kept_until_the_next_one():
    gate = Gate(LANES, budget=lambda: 1000, lease=LONG)
    small, large = (gate.submit(size, value(Result(size)), lane="slow") for size in (10, 10_000_000))
    done(small), done(large)
    until(lambda: gate.kept_bytes == 10_000_000 + OVERHEAD)
    assert gate.submit(10_000_000, value(None), lane="slow") is large
    done(gate.submit("next", value(None), lane="slow"))
    until(lambda: gate.kept_bytes == OVERHEAD)


def test_of_previews_the_latest_are_kept():
    gate = Gate({"preview": 1, "slow": 1}, lease=LONG)
    done(gate.submit("whole", value(Result(1000)), lane="slow"))
    for number in range(PREVIEWS + 2):
        done(gate.submit(number, value(Result(1000)), lane="preview"))
    until(lambda: gate.kept_bytes == (PREVIEWS + 1) * (1000 + OVERHEAD))
    assert [key for key in ("whole", *range(PREVIEWS + 2)) if gate.keeps(key)] == [
        "whole",
        *range(2, PREVIEWS + 2),
    ]


def test_results_without_arrays_count_too():
    """Or a million tables would be kept for ever."""
    gate = Gate(LANES, budget=lambda: 20 * OVERHEAD, lease=LONG)
    for number in range(100):
        done(gate.submit(number, value(None), lane="quick"))
    assert OVERHEAD <= gate.kept_bytes <= 20 * OVERHEAD


def test_results_in_a_list_count_each(gate):
    done(gate.submit("table", value([Result(1000), Result(2000)]), lane="quick"))
    until(lambda: gate.kept_bytes == 3000 + 3 * OVERHEAD)


def test_a_kept_result_does_not_keep_what_its_work_held(gate):
    """A closure holds a network and arrays that the budget knows nothing of."""
    network = np.zeros(1000)
    gone = weakref.ref(network)
    job = gate.submit("key", lambda report, network=network: network.sum(), lane="slow")
    del network
    assert done(job) == 0
    gc.collect()
    assert gone() is None
    assert gate.submit("key", value(1), lane="slow") is job


def test_a_failed_job_does_not_keep_what_its_work_held(gate):
    def work(report):
        activations = np.zeros(1000)
        seen.append(weakref.ref(activations))
        try:
            OTHERS["inner"]
        except KeyError:
            raise ValueError("outer") from None

    seen: list[weakref.ref[np.ndarray]] = []
    job = gate.submit("key", work, lane="slow")
    assert job.wait(LONG)
    with pytest.raises(ValueError, match="outer"):
        job.result()
    assert seen[0]() is None


def test_an_idle_worker_does_not_keep_a_result_beyond_the_budget():
    gate = Gate(LANES, budget=lambda: 1000, lease=LONG)
    job = gate.submit("first", lambda report: np.zeros(10_000), lane="quick")
    gone = weakref.ref(done(job))
    del job
    done(gate.submit("second", value(1), lane="slow"))
    until(lambda: gate.kept_bytes == OVERHEAD)
    gc.collect()
    assert gone() is None


def test_a_lane_at_rest_gives_memory_back_once_and_serves_on(monkeypatch):
    rests: list[threading.Thread] = []
    monkeypatch.setattr(jobs, "REST_SECONDS", 0.02)
    monkeypatch.setattr(jobs, "release_memory", lambda: rests.append(threading.current_thread()))
    gate = Gate({"slow": 1}, lease=LONG)
    lane = done(gate.submit("first", lambda report: threading.current_thread(), lane="slow"))
    # Lanes of other tests come to rest meanwhile.
    until(lambda: rests.count(lane) == 1)
    assert done(gate.submit("second", lambda report: threading.current_thread(), lane="slow")) is lane
    until(lambda: rests.count(lane) == 2)
    time.sleep(0.1)
    assert rests.count(lane) == 2


def test_eight_threads_with_equal_and_distinct_keys(gate):
    runs: dict[int, int] = {}
    lock = threading.Lock()

    def work(key):
        def count(report):
            report(0.1)
            time.sleep(0.0005)
            with lock:
                runs[key] = runs.get(key, 0) + 1
            return key * 10

        return count

    def ask(thread):
        keys = [(thread * 7 + step) % 40 for step in range(40)]
        return [(key, done(gate.submit(key, work(key), lane="slow" if key % 2 else "quick"))) for key in keys]

    switch = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as pool:
            answers = [pair for pairs in pool.map(ask, range(8)) for pair in pairs]
    finally:
        sys.setswitchinterval(switch)
    assert len(answers) == 320
    assert all(result == key * 10 for key, result in answers)
    assert runs == dict.fromkeys(range(40), 1)


def test_eight_readers_who_come_and_go_all_get_their_answer():
    """Jobs given up and joined at the same moments, over and over."""
    gate = Gate(LANES, lease=0.002)

    def work(report):
        for step in range(10):
            report(step / 10)
            time.sleep(0.0005)
        return "result"

    def ask(seed):
        rng = np.random.default_rng(seed)
        for round_ in range(40):
            while True:
                job = gate.submit(round_ // 2, work, lane="slow")
                time.sleep(float(rng.uniform(0, 0.004)))
                if rng.random() < 0.3:
                    break  # left
                assert job.wait(LONG)
                try:
                    assert job.result() == "result"
                except Cancelled:
                    continue
                break
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(8)))
    assert done(gate.submit("after", value(1), lane="slow")) == 1
