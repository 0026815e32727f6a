"""Memory that was freed is kept while work goes on, and then goes back to the system."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.memory import give_back, keep_freed

ROOT = Path(__file__).parents[2]
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
    give_back()
    assert before - resident() > BLOCK * COUNT / 2
    assert len(kept) == COUNT / 50


# Prints how many of 16 MB, freed again, this process holds before and after it gives back.
FREED = """
from pathlib import Path
from models.memory import give_back, keep_freed

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

keep_freed()
before = resident()
block = bytearray(2**24)
del block
held = resident() - before
give_back()
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
    keep_freed()
    give_back()
