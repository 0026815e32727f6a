"""What simple models reach on labelled data, measured when the networks beside them were trained."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.runtime import files


@dataclass(frozen=True)
class Baseline:
    """How good a simple model is on the test part of labelled data.

    Attributes:
        title: what it is, in words.
        right: test examples whose class it tells.
        count: test examples.
    """

    title: str
    right: int
    count: int

    @property
    def accuracy(self) -> float:
        """The part that is right, in [0, 1]."""
        return self.right / self.count


def read_baseline(path: Path) -> Baseline | None:
    """The one of a file; None where nobody measured."""
    try:
        return Baseline(**files.read_json(path))
    except FileNotFoundError:
        return None
