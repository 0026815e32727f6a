"""Memory that was freed is kept while work goes on and then goes back; what stays is not looked at again."""

import gc
import os
import subprocess
import sys
import weakref
from pathlib import Path

import pytest

from models.runtime.memory import (
    MANY_OBJECTS,
    collect_seldom,
    freeze_objects,
    keep_freed_memory,
    release_memory,
)
from tests.paths import ROOT

BLOCK, COUNT = 100_000, 2_000  # bytes; small enough for the heap, 200 MB in all


def resident():
    """Memory of this process in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc keeps freed memory so")
def test_what_is_freed_between_what_is_kept_goes_back():
    blocks = [bytearray(BLOCK) for _ in range(COUNT)]
    kept = blocks[::50]
    del blocks
    before = resident()
    release_memory()
    assert before - resident() > BLOCK * COUNT / 2
    assert len(kept) == COUNT / 50


# Prints how many of 16 MB, freed again, this process holds before and after it gives back.
FREED = """
from pathlib import Path
from models.runtime.memory import keep_freed_memory, release_memory

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

keep_freed_memory()
before = resident()
block = bytearray(2**24)
del block
held = resident() - before
release_memory()
print(held >> 20, resident() - before >> 20)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc keeps freed memory so")
@pytest.mark.parametrize(
    ("said", "keeps"),
    [({}, True), ({"MALLOC_MMAP_THRESHOLD_": "1000000"}, False)],
    ids=["default", "operator"],
)
def test_what_is_freed_is_kept_until_it_is_given_back(said, keeps):
    usual = {name: text for name, text in os.environ.items() if not name.startswith("MALLOC_")}
    done = subprocess.run(
        [sys.executable, "-c", FREED],
        cwd=ROOT,
        env={**usual, **said},
        capture_output=True,
        text=True,
        check=True,
    )
    held, left = map(int, done.stdout.split())
    assert (held >= 15) is keeps
    assert left <= 1


def test_where_the_c_library_has_no_such_call_nothing_happens(monkeypatch):
    monkeypatch.setattr("ctypes.CDLL", lambda name: object())
    keep_freed_memory()
    release_memory()


class Cycle:
    """Refers to itself, so that only the garbage collector can free it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def thawed():
    gc.unfreeze()
    yield
    gc.unfreeze()


def many() -> list[list[None]]:
    return [[None] for _ in range(MANY_OBJECTS + 1)]


@pytest.mark.slow
def test_what_is_there_to_stay_is_not_looked_at_again(thawed):
    loaded = many()
    freeze_objects()
    frozen = gc.get_freeze_count()
    assert frozen >= len(loaded)
    few = [[None] for _ in range(10)]
    freeze_objects()
    assert gc.get_freeze_count() <= frozen
    assert any(one is few for one in gc.get_objects())


@pytest.mark.slow
def test_what_was_to_stay_and_is_used_no_more_goes(thawed):
    cycle = Cycle()
    dead = weakref.ref(cycle)
    loaded = many()
    freeze_objects()
    del cycle
    gc.collect()
    assert dead() is not None
    more = many()
    freeze_objects()
    assert dead() is None
    assert gc.get_freeze_count() >= len(loaded) + len(more)


def test_cycles_are_looked_for_seldom():
    usual = gc.get_threshold()
    try:
        collect_seldom()
        assert gc.get_threshold() == (MANY_OBJECTS, *usual[1:])
    finally:
        gc.set_threshold(*usual)


# Prints of how many places four threads that live at once took their memory.
ARENAS = """
import ctypes, threading
from models.runtime.memory import share_arena

share_arena()
together = threading.Barrier(4)

def take():
    block = bytearray(2**16)
    together.wait()

threads = [threading.Thread(target=take) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
ctypes.CDLL(None).malloc_stats()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc gives threads places of their own")
@pytest.mark.parametrize(("said", "places"), [({}, 1), ({"MALLOC_ARENA_MAX": "3"}, 3)])
def test_threads_share_one_place_unless_the_operator_says_otherwise(said, places):
    environment = {name: text for name, text in os.environ.items() if not name.startswith("MALLOC_")}
    done = subprocess.run(
        [sys.executable, "-c", ARENAS], cwd=ROOT, env=environment | said, capture_output=True, text=True
    )
    assert done.stderr.count("Arena ") == places, done.stderr
