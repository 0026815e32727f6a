"""Files that a browser sent and no page took in: let go after a while, as Streamlit holds them until a session ends."""

from __future__ import annotations

import math
import threading
import time
import weakref
from collections.abc import Callable

from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from models.runtime.settings import MEGABYTE

# A page takes in what it is told of at once, and it is told when the last file of a drop has come: so long after that,
# nobody waits for a file any more. One that lies in a form until that is sent may be small, and waits longer.
PATIENCE = 90.0
SMALL = 4 * MEGABYTE
PATIENCE_SMALL = 3600.0
PAUSE = 15.0
# Files that a page is reading, since when: their session may ask for them again, but no longer than that.
LONGEST_READING = 1800.0
_CLAIMED: dict[str, float] = {}
_WATCHED: weakref.WeakSet[MemoryUploadedFileManager] = weakref.WeakSet()
_LOCK = threading.Lock()


def claim(file_id: str, clock: Callable[[], float] = time.monotonic) -> None:
    """Keep a file until release(), or until its reader is long gone."""
    _CLAIMED[file_id] = clock()


def release(file_id: str) -> None:
    """What claim() kept may go."""
    _CLAIMED.pop(file_id, None)


def watch(manager: MemoryUploadedFileManager) -> None:
    """Let go of what nobody takes in, from now on and as long as the manager is there."""
    with _LOCK:
        if manager in _WATCHED:
            return
        _WATCHED.add(manager)
    threading.Thread(
        target=_keep_sweeping, args=(weakref.ref(manager),), name="unclaimed files", daemon=True
    ).start()


def _keep_sweeping(reference: weakref.ref[MemoryUploadedFileManager]) -> None:
    seen: dict[tuple[str, str], float] = {}
    while (manager := reference()) is not None:
        seen = sweep(manager, seen)
        del manager
        time.sleep(PAUSE)


def sweep(
    manager: MemoryUploadedFileManager,
    seen: dict[tuple[str, str], float],
    clock: Callable[[], float] = time.monotonic,
) -> dict[tuple[str, str], float]:
    """Let go of files that have waited too long.

    Args:
        manager: of all files.
        seen: session and file -> when it was first seen, as the last sweep returned it.
        clock: seconds that never run backwards.

    Returns:
        The same for the next sweep.
    """
    now = clock()
    held = {
        (session, file_id): len(record.data)
        for session, files in manager.file_storage.copy().items()
        for file_id, record in files.copy().items()
    }
    seen = {key: seen.get(key, now) for key in held}
    latest: dict[str, float] = {}
    for (session, _), since in seen.items():
        latest[session] = max(since, latest.get(session, since))
    for (session, file_id), size in held.items():
        patience = PATIENCE if size > SMALL else PATIENCE_SMALL
        reading = now - _CLAIMED.get(file_id, -math.inf) < LONGEST_READING
        if not reading and now - latest[session] > patience:
            release(file_id)
            manager.remove_file(session_id=session, file_id=file_id)
    return seen
