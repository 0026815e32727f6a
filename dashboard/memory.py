"""Memory that heavy work leaves behind in the C library, which keeps it for this process."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Hand what nobody uses back to the system; does nothing where the C library has no such call.

    glibc keeps the space of freed tensors in a heap for each thread: a server that had drawn one visitor's maps held
    2.3 GB and used 1.1 GB.

    Reference:
        malloc_trim(3), https://man7.org/linux/man-pages/man3/malloc_trim.3.html.
    """
    if sys.platform != "linux":
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # musl has none
        trim(0)
