"""The lock of a run."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import threading

import pytest

from models.runtime.errors import UserError
from models.training.runs import lock


def test_the_second_trainer_is_told_of_the_first(tmp_path):
    code = (
        "import sys, pathlib; from models.training.runs import lock\n"
        "with lock.hold(pathlib.Path(sys.argv[1])): print('held', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"held\n"
        with pytest.raises(UserError, match=f"process {first.pid} on"), lock.hold(tmp_path):
            pass
        first.kill()
        first.wait()
        # The kernel freed it, whatever the file says.
        with lock.hold(tmp_path):
            pass


def test_a_holder_who_is_about_to_leave_is_waited_for(tmp_path):
    (tmp_path / lock.FILE).touch()
    with (tmp_path / lock.FILE).open("a+") as file:
        # Another opening of the file is another holder, in this process too.
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(UserError, match="in the hands of"), lock.hold(tmp_path, patience=0.1):
            pass
        leaving = threading.Timer(0.2, fcntl.flock, (file, fcntl.LOCK_UN))
        leaving.start()
        with lock.hold(tmp_path, patience=20):
            leaving.join()
