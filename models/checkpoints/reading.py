"""A file in, its tensors in a private safetensors file out, or one sentence that says why not."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from models.checkpoints import index, kinds, renaming, safetensors_header
from models.checkpoints.limits import (
    CONFINED,
    CUT_SHORT,
    DISTRIBUTED,
    LIMITS,
    SAVE_WEIGHTS,
    Limits,
    RefusalError,
)
from models.checkpoints.origin import NOTE, Origin
from models.checkpoints.recognition import recognise
from models.checkpoints.safetensors_header import Header
from models.checkpoints.sandbox import TRUSTED
from models.checkpoints.signature import clash
from models.photos.decoding import safe_name
from models.runtime import child
from models.runtime.bounds import addresses_allowed
from models.runtime.errors import UserError

# Times the processor time that a reader may take.
WAIT = 4
# It answers with a sentence or a number.
LONGEST_ANSWER = 64 * 1024
# The share that is done when tensors are renamed: they are there.
RENAMING = 0.99


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
        header = _read(source, target, report, limits, trusted=trusted)
        # What says how it computes is of no known architecture.
        told = Origin.from_json(json.loads(header.metadata[NOTE])).network
        return header if told else _rename(header, target, report, limits)
    except RefusalError as refusal:
        target.unlink(missing_ok=True)
        # One part of several may be a whole archive, and only its name tells.
        why = DISTRIBUTED if name.lower().endswith(".distcp") else str(refusal)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    raise UserError(f"{safe_name(name)} {why}.")


def _read(
    source: Path, target: Path, report: Callable[[float], None], limits: Limits, *, trusted: bool
) -> Header:
    size = source.stat().st_size
    if size > limits.max_bytes:
        raise too_large_error(limits)
    with source.open("rb") as file:
        # What is no checkpoint at all needs no process to be told from one.
        kinds.kind(file.read(kinds.HEAD), size)
    paths = str(source.absolute()), str(target.absolute())
    arguments = (*paths, str(limits.max_bytes), TRUSTED if trusted else "")
    code, answer = _run(
        "sandbox", arguments, lambda: report(_share_written(target, size)), WAIT * limits.patience(size)
    )
    if code is not None and code < 0 and addresses_allowed() is not None:
        raise RefusalError(CONFINED)
    if code is None or code < 0:
        raise RefusalError(
            f"could not be read within the memory and time that a file of its size may take; {SAVE_WEIGHTS}"
        )
    if code > 0:
        raise RefusalError(f"is damaged in a way that cannot be read; {CUT_SHORT}")
    _raise_refusal(answer)
    # Written by our own code, but from what a stranger sent: looked at again.
    return safetensors_header.read(target, limits)


def _rename(header: Header, target: Path, report: Callable[[float], None], limits: Limits) -> Header:
    """The head of the file once its tensors have the names of an architecture, where its library can give them."""
    known = index.current_index()
    if recognise(header.shapes, known).matches:
        return header
    alike = clash(header.shapes)
    if alike:
        raise RefusalError(
            f"has two tensors of one name once wrappers and older names are put right, {safe_name(alike[0])} and "
            f"{safe_name(alike[1])}; {SAVE_WEIGHTS}"
        )
    if not renaming.candidates(header.shapes, known):
        return header
    renamed = target.with_name(f"{target.name}.renamed")
    arguments = str(target.absolute()), str(renamed.absolute()), str(limits.max_bytes)
    patience = WAIT * (renaming.LONGEST + limits.patience(target.stat().st_size))
    try:
        code, answer = _run("renaming", arguments, lambda: report(RENAMING), patience)
        # Where it failed, the tensors keep the names they have: they were read, whatever network they belong to.
        if code == 0:
            _raise_refusal(answer)
            if renamed.exists():
                renamed.replace(target)
    finally:
        renamed.unlink(missing_ok=True)
    return safetensors_header.read(target, limits)


def _run(
    module: str, arguments: tuple[str, ...], watch: Callable[[], None], seconds: float
) -> tuple[int | None, bytes]:
    """Exit code and answer of one of our modules, run in a process of its own; no code if it took too long."""
    with tempfile.TemporaryFile() as output:
        process = child.start(
            "The reader of checkpoints",
            f"models.checkpoints.{module}",
            *arguments,
            output=output,
            environment=child.ONE_THREAD,
        )
        # The process bounds its own processor time; where many share the processor, the clock runs ahead of that.
        code = child.wait(process, watch, seconds=seconds)
        output.seek(0)
        return code, output.read(LONGEST_ANSWER)


def _raise_refusal(answer: bytes) -> None:
    """Raise RefusalError where that is the answer."""
    result = json.loads(answer)
    if "refusal" in result:
        raise RefusalError(result["refusal"])


def too_large_error(limits: Limits) -> RefusalError:
    """The refusal of a file beyond the size limit."""
    return RefusalError(
        f"is larger than {limits.size}; start the app with its path: streamlit run app.py -- --checkpoint PATH"
    )


def _share_written(target: Path, size: int) -> float:
    """How far the reading is: nothing until the tensors are loaded, then what is written of them."""
    with suppress(FileNotFoundError):
        return min(0.1 + 0.9 * target.stat().st_size / size, 0.99)
    return 0.05
