"""Memory that was freed and kept goes back to the system."""

import sys
from pathlib import Path

import pytest

from dashboard.memory import give_back

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


def test_where_the_c_library_has_no_such_call_nothing_happens(monkeypatch):
    monkeypatch.setattr("ctypes.CDLL", lambda name: object())
    give_back()
