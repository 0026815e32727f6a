"""A network that is ready to recommend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from models.classifier import ReadyNetwork
from models.history.catalogue import Catalogue
from models.kinds import HISTORY


@dataclass(frozen=True, eq=False)
class Recommender(ReadyNetwork):
    """A network for histories of choices, with the catalogue that its scores are of.

    Attributes:
        catalogue: the films.
    """

    reads: ClassVar[str] = HISTORY

    catalogue: Catalogue

    @property
    def reading(self) -> tuple[str, str]:
        """The digest of its catalogue."""
        return self.reads, self.catalogue.digest

    def blank(self) -> Tensor:
        """A history of nothing, (1, longest)."""
        return self.encode([()])

    def encode(self, histories: Sequence[Sequence[int]]) -> Tensor:
        """Histories of places of films as it reads them, (N, longest)."""
        return torch.from_numpy(self.catalogue.encode(histories))
