"""How a run reads histories of choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from models.history.catalogue import Catalogue
from models.kinds import HISTORY

if TYPE_CHECKING:
    from torch import nn

    from models.history.classifier import Recommender
    from models.zoo.architecture import Architecture


@dataclass(frozen=True)
class HistoryFormat:
    """Histories as ids of the films of one catalogue.

    Attributes:
        catalogue: of the films.
    """

    reads: ClassVar[str] = HISTORY

    catalogue: Catalogue

    def to_json(self) -> dict[str, Any]:
        """The catalogue."""
        return self.catalogue.to_json()

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> HistoryFormat:
        """The format that to_json() wrote. Raises KeyError, TypeError or ValueError where it is damaged."""
        return cls(Catalogue.from_json(content))

    def build(self, architecture: Architecture, outputs: int, **options: float) -> nn.Module:
        """A fresh network for so many films."""
        return architecture.build(outputs, len(self.catalogue), **options)

    def check(self, network: nn.Module, title: str) -> None:
        """Networks for histories read any of their catalogue."""

    def count_flops(self, network: nn.Module) -> int:
        """Those of its answer to one history."""
        import torch

        from models.runtime.flops import count_flops

        return count_flops(network, torch.from_numpy(self.catalogue.encode([()])))

    def network(self, **known: Any) -> Recommender:
        """A network that recommends; `known` are the fields of ReadyNetwork."""
        from models.history.classifier import Recommender

        return Recommender(catalogue=self.catalogue, **known)
