"""Memory: of heavy work, kept by glibc from one pass to the next and given back at rest; and Python's objects.

What concerns glibc is not done on other systems and C libraries.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable

from models.runtime import settings
from models.runtime.settings import MEGABYTE

# The operator's variable, its number for mallopt(3), and what it is set to where the operator has said nothing.
_SETTINGS = (
    ("MALLOC_TRIM_THRESHOLD_", -1, 1024 * MEGABYTE),
    ("MALLOC_MMAP_THRESHOLD_", -3, 32 * MEGABYTE),
)
# The number of MALLOC_ARENA_MAX for mallopt(3).
ARENA_MAX = -8
# Python looks for cycles after so many new objects, instead of 700 or 2,000; the pages load ten times as many.
MANY_OBJECTS = 50_000


def collect_seldom() -> None:
    """Look for unused cycles of objects less often; best before what is heavy is loaded.

    torch, Captum and what the pages need are half a million objects, all of which stay, and to look at them again and
    again was a third of the time that loading them takes.
    """
    gc.set_threshold(MANY_OBJECTS, *gc.get_threshold()[1:])


def freeze_objects() -> None:
    """Take what is there to stay out of the sight of the garbage collector, as soon as there is much of it.

    Streamlit looks for unused cycles after each run of a page, and Python computes nothing else meanwhile, for nobody:
    0.27 s with all that is loaded, at most 2 ms without it.

    Reference:
        gc.freeze, https://docs.python.org/3/library/gc.html#gc.freeze.
    """
    if len(gc.get_objects()) > MANY_OBJECTS:
        if gc.get_freeze_count():  # else all of it was just loaded
            gc.unfreeze()
            gc.collect()
        gc.freeze()


def share_arena() -> None:
    """Let all threads take memory from one place; best before there are many threads.

    glibc gives threads places of their own, up to eight for each core, and what visitors of a server leave lies in
    holes in all of them: after twenty visitors it held 1,102 MB instead of 1,041. Tensors computed as fast.
    """
    mallopt = _glibc("mallopt")
    if mallopt is not None and not settings.is_set("MALLOC_ARENA_MAX"):
        mallopt(ARENA_MAX, 1)


def keep_freed_memory() -> None:
    """Keep what is freed for the next pass, until `give_back`.

    Else tensors go back to the system between two passes, which then ask for them anew: a gradient of 8 photos through
    EfficientNet-Lite0 took 29 ms a photo instead of 24, with every other pass at up to 52.

    Reference:
        mallopt(3), https://man7.org/linux/man-pages/man3/mallopt.3.html.
    """
    mallopt = _glibc("mallopt")
    for variable, number, value in _SETTINGS:
        if mallopt is not None and not settings.is_set(variable):
            mallopt(number, value)


def release_memory() -> None:
    """Hand what nobody uses back to the system.

    A server that had drawn one visitor's maps held 2.3 GB and used 1.1 GB.

    Reference:
        malloc_trim(3), https://man7.org/linux/man-pages/man3/malloc_trim.3.html.
    """
    trim = _glibc("malloc_trim")
    if trim is not None:
        trim(0)


def _glibc(name: str) -> Callable[..., int] | None:
    """A function of the C library; None where it has none of that name, as musl."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
