"""A file that no page took in is let go; one that a page reads, or that a form holds, is not."""

from __future__ import annotations

import gc
import threading
import time

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from dashboard import unclaimed


def manager_with(*files: tuple[str, str, int]) -> MemoryUploadedFileManager:
    manager = MemoryUploadedFileManager("/upload")
    for session, file_id, size in files:
        put(manager, session, file_id, size)
    return manager


def put(manager: MemoryUploadedFileManager, session: str, file_id: str, size: int) -> None:
    manager.add_file(session, UploadedFileRec(file_id, "x", "y", bytes(size)))


def held(manager: MemoryUploadedFileManager) -> set[str]:
    return {file_id for files in manager.file_storage.values() for file_id in files}


LARGE, SMALL = unclaimed.SMALL + 1, unclaimed.SMALL


def test_what_nobody_took_in_is_let_go_after_its_time():
    manager = manager_with(("ann", "a", LARGE), ("ann", "list", SMALL))
    seen = unclaimed.sweep(manager, {}, lambda: 100.0)
    seen = unclaimed.sweep(manager, seen, lambda: 100 + unclaimed.PATIENCE)
    assert held(manager) == {"a", "list"}
    seen = unclaimed.sweep(manager, seen, lambda: 100.1 + unclaimed.PATIENCE)
    assert held(manager) == {"list"}
    assert manager._total_bytes == SMALL
    unclaimed.sweep(manager, seen, lambda: 100.1 + unclaimed.PATIENCE_SMALL)
    assert held(manager) == set()


def test_a_drop_whose_other_files_are_still_coming_waits_for_them():
    manager = manager_with(("ann", "a", LARGE), ("ben", "b", LARGE))
    seen = unclaimed.sweep(manager, {}, lambda: 0.0)
    put(manager, "ann", "later", LARGE)
    seen = unclaimed.sweep(manager, seen, lambda: 60.0)
    seen = unclaimed.sweep(manager, seen, lambda: 100.0)
    assert held(manager) == {"a", "later"}
    unclaimed.sweep(manager, seen, lambda: 151.0)
    assert held(manager) == set()


def test_what_a_page_reads_stays_until_it_is_released():
    manager = manager_with(("ann", "a", LARGE))
    put(manager, "ann", "b", LARGE)
    for file_id in ("a", "b"):
        unclaimed.claim(file_id, lambda: 0.0)
    seen = unclaimed.sweep(manager, {}, lambda: 0.0)
    unclaimed.sweep(manager, seen, lambda: 1000.0)
    assert held(manager) == {"a", "b"}
    unclaimed.release("a")
    unclaimed.sweep(manager, seen, lambda: 1000.0)
    assert held(manager) == {"b"}
    unclaimed.sweep(manager, seen, lambda: unclaimed.LONGEST_READING)
    assert held(manager) == set()
    assert unclaimed._CLAIMED == {}


def test_a_manager_is_watched_once_and_as_long_as_it_is_there(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(unclaimed, "PAUSE", 0.01)
    monkeypatch.setattr(unclaimed, "PATIENCE", 0.0)
    before = set(threading.enumerate())
    manager = manager_with(("ann", "a", LARGE))
    unclaimed.watch(manager)
    unclaimed.watch(manager)
    (watcher,) = set(threading.enumerate()) - before
    deadline = time.monotonic() + 10
    while held(manager) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert held(manager) == set()
    del manager
    gc.collect()
    watcher.join(deadline - time.monotonic())
    assert not watcher.is_alive()
