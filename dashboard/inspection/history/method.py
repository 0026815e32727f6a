"""What an interface must know of a method for histories, and what the method is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.inspection.attribution.method import Paper

if TYPE_CHECKING:
    from torch import Tensor, nn


@dataclass(frozen=True, eq=False)
class HistoryTask:
    """One recommendation to explain.

    Attributes:
        network: a private copy, which maps ids (N, H) to scores.
        ids: (H,) of what was chosen, at least one and no padding.
        film: place of the film that is recommended.
    """

    network: nn.Module
    ids: Tensor
    film: int

    def worth(self, chosen: Tensor) -> Tensor:
        """The film's score where only some of the history was chosen: (N, H) bool -> (N,) float64."""
        import torch

        from models.history.catalogue import PAD

        with torch.no_grad():
            scores: Tensor = self.network(torch.where(chosen, self.ids, PAD))
        return scores[:, self.film].double()


@dataclass(frozen=True, eq=False)
class RawHistoryAttribution:
    """What a method found.

    Attributes:
        values: (H,) float64.
        complete: whether they promise to add up to the change from the score of nothing to that of the history.
        errors: (H,) standard errors; None where nothing was sampled.
        halves: the values of either half of the samples; None where nothing was sampled.
    """

    values: Tensor
    complete: bool
    errors: Tensor | None = None
    halves: tuple[Tensor, Tensor] | None = None


@dataclass(frozen=True)
class HistoryMethod:
    """One way to say what the films of a history count for.

    Attributes:
        name: as in the address.
        title: as on the page.
        question: what it answers, in a few words.
        reading: how to read its bars, in one or two sentences.
        paper: its source.
        run: makes the values.
        refusal: why they are never drawn, whatever they are, as a sentence that goes on with the gap; empty where they
            are.
    """

    name: str
    title: str
    question: str
    reading: str
    paper: Paper
    run: Callable[[HistoryTask], RawHistoryAttribution]
    refusal: str = ""
