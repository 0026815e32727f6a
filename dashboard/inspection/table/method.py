"""What an interface must know of a method for rows of tables, and what the method is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dashboard.inspection.attribution.method import Paper

# Rows of one pass: what they become within small networks stays in the processor's cache.
AT_ONCE = 2_000


@dataclass(frozen=True, eq=False)
class TableTask:
    """One row to explain.

    Attributes:
        network: a private copy, which maps (N, F) to logits.
        row: (F,) as it reads it.
        background: (B, F), rows that stand for "anything".
        target: class index whose logit is explained.
        column: (F,) int64, the column that each number of them comes from.
    """

    network: nn.Module
    row: Tensor
    background: Tensor
    target: int
    column: Tensor

    @property
    def count(self) -> int:
        """Columns: C."""
        return int(self.column[-1]) + 1

    def score(self, rows: Tensor) -> Tensor:
        """The target's logit of each row: (N, F) -> (N,)."""
        logits: Tensor = self.network(rows)
        return logits[:, self.target]

    def by_column(self, values: Tensor) -> Tensor:
        """What the numbers of each column count for together: (F,) -> (C,)."""
        return torch.zeros(self.count, dtype=values.dtype).index_add(0, self.column, values)

    def expect(self, known: Tensor) -> Tensor:
        """The score where only some columns are known, and the others are as in the background, on average.

        Args:
            known: (N, C) bool.

        Returns:
            (N,) float64.
        """
        some = max(1, AT_ONCE // len(self.background))
        with torch.no_grad():
            parts = [
                self.score(torch.where(part[:, None, self.column], self.row, self.background).flatten(0, 1))
                .double()
                .reshape(len(part), -1)
                .mean(1)
                for part in torch.split(known, some)
            ]
        return torch.cat(parts)

    def nothing_known(self) -> float:
        """The mean score over the background."""
        return float(self.expect(torch.zeros(1, self.count, dtype=torch.bool))[0])


@dataclass(frozen=True, eq=False)
class RawTableAttribution:
    """What a method found.

    Attributes:
        values: (C,) float64.
        nothing: the score that the values lead from.
        complete: whether they promise to add up to the change from there to the row's score.
        errors: (C,) standard errors; None where nothing was sampled.
        halves: the values of either half of the samples; None where nothing was sampled.
    """

    values: Tensor
    nothing: float
    complete: bool
    errors: Tensor | None = None
    halves: tuple[Tensor, Tensor] | None = None


@dataclass(frozen=True)
class TableMethod:
    """One way to say what the columns of a row count for.

    Attributes:
        name: as in the address.
        title: as on the page.
        question: what it answers, in a few words.
        reading: how to read its bars, in one or two sentences.
        paper: its source.
        run: makes the values.
        differentiates: whether it asks for a gradient.
    """

    name: str
    title: str
    question: str
    reading: str
    paper: Paper
    run: Callable[[TableTask], RawTableAttribution]
    differentiates: bool = False
