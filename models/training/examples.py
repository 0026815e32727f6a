"""Labelled examples that a batch is taken from by index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from torch import Tensor


class Examples(Protocol):
    """Examples that a batch is taken from."""

    def __len__(self) -> int:
        """How many there are, readable or not."""

    def take(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """N of them, as they are kept, and their targets of shape (N,); what is unreadable is left out."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Examples that are rows of one tensor on the device.

    Attributes:
        inputs: of shape (N, ...).
        targets: of shape (N,), on the same device.
    """

    inputs: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.targets)

    def take(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """Rows and their targets."""
        return self.inputs[indices], self.targets[indices]
