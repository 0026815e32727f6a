"""Which process is meant, so that neither a reused number nor a restarted machine passes for it."""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
# Whether a process can be asked for without harm: on Windows os.kill(pid, 0) would interrupt it.
ASKS = os.name != "nt"


@dataclass(frozen=True)
class Process:
    """One process of one boot of one machine.

    Attributes:
        host: the machine's name.
        boot: differs after every start of the machine; empty where the system does not tell.
        space: of process numbers; two containers of one machine may use the same number.
        pid: process number.
        born: clock ticks from the machine's start to the process's; empty where the system does not tell.
    """

    host: str
    boot: str
    space: str
    pid: int
    born: str

    @classmethod
    def current(cls) -> Process:
        """This process."""
        pid = os.getpid()
        return cls(platform.node(), _boot_id(), _pid_namespace(), pid, _start_ticks(pid) or "")

    def is_alive(self) -> bool | None:
        """Whether it lives; None where this process cannot see, as on another machine."""
        here = Process.current()
        if self.host != here.host:
            return None
        if self.boot != here.boot:
            return False
        if self.space != here.space:
            return None
        return _exists(self.pid) if not self.born else _start_ticks(self.pid) == self.born

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"


def _boot_id() -> str:
    with suppress(OSError):
        return (PROC / "sys/kernel/random/boot_id").read_text().strip()
    return ""


def _pid_namespace() -> str:
    with suppress(OSError):
        return str((PROC / "self/ns/pid").readlink())
    return ""


def _start_ticks(pid: int) -> str | None:
    """When a process started, in ticks since boot: no clock's jump changes it. None if it is gone or a zombie."""
    try:
        # The name in parentheses may hold anything, parentheses and spaces too.
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


def _exists(pid: int) -> bool | None:
    if not ASKS:
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
