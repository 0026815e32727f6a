"""The environment, which the operator sets: each variable with its bounds and default, read when it is asked for.

Nothing else of the product reads or writes the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from models.runtime.errors import UserError

MEGABYTE = 2**20
N = TypeVar("N", int, float)


@dataclass(frozen=True)
class Number(Generic[N]):
    """A variable that holds a number.

    Attributes:
        name: of the variable.
        default: where it is not set, or empty; its type is that of the value.
        low: the least that is allowed.
        high: the most that is allowed.
    """

    name: str
    default: N
    low: N
    high: N

    def value(self) -> N:
        """The number that is set.

        Raises:
            UserError: if it is none, or out of bounds.
        """
        text, kind = os.environ.get(self.name) or str(self.default), type(self.default)
        with suppress(ValueError):
            if text.isascii() and self.low <= (value := kind(text)) <= self.high:
                return value
        what = "whole number" if kind is int else "number"
        raise UserError(
            f"{self.name} is {text[:40]!r}; set it to a {what} from {self.low:,} to {self.high:,}."
        )

    def bytes(self) -> int:
        """The same for a variable in megabytes, in bytes."""
        return int(self.value() * MEGABYTE)


@dataclass(frozen=True)
class Folder:
    """A variable that names a folder.

    Attributes:
        name: of the variable.
    """

    name: str

    def path(self) -> Path | None:
        """The folder that is named, absolute; None where none is."""
        named = os.environ.get(self.name)
        return Path(named).absolute() if named else None


# Processor threads of a computation; 0 means all cores.
THREADS = Number("VITRINE_THREADS", 0, 0, 1024)
MAX_IMAGE_MB = Number("VITRINE_MAX_IMAGE_MB", 20, 1, 10_000)
MAX_IMAGE_MEGAPIXELS = Number("VITRINE_MAX_IMAGE_MEGAPIXELS", 50, 1, 10_000)
MAX_IMAGE_SIDE = Number("VITRINE_MAX_IMAGE_SIDE", 20_000, 1, 1_000_000)
MAX_CHECKPOINT_MB = Number("VITRINE_MAX_CHECKPOINT_MB", 1024, 1, 10_000_000)
# Budgets of all dropped photos, of all dropped checkpoints and of finished results.
UPLOADS_MB = Number("VITRINE_UPLOADS_MB", 1024, 0, 10_000_000)
CHECKPOINTS_MB = Number("VITRINE_CHECKPOINTS_MB", 2048, 0, 10_000_000)
RESULTS_MB = Number("VITRINE_RESULTS_MB", 256, 0, 10_000_000)
# How long what is dropped is kept after its last use.
UPLOAD_HOURS = Number("VITRINE_UPLOAD_HOURS", 6.0, 0.0, 10_000.0)
NUMBERS: tuple[Number[int] | Number[float], ...] = (
    *(THREADS, MAX_IMAGE_MB, MAX_IMAGE_MEGAPIXELS, MAX_IMAGE_SIDE, MAX_CHECKPOINT_MB),
    *(UPLOADS_MB, CHECKPOINTS_MB, RESULTS_MB, UPLOAD_HOURS),
)

# Photos to measure over, TensorBoard logs of others, training runs, fetched datasets.
IMAGES = Folder("VITRINE_IMAGES")
LOGS = Folder("VITRINE_LOGS")
RUNS = Folder("VITRINE_RUNS")
DATA = Folder("VITRINE_DATA")

# A process's place among those that torchrun starts; all of them, and those of this machine.
RANK = Number("RANK", 0, 0, 1_000_000)
WORLD_SIZE = Number("WORLD_SIZE", 1, 1, 1_000_000)
LOCAL_RANK = Number("LOCAL_RANK", 0, 0, 1_000_000)
LOCAL_WORLD_SIZE = Number("LOCAL_WORLD_SIZE", 1, 1, 1_000_000)


def problems() -> tuple[str, ...]:
    """A sentence for each variable of ours that is set to what it cannot be."""
    sentences = []
    for number in NUMBERS:
        try:
            number.value()
        except UserError as refusal:
            sentences.append(str(refusal))
    return tuple(sentences)


def is_set(name: str) -> bool:
    """Whether the environment holds a variable, be it empty."""
    return name in os.environ


def set_default(name: str, text: str) -> None:
    """Set a variable of a library that this process will load, unless the operator has set it."""
    os.environ.setdefault(name, text)


def child_environment(changes: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process to be started: this one's, with changes."""
    return {**os.environ, **changes}
