"""Networks for rows of tables: each begins by dividing every column by its spread, which stays in its weights."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.zoo.small.activation import build_activation
from models.zoo.small.width import scale


class Scale(nn.Module):
    """Columns over their spread. Their centres are off already, in double precision; see Columns.encode."""

    spread: Tensor

    def __init__(self, columns: int) -> None:
        super().__init__()
        self.register_buffer("spread", torch.ones(columns))

    def forward(self, rows: Tensor) -> Tensor:
        """(N, C) -> the same shape."""
        return rows / self.spread


class TableNetwork(nn.Module):
    """A network that reads rows whose columns are centred."""

    # Of each network its own.
    scale: Scale


class TableLinear(TableNetwork):
    """One linear layer: what a logistic regression is, trained as every other network.

    Reference: Cox, The regression analysis of binary sequences, 1958.
    """

    def __init__(
        self,
        classes: int = 2,
        columns: int = 4,
        dropout: float = 0.0,
        activation: str = "",
        width: float = 1.0,
    ) -> None:
        super().__init__()
        self.scale = Scale(columns)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(columns, classes)

    def forward(self, rows: Tensor) -> Tensor:
        """Logits of shape (N, classes) for rows of shape (N, C)."""
        logits: Tensor = self.head(self.dropout(self.scale(rows)))
        return logits


class TableMLP(TableNetwork):
    """Two hidden layers of 64 and 32 units.

    Reference: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, 1986.
    """

    def __init__(
        self,
        classes: int = 2,
        columns: int = 4,
        dropout: float = 0.0,
        activation: str = "relu",
        width: float = 1.0,
    ) -> None:
        super().__init__()
        first, second = scale(64, width), scale(32, width)
        self.scale = Scale(columns)
        self.fc1 = nn.Linear(columns, first)
        self.act1 = build_activation(activation)
        self.fc2 = nn.Linear(first, second)
        self.act2 = build_activation(activation)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(second, classes)

    def forward(self, rows: Tensor) -> Tensor:
        """Logits of shape (N, classes) for rows of shape (N, C)."""
        hidden = self.act1(self.fc1(self.scale(rows)))
        logits: Tensor = self.head(self.dropout(self.act2(self.fc2(hidden))))
        return logits
