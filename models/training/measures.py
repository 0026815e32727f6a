"""What is measured of a network while it learns; nothing here leaves the device before it is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import NamedTuple

import torch
from torch import Tensor, nn

from models.tensorboard.writer import HistogramSummary

BINS = 40
# Steps that may be pending; a thousand classes and a batch of 256 are then 130 MB at most.
MOST_PENDING = 128


class StepResult(NamedTuple):
    """One optimizer step, read from the device.

    Attributes:
        step: its number, from 1.
        wall: when it was taken, seconds since 1970.
        loss: mean over the batch.
        correct: sum of the scores of the batch: how many of it are right.
        seen: examples in the batch.
        rate: the learning rate with which the step was taken.
        norms: gradient norm and update-to-weight ratio; empty where they were not measured.
    """

    step: int
    wall: float
    loss: float
    correct: int
    seen: int
    rate: float
    norms: Sequence[float] = ()


@dataclass
class PendingSteps:
    """Results of steps that are still on the device.

    Attributes:
        hits: outputs (N, O) and targets (N,) -> the score of each, shape (N,); see Objective.
    """

    hits: Callable[[Tensor, Tensor], Tensor]
    _steps: list[tuple[int, float, float, Tensor, Tensor, Tensor, Tensor | None]] = field(
        default_factory=list
    )

    def add(
        self,
        step: int,
        rate: float,
        *,
        loss: Tensor,
        outputs: Tensor,
        targets: Tensor,
        norms: Tensor | None = None,
    ) -> None:
        """Remember a step: outputs of shape (N, O), targets of shape (N,), norms of shape (2,) or None."""
        self._steps.append((step, time.time(), rate, loss.detach(), outputs.detach(), targets, norms))

    @property
    def full(self) -> bool:
        """Whether it is time to drain: MOST_PENDING steps are held."""
        return len(self._steps) >= MOST_PENDING

    def drain(self) -> list[StepResult]:
        """Read all that are pending in one go, and forget them."""
        if not self._steps:
            return []
        steps, walls, rates, losses, outputs, targets, norms = zip(*self._steps, strict=True)
        self._steps.clear()
        sizes = [len(batch) for batch in targets]
        hits = self.hits(torch.cat(outputs), torch.cat(targets))
        values = torch.stack(losses).tolist(), _sums(hits, sizes)
        read = (() if pair is None else pair.tolist() for pair in norms)
        return list(map(StepResult, steps, walls, *values, sizes, rates, read))


def gradient_norm(parameters: Iterable[nn.Parameter]) -> Tensor:
    """Euclidean norm of all gradients together."""
    return _norm([p.grad for p in parameters if p.grad is not None])


@torch.no_grad()
def update_ratio(before: list[Tensor], after: Sequence[Tensor]) -> Tensor:
    """Euclidean norm of the change of all weights over that of the weights; about 0.001 is healthy.

    Args:
        before: the weights as they were; overwritten by their change.
        after: the weights as they are.
    """
    length = _norm(before).clamp_min(1e-12)
    torch._foreach_sub_(before, list(after))
    return _norm(before) / length


def histogram(values: Tensor) -> HistogramSummary | None:
    """How the entries of a tensor are spread, in equal-width bins; None where one is not finite or there is none."""
    flat = values.detach().float().flatten()
    if not len(flat) or not flat.isfinite().all():
        return None
    low, high = (float(end) for end in flat.aminmax())
    # All entries alike: a bin of some width around them.
    margin = 0.0 if high > low else max(abs(low) * 1e-3, 1e-6)
    edges = torch.linspace(low - margin, high + margin, BINS + 1, dtype=torch.float64)
    counts = torch.histc(flat, BINS, low - margin, high + margin)
    return HistogramSummary(
        low=low,
        high=high,
        count=len(flat),
        total=float(flat.sum(dtype=torch.float64)) if flat.device.type != "mps" else float(flat.sum()),
        squares=float(flat.square().sum()),
        # An empty bin first, which tells where the first one begins.
        edges=edges.tolist(),
        counts=[0.0, *counts.tolist()],
    )


def layer_statistics(network: nn.Module) -> tuple[dict[str, HistogramSummary], dict[str, float]]:
    """Histograms of every weight and gradient, and the numbers that sum each up, by tag."""
    histograms: dict[str, HistogramSummary] = {}
    numbers: dict[str, float] = {}
    for name, parameter in network.named_parameters():
        for kind, values in (("weights", parameter), ("gradients", parameter.grad)):
            summary = histogram(values) if values is not None else None
            if summary is None:
                continue
            mean = summary.total / summary.count
            histograms[f"{kind}/{name}"] = summary
            numbers[f"{kind}_mean/{name}"] = mean
            numbers[f"{kind}_std/{name}"] = max(summary.squares / summary.count - mean**2, 0.0) ** 0.5
            numbers[f"{kind}_norm/{name}"] = summary.squares**0.5
    return histograms, numbers


def _norm(tensors: Sequence[Tensor]) -> Tensor:
    norm: Tensor = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(list(tensors))))
    return norm


def _sums(hits: Tensor, lengths: Sequence[int]) -> list[int]:
    """Sums over consecutive stretches of so many entries each."""
    last = torch.tensor(list(accumulate(lengths))) - 1
    running = hits.cumsum(0)[last].tolist()
    return [stop - start for start, stop in pairwise([0, *running])]
