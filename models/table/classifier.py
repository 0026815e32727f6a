"""A network that is ready to classify rows of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.classifier import ReadyNetwork
from models.kinds import TABLE
from models.table.columns import Columns


@dataclass(frozen=True, eq=False)
class TableClassifier(ReadyNetwork):
    """A network for rows of tables, with all that makes its input of a row.

    Attributes:
        columns: what it reads of a table.
    """

    reads: ClassVar[str] = TABLE

    columns: Columns

    @property
    def reading(self) -> tuple[str, str]:
        """The digest of its columns."""
        return self.reads, self.columns.digest

    def blank(self) -> Tensor:
        """The mean of the rows that it learned from, (1, F)."""
        return torch.zeros(1, self.columns.width)

    def encode(self, values: NDArray[np.float64]) -> Tensor:
        """Rows of a table, (N, C), as it reads them: (N, F)."""
        return torch.from_numpy(self.columns.encode(values))
