"""How a run reads rows of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from models.kinds import TABLE
from models.table.columns import Columns

if TYPE_CHECKING:
    from torch import nn

    from models.table.classifier import TableClassifier
    from models.zoo.architecture import Architecture


@dataclass(frozen=True)
class TableFormat:
    """Rows as numbers, centred; the network divides by the spread.

    Attributes:
        columns: of the table.
    """

    reads: ClassVar[str] = TABLE

    columns: Columns

    def to_json(self) -> dict[str, Any]:
        """The columns with their bounds."""
        return self.columns.to_json()

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> TableFormat:
        """The format that to_json() wrote. Raises KeyError, TypeError or ValueError where it is damaged."""
        return cls(Columns.from_json(content))

    def build(self, architecture: Architecture, outputs: int, **options: float) -> nn.Module:
        """A fresh network that divides these columns by their spread."""
        import torch

        from models.table.networks import TableNetwork

        network = architecture.build(outputs, self.columns.width, **options)
        assert isinstance(network, TableNetwork)
        network.scale.spread.copy_(torch.from_numpy(self.columns.scales))
        return network

    def check(self, network: nn.Module, title: str) -> None:
        """Networks for tables read any row of their columns."""

    def count_flops(self, network: nn.Module) -> int:
        """Those of its answer to one row."""
        import torch

        from models.runtime.flops import count_flops

        return count_flops(network, torch.zeros((1, self.columns.width)))

    def network(self, **known: Any) -> TableClassifier:
        """A network for tables; `known` are the fields of ReadyNetwork."""
        from models.table.classifier import TableClassifier

        return TableClassifier(columns=self.columns, **known)
