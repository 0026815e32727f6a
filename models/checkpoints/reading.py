"""A file in, its tensors in a private safetensors file out, or one sentence that says why not."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from models.checkpoints import kinds, safetensors_header
from models.checkpoints.limits import CUT_SHORT, LIMITS, SAVE_WEIGHTS, Limits, RefusalError
from models.checkpoints.safetensors_header import Header
from models.checkpoints.sandbox import TRUSTED
from models.photos.decoding import safe_name
from models.runtime import settings
from models.runtime.errors import UserError

HOME = Path(__file__).resolve().parents[2]
# How often a reader is asked whether it is done, in seconds.
POLL = 0.05
# Times the processor time that a reader may take.
WAIT = 4
# What it says is a sentence or a number.
MOST_SAID = 64 * 1024


def read(
    source: Path,
    name: str,
    target: Path,
    report: Callable[[float], None] = lambda share: None,
    limits: Limits = LIMITS,
    *,
    trusted: bool = False,
) -> Header:
    """Read a file in a process of its own, which writes its tensors into another file.

    Args:
        source: of any content.
        name: what the person calls it; shown, never opened.
        target: where the tensors go; there must be none yet. Not there where the file is refused.
        report: told the share done, in [0, 1]; may raise to cancel.
        limits: checked before anything is loaded.
        trusted: whether code in it may run: the operator's word, never a visitor's.

    Returns:
        The head of the file that was written.

    Raises:
        UserError: if the file is too large, no checkpoint, damaged, or holds more than tensors.
    """
    try:
        return _read(source, target, report, limits, trusted=trusted)
    except RefusalError as refusal:
        target.unlink(missing_ok=True)
        why = str(refusal)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    raise UserError(f"{safe_name(name)} {why}.")


def _read(
    source: Path, target: Path, report: Callable[[float], None], limits: Limits, *, trusted: bool
) -> Header:
    size = source.stat().st_size
    if size > limits.max_bytes:
        raise too_large(limits)
    with source.open("rb") as file:
        # What is no checkpoint at all needs no process to be told from one.
        kinds.kind(file.read(kinds.HEAD), size)
    with tempfile.TemporaryFile() as answer:
        ended = _wait(_started(source, target, limits, answer, trusted=trusted), size, target, report, limits)
        answer.seek(0)
        said = answer.read(MOST_SAID)
    if ended > 0:
        raise RefusalError(f"is damaged in a way that cannot be read; {CUT_SHORT}")
    if ended < 0:
        raise RefusalError(
            f"could not be read within the memory and time that a file of its size may take; {SAVE_WEIGHTS}"
        )
    result = json.loads(said)
    if "refusal" in result:
        raise RefusalError(result["refusal"])
    # Written by our own code, but from what a stranger sent: looked at again.
    return safetensors_header.read(target, limits)


def too_large(limits: Limits) -> RefusalError:
    """The refusal of a file beyond the size limit."""
    return RefusalError(
        f"is larger than {limits.size}; start the app with its path: streamlit run app.py -- --checkpoint PATH"
    )


def _started(
    source: Path, target: Path, limits: Limits, answer: IO[bytes], *, trusted: bool
) -> subprocess.Popen[bytes]:
    paths = [str(source.absolute()), str(target.absolute())]
    trust = TRUSTED if trusted else ""
    return subprocess.Popen(  # noqa: S603 - our own module, and paths of our own making
        [sys.executable, "-m", "models.checkpoints.sandbox", *paths, str(limits.max_bytes), trust],
        cwd=HOME,
        # One thread: the cores are the visitors'.
        env=settings.child_environment(OMP_NUM_THREADS="1", MKL_NUM_THREADS="1"),
        stdin=subprocess.DEVNULL,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _wait(
    process: subprocess.Popen[bytes],
    size: int,
    target: Path,
    report: Callable[[float], None],
    limits: Limits,
) -> int:
    """How the process ended; it is killed where it takes too long or nobody waits any more."""
    # The process bounds its own processor time; where many share the processor, the clock runs ahead of that.
    deadline = time.monotonic() + WAIT * limits.patience(size)
    try:
        while time.monotonic() < deadline:
            with suppress(subprocess.TimeoutExpired):
                return process.wait(POLL)
            report(_share(target, size))
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    return process.returncode


def _share(target: Path, size: int) -> float:
    """How far the reading is: nothing until the tensors are loaded, then what is written of them."""
    with suppress(FileNotFoundError):
        return min(0.1 + 0.9 * target.stat().st_size / size, 0.99)
    return 0.05
