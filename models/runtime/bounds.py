"""What this process may take, as far as the system can bound it: Windows cannot, and a platform may lack a bound."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# What a process is taken to map where the system does not tell.
UNKNOWN_ADDRESSES = 16 * 1024**3


@contextmanager
def bound_memory(size: int, *, more: bool = False) -> Iterator[None]:
    """Bound the addresses of this process inside a block, never beyond what the system allows it.

    Args:
        size: in bytes.
        more: besides what the process takes already.
    """
    before = addresses_allowed()
    wanted = size + (_addresses() if more else 0)
    _limit_addresses(wanted if before is None else min(wanted, before))
    try:
        yield
    finally:
        _limit_addresses(-1 if before is None else before)


def addresses_allowed() -> int | None:
    """Bytes of addresses that the system allows this process; None where it sets no bound, or does not tell."""
    with suppress(ImportError, AttributeError, ValueError, OSError):
        import resource

        soft, _ = resource.getrlimit(resource.RLIMIT_AS)
        return None if soft == resource.RLIM_INFINITY else soft
    return None


def bound_time(seconds: float) -> None:
    """Bound the processor time of this process, which is ended beyond it and leaves no core dump."""
    _limit("RLIMIT_CPU", math.ceil(seconds) + 1)
    _limit("RLIMIT_CORE", 0)


def bound_files(size: int) -> None:
    """Bound each file that this process writes, in bytes."""
    _limit("RLIMIT_FSIZE", size)


def _limit(name: str, value: int) -> None:
    with suppress(ImportError, AttributeError, ValueError, OSError):
        import resource

        resource.setrlimit(getattr(resource, name), (value, value))


def _limit_addresses(size: int) -> None:
    with suppress(ImportError, AttributeError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _addresses() -> int:
    """Bytes of addresses that this process takes."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    return UNKNOWN_ADDRESSES
