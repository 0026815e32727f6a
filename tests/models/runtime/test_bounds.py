"""Bounds of a process, tried in processes of their own; where the system has none, nothing happens."""

from __future__ import annotations

import subprocess
import sys

import pytest

MEMORY = """
from models.runtime.bounds import bound_memory
with bound_memory(64 * 2**20, more=True):
    try:
        bytearray(128 * 2**20)
    except MemoryError:
        print("refused")
bytearray(128 * 2**20)
print("free again")
"""
FILES = """
import sys
from models.runtime.bounds import bound_files
bound_files(1000)
with open(sys.argv[1], "wb", buffering=0) as file:
    print(file.write(bytes(1000)))
    try:
        file.write(b"1")
    except OSError:
        print("refused")
"""
TIME = """
from models.runtime.bounds import bound_time
bound_time(0.5)
while True:
    pass
"""
NONE = """
import sys
sys.modules["resource"] = None
from models.runtime.bounds import bound_files, bound_memory, bound_time
bound_time(0), bound_files(0)
with bound_memory(0, more=True):
    print("unbounded")
"""


@pytest.mark.parametrize(
    ("code", "lines"),
    [(MEMORY, ["refused", "free again"]), (FILES, ["1000", "refused"]), (NONE, ["unbounded"])],
    ids=["memory", "files", "none"],
)
def test_a_bound_holds(code, lines, tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "file")], capture_output=True, text=True, check=True
    )
    assert run.stdout.split("\n") == [*lines, ""]


@pytest.mark.slow
def test_a_process_is_ended_when_its_time_is_over():
    assert subprocess.run([sys.executable, "-c", TIME], timeout=60).returncode < 0


ALLOWED = """
import resource
from models.runtime.bounds import addresses_allowed, bound_memory
print(addresses_allowed())
resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))
with bound_memory(2**30):
    print(addresses_allowed() == 2**30)
with bound_memory(2**40):
    print(addresses_allowed() == 2**31)
print(addresses_allowed() == 2**31)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems bound addresses otherwise")
def test_what_the_system_allows_is_kept_and_comes_back():
    run = subprocess.run([sys.executable, "-c", ALLOWED], capture_output=True, text=True, timeout=60)
    assert run.stdout.split() == ["None", "True", "True", "True"], run.stderr
