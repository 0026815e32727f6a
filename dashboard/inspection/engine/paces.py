"""What was measured of how fast networks compute, so that nobody waits for it twice: shipped, and kept on disk.

Only what is faster is kept, never what is right: whether another way gives the same is looked at each time. So a file
that is old, of another machine or made by somebody else may cost time and nothing else.
"""

from __future__ import annotations

import functools
import hashlib
import json
import math
import platform
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import torch

from dashboard.inspection.engine.stopwatch import Key
from models.classifier import NetworkKey
from models.runtime import files
from models.runtime.errors import UserError

# What ships: for kinds of processors, which way is faster for the networks on board, and nothing in seconds. Written by
# `python -m tests.benchmarks paces --write`.
SHIPPED = Path(__file__).with_name("paces.json")
# Networks that are kept, by the size of their pictures; what was measured longest ago goes first.
MOST = 1000
# What an answer may be: a choice, or seconds.
LARGEST = 1e6

Paces = dict[str, dict[str, float]]  # network and size -> question -> answer

_LOCK = threading.Lock()
_measured: Paces = {}
_shipped: Paces = {}
_file: Path | None = None


def remember(file: Path | None = None) -> None:
    """Answer from what ships and what the file holds from now on, and keep there what is measured.

    Args:
        file: in the visitor's own cache where none is given.
    """
    global _file
    file = file or Path.home() / ".cache" / "vitrine" / "paces.json"
    with _LOCK:
        if file == _file:
            return
        _file = file
        _shipped.update(read(SHIPPED))
        _measured.update(read(_file))


def recall(key: Key, question: str, measure: Callable[[], float]) -> float:
    """The answer to a question of a network's pace, measured where nobody has, or where nothing is remembered.

    Args:
        key: of the network and the size of its pictures.
        question: in a few words, the same for ever.
        measure: gives the answer.
    """
    if _file is None:
        return measure()
    if (answer := known(key, question)) is not None:
        return answer
    here, answer = _name_here(key), float(measure())
    with _LOCK:
        _measured[here] = {**_measured.pop(here, {}), question: answer}
        while len(_measured) > MOST:
            _measured.pop(next(iter(_measured)))
        _write(_file)
    return answer


def known(key: Key, question: str) -> float | None:
    """The answer to a question, as `recall` takes it; None where nobody has measured it."""
    if _file is None:
        return None
    for answers, name in ((_measured, _name_here(key)), (_shipped, name_of(*key, processor()))):
        if (answer := answers.get(name, {}).get(question)) is not None:
            return answer
    return None


def _name_here(key: Key) -> str:
    return name_of(*key, f"{machine()} {torch.get_num_threads()} threads")


def processor() -> str:
    """The kind of this machine's processor, as far as it decides what is fast."""
    # On processors of two makers with the same instructions, now torch is faster and now the runtime.
    return f"{platform.machine()} {torch.backends.cpu.get_cpu_capability()} {_read_of_processor('vendor_id')}"


def name_of(network: NetworkKey, size: tuple[int, ...], place: str) -> str:
    """The name under which a place keeps what was measured of a network."""
    code = network.architecture.partition(": ")[2]  # without the version of its library
    content = f"{place} {network.weights.tensors} {code} {size}"
    return hashlib.sha256(content.encode()).hexdigest()[:24]


@functools.cache
def machine() -> str:
    """This machine's processor, and the versions of what computes on it."""
    model = _read_of_processor("model name") or platform.processor()
    return f"{processor()} {model} torch {version('torch')} onnxruntime {version('onnxruntime')}"


@functools.cache
def _read_of_processor(name: str) -> str:
    """What Linux says of the first processor; empty where nothing says it."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith(name):
                return line.partition(":")[2].strip()
    return ""


def read(file: Path) -> Paces:
    """The paces of a file, none where there is none or it holds anything else."""
    try:
        content = files.read_json(file)
    except (OSError, UserError):
        return {}
    return {
        name: {question: float(answer) for question, answer in answers.items() if _is_answer(answer)}
        for name, answers in list(content.items())[:MOST]
        if isinstance(answers, Mapping)
    }


def _is_answer(answer: object) -> bool:
    return isinstance(answer, int | float) and math.isfinite(answer) and 0 <= answer <= LARGEST


def _write(file: Path) -> None:
    """Keep what was measured; where that cannot be, it is measured again by the next server."""
    with suppress(OSError, UserError):
        file.parent.mkdir(parents=True, exist_ok=True)
        others = {name: answers for name, answers in read(file).items() if name not in _measured}
        kept = [*others.items(), *_measured.items()][-MOST:]
        files.write(file, json.dumps(dict(kept)).encode(), durable=False)
